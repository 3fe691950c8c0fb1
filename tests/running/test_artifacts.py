"""What Prefect's pages show of a run."""

from pathlib import Path

import httpx
import pytest

import pipeline
from pipeline.evidence.changes import new_conflicts
from pipeline.running import artifacts
from tests.test_flow import write

SAYS = "Irisin and bone\n\nIrisin {} bone density in mice. That is what we saw on many a day of the week.\n"


def test_a_conflict_is_new_once(tmp_path: Path) -> None:
    sources, db = tmp_path / "articles", tmp_path / "claims.duckdb"
    found = []
    for name, effect in (("a.txt", "increases"), ("b.txt", "decreases"), ("c.txt", "has no effect on")):
        write(sources, {name: f"{SAYS.format(effect)}\nIt is article {name}.\n"})
        pipeline.run(sources, db)
        with pipeline.connect(db) as connection:
            found.append([(row["subject"], row["object"]) for row in new_conflicts(connection, 10)])
    assert found == [[], [("irisin", "bone mineral density")], []]


def test_a_run_has_a_summary_its_rejects_and_new_conflicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, object] = {}
    for kind in ("create_markdown_artifact", "create_table_artifact"):
        monkeypatch.setattr(artifacts, kind, lambda content, key, description: made.setdefault(key, content))
    sources = write(tmp_path / "articles", {"a.txt": SAYS.format("increases"), "empty.txt": ""})
    report = pipeline.run(sources, tmp_path / "claims.duckdb")
    assert set(made) == {"run-summary", "rejects", "new-conflicts"}
    summary = str(made["run-summary"])
    assert report.run_id in summary
    assert "| articles extracted | 1 |" in summary and "| articles rejected | 1 |" in summary
    assert "| seconds extracting |" in summary
    assert made["rejects"] == [
        {"source": "articles", "path": "empty.txt", "stage": "reading", "reason": "is empty; there is nothing to read"}
    ]


def test_a_server_that_does_not_take_them_does_not_fail_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise httpx.ConnectError("gone")

    monkeypatch.setattr(artifacts, "create_markdown_artifact", refuse)
    sources = write(tmp_path / "articles", {"a.txt": SAYS.format("increases")})
    assert pipeline.run(sources, tmp_path / "claims.duckdb").counts["extracted"] == 1
