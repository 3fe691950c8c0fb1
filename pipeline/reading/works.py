"""How works are known: DOIs, PubMed and trial numbers, web addresses, titles, publishers, each in one spelling.

`doi:10.1000/182`, `pmid:123`, `pmcid:PMC123`, `nct:NCT01234567`, `url:example.org/post`, `title:five words or more
please`, `publisher:muscle blog`. Every function is pure; an empty text stands for "none".
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pipeline.reading.tables import read_table

SCHOLARLY = ("doi", "pmid", "pmcid", "nct")
"""Kinds of identifier that a register gives to one work only."""

FEWEST_TITLE_WORDS = 5
"""Shorter titles are shared by too many works to tell them apart."""

_MOST_TITLE_WORDS = 60
_SHORTEST_SUFFIX = 2  # characters; a shorter one was broken at a line end
_DOI = re.compile(r"10\.\d{4,9}/(?:\(SICI\)[^\s\"]+|(?:(?!,10\.)[^\s\"<>|\\^`{}“”‘’…])+)", re.IGNORECASE)
_AFTER_DOI = re.compile(r"[?#&].*|;(?=\s*pmc?id|jsessionid).*|[\[(](?=https?:|doi:|pmid).*", re.DOTALL)
_DOI_VIEW = re.compile(
    r"(?:\.(?:full|abstract|short|long|summary|figures-only|pdf|html?|xml)"
    r"|/(?:full|abstract|pdf|epdf|pdfdirect|full-?text|html|summary|meta|references|citation|metrics|figures|tables))+$"
)
_PREPRINT_VERSION = re.compile(r"(?<=^10\.1101/)(.+?)v\d{1,2}$|(?<=^10\.64898/)(.+?)v\d{1,2}$")
_PLOS_PART = re.compile(r"(?<=^10\.1371/)(.+)\.[gts]\d{3}$")
_MARKS_BEHIND = ".,;:!?'*_~/"
_BRACKETS = {")": "(", "]": "[", ">": "<"}
_PLACES = tuple(
    (re.compile(pattern, re.IGNORECASE), template)
    for pattern, template in (
        (r"(?:pubmed\.ncbi\.nlm\.nih\.gov|pubmed\.gov)/(?:pubmed/)?(\d{1,9})\b", "pmid:{}"),
        (r"ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/(\d{1,9})\b", "pmid:{}"),
        (r"ncbi\.nlm\.nih\.gov/(?:pubmed|entrez)\S*[?&](?:term|list_uids)=(\d{1,9})\b", "pmid:{}"),
        (r"(?:ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi\.nlm\.nih\.gov)/articles/pmid/(\d{1,9})\b", "pmid:{}"),
        (r"(?:ncbi\.nlm\.nih\.gov/(?:labs/)?pmc|pmc\.ncbi\.nlm\.nih\.gov)/articles/PMC(\d{1,9})\b", "pmcid:PMC{}"),
        (r"europepmc\.org/(?:article|abstract)/MED/(\d{1,9})\b", "pmid:{}"),
        (r"europepmc\.org/(?:(?:article|abstract)/PMC|articles)/(?:PMC)?(\d{1,9})\b", "pmcid:PMC{}"),
        (r"(?:[\w-]+\.)*clinicaltrials\.gov/\S*?NCT(\d{8})\b", "nct:NCT{}"),
        (r"nature\.com/articles/(s\d{5}-\d{3}-\d{4,5}-[\da-z])\b", "doi:10.1038/{}"),
        (r"elifesciences\.org/articles/(\d{4,6})\b", "doi:10.7554/elife.{}"),
        (r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})", "doi:10.48550/arxiv.{}"),
    )
)
_SCHEME = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+")
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|mc_[ce]id|igshid|_ga|ref_?src)(?:=|$)", re.IGNORECASE)
_REDIRECTS = {"google.com/url": ("q", "url"), "l.facebook.com/l.php": ("u",), "lm.facebook.com/l.php": ("u",)}
_NO_PAGE = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|mp[34]|m4[av]|wav|zip)$", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(PMCID|PMID|PubMed (?:PM)?ID)[:#]?\s*(PMC)?(\d{1,9})\b|\bPMC(\d{3,9})\b", re.IGNORECASE)
_NAMED = re.compile(rf"(?P<address>(?:https?://|\bwww\.)[^\s<>\"“”]+)|(?P<doi>{_DOI.pattern})", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_STANDING = re.compile(
    r"^\W*(?:(?:retracted|withdrawn)(?: article| paper| chapter)?|expression of concern|corrected|preprint)"
    r"\s*[:\]]\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier and the stretch of text that gives it."""

    identifier: str
    start: int
    end: int


def doi_identifier(text: str) -> str:
    """`doi:…` for the first DOI in `text`, which may be an address that holds one; else empty."""
    found = _DOI.search(unquote(text) if "%" in text else text)
    name = _tidy_doi(found[0]) if found else ""
    return f"doi:{name}" if len(name.partition("/")[2]) >= _SHORTEST_SUFFIX else ""


def pmid_identifier(number: str) -> str:
    """`pmid:123` for `123`, else empty."""
    digits = number.strip()
    return f"pmid:{int(digits)}" if digits.isascii() and digits.isdecimal() else ""


def pmcid_identifier(number: str) -> str:
    """`pmcid:PMC123` for `PMC123` or `123`, else empty."""
    digits = number.strip().upper().removeprefix("PMC").partition(".")[0]
    return f"pmcid:PMC{int(digits)}" if digits.isascii() and digits.isdecimal() else ""


