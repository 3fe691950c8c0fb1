"""The files of a build: the lock, the copy that is built on, and the rename that publishes it."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pipeline.store.errors import DatabaseBusyError, OutputNotWritableError
from pipeline.store.lock import exclusive, not_writable


class Workplace:
    """The published database `db` and the files beside it that exist only during a build."""

    def __init__(self, db: Path) -> None:
        self.db = db
        self.building = _beside(db, ".building")
        self.spill = _beside(db, ".spill")

    @contextmanager
    def prepared(self) -> Iterator[bool]:
        """Lock the database and lay out what to build on; gives whether that is nothing, since there is no database.

        A copy of the published database lies at `building` then; leftovers of a killed run are removed, and so
        are the files of this build in the end. Raises `DatabaseBusyError` or `OutputNotWritableError`.
        """
        if self.db.is_dir():
            raise OutputNotWritableError(f"{self.db} is a folder; expected the path of a database file (--db).")
        with ExitStack() as undo:
            try:
                self.db.parent.mkdir(parents=True, exist_ok=True)
                undo.enter_context(exclusive(self.db))
                undo.callback(self._discard)
                self._discard()
                is_new = not self.db.exists()
                if not is_new:
                    self._copy()
            except OSError as error:
                raise not_writable(self.db.parent, error) from error
            yield is_new

    def publish(self) -> None:
        """Put the file at `building`, which nobody has open any more, in the place of `db`, for good."""
        try:
            with self.building.open("rb") as file:
                os.fsync(file.fileno())
            # a log of changes belongs to the old file and was taken in by the copy
            _beside(self.db, ".wal").unlink(missing_ok=True)
            os.replace(self.building, self.db)
            folder = os.open(self.db.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise not_writable(self.db.parent, error) from error

    def _copy(self) -> None:
        with self.db.open("rb") as published, self.building.open("wb") as building:
            try:
                # DuckDB holds this lock on a file that it has open for writing
                fcntl.lockf(published, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError) as error:
                raise DatabaseBusyError(
                    f"{self.db} is open for writing in another program. Close it there and run again."
                ) from error
            shutil.copyfileobj(published, building, 1 << 20)
            if _beside(self.db, ".wal").exists():
                shutil.copyfile(_beside(self.db, ".wal"), _beside(self.building, ".wal"))

    def _discard(self) -> None:
        self.building.unlink(missing_ok=True)
        _beside(self.building, ".wal").unlink(missing_ok=True)
        shutil.rmtree(self.spill, ignore_errors=True)


def unfinished_since(db: Path) -> float | None:
    """When a run last wrote to the file that it was building (seconds since 1970), if it lies there still."""
    try:
        return _beside(db, ".building").stat().st_mtime
    except OSError:
        return None


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
