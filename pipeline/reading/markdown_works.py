"""The passages of a Markdown text with their links, and the works that its front matter names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from markdown_it.token import Token

from pipeline.reading.naming import Named
from pipeline.reading.passages import Link, Passage, with_references
from pipeline.reading.works import SCHOLARLY, identifiers_in

_PRIVATE = re.compile("\ue000\\d+\ue001|[\ue000-\uf8ff]")  # marks of timestamps and callouts
_OPENING = re.compile(r"<a\b[^<>]*?\bhref\s*=\s*[\"']?([^\s\"'<>]+)[^<>]*>", re.IGNORECASE)
_ANCHOR = re.compile(rf"{_OPENING.pattern}(.*?)</a\s*>", re.IGNORECASE | re.DOTALL)
_CLOSING = re.compile(r"</a\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|section|details|summary|table)\b[^<>]*>", re.IGNORECASE)
_FOOTNOTE = re.compile(r"^\[\^[^\]\s]+\]:\s*")
_ENTRY_OF_HEAD = re.compile(r"^\s*(?:-\s*)?(?:[\w -]{1,30}:\s)?\s*")


def token_passages(tokens: Sequence[Token], footnotes: Iterable[Sequence[Token]] = ()) -> tuple[Passage, ...]:
    """The passages of the parser's tokens, reference entries marked; each of the `footnotes` counts as one."""
    notes = (replace(passage, reference=True) for note in footnotes for passage in _passages(note))
    return (*with_references(_passages(tokens)), *notes)


def without_label(footnote: str) -> str:
    """The text of a footnote: `[^1]: Smith J.` without the label."""
    return _FOOTNOTE.sub("", footnote)


def front_matter_works(block: str) -> Iterator[Named]:
    """The works that lines of the front matter name by a DOI or number."""
    for line in block.splitlines():
        found = tuple(item.identifier for item in identifiers_in(line) if item.identifier.startswith(SCHOLARLY))
        if found:
            yield Named(found[:1], line[len((_ENTRY_OF_HEAD.match(line) or [""])[0]) :])


def _passages(tokens: Sequence[Token]) -> Iterator[Passage]:
    heading = False
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type == "inline":
            passage = _inline(token, heading=heading)
            if passage.text:
                yield passage
        elif token.type == "html_block":
            yield from _markup(token.content)


def _inline(token: Token, *, heading: bool) -> Passage:
    """The words of an inline token with its links, those of raw HTML too; pictures are left out."""
    text = ""
    links: list[Link] = []
    opened: tuple[str, int] | None = None
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            text += _PRIVATE.sub("", child.content)
        elif child.type in ("softbreak", "hardbreak"):
            text += " "
        elif child.type == "link_open":
            opened = (str(child.attrs.get("href", "")), len(text))
        elif child.type == "html_inline" and (tag := _OPENING.match(child.content)):
            opened = (tag[1], len(text))
        elif opened and (child.type == "link_close" or _CLOSING.match(child.content)):
            links.append(Link(opened[0], opened[1], len(text)))
            opened = None
    bold = [child.type for child in token.children or () if child.type != "text" or child.content.strip()]
    is_bold_line = len(bold) == 3 and bold[0] == "strong_open" and bold[2] == "strong_close"
    return Passage(text, tuple(links), heading=heading or is_bold_line)


def _markup(content: str) -> Iterator[Passage]:
    for part in _BLOCK.split(content):
        text = ""
        links: list[Link] = []
        at = 0
        for anchor in _ANCHOR.finditer(part):
            text += _TAG.sub("", part[at : anchor.start()])
            words = _TAG.sub("", anchor[2])
            links.append(Link(anchor[1], len(text), len(text) + len(words)))
            text += words
            at = anchor.end()
        text += _TAG.sub("", part[at:])
        if text.strip():
            yield Passage(text, tuple(links))
