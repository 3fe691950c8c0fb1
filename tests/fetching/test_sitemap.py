import gzip
from collections.abc import Callable

import pytest

from pipeline.fetching import FetchLimits
from pipeline.fetching.sitemap_xml import MOST_ENTRIES, Entry, NoSitemap, parse_sitemap
from pipeline.records import Source, Stage, Visit
from tests.fetching.loopback import Exchange, Route, Server, in_turn, serving
from tests.fetching.visiting import ARTICLE, NOON, Routes, Run, answering, asked, broken_off, failing, moved_to, run

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
LIMIT = 1_000_000


def urlset(*entries: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SPACE}">{"".join(entries)}</urlset>'


def index(*addresses: str) -> str:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<sitemapindex xmlns="{SPACE}">{entries}</sitemapindex>'


def page(address: str, last_changed: str = "") -> str:
    return f"<url><loc> {address}\n</loc>{f'<lastmod>{last_changed}</lastmod>' if last_changed else ''}</url>"


def xml(write: Callable[[str], str | bytes], content_type: str = "application/xml") -> Route:
    """A route with a document about its own server, whose address `write` is given."""

    def route(exchange: Exchange) -> None:
        exchange.reply(write(f"http://{exchange.request.headers['host']}"), content_type=content_type)

    return route


def pages(*paths: str) -> Route:
    return xml(lambda site: urlset(*(page(site + path) for path in paths)))


def indexed(*paths: str) -> Route:
    return xml(lambda site: index(*(site + path for path in paths)))


def sitemap_of(server: Server, path: str = "/sitemap.xml", glob: str = "**/*", at_most: int = 0) -> Source:
    return server.source(kind="sitemap", location=server.url + path, glob=glob, at_most=at_most)


def local(server: Server, found: Run) -> list[str]:
    """The paths of the pages that were fetched, on the server."""
    return [path.removeprefix(server.url) for path in found.paths]


@pytest.mark.parametrize(
    "data",
    [
        urlset(page("https://e.org/a", "2024-05-01"), page("https://e.org/b")).encode(),
        urlset(page("https://e.org/a", "2024-05-01"), page("https://e.org/b"))
        .replace(f' xmlns="{SPACE}"', "")
        .encode(),
        gzip.compress(urlset(page("https://e.org/a", "2024-05-01"), page("https://e.org/b")).encode(), mtime=0),
        urlset(page("https://e.org/a", "2024-05-01"), page("https://e.org/b"))
        .replace("UTF-8", "UTF-16")
        .encode("utf-16"),
    ],
    ids=["plain", "without namespace", "gzip", "UTF-16"],
)
def test_a_sitemap_gives_its_entries_in_order(data: bytes) -> None:
    found = parse_sitemap(data, LIMIT)
    assert found.entries == (Entry("https://e.org/a", "2024-05-01"), Entry("https://e.org/b"))
    assert not found.is_index


def test_addresses_of_pictures_and_entries_without_address_are_no_pages() -> None:
    picture = (
        '<i:image xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><i:loc>https://e.org/p</i:loc></i:image>'
    )
    entries = f"<url>{picture}<loc>https://e.org/a</loc></url><url><loc> </loc></url><url/><other><loc>x</loc></other>"
    assert parse_sitemap(urlset(entries).encode(), LIMIT).entries == (Entry("https://e.org/a"),)


def test_entities_and_character_data_in_addresses_are_read() -> None:
    entries = urlset(page("https://e.org/a?b=1&amp;c=2"), page("<![CDATA[https://e.org/a?d=1&e=2]]>"))
    addresses = [entry.address for entry in parse_sitemap(entries.encode(), LIMIT).entries]
    assert addresses == ["https://e.org/a?b=1&c=2", "https://e.org/a?d=1&e=2"]


