"""The bytes of a feed → its entries, read by feedparser in a process of its own.

feedparser is at home in every dialect and every kind of broken feed, but takes quadratic time for some text that
nobody writes (50 kB as the name of an author: six seconds), and raises what it likes. A process can be stopped.
This file is both sides: what is imported starts itself as a program.
"""

import html
import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any
from xml.sax import SAXException

import feedparser

_PATIENCE_S = 120.0
_TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
_TAG = re.compile(r"<[^<>]*>")
_END_OF_FEED = re.compile(rb"</\s*(?:\w+:)?(?:rss|feed|rdf)\s*>\s*\Z", re.IGNORECASE)


class NoFeed(Exception):
    """These bytes are no feed; the text completes the sentence that its address begins."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry as the feed has it; `link` may be relative. `version` changes with the entry, where the feed says so.

    `text` is its own text, HTML where `is_html`: the whole, or if there is no more, a summary. `published` is a date.
    """

    entry_id: str
    link: str
    version: str
    title: str
    author: str
    published: str
    text: str
    is_html: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """The entries of a feed in its order; `is_sound` unless it is malformed, as one that was cut short is."""

    entries: tuple[FeedEntry, ...]
    is_sound: bool


def parse_feed(data: bytes, patience_s: float = _PATIENCE_S) -> Feed:
    """The entries of the RSS or Atom feed `data`, also of a malformed one as far as they can be made out.

    Of a feed that was cut short, the last entry is left out, since it may be half. Raises NoFeed for what is no
    feed, for a malformed one without any entry, and where reading it takes longer than `patience_s` seconds.
    """
    command = [sys.executable, "-P", "-W", "ignore", __file__]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=patience_s, check=True)
    except subprocess.TimeoutExpired as error:
        raise NoFeed(f"cannot be read as a feed within {patience_s:g} s, which no feed takes; leave it out") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
        raise NoFeed(f"cannot be read as a feed ({said}); leave it out, or list its pages by address") from error
    found = json.loads(done.stdout)
    fault = found["fault"]
    entries = tuple(FeedEntry(**entry) for entry in found["entries"])
    if fault and not _END_OF_FEED.search(data):
        entries = entries[:-1]
    if not entries and (fault or not found["version"]):
        reason = f" ({fault})" if fault else ""
        raise NoFeed(f"is no RSS or Atom feed, or one that is beyond repair{reason}; correct `location`")
    return Feed(entries, is_sound=not fault)


def _read(data: bytes) -> dict[str, Any]:
    """What feedparser makes of `data`, in the form in which it goes from one process to the other."""
    # In a stream: bytes and strings it takes for the name of a file. Without headers: it would take the feed for
    # Latin-1 or ASCII where they say nothing of the encoding.
    found = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    error = found.get("bozo_exception")
    version = _words(found, "version")
    author = _words(found.feed, "author")
    entries = (_entry(entry, is_atom=version.startswith("atom"), author=author) for entry in found.entries)
    fault = error.getMessage() if isinstance(error, SAXException) else ""
    return {"version": version, "fault": fault, "entries": [asdict(entry) for entry in entries]}


def _entry(entry: Any, is_atom: bool, author: str) -> FeedEntry:
    text, is_html = _text(entry)
    return FeedEntry(
        entry_id=_words(entry, "id"),
        link=_link(entry, is_atom),
        version=_words(entry, "updated") or _words(entry, "published"),
        title=_title(entry),
        author=_words(entry, "author") or author,
        published=_date(entry),
        text=text,
        is_html=is_html,
    )


def _words(holder: Any, name: str) -> str:
    """What `holder` says under `name`; nothing where feedparser, having stumbled, put attributes there instead."""
    value = dict.get(holder, name)
    return value if isinstance(value, str) else ""


def _link(entry: Any, is_atom: bool) -> str:
    """Where the article is, if anywhere: an id stands for it only in RSS, and there only as a whole address."""
    link = _words(entry, "link")
    if entry.get("guidislink"):
        link = "" if is_atom or not link.lower().startswith(("http://", "https://")) else link
    others = (_words(other, "href") for other in entry.get("links", ()) if other.get("rel") == "alternate")
    return link or next(filter(None, others), "")


def _text(entry: Any) -> tuple[str, bool]:
    """The longest text of `entry`, and whether it is HTML; its summary only where there is none."""
    contents = [part for part in entry.get("content", ()) if _words(part, "value") and part.get("type") in _TEXT_TYPES]
    longest = max(contents, key=lambda part: len(part["value"]), default=entry.get("summary_detail") or {})
    return _words(longest, "value") or _words(entry, "summary"), longest.get("type") != "text/plain"


def _title(entry: Any) -> str:
    title = _words(entry, "title")
    is_html = (entry.get("title_detail") or {}).get("type") != "text/plain"
    return " ".join((html.unescape(_TAG.sub("", title)) if is_html else title).split())


def _date(entry: Any) -> str:
    moment = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    return f"{moment.tm_year:04}-{moment.tm_mon:02}-{moment.tm_mday:02}" if moment else ""


if __name__ == "__main__":
    json.dump(_read(sys.stdin.buffer.read()), sys.stdout)
