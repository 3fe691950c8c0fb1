"""Stretches of an article's page with the links in them, as far as they are needed to see which works it names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipeline.reading.drafts import Piece
from pipeline.reading.furniture import find_rule
from pipeline.reading.heading_lines import without_number
from pipeline.reading.statements import statements_in
from pipeline.records import BlockKind

_REFERENCE_HEADING = re.compile(
    r"(?:(?:scientific |selected |key |main |cited )?(?:references?|sources?|citations)(?: (?:and|&) \w+)?"
    r"|(?:references|sources|studies|works) (?:cited|used)|studies)",
    re.IGNORECASE,
)
_LONGEST_HEADING = 60  # characters
_LONGEST_ENTRY = 1500
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_REFERENCES = ("references", "further reading")


@dataclass(frozen=True, slots=True)
class Link:
    """The words `text[start:end]` of a passage lead to `address`."""

    address: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list entry or heading of the page; `reference` marks an entry of a reference list.

    `caption` is the text of a figure or table, whose origin is not the article's.
    """

    text: str
    links: tuple[Link, ...] = ()
    heading: bool = False
    reference: bool = False
    caption: bool = False


def passages_of(pieces: Iterable[Piece]) -> tuple[Passage, ...]:
    """The passages of a format without links, reference entries marked."""
    return tuple(with_references(Passage(piece.text, heading=_is_heading(piece)) for piece in pieces))


def with_references(passages: Iterable[Passage]) -> Iterator[Passage]:
    """The passages, those marked that stand under a heading such as "References" up to the next heading."""
    within = False
    for passage in passages:
        if heads_references(passage):
            within = True
        elif passage.heading and not _YEAR.search(passage.text):
            within = False
        elif (within and _may_be_entry(passage.text)) or is_numbered_reference(passage.text):
            passage = replace(passage, reference=True, heading=False)
        yield passage


def is_numbered_reference(text: str) -> bool:
    """Whether `text` alone is an entry of a reference list: `[12] Smith J. Irisin. doi:10.1000/182`."""
    rule = find_rule(Piece(BlockKind.PARAGRAPH, text)) if text[:1] in "[0123456789" else None
    return rule is not None and rule.reason == "references"


def _may_be_entry(text: str) -> bool:
    """Whether a text under "References" is no long prose, no furniture, and not about the article itself."""
    rule = find_rule(Piece(BlockKind.PARAGRAPH, text))
    return len(text) <= _LONGEST_ENTRY and (rule is None or rule.reason in _REFERENCES) and not any(statements_in(text))


def heads_references(passage: Passage) -> bool:
    """Whether a passage opens a reference list: a heading such as "References", or such a line ("**References:**")."""
    text = passage.text.strip("*_ ")
    if len(text) > _LONGEST_HEADING or not (passage.heading or text.endswith(":") or text.istitle() or text.isupper()):
        return False
    name = without_number(text).rstrip(": ")
    if _REFERENCE_HEADING.fullmatch(name):
        return True
    rule = find_rule(Piece(BlockKind.HEADING, text))
    return rule is not None and rule.reason in _REFERENCES and ":" not in name


def _is_heading(piece: Piece) -> bool:
    return piece.kind in (BlockKind.HEADING, BlockKind.TITLE)
