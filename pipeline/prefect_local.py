"""How Prefect runs on this machine alone: quietly, without an account, and without telling anybody."""

import os
import sys
import tempfile
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

ALWAYS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}
WATCHED = {
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_ROOT_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}
UNATTENDED = {
    "PREFECT_LOGGING_LEVEL": "INFO",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    # What this project logs within a run goes to the server, beside what Prefect says of the run.
    "PREFECT_LOGGING_EXTRA_LOGGERS": "pipeline",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}
CHOSEN_BY_USER = ("PREFECT_HOME", "PREFECT_PROFILE", "PREFECT_API_URL")
ANSWER_WITHIN_S = 10.0
WIND_DOWN_S = 10.0
OWN_MACHINE = ("127.0.0.1", "localhost")


class ServerError(RuntimeError):
    """The Prefect server that the user names cannot be reached."""


def settle(environ: MutableMapping[str, str] = os.environ, *, unattended: bool = False) -> None:
    """Complete `environ` for a run; call it before Prefect is imported, which reads it once.

    What the user has set stays. Without a server of theirs, Prefect keeps its files in a folder of this
    project in the user's cache, or in a temporary one where that cannot be written. Prefect is silent while a person
    watches the run, and says what it does in `unattended` ones, which have a folder of their own.
    """
    for name, value in (ALWAYS | (UNATTENDED if unattended else WATCHED)).items():
        environ.setdefault(name, value)
    if not any(environ.get(name) for name in CHOSEN_BY_USER):
        environ["PREFECT_HOME"] = str(_home(environ, "serving" if unattended else "prefect"))
    # The temporary server is on this machine: a proxy must not be asked for it.
    named = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    hosts = [host for host in named.split(",") if host]
    environ["no_proxy"] = environ["NO_PROXY"] = ",".join([*hosts, *(h for h in OWN_MACHINE if h not in hosts)])


def _home(environ: Mapping[str, str], folder: str) -> Path:
    cache = environ.get("XDG_CACHE_HOME") or os.path.join(environ.get("HOME") or os.path.expanduser("~"), ".cache")
    home = Path(cache) / "myoclaims" / folder
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return home
    except OSError:
        return Path(tempfile.mkdtemp(prefix="myoclaims-prefect-"))


def require_server(url: str) -> None:
    """Raise ServerError where nothing answers at `url`, the API of the Prefect server that the user names."""
    try:
        with urlopen(url.rstrip("/") + "/health", timeout=ANSWER_WITHIN_S):
            return
    except HTTPError:
        return  # it answers; whether it lets us in is for Prefect to say
    except (OSError, ValueError) as error:
        raise ServerError(
            f"PREFECT_API_URL is {url!r}, but no Prefect server answers there ({error}). "
            "Start one with `prefect server start`, or unset the variable to run without."
        ) from error


def wind_down() -> None:
    """End Prefect's background threads, if it was loaded; call it when the process is about to exit.

    They would live on while Python tears everything down, and DuckDB's binding then prints pages of warnings.
    """
    if "prefect.events.worker" in sys.modules:
        sys.modules["prefect.events.worker"].EventsWorker.drain_all(timeout=WIND_DOWN_S)
        threads = sys.modules["prefect._internal.concurrency.threads"]
        for loop in (threads.get_global_loop(), threads.get_run_sync_loop()):
            loop.shutdown()
            loop.thread.join(WIND_DOWN_S)
