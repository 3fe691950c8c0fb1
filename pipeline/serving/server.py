"""A Prefect server of our own: a process of this machine that no other machine reaches, for as long as we serve."""

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
ANY = 0
START_WITHIN_S = 180.0
STOP_WITHIN_S = 15.0


@contextmanager
def own_server(home: Path, port: int | None = None) -> Iterator[str]:
    """A server on `port` (default: the usual one, or any other where that is taken), with its log in `home`.

    Yields the address of its pages; while the context lasts, PREFECT_API_URL is that of its API. Raises ServerError
    where the port is taken or the server does not come up.
    """
    chosen = _free_port((USUAL_PORT, ANY) if port is None else (port,))
    pages, log = f"http://{HOST}:{chosen}", home / "server.log"
    process = get_context("spawn").Process(target=_run, args=(chosen, log), name="prefect server", daemon=True)
    process.start()
    os.environ["PREFECT_API_URL"] = f"{pages}/api"
    try:
        _await_health(process, pages, log)
        yield pages
    finally:
        del os.environ["PREFECT_API_URL"]
        process.terminate()
        process.join(STOP_WITHIN_S)
        process.kill()
        process.join()


def _run(port: int, log: Path) -> None:
    os.setsid()  # Ctrl-C in the terminal is for those who serve: they still have to say how a run ended
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    end_with_parent()
    from prefect.cli import app

    sys.argv = ["prefect", "server", "start", "--host", HOST, "--port", str(port)]
    app()


def _free_port(wanted: Sequence[int]) -> int:
    for port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerError(f"Port {wanted[0]} of {HOST} is taken by another program; name another one with --port.")


def _await_health(process: SpawnProcess, pages: str, log: Path) -> None:
    deadline = monotonic() + START_WITHIN_S
    while process.is_alive() and monotonic() < deadline:
        try:
            with urlopen(f"{pages}/api/health", timeout=5):
                return
        except OSError:
            process.join(0.2)
    what = "did not answer in time" if process.is_alive() else f"ended at once (exit code {process.exitcode})"
    raise ServerError(f"The Prefect server that was to come up at {pages} {what}; {log} says why.")
