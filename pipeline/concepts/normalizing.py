"""Text → word pieces with offsets, each with a key that is the same for every spelling of the word.

A key only ever meets other keys, so the rules may be crude as long as both sides go through them: "exercise"
becomes "exercize", and so does every "exercise" in the aliases.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.concepts.tables import VocabularyError, read_table

_LATIN = "A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\ufb00-\ufb06"
_INSIDE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060"  # combining marks; soft hyphens and other characters of no width
_GREEK = "\u0386\u0388-\u03e1\u1f00-\u1fbc\U0001d6a8-\U0001d7cb"
_APOSTROPHES = "'\u2019\u02bc\u2018`\u00b4"
_POSSESSIVE = f"[{_APOSTROPHES}][sS](?![{_LATIN}0-9])"
# Superscript digits are no pieces: they are note marks ("BDNF¹²") far more often than parts of a name.
_PIECE = re.compile(f"[{_LATIN}][{_LATIN}{_INSIDE}]*(?:{_POSSESSIVE})?|[{_GREEK}]|[0-9\u2080-\u2089]+")
_ENDS_IN_POSSESSIVE = re.compile(f"[{_APOSTROPHES}][sS]$")
_NO_WIDTH = re.compile(f"[{_INSIDE}]+")
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})

# What may stand between two pieces of one name: a few blanks, hyphens of all kinds, slashes, apostrophes ("CD8+ T").
_PLAIN_GAP = re.compile(f"\\+?[ \t\u00a0\u2000-\u200a\u202f\\-\u2010-\u2015\u2212/{_APOSTROPHES}\u00b7]*\n?[ \t]*")
_LONGEST_GAP = 6

_BRITISH = (
    (re.compile(r"is(e|ed|er|ers|ing|ation|ational|able)$"), r"iz\1"),
    (re.compile(r"ys(e|ed|er|ing)$"), r"yz\1"),
    (re.compile(r"(?<=[a-z]{3})our(?=$|ed$|ing$|al$|ally$|able$|ably$|ite$|less$)"), "or"),
    (re.compile(r"(?<=[a-z])oea"), "ea"),
    (re.compile(r"[ao]e(?=[b-df-hj-np-tv-z])"), "e"),
    (re.compile(r"(?<=[a-z]{2})([tb])re$"), r"\1er"),
    (re.compile(r"(?<=[a-z]{3})ll(ing|ed|er)$"), r"l\1"),
    (re.compile(r"mme$"), "m"),
    (re.compile(r"(?<=ag)eing$"), "ing"),
    (re.compile(r"sulph"), "sulf"),
)
_SHORTEST_PLURAL = 4  # letters; "has" and "IFs" stay, "cells" does not


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text: piece `i` is `text[starts[i]:ends[i]]`, and `keys[i]` is what it is matched by.

    Letters and digits are separate pieces ("IL6" is "il" and "6"), as is each Greek letter. A possessive 's
    belongs to its word's piece and is not in the key.
    """

    text: str
    starts: list[int]
    ends: list[int]
    keys: list[str]

    def surface(self, index: int) -> str:
        """The piece as written, without a possessive 's."""
        return without_possessive(self.text[self.starts[index] : self.ends[index]])

    def gap(self, index: int) -> str:
        """The text between piece `index` and the next one."""
        return self.text[self.ends[index] : self.starts[index + 1]]

    def glued_before(self, index: int) -> bool:
        """Whether the piece continues one that ends where it starts: the 6 of "IL6"."""
        return index > 0 and self.ends[index - 1] == self.starts[index]

    def glued_after(self, index: int) -> bool:
        """Whether a piece starts where this one ends: the 6 of "IL6R"."""
        return index + 1 < len(self.starts) and self.starts[index + 1] == self.ends[index]


def without_possessive(word: str) -> str:
    """`word` without a final 's."""
    return _ENDS_IN_POSSESSIVE.sub("", word)


def joins(gap: str) -> bool:
    """Whether two pieces with `gap` between them can belong to one name: no punctuation, no new paragraph."""
    return gap == " " or (len(gap) <= _LONGEST_GAP and _PLAIN_GAP.fullmatch(gap) is not None)


def read_spelling(path: Path) -> dict[str, str]:
    """The table of words that the rules do not cover, by their lower-case form. Raises VocabularyError."""
    spelling: dict[str, str] = {}
    for row in read_table(path, ("word", "key")):
        word, key = row.filled("word"), row.filled("key")
        if word in spelling:
            raise row.error(f"{word!r} stands here a second time", "one row a word")
        if word != word.lower() or not word.isalpha() or key != key.lower() or not key.isalpha():
            raise row.error(f"{word!r} and {key!r}", "lower-case letters only")
        spelling[word] = key
    return spelling


class _Keys(dict[str, str]):
    """Keys of words already seen; a word not yet seen is worked out once."""

    LIMIT = 200_000

    def __init__(self, spelling: Mapping[str, str]) -> None:
        super().__init__()
        self.spelling = spelling

    def __missing__(self, word: str) -> str:
        if len(self) >= self.LIMIT:
            self.clear()
        key = self[word] = _key(word, self.spelling)
        return key


class Normalizer:
    """Cuts text into pieces. `spelling` maps lower-case words to keys where the rules go wrong or know nothing."""

    def __init__(self, spelling: Mapping[str, str]) -> None:
        self._keys = _Keys(spelling)

    def word(self, word: str) -> str:
        """The key of one word (letters, one Greek letter, or digits)."""
        return self._keys[word]

    def pieces(self, text: str) -> Pieces:
        """The pieces of `text`, in order; offsets are code points of `text`."""
        keys = self._keys
        starts, ends, found = [], [], []
        for match in _PIECE.finditer(text):
            starts.append(match.start())
            ends.append(match.end())
            found.append(keys[match.group()])
        return Pieces(text, starts, ends, found)

    def phrase(self, text: str) -> tuple[str, ...]:
        """The keys of a whole phrase. Raises VocabularyError where it holds no word."""
        keys = tuple(self.pieces(text).keys)
        if not keys:
            raise VocabularyError(f"{text!r} holds no word; expected letters or digits")
        return keys


def _key(word: str, spelling: Mapping[str, str]) -> str:
    decomposed = unicodedata.normalize("NFKD", without_possessive(word))
    plain = _NO_WIDTH.sub("", decomposed)
    if plain.isdigit():
        return plain
    if len(plain) == 1 and unicodedata.name(plain, "").startswith("GREEK"):
        return _greek_name(plain)
    lower = plain.lower().translate(_LETTERS_WITHOUT_DECOMPOSITION).replace("ß", "ss")
    if lower in spelling:
        return spelling[lower]
    singular = _singular(lower)
    if singular in spelling:
        return spelling[singular]
    for pattern, replacement in _BRITISH:
        singular = pattern.sub(replacement, singular)
    return singular


def _greek_name(letter: str) -> str:
    """ "alpha" for α; variant forms ("FINAL SIGMA", "THETA SYMBOL") count as the letter."""
    words = unicodedata.name(letter).split()
    named = [word for word in words if word not in {"GREEK", "SMALL", "CAPITAL", "LETTER", "FINAL", "SYMBOL"}]
    name = named[0].lower() if named else letter
    return "lambda" if name == "lamda" else name


def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > _SHORTEST_PLURAL else word[:-1]
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1]
