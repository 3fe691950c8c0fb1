"""From the lines of a printed page to paragraphs in reading order. Lengths are in points, y grows upward."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.reading.punctuation import CLAUSE_END

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page |p\. ?|[-\u2013—] ?)?\d{1,4}(?: ?(?:of|/) ?\d{1,4}| ?[-\u2013—])?", re.IGNORECASE)
_NEW_ENTRY = re.compile(r"^(?:[•▪◦‣\u2013·*-]|\(?\d{1,2}[.)])\s")
_MARGIN = 0.1  # of the page's height, at top and bottom, where running heads stand
_NARROWEST_COLUMN = 0.15  # of the text's width
_FEWEST_ROWS = 3  # lines side by side that make two columns
_MOST_LINES = 1500  # on a page; beyond that it is no article and its columns are not looked for


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: its box on the page, font size, whether it is bold, and which column it stands in."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool = False
    column: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines in any order, and its height."""

    lines: tuple[Line, ...]
    height: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The lines of one paragraph or heading."""

    lines: tuple[Line, ...]
    page: int

    @property
    def size(self) -> float:
        """Font size of its first line."""
        return self.lines[0].size

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)


def without_running_heads(pages: Sequence[Page]) -> tuple[tuple[Page, ...], tuple[str, ...]]:
    """The pages without page numbers and lines repeated in the margins, and the lines left out."""
    seen = Counter(key for page in pages for key in {_key(line) for line in page.lines if _in_margin(line, page)})
    dropped: list[str] = []
    kept: list[Page] = []
    for page in pages:
        lines = []
        for line in page.lines:
            repeated = seen[_key(line)] >= max(2, 0.3 * len(pages))
            if _in_margin(line, page) and (repeated or _PAGE_NUMBER.fullmatch(line.text.strip())):
                dropped.append(line.text.strip())
            else:
                lines.append(line)
        kept.append(replace(page, lines=tuple(lines)))
    return tuple(kept), tuple(dropped)


def _in_margin(line: Line, page: Page) -> bool:
    return line.bottom > (1 - _MARGIN) * page.height or line.top < _MARGIN * page.height


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text.strip().lower())


def in_reading_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a page as one reads them: columns from left to right, each from top to bottom.

    A line across the gap between columns, such as a title, divides the page: what is above it is read first.
    """
    downward = sorted(lines, key=lambda line: (-line.top, line.left))
    if len(downward) > _MOST_LINES:
        return tuple(downward)
    return tuple(replace(line, column=column) for column, line in _ordered(downward, 0))


def _ordered(lines: Sequence[Line], column: int) -> Iterator[tuple[int, Line]]:
    gap = _find_gap(lines)
    if gap is None:
        yield from ((column, line) for line in lines)
        return
    band: list[Line] = []
    for line in lines:
        if line.left < gap < line.right:
            yield from _side_by_side(band, gap, column)
            band = []
            yield column, line
        else:
            band.append(line)
    yield from _side_by_side(band, gap, column)


def _side_by_side(band: Sequence[Line], gap: float, column: int) -> Iterator[tuple[int, Line]]:
    yield from _ordered([line for line in band if line.right <= gap], 2 * column + 1)
    yield from _ordered([line for line in band if line.left >= gap], 2 * column + 2)


def _find_gap(lines: Sequence[Line]) -> float | None:
    """Where most lines that stand side by side leave a gap between them, if they are columns of prose."""
    if len(lines) < 2 * _FEWEST_ROWS:
        return None
    narrowest = _NARROWEST_COLUMN * (max(line.right for line in lines) - min(line.left for line in lines))
    gaps = [
        (left.right, right.left)
        for left, right in _neighbours(lines)
        if min(left.right - left.left, right.right - right.left) >= narrowest
    ]
    if len(gaps) < _FEWEST_ROWS:
        return None
    middles = [(start + end) / 2 for start, end in gaps]
    best = max(middles, key=lambda middle: sum(start <= middle <= end for start, end in gaps))
    agreeing = [(start, end) for start, end in gaps if start <= best <= end]
    if len(agreeing) < _FEWEST_ROWS:
        return None
    return (max(start for start, _ in agreeing) + min(end for _, end in agreeing)) / 2


def _neighbours(lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Pairs of lines at the same height, each with the nearest one to its right. `lines` run downward."""
    for at, line in enumerate(lines):
        nearest: Line | None = None
        for step in (-1, 1):
            other = at + step
            while 0 <= other < len(lines) and abs(lines[other].top - line.top) < line.size:
                candidate = lines[other]
                if candidate.left >= line.right and (nearest is None or candidate.left < nearest.left):
                    nearest = candidate
                other += step
        if nearest is not None:
            yield line, nearest


def paragraphs(pages: Sequence[Sequence[Line]]) -> Iterator[Paragraph]:
    """The paragraphs of a document whose pages' lines are in reading order; one may run over a page's end."""
    group: list[Line] = []
    began = 0
    for number, lines in enumerate(pages):
        edges = _column_edges(lines)
        for at, line in enumerate(lines):
            before = group[-1] if group else None
            if before is not None and (
                _breaks(before, line, edges) if at else _differs(before, line) or _finished(before, line)
            ):
                yield Paragraph(tuple(group), began)
                group = []
            if not group:
                began = number
            group.append(line)
    if group:
        yield Paragraph(tuple(group), began)


def _column_edges(lines: Sequence[Line]) -> dict[int, tuple[float, float]]:
    """Left and right edge of each column, as most of its lines have them."""
    edges = {}
    for column in {line.column for line in lines}:
        own = [line for line in lines if line.column == column]
        left = Counter(round(line.left) for line in own).most_common(1)[0][0]
        edges[column] = (float(left), max(line.right for line in own))
    return edges


def _breaks(before: Line, line: Line, edges: dict[int, tuple[float, float]]) -> bool:
    if _differs(before, line) or _NEW_ENTRY.match(line.text):
        return True
    if line.column != before.column or line.top > before.top:
        return _finished(before, line)
    if before.bottom - line.top > 0.7 * line.size:
        return True
    left, right = edges[line.column]
    indented = 0.7 * line.size < line.left - left < 5 * line.size and abs(before.left - line.left) > 0.5 * line.size
    return indented or (CLAUSE_END.search(before.text.rstrip()) is not None and _had_room(before, line, right))


def _had_room(before: Line, line: Line, right: float) -> bool:
    """Whether the first word of `line` would have fitted on the line before: then that one ended on purpose."""
    character = (line.right - line.left) / max(len(line.text), 1)
    return before.right + (len(line.text.split(maxsplit=1)[0]) + 2) * character < right


def _differs(before: Line, line: Line) -> bool:
    """Whether two lines are set so differently that they cannot be one paragraph."""
    return abs(before.size - line.size) > 0.12 * max(before.size, line.size) or before.bold != line.bold


def _finished(before: Line, line: Line) -> bool:
    """Whether the sentence ends where a column or page ends, and the next begins a new paragraph there."""
    return CLAUSE_END.search(before.text.rstrip()) is not None and not line.text.lstrip()[:1].islower()
