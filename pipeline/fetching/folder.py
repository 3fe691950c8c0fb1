"""Articles that lie in a folder, or in one file, on this machine."""

import stat
from collections.abc import Iterator
from pathlib import Path

from pipeline.fetching.terms import Clock, FetchLimits, Terms, in_megabytes
from pipeline.records import Fetched, Reject, Source, Stage

READABLE_SUFFIXES = frozenset(
    {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".xml", ".nxml", ".json", ".pdf", ""}
)


def fetch_folder(source: Source, terms: Terms) -> Iterator[Fetched | Reject]:
    """Offer every file of the folder `source.location` that matches `source.glob`, sorted by relative path.

    Hidden files and folders (a name that begins with a dot) are passed over. What cannot be used comes as a
    `Reject`: another suffix than the readable ones, a file over the limit, a link that leaves the folder,
    a file that may not be opened. One file at a time is in memory.
    """
    root = Path(source.location)
    if not root.is_dir():
        yield _missing(source, "folder" if not root.exists() else "folder, but a file lies there")
        return
    try:
        inside = root.resolve(strict=True)
        found = sorted({path.relative_to(root).as_posix(): path for path in root.glob(source.glob)}.items())
    except (OSError, ValueError, NotImplementedError) as error:
        yield _reject(source, source.location, f"the folder cannot be listed with glob {source.glob!r}: {error}")
        return
    for relative, path in found:
        if any(part.startswith(".") for part in Path(relative).parts):
            continue
        if path.is_symlink() and not _stays_inside(path, inside):
            yield _reject(source, relative, "is a link to a place outside the source's folder; copy the file instead")
        elif not path.is_dir():
            yield _offer(source, path, relative, terms.now, terms.limits)


def fetch_file(source: Source, terms: Terms) -> Iterator[Fetched | Reject]:
    """Offer the single file `source.location`; its path is its name."""
    path = Path(source.location)
    if not path.is_file():
        yield _missing(source, "file" if not path.exists() else "file, but a folder lies there")
        return
    yield _offer(source, path, path.name, terms.now, terms.limits)


def _offer(source: Source, path: Path, relative: str, now: Clock, limits: FetchLimits) -> Fetched | Reject:
    if path.suffix.lower() not in READABLE_SUFFIXES:
        readable = ", ".join(sorted(READABLE_SUFFIXES - {""}))
        return _reject(source, relative, f"has the suffix {path.suffix!r}; articles are read from {readable}")
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return _reject(source, relative, "is no ordinary file but a pipe, socket or device; leave it out")
        size = found.st_size
        if size > limits.max_bytes:
            return _too_large(source, relative, size, limits)
        with path.open("rb") as file:
            data = file.read(limits.max_bytes + 1)  # one more byte shows a file that grew meanwhile
    except OSError as error:
        return _reject(source, relative, f"cannot be opened ({error.strerror}); check that you may read it")
    if len(data) > limits.max_bytes:
        return _too_large(source, relative, len(data), limits)
    return Fetched(source_id=source.source_id, path=relative, data=data, fetched_at=now())


def _stays_inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # a link to nothing, or links in a circle
        return False


def _too_large(source: Source, relative: str, size: int, limits: FetchLimits) -> Reject:
    found, limit = in_megabytes(size), in_megabytes(limits.max_bytes)
    return _reject(source, relative, f"is {found} large, the limit is {limit}; split it into its articles")


def _missing(source: Source, expected: str) -> Reject:
    reason = (
        f"source {source.source_id!r} points to {source.location}, which was expected to be a {expected}; "
        "correct `location` in the catalog or put the articles there"
    )
    return _reject(source, source.location, reason)


def _reject(source: Source, path: str, reason: str) -> Reject:
    return Reject(source_id=source.source_id, path=path, stage=Stage.FETCHING, reason=reason)
