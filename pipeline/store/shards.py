"""Shards: what a batch of articles gave, as one Parquet file that workers write and the one writer of a run loads.

A shard is named by what went into it and by what came out: `<key>-<digest>.parquet`, where the key is a hash of the
articles and of the pipeline, and the digest one of the file's bytes. Whoever extracts the same batch again, on any
machine, writes the same file; a file whose bytes do not fit its name is broken and is never loaded.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Self
from uuid import uuid4

import duckdb
import fsspec
from fsspec.implementations.local import LocalFileSystem

from pipeline.records import Extraction, stable_id
from pipeline.store.errors import BrokenShardError, OutputNotWritableError
from pipeline.store.parts import write_file

DIGEST_BYTES = 16
BEGUN = "begun"


@dataclass(frozen=True, slots=True)
class Shard:
    """The name of a shard at its location; it says by itself whether a file is the right one."""

    name: str

    @property
    def digest(self) -> str:
        """Hash of the bytes that the file must have."""
        return PurePosixPath(self.name).stem.rpartition("-")[2]


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards at `location`: a folder, or the address of one that fsspec knows (`s3://…`, `memory://…`).

    Every worker and the writer must reach it. Raises OutputNotWritableError where it cannot be written, and lets a
    ConnectionError pass.
    """

    location: str

    @classmethod
    def of(cls, db: Path, place: str) -> Self:
        """Those of the database `db`, in a folder of `place`; where that is empty, in one beside the database."""
        if not place:
            return cls(str(db.absolute().with_name(f"{db.name}.shards")))
        return cls(f"{place.rstrip('/')}/{stable_id('db', db.absolute())}")

    def begin(self) -> str:
        """A name for what is written from now until it is discarded; a run that goes on after a crash gets the same."""
        files, root = self._opened()
        path = f"{root}/{BEGUN}"
        try:
            files.makedirs(root, exist_ok=True)
            if not files.exists(path):
                files.pipe_file(path, uuid4().hex.encode())
            return str(files.cat_file(path).decode("ascii", "replace"))
        except OSError as error:
            raise self._not_writable(error) from error

    def write(self, key: str, extractions: Sequence[Extraction], pipeline_key: str) -> Shard:
        """Write what a batch called `key` gave; a shard appears whole or not at all."""
        with tempfile.TemporaryDirectory(prefix="myoclaims-shard-") as scratch:
            file = Path(scratch) / "shard.parquet"
            try:
                write_file(extractions, pipeline_key, file)
                data = file.read_bytes()
                shard = Shard(f"{key}-{_digest(data)}.parquet")
                files, root = self._opened()
                files.makedirs(root, exist_ok=True)
                # a name of its own, so that two workers with the same batch are not in each other's way
                part = f"{root}/.{shard.name}.{Path(scratch).name}"
                files.pipe_file(part, data)
                files.mv(part, f"{root}/{shard.name}")
            except ConnectionError:
                raise  # of a place on the network: the next try may go well
            except (OSError, duckdb.IOException) as error:
                raise self._not_writable(error) from error
        return shard

    @contextmanager
    def file(self, shard: Shard) -> Iterator[Path]:
        """The file of `shard` on this machine while the context lasts; raises BrokenShardError if it is not whole."""
        files, root = self._opened()
        try:
            data = files.cat_file(f"{root}/{shard.name}")
        except OSError as error:
            raise BrokenShardError(f"The shard {shard.name} is not at {self.location} ({error}).") from error
        if _digest(data) != shard.digest:
            raise BrokenShardError(
                f"The shard {shard.name} at {self.location} is damaged: its bytes have another hash."
            )
        if isinstance(files, LocalFileSystem):
            yield Path(root) / shard.name
            return
        with tempfile.TemporaryDirectory(prefix="myoclaims-shard-") as scratch:
            copy = Path(scratch) / shard.name
            copy.write_bytes(data)
            yield copy

    def discard(self) -> None:
        """Remove all shards, when what they hold is published. A folder that holds anything else stays."""
        files, root = self._opened()
        if not files.exists(root):
            return
        for path in files.ls(root, detail=False):
            if _is_ours(PurePosixPath(path).name):
                files.rm_file(path)
        if isinstance(files, LocalFileSystem) and not any(Path(root).iterdir()):
            shutil.rmtree(root)

    def _opened(self) -> tuple[Any, str]:
        files, root = fsspec.core.url_to_fs(self.location)
        return files, str(root).rstrip("/")

    def _not_writable(self, error: Exception) -> OutputNotWritableError:
        return OutputNotWritableError(
            f"Cannot write shards to {self.location}: {getattr(error, 'strerror', None) or error}. "
            "Make it writable, free some space, or name another place in MYOCLAIMS_SHARDS."
        )


def _is_ours(name: str) -> bool:
    return name == BEGUN or (name.removeprefix(".").startswith("shard_") and ".parquet" in name)


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=DIGEST_BYTES).hexdigest()
