"""From sources to batches: every article that is new or changed is read, and handed on as many as fit a batch."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pipeline.fetching import FetchLimits, Terms, fetch
from pipeline.fetching.registry import KINDS
from pipeline.reading import read_all
from pipeline.records import Article, Fetched, Reject, Source, Stage, Unchanged, Visit
from pipeline.running.batch import Batch, one_line
from pipeline.settings import Settings
from pipeline.store import Build
from pipeline.store.copies import Place

log = logging.getLogger(__name__)

# What comes out of the sources, one at a time; None stands for an article that is stored unchanged.
Stream: TypeAlias = Iterator[Article | Reject | Visit | None]


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs left: by place the hash of the stored bytes and the reject, by source the visits by path."""

    documents: Mapping[Place, str] = field(default_factory=dict)
    rejects: Mapping[Place, Reject] = field(default_factory=dict)
    visits: Mapping[str, Mapping[str, Visit]] = field(default_factory=dict)


def known(build: Build, sources: Iterable[Source]) -> Known:
    """What earlier runs of this pipeline left in the database that is being built."""
    stored = build.known().items()
    documents = {place: document.sha256 for place, document in stored if document.pipeline_key == build.pipeline_key}
    return Known(documents, build.known_rejects(), build.visits(list(sources)))


def partial(sources: Iterable[Source]) -> list[str]:
    """The ids of those sources that do not offer everything that they have each time."""
    return [source.source_id for source in sources if source.at_most or not KINDS[source.kind].is_whole]


def read_sources(sources: Iterable[Source], known: Known, settings: Settings) -> Stream:
    """Everything that the sources offer, lazily, in the order of source_id and of the source.

    The order of `sources` makes no difference: exact copies are numbered in that of the stream. A file of several
    articles is read again, and those of its articles that are known are passed over.
    """
    terms = Terms(limits=FetchLimits(max_bytes=settings.max_bytes))
    for source in sorted(sources, key=lambda source: source.source_id):
        terms = replace(terms, visits=known.visits.get(source.source_id, {}))
        is_complete = True
        for offer in fetch(source, terms):
            match offer:
                case Reject():
                    is_complete &= not offer.is_passing
                    yield offer
                case Unchanged():
                    # what could not be read then can be read no better now
                    yield known.rejects.get((offer.source_id, offer.path))
                case Visit():
                    # what failed for now is asked for again the next time, which takes the whole listing
                    if is_complete or offer.path:
                        yield offer
                case Fetched():
                    yield from _read(offer, known)
                    if offer.visit is not None:
                        yield offer.visit


def _read(fetched: Fetched, known: Known) -> Stream:
    if known.documents.get((fetched.source_id, fetched.path)) == fetched.sha256:
        yield None
        return
    for read in _readings(fetched):
        is_known = isinstance(read, Article) and known.documents.get((read.source_id, read.path)) == read.sha256
        yield None if is_known else read


def _readings(fetched: Fetched) -> Iterator[Article | Reject]:
    """Like `read_all`, but a reader that fails in a way nobody thought of costs this file alone."""
    try:
        yield from read_all(fetched)
    except Exception as error:
        log.debug("%s: reading failed", fetched.path, exc_info=True)
        reason = one_line(f"reading failed ({type(error).__name__}: {error}); please report it with the file")
        yield Reject(fetched.source_id, fetched.path, Stage.READING, reason, fetched.sha256)


def next_batch(stream: Stream, build: Build, settings: Settings) -> Batch:
    """As much of `stream` as a batch holds, exact copies numbered; one without anything in it after the last.

    Unchanged articles and visits do not fill a batch: a night without news is one batch.
    """
    articles: list[Article] = []
    rejects: list[Reject] = []
    visits: list[Visit] = []
    unchanged = characters = 0
    for read in stream:
        match read:
            case None:
                unchanged += 1
            case Reject():
                rejects.append(read)
            case Visit():
                visits.append(read)
            case Article():
                articles.append(read)
                characters += len(read.text)
        if len(articles) + len(rejects) >= settings.batch_size or characters >= settings.batch_characters:
            break
    return Batch(tuple(build.numbered(articles)), tuple(rejects), tuple(visits), unchanged)
