"""The YAML block at the head of a Markdown note: title, author, date, and the lead that it gives."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from pipeline.reading.works import doi_identifier, pmcid_identifier, pmid_identifier

_BLOCK = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_PLAIN_ENTRY = re.compile(r"^([A-Za-z][\w -]*):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_LONGEST = 20_000  # characters; a longer block is no head matter

_TITLE = ("title",)
_AUTHOR = ("author", "authors", "by", "creator")
_PUBLISHED = ("date", "published", "publish_date", "pubdate", "date created", "created")
_LEAD = ("excerpt", "description", "summary", "subtitle", "abstract")
_DOI = ("doi", "citation_doi")
_PMID = ("pmid", "pubmed_id")
_PMCID = ("pmcid", "pmc")
_URL = ("url", "canonical_url", "canonical", "link", "source")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the block says; `lead` is its excerpt or description, a sentence of the article's own.

    `identifiers` are those by which it says the article is known; `text` is the block itself.
    """

    title: str = ""
    author: str = ""
    published: str = ""
    lead: str = ""
    url: str = ""
    identifiers: tuple[str, ...] = ()
    text: str = ""


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter of `text` and the rest. A block that is no YAML is read line by line as `key: value`."""
    block = _BLOCK.match(text)
    if block is None or len(block[1]) > _LONGEST:
        return FrontMatter(), text
    entries = _entries(block[1])
    if entries is None:
        return FrontMatter(), text
    url = _first(entries, _URL)
    return FrontMatter(
        title=_first(entries, _TITLE),
        author=_first(entries, _AUTHOR),
        published=_first(entries, _PUBLISHED),
        lead=_first(entries, _LEAD),
        url=url if url.startswith(("https://", "http://")) else "",
        identifiers=_identifiers(entries),
        text=block[1],
    ), text[block.end() :]


def _identifiers(entries: Mapping[str, Any]) -> tuple[str, ...]:
    found = (
        doi_identifier(_first(entries, _DOI)),
        pmid_identifier(_first(entries, _PMID)),
        pmcid_identifier(_first(entries, _PMCID)),
    )
    return tuple(identifier for identifier in found if identifier)


def _entries(block: str) -> Mapping[str, Any] | None:
    try:
        loaded = yaml.safe_load(block)
    except (yaml.YAMLError, RecursionError, ValueError):
        loaded = {key: value.strip("\"'") for key, value in _PLAIN_ENTRY.findall(block)} or None
    if not isinstance(loaded, dict):
        return None if block.strip() else {}
    return {str(key).lower(): value for key, value in loaded.items()}


def _first(entries: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((words for key in keys if (words := _words(entries.get(key)))), "")


def _words(value: Any) -> str:
    """A scalar as text; several, as authors are given, joined by semicolons."""
    if isinstance(value, list):
        return "; ".join(words for item in value if not isinstance(item, list) and (words := _words(item)))
    if isinstance(value, dict):
        return _words(value["name"]) if isinstance(value.get("name"), str) else ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return "" if value is None or isinstance(value, bool) else " ".join(str(value).split())
