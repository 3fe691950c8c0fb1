"""The terms on which a source is visited: limits, clock, what is remembered of earlier visits, and what it offers."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from pipeline.records import Fetched, Reject, Source, Unchanged, Visit

Clock: TypeAlias = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Upper bounds on one article. `max_bytes` is the largest file that is read into memory, unpacked.

    A server has `connect_s` seconds to take a connection, `read_s` to send the next bytes, and `article_s` for a
    whole answer. It is asked up to `tries` times; between them it is given what `Retry-After` says, or else a time
    that doubles from `first_wait_s`, and never more than `longest_wait_s` (one that asks for longer is left for the
    next run). `redirects` is how many are followed.
    """

    max_bytes: int = 32 * 1024 * 1024
    connect_s: float = 10.0
    read_s: float = 30.0
    article_s: float = 300.0
    tries: int = 4
    first_wait_s: float = 1.0
    longest_wait_s: float = 120.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """What a fetcher is given beside its source.

    `visits` are those of this source by path, made by the pipeline that runs now: an article whose visit is missing
    is asked for unconditionally. `environ` holds keys of services. `sleep` waits for so many seconds. `asked_at` tells
    when each host was asked last (in seconds of the monotonic clock); the sources of a run share it.
    """

    limits: FetchLimits = field(default_factory=FetchLimits)
    visits: Mapping[str, Visit] = field(default_factory=dict)
    now: Clock = utc_now
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    sleep: Callable[[float], None] = time.sleep
    asked_at: dict[str, float] = field(default_factory=dict)


# A visit by itself stands for the source as a whole (its path is empty): it is offered last, when the listing was
# followed to its end, and is remembered only if no article of the source failed in a way that may pass.
Offer: TypeAlias = Fetched | Unchanged | Reject | Visit
Fetcher: TypeAlias = Callable[[Source, Terms], Iterator[Offer]]


def in_megabytes(size: int) -> str:
    """`size` bytes in words for a message: `52.4 MB`."""
    return f"{size / 1_000_000:.1f} MB"
