"""Wordings that share a word with their neighbour: "aerobic and resistance training", "IL-6, -8 and -10"."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.concepts.normalizing import Pieces, joins
from pipeline.concepts.phrase_index import PhraseIndex, Wording, ends_word

_CONJUNCTIONS = frozenset({"and", "or", "nor", "versus", "vs", "plus"})
_MOST_WORDS = 2
_JOINERS_OF_NUMBERS = "-\u2010\u2011\u2012\u2013\u2212/"
_LIST_GAP = re.compile(r"\s*/\s*|,?\s*[-\u2010-\u2013\u2212]")


@dataclass(frozen=True, slots=True)
class Hit:
    """Pieces `first` to `last` of a text are `wording`."""

    first: int
    last: int
    wording: Wording


def find_shared(
    pieces: Pieces, hits: Sequence[Hit], index: PhraseIndex, may_replace: Callable[[Wording], bool]
) -> Iterator[Hit]:
    """Hits that are only whole with the first or last words of a neighbour in `hits`.

    A single word that is a hit by itself ("strength" in "strength and endurance training") is left alone unless
    `may_replace` accepts what it would become; then both hits are given, and the caller keeps the later one.
    """
    owner = {i: hit for hit in hits for i in range(hit.first, hit.last + 1)}
    for hit in hits:
        yield from _before(pieces, hit, owner, index, may_replace)
        if hit.last > hit.first:
            yield from _after(pieces, hit, owner, index)


def _before(
    pieces: Pieces, hit: Hit, owner: dict[int, Hit], index: PhraseIndex, may_replace: Callable[[Wording], bool]
) -> Iterator[Hit]:
    """What shares the last words of `hit`, or the word after it: "aerobic" in "aerobic and resistance training"."""
    end = _conjunct_before(pieces, hit.first)
    tails = [pieces.keys[start : hit.last + 1] for start in range(hit.first + 1, hit.last + 1)]
    if hit.last + 1 < len(pieces.keys) and joins(pieces.gap(hit.last)):
        tails.append(pieces.keys[hit.last + 1 : hit.last + 2])
    while end is not None:
        found = None
        for first in range(end, max(-1, end - _MOST_WORDS), -1):
            owned = [owner[i] for i in range(first, end + 1) if i in owner]
            if any(o.first != o.last for o in owned) or not _one_phrase(pieces, first, end):
                break
            wording = _first_wording(index, (pieces.keys[first : end + 1] + tail for tail in tails))
            if wording and (not owned or may_replace(wording)):
                found = Hit(first, end, wording)
        if found is None:
            return
        yield found
        end = found.first - 1 if found.first and pieces.gap(found.first - 1).strip() == "," else None


def _after(pieces: Pieces, hit: Hit, owner: dict[int, Hit], index: PhraseIndex) -> Iterator[Hit]:
    """What shares the first words of `hit`: "consolidation" in "memory formation and consolidation"."""
    start = _conjunct_after(pieces, hit.last)
    heads = [pieces.keys[hit.first : stop] for stop in range(hit.last, hit.first, -1)]
    while start is not None:
        found = None
        for last in range(start, min(len(pieces.keys), start + _MOST_WORDS)):
            if last in owner or not _one_phrase(pieces, start, last):
                break
            wording = _first_wording(index, (head + pieces.keys[start : last + 1] for head in heads))
            if wording and ends_word(pieces, last):
                found = Hit(start, last, wording)
        if found is None:
            return
        yield found
        start = _conjunct_after(pieces, found.last) if pieces.keys[found.last].isdigit() else None


def _conjunct_before(pieces: Pieces, first: int) -> int | None:
    """The last piece of what stands before "and" or a slash and `first`."""
    if first >= 2 and pieces.keys[first - 1] in _CONJUNCTIONS and joins(pieces.gap(first - 1)):
        gap = pieces.gap(first - 2)
        return first - 2 if joins(gap) or gap.strip() in {",", "-,"} else None
    return first - 1 if first and pieces.gap(first - 1).strip() in {"/", "-/"} else None


def _conjunct_after(pieces: Pieces, last: int) -> int | None:
    """The first piece of what stands after `last` and "and", a slash, or (for numbers) ", -"."""
    keys, count = pieces.keys, len(pieces.keys)
    if last + 2 < count and keys[last + 1] in _CONJUNCTIONS and pieces.gap(last).strip() in {"", ","}:
        start = last + 2
    elif last + 1 < count and _LIST_GAP.fullmatch(pieces.gap(last)):
        start = last + 1
    else:
        return None
    gap = pieces.gap(start - 1)
    if keys[start].isdigit():  # "IL-6 and -8", not "IL-6 and 8 others"
        return start if gap and gap[-1] in _JOINERS_OF_NUMBERS else None
    return start if joins(gap) else None


def _one_phrase(pieces: Pieces, first: int, last: int) -> bool:
    return all(joins(pieces.gap(i)) for i in range(first, last)) and not pieces.glued_before(first)


def _first_wording(index: PhraseIndex, candidates: Iterable[Sequence[str]]) -> Wording | None:
    for keys in candidates:
        for wording in index.lookup(keys):
            if wording.concept_id is not None and not wording.exact:
                return wording
    return None
