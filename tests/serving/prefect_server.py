"""Real Prefect servers, and processes that serve, for tests: on 127.0.0.1, with their files in a folder of the test."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.request import urlopen

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse

ROOT = Path(__file__).parents[2]
FOR_TESTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "1",
    "PREFECT_RUNNER_POLL_FREQUENCY": "1",
    "MYOCLAIMS_RETRY_AFTER_S": "1",
    "NO_PROXY": "127.0.0.1",
    "no_proxy": "127.0.0.1",
    "PWD": str(ROOT),
}
OF_OTHERS = ("PREFECT_", "MYOCLAIMS_", "XDG_")
DEPLOYMENT = "myokine claims/nightly"
TINY = "Irisin increases BDNF in mice.\n"
LONG = "".join(f"Irisin increases BDNF in {number} mice of {number + 2}. " for number in range(20_000))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Command:
    """A process that runs, and the file with what it says."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def ended_by(self, number: signal.Signals) -> int:
        """The exit code after the signal."""
        self.process.send_signal(number)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # with PYTHONFAULTHANDLER=1 it says where it hangs
            raise AssertionError(self.said()) from None


def environment(home: Path, **more: str) -> dict[str, str]:
    """That of a user with this home who has set nothing but `more`; Prefect looks for work often."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_OTHERS)}
    return kept | FOR_TESTS | {"HOME": str(home)} | more


def wait_until(what: str, happened: Callable[[], T | None], within_s: float = 120.0) -> T:
    """The first answer that is true."""
    deadline = time.monotonic() + within_s
    while not (found := happened()):
        assert time.monotonic() < deadline, f"waited {within_s} s in vain until {what}"
        time.sleep(0.1)
    return found


@contextmanager
def python(arguments: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator[Command]:
    """`python` with `arguments` in the repository, killed at the end if it did not end before."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield Command(process, log)
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # Prefect's server may wait for the last of its callers for ever


@contextmanager
def prefect_server(folder: Path) -> Iterator[str]:
    """The address of the API of a server, started as a user does and with its files in `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    arguments = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with python(arguments, environment(folder), folder / "server.log") as command:

        def is_up() -> bool:
            assert command.process.poll() is None, command.said()
            try:
                with urlopen(f"{url}/health", timeout=5):
                    return True
            except OSError:
                return False

        wait_until("the server is up", is_up, 120)
        yield url


def serving(home: Path, log: str, **variables: str) -> AbstractContextManager[Command]:
    """`myoclaims serve` of a user who wants the articles of `home` in a database there, and hardly ever."""
    options = ["--sources", str(home / "articles"), "--db", str(home / "claims.duckdb"), "--cron", "0 3 1 1 *"]
    arguments = ["-m", "pipeline", "serve", *options, "--timezone", "UTC"]
    return python(arguments, environment(home, **variables), home / log)


def pages(command: Command) -> str:
    """The address that the command names when it has begun to serve."""

    def named() -> re.Match[str] | None:
        assert command.process.poll() is None, command.said()
        return re.search(r"http://127.0.0.1:[0-9]+", command.said())

    return wait_until("it serves", named, 120)[0]


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
class AtWork:
    """A run that is at work for as long as the tests need it, its process, and the article that it is at."""

    run: FlowRun
    process: int
    article: Path


def at_work(client: SyncPrefectClient, deployment: DeploymentResponse, folder: Path) -> AtWork:
    """A run over a long article, with its database in `folder`."""
    (folder / "articles").mkdir(parents=True)
    article, lock = folder / "articles/a.txt", folder / "claims.duckdb.lock"
    article.write_text(LONG)
    parameters = {"sources": str(article.parent), "db": str(folder / "claims.duckdb")}
    run = client.create_flow_run_from_deployment(deployment.id, parameters=parameters)
    process = int(wait_until("the run holds the lock", lambda: lock.read_text() if lock.is_file() else ""))
    return AtWork(run, process, article)


def descendants(pid: int) -> set[int]:
    """The processes that `pid` started, and those that these started."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = parent_of(int(folder.name))
        except OSError:
            continue  # it ended meanwhile
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def parent_of(pid: int) -> int:
    return int(_after_name(Path(f"/proc/{pid}/stat"))[1])


def is_alive(pid: int) -> bool:
    try:
        return _after_name(Path(f"/proc/{pid}/stat"))[0] != "Z"
    except OSError:
        return False


def _after_name(stat: Path) -> list[str]:
    """The fields of a process after its name: state, parent, …"""
    return stat.read_text().rpartition(")")[2].split()
