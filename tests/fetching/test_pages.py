import pytest

from pipeline.fetching import FetchLimits, Terms, fetch
from pipeline.fetching.pages import path_of
from pipeline.records import Reject, Source, Stage, Visit
from tests.fetching.loopback import Server, in_turn, serving
from tests.fetching.visiting import ARTICLE, NOON, answering, asked, broken_off, failing, moved_to, run


def listing(server: Server, *paths: str, at_most: int = 0) -> Source:
    return server.source(addresses=tuple(server.url + path for path in paths), at_most=at_most)


def test_pages_come_in_the_order_of_the_catalog_with_address_type_and_visit() -> None:
    page = answering(ARTICLE, "text/html; charset=utf-8", etag='W/"7"')
    with serving({"/b": page, "/a": answering("Irisin.", "text/plain")}) as server:
        found = run(listing(server, "/b", "/a"))
        first = found.fetched[0]
        path = f"{server.url}/b"
        assert found.paths == [path, f"{server.url}/a"]
        assert (first.path, first.url, first.data) == (path, path, ARTICLE.encode())
        assert (first.media_type, first.fetched_at) == ("text/html; charset=utf-8", NOON)
        assert first.visit == Visit("s", path, NOON, etag='W/"7"')
        assert found.offers[-1] == found.whole == Visit("s", "", NOON)


def test_pages_come_one_at_a_time() -> None:
    with serving({"/a": ARTICLE, "/b": ARTICLE}) as server:
        offers = fetch(listing(server, "/a", "/b"), Terms(environ={}))
        next(offers)
        assert asked(server) == ["/a"]
        offers.close()  # type: ignore[attr-defined]


def test_a_page_that_did_not_change_is_not_sent_again() -> None:
    changing = in_turn(answering("old", etag='"1"'), answering("new", etag='"2"'))
    with serving({"/same": answering(), "/changed": changing}) as server:
        source = listing(server, "/same", "/changed")
        second = run(source, after=run(source))
        assert second.unchanged == [f"{server.url}/same"]
        assert [item.data for item in second.fetched] == [b"new"]
        assert [request.headers.get("if-none-match") for request in server.asked("/same")] == [None, '"1"']
        third = run(source, after=second)
        assert third.unchanged == [f"{server.url}/same", f"{server.url}/changed"]


def test_a_page_without_validators_is_sent_again() -> None:
    with serving({"/a": ARTICLE}) as server:
        source = listing(server, "/a")
        assert run(source, after=run(source)).paths == [f"{server.url}/a"]


def test_the_same_address_in_other_words_is_asked_once() -> None:
    with serving({"/a": ARTICLE}) as server:
        first = f"{server.url}/a#results"
        loud = server.url.replace("http://", "HTTP://") + "/a#methods"
        found = run(server.source(addresses=(first, loud, f"{server.url}/a")))
        assert found.paths == [f"{server.url}/a"]
        assert asked(server) == ["/a"]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("HTTPS://Example.ORG:443/A?b=C#d", "https://example.org/A?b=C"),
        (" http://example.org:80 ", "http://example.org/"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("http://example.org/überblick", "http://example.org/%C3%BCberblick"),
        ("ftp://example.org/a", "ftp://example.org/a"),
        ("http://[half", "http://[half"),
        ("no address", "no address"),
    ],
)
def test_the_path_of_an_article_is_its_address_in_one_form(address: str, path: str) -> None:
    assert path_of(address) == path


@pytest.mark.parametrize(
    ("address", "base", "path"),
    [
        ("b.html?x=1", "https://example.org/blog/a.html", "https://example.org/blog/b.html?x=1"),
        ("//other.org/a", "https://example.org/", "https://other.org/a"),
        ("https://other.org/a", "https://example.org/", "https://other.org/a"),
        ("http://[half", "https://example.org/", "http://[half"),
        (" ", "https://example.org/", ""),
    ],
)
def test_a_relative_address_counts_from_its_page(address: str, base: str, path: str) -> None:
    assert path_of(address, base) == path


