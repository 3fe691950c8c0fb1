"""The Prefect server that runs without a server of the user's report to: a process that ends with this one.

It is the same server that Prefect would start by itself. Started here, it comes up while this process still loads its
libraries, its code is not loaded here too, and it is never left behind by a process that was killed: its standard
input is held open by whoever started it, and it ends when that closes.
"""

import atexit
import fcntl
import gc
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from time import monotonic
from urllib.request import urlopen

from pipeline.prefect_local import ServerError, require_server
from pipeline.same_imports import same_imports

HOST = "127.0.0.1"
ADDRESS = "PREFECT_API_URL"
START_WITHIN_S = 180.0
_servers: dict[str, "TemporaryServer"] = {}  # by the address of their API


class TemporaryServer:
    """A server on a free port of this machine; it is coming up when this returns."""

    def __init__(self) -> None:
        with socket.create_server((HOST, 0)) as listening:
            self.api = f"http://{HOST}:{listening.getsockname()[1]}/api"
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(listening.fileno())],
                env=os.environ | same_imports(),
                stdin=subprocess.PIPE,
                pass_fds=[listening.fileno()],
                start_new_session=True,  # Ctrl-C in the terminal is for us, who still have things to tell it
            )
        atexit.register(self.end)

    @property
    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self._process.poll() is None

    def wait(self) -> None:
        """Return when it answers; raises ServerError if it does not."""
        deadline = monotonic() + START_WITHIN_S
        while (left := deadline - monotonic()) > 0 and self.is_alive:
            try:
                # it listens from the beginning, and answers when it is ready
                with urlopen(f"{self.api}/health", timeout=left):
                    return
            except (OSError, HTTPException):
                continue
        code = self._process.poll()
        what = "did not answer in time" if code is None else f"ended at once (exit code {code})"
        raise ServerError(
            f"Prefect's temporary server {what}. Start one with `prefect server start` and name it in "
            "PREFECT_API_URL; it tells what is wrong."
        )

    def end(self) -> None:
        """Let it end now."""
        # Nothing of it is needed any more, and SQLite's files stand a kill; an orderly end takes seconds.
        self._process.kill()
        self._process.wait()


def begin_server() -> TemporaryServer | None:
    """Let a server come up, and report to it from now on, to the exit of this process; or None: the user has one.

    Raises ServerError if the user's does not answer.
    """
    # Before Prefect is loaded, which takes as long; the user may name a server where only Prefect looks
    begun = None if os.environ.get(ADDRESS) else TemporaryServer()
    from prefect.context import refresh_global_settings_context
    from prefect.settings import PREFECT_API_URL

    refresh_global_settings_context()  # Prefect may have been imported long before
    named = PREFECT_API_URL.value() or ""
    if named and named not in _servers:
        if begun:
            begun.end()
        require_server(named)
        return None
    begun = begun or (_servers[named] if _servers[named].is_alive else TemporaryServer())
    _servers[begun.api] = begun
    # Prefect's threads and worker processes look there, and not at settings that hold for a block
    os.environ[ADDRESS] = begun.api
    refresh_global_settings_context()
    return begun


@contextmanager
def out_of_reach() -> Iterator[None]:
    """Within the block nothing reports to a temporary server: workers of other machines could not reach it."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: None} if PREFECT_API_URL.value() in _servers else None):
        yield


def main() -> None:
    """Be the server on the listening socket whose number is the argument, until standard input ends."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    listening = socket.socket(fileno=int(sys.argv[1]))
    gc.disable()  # there is no garbage among what is loaded, and looking for it takes a quarter of the time
    import uvicorn
    from prefect.server.api.server import create_app
    from prefect.settings import PREFECT_HOME

    home = PREFECT_HOME.value()

    class OneAtATime(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            with _alone_in(home):
                await super().startup(sockets)

    config = uvicorn.Config(create_app(ephemeral=True, final=True), log_level="error", lifespan="on")
    gc.freeze()
    gc.enable()
    OneAtATime(config).run(sockets=[listening])


@contextmanager
def _alone_in(home: Path) -> Iterator[None]:
    """Wait until no other server starts in `home`: the first one there creates its tables, which two at once cannot."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "starting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _end_with_input() -> None:
    while os.read(0, 1024):
        continue
    os._exit(0)


if __name__ == "__main__":
    main()
