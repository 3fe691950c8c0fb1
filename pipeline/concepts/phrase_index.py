"""A trie over word keys that finds all wordings starting at a place in a text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.concepts.normalizing import Normalizer, Pieces, joins

# Left out inside a wording, so that "blood flow to the brain" also finds "blood flow to your brain".
_PASSED_OVER = frozenset({"the", "a", "an", "your", "our", "their", "its", "his", "her", "my"})
_LONGEST_PARENTHESIS = 3  # pieces
# "memory12" is a word and a note mark, "IL612" is another name.
_SHORTEST_BEFORE_NOTE_MARK = 5


@dataclass(frozen=True, slots=True)
class Wording:
    """A phrase and what it stands for. `concept_id` is None where it stands for nothing the vocabulary has."""

    text: str
    concept_id: str | None
    polarity: int = 1
    exact: bool = False
    method: str = "alias"


@dataclass(slots=True)
class _Node:
    children: "dict[str, _Node]" = field(default_factory=dict)
    wordings: list[tuple[Wording, tuple[str, ...]]] = field(default_factory=list)


class PhraseIndex:
    """Wordings by their keys. Build it once, then read only."""

    def __init__(self, normalizer: Normalizer, wordings: Sequence[Wording]) -> None:
        self._root = _Node()
        for wording in wordings:
            pieces = normalizer.pieces(wording.text)
            node = self._root
            for key in phrase_keys(pieces):
                node = node.children.setdefault(key, _Node())
            surfaces = tuple(pieces.surface(i) for i in range(len(pieces.keys))) if wording.exact else ()
            node.wordings.append((wording, surfaces))
        self.first_keys = frozenset(self._root.children)

    def find(self, pieces: Pieces, first: int) -> list[tuple[int, Wording]]:
        """All wordings that begin with piece `first`, with the index of their last piece, longest first.

        A wording never begins or ends inside a run of letters and digits. Its pieces have nothing but blanks, hyphens,
        slashes and apostrophes between them, or a short parenthesis: "blood-brain barrier (BBB) integrity".
        """
        found = [
            (last, wording)
            for last, node in self._walk(pieces, first)
            for wording, surfaces in node.wordings
            if not surfaces or _is_written(surfaces, pieces, first, last)
        ]
        found.reverse()
        return found

    def lookup(self, keys: Sequence[str]) -> list[Wording]:
        """The wordings with exactly these keys, however they are written."""
        node = self._root
        for key in keys:
            child = node.children.get(key)
            if child is None:
                return []
            node = child
        return [wording for wording, _ in node.wordings]

    def _walk(self, pieces: Pieces, first: int) -> Iterator[tuple[int, _Node]]:
        keys = pieces.keys
        node = self._root.children.get(keys[first])
        last = first
        while node is not None:
            if node.wordings and ends_word(pieces, last):
                yield last, node
            following = _next_piece(pieces, last) if node.children else None
            while following is not None and keys[following] not in node.children and _is_passed_over(pieces, following):
                following = _next_piece(pieces, following)
            if following is None:
                return
            node, last = node.children.get(keys[following]), following


def _next_piece(pieces: Pieces, last: int) -> int | None:
    """The piece by which a wording can go on after piece `last`, over a parenthesis if there is one."""
    if last + 1 == len(pieces.keys):
        return None
    gap = pieces.gap(last)
    if joins(gap):
        return last + 1
    if gap not in (" (", "\u00a0("):
        return None
    for inside in range(last + 1, min(last + 1 + _LONGEST_PARENTHESIS, len(pieces.keys) - 1)):
        closing = pieces.gap(inside)
        if closing.startswith(")"):
            return inside + 1 if len(closing) <= 2 and joins(closing[1:]) else None
    return None


def phrase_keys(pieces: Pieces) -> tuple[str, ...]:
    """The keys by which a wording is found: all of them but the articles and possessives inside it."""
    last = len(pieces.keys) - 1
    return tuple(key for i, key in enumerate(pieces.keys) if not 0 < i < last or not _is_passed_over(pieces, i))


def ends_word(pieces: Pieces, last: int) -> bool:
    """Whether a name can end with piece `last`: no letter or digit follows, but for the note mark of a plain word."""
    if not pieces.glued_after(last):
        return True
    word = pieces.surface(last)
    return len(word) >= _SHORTEST_BEFORE_NOTE_MARK and word.islower() and pieces.keys[last + 1].isdigit()


def _is_passed_over(pieces: Pieces, index: int) -> bool:
    return pieces.keys[index] in _PASSED_OVER and pieces.gap(index - 1).isspace()


def _is_written(surfaces: tuple[str, ...], pieces: Pieces, first: int, last: int) -> bool:
    """Whether the pieces are written just as in the wording; a plural s may follow an abbreviation."""
    if last - first + 1 != len(surfaces):
        return False
    for index, surface in enumerate(surfaces, start=first):
        written = pieces.surface(index)
        if written != surface and not (surface.isupper() and written == surface + "s"):
            return False
    return True
