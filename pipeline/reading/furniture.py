"""Takes page furniture out of an article: menus, cookie notices, share buttons, comments, reference lists.

What furniture looks like is data: `furniture.tsv`. A pattern must match a whole piece of text, so that prose
which merely mentions a newsletter or a reference stays.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pipeline.reading.drafts import GUESSED, Piece
from pipeline.reading.heading_lines import without_number
from pipeline.reading.punctuation import SENTENCE_END
from pipeline.reading.tables import TableError, read_table
from pipeline.records import BlockKind, Dropped

_TABLE = "furniture.tsv"
_COLUMNS = ("reason", "scope", "pattern", "example", "prose")
_LONGEST = 600  # characters; no notice is longer, and patterns need not look at whole articles
_SHORTEST_PROSE = 40


class Scope(StrEnum):
    """How far a piece of furniture reaches."""

    LINE = "line"  # the piece alone
    SECTION = "section"  # and what follows up to the next heading
    TAIL = "tail"  # and everything up to the next heading as high, or to the end


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: `example` is furniture by this rule, `prose` resembles it and is not."""

    reason: str
    scope: Scope
    pattern: re.Pattern[str]
    example: str
    prose: str


@cache
def furniture_rules() -> tuple[Rule, ...]:
    """The rows of the table, checked. Raises TableError naming the line that is wrong."""
    return tuple(_rule(number, cells) for number, cells in read_table(_TABLE, _COLUMNS))


def _rule(number: int, cells: tuple[str, ...]) -> Rule:
    reason, scope, pattern, example, prose = cells
    if scope not in set(Scope):
        raise TableError(f"{_TABLE}, line {number}: found the scope {scope!r}, expected {', '.join(Scope)}")
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise TableError(f"{_TABLE}, line {number}: {pattern!r} is no regular expression: {error}") from error
    return Rule(reason, Scope(scope), compiled, example, prose)


def find_rule(piece: Piece) -> Rule | None:
    """The rule by which `piece` is furniture, if any. A title never is; list entries only by themselves."""
    if piece.kind is BlockKind.TITLE or len(piece.text) > _LONGEST:
        return None
    text = piece.text
    if piece.kind is BlockKind.HEADING:
        text = without_number(text).rstrip(": ")
    if not _any_rule().fullmatch(text):
        return None
    for rule in furniture_rules():
        if rule.pattern.fullmatch(text) and (rule.scope is Scope.LINE or piece.kind is not BlockKind.BULLET):
            return rule
    return None


@cache
def _any_rule() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{rule.pattern.pattern})" for rule in furniture_rules()), re.IGNORECASE)


def without_furniture(pieces: Sequence[Piece]) -> tuple[tuple[Piece, ...], tuple[Dropped, ...]]:
    """The pieces that are the article's own, and what was left out with the reason.

    A rule of scope `section` or `tail` reaches on only where enough prose stands before it, so that an entry
    "References" in a table of contents or "Leave a comment" under the title does not take the article away.
    """
    found = [find_rule(piece) for piece in pieces]
    kept: list[Piece] = []
    dropped: list[Dropped] = []
    at = 0
    while at < len(pieces):
        rule = found[at]
        if rule is None:
            kept.append(pieces[at])
            at += 1
            continue
        end = _end_of_reach(pieces, found, at, rule)
        dropped += [Dropped(piece.text, rule.reason) for piece in pieces[at:end]]
        at = end
    return tuple(kept), tuple(dropped)


def _end_of_reach(pieces: Sequence[Piece], found: Sequence[Rule | None], at: int, rule: Rule) -> int:
    if rule.scope is Scope.LINE:
        return at + 1
    start = pieces[at]
    ends = [
        position
        for position in range(at + 1, len(pieces))
        if pieces[position].kind is BlockKind.HEADING and _closes(start, pieces[position], rule, found[position])
    ]
    end = ends[0] if ends else len(pieces)
    bounded = bool(ends) and start.level != GUESSED
    again_later = any(later is rule for later in found[end:])
    if bounded or (not again_later and _enough_prose_before(pieces, at)):
        return end
    return at + 1


def _closes(start: Piece, heading: Piece, rule: Rule, found: Rule | None) -> bool:
    """Whether `heading` ends the reach of the furniture that `start` begins."""
    if start.level != GUESSED and heading.level != GUESSED:
        return heading.level <= start.level
    return rule.scope is Scope.SECTION or (found is not None and found.scope is not Scope.LINE)


def _enough_prose_before(pieces: Sequence[Piece], at: int) -> bool:
    before = sum(_prose(pieces[:at]))
    return before >= 100 and before >= 0.2 * (before + sum(_prose(pieces[at:])))


def _prose(pieces: Sequence[Piece]) -> Iterator[int]:
    """Lengths of the pieces that read as sentences."""
    for piece in pieces:
        if len(piece.text) >= _SHORTEST_PROSE and SENTENCE_END.search(piece.text):
            yield len(piece.text)