def test_of_more_addresses_than_the_protocol_allows_the_first_are_taken() -> None:
    found = parse_sitemap(urlset("<url><loc>https://e.org/a</loc></url>" * (MOST_ENTRIES + 1)).encode(), 10 * LIMIT)
    assert (len(found.entries), found.is_cut) == (MOST_ENTRIES, True)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not well-formed"),
        (b"Not found", "not well-formed"),
        (urlset(page("https://e.org/a"), page("https://e.org/b"))[:-20].encode(), "cut short"),
        (b"<urlset><url></urlset>", "not well-formed"),
        (b"<rss version='2.0'/>", "root <rss>"),
        (b"<html><body/></html>", "root <html>"),
        (BOMB.encode(), "entities"),
        (OUTSIDE.encode(), "entities"),
        (b'<?xml version="1.0" encoding="klingon"?><urlset/>', "encoding"),
        (b'<?xml version="1.0" encoding="shift_jis"?><urlset/>', "encoding"),
        (gzip.compress(b"<urlset/>", mtime=0)[:-4], "unpacked"),
        (b"\x1f\x8bno gzip", "unpacked"),
        (gzip.compress(b"<urlset>" + b" " * (LIMIT + 1) + b"</urlset>", mtime=0), "1.0 MB is the limit"),
        (b"<a>" * 100_000, "root <a>"),
        (b"<urlset>" + b"<a>" * 300_000, "not well-formed"),
    ],
)
def test_what_is_no_whole_sitemap_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(NoSitemap, match=said):
        parse_sitemap(data, LIMIT)


def test_pages_come_in_the_order_of_the_sitemap_each_once() -> None:
    routes: Routes = {"/sitemap.xml": pages("/b", "/a", "/b#part"), "/a": ARTICLE, "/b": ARTICLE}
    with serving(routes) as server:
        found = run(sitemap_of(server))
        assert local(server, found) == ["/b", "/a"]
        assert found.whole == Visit("s", "", NOON)
        assert not found.rejects


def test_only_pages_with_another_date_are_asked_for_again() -> None:
    old = xml(lambda site: urlset(page(site + "/same", "2024-01-01"), page(site + "/changed", "2024-01-01")))
    new = xml(
        lambda site: urlset(
            page(site + "/new", "2024-02-01"), page(site + "/same", "2024-01-01"), page(site + "/changed", "2024-02-01")
        )
    )
    routes: Routes = {"/sitemap.xml": in_turn(old, new), "/same": ARTICLE, "/changed": ARTICLE, "/new": ARTICLE}
    with serving(routes) as server:
        first = run(sitemap_of(server))
        since = len(server.requests)
        second = run(sitemap_of(server), after=first)
        assert asked(server, since) == ["/sitemap.xml", "/new", "/changed"]
        assert local(server, second) == ["/new", "/changed"]
        assert second.unchanged == [f"{server.url}/same"]
        since = len(server.requests)
        run(sitemap_of(server), after=second)
        assert asked(server, since) == ["/sitemap.xml"]


def test_pages_without_a_date_are_asked_whether_they_changed() -> None:
    with serving({"/sitemap.xml": pages("/a"), "/a": answering()}) as server:
        second = run(sitemap_of(server), after=run(sitemap_of(server)))
        assert second.unchanged == [f"{server.url}/a"]
        assert len(server.asked("/a")) == 2


def test_a_new_date_on_an_unchanged_page_is_asked_about_once() -> None:
    def dated(date: str) -> Route:
        return xml(lambda site: urlset(page(site + "/a", date)))

    listings = in_turn(dated("2024-01-01"), dated("2024-02-01"))
    with serving({"/sitemap.xml": listings, "/a": answering()}) as server:
        second = run(sitemap_of(server), after=run(sitemap_of(server)))
        assert second.unchanged == [f"{server.url}/a"]
        third = run(sitemap_of(server), after=second)
        assert third.unchanged == [f"{server.url}/a"]
        assert [request.headers.get("if-none-match") for request in server.asked("/a")] == [None, '"1"']


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("**/*", ["/", "/blog/a.html", "/blog/2024/b", "/über"]),
        ("/blog/*", ["/blog/a.html", "/blog/2024/b"]),
        ("blog/*", ["/blog/a.html", "/blog/2024/b"]),
        ("*.html", ["/blog/a.html"]),
        ("/über", ["/über"]),
        ("*/B", []),
    ],
)
def test_the_glob_chooses_pages_by_the_path_of_their_address(glob: str, expected: list[str]) -> None:
    routes: Routes = {"/sitemap.xml": pages("/", "/blog/a.html?x=1", "/blog/2024/b", "/über")}
    routes |= {path: ARTICLE for path in ("/", "/blog/a.html", "/blog/2024/b", "/%C3%BCber")}
    with serving(routes) as server:
        found = run(sitemap_of(server, glob=glob))
        shown = [path.replace("%C3%BC", "ü").removesuffix("?x=1") for path in local(server, found)]
        assert shown == expected


