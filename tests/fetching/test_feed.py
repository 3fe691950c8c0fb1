import gzip

import pytest

from pipeline.fetching import FetchLimits
from pipeline.fetching.feed_entries import FeedEntry, NoFeed, parse_feed
from pipeline.reading import read_all
from pipeline.records import Article, Source, Stage, Visit
from tests.fetching.loopback import Exchange, Route, Server, in_turn, serving
from tests.fetching.visiting import ARTICLE, NOON, Routes, Run, answering, asked, broken_off, failing, moved_to, run

RSS_TYPE = "application/rss+xml; charset=utf-8"
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def rss(*items: str) -> str:
    channel = f"<channel><title>News</title>{''.join(items)}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0" {CONTENT}>{channel}</rss>'


def item(link: str = "", date: str = "", more: str = "") -> str:
    linked = f"<link>{link}</link>" if link else ""
    return f"<item><title>Irisin</title>{linked}{f'<pubDate>{date}</pubDate>' if date else ''}{more}</item>"


def atom(*entries: str, more: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {more}><id>tag:e.org:feed</id>{"".join(entries)}</feed>'


def entry(number: int, updated: str = "2024-05-01T00:00:00Z", more: str = "") -> str:
    return f"<entry><id>tag:e.org:{number}</id><title>Irisin</title><updated>{updated}</updated>{more}</entry>"


def feed(text: str | bytes, etag: str = "") -> Route:
    return answering(text, RSS_TYPE, etag)


def source_of(server: Server, path: str = "/feed.xml", at_most: int = 0) -> Source:
    return server.source(kind="feed", location=server.url + path, at_most=at_most)


def local(server: Server, found: Run) -> list[str]:
    return [path.removeprefix(server.url) for path in found.paths]


def entries(text: str | bytes) -> tuple[FeedEntry, ...]:
    return parse_feed(text.encode() if isinstance(text, str) else text).entries


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://e.org/"/><item rdf:about="https://e.org/a">'
    "<title>Irisin</title><link>https://e.org/a</link><dc:date>2024-05-01</dc:date></item></rdf:RDF>"
)
NETSCAPE = (
    '<?xml version="1.0"?>\n<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd">\n<rss version="0.91"><channel>'
    "<item><title>Irisin</title><link>https://e.org/a</link></item></channel></rss>"
)
LINKED = entry(1, more='<link rel="edit" href="https://e.org/edit"/><link href="https://e.org/a"/>')
PDF = entry(1, more='<link rel="alternate" type="application/pdf" href="https://e.org/a"/>')


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (NETSCAPE, ""),
        (rss(item("https://e.org/a")).replace("2.0", "0.92"), ""),
        (RDF, "2024-05-01"),
        (rss(item("https://e.org/a", "Wed, 01 May 2024 12:00:00 +0200")), "Wed, 01 May 2024 12:00:00 +0200"),
        (rss(item(more='<guid isPermaLink="true">https://e.org/a</guid>')), ""),
        (rss(item("https://e.org/a", more="<guid>1</guid>")), ""),
        (atom(LINKED), "2024-05-01T00:00:00Z"),
        (atom(PDF), "2024-05-01T00:00:00Z"),
    ],
    ids=["RSS 0.91", "RSS 0.92", "RSS 1.0", "RSS 2.0", "permalink", "with id", "Atom", "Atom to PDF"],
)
def test_every_dialect_gives_link_version_and_title(text: str, version: str) -> None:
    (found,) = entries(text)
    assert (found.link, found.version, found.title) == ("https://e.org/a", version, "Irisin")


@pytest.mark.parametrize(
    "text",
    [
        rss(item(more="<guid>0815</guid>")),
        rss(item(more='<guid isPermaLink="false">https://e.org/a</guid>')),
        atom(entry(1)),
        atom(entry(1).replace("tag:e.org:1", "https://e.org/id/1")),
        atom(entry(1, more='<link rel="enclosure" type="audio/mpeg" href="https://e.org/a.mp3"/>')),
    ],
    ids=["id that is no address", "id that is no link", "Atom", "Atom with an address as id", "enclosure"],
)
def test_an_id_or_an_enclosure_is_no_link(text: str) -> None:
    (found,) = entries(text)
    assert found.link == ""
    assert found.entry_id or "guid" not in text


