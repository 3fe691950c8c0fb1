"""One run over a source after another, each with what the last one left to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from pipeline.fetching import FetchLimits, Offer, Terms, fetch
from pipeline.records import Fetched, Reject, Source, Unchanged, Visit
from tests.fetching.loopback import Exchange, Route, Server

Routes: TypeAlias = dict[str, Route | str | bytes]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ARTICLE = "<p>Exercise raised irisin in mice, and irisin improved their memory in the maze.</p>"


@dataclass(frozen=True, slots=True)
class Run:
    """What a run was offered, and the visits that are remembered after it."""

    offers: list[Offer]
    visits: Mapping[str, Visit] = field(default_factory=dict)

    @property
    def fetched(self) -> list[Fetched]:
        return [offer for offer in self.offers if isinstance(offer, Fetched)]

    @property
    def paths(self) -> list[str]:
        return [offer.path for offer in self.fetched]

    @property
    def unchanged(self) -> list[str]:
        return [offer.path for offer in self.offers if isinstance(offer, Unchanged)]

    @property
    def rejects(self) -> list[Reject]:
        return [offer for offer in self.offers if isinstance(offer, Reject)]

    @property
    def whole(self) -> Visit | None:
        """The visit of the source as a whole, if there was one."""
        return next((offer for offer in self.offers if isinstance(offer, Visit) and not offer.path), None)


def run(source: Source, after: Run | None = None, limits: FetchLimits | None = None) -> Run:
    """A run over `source` that remembers what there was to remember after the run `after`."""
    visits = dict(after.visits) if after else {}
    terms = Terms(limits or FetchLimits(tries=2), visits, lambda: NOON, environ={}, sleep=lambda _: None)
    offers = list(fetch(source, terms))
    is_complete = not any(isinstance(offer, Reject) and offer.is_passing for offer in offers)
    for offer in offers:
        visit = offer.visit if isinstance(offer, Fetched) else offer
        if isinstance(visit, Visit) and (visit.path or is_complete):
            visits[visit.path] = visit
    return Run(offers, visits)


def answering(body: str | bytes = ARTICLE, content_type: str = "text/html", etag: str = '"1"') -> Route:
    """A route that gives `body`, or nothing to who has it by its `etag`."""

    def route(exchange: Exchange) -> None:
        if etag and exchange.request.headers.get("if-none-match") == etag:
            exchange.reply(status=304, etag=etag, content_length="", content_type="")
        else:
            exchange.reply(body, content_type=content_type, etag=etag)

    return route


def failing(status: int) -> Route:
    return lambda exchange: exchange.reply("no", status)


def moved_to(location: str) -> Route:
    return lambda exchange: exchange.reply("", 301, location=location)


def broken_off(content_type: str) -> Route:
    """A route that promises more than it sends."""

    def route(exchange: Exchange) -> None:
        exchange.raw(f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: 900\r\n\r\n<".encode())
        exchange.hang_up()

    return route


def asked(server: Server, since: int = 0) -> list[str]:
    """The paths that were asked for after the first `since` requests, but for robots.txt."""
    return [request.path for request in server.requests[since:] if request.path != "/robots.txt"]
