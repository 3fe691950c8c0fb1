"""How far a query has been followed: the day up to which it was asked, and which of its articles are had since."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self

from pipeline.fetching.answers import FetchError
from pipeline.fetching.terms import Terms
from pipeline.records import Reject, Source, Stage, Visit, stable_id

_OVERLAP = timedelta(days=1)  # services date by their own clocks, and show a record some time after its date

_CURSOR = re.compile(r"(\S+) ((?:1[89]|2\d)\d\d-\d\d-\d\d)")
_FAILURES_IN_A_ROW = 3


@dataclass(slots=True)
class Following:
    """One run along the results of `source.query`.

    Of a query that was followed to its end, only what changed from `since` on is asked for; else it is None. A run
    that was cut short, by `at_most` or by a failure, left articles behind that are newer than that: they are settled
    and need not be asked for again, but what happened to them meanwhile must be asked for the next time. `reached`
    is the day from which on that is. `left` is how many articles may still be asked for, None for any number.
    """

    source: Source
    terms: Terms
    today: date
    since: date | None
    reached: date
    left: int | None
    is_whole: bool = True
    failures: int = 0

    @classmethod
    def of(cls, source: Source, terms: Terms) -> Self:
        """What the visits of `terms` say of it. A changed query and a cursor that cannot be read start anew."""
        today = _day(terms.now())
        visit = terms.visits.get("")
        since = None if visit is None else _day_asked(visit.cursor, source.query)
        return cls(source, terms, today, since and min(since, today), today, source.at_most or None)

    @property
    def asked_from(self) -> date | None:
        """The day from which on changes are asked for; None for all that there is."""
        return None if self.since is None else self.since - _OVERLAP

    @property
    def gives_up(self) -> bool:
        """Whether so much failed one after the other that the service is left alone until the next run."""
        return self.failures >= _FAILURES_IN_A_ROW

    @property
    def is_over(self) -> bool:
        """Whether no further article may be asked for in this run."""
        return self.left == 0 or self.gives_up

    def skips(self, path: str) -> bool:
        """Whether the article was had after the day since which changes are asked for; if so, notes since when."""
        visit = self.terms.visits.get(path)
        if visit is None:
            return False
        day = _day(visit.visited_at)
        if self.since is not None and day <= self.since:
            return False
        self.reached = min(self.reached, day)
        return True

    def had(self, articles: int = 1) -> None:
        """Count articles that were sent."""
        self.failures = 0
        if self.left is not None:
            self.left = max(0, self.left - articles)

    def failed(self, path: str, error: FetchError, said: str = "") -> Reject:
        """The reject for `path` (empty for the source as a whole), after which the query is not followed whole."""
        self.is_whole = self.is_whole and bool(path) and not error.is_passing
        self.failures += error.is_passing
        return self.rejected(path, f"{said}{error}", is_passing=error.is_passing)

    def rejected(self, path: str, reason: str, *, is_passing: bool = False) -> Reject:
        """A reject; that of the source as a whole lies at its location."""
        place = path or self.source.location
        return Reject(self.source.source_id, place, Stage.FETCHING, reason, is_passing=is_passing)

    def visited(self, path: str, *, etag: str = "", last_modified: str = "", cursor: str = "") -> Visit:
        """The visit of the article `path`, which was just sent."""
        return Visit(self.source.source_id, path, self.terms.now(), etag, last_modified, cursor)

    def ending(self) -> Iterator[Visit]:
        """The visit of the source as a whole, if its query was followed to the end."""
        if self.is_whole:
            yield self.visited("", cursor=f"{_key(self.source.query)} {self.reached.isoformat()}")


def _day_asked(cursor: str, query: str) -> date | None:
    found = _CURSOR.fullmatch(cursor)
    if found is None or found[1] != _key(query):
        return None
    try:
        return date.fromisoformat(found[2])
    except ValueError:
        return None


def _key(query: str) -> str:
    return stable_id("qry", query)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
