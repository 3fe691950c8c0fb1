"""Whoever extracts, in whatever order, and whoever is killed meanwhile: the same database comes out."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

import pipeline
from pipeline.progress import Progress, listening
from pipeline.run_report import RunReport
from pipeline.running.processes import IS_FORKED
from tests.serving.prefect_server import descendants, is_alive, parent_of, wait_until
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


def kill(process: Callable[[], int], progress: Progress) -> None:
    """Kill a process when the first batch is stored."""
    if progress.step == "articles" and not killed:
        killed.append(process())
        os.kill(killed[0], signal.SIGKILL)


killed: list[int] = []


def a_worker() -> int:
    pid = multiprocessing.active_children()[0].pid
    assert pid
    return pid


def the_template() -> int:
    """The process that workers are forked from."""
    return parent_of(a_worker())


@pytest.mark.parametrize(
    ("runner", "workers", "victim"),
    [
        ("processes", 4, a_worker),
        pytest.param("processes", 2, the_template, marks=pytest.mark.skipif(not IS_FORKED, reason="no fork here")),
        ("threads", 2, None),
        ("dask", 2, a_worker),
    ],
)
def test_the_same_database_comes_out(
    articles: Path,
    undisturbed: RunReport,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    runner: str,
    workers: int,
    victim: Callable[[], int] | None,
) -> None:
    monkeypatch.setenv("MYOCLAIMS_RUNNER", runner)
    killed.clear()
    with listening(partial(kill, victim) if victim else lambda _: None):
        report = pipeline.run(articles, tmp_path / "claims.duckdb", workers=workers)
    assert bool(killed) == bool(victim)
    assert_same(report, undisturbed)


def test_workers_of_a_run_that_is_killed_end_with_it_and_the_next_run_ends_as_if_nothing_had_been(
    articles: Path, undisturbed: RunReport, tmp_path: Path
) -> None:
    db = tmp_path / "claims.duckdb"
    command = [sys.executable, "-m", "pipeline", "run", "--sources", str(articles), "--db", str(db), "--workers", "2"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as run:
        wait_until(
            "a shard is written", lambda: list(db.with_name("claims.duckdb.shards").glob("shard_*.parquet")), 120
        )
        processes = descendants(run.pid)
        run.kill()
    assert len(processes) >= 4, "Prefect's server, a worker at least, what it is forked from, and Python's tracker"
    wait_until("all have ended", lambda: not any(map(is_alive, processes)), 30)
    assert not db.exists()
    assert_same(pipeline.run(articles, db), undisturbed)


COMMAND = """
import atexit, sys, threading
atexit.register(lambda: print(*(t.name for t in threading.enumerate()), file=sys.stderr))
sys.path.insert(0, sys.argv.pop(1))
from pipeline.cli import main
main()
"""


def test_a_run_by_two_workers_in_a_folder_with_modules_of_the_same_names_says_nothing_but_its_report(
    articles: Path, tmp_path: Path
) -> None:
    for name in ("pipeline/__init__.py", "flows.py", "spacy.py", "uvicorn.py", "logging.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("raise SystemExit('a module of the user')")
    options = ["--sources", str(articles), "--db", "claims.duckdb", "--workers", "2"]
    # its pipes are read until the last process that it started has ended
    run = subprocess.run(
        [sys.executable, "-P", "-c", COMMAND, str(ROOT), "run", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert run.stderr == "MainThread\n", "no thread lives on, and no process complains when it ends"
    assert run.returncode == 0
    assert "13 extracted" in run.stdout
