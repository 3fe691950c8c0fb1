"""What a server answered, and what its status and headers mean for who asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

WHOLE = (200, 203)
REDIRECTS = (301, 302, 303, 307, 308)
MAY_PASS = (202, 408, 425, 429)

_LONGEST_VALIDATOR = 1000
_SECONDS = re.compile(r"[0-9]+(\.[0-9]*)?")


class FetchError(Exception):
    """An address could not be had; the text is for the user. `is_passing`: asking again another day may help.

    `status` is that of the answer, where there was one that says so (404).
    """

    def __init__(self, reason: str, *, is_passing: bool, status: int | None = None) -> None:
        super().__init__(reason)
        self.is_passing = is_passing
        self.status = status


class TryAgain(FetchError):
    """What may go well within the minute; `asked_wait_s` is how long the server asks to be left alone."""

    def __init__(self, reason: str, *, status: int | None = None, asked_wait_s: float = 0.0) -> None:
        super().__init__(reason, is_passing=True, status=status)
        self.asked_wait_s = asked_wait_s


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: unpacked `data` of `media_type`, from the address `url` after redirects.

    `media_type` is the header as it came, with its parameters (`text/html; charset=utf-8`). `is_unchanged`: the
    server says it is what it was at the visit that was named; `data` is empty then.
    """

    url: str
    data: bytes = b""
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""
    is_unchanged: bool = False


def check_status(shown: str, status: int, headers: httpx.Headers, now: datetime) -> None:
    """Raises FetchError, naming the address as `shown`, unless `status` says that a whole answer follows.

    It is TryAgain where another answer may follow soon (any 5xx, 429 and the like).
    """
    if status in WHOLE:
        return
    said = f"{shown} answers {in_words(status)}"
    if status in MAY_PASS or status >= 500:
        raise TryAgain(said, status=status, asked_wait_s=retry_after_s(headers.get("retry-after", ""), now))
    if status in (401, 403, 407, 451):
        said += "; only some are let in there: save the article by hand and use a folder, or remove the address"
    elif 400 <= status < 500:
        said += "; correct or remove the address"
    else:
        said += ", which is no article"
    raise FetchError(said, is_passing=status == 304, status=status)


def check_media_type(shown: str, media_type: str, accepts: Sequence[str]) -> None:
    """Raises FetchError if `media_type`, where one is given, is none of `accepts` (`text/html`, `text/*`)."""
    found = media_type.partition(";")[0].strip().lower()
    if not found or not accepts:
        return
    if not any(found == wanted or (wanted.endswith("/*") and found.startswith(wanted[:-1])) for wanted in accepts):
        expected = " or ".join(accepts)
        raise FetchError(f"{shown} is {found[:100]}, expected was {expected}", is_passing=False)


def retry_after_s(value: str, now: datetime) -> float:
    """The seconds that a `Retry-After` asks for, given as such or as a date; 0 for one that is past or garbled."""
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def validator(value: str) -> str:
    """An `ETag` or `Last-Modified` that can be sent back to its server; empty for one that cannot."""
    return value if value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALIDATOR else ""


def in_words(status: int) -> str:
    """`404 Not Found`; just the number where it has no name."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