@pytest.mark.parametrize(
    ("inside", "text", "is_html"),
    [
        ("<description>A summary.</description>", "A summary.", True),
        ("<description>A &lt;b&gt;summary&lt;/b&gt;.</description>", "A <b>summary</b>.", True),
        (
            "<description>Short.</description><content:encoded><![CDATA[<p>The whole.</p>]]></content:encoded>",
            "<p>The whole.</p>",
            True,
        ),
        (
            "<content:encoded><![CDATA[<p>The whole.</p>]]></content:encoded><description>Short.</description>",
            "<p>The whole.</p>",
            True,
        ),
    ],
)
def test_the_whole_text_of_an_rss_item_goes_before_its_summary(inside: str, text: str, is_html: bool) -> None:
    (found,) = entries(rss(item(more=inside)))
    assert (found.text, found.is_html) == (text, is_html)


XHTML = '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The <b>whole</b>.</p></div></content>'


@pytest.mark.parametrize(
    ("inside", "text", "is_html"),
    [
        ("<summary>p &lt; 0.05</summary>", "p < 0.05", False),
        ('<summary>Short.</summary><content type="text">p &lt; 0.05</content>', "p < 0.05", False),
        (
            '<content type="html">&lt;p&gt;The whole.&lt;/p&gt;</content><summary>Short</summary>',
            "<p>The whole.</p>",
            True,
        ),
        (f"<summary>Short.</summary>{XHTML}", "<p>The <b>whole</b>.</p>", True),
        ('<summary>Short.</summary><content type="image/png">iVBORw0KGgo=</content>', "Short.", False),
    ],
)
def test_the_whole_text_of_an_atom_entry_goes_before_its_summary(inside: str, text: str, is_html: bool) -> None:
    (found,) = entries(atom(entry(1, more=inside)))
    assert (found.text.strip(), found.is_html) == (text, is_html)


def test_titles_authors_and_dates_are_plain() -> None:
    more = "<author>jo@e.org (Jo Ek)</author><description/>"
    (found,) = entries(
        rss(
            item(date="Wed, 01 May 2024 23:30:00 -0500", more=more).replace(
                "Irisin", "A &lt;i&gt;b&lt;/i&gt; &amp;amp; c"
            )
        )
    )
    assert (found.title, found.published) == ("A b & c", "2024-05-02")
    assert "Jo Ek" in found.author


def test_a_name_of_the_whole_feed_is_the_author_of_entries_without_one() -> None:
    named = atom("<author><name>Jo Ek</name></author>", entry(1), entry(2, more="<author><name>Al</name></author>"))
    assert [found.author for found in entries(named)] == ["Jo Ek", "Al"]


@pytest.mark.parametrize(
    "text",
    [
        rss(item("https://e.org/a?b=1&c=2"), item("https://e.org/b")),
        rss(
            item("https://e.org/a?b=1&amp;c=2", more="<description>a &nbsp; b <br> c</description>"),
            item("https://e.org/b"),
        ),
        rss(item("https://e.org/a?b=1&amp;c=2"), item("https://e.org/b")).replace("</channel>", ""),
    ],
    ids=["bare ampersand", "bare HTML", "missing end"],
)
def test_a_malformed_feed_is_used_as_far_as_it_goes(text: str) -> None:
    found = parse_feed(text.encode())
    assert [entry.link for entry in found.entries] == ["https://e.org/a?b=1&c=2", "https://e.org/b"]
    assert not found.is_sound


def test_of_a_feed_that_is_cut_short_the_last_entry_is_left_out() -> None:
    whole = rss(item("https://e.org/a"), item("https://e.org/b", more="<description>Half a sentence</description>"))
    found = parse_feed(whole[: whole.index(" sentence")].encode())
    assert ([entry.link for entry in found.entries], found.is_sound) == (["https://e.org/a"], False)


