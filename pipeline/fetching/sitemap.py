"""The pages that a site lists in its sitemap, and in the sitemaps that an index lists."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from urllib.parse import unquote, urlsplit

from pipeline.fetching.pages import Listed, offer_listed, path_of
from pipeline.fetching.sitemap_xml import NoSitemap, Sitemap, parse_sitemap
from pipeline.fetching.terms import Offer, Terms
from pipeline.fetching.web import FetchError, WebClient
from pipeline.records import Reject, Source, Stage, Visit

SITEMAP_TYPES = (
    "application/xml",
    "text/xml",
    "text/plain",
    "application/gzip",
    "application/x-gzip",
    "application/octet-stream",
)

_DEEPEST_INDEX = 3
_MOST_SITEMAPS = 1_000


def fetch_sitemap(source: Source, terms: Terms) -> Iterator[Offer]:
    """Offer the pages of the sitemap at `source.location` whose address `source.glob` matches, in its order.

    A page whose `<lastmod>` is that of its last visit is not asked for. A sitemap that cannot be had or read is a
    Reject at its address, and the others go on. Pages of other hosts are passed over, which one Reject says.
    """
    with WebClient(source, terms) as web:
        sitemaps = _Sitemaps(web, source, terms)
        resume_after = yield from offer_listed(web, source, terms, sitemaps.pages())
    yield from sitemaps.faults
    yield from sitemaps.strangers()
    if resume_after or not sitemaps.faults:
        yield Visit(source.source_id, "", terms.now(), cursor=resume_after)


class _Sitemaps:
    """A sitemap and those that it lists, each asked for when its turn comes; `faults` says what was wrong with them."""

    def __init__(self, web: WebClient, source: Source, terms: Terms) -> None:
        self.faults: list[Reject] = []
        self._web = web
        self._source = source
        self._max_bytes = terms.limits.max_bytes
        self._seen: set[str] = set()
        self._hosts: set[str] = set()
        self._strangers = 0
        self._stranger = ""

    def pages(self) -> Iterator[Listed]:
        """The pages of them all that the source wants."""
        yield from self._pages(path_of(self._source.location), depth=1)

    def strangers(self) -> Iterator[Reject]:
        """One Reject if pages or sitemaps of other hosts were listed."""
        if self._strangers:
            yield self._reject(
                self._source.location,
                f"lists {self._strangers} addresses of other hosts, such as {self._stranger[:200]}, which are passed "
                f"over: a sitemap speaks for its own host alone ({', '.join(sorted(self._hosts))}); "
                "make a source of the sitemap of the other",
            )

    def _pages(self, address: str, depth: int) -> Iterator[Listed]:
        self._seen.add(address)
        try:
            sitemap, url = self._read(address)
        except FetchError as error:
            self.faults.append(self._reject(address, str(error), is_passing=error.is_passing))
            return
        except NoSitemap as error:
            self.faults.append(self._reject(address, str(error)))
            return
        if depth == 1:
            self._hosts = {_host(address), _host(url)}
        if sitemap.is_cut:
            reason = f"lists more than the {len(sitemap.entries)} addresses that one may; the rest is passed over"
            self.faults.append(self._reject(address, reason))
        if not sitemap.is_index:
            yield from self._wanted(sitemap, url)
        elif depth > _DEEPEST_INDEX:
            reason = f"is an index below {_DEEPEST_INDEX} others, which is too deep; name one of its sitemaps"
            self.faults.append(self._reject(address, reason))
        else:
            for entry in sitemap.entries:
                yield from self._below(path_of(entry.address, url), depth + 1)

    def _below(self, address: str, depth: int) -> Iterator[Listed]:
        if address in self._seen or not self._is_own(address):
            return
        if len(self._seen) < _MOST_SITEMAPS:
            yield from self._pages(address, depth)
        elif len(self._seen) == _MOST_SITEMAPS:
            self._seen.add(address)
            reason = f"leads to more than {_MOST_SITEMAPS} sitemaps; the rest is passed over: name a part of it"
            self.faults.append(self._reject(self._source.location, reason))

    def _read(self, address: str) -> tuple[Sitemap, str]:
        """The sitemap at `address`, and its address after redirects; raises FetchError or NoSitemap."""
        answer = self._web.get(address, accepts=SITEMAP_TYPES)
        return parse_sitemap(answer.data, self._max_bytes), answer.url

    def _wanted(self, sitemap: Sitemap, url: str) -> Iterator[Listed]:
        for entry in sitemap.entries:
            address = path_of(entry.address, url)
            if self._is_own(address) and _matches(address, self._source.glob):
                yield Listed(address, entry.last_changed)

    def _is_own(self, address: str) -> bool:
        if _host(address) in self._hosts:
            return True
        self._strangers += 1
        self._stranger = self._stranger or address
        return False

    def _reject(self, path: str, reason: str, *, is_passing: bool = False) -> Reject:
        return Reject(self._source.source_id, path, Stage.FETCHING, reason, is_passing=is_passing)


def _host(address: str) -> str:
    try:
        return urlsplit(path_of(address)).netloc
    except ValueError:
        return ""


def _matches(address: str, glob: str) -> bool:
    """Whether `glob` fits the path of `address`, with or without the slash that it begins with."""
    path = unquote(urlsplit(address).path)
    return fnmatchcase(path, glob) or fnmatchcase(path[1:], glob)