@pytest.mark.parametrize("content_type", ["application/gzip", "application/x-gzip", "application/octet-stream"])
def test_an_index_of_packed_sitemaps_is_followed_in_its_order(content_type: str) -> None:
    packed = xml(lambda site: gzip.compress(urlset(page(site + "/a")).encode()), content_type)
    routes: Routes = {"/sitemap.xml": indexed("/2.xml", "/1.xml.gz"), "/2.xml": pages("/b", "/a"), "/1.xml.gz": packed}
    with serving({**routes, "/a": ARTICLE, "/b": ARTICLE}) as server:
        found = run(sitemap_of(server))
        assert local(server, found) == ["/b", "/a"]
        assert found.whole is not None


def test_a_sitemap_is_asked_for_when_the_pages_before_it_are_done() -> None:
    routes: Routes = {"/sitemap.xml": indexed("/1.xml", "/2.xml"), "/1.xml": pages("/a"), "/2.xml": pages("/b")}
    with serving({**routes, "/a": ARTICLE, "/b": ARTICLE}) as server:
        run(sitemap_of(server))
        assert asked(server) == ["/sitemap.xml", "/1.xml", "/a", "/2.xml", "/b"]


def test_sitemaps_that_name_each_other_are_read_once() -> None:
    routes: Routes = {"/sitemap.xml": indexed("/sitemap.xml", "/1.xml"), "/1.xml": indexed("/sitemap.xml", "/2.xml")}
    with serving({**routes, "/2.xml": pages("/a"), "/a": ARTICLE}) as server:
        found = run(sitemap_of(server))
        assert asked(server) == ["/sitemap.xml", "/1.xml", "/2.xml", "/a"]
        assert not found.rejects


def test_indexes_that_lie_too_deep_are_rejected_and_what_lies_higher_is_read() -> None:
    routes: Routes = {f"/{depth}.xml": indexed(f"/{depth + 1}.xml") for depth in (1, 2, 4)}
    routes["/3.xml"] = indexed("/4.xml", "/pages.xml")
    with serving({**routes, "/pages.xml": pages("/a"), "/a": ARTICLE}) as server:
        found = run(sitemap_of(server, "/1.xml"))
        assert local(server, found) == ["/a"]
        (reject,) = found.rejects
        assert reject.path == f"{server.url}/4.xml"
        assert "too deep" in reject.reason
        assert "/5.xml" not in asked(server)
        assert found.whole is None


def test_of_more_sitemaps_than_there_may_be_the_first_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.fetching.sitemap._MOST_SITEMAPS", 2)
    listing = indexed("/1.xml", "/2.xml", "/3.xml")
    with serving({"/sitemap.xml": listing, "/1.xml": pages("/a"), "/a": ARTICLE}) as server:
        found = run(sitemap_of(server))
        assert asked(server) == ["/sitemap.xml", "/1.xml", "/a"]
        (reject,) = found.rejects
        assert "more than 2 sitemaps" in reject.reason
        assert found.whole is None


def test_a_sitemap_that_is_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.fetching.sitemap_xml.MOST_ENTRIES", 1)
    with serving({"/sitemap.xml": pages("/a", "/b"), "/a": ARTICLE}) as server:
        found = run(sitemap_of(server))
        assert local(server, found) == ["/a"]
        assert "more than the 1 addresses" in found.rejects[0].reason
        assert found.whole is None


def test_addresses_of_other_hosts_are_passed_over_in_one_reject_with_their_number() -> None:
    foreign = xml(
        lambda site: urlset(page("https://other.example/x"), page(site + "/a"), page("ftp://other.example/y"))
    )
    listing = xml(lambda site: index("https://other.example/s.xml", site + "/1.xml"))
    with serving({"/sitemap.xml": listing, "/1.xml": foreign, "/a": ARTICLE}) as server:
        found = run(sitemap_of(server))
        assert local(server, found) == ["/a"]
        (reject,) = found.rejects
        assert (reject.path, reject.stage, reject.is_passing) == (f"{server.url}/sitemap.xml", Stage.FETCHING, False)
        assert "3 addresses" in reject.reason
        assert "https://other.example/s.xml" in reject.reason
        assert found.whole is not None


def test_a_site_that_moved_may_list_pages_under_its_new_host() -> None:
    with serving({"/sitemap.xml": pages("/a"), "/a": ARTICLE}) as new:
        with serving({"/sitemap.xml": moved_to(f"{new.url}/sitemap.xml")}) as old:
            source = Source("s", "S", "sitemap", f"{old.url}/sitemap.xml", allow_private=(old.host, new.host))
            found = run(source)
        assert found.paths == [f"{new.url}/a"]
        assert not found.rejects


