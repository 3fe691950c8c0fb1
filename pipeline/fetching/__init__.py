"""Places to raw bytes: what a source offers, one article at a time."""

from collections.abc import Iterator

from pipeline.fetching.catalog import CatalogError, load_sources
from pipeline.fetching.limits import Clock, FetchLimits, utc_now
from pipeline.fetching.registry import FETCHERS
from pipeline.records import Fetched, Reject, Source, Stage

__all__ = ["CatalogError", "FetchLimits", "fetch", "load_sources"]


def fetch(source: Source, *, now: Clock = utc_now, limits: FetchLimits | None = None) -> Iterator[Fetched | Reject]:
    """Offer the articles of `source` lazily, in a stable order; what cannot be had comes as a `Reject`.

    `now` is the clock that stamps `fetched_at` (UTC). Raises nothing for a bad place: a missing location, a
    file too large and a kind without a fetcher are rejects, so that the other sources go on.
    """
    fetcher = FETCHERS.get(source.kind)
    if fetcher is None:
        reason = f"source kind {source.kind!r} has no fetcher; known kinds are {', '.join(FETCHERS)}"
        yield Reject(source_id=source.source_id, path=source.location, stage=Stage.FETCHING, reason=reason)
        return
    yield from fetcher(source, now, limits or FetchLimits())
