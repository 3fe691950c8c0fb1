"""Joins lines that a page or an editor broke: hard-wrapped paragraphs and words hyphenated at a line end."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from pipeline.reading.tables import read_table

_WORD = re.compile(r"[^\W_]+(?:[-\u2010][^\W_]+)*")
_BROKEN_WORD = re.compile("([^\\W_]+)([-\u2010\xad])$")
_FIRST_WORD = re.compile(r"[^\W_]+")
_WHOLE_WORD = 4  # letters; shorter parts are too often syllables
_LINKS_ALTERNATIVES = frozenset({"and", "or", "to", "versus", "as"})  # "pre- and post-exercise"


def known_words(lines: Iterable[str]) -> frozenset[str]:
    """Every word of the lines in small letters, compounds with their hyphens too; word breaks left out."""
    found: set[str] = set()
    for line in lines:
        found.update(word.lower().replace("\u2010", "-") for word in _WORD.findall(_BROKEN_WORD.sub("", line.rstrip())))
    return frozenset(found)


def join_lines(lines: Sequence[str], known: frozenset[str] = frozenset()) -> str:
    """One paragraph out of its lines.

    A word broken at a line end is made whole (`exer-` and `cise`), while a hyphen of its own stays (`IL-` and
    `6`, `brain-` and `derived`). `known` are the words seen unbroken elsewhere, which decide where they can.
    """
    joined = ""
    for line in (line.strip(" \t") for line in lines):
        if line:
            joined = _join(joined, line, known) if joined else line
    return joined.rstrip("\xad")


def _join(before: str, line: str, known: frozenset[str]) -> str:
    broken = _BROKEN_WORD.search(before)
    following = _FIRST_WORD.match(line)
    if broken is None or following is None:
        return f"{before} {line}"
    left, mark, right = broken[1], broken[2], following[0]
    if mark == "\xad":
        return before[:-1] + line
    if right in _LINKS_ALTERNATIVES:
        return f"{before} {line}"
    return before + line if _keeps_hyphen(left, right, known) else before[:-1] + line


def _keeps_hyphen(left: str, right: str, known: frozenset[str]) -> bool:
    if not right[0].islower() or left.isupper() or any(char.isdigit() for char in left):
        return True
    if (left + right).lower() in known:
        return False
    if f"{left}-{right}".lower() in known:
        return True
    if right.lower() in _compound_endings() and len(left) >= _WHOLE_WORD:
        return True
    return min(len(left), len(right)) >= _WHOLE_WORD and {left.lower(), right.lower()} <= known


@cache
def _compound_endings() -> frozenset[str]:
    return frozenset(ending for _, (ending,) in read_table("compound-endings.tsv", ("ending",)))
