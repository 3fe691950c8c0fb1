"""Runs by a schedule, on real Prefect servers: what runs, what is refused, what is tried again, and what is left."""

import asyncio
import contextvars
import fcntl
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import Flow, State, states
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId, LogFilter, LogFilterFlowRunId
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.flows import load_flow_from_entrypoint
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

import pipeline
from flows import claims_flow
from pipeline.cli import main
from pipeline.fetching.catalog import CatalogError
from pipeline.language.model import ModelError
from pipeline.prefect_local import UNATTENDED, ServerError
from pipeline.serving.deployment import ONE_AT_A_TIME, ScheduleError, Timetable, nightly, read_timetable
from pipeline.serving.on_change import run_on_changes, watched_sources
from pipeline.serving.retrying import FIRST, TRY, try_again
from pipeline.serving.server import own_server
from pipeline.serving.service import serve
from pipeline.settings import SettingsError
from pipeline.store import Build, OutputNotWritableError, SchemaError
from tests.prefect_server import ROOT, Command, descendants, environment, is_alive, prefect_server, python, wait_until

TINY = "Irisin increases BDNF in mice.\n"
LONG = "".join(f"Irisin increases BDNF in {number} mice of {number + 2}. " for number in range(20_000))
NEVER_SOON = "0 3 1 1 *"


@pytest.fixture
def timetable() -> Timetable:
    return read_timetable("0 3 * * *", "UTC")


# The schedule and the deployment


@pytest.mark.parametrize("cron", ["0 3 * * *", "*/15 8-18 * * 1-5", "0 0 29 2 *", " 0  3 * * * "])
def test_schedule_is_understood(cron: str) -> None:
    timetable = read_timetable(cron, "Asia/Kolkata")
    assert timetable.next_due > datetime.now(UTC)
    assert timetable.next_due.utcoffset() == timedelta(hours=5, minutes=30)


@pytest.mark.parametrize(
    ("cron", "timezone", "words"),
    [
        ("", "UTC", "five fields"),
        ("@daily", "UTC", "five fields"),
        ("0 0 3 * * ?", "UTC", "five fields"),
        ("61 3 * * *", "UTC", "no schedule"),
        ("a b c d e", "UTC", "no schedule"),
        ("0 3 31 2 *", "UTC", "never due"),
        ("0 3 * * *", "Mars/Olympus", "Europe/Paris"),
    ],
)
def test_schedule_that_cannot_be_is_refused(cron: str, timezone: str, words: str) -> None:
    with pytest.raises(ScheduleError, match=words):
        read_timetable(cron, timezone)


def test_default_zone_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert read_timetable("0 3 * * *").timezone == "Asia/Tokyo"


def test_paths_of_the_deployment_do_not_depend_on_the_folder_of_the_run(timetable: Timetable) -> None:
    parameters = nightly(Path("sources"), Path("db"), None, timetable)["parameters"]
    assert parameters["sources"] == str(Path.cwd() / "sources")
    assert parameters["db"] == str(Path.cwd() / "db")


