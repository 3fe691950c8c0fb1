"""A Prefect server of our own: a process of this machine that no other machine reaches, for as long as we serve."""

import json
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from pathlib import Path
from time import monotonic
from urllib.request import urlopen

from pipeline.lifeline import end_with_parent
from pipeline.prefect_local import ServerError

HOST = "127.0.0.1"
USUAL_PORT = 4200
ANY_PORT = 0
START_WITHIN_S = 180.0
STOP_WITHIN_S = 15.0


@contextmanager
def own_server(home: Path, port: int | None = None) -> Iterator[str]:
    """A server on `port` (default: the usual one, or any other where that is taken), with its log in `home`.

    `home` is that of Prefect's settings, and nobody else may start a server there meanwhile. Yields the address of its
    pages; while the context lasts, PREFECT_API_URL is that of its API. Raises ServerError where the port is taken or
    the server does not come up.
    """
    process, pages = _come_up(home, (USUAL_PORT, ANY_PORT) if port is None else (port,))
    os.environ["PREFECT_API_URL"] = f"{pages}/api"
    try:
        yield pages
    finally:
        del os.environ["PREFECT_API_URL"]
        _end(process)


def _come_up(home: Path, ports: Sequence[int]) -> tuple[SpawnProcess, str]:
    """A server on the first of `ports` on which it answers, and the address of its pages."""
    why = f"Port {ports[0]} of {HOST} is taken by another program; name another one with --port."
    log = home / "server.log"
    for port in filter(None, map(_free, ports)):
        process = get_context("spawn").Process(target=_run, args=(port, log), name="prefect server", daemon=True)
        process.start()
        pages = f"http://{HOST}:{port}"
        if _answers(process, pages, home):
            return process, pages
        what = "did not answer in time" if process.is_alive() else f"ended at once (exit code {process.exitcode})"
        why = f"The Prefect server that was to come up at {pages} {what}; {log} says why."
        _end(process)
    raise ServerError(why)


def _run(port: int, log: Path) -> None:
    os.setsid()  # Ctrl-C in the terminal is for those who serve: they still have to say how a run ended
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    end_with_parent()
    from prefect.cli import app

    sys.argv = ["prefect", "server", "start", "--host", HOST, "--port", str(port)]
    app()


def _free(port: int) -> int:
    """`port`, or one that is free where it is `ANY_PORT`; 0 where it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])


def _answers(process: SpawnProcess, pages: str, home: Path) -> bool:
    """Whether the server comes up; another one, which took the port meanwhile, has another home."""
    deadline = monotonic() + START_WITHIN_S
    while process.is_alive() and monotonic() < deadline:
        if _home_of_server(pages) == str(home):
            return True
        process.join(0.2)
    return False


def _home_of_server(pages: str) -> str | None:
    try:
        with urlopen(f"{pages}/api/admin/settings", timeout=5) as settings:
            return str(json.load(settings).get("home"))
    except (OSError, ValueError):
        return None  # it does not answer yet


def _end(process: SpawnProcess) -> None:
    process.terminate()
    process.join(STOP_WITHIN_S)
    process.kill()
    process.join()
