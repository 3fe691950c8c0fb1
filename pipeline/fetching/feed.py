"""What an RSS or Atom feed announces: the pages of its new entries, or where there is no page, the entry itself."""

from collections.abc import Iterable, Iterator
from html import escape

from pipeline.fetching.feed_entries import Feed, FeedEntry, NoFeed, parse_feed
from pipeline.fetching.pages import Listed, offer_listed, path_of, visit_of
from pipeline.fetching.terms import Offer, Terms
from pipeline.fetching.web import FetchError, WebClient
from pipeline.records import Fetched, Reject, Source, Stage, Visit, stable_id

# Many feeds are served as text of some kind; whether it is one is seen by what it holds.
FEED_TYPES = (
    "application/atom+xml",
    "application/rss+xml",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
    "text/plain",
    "text/html",
)

_UNDATED = "undated"


def fetch_feed(source: Source, terms: Terms) -> Iterator[Offer]:
    """Offer what the feed at `source.location` announces: entries with a text and no link first, then linked pages.

    A feed that the server says to be unchanged offers nothing further. A page that was visited is asked for again only
    when its entry bears another date. A feed that cannot be had or read is a Reject; one that is malformed is used as
    far as it goes, and asked for in full the next time.
    """
    whole = terms.visits.get("")
    with WebClient(source, terms) as web:
        try:
            answer = web.get(source.location, visit=whole, accepts=FEED_TYPES)
            feed = Feed((), is_sound=True) if answer.is_unchanged else parse_feed(answer.data)
        except FetchError as error:
            yield _reject(source, source.location, str(error), is_passing=error.is_passing)
            return
        except NoFeed as error:
            yield _reject(source, source.location, str(error))
            return
        links = [(entry, path_of(entry.link, answer.url)) for entry in feed.entries]
        yield from _held(source, terms, (entry for entry, link in links if not _is_page(link)))
        pages = (Listed(link, entry.version or _UNDATED) for entry, link in links if _is_page(link))
        resume_after = yield from offer_listed(web, source, terms, pages)
    if resume_after:  # without validators, else the server would not send the rest the next time
        yield Visit(source.source_id, "", terms.now(), cursor=resume_after)
    elif feed.is_sound:
        yield visit_of(source, "", terms.now(), answer, whole)


def _is_page(link: str) -> bool:
    return link.startswith(("http://", "https://"))


def _held(source: Source, terms: Terms, entries: Iterable[FeedEntry]) -> Iterator[Fetched | Reject]:
    """The texts that the feed itself holds, each with the id of its entry as path."""
    seen = set()
    for entry in entries:
        path = entry.entry_id or stable_id("entry", entry.title, entry.published)
        if path in seen:
            continue
        seen.add(path)
        if entry.text.strip():
            data = _as_page(entry).encode("utf-8", "replace")
            yield Fetched(source.source_id, path, data, terms.now(), media_type="text/html; charset=utf-8")
        else:
            reason = f"(an entry named {entry.title[:100]!r}) has neither a link nor a text; there is nothing to read"
            yield _reject(source, path, reason)


def _as_page(entry: FeedEntry) -> str:
    """`entry` as a web page that says its title, author and date as other pages do."""
    paragraphs = (f"<p>{escape(part.strip())}</p>" for part in entry.text.split("\n\n"))
    text = entry.text if entry.is_html else "\n".join(paragraphs)
    known = {"author": entry.author, "date": entry.published}
    head = "".join(f'<meta name="{name}" content="{escape(said)}">\n' for name, said in known.items() if said)
    title = escape(entry.title)
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n{head}</head>\n'
        f"<body>\n<article>\n<h1>{title}</h1>\n{text}\n</article>\n</body>\n</html>\n"
    )


def _reject(source: Source, path: str, reason: str, *, is_passing: bool = False) -> Reject:
    return Reject(source.source_id, path, Stage.FETCHING, reason, is_passing=is_passing)
