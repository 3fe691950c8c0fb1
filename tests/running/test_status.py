"""What is told in the morning: the last runs, rejected articles with reasons, and what went wrong since."""

import json
import logging
from pathlib import Path

import pytest

import pipeline
from pipeline.cli import main
from pipeline.running.lines import JsonLines, TextLines
from pipeline.store import Build, OutputNotWritableError
from tests.test_flow import GOOD, rows, write


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return write(tmp_path / "articles", {"a.txt": GOOD, "b.txt": GOOD, "empty.txt": ""})


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "out" / "claims.duckdb"


def told(db: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["status", "--db", str(db)])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_status_tells_what_runs_did_and_what_was_rejected_and_why(
    sources: Path, db: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.run(sources, db)
    pipeline.run(sources, db)
    lines = told(db, capsys).splitlines()
    assert lines[0].startswith("Last run ") and "0 extracted, 2 unchanged, 1 rejected; 0 claims found" in lines[0]
    assert "seconds: fetching and reading " in lines[2]
    before = next(line for line in lines if line.startswith("Before "))
    assert "2 extracted, 0 unchanged, 1 rejected" in before
    assert any(line.startswith("Database ") and "2 articles" in line for line in lines)
    assert any("articles empty.txt (reading, since 20" in line and "is empty" in line for line in lines)
    assert not any(line.startswith(("Now", "Failed", "Broken off")) for line in lines)


def test_status_tells_of_a_run_that_failed_until_one_goes_well(
    sources: Path, db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.run(sources, db)

    def fail(*_: object) -> None:
        raise OutputNotWritableError("the disk is full")

    write(sources, {"c.txt": GOOD})
    with monkeypatch.context() as patch:
        patch.setattr("flows.reconciled", fail)
        with pytest.raises(OutputNotWritableError):
            pipeline.run(sources, db)
    assert "OutputNotWritableError: the disk is full" in told(db, capsys)
    pipeline.run(sources, db)
    assert "Failed" not in told(db, capsys)


def test_status_tells_of_a_run_at_work_and_of_one_that_was_killed(
    sources: Path, db: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.run(sources, db)
    with Build(db, "another run"):
        assert "Now        a run is at work (process " in told(db, capsys)
    db.with_name("claims.duckdb.building").touch()
    assert "Broken off a run that was at work on 20" in told(db, capsys)
    pipeline.run(sources, db)
    assert "Broken off" not in told(db, capsys)


def test_status_without_a_database_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["status", "--db", str(tmp_path / "none.duckdb")])
    assert ended.value.code == 2
    assert "myoclaims run" in capsys.readouterr().err


def test_seconds_and_counts_of_each_stage_are_in_the_table_of_runs(sources: Path, db: Path) -> None:
    pipeline.run(sources, db)
    ((counts, seconds),) = rows(db, "SELECT counts, seconds FROM runs")
    assert set(seconds) == {"fetching and reading", "extracting", "storing", "reconciling"}
    assert all(value > 0 for value in seconds.values())
    assert counts == {
        "seen": 3, "extracted": 2, "unchanged": 0, "rejected": 1, "sentences": counts["sentences"],
        "mentions": counts["mentions"], "claims": counts["claims"], "triples": counts["triples"],
    }  # fmt: skip


# The log


def logged(options: list[str], sources: Path, db: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit):
        main([*options, "run", "--sources", str(sources), "--db", str(db)])
    return [line for line in capsys.readouterr().err.splitlines() if "pipeline.run" in line]


def test_the_log_has_a_line_a_batch_and_one_for_the_run(
    sources: Path, db: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYOCLAIMS_BATCH_SIZE", "1")
    lines = [json.loads(line) for line in logged(["--log", "json"], sources, db, capsys)]
    assert [line["event"] for line in lines] == ["batch stored"] * 3 + ["run ended"]
    assert [line["articles"] for line in lines[:3]] == [1, 1, 0]
    assert lines[2]["rejected"] == 1
    assert all(line["level"] == "info" and line["time"].endswith("+00:00") for line in lines)
    assert lines[3]["extracted"] == 2 and lines[3]["reconciling_s"] > 0


def test_the_log_has_a_line_an_article_where_more_is_asked_for(
    sources: Path, db: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = logged(["-v", "--log", "text"], sources, db, capsys)
    assert sum("DEBUG pipeline.run: article stored source_id=articles path=" in line for line in lines) == 2
    rejected = 'article rejected source_id=articles path=empty.txt stage=reading reason="is empty'
    assert sum(rejected in line for line in lines) == 1
    assert sum("INFO pipeline.run: batch stored articles=2" in line for line in lines) == 1


def test_a_traceback_stays_within_its_json_line() -> None:
    error = ValueError("no\nluck")
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "it %s", ("broke",), (ValueError, error, None))
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["event"] == "it broke"
    assert json.loads(line)["traceback"] == "ValueError: no\nluck"
    assert "ERROR x: it broke" in TextLines().format(record)
