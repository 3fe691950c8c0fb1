"""The steps of a run as plain functions: the next articles of the stream, their extraction, their storing."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from pipeline.claims.extractor import Extractor
from pipeline.fetching import FetchLimits, fetch
from pipeline.progress import Progress
from pipeline.reading import read_all
from pipeline.records import Article, Extraction, Fetched, Reject, Source, Stage
from pipeline.run_report import RunReport
from pipeline.settings import Settings
from pipeline.store import Build, InconsistentExtractionError
from pipeline.store.copies import Place

log = logging.getLogger(__name__)

Part = TypeVar("Part")
Result = TypeVar("Result")
Stream = Iterator[Article | Reject | None]


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """Articles to extract, what could not be used, and how many articles are unchanged since they were stored."""

    articles: tuple[Article, ...] = ()
    rejects: tuple[Reject, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class ExtractedBatch:
    """What a batch gave, in the order of its articles, and what of it could not be used."""

    extractions: tuple[Extraction, ...] = ()
    rejects: tuple[Reject, ...] = ()
    unchanged: int = 0


@dataclass(slots=True)
class Tally:
    """What a run has done so far; the only thing that changes while it goes on."""

    extracted: int = 0
    unchanged: int = 0
    sentences: int = 0
    mentions: int = 0
    claims: int = 0
    triples: int = 0
    rejects: list[Reject] = field(default_factory=list)

    def add(self, batch: ExtractedBatch) -> None:
        """Count a batch that was stored."""
        stored = batch.extractions
        self.extracted += len(stored)
        self.unchanged += batch.unchanged
        self.sentences += sum(len(extraction.sentences) for extraction in stored)
        self.mentions += sum(len(extraction.mentions) for extraction in stored)
        self.claims += sum(len(extraction.claims) for extraction in stored)
        self.triples += sum(len(extraction.triples) for extraction in stored)
        self.rejects += batch.rejects

    @property
    def seen(self) -> int:
        """Articles met so far."""
        return self.extracted + self.unchanged + len(self.rejects)

    def counts(self) -> dict[str, int]:
        """The counts by name, as the table `runs` keeps them."""
        names = ("seen", "extracted", "unchanged", "sentences", "mentions", "claims", "triples")
        return {name: getattr(self, name) for name in names} | {"rejected": len(self.rejects)}

    def progress(self, step: str) -> Progress:
        """What a listener is told."""
        return Progress(step, articles=self.seen, claims=self.claims)

    def report(
        self, run_id: str, started: datetime, db: Path, tables: Sequence[Path], totals: Mapping[str, int]
    ) -> RunReport:
        """The report of the run that ends now."""
        return RunReport(
            run_id, started, datetime.now(UTC), db, tuple(tables), self.counts(), tuple(self.rejects), totals
        )


def unchanged_places(build: Build) -> dict[Place, str]:
    """SHA-256 of the stored bytes at each place whose claims were made by the pipeline of `build`."""
    known = build.known().items()
    return {place: document.sha256 for place, document in known if document.pipeline_key == build.pipeline_key}


def read_sources(sources: Iterable[Source], known: Mapping[Place, str], settings: Settings) -> Stream:
    """Every article that the sources offer, one at a time; None stands for one that `known` holds unchanged.

    In the order of source_id and path, whatever the order of `sources`: exact copies are numbered in it. A file
    of several articles is read again, and those of its articles that are known are passed over.
    """
    limits = FetchLimits(max_bytes=settings.max_bytes)
    for source in sorted(sources, key=lambda source: source.source_id):
        for offer in fetch(source, limits=limits):
            if isinstance(offer, Reject):
                yield offer
            elif known.get((offer.source_id, offer.path)) == offer.sha256:
                yield None
            else:
                for read in _readings(offer):
                    is_known = isinstance(read, Article) and known.get((read.source_id, read.path)) == read.sha256
                    yield None if is_known else read


def _readings(fetched: Fetched) -> Iterator[Article | Reject]:
    """Like `read_all`, but a reader that fails in a way nobody thought of costs this file alone."""
    try:
        yield from read_all(fetched)
    except Exception as error:
        log.debug("%s: reading failed", fetched.path, exc_info=True)
        reason = _one_line(f"reading failed ({type(error).__name__}: {error}); please report it with the file")
        yield Reject(fetched.source_id, fetched.path, Stage.READING, reason, fetched.sha256)


def next_batch(stream: Stream, build: Build, settings: Settings) -> ReadBatch:
    """As much of `stream` as a batch holds, exact copies numbered; an empty batch after the last article."""
    articles: list[Article] = []
    rejects: list[Reject] = []
    unchanged = characters = 0
    for read in stream:
        if read is None:
            unchanged += 1
        elif isinstance(read, Reject):
            rejects.append(read)
        else:
            articles.append(read)
            characters += len(read.text)
        if len(articles) + len(rejects) + unchanged >= settings.batch_size or characters >= settings.batch_characters:
            break
    return ReadBatch(tuple(build.numbered(articles)), tuple(rejects), unchanged)


def extract(batch: ReadBatch, settings: Settings) -> ExtractedBatch:
    """Claims and triples of the articles; one that makes the extraction fail is rejected alone."""
    if not batch.articles:
        return ExtractedBatch((), batch.rejects, batch.unchanged)
    extractor = loaded_extractor(settings)
    extractions: list[Extraction] = []
    rejects = list(batch.rejects)
    try:
        extractions.extend(extractor.extract_all(batch.articles))
    except Exception:
        log.debug("A batch of %d articles failed; each is tried alone", len(batch.articles), exc_info=True)
        extractions.clear()
        for article in batch.articles:
            try:
                extractions.extend(extractor.extract_all([article]))
            except Exception as error:
                log.debug("%s: extraction failed", article.path, exc_info=True)
                reason = f"the extraction failed ({type(error).__name__}: {error}); please report it with the article"
                rejects.append(_reject(article, Stage.EXTRACTING, reason))
    return ExtractedBatch(tuple(extractions), tuple(rejects), batch.unchanged)


def store(build: Build, batch: ExtractedBatch) -> ExtractedBatch:
    """Store a batch; gives it back, with articles whose records contradict each other among the rejects."""
    stored, rejects = batch.extractions, list(batch.rejects)
    try:
        build.add(stored)
    except InconsistentExtractionError:
        stored = tuple(extraction for extraction in stored if _is_stored(build, extraction, rejects))
    if rejects:
        build.add_rejects(rejects)
    return ExtractedBatch(stored, tuple(rejects), batch.unchanged)


def in_order(parts: Iterable[Part], submit: Callable[[Part], Callable[[], Result]], ahead: int) -> Iterator[Result]:
    """The result of each part, in the order of the parts; up to `ahead` parts are worked on beside the next one.

    `submit` starts the work on a part and gives a function that waits for its result.
    """
    waiting: deque[Callable[[], Result]] = deque()
    for part in parts:
        waiting.append(submit(part))
        if len(waiting) > ahead:
            yield waiting.popleft()()
    while waiting:
        yield waiting.popleft()()


@cache
def loaded_extractor(settings: Settings) -> Extractor:
    """The extractor for `settings`, loaded once a process."""
    return Extractor.load(settings)


def _is_stored(build: Build, extraction: Extraction, rejects: list[Reject]) -> bool:
    try:
        build.add([extraction])
    except InconsistentExtractionError as error:
        rejects.append(_reject(extraction.article, Stage.STORING, str(error)))
        return False
    return True


def _reject(article: Article, stage: Stage, reason: str) -> Reject:
    return Reject(article.source_id, article.path, stage, _one_line(reason), article.sha256)


def _one_line(reason: str) -> str:
    """At most 500 characters, whatever an error had to say."""
    return " ".join(reason.split())[:500]