FAULTS = {
    "not there": (failing(404), "404", False),
    "broken": (failing(500), "500", True),
    "broken off": (broken_off("application/xml"), "broke off", True),
    "picture": (answering(b"\x89PNG", "image/png"), "image/png", False),
    "web page": (answering(ARTICLE, "text/html"), "text/html", False),
    "cut short": (xml(lambda site: urlset(page(site + "/a"), page(site + "/b"))[:-20]), "cut short", False),
    "huge": (answering(urlset(" " * 5000), "application/xml"), "large", False),
    "bomb": (
        answering(gzip.compress(b"<urlset>" + b" " * 90_000, mtime=0), "application/gzip"),
        "is more than 0.0 MB large when unpacked",
        False,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sitemap_that_cannot_be_had_is_a_reject_at_its_address_and_no_listing(fault: str) -> None:
    route, said, is_passing = FAULTS[fault]
    with serving({"/sitemap.xml": route, "/a": ARTICLE}) as server:
        found = run(sitemap_of(server), limits=FetchLimits(max_bytes=4000, tries=2))
        (reject,) = found.rejects
        assert (reject.path, reject.stage, reject.is_passing) == (
            f"{server.url}/sitemap.xml",
            Stage.FETCHING,
            is_passing,
        )
        assert said in reject.reason
        assert found.offers == [reject]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_part_that_cannot_be_had_leaves_the_other_parts(fault: str) -> None:
    route, said, is_passing = FAULTS[fault]
    with serving(
        {"/sitemap.xml": indexed("/1.xml", "/2.xml"), "/1.xml": route, "/2.xml": pages("/c"), "/c": "x"}
    ) as server:
        found = run(sitemap_of(server), limits=FetchLimits(max_bytes=4000, tries=2))
        assert local(server, found) == ["/c"]
        (reject,) = found.rejects
        assert (reject.path, reject.is_passing) == (f"{server.url}/1.xml", is_passing)
        assert said in reject.reason
        assert found.whole is None


def test_one_page_that_fails_leaves_the_others() -> None:
    routes: Routes = {"/sitemap.xml": pages("/a", "/bad", "/c"), "/a": ARTICLE, "/bad": failing(500), "/c": ARTICLE}
    with serving(routes) as server:
        found = run(sitemap_of(server))
        assert local(server, found) == ["/a", "/c"]
        assert [(reject.path, reject.is_passing) for reject in found.rejects] == [(f"{server.url}/bad", True)]
        since = len(server.requests)
        run(sitemap_of(server), after=found)
        assert "/bad" in asked(server, since)


def test_addresses_that_are_none_are_rejects_of_their_own() -> None:
    listing = xml(
        lambda site: urlset(page(site.replace("http", "ftp") + "/x"), page(site + "/a"), page("http://[half"))
    )
    with serving({"/sitemap.xml": listing, "/a": ARTICLE}) as server:
        found = run(sitemap_of(server))
        assert local(server, found) == ["/a"]
        assert len(found.rejects) == 2


def test_a_limit_passes_over_known_pages_and_takes_the_rest_the_next_time() -> None:
    listing = xml(lambda site: urlset(*(page(site + path, "2024-01-01") for path in ("/a", "/b", "/c", "/d", "/e"))))
    routes: Routes = {path: ARTICLE for path in ("/a", "/b", "/c", "/d", "/e")}
    with serving({**routes, "/sitemap.xml": listing}) as server:
        found, fetched = None, []
        for _ in range(4):
            found = run(sitemap_of(server, at_most=2), after=found)
            fetched.append(local(server, found))
        assert fetched == [["/a", "/b"], ["/c", "/d"], ["/e"], []]
        assert found is not None
        assert found.whole == Visit("s", "", NOON)


def test_a_limit_leaves_later_sitemaps_unasked() -> None:
    routes: Routes = {"/sitemap.xml": indexed("/1.xml", "/2.xml"), "/1.xml": pages("/a", "/b"), "/2.xml": pages("/c")}
    with serving({**routes, "/a": ARTICLE}) as server:
        run(sitemap_of(server, at_most=1))
        assert asked(server) == ["/sitemap.xml", "/1.xml", "/a"]
