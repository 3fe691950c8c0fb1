"""Verdicts, a story each: who says what of irisin and BDNF, and what follows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipeline.records import Extraction
from pipeline.store import connect
from tests.store.stories import AFFECTS, DECREASES, INCREASES, NO_CHANGE, Says, publish, rows, told

MAY_INCREASE = replace(INCREASES, hedged=True)
MAY_DECREASE = replace(DECREASES, hedged=True)
NO_INCREASE = replace(INCREASES, negated=True)


@dataclass(frozen=True)
class Voice:
    """An article of a kind (`tier`) that says things; articles of one `lineage` are copies of each other."""

    tier: str
    says: tuple[Says, ...]
    lineage: str = ""


def a(tier: str, *says: Says, copy_of: str = "") -> Voice:
    return Voice(tier, says, copy_of)


STORIES: dict[str, tuple[list[Voice], dict[str, Any]]] = {
    "two independent trials agree": (
        [a("trial", INCREASES), a("trial", INCREASES)],
        {"verdict": "consensus", "direction": "increases", "support": 2.0, "opposition": 0.0, "conflict": 0.0},
    ),
    "two agree that it goes down": (
        [a("trial", DECREASES), a("review", DECREASES)],
        {"verdict": "consensus", "direction": "decreases", "support": 1.9, "increases": 0, "decreases": 2},
    ),
    "one article alone": (
        [a("trial", INCREASES)],
        {"verdict": "single lineage", "direction": "increases", "lineages": 1, "support": 1.0},
    ),
    "an article and its copy are one voice": (
        [a("blog", INCREASES, copy_of="x"), a("press", INCREASES, copy_of="x")],
        {"verdict": "single lineage", "documents": 2, "sources": 2, "lineages": 1, "increases": 1, "support": 0.4},
    ),
    "a copy that is a trial lends its lineage its weight": (
        [a("blog", INCREASES, copy_of="x"), a("trial", INCREASES, copy_of="x"), a("trial", INCREASES)],
        {"verdict": "consensus", "documents": 3, "lineages": 2, "support": 2.0},
    ),
    "an article that repeats itself counts once": (
        [a("trial", INCREASES, replace(INCREASES, sentence="Again, irisin raises it.")), a("trial", DECREASES)],
        {"verdict": "contested", "claims": 3, "increases": 1, "decreases": 1, "support": 1.0, "opposition": 1.0},
    ),
    "both sides weigh the same": (
        [a("trial", INCREASES), a("trial", DECREASES)],
        {"verdict": "contested", "direction": "increases and decreases", "conflict": 1.0},
    ),
    "a trial against a blog": (
        [a("trial", INCREASES), a("trial", INCREASES), a("blog", DECREASES)],
        {"verdict": "contested", "direction": "increases", "support": 2.0, "opposition": 0.4, "conflict": 0.3333},
    ),
    "a hedged blog does not upset three trials": (
        [a("trial", INCREASES), a("trial", INCREASES), a("trial", INCREASES), a("blog", MAY_DECREASE)],
        {"verdict": "consensus", "support": 3.0, "opposition": 0.2, "conflict": 0.125, "hedged": 1},
    ),
    "nobody finds anything": (
        [a("trial", NO_CHANGE), a("trial", NO_INCREASE)],
        {"verdict": "no effect", "direction": "none", "support": 0.0, "opposition": 2.0, "null_results": 2},
    ),
    "one null result alone": (
        [a("trial", NO_CHANGE)],
        {"verdict": "single lineage", "direction": "none", "null_results": 1, "opposition": 1.0, "conflict": 0.0},
    ),
    "null results outweigh one who found something": (
        [a("trial", NO_CHANGE), a("trial", NO_CHANGE), a("trial", INCREASES)],
        {"verdict": "contested", "direction": "none", "support": 1.0, "opposition": 2.0, "conflict": 0.6667},
    ),
    "null results against a hedged hint": (
        [a("trial", NO_CHANGE), a("trial", NO_CHANGE), a("press", MAY_INCREASE)],
        {"verdict": "no effect", "direction": "none", "support": 0.15, "opposition": 2.0},
    ),
    "the other direction and a null result both oppose": (
        [a("trial", INCREASES), a("trial", INCREASES), a("notes", DECREASES), a("notes", NO_CHANGE)],
        {"verdict": "contested", "support": 2.0, "opposition": 1.0, "conflict": 0.6667},
    ),
    "linked, but nobody says which way": (
        [a("review", AFFECTS), a("blog", AFFECTS)],
        {"verdict": "direction unknown", "direction": "affects", "support": 1.3, "affects": 2},
    ),
    "affects supports no direction": (
        [a("trial", INCREASES), a("trial", INCREASES), a("trial", AFFECTS)],
        {"verdict": "consensus", "support": 2.0, "opposition": 0.0, "affects": 1, "lineages": 3},
    ),
    "a direction from one voice and a link from another": (
        [a("trial", INCREASES), a("trial", AFFECTS)],
        {"verdict": "single lineage", "direction": "increases", "lineages": 2, "support": 1.0},
    ),
    "linked by one, denied by another": (
        [a("trial", AFFECTS), a("trial", NO_CHANGE)],
        {"verdict": "contested", "direction": "affects", "conflict": 1.0},
    ),
    "hedged throughout": (
        [a("trial", MAY_INCREASE), a("trial", MAY_INCREASE)],
        {"verdict": "consensus", "support": 1.0, "hedged": 2},
    ),
    "said flatly once is not hedged": (
        [a("trial", INCREASES, replace(MAY_INCREASE, sentence="It may also rise.")), a("trial", INCREASES)],
        {"support": 2.0, "hedged": 0},
    ),
    "one article that says both": (
        [a("review", INCREASES, DECREASES)],
        {"verdict": "single lineage", "conflict": 1.0, "increases": 1, "decreases": 1, "lineages": 1},
    ),
    "a kind of text that is not in the table counts as unknown": (
        [a("podcast", INCREASES), a("unknown", INCREASES)],
        {"verdict": "consensus", "support": 0.6},
    ),
}


def articles(number: int, voices: Iterable[Voice]) -> tuple[list[Extraction], dict[str, str]]:
    """The articles of a story, which speaks of concepts of its own, and the lineage of each by path."""
    made, lineages = [], {}
    for position, voice in enumerate(voices):
        path = f"{number}/{position}"
        says = [replace(one, subject=f"subject{number}", object=f"object{number}") for one in voice.says]
        made.append(told(path, *says, source_id=voice.tier))
        lineages[path] = f"lin_{number}_{voice.lineage or position}"
    return made, lineages


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The consensus row of each subject, all stories in one database."""
    db = tmp_path_factory.mktemp("stories") / "c.duckdb"
    made: list[Extraction] = []
    lineages: dict[str, str] = {}
    for number, (voices, _) in enumerate(STORIES.values()):
        more, their_lineages = articles(number, voices)
        made += more
        lineages |= their_lineages
    publish(db, *made, lineages=lineages)
    with connect(db) as connection:
        result = connection.execute("SELECT * FROM consensus")
        names = [column[0] for column in result.description]
        found = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return {row["subject_id"]: row for row in found}


