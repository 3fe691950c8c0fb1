"""The bytes of a sitemap → the addresses in it."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from pipeline.fetching.terms import in_megabytes
from pipeline.fetching.unpacking import BrokenBytes, gathered, unpacked

MOST_ENTRIES = 50_000  # of the protocol, for one file

_GZIP_MARK = b"\x1f\x8b"
_ENTRY_OF = {"urlset": "url", "sitemapindex": "sitemap"}


class NoSitemap(Exception):
    """These bytes are no whole sitemap; the text completes the sentence that its address begins."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An address of a sitemap, and when what is there was last changed, in the words of the sitemap."""

    address: str
    last_changed: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The entries of a sitemap in its order: pages, or where `is_index`, sitemaps.

    `is_cut`: it has more than the protocol allows; those are left out.
    """

    entries: tuple[Entry, ...]
    is_index: bool
    is_cut: bool


def parse_sitemap(data: bytes, max_bytes: int) -> Sitemap:
    """What `data` lists, XML as it is or in gzip; raises NoSitemap for what is neither, or unpacks beyond `max_bytes`.

    XML that ends before its end is none: what is missing might be most of it.
    """
    target = _Target()
    parser = DefusedXMLParser(target=target, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(_unzipped(data, max_bytes))
        parser.close()
    except ParseError as error:
        raise NoSitemap(f"is not well-formed XML ({error}), or was cut short, and is no listing so") from error
    except DefusedXmlException as error:
        raise NoSitemap("declares XML entities or refers to other files, which no sitemap needs") from error
    except (LookupError, ValueError) as error:  # an encoding that does not exist or takes several bytes
        raise NoSitemap(f"is XML in an encoding that cannot be read ({error})") from error
    return Sitemap(tuple(target.entries), is_index=target.root == "sitemapindex", is_cut=target.is_cut)


def _unzipped(data: bytes, max_bytes: int) -> bytes:
    if not data.startswith(_GZIP_MARK):
        return data
    try:
        whole, is_all = gathered(unpacked([data], "gzip", at_most=max_bytes), max_bytes)
    except BrokenBytes as error:
        raise NoSitemap(f"cannot be unpacked: {error}") from error
    if not is_all:
        limit = in_megabytes(max_bytes)
        raise NoSitemap(f"is more than {limit} large when unpacked, and {limit} is the limit; name a part of it")
    return whole


@dataclass(slots=True)
class _Target:
    """Takes the events of the parser and keeps nothing but the entries, whatever else the file holds."""

    entries: list[Entry] = field(default_factory=list)
    root: str = ""
    is_cut: bool = False
    depth: int = 0
    entry: dict[str, str] | None = None
    words: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = _local(tag)
        self.depth += 1
        if self.depth == 1:
            if name not in _ENTRY_OF:
                raise NoSitemap(f"has the root <{name[:50]}>; a sitemap begins with <urlset> or <sitemapindex>")
            self.root = name
        elif self.depth == 2:
            self.entry = {} if name == _ENTRY_OF[self.root] else None
        elif self.depth == 3 and self.entry is not None and name in ("loc", "lastmod"):
            self.words = []

    def data(self, text: str) -> None:
        """Text comes."""
        if self.words is not None:
            self.words.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self.depth == 3 and self.words is not None and self.entry is not None:
            self.entry.setdefault(_local(tag), "".join(self.words).strip())
            self.words = None
        elif self.depth == 2 and self.entry and self.entry.get("loc"):
            if len(self.entries) < MOST_ENTRIES:
                self.entries.append(Entry(self.entry["loc"], self.entry.get("lastmod", "")))
            else:
                self.is_cut = True
        self.depth -= 1


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
