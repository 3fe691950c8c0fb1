"""Who extracts the batches: this process, threads, processes, or a Dask cluster; and what if a worker dies over one."""

import atexit
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, nullcontext
from typing import Any, Self, TypeAlias

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task

from pipeline.lifeline import end_with_parent
from pipeline.prefect_local import wind_down
from pipeline.records import Stage
from pipeline.running.batch import Batch
from pipeline.running.extraction import Extracted, rejected
from pipeline.running.processes import ForkedTaskRunner
from pipeline.settings import Runner, Settings, SettingsError
from pipeline.temporary_server import out_of_reach

log = logging.getLogger(__name__)

Wait: TypeAlias = Callable[[], Extracted]
# Batches that are on their way to each worker, so that none waits for the next one.
AHEAD = 2
# A batch that goes on for too long, or takes all memory, is no fault of its other articles.
OF_ONE_ARTICLE = (TimeoutError, MemoryError)


class Workers:
    """Extracts batches with `task`, as a context manager; `parameters` become the arguments of the task for a batch.

    A worker that dies is replaced, and what it was at is done again, by itself. A batch over which workers die,
    or which does not end in time, is taken apart; an article that does it alone is rejected, and the run goes on.
    """

    def __init__(
        self,
        task: Task[..., Extracted],
        parameters: Callable[[Batch], dict[str, Any]],
        settings: Settings,
    ) -> None:
        self._task = task
        self._parameters = parameters
        self._settings = settings
        self._is_alone = settings.runner is Runner.PROCESSES and settings.workers == 1
        self._running = ExitStack()
        self._runner: TaskRunner[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def extract(self, batches: Iterable[Batch]) -> Iterator[tuple[Batch, Extracted]]:
        """Each batch with what it gave, in the order of the batches; some are worked on ahead of the next one."""
        waiting: deque[tuple[Batch, Wait]] = deque()
        ahead = 0 if self._is_alone else AHEAD * self._settings.workers
        for batch in batches:
            waiting.append((batch, self._submitted(batch)))
            if len(waiting) > ahead:
                yield self._next(waiting)
        while waiting:
            yield self._next(waiting)

    def again(self, batch: Batch) -> Extracted:
        """Extract a batch whose shard is broken, whatever is kept of it."""
        return self._carefully(batch, self._task.with_options(refresh_cache=True))

    def _next(self, waiting: deque[tuple[Batch, Wait]]) -> tuple[Batch, Extracted]:
        batch, wait = waiting.popleft()
        try:
            return batch, wait()
        except OF_ONE_ARTICLE as error:
            log.warning("A batch of %d articles is taken apart: %s", len(batch.articles), _named(error))
            return batch, self._carefully(batch, self._task)
        except Exception as error:
            if not _is_loss_of_worker(error):
                raise
            log.warning("A worker died; its batches are done again: %s", _named(error))
        self._stop()
        self._require_workers()
        extracted = self._carefully(batch, self._task)
        redone = [(other, self._submitted(other)) for other, _ in waiting]
        waiting.clear()
        waiting.extend(redone)
        return batch, extracted

    def _carefully(self, batch: Batch, task: Task[..., Extracted]) -> Extracted:
        """With nothing else on the way, so that it is plain which batch a worker dies over."""
        try:
            return self._submitted(batch, task)()
        except Exception as error:
            is_loss = _is_loss_of_worker(error)
            if not is_loss and not isinstance(error, OF_ONE_ARTICLE):
                raise
            if is_loss:
                self._stop()
            if len(batch.articles) > 1:
                return _together([self._carefully(part, task) for part in batch.alone()])
            reason = (
                "the extraction ended its worker process, perhaps for want of memory"
                if is_loss
                else f"the extraction did not end well ({_named(error)})"
            )
            reason += "; split the article, or report it"
            return Extracted(rejects=tuple(rejected(article, Stage.EXTRACTING, reason) for article in batch.articles))

    def _require_workers(self) -> None:
        """Raises SettingsError if workers die without a batch, too."""
        try:
            self._sent(Batch())()
        except Exception as error:
            if not _is_loss_of_worker(error):
                raise
            raise SettingsError(
                "worker processes die as soon as they start. In a script, call pipeline.run under "
                '`if __name__ == "__main__":`; otherwise the machine may lack memory for '
                f"{self._settings.workers} of them: take fewer workers"
            ) from error

    def _submitted(self, batch: Batch, task: Task[..., Extracted] | None = None) -> Wait:
        return self._sent(batch, task) if batch.articles else Extracted

    def _sent(self, batch: Batch, task: Task[..., Extracted] | None = None) -> Wait:
        task, parameters = task or self._task, self._parameters(batch)
        if self._is_alone:
            return _at_once(task, parameters)
        if self._runner is None:
            self._runner = self._running.enter_context(_runner(self._settings))
        with out_of_reach() if self._settings.dask_address else nullcontext():
            future = self._runner.submit(task, parameters)
        return lambda: future.result()

    def _stop(self) -> None:
        self._runner = None
        self._running.close()


def _runner(settings: Settings) -> TaskRunner[Any]:
    """Prefect's task runner for `settings`; raises SettingsError where what it needs is not installed."""
    if settings.runner is Runner.THREADS:
        return ThreadPoolTaskRunner(max_workers=settings.workers)
    if settings.runner is Runner.PROCESSES:
        return ForkedTaskRunner(max_workers=settings.workers, initializer=begin_worker)
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise SettingsError(
            "MYOCLAIMS_RUNNER is 'dask', but prefect-dask is not installed; install myokine-claims[dask]"
        ) from error
    if settings.dask_address:
        return DaskTaskRunner(address=settings.dask_address)
    local = {"n_workers": settings.workers, "threads_per_worker": 1, "dashboard_address": None}
    return DaskTaskRunner(cluster_kwargs=local)


def begin_worker() -> None:
    """What a worker process does first: keep the libraries quiet, let Prefect's threads end with it, and it with us."""
    logging.captureWarnings(True)
    atexit.register(wind_down)
    end_with_parent()


def _at_once(task: Task[..., Extracted], parameters: dict[str, Any]) -> Wait:
    """The work is done now, in this process; an error waits to be asked for."""
    try:
        extracted = task(**parameters)
    except OF_ONE_ARTICLE as error:
        failure = error

        def fail() -> Extracted:
            raise failure

        return fail
    return lambda: extracted


def _is_loss_of_worker(error: BaseException) -> bool:
    # Dask's own error, by its name: Dask is an extra
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


def _together(parts: list[Extracted]) -> Extracted:
    """What the parts of a batch gave, as that of the whole."""
    return Extracted(
        tuple(shard for part in parts for shard in part.shards),
        tuple(article for part in parts for article in part.articles),
        tuple(reject for part in parts for reject in part.rejects),
        sum(part.seconds for part in parts),
    )


def _named(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
