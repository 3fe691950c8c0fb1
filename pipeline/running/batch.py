"""What a worker gets: articles, and what the writer met on the way to them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline.records import Article, Reject, Visit, stable_id

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles to extract, and what was met on the way to them: rejects, unchanged articles, visits to remember."""

    articles: tuple[Article, ...] = ()
    rejects: tuple[Reject, ...] = ()
    visits: tuple[Visit, ...] = ()
    unchanged: int = 0

    def key(self, pipeline_key: str) -> str:
        """The same for the same articles and pipeline, whenever they were fetched."""
        return stable_id("shard", pipeline_key, *(replace(article, fetched_at=NO_TIME) for article in self.articles))

    def alone(self) -> Iterator["Batch"]:
        """Each article as a batch of its own."""
        for article in self.articles:
            yield Batch((article,))


def one_line(reason: str) -> str:
    """At most 500 characters in one line, whatever an error had to say."""
    return " ".join(reason.split())[:500]
