"""What holds of verdicts whatever the articles say: small worlds of random articles, many in one database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.reconciling import renew_verdicts
from pipeline.records import Citation, Concept, Context, Extraction
from pipeline.store import Build, connect
from pipeline.store.build import RunRow
from pipeline.store.tables import Tables
from tests.store.stories import MOMENT, Says, sources, told

# Every world has concepts of its own; the first subject takes in the second, and the first object the second.
SUBJECTS, OBJECTS = ("class", "member"), ("whole", "part")
TIERS = ("trial", "review", "abstract", "glossary", "blog", "press", "unknown")
DERIVED = ("voices", "disagreements", "verdicts", "rollups", "claim_history", "verdict_history")
# A database each: what fails is not made smaller, since worlds are small already.
FEW = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@dataclass(frozen=True)
class Page:
    """An article of a world: it says things, and names the works of its world with the numbers in `names`.

    Each is the work of its place in the world, but for a copy, which is that of another.
    """

    tier: str
    lineage: int
    says: tuple[Says, ...]
    confidence: float = 0.9
    has_triple: bool = False
    names: frozenset[int] = frozenset()
    work: int | None = None


World = tuple[Page, ...]

SAYINGS = st.builds(
    Says,
    effect=st.sampled_from(["increases", "decreases", "affects"]),
    negated=st.sampled_from([False, False, False, True]),
    hedged=st.booleans(),
    subject=st.sampled_from(SUBJECTS),
    object=st.sampled_from(OBJECTS),
    context=st.builds(
        Context,
        species=st.sampled_from(["", "", "human", "mouse", "animal"]),
        population=st.sampled_from(["", "", "older adults", "athletes"]),
        dose=st.sampled_from(["", "", "10 mg", "50 mg"]),
        duration=st.sampled_from(["", "", "8 weeks", "1 day"]),
        study_design=st.sampled_from(["", "", "review", "cohort study", "meta-analysis"]),
    ),
)
PAGES = st.builds(
    Page,
    tier=st.sampled_from(TIERS),
    lineage=st.integers(0, 4),
    says=st.lists(SAYINGS, min_size=1, max_size=4).map(tuple),
    confidence=st.sampled_from([0.1, 0.35, 0.7, 0.9, 0.999]),
    has_triple=st.booleans(),
    names=st.sampled_from([(), (), (0,), (0, 1)]).map(frozenset),
)
WORLDS = st.lists(st.lists(PAGES, min_size=1, max_size=6).map(tuple), min_size=8, max_size=8)


# A world as records


@dataclass
class Written:
    """Articles, and the lineage of each by path."""

    pages: list[Extraction] = field(default_factory=list)
    lineages: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, world: World) -> None:
        """The articles of a world, whose concepts, lineages and paths bear its name."""
        for number, page in enumerate(world):
            path = f"{name}/{number}"
            self.pages.append(written(name, path, page, number))
            self.lineages[path] = f"lin_{name}_{page.lineage}"


def written(name: str, path: str, page: Page, number: int) -> Extraction:
    work = number if page.work is None else page.work
    says = [replace(one, subject=f"{name}:{one.subject}", object=f"{name}:{one.object}") for one in page.says]
    opening = f"This is {path} in a {page.tier}."
    made = told(path, *says, source_id=page.tier, triple=page.has_triple, opening=opening)
    return replace(
        made,
        article=replace(
            made.article,
            identifiers=(f"doi:10.1/{name}/{work}",),
            # nothing goes back to itself
            citations=tuple(Citation(f"doi:10.1/{name}/{n}", words="a study") for n in sorted(page.names - {work})),
        ),
        claims=tuple(replace(claim, confidence=page.confidence) for claim in made.claims),
        triples=tuple(replace(t, myokine_id=f"{name}:class", outcome_id=f"{name}:whole") for t in made.triples),
    )


def concepts(names: Iterable[str]) -> list[Concept]:
    return [
        Concept(f"{name}:{own}", role, "", own, broader_id=f"{name}:{broader}" if broader else "")
        for name in names
        for role, own, broader in (
            ("exerkine", "class", ""),
            ("exerkine", "member", "class"),
            ("outcome", "whole", ""),
            ("outcome", "part", "whole"),
        )
    ]


def names_of(written: Written) -> list[str]:
    return sorted({path.partition("/")[0] for path in written.lineages})


def run(db: Path, written: Written, batches: Iterable[Sequence[Extraction]] | None = None, day: int = 0) -> None:
    """One run over the articles, `day` days after the first."""
    with Build(db, "key") as build:
        build.add_sources(sources(*written.pages))
        build.add_concepts(concepts(names_of(written)), ())
        for batch in batches or [written.pages]:
            build.add(batch)
        build.set_lineages({e.article.document_id: written.lineages[e.article.path] for e in written.pages})
        renew_verdicts(build)
        moment = MOMENT + timedelta(days=day)
        build.finish(RunRow(moment, moment))
        build.publish()


@contextmanager
def published(**worlds: World) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of the worlds, by name."""
    made = Written()
    for name, world in worlds.items():
        made.add(name, world)
    with TemporaryDirectory() as folder:
        run(Path(folder) / "c.duckdb", made)
        with connect(Path(folder) / "c.duckdb") as connection:
            yield connection


