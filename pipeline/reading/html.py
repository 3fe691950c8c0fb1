"""Reads web pages: trafilatura finds the article among menus, banners and comments."""

import re
from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml import etree
from trafilatura import bare_extraction
from trafilatura.settings import Document

from pipeline.reading.characters import on_one_line
from pipeline.reading.drafts import Draft, Outline, Piece, UnreadableError
from pipeline.reading.html_works import page_identifiers, page_passages, references_in_head
from pipeline.reading.naming import as_citations, notice_in, origins_named, works_named
from pipeline.reading.punctuation import CLAUSE_END
from pipeline.reading.quiet import quiet
from pipeline.records import BlockKind, Dropped

_NOT_PROSE = ("table", "code", "graphic", "formula")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")  # lxml refuses an encoding declared in a decoded string
_BLOCKS_INSIDE = ".//p | .//li | .//td"
_BLOCKS = "//p | //li | //h1 | //h2 | //h3 | //h4 | //h5 | //h6 | //td | //figcaption | //button | //footer | //nav"
_REASONS = (
    ("comments", re.compile(r"\bcomment", re.IGNORECASE)),
    ("cookie notice", re.compile(r"cookie|consent|gdpr", re.IGNORECASE)),
    ("share button", re.compile(r"\bshar(?:e|ing)|social", re.IGNORECASE)),
    ("related articles", re.compile(r"related|recommend|recent", re.IGNORECASE)),
    ("newsletter", re.compile(r"newsletter|subscribe|signup", re.IGNORECASE)),
)
_REASON_BY_TAG = {
    "nav": "menu",
    "footer": "page footer",
    "header": "page header",
    "aside": "sidebar",
    "form": "form",
    "button": "button",
    "table": "table",
    "figure": "figure",
}
_HTML_TAG = re.compile(r"<html\b", re.IGNORECASE)
_FEWEST_WORDS = 8  # in fewer, a menu was taken for the article
_WHITESPACE = re.compile(r"\s+")
_MOST_DROPPED = 500
_MOST_SEARCHED = 500_000  # characters


def read_html(text: str) -> Draft:
    """The draft of the page `text`: headings, paragraphs and list entries of its main text.

    Comments and tables are left out. Raises UnreadableError where the page holds no main text.
    """
    markup = _XML_DECLARATION.sub("", text)
    if not _HTML_TAG.search(markup):
        markup = f"<html><body>{markup}</body></html>"
    with quiet("trafilatura", "htmldate", "courlan", "justext", "readability"):
        found = bare_extraction(
            markup, include_comments=False, include_tables=False, deduplicate=False, with_metadata=True
        )
    words = "".join(found.body.itertext()) if isinstance(found, Document) and found.body is not None else ""
    if not isinstance(found, Document) or len(words.split()) < _FEWEST_WORDS:
        raise UnreadableError("is a web page without article text; if its text is loaded by script, save it as text")
    pieces = tuple(_pieces(found.body, Outline()))
    page = _parsed(markup)
    own, beside = page_passages(page, [piece.text for piece in pieces])
    return Draft(
        format="html",
        pieces=pieces,
        dropped=tuple(_left_out(page, pieces)),
        title=found.title or "",
        author=found.author or "",
        published=found.date or "",
        url=found.url or "",
        identifiers=page_identifiers(page),
        citations=as_citations((*works_named(own), *origins_named(beside), *references_in_head(page))),
        notice=notice_in((*own, *beside)),
    )


def _parsed(markup: str) -> Any:
    """The page as a tree, an empty one where the markup is beyond repair."""
    try:
        return lxml.html.document_fromstring(markup)
    except (etree.ParserError, ValueError):
        return lxml.html.document_fromstring("<html></html>")


def _pieces(body: Any, outline: Outline) -> Iterator[Piece]:
    for element in body:
        tag = element.tag
        if tag == "head":
            title = on_one_line("".join(element.itertext()))
            level = int(element.get("rend", "h2")[-1]) if element.get("rend", "")[-1:].isdecimal() else 2
            if title:
                yield Piece(BlockKind.HEADING, title, section=outline.enter(level, title.rstrip(".: ")), level=level)
        elif tag == "list":
            yield from _entries(element, outline)
        elif tag in ("quote", "div", "section"):
            yield from _paragraphs(element.text, outline)
            yield from _pieces(element, outline)
        elif tag not in _NOT_PROSE:
            yield from _paragraphs(_text(element), outline)
        yield from _paragraphs(element.tail, outline)


def _entries(element: Any, outline: Outline) -> Iterator[Piece]:
    """A list's entries, those of lists within it as entries of their own."""
    for item in element:
        inner = [child for child in item if child.tag == "list"]
        words = _text(item, without=inner)
        if words.strip():
            yield Piece(BlockKind.BULLET, words, section=outline.section)
        for child in inner:
            yield from _entries(child, outline)


def _paragraphs(text: str | None, outline: Outline) -> Iterator[Piece]:
    """The paragraphs in `text`; a line break makes one only at the end of a sentence."""
    line = ""
    for part in (text or "").split("\n"):
        line = f"{line} {part}".strip()
        if CLAUSE_END.search(line):
            yield Piece(BlockKind.PARAGRAPH, line, section=outline.section)
            line = ""
    if line:
        yield Piece(BlockKind.PARAGRAPH, line, section=outline.section)


def _text(element: Any, without: list[Any] | None = None) -> str:
    words = [element.text or ""]
    for child in element:
        if child.tag == "lb":
            words.append("\n")
        elif child not in (without or ()) and child.tag not in _NOT_PROSE:
            words.append(_text(child))
        words.append(child.tail or "")
    return "".join(words)


def _left_out(page: Any, pieces: tuple[Piece, ...]) -> Iterator[Dropped]:
    """The blocks of the page that are not in the article, each with the reason that its place suggests."""
    blocks = [_squeezed(piece.text) for piece in pieces]
    kept = "".join(blocks)[:_MOST_SEARCHED]
    seen = set(blocks)
    left = 0
    for element in page.xpath(_BLOCKS):
        if left >= _MOST_DROPPED:
            return
        words = on_one_line(element.text_content())
        squeezed = _squeezed(words)
        if squeezed and squeezed not in seen and not element.xpath(_BLOCKS_INSIDE):
            seen.add(squeezed)
            if squeezed not in kept:
                left += 1
                yield Dropped(words, _reason(element))


def _squeezed(words: str) -> str:
    return _WHITESPACE.sub("", words)


def _reason(element: Any) -> str:
    holders = [holder for holder in (element, *element.iterancestors()) if holder.tag not in ("body", "html")]
    for holder in holders:
        name = f"{holder.get('class', '')} {holder.get('id', '')}"
        for reason, pattern in _REASONS:
            if pattern.search(name):
                return reason
    return next(
        (_REASON_BY_TAG[holder.tag] for holder in holders if holder.tag in _REASON_BY_TAG), "outside the article"
    )
