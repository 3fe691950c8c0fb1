"""Workers that die, hang or run out of memory over an article cost that article alone."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prefect import task
from prefect.cache_policies import NO_CACHE

from pipeline.parcel import Parcel
from pipeline.records import Article, Stage
from pipeline.running.batch import Batch
from pipeline.running.extraction import Extracted, Yield
from pipeline.running.workers import Workers
from pipeline.settings import Runner, Settings, SettingsError
from pipeline.store.errors import OutputNotWritableError
from pipeline.store.shards import Shard
from pipeline.temporary_server import begin_server

ROOT = Path(__file__).parents[2]
MOMENT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def server() -> None:
    """Left to themselves, workers start one each, and what is killed leaves its own behind."""
    begun = begin_server()
    if begun:
        begun.wait()


@task(cache_policy=NO_CACHE, persist_result=False)
def work(batch: Parcel[Batch], notes: str) -> Extracted:
    """Does what the texts say; notes what it was at."""
    for article in batch.content.articles:
        note = Path(notes, f"{article.path}-{time.time_ns()}")
        note.touch()
        match article.text:
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "die once" if len(list(Path(notes).glob(f"{article.path}-*"))) == 1:
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                raise TimeoutError("took more than 1 s")
            case "swell":
                raise MemoryError
            case "no room":
                raise OutputNotWritableError("the disk is full")
    done = tuple(Yield(a.source_id, a.path, a.document_id, 1, 1, 1, 0) for a in batch.content.articles)
    return Extracted((Shard(f"{'+'.join(a.path for a in batch.content.articles)}.parquet"),), done)


@task(cache_policy=NO_CACHE, persist_result=False)
def doomed(batch: Parcel[Batch]) -> Extracted:
    """Dies over anything."""
    os.kill(os.getpid(), signal.SIGKILL)
    return Extracted()


def articles(*texts: str) -> list[Article]:
    blank = Article("s", "", "", (), "", MOMENT)
    return [replace(blank, path=f"{number}", text=text) for number, text in enumerate(texts)]


def done(tmp_path: Path, settings: Settings, *texts: str, size: int = 2) -> list[tuple[list[str], list[str]]]:
    """The paths stored and rejected of each batch, in order."""
    every = articles(*texts)
    batches = [Batch(tuple(every[i : i + size])) for i in range(0, len(every), size)]

    def parameters(batch: Batch) -> dict[str, Any]:
        return {"batch": Parcel(batch), "notes": str(tmp_path)}

    found: list[tuple[list[str], list[str]]] = []
    with Workers(work, parameters, settings) as workers:
        for batch, extracted in workers.extract(batches):
            assert batch is batches[len(found)]
            assert all(reject.stage is Stage.EXTRACTING for reject in extracted.rejects)
            found.append(([a.path for a in extracted.articles], [r.path for r in extracted.rejects]))
    return found


ONE, TWO = Settings(), Settings(workers=2)
THREADS = Settings(workers=2, runner=Runner.THREADS)


@pytest.mark.parametrize("settings", [ONE, TWO, THREADS])
def test_results_come_in_the_order_of_the_batches(tmp_path: Path, settings: Settings) -> None:
    assert done(tmp_path, settings, *"abcdefg") == [
        (["0", "1"], []),
        (["2", "3"], []),
        (["4", "5"], []),
        (["6"], []),
    ]


@pytest.mark.parametrize("settings", [ONE, THREADS])
@pytest.mark.parametrize("fault", ["hang", "swell"])
def test_an_article_that_takes_too_much_is_rejected_alone(tmp_path: Path, settings: Settings, fault: str) -> None:
    assert done(tmp_path, settings, "a", fault, "b", "c") == [(["0"], ["1"]), (["2", "3"], [])]


@pytest.mark.endurance
def test_dead_workers_are_replaced_and_an_article_over_which_they_die_is_rejected_alone(tmp_path: Path) -> None:
    assert done(tmp_path, TWO, "die once", "a", "b", "die", "c", "d") == [
        (["0", "1"], []),
        (["2"], ["3"]),
        (["4", "5"], []),
    ]


def test_workers_that_cannot_even_start_end_the_work() -> None:
    with (
        Workers(doomed, lambda batch: {"batch": Parcel(batch)}, TWO) as pool,
        pytest.raises(
            SettingsError, match=r"as soon as they start\. In a script, call pipeline\.run under `if __name__"
        ),
    ):
        list(pool.extract([Batch(tuple(articles("a", "b")))]))


@pytest.mark.parametrize("settings", [ONE, THREADS])
def test_what_the_user_must_mend_ends_the_work(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(OutputNotWritableError, match="the disk is full"):
        done(tmp_path, settings, "a", "no room")


@pytest.mark.parametrize("workers", [1, 2])
def test_few_batches_are_under_way_at_a_time(tmp_path: Path, workers: int) -> None:
    settings = Settings(workers=workers, runner=Runner.THREADS if workers > 1 else Runner.PROCESSES)
    taken: list[int] = []

    def batches() -> Any:
        for number, article in enumerate(articles(*"abcdefghijklmnop")):
            taken.append(number)
            yield Batch((article,))

    with Workers(work, lambda batch: {"batch": Parcel(batch), "notes": str(tmp_path)}, settings) as pool:
        for number, _ in enumerate(pool.extract(batches())):
            assert len(taken) - number <= 1 + 2 * workers
    assert len(taken) == 16


def test_a_batch_without_articles_needs_no_worker(tmp_path: Path) -> None:
    with Workers(work, lambda _: {}, TWO) as pool:
        assert list(pool.extract([Batch(unchanged=3)])) == [(Batch(unchanged=3), Extracted())]


def test_a_run_that_brings_nothing_new_does_without_spacy() -> None:
    code = "import flows, pipeline.running.processes, sys; print({'spacy', 'thinc', 'scispacy'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "set()\n"
