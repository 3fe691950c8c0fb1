"""Worker processes that share one loaded model: each is forked from a process, the template, that has loaded it.

They are ready at once, and have the model in common, in main memory as well as in the processor's caches: two of them
take less processor time than two that load their own. On systems other than Linux, whose libraries do not
stand a fork, each loads its own.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from typing import ParamSpec, Self, TypeVar

from prefect.task_runners import ProcessPoolTaskRunner

from pipeline.same_imports import same_imports
from pipeline.settings import Runner, SettingsError, load_settings

TEMPLATE = "pipeline.running.template"
IS_FORKED = sys.platform == "linux"

P = ParamSpec("P")
T = TypeVar("T")


def begin_early(workers: int | None = None) -> None:
    """Let the template come up if a run with these settings will want it; what is wrong with them the run says."""
    with suppress(SettingsError):
        settings = load_settings(workers)
        if settings.runner is Runner.PROCESSES and settings.workers > 1:
            begin_template()


def begin_template() -> None:
    """Let the template come up, unless it is there; it ends with this process and its workers."""
    if IS_FORKED:
        multiprocessing.set_forkserver_preload([TEMPLATE])
        # a process with threads, such as those of OpenBLAS, is not forked
        with _environment(same_imports() | {"OPENBLAS_NUM_THREADS": "1"}):
            forkserver.ensure_running()


class ForkedTaskRunner(ProcessPoolTaskRunner):
    """Prefect's runner over processes, with processes that are forked from the template."""

    def __enter__(self) -> Self:
        super().__enter__()
        spawning = self._executor
        if IS_FORKED and spawning is not None:  # none of its processes is started before the first task
            begin_template()
            self._executor = _ForkedPool(
                self._max_workers,
                multiprocessing.get_context("forkserver"),
                initializer=spawning._initializer,
                initargs=spawning._initargs,
            )
        return self


class _ForkedPool(ProcessPoolExecutor):
    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As ever; raises BrokenProcessPool, too, if no process can be forked."""
        try:
            return super().submit(fn, *args, **kwargs)
        except (EOFError, ConnectionError) as error:
            raise BrokenProcessPool("the process that workers are forked from has died") from error


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """While the context lasts, the environment has `variables`."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
