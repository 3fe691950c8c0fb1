"""What a worker does: the articles of a batch become a shard; one that cannot be extracted is rejected alone."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.records import Article, Extraction, Reject, Stage
from pipeline.running.batch import Batch, one_line
from pipeline.settings import Settings
from pipeline.store.checks import problems
from pipeline.store.shards import Shard, Shards

if TYPE_CHECKING:
    from pipeline.claims.extractor import Extractor

log = logging.getLogger(__name__)
_of_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Yield:
    """What an article gave: how many sentences, mentions, claims and triples."""

    source_id: str
    path: str
    document_id: str
    sentences: int
    mentions: int
    claims: int
    triples: int


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a batch gave: shards (none if no article could be used), a row an article, rejects, seconds of work."""

    shards: tuple[Shard, ...] = ()
    articles: tuple[Yield, ...] = ()
    rejects: tuple[Reject, ...] = ()
    seconds: float = 0.0


def extract(batch: Batch, key: str, settings: Settings, shards: Shards) -> Extracted:
    """Claims and triples of the articles as a shard called `key`.

    Raises OutputNotWritableError where it cannot be written.
    """
    started = time.perf_counter()
    rejects: list[Reject] = []
    extractions = [e for e in _extractions(batch.articles, settings, rejects) if _holds_together(e, rejects)]
    written = (shards.write(key, extractions, loaded_extractor(settings).key),) if extractions else ()
    yields = tuple(_yield(extraction) for extraction in extractions)
    return Extracted(written, yields, tuple(rejects), time.perf_counter() - started)


def loaded_extractor(settings: Settings) -> "Extractor":
    """The extractor for `settings`, loaded once a thread: spaCy's pipelines may not be shared between threads."""
    from pipeline.claims.extractor import Extractor  # a run that brings nothing new does without spaCy

    loaded: dict[str, Extractor] = _of_thread.__dict__.setdefault("extractors", {})
    if settings.ner_model not in loaded:
        loaded[settings.ner_model] = Extractor.load(settings)
    return loaded[settings.ner_model]


def _extractions(articles: Sequence[Article], settings: Settings, rejects: list[Reject]) -> Iterator[Extraction]:
    extractor = loaded_extractor(settings)
    try:
        yield from list(extractor.extract_all(articles))
        return
    except Exception:
        log.debug("A batch of %d articles failed; each is tried alone", len(articles), exc_info=True)
    for article in articles:
        try:
            extraction = extractor.extract(article)
        except Exception as error:
            log.debug("%s: extraction failed", article.path, exc_info=True)
            reason = f"the extraction failed ({type(error).__name__}: {error}); please report it with the article"
            rejects.append(rejected(article, Stage.EXTRACTING, reason))
        else:
            yield extraction


def _holds_together(extraction: Extraction, rejects: list[Reject]) -> bool:
    found = problems(extraction)
    if found:
        rejects.append(rejected(extraction.article, Stage.STORING, "; ".join(found[:3])))
    return not found


def rejected(article: Article, stage: Stage, reason: str) -> Reject:
    """`article` as a reject."""
    return Reject(article.source_id, article.path, stage, one_line(reason), article.sha256)


def _yield(extraction: Extraction) -> Yield:
    article = extraction.article
    counts = map(len, (extraction.sentences, extraction.mentions, extraction.claims, extraction.triples))
    return Yield(article.source_id, article.path, article.document_id, *counts)
