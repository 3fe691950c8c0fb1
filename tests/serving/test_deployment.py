"""The deployment and its schedule: what is understood, what is refused, and that `prefect.yaml` says the same."""

import asyncio
import fcntl
import re
import signal
import socket
import threading
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import Flow
from prefect.client.schemas.schedules import CronSchedule
from prefect.flows import load_flow_from_entrypoint
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from flows import claims_flow
from pipeline.cli import main
from pipeline.prefect_local import ALWAYS, UNATTENDED, ServerError
from pipeline.serving.deployment import ONE_AT_A_TIME, ScheduleError, Timetable, nightly, read_timetable
from pipeline.serving.ending import end_for_certain
from pipeline.serving.on_change import watched_sources
from pipeline.serving.server import own_server
from pipeline.serving.service import serve
from tests.serving.prefect_server import ROOT


@pytest.fixture
def timetable() -> Timetable:
    return read_timetable("0 3 * * *", "UTC")


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
    assert (ALWAYS | UNATTENDED).items() >= written["work_pool"]["job_variables"]["env"].items()


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
    (folder / "a.txt").write_text("Irisin increases BDNF in mice.")
    (folder / "catalog.toml").write_text(
        '[[source]]\nsource_id = "notes"\ntitle = "x"\nkind = "folder"\nlocation = "."\nwatch = true\n'
        '[[source]]\nsource_id = "other"\ntitle = "x"\nkind = "folder"\nlocation = "."\n'
    )
    found = watched_sources(folder / path)
    assert [source.source_id for source in found] == watched
    assert all(source.watch for source in found)


def hang_at_the_end() -> None:
    end_for_certain(1)
    threading.Thread(target=threading.Event().wait).start()


def test_process_that_is_done_ends_for_certain() -> None:
    process = get_context("spawn").Process(target=hang_at_the_end)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGALRM
