"""Europe PMC is played by a server that lists, pages and fails as its web service does."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from pipeline.reading import read_all
from pipeline.records import Article, Fetched, Reject, Unchanged, Visit
from tests.fetching.loopback import Exchange, Server, serving
from tests.fetching.nights import FIRST_NIGHT, PROSE, Fault, Night, night, no_visits


@dataclass
class Entry:
    """A result of the fake service; one without text is listed and has no full text."""

    updated: date = date(2020, 5, 1)
    revised: str = "2020-05-01"
    text: str = PROSE
    flags: Mapping[str, Any] = field(default_factory=lambda: {"isOpenAccess": "Y", "inEPMC": "Y"})

    def result(self, pmcid: str) -> dict[str, Any]:
        named = {"id": pmcid.removeprefix("PMC"), "source": "MED", "firstIndexDate": "2020-05-01"}
        revised = {"dateOfRevision": self.revised} if self.revised else {}
        return {**named, **revised, **({} if pmcid.startswith("PPR") else {"pmcid": pmcid}), **self.flags}

    def xml(self, pmcid: str) -> str:
        number = f'<article-id pub-id-type="pmcid">{pmcid}</article-id>'
        title = f"<title-group><article-title>Irisin and older adults, part {pmcid}</article-title></title-group>"
        front = f"<front><article-meta>{number}{title}</article-meta></front>"
        return f"<?xml version='1.0'?><article>{front}<body><p>{self.text}</p></body></article>"


@dataclass
class EuropePmc:
    """Answers the search, with `page` results at once, and full texts; `faults` are answered first, by path."""

    entries: dict[str, Entry]
    page: int = 1000
    faults: dict[str, list[Fault]] = field(default_factory=dict)

    def search(self, exchange: Exchange) -> None:
        asked = exchange.request.parameters
        since = re.search(r" AND UPDATE_DATE:\[([\d-]+) TO 3000-12-31\]$", asked["query"])
        found = [
            entry.result(pmcid)
            for pmcid, entry in self.entries.items()
            if since is None or entry.updated >= date.fromisoformat(since[1])
        ]
        size = min(int(asked["pageSize"]), self.page)
        start = 0 if asked["cursorMark"] == "*" else int(asked["cursorMark"].removeprefix("mark/+"))
        page = found[start : start + size]
        answer: dict[str, Any] = {"version": "6.9", "hitCount": len(found), "resultList": {"result": page}}
        exchange.reply(json.dumps(answer | {"nextCursorMark": f"mark/+{start + len(page)}"}))

    def full_text(self, exchange: Exchange) -> None:
        pmcid = exchange.request.path.split("/")[1]
        entry = self.entries[pmcid]
        if entry.text:
            exchange.reply(entry.xml(pmcid), content_type="application/xml")
        else:
            exchange.reply(status=404)

    @contextmanager
    def serving(self) -> Iterator[Server]:
        """Every entry has its route, also those that come later."""
        with serving({}) as server:
            paths = {"/search": self.search} | {f"/{name}/fullTextXML": self.full_text for name in self.entries}
            server.routes.update({path: self._with_faults(path, route) for path, route in paths.items()})
            yield server

    def _with_faults(self, path: str, route: Fault) -> Fault:
        def answer(exchange: Exchange) -> None:
            faults = self.faults.get(path, [])
            (faults.pop(0) if faults else route)(exchange)

        return answer


def europe_pmc(count: int = 3, page: int = 1000, **entry: Any) -> EuropePmc:
    return EuropePmc({f"PMC{1000 + number}": Entry(**entry) for number in range(count)}, page)


run = partial(night, "europe_pmc")


def texts(night: Night) -> list[str]:
    """The articles whose full text was asked for."""
    return [request.path.split("/")[1] for request in night.requests if request.path != "/search"]


def says(body: str, status: int = 200) -> Fault:
    return lambda exchange: exchange.reply(body, status)


def test_the_first_run_follows_every_page_and_fetches_every_full_text() -> None:
    with europe_pmc(7, page=3).serving() as server:
        night = run(server)
    assert night.paths(Fetched) == [f"PMC{number}.xml" for number in range(1000, 1007)]
    assert [search["cursorMark"] for search in night.asked("/search")] == ["*", "mark/+3", "mark/+6"]
    assert {s["query"] for s in night.asked("/search")} == {"(irisin OR FNDC5) AND OPEN_ACCESS:y AND IN_EPMC:y"}
    assert (night.rejects, night.offers[-1]) == ([], night.whole)
    assert night.whole is not None
    assert re.fullmatch(r"qry_[0-9a-f]{16} 2026-11-20", night.whole.cursor)
    assert not any("robots" in request.path for request in night.requests)


def test_a_full_text_is_a_readable_article() -> None:
    with europe_pmc(1).serving() as server:
        fetched = run(server).offers[0]
    assert isinstance(fetched, Fetched)
    assert (fetched.path, fetched.url) == ("PMC1000.xml", "https://europepmc.org/article/PMC/PMC1000")
    (article,) = read_all(fetched)
    assert isinstance(article, Article)
    assert article.text.endswith(PROSE)
    assert "pmcid:PMC1000" in article.identifiers


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("PMC9", {"isOpenAccess": "N", "inEPMC": "Y"}),
        ("PMC9", {"isOpenAccess": "Y", "inEPMC": "N"}),
        ("PMC9", {}),
        ("PPR9", {"isOpenAccess": "Y", "inEPMC": "Y"}),
        ("PMC9/../../x", {"isOpenAccess": "Y", "inEPMC": "Y"}),
        ("PMC9", {"isOpenAccess": "Y", "inEPMC": "Y", "pmcid": ["PMC9"]}),
    ],
)
def test_what_has_no_full_text_there_is_not_asked_for(name: str, flags: dict[str, Any]) -> None:
    with EuropePmc({name: Entry(flags=flags)}).serving() as server:
        night = run(server)
    assert (night.offers, texts(night)) == ([night.whole], [])


def test_a_full_text_that_is_missing_is_rejected_for_good() -> None:
    service, visits = europe_pmc(2), no_visits()
    service.entries["PMC1000"].text = ""
    with service.serving() as server:
        night = run(server, visits)
    (reject,) = night.rejects
    assert (reject.path, reject.is_passing) == ("PMC1000.xml", False)
    assert "no full text" in reject.reason
    assert night.paths(Fetched) == ["PMC1001.xml"]
    assert "" in visits


def test_the_next_run_asks_only_for_what_was_updated_since_the_day_before_and_fetches_what_was_revised() -> None:
    service, visits = europe_pmc(4), no_visits()
    with service.serving() as server:
        run(server, visits)
        for name in ("PMC1001", "PMC1002"):
            service.entries[name].updated = date(2026, 11, 20)
        service.entries["PMC1002"].revised = "2026-11-20"
        night = run(server, visits, FIRST_NIGHT + timedelta(days=1))
    (search,) = night.asked("/search")
    assert search["query"].endswith(" AND IN_EPMC:y AND UPDATE_DATE:[2026-11-19 TO 3000-12-31]")
    assert (night.paths(Unchanged), night.paths(Fetched)) == (["PMC1001.xml"], ["PMC1002.xml"])
    assert texts(night) == ["PMC1002"]
    assert visits[""].cursor.endswith(" 2026-11-21")


def test_an_article_of_which_no_revision_is_known_is_fetched_whenever_it_is_listed() -> None:
    service, visits = europe_pmc(1, revised="", updated=date(2026, 11, 20)), no_visits()
    with service.serving() as server:
        run(server, visits)
        assert run(server, visits, FIRST_NIGHT + timedelta(days=1)).paths(Fetched) == ["PMC1000.xml"]


def test_a_validator_of_the_server_saves_the_sending() -> None:
    service, visits = europe_pmc(1, revised="", updated=date(2026, 11, 20)), no_visits()

    def tagged(exchange: Exchange) -> None:
        known = exchange.request.headers.get("if-none-match") == '"1"'
        exchange.reply("" if known else Entry().xml("PMC1000"), 304 if known else 200, etag='"1"')

    service.faults["/PMC1000/fullTextXML"] = [tagged, tagged]
    with service.serving() as server:
        run(server, visits)
        assert run(server, visits, FIRST_NIGHT + timedelta(days=1)).paths(Unchanged) == ["PMC1000.xml"]


@pytest.mark.parametrize(("query", "cursor"), [("klotho", "{last}"), ("irisin OR FNDC5", "2026-11-20")])
def test_a_changed_query_and_an_unreadable_cursor_are_asked_from_the_beginning(query: str, cursor: str) -> None:
    visits: dict[str, Visit] = {}
    with europe_pmc().serving() as server:
        run(server, visits)
        visits[""] = Visit("s", "", FIRST_NIGHT, cursor=cursor.format(last=visits[""].cursor))
        night = run(server, visits, FIRST_NIGHT + timedelta(days=9), query=query)
    assert night.asked("/search")[0]["query"] == f"({query}) AND OPEN_ACCESS:y AND IN_EPMC:y"
    assert (len(night.paths(Unchanged)), texts(night)) == (3, [])


SEARCH_FAULTS = [
    says('{"version":"6.9"}'),
    says('{"version":"6.9","hitCount":3,"resultList":{"result":[{"id":'),
    says("<html><body>Bad gateway</body></html>"),
    says('{"hitCount":"3","resultList":[]}'),
    says("[1]"),
    says('{"hitCount":3,"errMsg":' + "[" * 900 + "]" * 900 + "}"),
    says("[" * 100_000),
    says("", 503),
]


@pytest.mark.parametrize("fault", SEARCH_FAULTS)
def test_a_search_that_fails_once_is_tried_again(fault: Fault) -> None:
    service = europe_pmc()
    service.faults["/search"] = [fault]
    with service.serving() as server:
        night = run(server)
    assert len(night.paths(Fetched)) == 3
    assert (night.rejects, len(night.asked("/search"))) == ([], 2)
    assert night.whole is not None


@pytest.mark.parametrize("fault", SEARCH_FAULTS[:3])
def test_a_page_that_keeps_failing_ends_the_run_and_leaves_what_was_had(fault: Fault) -> None:
    service, visits = europe_pmc(5, page=3), no_visits()
    service.faults["/search"] = [service.search, *[fault] * 4]
    with service.serving() as server:
        night = run(server, visits)
        second = run(server, visits, FIRST_NIGHT + timedelta(days=1))
    assert len(night.paths(Fetched)) == 3
    (reject,) = night.rejects
    assert (reject.path, reject.is_passing, night.whole) == (server.url, True, None)
    assert reject.reason.startswith(f"could not be searched: {server.url}/search sends")
    assert (len(second.paths(Unchanged)), len(second.paths(Fetched))) == (3, 2)


def test_a_query_that_the_service_refuses_is_rejected_for_good() -> None:
    service = europe_pmc()
    service.faults["/search"] = [says('{"errCode":400,"errMsg":"No search criteria\\n provided."}')]
    with service.serving() as server:
        (reject,) = run(server).offers
    assert isinstance(reject, Reject)
    assert not reject.is_passing
    assert reject.reason.endswith("'No search criteria provided.'; correct `query`")


@pytest.mark.parametrize(
    "last",
    [
        '{"hitCount":3,"resultList":{"result":[]},"nextCursorMark":"*"}',
        '{"hitCount":3,"resultList":{"result":[{"id":"7"}]},"nextCursorMark":"*"}',
        '{"hitCount":3,"resultList":{"result":{"id":"7"}}}',
    ],
)
def test_a_listing_that_breaks_off_is_no_whole_one(last: str) -> None:
    service = europe_pmc()
    service.faults["/search"] = [says(last)]
    with service.serving() as server:
        (reject,) = run(server).offers
    assert isinstance(reject, Reject)
    assert reject.is_passing
    assert "of 3 results" in reject.reason


@pytest.mark.parametrize(
    "fault", [says("", 500), says("<html>Sorry</html>"), says("<?xml version='1.0'?><article><body><p>Irisin ro")]
)
def test_a_full_text_that_keeps_failing_leaves_the_others_and_is_asked_for_again(fault: Fault) -> None:
    service, visits = europe_pmc(), no_visits()
    service.faults["/PMC1001/fullTextXML"] = [fault] * 4
    with service.serving() as server:
        night = run(server, visits)
        second = run(server, visits, FIRST_NIGHT + timedelta(days=1))
    (reject,) = night.rejects
    assert (reject.path, reject.is_passing, night.whole) == ("PMC1001.xml", True, None)
    assert night.paths(Fetched) == ["PMC1000.xml", "PMC1002.xml"]
    assert texts(second) == ["PMC1001"]


def test_a_service_that_is_down_is_left_alone_after_three_failures() -> None:
    service = europe_pmc(9, page=5)
    service.faults = {f"/{name}/fullTextXML": [says("", 500)] * 4 for name in service.entries}
    with service.serving() as server:
        night = run(server)
    assert (len(night.rejects), len(set(texts(night))), len(night.asked("/search"))) == (3, 3, 1)
    assert night.whole is None


def test_at_most_so_many_are_fetched_a_night_until_all_are_had() -> None:
    service, visits = europe_pmc(5), no_visits()
    service.entries["PMC1000"].text = ""  # is none of those that count
    with service.serving() as server:
        nights = [run(server, visits, FIRST_NIGHT + timedelta(days=day), at_most=2) for day in range(3)]
    assert [len(night.paths(Fetched)) for night in nights] == [2, 2, 0]
    assert [night.whole is not None for night in nights] == [False, True, True]
    assert nights[1].paths(Unchanged) == ["PMC1001.xml", "PMC1002.xml"]
    assert nights[2].asked("/search")[0]["query"].endswith("UPDATE_DATE:[2026-11-20 TO 3000-12-31]")


def test_an_article_that_is_listed_twice_is_fetched_once() -> None:
    service = europe_pmc(1)
    twice = [service.entries["PMC1000"].result("PMC1000")] * 2
    service.faults["/search"] = [says(json.dumps({"hitCount": 2, "resultList": {"result": twice}}))]
    with service.serving() as server:
        assert texts(run(server)) == ["PMC1000"]
