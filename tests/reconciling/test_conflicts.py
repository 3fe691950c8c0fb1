"""Which claims conflict, and what may explain it."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline.records import Citation, Context, Extraction
from tests.store.stories import AFFECTS, DECREASES, INCREASES, NO_CHANGE, Says, publish, rows, told

NO_INCREASE, NO_DECREASE = replace(INCREASES, negated=True), replace(DECREASES, negated=True)
OPPOSITE, DENIED, NULL = "opposite direction", "asserted against negated", "effect against null"


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The kind of conflict of each pair below, by its subject; all in one database."""
    db = tmp_path_factory.mktemp("kinds") / "c.duckdb"
    made = []
    for number, (one, other, _) in enumerate(PAIRS):
        subject = f"subject{number}"
        made.append(told(f"{number}/one", replace(one, subject=subject)))
        made.append(told(f"{number}/other", replace(other, subject=subject)))
    publish(db, *made)
    return dict(rows(db, "SELECT subject_id, kind FROM conflicts"))


PAIRS: list[tuple[Says, Says, str | None]] = [
    (INCREASES, DECREASES, OPPOSITE),
    (INCREASES, replace(DECREASES, hedged=True), OPPOSITE),
    (INCREASES, INCREASES, None),
    (INCREASES, AFFECTS, None),
    (INCREASES, NO_CHANGE, NULL),
    (DECREASES, NO_CHANGE, NULL),
    (AFFECTS, NO_CHANGE, NULL),
    (INCREASES, NO_INCREASE, DENIED),
    (DECREASES, NO_INCREASE, None),
    (AFFECTS, NO_INCREASE, None),
    (NO_CHANGE, NO_INCREASE, None),
    (NO_INCREASE, NO_DECREASE, None),
    (INCREASES, replace(DECREASES, object="memory"), None),
]


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_which_claims_conflict(kinds: dict[str, str], number: int) -> None:
    assert kinds.get(f"subject{number}") == PAIRS[number][2]


MOUSE, HUMAN = Context(species="mouse"), Context(species="human")


