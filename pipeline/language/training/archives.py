"""The archives that the model is trained from: `corpora.tsv` names them with hashes, licences and uses."""

import hashlib
import tarfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.language.training.tables import rows


class ArchiveError(RuntimeError):
    """An archive is missing or is not the one that the model was trained from."""


@dataclass(frozen=True)
class Archive:
    """A row of `corpora.tsv`; the file is `<name>.tar.xz`."""

    name: str
    sha256: str
    licence: str
    used_for: str

    def file_in(self, folder: Path) -> Path:
        """Where the archive lies in a folder of archives."""
        return folder / f"{self.name}.tar.xz"


@cache
def archives() -> tuple[Archive, ...]:
    """The archives, in the order of the table."""
    return tuple(Archive(r["archive"], r["sha256"], r["licence"], r["used_for"]) for r in rows("corpora.tsv"))


def unpack(folder: Path, to: Path) -> None:
    """Unpack every archive of the table. ArchiveError names one that is missing or differs."""
    for archive in archives():
        path = archive.file_in(folder)
        if not path.is_file():
            names = ", ".join(f"{a.name}.tar.xz" for a in archives())
            raise ArchiveError(f"{path} is missing: give the folder that holds {names}")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != archive.sha256:
            raise ArchiveError(
                f"{path} has the SHA-256 {found[:12]}…, and {archive.sha256[:12]}… was expected: figures "
                "from other data cannot be compared. Get the archive again, or write the new hash into corpora.tsv"
            )
        with tarfile.open(path) as tar:
            tar.extractall(to, filter="data")