def test_encodings_are_read_with_and_without_declaration() -> None:
    text = rss(item("https://e.org/a")).replace("Irisin", "Müller")
    declared = text.replace('version="1.0"?', 'version="1.0" encoding="ISO-8859-1"?').encode("latin-1")
    for data in (text.encode(), declared, text.encode("utf-16")):
        assert entries(data)[0].title == "Müller"


def test_a_feed_without_entries_is_one() -> None:
    assert parse_feed(rss().encode()).entries == ()
    assert parse_feed(atom().encode()).is_sound


BOMB = (
    '<!DOCTYPE x [\n<!ENTITY a "aaaa">\n<!ENTITY b "&a;&a;&a;">\n]>\n' + rss(item("https://e.org/a")).partition("?>")[2]
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no RSS or Atom feed"),
        (b"Not found", "is no RSS or Atom feed"),
        (ARTICLE.encode(), "is no RSS or Atom feed"),
        (b"<!doctype html><html><body><p>Hi", "is no RSS or Atom feed"),
        (b"\x00\xff" * 100, "is no RSS or Atom feed"),
        (rss(item())[:60].encode(), "is no RSS or Atom feed"),
        (rss(item("https://e.org/a"))[:-20].encode(), "beyond repair"),
        (b"<rss><channel><item><title>&#x99999999999;", "cannot be read as a feed"),
    ],
)
def test_what_is_no_feed_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(NoFeed, match=said):
        parse_feed(data)


def test_entities_that_a_feed_declares_open_no_files_and_do_not_multiply() -> None:
    outside = BOMB.replace('"aaaa"', 'SYSTEM "file:///etc/passwd"').replace("Irisin", "Irisin &a;&b;")
    for text in (BOMB.replace("Irisin", "Irisin &b;"), outside):
        (found,) = entries(text)
        assert found.title.startswith("Irisin")
        assert "root:" not in found.title
        assert "aaaaaaaa" not in found.title


def test_a_feed_that_takes_too_long_is_refused() -> None:
    endless = rss(item(more=f"<author>{'a' * 1_000_000}</author>"))
    with pytest.raises(NoFeed, match=r"within 0\.5 s"):
        parse_feed(endless.encode(), patience_s=0.5)


def test_a_name_of_a_file_is_not_opened() -> None:
    with pytest.raises(NoFeed):
        parse_feed(__file__.encode())


def test_the_pages_of_entries_are_fetched_in_the_order_of_the_feed() -> None:
    routes: Routes = {
        "/blog/feed.xml": feed(rss(item("/b"), item("a.html#top"), item("/b"))),
        "/blog/a.html": ARTICLE,
        "/b": ARTICLE,
    }
    with serving(routes) as server:
        found = run(source_of(server, "/blog/feed.xml"))
        assert local(server, found) == ["/b", "/blog/a.html"]
        assert found.fetched[0].data == ARTICLE.encode()
        assert found.whole == Visit("s", "", NOON)


def test_relative_links_of_atom_count_from_where_it_says_and_where_the_feed_moved() -> None:
    text = atom(entry(1, more='<link href="a"/>'), more='xml:base="/blog/"')
    with serving({"/old": moved_to("/new/feed"), "/new/feed": feed(text), "/blog/a": ARTICLE}) as server:
        assert local(server, run(source_of(server, "/old"))) == ["/blog/a"]


def test_a_feed_that_did_not_change_offers_nothing_and_is_remembered_anew() -> None:
    with serving({"/feed.xml": feed(rss(item("/a")), etag='"1"'), "/a": ARTICLE}) as server:
        first = run(source_of(server))
        assert first.whole == Visit("s", "", NOON, etag='"1"')
        since = len(server.requests)
        second = run(source_of(server), after=first)
        assert second.offers == [Visit("s", "", NOON, etag='"1"')]
        assert asked(server, since) == ["/feed.xml"]