@pytest.mark.parametrize("story", STORIES)
def test_the_verdict_of_a_story(verdicts: dict[str, dict[str, Any]], story: str) -> None:
    verdict = verdicts[f"subject{list(STORIES).index(story)}"]
    expected = STORIES[story][1]
    assert {name: verdict[name] for name in expected} == expected


def test_a_triple_has_a_verdict_on_its_outcome(tmp_path: Path) -> None:
    made = [
        told("1", INCREASES, source_id="trial", triple=True),
        told("2", INCREASES, source_id="review", triple=True),
        told("3", replace(INCREASES, negated=True), source_id="press", triple=True),
    ]
    publish(tmp_path / "c.duckdb", *made)
    query = """
        SELECT myokine, mechanism, outcome, verdict, direction, support, opposition, triples, lineages,
            increases, null_results, mechanism_increases
        FROM triple_consensus
    """
    assert rows(tmp_path / "c.duckdb", query) == [
        ("irisin", "neurogenesis", "memory", "contested", "increases", 1.9, 0.3, 3, 3, 2, 1, 3)
    ]


def test_the_parts_of_a_triple_do_not_count_as_a_pair(tmp_path: Path) -> None:
    publish(tmp_path / "c.duckdb", told("1", INCREASES, triple=True))
    assert rows(tmp_path / "c.duckdb", "SELECT subject_id, object_id FROM consensus") == [("irisin", "bdnf")]


def random_story(random: Random) -> list[Voice]:
    sayings = [INCREASES, DECREASES, MAY_INCREASE, NO_CHANGE, AFFECTS]
    return [
        a(
            random.choice(["trial", "blog", "press"]),
            *random.sample(sayings, random.randint(1, 2)),
            copy_of=random.choice(["", "x", "y"]),
        )
        for _ in range(random.randint(1, 6))
    ]


@pytest.mark.parametrize("seed", range(2))
def test_verdicts_do_not_depend_on_order_and_a_copy_adds_only_a_document(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    made: list[Extraction] = []
    copies: list[Extraction] = []
    lineages: dict[str, str] = {}
    for number in range(40):
        story = random_story(random)
        more, theirs = articles(number, story)
        made += more
        lineages |= theirs
        says = [replace(one, subject=f"subject{number}", object=f"object{number}") for one in story[0].says]
        copies.append(told(f"copy {number}", *says, source_id=story[0].tier))
        lineages[f"copy {number}"] = theirs[more[0].article.path]
    publish(tmp_path / "plain.duckdb", *made, lineages={e.article.path: lineages[e.article.path] for e in made})
    shuffled = made + copies
    random.shuffle(shuffled)
    publish(tmp_path / "shuffled.duckdb", *shuffled, lineages=lineages)
    counts = "lambda name: NOT regexp_matches(name, '^(documents$|articles|claims)')"
    query = f"SELECT COLUMNS({counts}) FROM consensus ORDER BY subject_id"
    verdicts = rows(tmp_path / "plain.duckdb", query)
    assert len(verdicts) == 40
    assert rows(tmp_path / "shuffled.duckdb", query) == verdicts
