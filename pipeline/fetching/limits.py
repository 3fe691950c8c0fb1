"""How much a fetcher takes, and the clock it stamps with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Upper bounds on one article. `max_bytes` is the largest file that is read into memory."""

    max_bytes: int = 32 * 1024 * 1024


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def in_megabytes(size: int) -> str:
    """`size` bytes in words for a message: `52.4 MB`."""
    return f"{size / 1_000_000:.1f} MB"
