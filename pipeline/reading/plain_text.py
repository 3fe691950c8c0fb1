"""Reads plain text: paragraphs between blank lines or one a line, bullets, headings known by their looks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.reading.drafts import GUESSED, Draft, Outline, Piece
from pipeline.reading.heading_lines import looks_like_heading
from pipeline.reading.lines import join_lines, known_words
from pipeline.reading.naming import as_citations, notice_in, works_named
from pipeline.reading.passages import passages_of
from pipeline.reading.punctuation import CLOSING_MARKS
from pipeline.reading.split_sentences import is_split, rejoin
from pipeline.records import BlockKind

_BULLET = re.compile(r"^\s*(?:[-*•‣◦▪·\u2013—]|\(?\d{1,2}[.)]|\(?[a-h]\))\s+(?=\S)")
_NUMBERED = re.compile(r"^\s*\(?\d{1,2}[.)]\s+")
_LABEL = re.compile(r"^\s*((?:TITLE|ABSTRACT|BODY)(?:\.[A-Z][^:\n]*)?):\s*(.*)$")
_LINE_END = re.compile(rf"[.!?:;]{CLOSING_MARKS}$")
_UNFINISHED = 40  # a shorter line without a full stop may be complete: a list entry, a heading
_WRAPPED_AT_MOST = 120
_NUMBERED_LEVEL = 2


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph, heading or list entry on one line. `run` counts the paragraphs set apart by blank lines."""

    text: str
    run: int
    bullet: bool = False
    numbered: bool = False

    @property
    def is_heading_like(self) -> bool:
        return looks_like_heading(self.text)


def read_plain_text(text: str) -> Draft:
    """The draft of plain `text` (characters cleaned, lines ending in line feeds). Headings have a guessed level."""
    pieces = tuple(rejoin(text)) if is_split(text) else tuple(_pieces(tuple(_logical_lines(text))))
    passages = passages_of(pieces)
    return Draft(
        format="text", pieces=pieces, citations=as_citations(works_named(passages)), notice=notice_in(passages)
    )


def _logical_lines(text: str) -> Iterator[_Line]:
    runs = [run.split("\n") for run in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.strip("\n")) if run.strip()]
    wrapped = _is_hard_wrapped(runs)
    known = known_words(text.split("\n")) if wrapped else frozenset()
    for number, run in enumerate(runs):
        group: list[str] = []
        for line in run:
            if group and not _goes_on(group[-1], line, wrapped):
                yield _line(group, number, known)
                group = []
            group.append(line)
        yield _line(group, number, known)


def _is_hard_wrapped(runs: Sequence[Sequence[str]]) -> bool:
    """Whether an editor broke the lines: those inside paragraphs are alike in length and end in mid-sentence."""
    inner = sorted(len(line.rstrip()) for run in runs for line in run[:-1])
    if not inner:
        return False
    width = inner[int(0.9 * (len(inner) - 1))]
    in_mid_sentence = sum(not _LINE_END.search(line.rstrip()) for run in runs for line in run[:-1])
    full = sum(length >= 0.7 * width for length in inner)
    return 40 <= width <= _WRAPPED_AT_MOST and full >= 0.7 * len(inner) and in_mid_sentence >= 0.6 * len(inner)


def _goes_on(line: str, following: str, wrapped: bool) -> bool:
    """Whether `following` is the rest of the paragraph that `line` is in."""
    if _BULLET.match(following) or _LABEL.match(following) or _LABEL.match(line):
        return False
    if wrapped:
        return not (len(line.strip()) < _UNFINISHED and looks_like_heading(line) and following.lstrip()[:1].isupper())
    ends = _LINE_END.search(line.rstrip()) is not None
    return not ends and len(line.strip()) >= _UNFINISHED and following.lstrip()[:1].islower()


def _line(group: Sequence[str], run: int, known: frozenset[str]) -> _Line:
    bullet = _BULLET.match(group[0])
    first = group[0][bullet.end() :] if bullet else group[0]
    text = join_lines([first, *group[1:]], known)
    return _Line(text, run, bullet=bullet is not None, numbered=_NUMBERED.match(group[0]) is not None)


def _pieces(lines: Sequence[_Line]) -> Iterator[Piece]:
    outline = Outline()
    for at, line in enumerate(lines):
        label = _LABEL.match(line.text)
        if label:
            yield from _labelled(label, outline)
        elif _is_heading(lines, at):
            above = outline.enter(_NUMBERED_LEVEL if line.numbered else 1, line.text.rstrip(".: "))
            yield Piece(BlockKind.HEADING, line.text, section=above, level=GUESSED)
        else:
            if line.numbered:
                outline.leave(_NUMBERED_LEVEL)  # "2. Walk: …" stands beside the heading "1. Lift", not under it
            kind = BlockKind.BULLET if line.bullet else BlockKind.PARAGRAPH
            yield Piece(kind, line.text, section=outline.section)


def _labelled(label: re.Match[str], outline: Outline) -> Iterator[Piece]:
    """The labels of trial texts: `TITLE: …`, `ABSTRACT.METHODS:`, `BODY.RESULTS:`."""
    name, rest = label[1], label[2]
    if name == "TITLE":
        yield Piece(BlockKind.TITLE, rest)
        return
    parts = [part.capitalize() for part in name.split(".") if part != "BODY"] or ["Body"]
    outline.enter(1, " > ".join(parts))
    if rest:
        yield Piece(BlockKind.PARAGRAPH, rest, section=outline.section)


def _is_heading(lines: Sequence[_Line], at: int) -> bool:
    line = lines[at]
    following = lines[at + 1] if at + 1 < len(lines) else None
    if following is None or not line.is_heading_like or (line.bullet and not line.numbered):
        return False
    if line.numbered:
        alone = following.run != line.run or not following.bullet
        return alone and not (following.bullet and following.is_heading_like)
    if line.text.endswith(":") and following.bullet:
        return False
    return not _in_unmarked_list(lines, at)


def _in_unmarked_list(lines: Sequence[_Line], at: int) -> bool:
    """Whether three or more heading-like lines stand directly under one another here: they are a list."""
    alike = [
        0 <= near < len(lines) and lines[near].run == lines[at].run and lines[near].is_heading_like
        for near in range(at - 2, at + 3)
    ]
    return any(all(alike[first : first + 3]) for first in range(3))
