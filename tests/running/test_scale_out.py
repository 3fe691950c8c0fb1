"""Whoever extracts, in whatever order, and whoever is killed meanwhile: the same database comes out."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import pipeline
from pipeline.progress import Progress, listening
from pipeline.run_report import RunReport
from tests.test_flow import dump

pytestmark = pytest.mark.endurance

ROOT = Path(__file__).parents[2]
VOLATILE = frozenset({"fetched_at", "extracted_run", "first_run", "since_run"})
TEXT = (
    "{0} and memory\n\n{0} increases BDNF in mice. Exercise improves memory by increasing {0}. "
    "{0} did not change insulin sensitivity in older adults.\n"
)
NAMES = (
    "Irisin", "Lactate", "Apelin", "Cathepsin B", "Interleukin-6", "Myostatin", "Decorin", "Meteorin-like",
    "FGF21", "Interleukin-15", "Kynurenine", "Osteocalcin",
)  # fmt: skip


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve articles, a copy of one of them, and one that cannot be used."""
    folder = tmp_path_factory.mktemp("articles")
    for name in NAMES:
        (folder / f"{name}.txt").write_text(TEXT.format(name))
    (folder / "copy.txt").write_text(TEXT.format("Irisin"))
    (folder / "empty.txt").write_text("")
    return folder


@pytest.fixture(scope="module", autouse=True)
def small_batches() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MYOCLAIMS_BATCH_SIZE", "2")
        yield


@pytest.fixture(scope="module")
def undisturbed(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> RunReport:
    """A run by one worker, which is this process."""
    return pipeline.run(articles, tmp_path_factory.mktemp("one") / "claims.duckdb")


def assert_same(report: RunReport, expected: RunReport) -> None:
    assert dump(report.db, VOLATILE) == dump(expected.db, VOLATILE)
    assert report.totals == expected.totals
    assert exported(report) == exported(expected)
    assert not report.db.with_name("claims.duckdb.shards").exists()


def exported(report: RunReport) -> dict[str, bytes]:
    """The tables byte for byte, but for the name of the run that first met a reject."""
    run_id = report.run_id.encode()
    return {path.name: path.read_bytes().replace(run_id, b"this run") for path in report.tables}


def kill_a_worker(progress: Progress) -> None:
    """Kill one of the worker processes when the first batch is stored."""
    if progress.step == "articles" and not killed:
        worker = multiprocessing.active_children()[0]
        assert worker.pid
        os.kill(worker.pid, signal.SIGKILL)
        killed.append(worker.pid)


killed: list[int] = []


@pytest.mark.parametrize(
    ("runner", "workers", "is_killed"),
    [("processes", 4, True), ("threads", 2, False), ("dask", 2, True)],
)
def test_the_same_database_comes_out(
    articles: Path,
    undisturbed: RunReport,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    runner: str,
    workers: int,
    is_killed: bool,
) -> None:
    monkeypatch.setenv("MYOCLAIMS_RUNNER", runner)
    killed.clear()
    with listening(kill_a_worker if is_killed else lambda _: None):
        report = pipeline.run(articles, tmp_path / "claims.duckdb", workers=workers)
    assert bool(killed) == is_killed
    assert_same(report, undisturbed)


def test_workers_of_a_run_that_is_killed_end_with_it_and_the_next_run_ends_as_if_nothing_had_been(
    articles: Path, undisturbed: RunReport, tmp_path: Path
) -> None:
    db = tmp_path / "claims.duckdb"
    command = [sys.executable, "-m", "pipeline", "run", "--sources", str(articles), "--db", str(db), "--workers", "2"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as run:
        wait_until(lambda: list(db.with_name("claims.duckdb.shards").glob("shard_*.parquet")), 120)
        workers = children(run.pid)
        run.kill()
    assert len(workers) >= 3, "two workers and Prefect's server"
    wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers), 30)
    assert not db.exists()
    assert_same(pipeline.run(articles, db), undisturbed)


def children(process: int) -> list[int]:
    """The processes that any thread of `process` started and that are there."""
    threads = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for thread in threads for child in thread.read_text().split()]


def wait_until(condition: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)
