"""What a reader hands on: pieces of text in order, before furniture goes and offsets are counted."""

from dataclasses import dataclass, field

from pipeline.records import BlockKind, Citation, Dropped

GUESSED = 0
"""Heading level of a line that merely looks like a heading: its depth is not known."""


class UnreadableError(ValueError):
    """These bytes are no article that can be used; the message says why and what to do about it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that becomes one block.

    `level` is the depth of a heading (1 is the top, GUESSED where the format does not say), `section` the path
    of headings above it, `timestamp_s` the video second given for it. A piece that `continues` belongs to the
    same paragraph as the piece before it: only a space stands between them.
    """

    kind: BlockKind
    text: str
    section: str = ""
    level: int = GUESSED
    timestamp_s: float | None = None
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as its reader found it. `part` tells the articles of one file apart (a PubMed id).

    `identifiers`, `citations` and `notice` are those of the `Article`, as far as the reader sees them.
    """

    format: str
    pieces: tuple[Piece, ...]
    dropped: tuple[Dropped, ...] = ()
    title: str = ""
    author: str = ""
    published: str = ""
    url: str = ""
    part: str = ""
    identifiers: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    notice: str = ""


@dataclass(slots=True)
class Outline:
    """The headings that stand above the text being read, outermost first."""

    _open: list[tuple[int, str]] = field(default_factory=list)

    @property
    def section(self) -> str:
        """Path of the open headings: `Results > Cognition`."""
        return " > ".join(title for _, title in self._open)

    def enter(self, level: int, title: str) -> str:
        """Open the heading `title`, closing those as deep or deeper; gives the section that it stands in."""
        self.leave(level)
        above = self.section
        self._open.append((level, title))
        return above

    def leave(self, level: int) -> None:
        """Close every heading of this level or deeper."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
