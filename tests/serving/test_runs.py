"""Deployed runs on a real Prefect server: what begins, what is refused, and what is tried again."""

import asyncio
import contextvars
import itertools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect import State, states
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.settings import PREFECT_API_URL, temporary_settings

import pipeline
from flows import claims_flow
from pipeline.fetching.catalog import CatalogError
from pipeline.language.errors import ModelError
from pipeline.serving.on_change import run_on_changes, watched_sources
from pipeline.serving.retrying import FIRST, TRY, try_again
from pipeline.settings import SettingsError
from pipeline.store import Build, OutputNotWritableError, SchemaError
from tests.serving.prefect_server import (
    DEPLOYMENT,
    ROOT,
    TINY,
    AtWork,
    at_work,
    ended_as,
    environment,
    pages,
    prefect_server,
    runs,
    serving,
    wait_until,
)

pytestmark = pytest.mark.endurance


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "articles").mkdir()
    (home / "articles/a.txt").write_text(TINY)
    return home


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[SyncPrefectClient]:
    """Of a server that was started by `prefect server start`."""
    with prefect_server(home) as url, SyncPrefectClient(url) as client:
        yield client


@pytest.fixture(scope="module")
def nightly_deployment(home: Path, client: SyncPrefectClient) -> Iterator[DeploymentResponse]:
    """As it is served, on the server, while these tests last."""
    with serving(home, "serve.log", PREFECT_API_URL=str(client.api_url)) as command:
        pages(command)
        yield client.read_deployment_by_name(DEPLOYMENT)
        assert command.ended_by(signal.SIGINT) == 0, command.said()


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A run that a schedule began, and when it was due."""

    run: FlowRun
    due: datetime


@pytest.fixture(scope="module")
def scheduled(client: SyncPrefectClient, nightly_deployment: DeploymentResponse) -> Scheduled:
    """The first run of the module, which publishes the database of `home`."""
    due = datetime.now(UTC) + timedelta(seconds=8)
    soon = DeploymentScheduleCreate(schedule=IntervalSchedule(interval=timedelta(days=1), anchor_date=due))
    client.create_deployment_schedules(nightly_deployment.id, [soon])

    def completed() -> list[FlowRun]:
        found = runs(client, nightly_deployment).values()
        return [run for run in found if run.auto_scheduled and run.state_name == "Completed"]

    return Scheduled(wait_until("a run is Completed", completed)[0], due)


def test_run_begins_when_it_is_due(scheduled: Scheduled, home: Path) -> None:
    run = scheduled.run
    assert run.auto_scheduled and run.start_time and run.start_time >= scheduled.due - timedelta(seconds=1)
    with pipeline.connect(home / "claims.duckdb") as connection:
        assert connection.execute("SELECT count(*) FROM claims").fetchone() == (1,)


def test_what_a_run_says_is_on_the_server(scheduled: Scheduled, client: SyncPrefectClient) -> None:
    of_run = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[scheduled.run.id]))
    wait_until("our words are there", lambda: [log for log in client.read_logs(of_run) if "pipeline." in log.name])


@pytest.fixture(scope="module")
def long_run(
    client: SyncPrefectClient, nightly_deployment: DeploymentResponse, tmp_path_factory: pytest.TempPathFactory
) -> AtWork:
    return at_work(client, nightly_deployment, tmp_path_factory.mktemp("long"))


def test_run_that_comes_while_another_is_at_work_is_refused(
    client: SyncPrefectClient, nightly_deployment: DeploymentResponse, long_run: AtWork
) -> None:
    second = client.create_flow_run_from_deployment(nightly_deployment.id)
    refused = ended_as(client, nightly_deployment, second.name, "Cancelled")
    assert refused.state and "concurrency limit" in (refused.state.message or "")
    assert client.read_flow_run(long_run.run.id).state_name == "Running"


def test_run_whose_process_is_killed_is_tried_again(
    client: SyncPrefectClient, nightly_deployment: DeploymentResponse, long_run: AtWork
) -> None:
    os.kill(long_run.process, signal.SIGKILL)
    long_run.article.write_text(TINY)
    ended_as(client, nightly_deployment, long_run.run.name, "Crashed")
    again = ended_as(client, nightly_deployment, f"{long_run.run.name}, try 2", "Completed")
    assert again.parameters == long_run.run.parameters


def test_run_on_a_database_that_is_being_built_fails_and_leaves_it_alone(
    client: SyncPrefectClient, nightly_deployment: DeploymentResponse, scheduled: Scheduled, home: Path
) -> None:
    db = home / "claims.duckdb"
    before = db.read_bytes()
    with Build(db, "another run"):
        run = client.create_flow_run_from_deployment(nightly_deployment.id)
        failed = ended_as(client, nightly_deployment, run.name, "Failed")
    assert failed.state and "Another run is building" in (failed.state.message or "")
    assert db.read_bytes() == before
    assert f"{run.name}, try 2" not in runs(client, nightly_deployment)


@pytest.mark.parametrize(
    ("error", "tried", "is_tried_again"),
    [
        (OSError("disk"), 1, True),
        (ConnectionError("away"), 3, True),
        (MemoryError(), 4, False),
        (CatalogError("x"), 1, False),
        (SettingsError("x"), 1, False),
        (ModelError("x"), 1, False),
        (SchemaError("x"), 1, False),
        (OutputNotWritableError("x"), 1, False),
    ],
)
def test_failure_is_tried_again_unless_a_person_is_needed(
    client: SyncPrefectClient,
    nightly_deployment: DeploymentResponse,
    error: Exception,
    tried: int,
    is_tried_again: bool,
) -> None:
    first = f"{type(error).__name__} {tried}"
    labels: dict[str, bool | int | float | str] = {FIRST: first, TRY: tried} if tried > 1 else {}
    far_off: State[Any] = states.Scheduled(scheduled_time=datetime.now(UTC) + timedelta(days=1))
    run = client.create_flow_run_from_deployment(nightly_deployment.id, name=first, labels=labels, state=far_off)
    with temporary_settings({PREFECT_API_URL: str(client.api_url)}):
        try_again(claims_flow, run, states.Failed(data=error))
        try_again(claims_flow, run, states.Failed(data=error))  # a worker may say twice that a run crashed
    names = [name for name in runs(client, nightly_deployment) if name.startswith(f"{first}, try")]
    assert names == ([f"{first}, try {tried + 1}"] if is_tried_again else [])


def test_run_that_a_person_waits_for_is_not_tried_again(client: SyncPrefectClient) -> None:
    run = client.create_flow_run(claims_flow)
    with temporary_settings({PREFECT_API_URL: str(client.api_url)}):
        try_again(claims_flow, run, states.Failed(data=OSError("disk")))
    assert [found.id for found in client.read_flow_runs() if found.deployment_id is None] == [run.id]


def test_change_in_a_watched_folder_starts_a_run(client: SyncPrefectClient, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    stop = threading.Event()
    with temporary_settings({PREFECT_API_URL: str(client.api_url)}), ThreadPoolExecutor(1) as thread:
        # One that nobody serves, so that nothing runs.
        deployment = asyncio.run(asyncio.run(claims_flow.ato_deployment("unserved")).aapply())
        in_context = contextvars.copy_context().run
        watching = thread.submit(
            in_context, run_on_changes, deployment, watched_sources(tmp_path / "notes"), stop, settle_s=0.2
        )
        lengths = itertools.count(1)

        def begun() -> list[FlowRun]:
            (tmp_path / "notes/a.txt").write_text(TINY * next(lengths))  # the first may come before the watch begins
            assert not stop.wait(1) and not watching.done()
            return [run for run in client.read_flow_runs() if run.deployment_id == deployment]

        assert wait_until("a run is there", begun)[0].tags == ["changed: notes"]
        stop.set()
        watching.result(30)


def test_prefect_yaml_deploys_to_a_work_pool(
    client: SyncPrefectClient, nightly_deployment: DeploymentResponse, home: Path
) -> None:
    env = environment(home, PREFECT_API_URL=str(client.api_url))
    for words in ("work-pool create myoclaims --type process", "deploy --name nightly"):
        subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *words.split()],
            cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=60,
        )  # fmt: skip
    deployed = client.read_deployment(nightly_deployment.id)
    assert deployed.work_pool_name == "myoclaims"
    assert deployed.global_concurrency_limit and deployed.global_concurrency_limit.limit == 1
    assert deployed.concurrency_options == nightly_deployment.concurrency_options
    assert deployed.pull_steps == [{"prefect.deployments.steps.set_working_directory": {"directory": str(ROOT)}}]
