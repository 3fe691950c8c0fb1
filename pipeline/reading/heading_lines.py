"""Tells a heading by its looks, in formats that do not mark headings."""

import re

from pipeline.reading.punctuation import CLOSING_MARKS

_MAX_CHARS = 100
_MAX_WORDS = 14
_FINAL_MARK = re.compile(rf"[.!?;,…]{CLOSING_MARKS}$")
_NUMBER = re.compile(r"^(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,4})[.)]|\d{1,2}(?:\.\d{1,2}){1,3})\s*(?=[^\W\d])")
_BARE_NUMBER = re.compile(r"^\d{1,2}\s+(?=[A-Z])")
_LETTERS = re.compile(r"[^\W\d_]")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def looks_like_heading(line: str) -> bool:
    """Whether a line that stands alone reads as a heading: short, capitalized, without a mark at its end.

    A line that ends in a colon is one only where Most Of Its Words Are Capitalized; else it introduces a list.
    """
    text = without_number(line.strip())
    if not text or len(text) > _MAX_CHARS or len(text.split()) > _MAX_WORDS or _FINAL_MARK.search(text):
        return False
    first = _LETTERS.search(text)
    if first is None or first[0].islower() or "://" in text:
        return False
    if text.endswith(":"):
        words = _LONG_WORD.findall(text)
        return sum(1 for word in words if word[0].isupper()) > 0.6 * len(words)
    return True


def without_number(heading: str, *, bare: bool = False) -> str:
    """`heading` without the number before it: `2. Results`, `3.1 Memory`, `IV. Discussion`.

    With `bare`, a number alone counts too: `2 Methods` as journals print it, but not the `3 Ways` of a blog.
    """
    found = _NUMBER.match(heading) or (_BARE_NUMBER.match(heading) if bare else None)
    return heading[found.end() :] if found else heading