@pytest.mark.parametrize(
    ("options", "variables", "words"),
    [
        (["--cron", "x"], {}, "--cron"),
        (["--timezone", "x"], {}, "--timezone"),
        (["--sources", "no-such-folder"], {}, "no-such-folder"),
        ([], {"MYOCLAIMS_BATCH_SIZE": "0"}, "MYOCLAIMS_BATCH_SIZE"),
        ([], {"MYOCLAIMS_RETRY_TIMES": "-1"}, "MYOCLAIMS_RETRY_TIMES"),
    ],
)
def test_what_cannot_be_served_is_told_at_once(
    options: list[str],
    variables: dict[str, str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in {**UNATTENDED, **variables}.items():  # also so that what `serve` sets does not stay
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        main(["serve", *options])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_prefect_yaml_is_in_step_with_serve(timetable: Timetable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (written,) = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    keywords = nightly(Path("sources/catalog.toml"), Path("outputs/claims.duckdb"), None, timetable)
    made = asyncio.run(claims_flow.ato_deployment(**keywords))
    flow: Flow[..., Any] = load_flow_from_entrypoint(written["entrypoint"])
    assert (flow.name, flow.on_crashed_hooks) == (claims_flow.name, claims_flow.on_crashed_hooks)
    assert (written["name"], written["description"]) == (made.name, made.description)
    paths = {name: str(ROOT / written["parameters"][name]) for name in ("sources", "db")}
    assert written["parameters"] | paths == made.parameters
    assert [CronSchedule(**schedule) for schedule in written["schedules"]] == [
        schedule.schedule for schedule in made.schedules or ()
    ]
    assert written["concurrency_limit"] == {
        "limit": made.concurrency_limit,
        "collision_strategy": ONE_AT_A_TIME.collision_strategy.value,
    }


# What there is to serve with


def test_server_of_the_user_that_does_not_answer_is_told(tmp_path: Path) -> None:
    absent = {PREFECT_API_URL: "http://127.0.0.1:9/api", PREFECT_HOME: tmp_path}
    with temporary_settings(absent), pytest.raises(ServerError, match=re.escape("127.0.0.1:9")):
        serve({}, [], None, print)


def test_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServerError, match="--port"), own_server(tmp_path, taken.getsockname()[1]):
            pass


def test_one_machine_serves_once(tmp_path: Path) -> None:
    with temporary_settings({PREFECT_HOME: tmp_path}), (tmp_path / "serving.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ServerError, match="serves already"):
            serve({}, [], None, print)


@pytest.mark.parametrize(("path", "watched"), [("", ["folder"]), ("a.txt", ["a-txt"]), ("catalog.toml", ["notes"])])
def test_watched_are_the_marked_sources_of_a_catalog_or_the_folder_given(
    tmp_path: Path, path: str, watched: list[str]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text(TINY)
    (folder / "catalog.toml").write_text(
        '[[source]]\nsource_id = "notes"\ntitle = "x"\nkind = "folder"\nlocation = "."\nwatch = true\n'
        '[[source]]\nsource_id = "other"\ntitle = "x"\nkind = "folder"\nlocation = "."\n'
    )
    found = watched_sources(folder / path)
    assert [source.source_id for source in found] == watched
    assert all(source.watch for source in found)


# Runs


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


def serving(home: Path, log: str, **variables: str) -> AbstractContextManager[Command]:
    """`myoclaims serve` of a user who wants the articles of `home` in a database there, and hardly ever."""
    options = ["--sources", str(home / "articles"), "--db", str(home / "claims.duckdb"), "--cron", NEVER_SOON]
    arguments = ["-m", "pipeline", "serve", *options, "--timezone", "UTC"]
    return python(arguments, environment(home, **variables), home / log)


def pages(command: Command) -> str:
    """The address that the command names when it has begun to serve."""

    def named() -> re.Match[str] | None:
        assert command.process.poll() is None, command.said()
        return re.search(r"http://127.0.0.1:[0-9]+", command.said())

    return wait_until("it serves", named, 120)[0]


@pytest.fixture(scope="module")
def nightly_deployment(home: Path, client: SyncPrefectClient) -> Iterator[DeploymentResponse]:
    """As it is served, on the server, while these tests last."""
    with serving(home, "serve.log", PREFECT_API_URL=str(client.api_url)) as command:
        pages(command)
        yield client.read_deployment_by_name("myokine claims/nightly")
        assert command.ended_by(signal.SIGINT) == 0, command.said()


def runs(client: SyncPrefectClient, deployment: DeploymentResponse) -> dict[str, FlowRun]:
    found = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment.id]))
    return {run.name: run for run in client.read_flow_runs(flow_run_filter=found)}


def ended_as(client: SyncPrefectClient, deployment: DeploymentResponse, name: str, state: str) -> FlowRun:
    """The run of this name, when it is in this state."""

    def reached() -> FlowRun | None:
        run = runs(client, deployment).get(name)
        return run if run and run.state_name == state else None

    return wait_until(f"{name} is {state}", reached)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A run that a schedule began, and when it was due."""

    run: FlowRun
    due: datetime


@pytest.fixture(scope="module")
def scheduled(client: SyncPrefectClient, nightly_deployment: DeploymentResponse) -> Scheduled:
    """The first run of the module, which publishes the database of `home`."""
    due = datetime.now(UTC) + timedelta(seconds=6)
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


@dataclass(frozen=True, slots=True)
class AtWork:
    """A run that is at work for as long as the tests need it, its process, and the article that it is at."""

    run: FlowRun
    process: int
    article: Path


def at_work(client: SyncPrefectClient, deployment: DeploymentResponse, folder: Path) -> AtWork:
    (folder / "articles").mkdir()
    article, lock = folder / "articles/a.txt", folder / "claims.duckdb.lock"
    article.write_text(LONG)
    parameters = {"sources": str(article.parent), "db": str(folder / "claims.duckdb")}
    run = client.create_flow_run_from_deployment(deployment.id, parameters=parameters)
    process = int(wait_until("the run holds the lock", lambda: lock.read_text() if lock.is_file() else ""))
    return AtWork(run, process, article)


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


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_what_was_at_work_when_serving_was_killed_begins_anew_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    with serving(tmp_path, "killed.log") as command, SyncPrefectClient(f"{pages(command)}/api") as client:
        deployment = client.read_deployment_by_name("myokine claims/nightly")
        (tmp_path / "long").mkdir()
        long_run = at_work(client, deployment, tmp_path / "long")
        started = descendants(command.process.pid)
        assert long_run.process in started
        command.ended_by(signal.SIGKILL)
    wait_until("all that it started is gone", lambda: not any(map(is_alive, started)))
    long_run.article.write_text(TINY)
    with serving(tmp_path, "again.log") as command, SyncPrefectClient(f"{pages(command)}/api") as client:
        ended_as(client, deployment, long_run.run.name, "Crashed")
        ended_as(client, deployment, f"{long_run.run.name}, try 2", "Completed")
        started = descendants(command.process.pid)
        assert command.ended_by(signal.SIGTERM) == 0, command.said()
    wait_until("all that it started is gone", lambda: not any(map(is_alive, started)))