def test_only_new_entries_and_those_with_another_date_are_asked_for() -> None:
    def dated(number: int, month: int) -> str:
        return entry(number, f"2024-0{month}-01T00:00:00Z", f'<link href="/{number}"/>')

    old = feed(atom(dated(1, 1), dated(2, 1), entry(3, "", '<link href="/3"/>')))
    new = feed(atom(dated(4, 2), dated(1, 2), dated(2, 1), entry(3, "", '<link href="/3"/>')))
    routes: Routes = {f"/{number}": answering() for number in (1, 2, 3, 4)}
    with serving({**routes, "/feed.xml": in_turn(old, new)}) as server:
        first = run(source_of(server))
        assert local(server, first) == ["/1", "/2", "/3"]
        since = len(server.requests)
        second = run(source_of(server), after=first)
        assert asked(server, since) == ["/feed.xml", "/4", "/1"]
        assert local(server, second) == ["/4"]
        assert second.unchanged == [f"{server.url}/{number}" for number in (1, 2, 3)]
        since = len(server.requests)
        run(source_of(server), after=second)
        assert asked(server, since) == ["/feed.xml"]


def test_an_entry_without_link_is_an_article_of_its_own_by_its_id() -> None:
    words = "Exercise raised irisin in mice, and &lt;b&gt;irisin&lt;/b&gt; improved their memory in the maze."
    more = f'<author><name>Jo Ek</name></author><content type="html">&lt;p&gt;{words}&lt;/p&gt;</content>'
    with serving({"/feed.xml": feed(atom(entry(1, more=more)).replace("Irisin<", "Irisin &amp; memory<"))}) as server:
        found = run(source_of(server))
        (item,) = found.fetched
        assert (item.path, item.url, item.visit) == ("tag:e.org:1", "", None)
        (article,) = read_all(item)
        assert isinstance(article, Article)
        assert (article.title, article.author, article.published) == ("Irisin & memory", "Jo Ek", "2024-05-01")
        assert "irisin improved their memory" in article.text
        assert asked(server) == ["/feed.xml"]
        assert run(source_of(server), after=found).fetched[0].sha256 == item.sha256


def test_the_summary_of_an_episode_is_the_article_where_there_is_nothing_else() -> None:
    more = '<guid isPermaLink="false">ep1</guid><enclosure url="https://e.org/1.mp3" type="audio/mpeg" length="1"/>'
    summary = "<description>Irisin &amp;lt; 5 ng in mice.\n\nIt rose when they ran.</description>"
    with serving({"/feed.xml": feed(rss(item(more=more + summary)))}) as server:
        (item_,) = run(source_of(server)).fetched
        assert item_.path == "ep1"
        assert b"It rose when they ran." in item_.data


def test_plain_text_stays_plain_with_its_paragraphs() -> None:
    text = "<summary>Irisin rose at p &lt; 0.05 &amp;amp; fell.\n\nMemory rose as well.</summary>"
    with serving({"/feed.xml": feed(atom(entry(1, more=text)))}) as server:
        page = run(source_of(server)).fetched[0].data.decode()
        assert "<p>Irisin rose at p &lt; 0.05 &amp;amp; fell.</p>\n<p>Memory rose as well.</p>" in page


def test_an_entry_with_neither_link_nor_text_is_a_reject_and_the_others_come() -> None:
    more = "<guid isPermaLink='false'>ep1</guid><enclosure url='https://e.org/1.mp3' type='audio/mpeg' length='1'/>"
    with serving({"/feed.xml": feed(rss(item(more=more), item("/a"))), "/a": ARTICLE}) as server:
        found = run(source_of(server))
        assert local(server, found) == ["/a"]
        (reject,) = found.rejects
        assert (reject.path, reject.is_passing) == ("ep1", False)
        assert "neither a link nor a text" in reject.reason


def test_a_link_that_is_no_page_is_not_followed() -> None:
    more = "<description>Irisin improves memory.</description><guid isPermaLink='false'>1</guid>"
    with serving({"/feed.xml": feed(rss(item("mailto:jo@e.org", more=more)))}) as server:
        assert run(source_of(server)).paths == ["1"]


