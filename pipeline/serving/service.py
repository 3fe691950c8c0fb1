"""Serves the nightly deployment on this machine: registers it, runs what is due, and ends cleanly when asked to."""

import asyncio
import fcntl
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import active_children
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeAlias
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.context import refresh_global_settings_context
from prefect.runner import Runner
from prefect.settings import get_current_settings

from flows import claims_flow
from pipeline.prefect_local import ServerError, require_server
from pipeline.records import Source
from pipeline.serving.on_change import run_on_changes
from pipeline.serving.retrying import begin_again
from pipeline.serving.server import own_server
from pipeline.serving.stranded import end_stranded, runs_at_work

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.2
AGAIN_AFTER_S = 30.0
# Prefect gives a run 30 s to end.
STOP_WITHIN_S = 45.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

Tell: TypeAlias = Callable[[str], None]


def serve(deployment: Mapping[str, Any], watched: Sequence[Source], port: int | None, tell: Tell) -> None:
    """Serve `deployment` (keywords of `Flow.to_deployment`) until Ctrl-C or SIGTERM; `tell` hears what is news.

    A change in one of the `watched` sources starts a run, too. Where the user names no server there is one of our own,
    on `port`, for as long as we serve. What is at work at the end is broken off, and begins anew when the deployment
    is served again. A server that fails is waited for, or started again. Raises ServerError if there is none to begin
    with, or if this machine serves already.
    """
    settings = get_current_settings()
    has_served = False
    with _only_here(settings.home), _asked_to_stop() as asked:
        while not asked:
            try:
                with (
                    _server(settings.home, settings.api.url, port) as pages,
                    _running(deployment, watched, tell) as work,
                ):
                    if not has_served:
                        tell(f"Runs, their logs and a button that starts one: {pages}\nCtrl-C ends it.")
                    has_served = True
                    while not asked and not any(part.done() for part in work):
                        sleep(LOOK_EVERY_S)
            except Exception:
                # Whatever it was: nobody is there to begin again.
                if not has_served:
                    raise
                log.exception("Serving broke off; it begins anew in %d seconds.", AGAIN_AFTER_S)
                again_at = monotonic() + AGAIN_AFTER_S
                while not asked and monotonic() < again_at:
                    sleep(LOOK_EVERY_S)


@contextmanager
def _running(deployment: Mapping[str, Any], watched: Sequence[Source], tell: Tell) -> Iterator[list[Future[None]]]:
    """Runs what is due, and what changes ask for, in threads; their futures are done early only by an error."""
    runner = Runner(name="myoclaims", pause_on_shutdown=False)
    deployment_id = asyncio.run(runner.aadd_flow(claims_flow, **deployment))
    ending = threading.Event()
    with get_client(sync_client=True) as client, ThreadPoolExecutor(2) as threads:
        for news in end_stranded(client, deployment_id):
            tell(news)
        work = [threads.submit(asyncio.run, runner.start())]
        if watched:
            work.append(threads.submit(run_on_changes, deployment_id, watched, ending))
        yield work
        ending.set()
        while not runner.started and not work[0].done():
            sleep(LOOK_EVERY_S)
        if not work[0].done():
            _break_off(runner, work[0], client, deployment_id, tell)
        for part in work:
            part.result()


def _break_off(runner: Runner, ended: Future[None], client: SyncPrefectClient, deployment_id: UUID, tell: Tell) -> None:
    """Stop `runner` and what it has at work, which is to begin anew when the deployment is served again."""
    at_work: list[FlowRun] = []
    try:
        at_work = [run for run in runs_at_work(client, deployment_id) if run.state_type is not StateType.CANCELLING]
        if at_work:
            tell("A run is at work; it is given half a minute to end.")
    finally:
        stopped = runner.execute_in_background(runner.astop)
        wait([stopped, ended], STOP_WITHIN_S)
        # The runner waits for ever for a process that has told how its run ended, and then does not end itself.
        for child in active_children():
            if not child.daemon:
                child.kill()
        stopped.result()
    for run in at_work:
        if client.read_flow_run(run.id).state_type is not StateType.COMPLETED:
            tell(f"Run {run.name!r} was broken off: {begin_again(client, run, timedelta())}.")


@contextmanager
def _server(home: Path, url: str | None, port: int | None) -> Iterator[str]:
    """The address of the pages of the server at `url`, or of one of our own where that is None."""
    if url is not None:
        require_server(url)
        yield get_current_settings().ui_url or url
        return
    with own_server(home, port) as pages:
        refresh_global_settings_context()
        yield pages


@contextmanager
def _asked_to_stop() -> Iterator[list[int]]:
    """A list that is empty until Ctrl-C or SIGTERM. (An Event has a lock, on which its own handler could hang.)"""
    asked: list[int] = []
    before = {number: signal.signal(number, lambda *it: asked.append(it[0])) for number in STOP_SIGNALS}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _only_here(home: Path) -> Iterator[None]:
    """Two that serve would take each other's runs for stranded."""
    with (home / "serving.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServerError(f"This machine serves already: another `myoclaims serve` holds {lock.name}.") from None
        yield