def named(worlds: Sequence[World], kind: str = "world") -> dict[str, World]:
    return {f"{kind}{number}": world for number, world in enumerate(worlds)}


def tables(db: Path, order: str = "ORDER BY ALL") -> dict[str, list[tuple[Any, ...]]]:
    with connect(db) as connection:
        return {table: connection.execute(f"FROM {table} {order}").fetchall() for table in DERIVED}


def dictionaries(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def verdicts(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """Verdicts by world, kind, subject and object."""
    found = {}
    for row in dictionaries(connection, "FROM verdicts"):
        world, _, subject = row.pop("subject_id").partition(":")
        found[world, row["kind"], subject, row.pop("object_id").partition(":")[2]] = row
    return found


# Order, batches, repeats


@FEW
@given(worlds=WORLDS, data=st.data())
def test_order_and_batches_make_no_difference(worlds: list[World], data: st.DataObject) -> None:
    made = Written()
    for name, world in named(worlds).items():
        made.add(name, world)
    shuffled = data.draw(st.permutations(made.pages))
    cut = data.draw(st.integers(0, len(shuffled)))
    with TemporaryDirectory() as folder:
        one, other = Path(folder) / "one.duckdb", Path(folder) / "other.duckdb"
        run(one, made)
        run(other, made, [shuffled[:cut], shuffled[cut:]])
        assert tables(other) == tables(one)


@FEW
@given(worlds=WORLDS)
def test_renewing_again_changes_nothing(worlds: list[World]) -> None:
    made = Written()
    for name, world in named(worlds).items():
        made.add(name, world)
    with TemporaryDirectory() as folder:
        db = Path(folder) / "c.duckdb"
        run(db, made)
        before = tables(db, order="")
        with Build(db, "key") as build:
            renew_verdicts(build)
            renew_verdicts(build)
            build.finish(RunRow(MOMENT, MOMENT))
            build.publish()
        assert tables(db, order="") == before


# What a further article may change

COUNTED_ALIKE = (
    "mechanism_id", "verdict", "direction", "explained_by", "support", "opposition", "conflict", "lineages",
    "increases", "decreases", "affects", "null_results", "hedged", "mechanism_increases", "mechanism_decreases",
)  # fmt: skip


@FEW
@given(worlds=WORLDS, data=st.data())
def test_a_copy_adds_nothing_but_articles_and_statements(worlds: list[World], data: st.DataObject) -> None:
    made = named(worlds)
    for number, world in enumerate(worlds):
        copied = data.draw(st.integers(0, len(world) - 1))
        made[f"copied{number}"] = (*world, replace(world[copied], work=copied))
    with published(**made) as connection:
        found = verdicts(connection)
        ways = connection.execute(
            "SELECT subject_id, object_id, kind, place, verdict, lineages_a, lineages_b, weight_a, weight_b "
            "FROM disagreements ORDER BY ALL"
        ).fetchall()
    for (name, *question), verdict in found.items():
        if name.startswith("world"):
            kind, subject, object_ = question
            with_copy = found[name.replace("world", "copied"), kind, subject, object_]
            assert [with_copy[column] for column in COUNTED_ALIKE] == [verdict[column] for column in COUNTED_ALIKE]
            assert with_copy["statements"] >= verdict["statements"]
    parted = [way for way in ways if way[0].startswith("world")]
    assert [
        (*(part.replace("copied", "world") for part in way[:2]), *way[2:]) for way in ways if way not in parted
    ] == (parted)


def test_names_of_lineages_decide_nothing() -> None:
    # a copy may give a lineage another name, since it is called after the smallest id in it
    up = Says("increases", subject="class", object="whole")
    light, heavier = (replace(up, hedged=True, context=Context(species=species)) for species in ("mouse", "human"))
    blog = Page("blog", 3, (up,), names=frozenset({0, 1}))
    with published(
        one=(Page("trial", 1, (light,)), Page("trial", 2, (heavier,)), blog),
        other=(Page("trial", 2, (light,)), Page("trial", 1, (heavier,)), blog),
    ) as connection:
        found = connection.execute("SELECT support, lineages FROM verdicts WHERE kind = 'pair'").fetchall()
    # the blog is the weightiest statement of the first of the two that it names
    assert found == [(0.9, 2)] * 2


OPPOSITE = {"increases": ("decreases", False), "decreases": ("increases", False)}


@FEW
@given(
    worlds=WORLDS,
    tier=st.sampled_from(TIERS),
    hedged=st.booleans(),
    opposes_by_null=st.booleans(),
    context=st.sampled_from([Context(), Context(species="mouse"), Context(study_design="meta-analysis")]),
)
def test_another_voice_never_lowers_the_side_it_takes(
    worlds: list[World], tier: str, hedged: bool, opposes_by_null: bool, context: Context
) -> None:
    with published(**named(worlds)) as connection:
        before = verdicts(connection)
    made: dict[str, World] = {}
    for (world, kind, subject, object_), verdict in before.items():
        pages = worlds[int(world.removeprefix("world"))]
        direction = verdict["direction"]
        if (kind, subject, object_) == ("pair", "class", "whole"):
            effect, negated = ("affects", True) if opposes_by_null else OPPOSITE.get(direction, ("affects", True))
            against = Says(effect, negated, hedged, subject, object_, context)
            # a work that no other names
            made[world.replace("world", "against")] = (*pages, Page(tier, 9, (against,), work=9))
            leads = direction if direction in ("increases", "decreases", "affects") else "increases"
            supporting = Says(leads, False, hedged, subject, object_, context)
            made[world.replace("world", "for")] = (*pages, Page(tier, 9, (supporting,), work=9))
    if not made:
        return
    with published(**made) as connection:
        after = verdicts(connection)
    for world in {world for world, *_ in before}:
        question = ("pair", "class", "whole")
        if (world, *question) not in before:
            continue
        verdict = before[(world, *question)]
        against_it = after[(world.replace("world", "against"), *question)]
        for_it = after[(world.replace("world", "for"), *question)]
        assert against_it["opposition"] >= verdict["opposition"]
        if verdict["direction"] != "none":
            assert for_it["support"] >= verdict["support"]
        assert against_it["lineages"] == for_it["lineages"] == verdict["lineages"] + 1


# What the numbers are made of


@FEW
@given(worlds=WORLDS)
def test_voices_are_the_weightiest_statements_of_lineages(worlds: list[World]) -> None:
    with published(**named(worlds)) as connection:
        voices = dictionaries(connection, "FROM voices")
        statements = dictionaries(connection, "FROM statements")
        weights = dict(connection.execute("SELECT tier, weight FROM tier_weights").fetchall())
    said = defaultdict(list)
    for statement in statements:
        names = ("kind", "subject_id", "mechanism_id", "object_id", "lineage_id", "says")
        said[tuple(statement[name] for name in names)].append(statement)
    assert len(voices) == len(said)
    for voice in voices:
        names = ("kind", "subject_id", "mechanism_id", "object_id", "lineage_id", "says")
        same = said[tuple(voice[name] for name in names)]
        factors = [voice[f"{name}_weight"] for name in ("tier", "design", "species", "hedge", "status")]
        product = Decimal(1)
        for factor in factors:
            product *= factor
        assert voice["weight"] == product == max(statement["weight"] for statement in same)
        (best,) = (statement for statement in same if statement["statement_id"] == voice["statement_id"])
        assert best["weight"] == voice["weight"]
        assert weights[best["tier"]] == best["tier_weight"] == voice["tier_weight"]
        assert voice["statements"] == len(same)
        assert voice["documents"] == len({statement["document_id"] for statement in same})
        assert voice["only_hedged"] == all(statement["hedged"] for statement in same)


@FEW
@given(worlds=WORLDS)
def test_a_verdict_adds_up_its_statements(worlds: list[World]) -> None:
    with published(**named(worlds)) as connection:
        found = dictionaries(connection, "FROM verdicts")
        statements = dictionaries(connection, "FROM statements")
        voices = dictionaries(connection, "FROM voices")
    question = ("kind", "subject_id", "mechanism_id", "object_id")
    for verdict in found:
        mine = [s for s in statements if all(s[name] == verdict[name] for name in question)]
        heard = [v for v in voices if all(v[name] == verdict[name] for name in question)]
        for says, name, articles in (
            ("increases", "increases", "increase"),
            ("decreases", "decreases", "decrease"),
            ("affects", "affects", "affect"),
            ("no effect", "null_results", "null"),
        ):
            saying = [s for s in mine if s["says"] == says]
            assert verdict[name] == len({s["lineage_id"] for s in saying})
            assert verdict[f"articles_{articles}"] == len({s["document_id"] for s in saying})
            assert verdict[f"statements_{articles}"] == len(saying)
        assert verdict["statements"] == len(mine)
        assert verdict["documents"] == len({s["document_id"] for s in mine})
        assert verdict["sources"] == len({s["source_id"] for s in mine})
        flat = {s["lineage_id"] for s in mine if not s["hedged"]}
        assert verdict["lineages"] == len({s["lineage_id"] for s in mine})
        assert verdict["hedged"] == verdict["lineages"] - len(flat)
        for effect in ("increases", "decreases"):
            through = {s["lineage_id"] for s in mine if s["mechanism_effect"] == effect}
            assert verdict[f"mechanism_{effect}"] == len(through)
        assert verdict["confidence"] == pytest.approx(sum(s["confidence"] for s in mine) / len(mine), abs=1e-4)
        weighed = {says: sum(v["weight"] for v in heard if v["says"] == says) for says in ("increases", "decreases")}
        null = sum(v["weight"] for v in heard if v["says"] == "no effect")
        assert Decimal(str(verdict["opposition"])) == min(weighed.values()) + null
        if any(weighed.values()):
            assert Decimal(str(verdict["support"])) == max(weighed.values())


ABOVE = {"class": ("class",), "member": ("member", "class"), "whole": ("whole",), "part": ("part", "whole")}


@FEW
@given(worlds=WORLDS)
def test_what_is_said_of_members_rolls_up_to_the_class(worlds: list[World]) -> None:
    with published(**named(worlds)) as connection:
        voices = dictionaries(connection, "FROM voices WHERE kind = 'pair'")
        pairs = dictionaries(connection, "FROM verdicts WHERE kind = 'pair'")
        rolled = {(r["subject_id"], r["object_id"]): r for r in dictionaries(connection, "FROM rollups")}
    own = {(verdict["subject_id"], verdict["object_id"]): verdict for verdict in pairs}
    heard = defaultdict(list)
    for voice in voices:
        world, _, subject = voice["subject_id"].partition(":")
        for above_subject in ABOVE[subject]:
            for above_object in ABOVE[voice["object_id"].partition(":")[2]]:
                heard[f"{world}:{above_subject}", f"{world}:{above_object}"].append(voice)
    refined = {pair: {(v["subject_id"], v["object_id"]) for v in heard[pair]} - {pair} for pair in heard}
    assert rolled.keys() == {pair for pair in heard if refined[pair]}
    for pair, row in rolled.items():
        assert row["refined_by"] == ", ".join(sorted(f"{subject} → {object_}" for subject, object_ in refined[pair]))
        assert row["rolled_lineages"] == len({v["lineage_id"] for v in heard[pair]})
        for says, name in (
            ("increases", "increases"),
            ("decreases", "decreases"),
            ("affects", "affects"),
            ("no effect", "null_results"),
        ):
            of_pair = {v["lineage_id"] for v in heard[pair] if v["says"] == says}
            assert row[f"rolled_{name}"] == len(of_pair) >= row[f"own_{name}"]
        assert row["rolled_lineages"] >= row["own_lineages"]
        assert row["rolled_opposition"] >= row["own_opposition"]
        # "affects" supports nothing any more where a member has a direction
        if row["own_increases"] + row["own_decreases"] or not row["rolled_increases"] + row["rolled_decreases"]:
            assert row["rolled_support"] >= row["own_support"]
        assert row["own_verdict"] == (own[pair]["verdict"] if pair in own else "nothing of its own")


def at_odds(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """`one` asserts or says increases, `other` denies it or says decreases."""
    if one["negated"]:
        return False
    if other["negated"]:
        return other["effect"] in (one["effect"], "affects")
    return (one["effect"], other["effect"]) == ("increases", "decreases")


@FEW
@given(worlds=WORLDS)
def test_disagreements_are_all_there_and_real(worlds: list[World]) -> None:
    with published(**named(worlds)) as connection:
        found = dictionaries(connection, "FROM disagreements")
        claims = dictionaries(
            connection,
            "SELECT c.*, s.lineage_id AS voice, d.lineage_id FROM curated_claims c "
            "JOIN statements s ON s.statement_id = c.claim_id JOIN documents d ON d.document_id = c.document_id",
        )
        shown = connection.execute("SELECT count(*) FROM conflicts").fetchall()
    by_id = {claim["claim_id"]: claim for claim in claims}
    expected = defaultdict(set)
    for one in claims:
        for other in claims:
            is_one_pair = (one["subject_id"], one["object_id"]) == (other["subject_id"], other["object_id"])
            if is_one_pair and at_odds(one, other):
                if one["document_id"] == other["document_id"]:
                    expected["within article"].add((one["subject_id"], one["object_id"]))
                elif one["voice"] != other["voice"] and one["lineage_id"] != other["lineage_id"]:
                    expected["between lineages"].add((one["subject_id"], one["object_id"]))
    listed = defaultdict(set)
    for row in found:
        one, other = by_id[row["claim_id_a"]], by_id[row["claim_id_b"]]
        pair = (row["subject_id"], row["object_id"])
        assert pair == (one["subject_id"], one["object_id"]) == (other["subject_id"], other["object_id"])
        assert at_odds(one, other)
        if row["place"] == "within article":
            assert one["document_id"] == other["document_id"]
        else:
            assert one["voice"] != other["voice"] and one["lineage_id"] != other["lineage_id"]
        assert row["lineages_a"] >= 1 <= row["lineages_b"]
        listed[row["place"]].add(pair)
    assert listed == expected
    assert sorted(row["rank"] for row in found) == list(range(1, len(found) + 1))
    assert shown == [(len(found),)]


@pytest.mark.parametrize(
    ("one", "other", "explained_by"),
    [
        (Context(study_design="meta-analysis"), Context(study_design="review"), "nothing on record"),
        (Context(study_design="review"), Context(study_design="meta-analysis"), "nothing on record"),
        (Context(dose="0 mg"), Context(dose="0.0 mg"), "nothing on record"),
        (Context(dose="0 mg"), Context(dose="10 mg"), "dose"),
    ],
)
def test_what_takes_in_another_at_any_remove_explains_nothing(one: Context, other: Context, explained_by: str) -> None:
    up = Says("increases", subject="class", object="whole", context=one)
    down = Says("decreases", subject="class", object="whole", context=other)
    with published(world=(Page("trial", 1, (up,)), Page("trial", 2, (down,)))) as connection:
        assert connection.execute("SELECT explained_by FROM disagreements").fetchall() == [(explained_by,)]


def test_of_what_an_article_repeats_the_weightiest_stands_in_a_disagreement() -> None:
    flat = Says("increases", subject="class", object="whole")
    made = Written()
    made.add(
        "world",
        (Page("trial", 1, (replace(flat, hedged=True), flat)), Page("trial", 2, (replace(flat, effect="decreases"),))),
    )
    hedged, plain = made.pages[0].claims
    made.pages[0] = replace(made.pages[0], claims=(replace(hedged, confidence=0.99), plain))
    with TemporaryDirectory() as folder:
        run(Path(folder) / "c.duckdb", made)
        with connect(Path(folder) / "c.duckdb") as connection:
            found = connection.execute("SELECT claim_id_a, weight_a FROM disagreements").fetchall()
    assert found == [(plain.claim_id, 1.0)]


# History

SHARED = "kind, subject_id, mechanism_id, object_id, verdict, direction, explained_by, support, opposition, conflict, "
SHARED += "lineages, increases, decreases, affects, null_results"


@FEW
@given(first=WORLDS, then=WORLDS, data=st.data())
def test_history_ends_in_what_holds_now_and_tells_what_held(
    first: list[World], then: list[World], data: st.DataObject
) -> None:
    of_pair = SHARED.removeprefix("kind, ").replace("mechanism_id, ", "")
    held: list[list[tuple[Any, ...]]] = []
    with TemporaryDirectory() as folder:
        db = Path(folder) / "c.duckdb"
        # articles at the same places say other things later, or are of another lineage
        for day, worlds in enumerate((first, then, first)):
            made = Written()
            for name, world in named(worlds).items():
                made.add(name, world)
            joined = data.draw(st.sets(st.sampled_from(sorted(made.lineages)))) if day else ()
            made.lineages |= dict.fromkeys(joined, "lin_of_one")
            run(db, made, day=day)
            with connect(db) as connection:
                check_open_rows(connection)
                held.append(connection.execute(f"SELECT {of_pair} FROM consensus ORDER BY ALL").fetchall())
                for earlier, then_held in enumerate(held):
                    moment = MOMENT + timedelta(days=earlier)
                    for given_as in (f"{moment:%Y-%m-%d}", f"{moment:%Y-%m-%d %H:%M:%S}"):
                        as_of = f"SELECT {of_pair} FROM consensus_as_of('{given_as}') ORDER BY ALL"
                        assert connection.execute(as_of).fetchall() == then_held


def check_open_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """What has come and not gone is what counts now, and whatever came or went has a reason."""
    open_verdicts = f"SELECT {SHARED} FROM verdict_history WHERE to_run IS NULL ORDER BY ALL"
    current = connection.execute(f"SELECT {SHARED} FROM verdicts ORDER BY ALL").fetchall()
    assert connection.execute(open_verdicts).fetchall() == current
    columns = "subject_id, object_id, weight::DOUBLE, lineage_id, document_id"
    counting = connection.execute(
        f"SELECT statement_id, {columns} FROM statements WHERE kind = 'pair' AND weight > 0 ORDER BY ALL"
    ).fetchall()
    open_claims = f"SELECT claim_id, {columns} FROM claim_history WHERE to_run IS NULL ORDER BY ALL"
    assert connection.execute(open_claims).fetchall() == counting
    wrong = "came_because = '' OR (to_run IS NULL) <> (went_because = '') OR to_run <= from_run"
    assert connection.execute(f"FROM claim_history WHERE {wrong}").fetchall() == []


# The writer


def test_a_table_of_many_rows_is_renewed_whole(tmp_path: Path) -> None:
    with Tables.opened(tmp_path / "c.duckdb", tmp_path / "spill") as opened:
        opened.run("SET threads = 2")
        opened.run("CREATE TABLE numbers (number BIGINT NOT NULL, word VARCHAR NOT NULL)")
        query = "SELECT range AS number, 'number ' || range AS word FROM range({}) GROUP BY ALL"
        for count in (300_000, 300_000, 299_999):
            opened.renew("numbers", query.format(count))
            assert opened.rows("SELECT count(*), count(DISTINCT word), max(number) FROM numbers") == [
                (count, count, count - 1)
            ]
        opened.renew("numbers", query.format(3) + " UNION ALL FROM range(2, 3) SELECT range, 'another'")
        assert len(opened.rows("FROM numbers")) == 4
        opened.renew("numbers", query.format(4))
        assert opened.rows("FROM numbers") == [(number, f"number {number}") for number in range(4)]