def test_a_page_that_moved_keeps_its_path_and_shows_where_it_is() -> None:
    with serving({"/old": moved_to("/new"), "/new": ARTICLE}) as server:
        (item,) = run(listing(server, "/old")).fetched
        assert (item.path, item.url) == (f"{server.url}/old", f"{server.url}/new")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html; charset=ISO-8859-1",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "application/pdf",
        "application/xml",
        "text/xml",
    ],
)
def test_pages_of_the_kinds_that_can_be_read_are_fetched(content_type: str) -> None:
    with serving({"/a": answering("x", content_type)}) as server:
        assert [item.media_type for item in run(listing(server, "/a")).fetched] == [content_type]


FAULTS = {
    "gone": (failing(404), "404", False),
    "broken": (failing(500), "500", True),
    "cut": (broken_off("text/html"), "broke off", True),
    "picture": (answering(b"\x89PNG", "image/png"), "image/png", False),
    "huge": (answering("x" * 2000), "large", False),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_cannot_be_had_is_a_reject_and_the_others_come(fault: str) -> None:
    route, said, is_passing = FAULTS[fault]
    with serving({"/a": ARTICLE, "/bad": route, "/c": ARTICLE}) as server:
        found = run(listing(server, "/a", "/bad", "/c"), limits=FetchLimits(max_bytes=1000, tries=2))
        assert found.paths == [f"{server.url}/a", f"{server.url}/c"]
        (reject,) = found.rejects
        assert (reject.path, reject.stage, reject.is_passing) == (f"{server.url}/bad", Stage.FETCHING, is_passing)
        assert said in reject.reason


def test_robots_txt_is_kept_to() -> None:
    rules = answering("User-agent: *\nDisallow: /private/", "text/plain")
    with serving({"/robots.txt": rules, "/private/a": ARTICLE, "/b": ARTICLE}) as server:
        found = run(listing(server, "/private/a", "/b"))
        assert found.paths == [f"{server.url}/b"]
        assert [reject.path for reject in found.rejects] == [f"{server.url}/private/a"]
        assert asked(server) == ["/b"]


def test_a_private_host_that_the_source_does_not_name_is_not_asked() -> None:
    with serving({"/a": ARTICLE}) as server:
        found = run(server.source(addresses=(f"{server.url}/a",), allow_private=()))
        assert [type(offer) for offer in found.offers[:-1]] == [Reject]
        assert "allow_private" in found.rejects[0].reason
        assert server.requests == []


def test_requests_keep_the_delay_of_the_source() -> None:
    naps: list[float] = []
    with serving({"/a": ARTICLE, "/b": ARTICLE}) as server:
        source = server.source(addresses=(f"{server.url}/a", f"{server.url}/b"), delay_s=7.0)
        list(fetch(source, Terms(environ={}, sleep=naps.append)))
    assert naps
    assert all(6.0 < nap <= 7.0 for nap in naps)


def test_a_limit_is_kept_and_the_next_runs_go_on_from_there_and_around() -> None:
    with serving({path: answering(etag=f'"{path}"') for path in ("/a", "/b", "/c", "/d", "/e")}) as server:
        source = listing(server, "/a", "/b", "/c", "/d", "/e", at_most=2)
        found, asked_by_run = None, []
        for _ in range(4):
            since = len(server.requests)
            found = run(source, after=found)
            asked_by_run.append(asked(server, since))
        assert asked_by_run == [["/a", "/b"], ["/c", "/d"], ["/e", "/a"], ["/b", "/c"]]


def test_dead_pages_do_not_use_up_the_limit_for_ever() -> None:
    with serving({"/dead": failing(404), "/gone": failing(410), "/c": ARTICLE}) as server:
        source = listing(server, "/dead", "/gone", "/c", at_most=2)
        first = run(source)
        assert first.paths == []
        assert run(source, after=first).paths == [f"{server.url}/c"]


def test_a_limit_that_is_not_reached_leaves_nothing_to_go_on_from() -> None:
    with serving({"/a": ARTICLE, "/b": ARTICLE}) as server:
        found = run(listing(server, "/a", "/b", at_most=2))
        assert found.whole == Visit("s", "", NOON)


def test_where_the_page_to_go_on_after_is_gone_the_run_begins_at_the_first() -> None:
    with serving({"/a": ARTICLE, "/b": ARTICLE}) as server:
        first = run(listing(server, "/gone", "/a", at_most=1))
        assert run(listing(server, "/a", "/b", at_most=1), after=first).paths == [f"{server.url}/a"]
