"""What is told in the morning of a run that failed at night: a note beside the database, until a run goes well."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.store import DatabaseBusyError


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed: when (UTC), and the error in words."""

    at: str
    error: str


@contextmanager
def noting_failure(db: Path) -> Iterator[None]:
    """Leave a note beside `db` if the run in the context fails, and remove one that is there if it ends well.

    A run that was refused since another one is at work has not failed.
    """
    note = _note(db)
    try:
        yield
    except DatabaseBusyError:
        raise
    except Exception as error:
        failure = Failure(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}", f"{type(error).__name__}: {error}")
        # where not even a note can be written the error itself must do
        with suppress(OSError):
            note.write_text(json.dumps(asdict(failure)), encoding="utf-8")
        raise
    note.unlink(missing_ok=True)


def last_failure(db: Path) -> Failure | None:
    """The failure since the last run that went well, if there was one."""
    try:
        return Failure(**json.loads(_note(db).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        return Failure("an unknown time", f"the note {_note(db)} cannot be read ({error})")


def _note(db: Path) -> Path:
    return db.with_name(f"{db.name}.failure")
