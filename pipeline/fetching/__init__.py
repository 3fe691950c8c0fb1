"""Places to raw bytes: what a source offers, one article at a time."""

from collections.abc import Iterator

from pipeline.fetching.catalog import CatalogError, load_sources
from pipeline.fetching.registry import KINDS
from pipeline.fetching.terms import FetchLimits, Offer, Terms
from pipeline.records import Reject, Source, Stage

__all__ = ["CatalogError", "FetchLimits", "Offer", "Terms", "fetch", "load_sources"]


def fetch(source: Source, terms: Terms | None = None) -> Iterator[Offer]:
    """Offer the articles of `source` lazily, in a stable order; what cannot be had comes as a `Reject`.

    Raises nothing for a bad place: a missing location, a file too large, a server that does not answer and a kind
    without a fetcher are rejects, so that the other sources go on.
    """
    kind = KINDS.get(source.kind)
    if kind is None:
        reason = f"source kind {source.kind!r} has no fetcher; known kinds are {', '.join(KINDS)}"
        yield Reject(source_id=source.source_id, path=source.location, stage=Stage.FETCHING, reason=reason)
        return
    yield from kind.fetch(source, terms or Terms())
