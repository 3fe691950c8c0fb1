"""One request of the client to a loopback server, and ways for that to answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypedDict, Unpack

import pytest

from pipeline.fetching.terms import FetchLimits, Terms
from pipeline.fetching.web import Answer, FetchError, WebClient
from pipeline.records import Visit
from tests.fetching.loopback import Exchange, Route, Server

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUICK = FetchLimits(max_bytes=1_000_000, connect_s=5.0, read_s=5.0, article_s=10.0, tries=3, longest_wait_s=60.0)
IMPATIENT = replace(QUICK, read_s=0.2)  # for servers that are slow on purpose
PAGE = "<p>Irisin improves memory."


class How(TypedDict, total=False):
    """How the client asks."""

    accepts: Sequence[str]
    visit: Visit | None
    parameters: Mapping[str, str] | None


def ask(
    server: Server,
    path: str = "/a",
    naps: list[float] | None = None,
    *,
    limits: FetchLimits = QUICK,
    **how: Unpack[How],
) -> Answer:
    """What the client makes of the server's answer; `naps` gathers what it would have slept."""
    terms = Terms(limits, now=lambda: NOON, environ={}, sleep=_not_at_all if naps is None else naps.append)
    with WebClient(server.source(), terms, obeys_robots=False) as client:
        return client.get(server.url + path, **how)


def fault(
    server: Server,
    path: str = "/a",
    naps: list[float] | None = None,
    *,
    limits: FetchLimits = QUICK,
    **how: Unpack[How],
) -> FetchError:
    """Why the client could not have it."""
    with pytest.raises(FetchError) as caught:
        ask(server, path, naps, limits=limits, **how)
    return caught.value


def _not_at_all(seconds: float) -> None:
    """The sleep of tests."""


def status(number: int, body: str = "no", **headers: str) -> Route:
    """A whole answer with this status."""
    return lambda exchange: exchange.reply(body, number, **headers)


def to(location: str, number: int = 302) -> Route:
    """A redirect."""
    return status(number, location=location)


def raw(data: bytes) -> Route:
    """These bytes, headers and all, and then the end of the connection."""

    def route(exchange: Exchange) -> None:
        exchange.raw(data)
        exchange.hang_up()

    return route


def begun(headers: bytes = b"", body: bytes = b"") -> bytes:
    """The beginning of an answer that goes well so far."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + headers + b"\r\n" + body