def test_a_packed_feed_and_one_that_is_served_as_a_web_page_are_read() -> None:
    def packed(exchange: Exchange) -> None:
        data = gzip.compress(rss(item("/a")).encode())
        exchange.reply(data, content_type="text/html", content_encoding="gzip")

    with serving({"/feed.xml": packed, "/a": ARTICLE}) as server:
        assert local(server, run(source_of(server))) == ["/a"]


FAULTS = {
    "not there": (failing(404), "404", False),
    "broken": (failing(500), "500", True),
    "broken off": (broken_off(RSS_TYPE), "broke off", True),
    "picture": (answering(b"\x89PNG", "image/png"), "image/png", False),
    "web page": (answering(ARTICLE), "is no RSS or Atom feed", False),
    "beyond repair": (feed("<rss><channel><ti"), "is no RSS or Atom feed", False),
    "huge": (feed(rss() + " " * 5000), "large", False),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_feed_that_cannot_be_had_is_a_reject_at_its_address(fault: str) -> None:
    route, said, is_passing = FAULTS[fault]
    with serving({"/feed.xml": route}) as server:
        found = run(source_of(server), limits=FetchLimits(max_bytes=4000, tries=2))
        (reject,) = found.rejects
        assert (reject.path, reject.stage, reject.is_passing) == (f"{server.url}/feed.xml", Stage.FETCHING, is_passing)
        assert said in reject.reason
        assert found.offers == [reject]


def test_a_malformed_feed_is_asked_for_in_full_the_next_time() -> None:
    cut = rss(item("/a"), item("/b"))[:-40]
    with serving({"/feed.xml": feed(cut, etag='"1"'), "/a": answering()}) as server:
        first = run(source_of(server))
        assert (local(server, first), first.whole) == (["/a"], None)
        second = run(source_of(server), after=first)
        assert "if-none-match" not in server.asked("/feed.xml")[-1].headers
        assert second.unchanged == [f"{server.url}/a"]


def test_one_page_that_fails_leaves_the_others_and_is_asked_for_again() -> None:
    ill_at_first = in_turn(failing(500), failing(500), answering())
    routes: Routes = {"/feed.xml": feed(rss(item("/a"), item("/ill"), item("/c")), etag='"1"'), "/ill": ill_at_first}
    with serving({**routes, "/a": ARTICLE, "/c": ARTICLE}) as server:
        first = run(source_of(server))
        assert local(server, first) == ["/a", "/c"]
        assert [(reject.path, reject.is_passing) for reject in first.rejects] == [(f"{server.url}/ill", True)]
        since = len(server.requests)
        second = run(source_of(server), after=first)
        assert local(server, second) == ["/ill"]
        assert asked(server, since) == ["/feed.xml", "/ill"]


def test_a_limit_leaves_the_rest_for_the_next_runs_although_the_feed_is_unchanged() -> None:
    links = ["/a", "/b", "/c", "/d", "/e"]
    routes: Routes = {link: ARTICLE for link in links}
    with serving({**routes, "/feed.xml": feed(rss(*map(item, links)), etag='"1"')}) as server:
        found, fetched = None, []
        for _ in range(4):
            found = run(source_of(server, at_most=2), after=found)
            fetched.append(local(server, found))
        assert fetched == [["/a", "/b"], ["/c", "/d"], ["/e"], []]
        assert found is not None
        assert found.whole == Visit("s", "", NOON, etag='"1"')


def test_a_feed_on_a_private_host_that_the_source_does_not_name_is_not_asked() -> None:
    def never(exchange: Exchange) -> None:
        pytest.fail("it was asked")

    with serving({"/feed.xml": never}) as server:
        source = Source("s", "S", "feed", f"{server.url}/feed.xml")
        assert "allow_private" in run(source).rejects[0].reason
        assert server.requests == []


def test_links_to_private_hosts_are_not_followed() -> None:
    with serving({"/a": ARTICLE}) as other, serving({"/feed.xml": feed(rss(item(f"{other.url}/a")))}) as server:
        found = run(source_of(server))
        assert [reject.path for reject in found.rejects] == [f"{other.url}/a"]
        assert other.requests == []
