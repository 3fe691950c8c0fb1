"""Registry texts that a machine cut after every full stop, each part set apart by a blank line.

The space after a full stop begins the next part, so putting the parts together again gives the text as it was,
with `(e.` `g.` `, sleep)` and `F41.` `0` whole.
"""

import re
from collections.abc import Iterator

from pipeline.reading.drafts import Piece
from pipeline.records import BlockKind

_TITLE_MARK = re.compile(r"^\((?:first|second|third|fourth|fifth)Quint\)")
_SUMMARY_MARK = "@highlight"
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_ENOUGH_PARTS = 5


def is_split(text: str) -> bool:
    """Whether `text` is cut this way: it bears the marks of such files, or most parts begin with one space."""
    if _TITLE_MARK.match(text) or _SUMMARY_MARK in text:
        return True
    parts = [part for part in _BLANK_LINES.split(text.strip("\n")) if part.strip()]
    if len(parts) < _ENOUGH_PARTS or any("\n" in part for part in parts):
        return False
    begin_with_space = sum(1 for part in parts[1:] if part.startswith(" ") and not part.startswith("  "))
    end_in_stop = sum(1 for part in parts if part.rstrip().endswith("."))
    return begin_with_space >= 0.6 * (len(parts) - 1) and end_in_stop >= 0.7 * len(parts)


def rejoin(text: str) -> Iterator[Piece]:
    """The pieces of such a text: its title where it is marked, then whole paragraphs."""
    paragraph = ""
    for part in _BLANK_LINES.split(text.strip("\n")):
        title = _TITLE_MARK.match(part)
        if title:
            yield Piece(BlockKind.TITLE, part[title.end() :].strip().removesuffix("."))
        elif part.strip() == "." or part.rstrip().endswith(_SUMMARY_MARK):
            if paragraph.strip():
                yield Piece(BlockKind.PARAGRAPH, paragraph)
            paragraph = ""
            name = part.strip().removesuffix(_SUMMARY_MARK).strip(" .")
            if name:
                yield Piece(BlockKind.PARAGRAPH, name)
        else:
            paragraph += part.replace("\n", " ")
    if paragraph.strip():
        yield Piece(BlockKind.PARAGRAPH, paragraph)
