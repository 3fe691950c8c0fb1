"""PubMed is played by a server that searches, keeps histories and fails as E-utilities do."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

import pytest

from pipeline.fetching import Terms
from pipeline.fetching.entrez import Entrez
from pipeline.fetching.web import WebClient
from pipeline.reading import read_all
from pipeline.records import Article, Fetched, Reject, Source, Unchanged, Visit
from tests.fetching.loopback import Exchange, Server, serving
from tests.fetching.nights import FIRST_NIGHT, PROSE, Fault, night, no_visits

KEY = "abc123def456abc123def456abc123def456"


@dataclass
class Entry:
    """A record of the fake PubMed; `tag` is what efetch sends for it, nothing for a deleted one."""

    entered: date = date(2020, 5, 1)
    changed: date = date(2020, 5, 1)
    tag: str = "PubmedArticle"

    def xml(self, pmid: str) -> str:
        title = f"<ArticleTitle>Irisin and older adults, part {pmid}</ArticleTitle>"
        abstract = f"<Abstract><AbstractText>{PROSE}</AbstractText></Abstract>"
        if self.tag == "PubmedBookArticle":
            return f"<{self.tag}><BookDocument><PMID>{pmid}</PMID>{title}{abstract}</BookDocument></{self.tag}>"
        article = f"<Article>{title}{abstract}</Article>"
        revised = f"<DateRevised><Year>{self.changed.year}</Year></DateRevised>"
        return f"<{self.tag}><MedlineCitation><PMID>{pmid}</PMID>{revised}{article}</MedlineCitation></{self.tag}>"


@dataclass
class PubMed:
    """Answers esearch and efetch; `faults` are answered first, each for one request to its utility."""

    entries: dict[str, Entry]
    faults: dict[str, list[Fault]] = field(default_factory=lambda: {"esearch": [], "efetch": []})
    histories: dict[str, list[str]] = field(default_factory=dict)

    def esearch(self, exchange: Exchange) -> None:
        if self.faults["esearch"]:
            self.faults["esearch"].pop(0)(exchange)
            return
        asked = exchange.request.parameters
        ids = [pmid for pmid, entry in self.entries.items() if matches(entry, asked)]
        web_env = f"MCID_{len(self.histories)}"
        self.histories[web_env] = ids
        result = {"count": str(len(ids)), "idlist": ids[: min(int(asked["retmax"]), 9999)]}
        kept = {"querykey": "1", "webenv": web_env} if asked["usehistory"] == "y" else {}
        exchange.reply(json.dumps({"header": {"type": "esearch"}, "esearchresult": result | kept}))

    def efetch(self, exchange: Exchange) -> None:
        if self.faults["efetch"]:
            self.faults["efetch"].pop(0)(exchange)
        else:
            self.send_records(exchange)

    def send_records(self, exchange: Exchange) -> None:
        asked = exchange.request.parameters
        start = int(asked["retstart"])
        if asked["WebEnv"] not in self.histories or asked["query_key"] != "1":
            exchange.reply("<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>")
        elif start > 9998:
            exchange.reply("<eFetchResult><ERROR>'retstart' cannot be larger than 9998</ERROR></eFetchResult>", 400)
        else:
            ids = self.histories[asked["WebEnv"]][start : min(start + int(asked["retmax"]), 9999)]
            exchange.reply(record_set(*(self.entries[pmid].xml(pmid) for pmid in ids if self.entries[pmid].tag)))

    @contextmanager
    def serving(self) -> Iterator[Server]:
        with serving({"/esearch.fcgi": self.esearch, "/efetch.fcgi": self.efetch}) as server:
            yield server


def matches(entry: Entry, asked: Mapping[str, str]) -> bool:
    days = {"edat": entry.entered, "mdat": entry.changed}
    in_term = re.search(r'"([\d/]+)"\[mdat\] : "3000"\[mdat\]', asked["term"])
    if in_term and entry.changed < as_day(in_term[1]):
        return False
    return "datetype" not in asked or as_day(asked["mindate"]) <= days[asked["datetype"]] <= as_day(asked["maxdate"])


def as_day(text: str) -> date:
    year, month, day = (*map(int, text.split("/")), 12, 31)[:3]
    return date(year, month, day)


def record_set(*records: str) -> str:
    doctype = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://dtd.nlm.nih.gov/p.dtd">'
    return f'<?xml version="1.0" ?>\n{doctype}\n<PubmedArticleSet>\n' + "\n".join(records) + "\n</PubmedArticleSet>"


def pubmed(count: int = 3) -> PubMed:
    return PubMed({str(1000 + number): Entry() for number in range(count)})


run = partial(night, "pubmed", query="irisin")


def says(body: str, status: int = 200) -> Fault:
    return lambda exchange: exchange.reply(body, status)


def with_error(text: str) -> str:
    return f"<eFetchResult><ERROR>{text}</ERROR></eFetchResult>"


def test_the_first_run_fetches_everything_from_the_history_server_and_says_how_far_it_got() -> None:
    with pubmed(450).serving() as server:
        night = run(server)
    assert len(night.paths(Fetched)) == len(set(night.paths(Fetched))) == 450
    assert night.rejects == []
    assert night.whole is not None
    assert night.offers[-1] is night.whole
    assert re.fullmatch(r"qry_[0-9a-f]{16} 2026-11-20", night.whole.cursor)
    (search,) = night.asked("esearch")
    assert search["term"] == "irisin"
    assert (search["db"], search["usehistory"], search["tool"]) == ("pubmed", "y", "myokine-claims")
    assert search.keys().isdisjoint({"datetype", "mindate", "maxdate", "api_key", "email"})
    pages = night.asked("efetch")
    assert [(page["WebEnv"], page["query_key"], page["retmode"]) for page in pages] == [("MCID_0", "1", "xml")] * 3
    assert [(page["retstart"], page["retmax"]) for page in pages] == [("0", "200"), ("200", "200"), ("400", "50")]
    assert not any("robots" in request.path for request in night.requests)


def test_each_record_is_a_readable_article_of_its_own() -> None:
    with pubmed(2).serving() as server:
        night = run(server)
    first = night.offers[0]
    assert isinstance(first, Fetched)
    assert (first.path, first.url, first.media_type) == (
        "1000.xml",
        "https://pubmed.ncbi.nlm.nih.gov/1000/",
        "application/xml",
    )
    (article,) = read_all(first)
    assert isinstance(article, Article)
    assert (article.path, article.title) == ("1000.xml", "Irisin and older adults, part 1000")
    assert article.identifiers == ("pmid:1000", "title:irisin and older adults part 1000")
    assert article.text.endswith(PROSE)


def test_the_same_record_has_the_same_bytes_wherever_it_stands() -> None:
    other = pubmed(3)
    other.entries = dict(reversed(other.entries.items()))
    found = []
    for service in (pubmed(3), other):
        with service.serving() as server:
            found.append({offer.path: offer.data for offer in run(server).offers if isinstance(offer, Fetched)})
    assert found[0] == found[1]


def test_the_next_run_asks_only_for_what_changed_since_the_day_before_the_last() -> None:
    service, visits = pubmed(5), no_visits()
    with service.serving() as server:
        run(server, visits)
        service.entries["1001"].changed = date(2026, 11, 20)  # a retraction notice, say
        service.entries["2000"] = Entry(date(2026, 11, 21), date(2026, 11, 21))
        night = run(server, visits, FIRST_NIGHT + timedelta(days=1))
    assert night.paths(Fetched) == ["1001.xml", "2000.xml"]
    (search,) = night.asked("esearch")
    assert (search["datetype"], search["mindate"], search["maxdate"]) == ("mdat", "2026/11/19", "3000")
    assert search["term"] == "irisin"
    assert visits[""].cursor.endswith(" 2026-11-21")


@pytest.mark.parametrize(
    ("query", "cursor"),
    [
        ("irisin AND mice", "{last}"),
        ("irisin", ""),
        ("irisin", "2026-11-20"),
        ("irisin", "{last}x"),
        ("irisin", "qry_0000000000000000 2026-11-20"),
        ("irisin", "{key} 2026-13-40"),
        ("irisin", "{key} 0001-01-01"),
    ],
)
def test_a_changed_query_and_an_unreadable_cursor_are_asked_from_the_beginning(query: str, cursor: str) -> None:
    visits: dict[str, Visit] = {}
    with pubmed().serving() as server:
        run(server, visits)
        last = visits[""].cursor
        visits[""] = Visit("s", "", FIRST_NIGHT, cursor=cursor.format(last=last, key=last.split()[0]))
        night = run(server, visits, FIRST_NIGHT + timedelta(days=9), query=query)
    (search,) = night.asked("esearch")
    assert "datetype" not in search
    assert night.paths(Unchanged) == ["1000.xml", "1001.xml", "1002.xml"]  # had before, so not sent again
    assert night.asked("efetch") == []
    assert visits[""].cursor.endswith(" 2026-11-20")  # but what happened to them since is asked for next


@pytest.mark.parametrize(("environ", "allowed"), [({}, 1 / 3), ({"NCBI_API_KEY": KEY}, 1 / 10)])
def test_with_a_key_ncbi_is_asked_more_often(environ: dict[str, str], allowed: float) -> None:
    with pubmed(900).serving() as server:
        night = run(server, environ=environ)
    assert [page.get("api_key") for page in night.asked(".fcgi")] == [environ.get("NCBI_API_KEY")] * 6
    assert len(night.slept) <= 5
    assert 0 < max(night.slept) <= allowed
    assert environ or max(night.slept) > 1 / 10


@pytest.mark.parametrize(
    ("contact", "email"),
    [
        ("jane@example.org", "jane@example.org"),
        ("mailto:jane@example.org", "jane@example.org"),
        ("https://example.org/@jane", None),
        ("", None),
    ],
)
def test_only_an_address_to_write_to_is_given_as_one(contact: str, email: str | None) -> None:
    with pubmed().serving() as server:
        night = run(server, environ={"MYOCLAIMS_CONTACT": contact})
    assert {asked.get("email") for asked in night.asked(".fcgi")} == {email}


BODY = '{"header":{},"esearchresult":{"count":"3","idlist":["1000","1001","1002"]'
SEARCH_FAULTS = [
    says('{"esearchresult":{"ERROR":"Search Backend failed: Exception:\n\'retstart\' cannot be larger"}}'),
    says('{"error":"API rate limit exceeded","count":"4"}'),
    says("<html><body>The site is down for maintenance</body></html>"),
    says(BODY),
    says(BODY + "}}"),  # nothing kept on the history server
    says('{"esearchresult":{"count":"3","idlist":[],"querykey":"1","webenv":"M"}}'),
    says('{"esearchresult":{"count":"9' + "9" * 5000 + '","idlist":[]}}'),
    says('{"esearchresult":{"count":"1","idlist":["../x"],"querykey":"1","webenv":"M"}}'),
    says('{"esearchresult":{"idlist":[]}}'),
    says('{"esearchresult":{"ERROR":' + "[" * 900 + "]" * 900 + "}}"),
    says('{"esearchresult":{"count":[[3]],"idlist":[[["1000"]]]}}'),
    says("[" * 100_000),
    says(""),
    says("busy", 400),
]
FETCH_FAULTS = [
    says(with_error("Unable to obtain query #1")),
    says(with_error("External viewer error: Empty Response. Status: Timeout"), 400),
    says("<html><body>Error 500</body></html>"),
    says(record_set(*(Entry().xml(str(1000 + number)) for number in range(12)))[:-300]),
    says(record_set()),
    says('{"error":"API rate limit exceeded","count":"4"}'),
    says('<!DOCTYPE x [<!ENTITY a "b">]><PubmedArticleSet>&a;</PubmedArticleSet>'),
    says("<PubmedArticleSet><PubmedArticle>" + "<a>" * 3000 + "</a>" * 3000 + "</PubmedArticle></PubmedArticleSet>"),
    says(""),
]


@pytest.mark.parametrize("fault", SEARCH_FAULTS)
def test_a_search_that_fails_once_is_tried_again(fault: Fault) -> None:
    service = pubmed()
    service.faults["esearch"] = [fault]
    with service.serving() as server:
        night = run(server)
    assert len(night.paths(Fetched)) == 3
    assert (night.rejects, len(night.asked("esearch"))) == ([], 2)
    assert night.whole is not None


@pytest.mark.parametrize("fault", FETCH_FAULTS)
def test_records_that_come_broken_are_asked_for_again_by_a_new_search(fault: Fault) -> None:
    service = pubmed(12)
    service.faults["efetch"] = [fault]
    with service.serving() as server:
        night = run(server)
    assert len(night.paths(Fetched)) == 12
    assert (night.rejects, len(night.asked("esearch"))) == ([], 2)
    assert [page["WebEnv"] for page in night.asked("efetch")] == ["MCID_0", "MCID_1"]
    assert night.whole is not None


def test_a_history_that_expires_between_two_batches_loses_and_doubles_nothing() -> None:
    service = pubmed(500)
    expired = says(with_error("Unable to obtain query #1"))

    def sends_then_forgets(exchange: Exchange) -> None:
        service.send_records(exchange)
        service.histories.clear()
        service.entries = {"2000": Entry(), **service.entries}  # new results stand first
        service.entries.pop("1001")

    service.faults["efetch"] = [sends_then_forgets, expired]
    with service.serving() as server:
        night = run(server)
    fetched = night.paths(Fetched)
    assert len(fetched) == len(set(fetched))
    assert set(fetched) == {f"{pmid}.xml" for pmid in (*service.entries, "1001")}
    assert night.rejects == []


@pytest.mark.parametrize("fault", SEARCH_FAULTS[:4])
def test_a_search_that_keeps_failing_is_one_reject_of_the_source(fault: Fault) -> None:
    service = pubmed()
    service.faults["esearch"] = [fault] * 4
    with service.serving() as server:
        night = run(server)
        (reject,) = night.offers
    assert isinstance(reject, Reject)
    assert (reject.path, reject.is_passing) == (server.url, True)
    assert reject.reason.startswith(f"could not be searched: {server.url}/esearch.fcgi ")
    assert reject.reason.endswith("it was asked 4 times; the next run asks again")


def test_a_batch_that_keeps_failing_leaves_the_others_and_is_alone_asked_for_the_next_night() -> None:
    service, visits = pubmed(600), no_visits()
    service.faults["efetch"] = [service.send_records, *[says("<html/>")] * 4]
    with service.serving() as server:
        night = run(server, visits)
        second = run(server, visits, FIRST_NIGHT + timedelta(days=1))
        third = run(server, visits, FIRST_NIGHT + timedelta(days=2))
    assert len(night.paths(Fetched)) == 400
    (reject,) = night.rejects
    assert (reject.path, reject.is_passing) == (server.url, True)
    assert "did not send 200 of the 400 records that are due, from 1200.xml on" in reject.reason
    assert night.whole is None
    assert (len(second.paths(Unchanged)), len(second.paths(Fetched))) == (400, 200)
    assert [(page["retstart"], page["retmax"]) for page in second.asked("efetch")] == [("200", "200")]
    (search,) = third.asked("esearch")
    assert search["mindate"] == "2026/11/19"  # the 400 are only known as they were in the first night


def test_a_service_that_is_down_is_left_alone_after_three_failures() -> None:
    service = pubmed(2000)
    service.faults["efetch"] = [says("<html/>")] * 100
    with service.serving() as server:
        night = run(server)
    assert len(night.rejects) == 3
    assert len(night.asked("efetch")) == 3 * 4
    assert night.whole is None


def test_deleted_records_are_rejected_for_good_and_chapters_are_offered() -> None:
    service, visits = pubmed(3), no_visits()
    service.entries["1001"].tag = ""
    service.entries["1002"].tag = "PubmedBookArticle"
    with service.serving() as server:
        night = run(server, visits)
    assert night.paths(Fetched) == ["1000.xml", "1002.xml"]
    assert [(reject.path, reject.is_passing) for reject in night.rejects] == [("1001.xml", False)]
    assert "deleted" in night.rejects[0].reason
    assert "" in visits


def test_a_record_that_is_missing_once_is_not_taken_for_deleted() -> None:
    service = pubmed(3)
    service.faults["efetch"] = [says(record_set(Entry().xml("1000"), Entry().xml("1002")))]
    with service.serving() as server:
        night = run(server)
    assert night.paths(Fetched) == ["1000.xml", "1002.xml", "1001.xml"]
    assert night.rejects == []
    assert [(page["retstart"], page["retmax"]) for page in night.asked("efetch")] == [("0", "3"), ("1", "1")]


def test_a_query_without_results_ends_well() -> None:
    with pubmed(0).serving() as server:
        night = run(server)
    assert night.offers == [night.whole]


def entered_over_time(days: int, most_on_one: int = 0) -> PubMed:
    """10,500 records, entered evenly, with `most_on_one` more on one day."""
    entries = {str(number): Entry(date(1975, 1, 1) + timedelta(days=number % days)) for number in range(1, 10_501)}
    one_day = {str(20_000 + number): Entry(date(2026, 11, 19)) for number in range(most_on_one)}
    return PubMed(entries | one_day)


@pytest.mark.parametrize("since", [None, date(2020, 1, 1)])
def test_more_results_than_pubmed_shows_are_asked_for_by_ranges_of_days(since: date | None) -> None:
    service = entered_over_time(18_000)
    for number in range(1, 101):
        service.entries[str(number)].changed = date(2019, 12, 31)
    with service.serving() as server:
        source = Source("s", "S", "pubmed", server.url, allow_private=(server.host,))
        terms = Terms(environ={}, sleep=lambda _: None)
        with WebClient(source, terms, obeys_robots=False) as client:
            listings = list(Entrez(client, server.url, terms).listings("irisin", since, date(2026, 11, 20)))
    found = [pmid for listing in listings for pmid in listing.pmids]
    assert len(found) == len(set(found)) == (10_500 if since is None else 10_400)
    assert all(listing.count == len(listing.pmids) <= 9999 for listing in listings)
    assert 3 <= len(server.requests) <= 10


def test_a_single_day_with_more_results_than_pubmed_shows_is_told() -> None:
    service = entered_over_time(1, most_on_one=1)
    with service.serving() as server:
        night = run(server, at_most=1)
    (reject,) = night.rejects
    assert reject.reason == "has 10,500 results of one day, of which PubMed shows 9,999; narrow `query`"
    assert len(night.paths(Fetched)) == 1


def test_at_most_so_many_are_fetched_a_night_until_all_are_had() -> None:
    visits: dict[str, Visit] = {}
    nights = []
    with pubmed(5).serving() as server:
        for number in range(4):
            nights.append(run(server, visits, FIRST_NIGHT + timedelta(days=number), at_most=2))
    assert [len(night.paths(Fetched)) for night in nights] == [2, 2, 1, 0]
    assert [night.whole is not None for night in nights] == [False, False, True, True]
    assert [page["retmax"] for night in nights for page in night.asked("efetch")] == ["2", "2", "1"]
    assert nights[3].asked("esearch")[0]["mindate"] == "2026/11/19"  # the day before the first were had


def test_more_revisions_than_may_be_fetched_in_a_night_are_caught_up_with() -> None:
    service, visits = pubmed(6), no_visits()
    with service.serving() as server:
        run(server, visits)
        for entry in service.entries.values():
            entry.changed = date(2026, 11, 21)
        nights = [run(server, visits, FIRST_NIGHT + timedelta(days=1 + number), at_most=4) for number in range(2)]
    assert [night.paths(Fetched) for night in nights] == [
        ["1000.xml", "1001.xml", "1002.xml", "1003.xml"],
        ["1004.xml", "1005.xml"],
    ]
    assert visits[""].cursor.endswith(" 2026-11-21")


@pytest.mark.parametrize(
    "fault",
    [
        says(with_error(f"bad request /efetch.fcgi?api_key={KEY}&amp;db=pubmed")),
        says(f"<html>{KEY}</html>"),
        says(f'{{"error":"API key invalid","api-key":"{KEY}"}}', 400),
        says(KEY, 403),
        says(KEY, 500),
        lambda exchange: exchange.reply(status=302, location=f"http://127.0.0.1:1/?api_key={KEY}"),
        lambda exchange: exchange.raw(b"nonsense\r\n\r\n"),
    ],
)
@pytest.mark.parametrize("utility", ["esearch", "efetch"])
def test_the_key_is_in_nothing_that_is_offered(utility: str, fault: Fault) -> None:
    service = pubmed()
    service.faults[utility] = [fault] * 100
    with service.serving() as server:
        night = run(server, environ={"NCBI_API_KEY": KEY})
    assert night.rejects
    assert KEY not in repr(night.offers)
    assert night.whole is None


def test_a_server_that_cannot_be_reached_is_a_passing_reject() -> None:
    with pubmed().serving() as server:
        pass
    night = run(server, environ={"NCBI_API_KEY": KEY})
    (reject,) = night.offers
    assert isinstance(reject, Reject)
    assert reject.is_passing
    assert KEY not in reject.reason
