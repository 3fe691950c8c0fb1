"""Short forms that an article defines: which of them name a concept, and which take a known name for something else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.concepts.normalizing import Pieces
from pipeline.concepts.phrase_index import PhraseIndex, Wording
from pipeline.concepts.shared_words import Hit
from pipeline.concepts.wordings import PREPOSITIONS

_LONGEST_SHORT_FORM = 12  # characters
_SAME_NAME = 0.8  # likeness of a definition and an alias that differ by a slip of the pen


@dataclass(frozen=True, slots=True)
class ArticleForms:
    """The article's short forms that name a concept, and those (`foreign`) that stand for something else."""

    index: PhraseIndex
    foreign: frozenset[str]

    def is_foreign(self, written: str) -> bool:
        """Whether `written`, or what it is the plural of, stands for something else in this article."""
        return written in self.foreign or (written.endswith("s") and written[:-1] in self.foreign)


def can_be_short_form(short: str) -> bool:
    """Whether `short` looks like an abbreviation and not like a word."""
    return 0 < len(short) <= _LONGEST_SHORT_FORM and not short.islower() and any(c.isalnum() for c in short)


def named_by(pieces: Pieces, hits: Iterable[Hit]) -> Wording | None:
    """What a long form names by its head: "progressive resistance training", not "fear of depression"."""
    prepositions = [i for i, key in enumerate(pieces.keys) if key in PREPOSITIONS]
    for hit in hits:
        outside = [i for i in prepositions if not hit.first <= i <= hit.last]
        if hit.last == (outside[0] if outside else len(pieces.keys)) - 1:
            return hit.wording
    return None


def is_likely_name(long: str, names: Sequence[str]) -> bool:
    """Whether `long` is one of `names` but for a slip of the pen ("brain derived neurotropic factor")."""
    lower = long.lower()
    return any(SequenceMatcher(None, lower, name.lower()).ratio() >= _SAME_NAME for name in names)
