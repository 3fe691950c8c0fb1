"""Serving with a server of our own, in the worst case: nothing is left behind, and nothing is forgotten."""

import signal
from pathlib import Path

import pytest
from prefect.client.orchestration import SyncPrefectClient

from tests.serving.prefect_server import (
    DEPLOYMENT,
    TINY,
    at_work,
    descendants,
    ended_as,
    is_alive,
    pages,
    serving,
    wait_until,
)

pytestmark = pytest.mark.endurance


@pytest.mark.endurance
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_what_was_at_work_when_serving_was_killed_begins_anew_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    with serving(tmp_path, "killed.log") as command, SyncPrefectClient(f"{pages(command)}/api") as client:
        deployment = client.read_deployment_by_name(DEPLOYMENT)
        long_run = at_work(client, deployment, tmp_path / "long")
        started = descendants(command.process.pid)
        assert long_run.process in started
        command.ended_by(signal.SIGKILL)
    wait_until("all that it started is gone", lambda: not any(map(is_alive, started)))
    long_run.article.write_text(TINY)
    with serving(tmp_path, "again.log") as command, SyncPrefectClient(f"{pages(command)}/api") as client:
        ended_as(client, deployment, f"{long_run.run.name}, try 2", "Completed")
        assert client.read_flow_run(long_run.run.id).state_name in ("Crashed", "Failed")
        started = descendants(command.process.pid)
        assert command.ended_by(signal.SIGTERM) == 0, command.said()
    wait_until("all that it started is gone", lambda: not any(map(is_alive, started)))
