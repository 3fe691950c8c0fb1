"""Web pages that the catalog lists, and what all listings of pages share: each is asked once, if it changed."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from pipeline.fetching.addresses import AddressRefused, checked
from pipeline.fetching.terms import Offer, Terms
from pipeline.fetching.web import Answer, FetchError, WebClient
from pipeline.records import Fetched, Reject, Source, Stage, Unchanged, Visit

ARTICLE_TYPES = (
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/markdown",
    "application/pdf",
    "application/xml",
    "text/xml",
    "application/jats+xml",
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page as a listing names it. A page whose `version` (if any) is that of its last visit is not asked for."""

    address: str
    version: str = ""


def fetch_pages(source: Source, terms: Terms) -> Iterator[Offer]:
    """Offer the pages at `source.addresses`, in their order; one that is named twice is asked once.

    With `at_most`, a run goes on after the page that the last one ended with, and from the last page to the first.
    """
    with WebClient(source, terms) as web:
        resume_after = yield from offer_listed(web, source, terms, map(Listed, source.addresses))
    yield Visit(source.source_id, "", terms.now(), cursor=resume_after)


def offer_listed(web: WebClient, source: Source, terms: Terms, listed: Iterable[Listed]) -> Generator[Offer, None, str]:
    """Offer the pages `listed`, as far as `source.at_most` allows.

    Returns the address to go on after in the next run, to be kept as the cursor of the visit of the source as a
    whole; nothing if the listing was followed to its end.
    """
    whole = terms.visits.get("")
    after = whole.cursor if whole else ""
    asked = 0
    last = ""
    for page in _once_each(_beginning_after(after, listed)):
        known = terms.visits.get(page.address)
        if known and page.version and page.version == known.cursor:
            yield Unchanged(source.source_id, page.address)
        elif source.at_most and asked >= source.at_most:
            return last
        else:
            yield from offer_page(web, source, terms, page)
            asked += 1
            last = page.address
    return ""


def offer_page(web: WebClient, source: Source, terms: Terms, page: Listed) -> Iterator[Offer]:
    """Offer `page`, asked for under the condition that it changed since its last visit; its path is its address.

    If it did not, although its listing calls it another version, that version is remembered, so that it is not asked
    for again on that account.
    """
    path = path_of(page.address)
    known = terms.visits.get(path)
    try:
        answer = web.get(path, visit=known, accepts=ARTICLE_TYPES)
    except FetchError as error:
        yield Reject(source.source_id, path, Stage.FETCHING, str(error), is_passing=error.is_passing)
        return
    now = terms.now()
    visit = visit_of(source, path, now, answer, known, page.version)
    if not answer.is_unchanged:
        yield Fetched(source.source_id, path, answer.data, now, answer.url, answer.media_type, visit)
        return
    yield Unchanged(source.source_id, path)
    if known and known.cursor != page.version:
        yield visit


def visit_of(source: Source, path: str, now: datetime, answer: Answer, last: Visit | None, cursor: str = "") -> Visit:
    """What to remember of `path`, which gave `answer`; one that is unchanged need not repeat its validators."""
    etag, last_modified = answer.etag, answer.last_modified
    if answer.is_unchanged and last:
        etag, last_modified = etag or last.etag, last_modified or last.last_modified
    return Visit(source.source_id, path, now, etag, last_modified, cursor)


def path_of(address: str, base: str = "") -> str:
    """`address` as the path of an article: without fragment, host in lower case, no port where it goes without saying.

    A relative one is that of a page at `base`. One that cannot be asked stays as it is; asking for it says why.
    """
    bare = address.strip()
    try:
        url = checked(bare and urljoin(base, bare))
    except (AddressRefused, ValueError):
        return bare
    return str(url.copy_with(raw_path=url.raw_path))  # with the slash of a path that was left out


def _once_each(listed: Iterable[Listed]) -> Iterator[Listed]:
    """`listed` with addresses as paths, each at its first place."""
    seen = set()
    for page in listed:
        path = path_of(page.address)
        if path not in seen:
            seen.add(path)
            yield Listed(path, page.version)


def _beginning_after(address: str, listed: Iterable[Listed]) -> Iterator[Listed]:
    """`listed` from the page after that at `address`, then those before; as it is where the page is not among them."""
    before: list[Listed] = []
    is_found = not address
    for page in listed:
        if is_found:
            yield page
        else:
            before.append(page)
            is_found = path_of(page.address) == address
    yield from before
