"""Which fetcher serves which kind of source. A new kind of place is one function and one line here."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.fetching import bioc, europe_pmc, pubmed
from pipeline.fetching.feed import fetch_feed
from pipeline.fetching.folder import fetch_file, fetch_folder
from pipeline.fetching.pages import fetch_pages
from pipeline.fetching.sitemap import fetch_sitemap
from pipeline.fetching.terms import Fetcher


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: what fetches it, the keys of the catalog that it must have, and those it may have.

    The keys that every source has (`source_id`, `title`, `kind`, `tier`, `url`, `publisher`) are not among them.
    `location` is the default of that key. `is_whole` says that each visit offers everything that the source has, so
    that what is not met again is gone.
    """

    fetch: Fetcher
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    location: str = ""
    is_whole: bool = True


WEB = ("at_most", "delay_s", "allow_private")

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "folder": Kind(fetch_folder, needs=("location",), takes=("glob", "watch")),
        "file": Kind(fetch_file, needs=("location",), takes=("watch",)),
        "pages": Kind(fetch_pages, needs=("addresses",), takes=WEB),
        "sitemap": Kind(fetch_sitemap, needs=("location",), takes=("glob", *WEB)),
        "feed": Kind(fetch_feed, needs=("location",), takes=WEB, is_whole=False),
        "pubmed": Kind(
            pubmed.fetch_pubmed, needs=("query",), takes=("location", *WEB), location=pubmed.LOCATION, is_whole=False
        ),
        "europe_pmc": Kind(
            europe_pmc.fetch_europe_pmc,
            needs=("query",),
            takes=("location", *WEB),
            location=europe_pmc.LOCATION,
            is_whole=False,
        ),
        "bioc": Kind(
            bioc.fetch_bioc, needs=("ids",), takes=("location", "delay_s", "allow_private"), location=bioc.LOCATION
        ),
    }
)