def title_identifier(title: str) -> str:
    """`title:` and the words in small letters, without a "Retracted:" before them; empty for fewer than five."""
    words = _words(_STANDING.sub("", title))
    return f"title:{' '.join(words)}" if FEWEST_TITLE_WORDS <= len(words) <= _MOST_TITLE_WORDS else ""


def publisher_identifier(name: str) -> str:
    """`publisher:` and the words of `name` in small letters; a web address as a name is a `url:`."""
    if _HOST.fullmatch(name.lower()):
        return web_identifier(f"https://{name}")
    words = _words(name)
    return f"publisher:{' '.join(words)}" if words else ""


def web_identifier(address: str) -> str:
    """What the page at `address` is known by: its DOI or number where the address tells, else `url:host/path`.

    Empty for what is no web address (`mailto:`, a path within the site, `#note`).
    """
    address = _unwrapped(address.strip())
    if doi := doi_identifier(address):
        return doi
    parts = _split(address)
    if parts is None:
        return ""
    place = f"{_host(parts)}{unquote(parts.path)}{'?' if parts.query else ''}{parts.query}"
    for pattern, template in _PLACES:
        if found := pattern.match(place):
            return template.format(found[1])
    query = "&".join(part for part in parts.query.split("&") if part and not _TRACKING.match(part))
    return f"url:{_host(parts)}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def host_of(address: str) -> str:
    """The host of a web address or of a `url:` identifier, without `www.`; else empty."""
    if address.startswith("url:"):
        return address.removeprefix("url:").partition("/")[0].partition("?")[0]
    parts = _split(address)
    return "" if parts is None else _host(parts)


def is_site(identifier: str) -> bool:
    """Whether `identifier` is the address of a whole site."""
    return identifier.startswith("url:") and "/" not in identifier and "?" not in identifier


def is_citable(identifier: str) -> bool:
    """Whether a link there may name a work: false for pictures, shops, social media and the like."""
    if not identifier.startswith("url:"):
        return identifier != ""
    host = host_of(identifier)
    path = identifier.partition("?")[0]
    labels = host.split(".")
    return not _NO_PAGE.search(path) and not any(".".join(labels[at:]) in _no_works() for at in range(len(labels)))


def identifiers_in(text: str) -> tuple[Found, ...]:
    """Every address, DOI, PMID and PMCID that `text` gives, in order. Trial numbers only within addresses."""
    found: list[Found] = []
    if "10." in text or "://" in text or "www." in text.lower():
        found += _addresses_and_dois(text)
    if "PM" in text or "pm" in text or "PubMed" in text:
        taken = tuple(found)
        found += (number for number in _numbers(text) if not any(at.start <= number.start < at.end for at in taken))
    return tuple(sorted(found, key=lambda item: item.start))


def _addresses_and_dois(text: str) -> Iterator[Found]:
    for named in _NAMED.finditer(text):
        if named["doi"]:
            identifier, words = doi_identifier(named[0]), named[0]
        else:
            words = _trimmed(named[0])
            identifier = web_identifier(words)
        if identifier:
            yield Found(identifier, named.start(), named.start() + len(words))


def _numbers(text: str) -> Iterator[Found]:
    for found in _NUMBERED.finditer(text):
        label, prefixed, number, alone = found.groups()
        in_pmc = alone or prefixed or label.upper() == "PMCID"
        identifier = pmcid_identifier(alone or number) if in_pmc else pmid_identifier(number)
        yield Found(identifier, found.start(), found.end())


def _tidy_doi(doi: str) -> str:
    """`doi` in small letters, without what follows it in a sentence or an address."""
    tidy, before = _trimmed(_AFTER_DOI.sub("", doi.lower())), ""
    while tidy != before:
        before = tidy
        tidy = _PREPRINT_VERSION.sub(lambda found: found[1] or found[2], _DOI_VIEW.sub("", tidy))
        tidy = _trimmed(_PLOS_PART.sub(r"\1", tidy))
    return tidy


def _trimmed(text: str) -> str:
    """`text` without marks behind it, and without a closing bracket that nothing in it opens."""
    while text and (
        text[-1] in _MARKS_BEHIND or (text[-1] in _BRACKETS and text.count(text[-1]) > text.count(_BRACKETS[text[-1]]))
    ):
        text = text[:-1]
    return text


def _unwrapped(address: str) -> str:
    """Where an address leads that only counts the click."""
    parts = _split(address)
    keys = () if parts is None else _REDIRECTS.get(f"{_host(parts)}{parts.path}", ())
    query = parse_qs(parts.query) if parts is not None and keys else {}
    return next((query[key][0] for key in keys if key in query), address)


def _split(address: str) -> SplitResult | None:
    if address.lower().startswith("www."):
        address = f"https://{address}"
    if not _SCHEME.match(address):
        return None
    try:
        parts = urlsplit(address)
        return parts if _HOST.fullmatch((parts.hostname or "").lower()) else None
    except ValueError:
        return None


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower().removeprefix("www.")


def _words(text: str) -> list[str]:
    """The words in small letters; raised digits as digits, letters without accents."""
    if not text.isascii():
        text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return _WORD.findall(text.lower())


@cache
def _no_works() -> frozenset[str]:
    return frozenset(host for _, (host, _) in read_table("no-works.tsv", ("host", "kind")))
