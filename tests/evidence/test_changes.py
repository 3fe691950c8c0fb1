"""What changed between two runs: a story of five nights, told by `diff` and by the consensus of each day."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.evidence.changes import changes, run_ordinal
from pipeline.records import Extraction
from pipeline.store import UnknownIdError, connect
from tests.store.stories import DECREASES, INCREASES, NO_CHANGE, publish, rows, told

TRIAL, BLOG = told("trial.md", INCREASES, source_id="trial"), told("blog.md", DECREASES)


def night(day: int) -> datetime:
    return datetime(2026, 3, day, 2, 0, tzinfo=UTC)


def retracted(extraction: Extraction) -> Extraction:
    """The same text, now marked as retracted by its publisher."""
    return replace(extraction, article=replace(extraction.article, notice="retracted", sha256="with a notice"))


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nights") / "c.duckdb"
    publish(path, TRIAL, finished=night(1))
    publish(path, BLOG, finished=night(2))
    publish(path, told("blog.md", NO_CHANGE, opening="A new version."), finished=night(3))
    corrected = replace(TRIAL.claims[0], hedged=True)
    publish(path, replace(TRIAL, claims=(corrected,)), pipeline_key="key 2", finished=night(4))
    publish(path, retracted(TRIAL), pipeline_key="key 2", finished=night(5))
    return path


def told_between(db: Path, one: str, other: str) -> str:
    with connect(db) as connection:
        return changes(connection, one, other)


@pytest.mark.parametrize(
    ("runs", "parts"),
    [
        (
            ("1", "2"),
            [
                "From run 1 to run 2: 1 pairs and 0 triples changed. Claims: 1 came (new article).",
                "irisin → brain-derived neurotrophic factor",
                "before  single lineage (increases), support 1.00, opposition 0.00; increases 1",
                "after   contested (increases), support 1.00, opposition 0.40; increases 1, decreases 1",
                "came  new article: decreases, weight 0.400, blog:blog.md, " + BLOG.claims[0].claim_id,
                "irisin decreases bdnf.",
            ],
        ),
        (
            ("2", "3"),
            ["went  new version: decreases", "came  new version: no effect (affects)", "increases 1, null results 1"],
        ),
        (
            ("3", "4"),
            [
                "went  pipeline change: increases, weight 1.000",
                "came  pipeline change: increases, hedged, weight 0.500",
            ],
        ),
        (("4", "5"), ["went  article status: increases, hedged", "after   single lineage (none), support 0.00"]),
        (("2", "2"), ["From run 2 to run 2: nothing changed."]),
        (("3", "1"), ["From run 1 to run 3:"]),
        (("previous", "latest"), ["From run 4 to run 5:"]),
        (("2026-03-01", "2026-03-04"), ["From run 1 to run 4:"]),
    ],
)
def test_what_changed_and_why(db: Path, runs: tuple[str, str], parts: list[str]) -> None:
    told_so = told_between(db, *runs)
    assert [part for part in parts if part not in told_so] == []


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-02-28", []),
        ("2026-03-01", [("single lineage", "increases", 1.0, 0.0)]),
        ("2026-03-01 01:59:59", []),
        ("2026-03-01 02:00:00", [("single lineage", "increases", 1.0, 0.0)]),
        ("2026-03-02", [("contested", "increases", 1.0, 0.4)]),
        ("2026-03-04", [("contested", "increases", 0.5, 0.4)]),
        ("2026-03-09", [("single lineage", "none", 0.0, 0.4)]),
    ],
)
def test_the_consensus_of_a_day(db: Path, moment: str, expected: list[tuple[str, str, float, float]]) -> None:
    query = f"SELECT verdict, direction, support, opposition FROM consensus_as_of('{moment}')"
    assert rows(db, query) == expected


def test_the_consensus_of_today_is_the_consensus(db: Path) -> None:
    shared = "subject, object, verdict, direction, support, opposition, conflict, lineages, increases, null_results"
    assert rows(db, f"SELECT {shared} FROM consensus_as_of('2026-12-31') ORDER BY ALL") == rows(
        db, f"SELECT {shared} FROM consensus ORDER BY ALL"
    )


def test_a_run_without_news_leaves_no_trace_in_the_history(tmp_path: Path) -> None:
    publish(tmp_path / "c.duckdb", TRIAL, BLOG)
    publish(tmp_path / "c.duckdb")
    assert rows(tmp_path / "c.duckdb", "SELECT DISTINCT from_run, to_run FROM verdict_history") == [(1, None)]
    assert rows(tmp_path / "c.duckdb", "SELECT DISTINCT from_run, to_run FROM claim_history") == [(1, None)]
    assert told_between(tmp_path / "c.duckdb", "1", "2") == "From run 1 to run 2: nothing changed.\n"


def test_a_text_that_comes_back_is_told_as_a_new_version(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, TRIAL)
    publish(db, told("trial.md", DECREASES, source_id="trial", opening="A second version."))
    publish(db, TRIAL)
    told_so = told_between(db, "2", "3")
    assert "went  new version: decreases" in told_so
    assert "came  new version: increases" in told_so


@pytest.mark.parametrize("given", ["9", "run_", "run_zzz", "yesterday", "", "2020-01-01"])
def test_an_unknown_run_is_refused_with_the_runs_there_are(db: Path, given: str) -> None:
    with connect(db) as connection, pytest.raises(UnknownIdError, match=r"5 \(2026-03-05 02:00\)"):
        run_ordinal(connection, given)
