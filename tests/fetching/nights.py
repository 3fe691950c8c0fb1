"""One night of a source that is asked by a query after another, each with what the last one left to remember."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from pipeline.fetching import Offer, Terms, fetch
from pipeline.records import Fetched, Reject, Source, Visit
from tests.fetching.loopback import Exchange, Request, Server

Fault: TypeAlias = Callable[[Exchange], None]

FIRST_NIGHT = datetime(2026, 11, 20, 2, tzinfo=UTC)
PROSE = (
    "Irisin is released by the muscle during exercise, and it raised the level of BDNF in the hippocampus of the older "
    "adults who had trained for twelve weeks."
)


@dataclass
class Night:
    """What a run offered, what the server was asked in it, and how long it slept between requests."""

    offers: list[Offer]
    requests: list[Request]
    slept: list[float]

    def paths(self, kind: type) -> list[str]:
        return [offer.path for offer in self.offers if isinstance(offer, kind)]

    @property
    def rejects(self) -> list[Reject]:
        return [offer for offer in self.offers if isinstance(offer, Reject)]

    @property
    def whole(self) -> Visit | None:
        """The visit of the source as a whole, if there was one."""
        return next((offer for offer in self.offers if isinstance(offer, Visit)), None)

    def asked(self, place: str) -> list[Mapping[str, str]]:
        """The parameters of the requests for `place`."""
        return [request.parameters for request in self.requests if place in request.path]


def night(
    kind: str,
    server: Server,
    visits: dict[str, Visit] | None = None,
    now: datetime = FIRST_NIGHT,
    query: str = "irisin OR FNDC5",
    at_most: int = 0,
    environ: Mapping[str, str] | None = None,
) -> Night:
    """One night of a source of this kind; what it leaves to remember is put into `visits`, as the pipeline does."""
    visits = {} if visits is None else visits
    allowed = (server.host,)
    source = Source("s", "S", kind, server.url, query=query, at_most=at_most, allow_private=allowed)
    slept: list[float] = []
    before = len(server.requests)
    terms = Terms(visits=dict(visits), now=lambda: now, environ=environ or {}, sleep=slept.append)
    made = Night(list(fetch(source, terms)), server.requests[before:], slept)
    visits.update({offer.path: offer.visit for offer in made.offers if isinstance(offer, Fetched) and offer.visit})
    if made.whole and not any(reject.is_passing for reject in made.rejects):
        visits[""] = made.whole
    return made


def no_visits() -> dict[str, Visit]:
    return {}
