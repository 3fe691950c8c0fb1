"""Folders and files that are watched: says which sources changed, once they have come to rest."""

import logging
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

from watchfiles import watch

from pipeline.fetching.catalog import ON_THIS_MACHINE
from pipeline.records import Source

log = logging.getLogger(__name__)

# What lies in a source: path → inode, time of change, size.
Listing: TypeAlias = Mapping[str, tuple[int, int, int]]

_LONGEST_TICK_S = 0.5
_POLL_DELAY_MS = 2_000


def changes(
    sources: Sequence[Source], settle_s: float = 5.0, stop: threading.Event | None = None
) -> Iterator[frozenset[str]]:
    """The source_ids of watched sources in which a file came, changed or went since this call, each time they rest.

    Watched are those of `sources` that have `watch` and lie on this machine; the iterator ends at once if there are
    none, and soon after `stop` is set. A set is given when nothing has changed in any of them for `settle_s` seconds,
    so that a file is not read while it is written. Only what `fetch_folder` would offer counts: hidden files, and
    files that the glob does not match, do not. A folder that does not exist is waited for. What changes while the
    caller is busy with one set is in the next.
    """
    watched = [source for source in sources if source.watch and source.kind in ON_THIS_MACHINE]
    listings = {source.source_id: _listing(source) for source in watched}
    return _changes(watched, listings, settle_s, stop or threading.Event())


def _changes(
    watched: Sequence[Source], listings: dict[str, Listing], settle_s: float, stop: threading.Event
) -> Iterator[frozenset[str]]:
    changed: set[str] = set()
    changed_at = 0.0
    for has_signs in _ticks([Path(source.location) for source in watched], settle_s, stop):
        if has_signs:
            for source in watched:
                listing = _listing(source)
                if listing != listings[source.source_id]:
                    listings[source.source_id] = listing
                    changed.add(source.source_id)
                    changed_at = time.monotonic()
        if changed and time.monotonic() - changed_at >= settle_s:
            yield frozenset(changed)
            changed.clear()


def _ticks(places: Sequence[Path], settle_s: float, stop: threading.Event) -> Iterator[bool]:
    """A few times a second until `stop`: whether anything may have changed in `places` since the last time.

    A place that comes, goes, or is replaced by another under its name ends the watch of the operating system, which
    follows what lies there and not the name; a new watch is begun, and what it could have missed is a sign.
    """
    tick_s = min(_LONGEST_TICK_S, settle_s / 2)
    is_polling: bool | None = None  # as the operating system and the environment would have it
    told: set[Path] = set()
    while places and not stop.is_set():
        found = _found(places)
        _tell_missing([place for place in places if place not in found and place not in told])
        told = set(places) - set(found)
        try:
            with closing(_signs(list(found), tick_s, stop, is_polling)) as signs:
                for has_signs in signs:
                    yield has_signs
                    if _found(places) != found:
                        break
        except FileNotFoundError:  # it went between the look and the watch
            stop.wait(tick_s)
        except (OSError, RuntimeError) as error:  # watchfiles raises either where the system's limit is reached
            if is_polling:
                raise
            log.warning("the operating system does not watch folders (%s); they are looked at instead", error)
            is_polling = True


def _signs(
    places: Sequence[Path], tick_s: float, stop: threading.Event, is_polling: bool | None
) -> Generator[bool, None, None]:
    """Every `tick_s` seconds whether anything was seen to change in `places`, and that it may have at first."""
    tick_ms = max(1, int(1000 * tick_s))
    is_first = True
    for seen in watch(
        *places,
        watch_filter=None,
        debounce=tick_ms,
        step=max(1, tick_ms // 4),
        rust_timeout=tick_ms,
        yield_on_timeout=True,
        stop_event=stop,
        force_polling=is_polling,
        poll_delay_ms=_POLL_DELAY_MS,
        ignore_permission_denied=True,
    ):
        yield is_first or bool(seen)
        is_first = False


def _found(places: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    """Those of `places` that exist, with what tells each from another that lies there later."""
    found = {}
    for place in places:
        try:
            status = place.stat()
        except OSError:
            continue
        found[place] = (status.st_dev, status.st_ino)
    return found


def _tell_missing(places: Sequence[Path]) -> None:
    for place in places:
        log.warning("%s does not exist; it is watched as soon as it does, or correct `location` in the catalog", place)


def _listing(source: Source) -> Listing:
    """The files that `source` offers now; none where it cannot be looked into."""
    root = Path(source.location)
    if source.kind == "file":
        return dict(_entry(root, root.name))
    try:
        files = list(root.glob(source.glob))
    except (OSError, ValueError, NotImplementedError):  # fetching says what is wrong
        return {}
    relative = ((path, path.relative_to(root)) for path in files)
    return dict(
        entry
        for path, name in relative
        if not any(part.startswith(".") for part in name.parts)
        for entry in _entry(path, name.as_posix())
    )


def _entry(path: Path, name: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """`name` with what tells this state of the file from others; nothing for a folder or a file that went."""
    try:
        status = path.stat()
        if not path.is_dir():
            yield name, (status.st_ino, status.st_mtime_ns, status.st_size)
    except OSError:
        return
