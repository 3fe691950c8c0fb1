"""The Prefect server of a run, where several runs begin at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving.prefect_server import ROOT, environment

AT_ONCE = 4
BEGIN = """
from pipeline.prefect_local import settle

settle()
from pipeline.temporary_server import begin_server

begin_server().wait()
"""


@pytest.mark.endurance
def test_runs_that_begin_at_once_on_a_new_machine_all_have_their_server(tmp_path: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", BEGIN],
            cwd=ROOT,
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(AT_ONCE)
    ]
    assert [run.communicate(timeout=180)[0] for run in started] == [""] * AT_ONCE
    assert [run.returncode for run in started] == [0] * AT_ONCE
