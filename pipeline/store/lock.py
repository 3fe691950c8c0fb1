"""One run at a time on one database: a lock of the operating system, which a killed run cannot leave behind."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.store.errors import DatabaseBusyError, OutputNotWritableError


@contextmanager
def exclusive(db: Path) -> Iterator[None]:
    """Hold `<db>.lock` while the context lasts; it holds the process id of its holder.

    Raises `DatabaseBusyError` if another run holds it, `OutputNotWritableError` if it cannot be made.
    """
    path = db.with_name(db.name + ".lock")
    handle = _acquire(path, db)
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def holder(db: Path) -> str | None:
    """The process id of the run that is building `db` now, if there is one (`?` where it did not say)."""
    try:
        handle = os.open(db.with_name(db.name + ".lock"), os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "?"
    else:
        return None
    finally:
        os.close(handle)


def _acquire(path: Path, db: Path) -> int:
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise not_writable(path.parent, error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
            os.close(handle)
            raise DatabaseBusyError(
                f"Another run is building {db}" + (f" (process {holder})" if holder else "") + ". "
                "Wait until it has finished, or write to another file with --db."
            ) from error
        # The last holder may have removed the file between our open and our lock: then the lock binds nobody.
        if _is_same_file(handle, path):
            return handle
        os.close(handle)


def _is_same_file(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def not_writable(folder: Path, error: OSError) -> OutputNotWritableError:
    """The error for a folder that cannot be written to."""
    return OutputNotWritableError(
        f"Cannot write to the folder {folder}: {error.strerror or error}. "
        f"Make it writable, or write elsewhere (--db for the database, --to for exports)."
    )