@pytest.fixture(scope="module")
def explanations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What explains each pair of opposite claims below, by its subject."""
    db = tmp_path_factory.mktemp("contexts") / "c.duckdb"
    made = []
    for number, (one, other, _) in enumerate(CONTEXTS):
        subject = f"subject{number}"
        made.append(told(f"{number}/one", replace(INCREASES, subject=subject, context=one)))
        made.append(told(f"{number}/other", replace(DECREASES, subject=subject, context=other)))
    publish(db, *made)
    return dict(rows(db, "SELECT subject_id, explained_by FROM conflicts"))


CONTEXTS: list[tuple[Context, Context, str]] = [
    (Context(), Context(), "nothing on record"),
    (MOUSE, MOUSE, "nothing on record"),
    (MOUSE, Context(), "nothing on record"),
    (MOUSE, HUMAN, "species"),
    (Context(population="older adults"), Context(population="young adults"), "population"),
    (Context(population="older adults"), Context(population="people with depression"), "nothing on record"),
    (MOUSE, Context(species="animal"), "nothing on record"),
    (Context(modality="aerobic"), Context(modality="resistance"), "modality"),
    (Context(duration="8 weeks"), Context(duration="1 day"), "duration"),
    (Context(duration="eight-week"), Context(duration="6 months"), "duration"),
    (Context(duration="8 weeks"), Context(duration="12 weeks"), "nothing on record"),
    (Context(duration="8 weeks"), Context(duration="56 days"), "nothing on record"),
    (Context(dose="10 mg/day"), Context(dose="50 mg/day"), "dose"),
    (Context(dose="10 mg/day"), Context(dose="12 mg/day"), "nothing on record"),
    (Context(dose="10 mg/day"), Context(dose="70% 1RM"), "nothing on record"),
    (Context(timing="acute"), Context(timing="chronic"), "timing"),
    (Context(tissue="hippocampus"), Context(tissue="circulation"), "tissue"),
    (Context(tissue="hippocampus"), Context(tissue="brain"), "nothing on record"),
    (Context(endpoint="level"), Context(endpoint="activity"), "endpoint"),
    (Context(endpoint="gene expression"), Context(endpoint="expression"), "nothing on record"),
    (Context(study_design="cohort study"), Context(study_design="randomized controlled trial"), "study_design"),
    (Context(study_design="review"), Context(study_design="cohort study"), "nothing on record"),
    (replace(MOUSE, dose="10 mg", duration="1 day"), replace(HUMAN, dose="50 mg"), "species, dose"),
]


@pytest.mark.parametrize("number", range(len(CONTEXTS)))
def test_what_may_explain_a_conflict(explanations: dict[str, str], number: int) -> None:
    assert explanations[f"subject{number}"] == CONTEXTS[number][2]


def test_a_conflict_names_both_claims_once(tmp_path: Path) -> None:
    one, other = told("a", INCREASES), told("b", DECREASES)
    publish(tmp_path / "c.duckdb", one, other)
    ((first, second, place, *sentences),) = rows(
        tmp_path / "c.duckdb", "SELECT claim_id_a, claim_id_b, place, sentence_a, sentence_b FROM conflicts"
    )
    assert (first, second) == (one.claims[0].claim_id, other.claims[0].claim_id)
    assert place == "between lineages"
    assert sentences == ["irisin increases bdnf.", "irisin decreases bdnf."]


def test_an_article_that_contradicts_itself_is_shown_as_such(tmp_path: Path) -> None:
    publish(tmp_path / "c.duckdb", told("a", INCREASES, DECREASES))
    assert rows(tmp_path / "c.duckdb", "SELECT kind, place FROM conflicts") == [(OPPOSITE, "within article")]


def test_copies_repeat_no_conflict(tmp_path: Path) -> None:
    copies = [told(f"copy {number}", INCREASES, DECREASES) for number in range(5)]
    others = [told(f"other {number}", DECREASES) for number in range(3)]
    lineages = {e.article.path: "lin_a" for e in copies} | {e.article.path: "lin_b" for e in others}
    publish(tmp_path / "c.duckdb", *copies, *others, lineages=lineages)
    found = rows(tmp_path / "c.duckdb", "SELECT place, count(*) FROM conflicts GROUP BY place ORDER BY place")
    assert found == [("between lineages", 1), ("within article", 1)]


@dataclass(frozen=True)
class Article:
    """Of a kind and lineage, with so many copies; it may name the first article of its story."""

    tier: str
    lineage: int
    says: tuple[Says, ...]
    copies: int
    names_first: bool


def of(tier: str, lineage: int, *says: Says, copies: int = 0, names_first: bool = False) -> Article:
    return Article(tier, lineage, says, copies, names_first)


MICE_UP, PEOPLE_UP = replace(INCREASES, context=MOUSE), replace(INCREASES, context=HUMAN)
PEOPLE_DOWN = replace(DECREASES, context=HUMAN)
STORIES: dict[str, tuple[list[Article], str]] = {
    "a copy of a text that speaks for a paper and against it": (
        [of("trial", 1, MICE_UP), of("blog", 2, PEOPLE_UP, PEOPLE_DOWN, copies=1, names_first=True)],
        "context-dependent",
    ),
    "more copies than claims are compared": (
        [of("trial", 1, MICE_UP, copies=200), of("blog", 2, PEOPLE_UP), of("trial", 3, PEOPLE_DOWN)],
        "contested",
    ),
    "two disagreements of one weight, one side copied": (
        [
            of("trial", 1, INCREASES, copies=9),
            of("trial", 1, DECREASES),
            of("blog", 2, INCREASES),
            of("blog", 2, DECREASES),
        ],
        "contested",
    ),
    "two disagreements of one weight, the other side copied": (
        [
            of("trial", 1, INCREASES),
            of("trial", 1, DECREASES, copies=9),
            of("blog", 2, INCREASES),
            of("blog", 2, DECREASES),
        ],
        "contested",
    ),
}


def story(subject: str, articles: list[Article], with_copies: bool) -> dict[Extraction, str]:
    """The articles as records, each with its lineage."""
    made = {}
    for number, article in enumerate(articles):
        for copy in range(1 + article.copies * with_copies):
            says = [replace(one, subject=subject) for one in article.says]
            written = told(f"{subject}/{number}/{copy}", *says, source_id=article.tier)
            work = f"doi:10.1/{subject}"
            named = replace(
                written.article,
                identifiers=(work,) if number == 0 else (),
                citations=(Citation(work, words="a study"),) if article.names_first else (),
            )
            made[replace(written, article=named)] = f"lin_{subject}_{article.lineage}"
    return made


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of all stories, told without and with the copies."""
    db = tmp_path_factory.mktemp("copies") / "c.duckdb"
    lineages: dict[Extraction, str] = {}
    for number, (articles, _) in enumerate(STORIES.values()):
        lineages |= story(f"told{number}", articles, with_copies=False)
        lineages |= story(f"copied{number}", articles, with_copies=True)
    publish(db, *lineages, lineages={made.article.path: lineage for made, lineage in lineages.items()})
    return db


@pytest.mark.parametrize("name", STORIES)
def test_a_copy_changes_neither_verdict_nor_conflicts(copied: Path, name: str) -> None:
    number = list(STORIES).index(name)
    (judged,), (judged_with_copies,) = (
        rows(copied, f"SELECT verdict, explained_by FROM consensus WHERE subject_id = '{subject}{number}'")
        for subject in ("told", "copied")
    )
    assert judged_with_copies == judged
    assert judged[0] == STORIES[name][1]
    ways, ways_with_copies = (
        rows(
            copied,
            "SELECT place, explained_by, lineages_a, lineages_b, weight_a, weight_b FROM conflicts "
            f"WHERE subject_id = '{subject}{number}' ORDER BY ALL",
        )
        for subject in ("told", "copied")
    )
    assert ways_with_copies == ways


def test_two_articles_of_one_lineage_do_not_conflict(tmp_path: Path) -> None:
    publish(tmp_path / "c.duckdb", told("a", INCREASES), told("b", DECREASES), lineages={"a": "lin_x", "b": "lin_x"})
    assert rows(tmp_path / "c.duckdb", "SELECT * FROM conflicts") == []


def test_the_same_thing_in_two_contexts_stays_two_claims(tmp_path: Path) -> None:
    publish(
        tmp_path / "c.duckdb",
        told("a", replace(INCREASES, context=MOUSE), replace(INCREASES, context=HUMAN)),
        told("b", replace(DECREASES, context=HUMAN)),
    )
    found = rows(tmp_path / "c.duckdb", "SELECT explained_by FROM conflicts ORDER BY explained_by")
    assert found == [("nothing on record",), ("species",)]
