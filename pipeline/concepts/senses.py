"""Wordings that mean several things, told apart by the words around them.

Each sense has cue words. A cue in the sentence counts twice, one in the sentences beside it once, and the sense's
prior counts as it is; the shares of the senses are their scores (a bag-of-words sense model: Gale, Church and
Yarowsky 1992, with counts given by hand).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.concepts.normalizing import Normalizer
from pipeline.concepts.phrase_index import phrase_keys

IN_SENTENCE, BESIDE = 2, 1
MOST_BESIDE = 3  # cues; a long paragraph does not outvote its sentence
CERTAIN = 1.0


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a wording: `concept_id` is None for what the vocabulary does not have. `prior` is 0 or more."""

    wording: str
    concept_id: str | None
    prior: int
    cues: tuple[str, ...]


Scored = tuple[tuple[str | None, float], ...]


class Senses:
    """The ambiguous wordings by their keys."""

    def __init__(self, senses: Sequence[Sense], normalizer: Normalizer) -> None:
        self._by_keys: defaultdict[tuple[str, ...], list[tuple[Sense, frozenset[str]]]] = defaultdict(list)
        for sense in senses:
            cues = frozenset(key for cue in sense.cues for key in normalizer.pieces(cue).keys)
            self._by_keys[phrase_keys(normalizer.pieces(sense.wording))].append((sense, cues))

    def __contains__(self, keys: tuple[str, ...]) -> bool:
        return keys in self._by_keys

    def scored(self, keys: tuple[str, ...], sentence: Iterable[str], beside: Iterable[str]) -> Scored:
        """The senses of a wording with their scores, which sum to 1, the best first; empty for an unlisted wording.

        `sentence` and `beside` are the keys of the words around it. Of two alike, the one listed first is better.
        """
        here, near = set(sentence) - set(keys), set(beside)
        weights: dict[str | None, float] = {}
        for sense, cues in self._by_keys.get(keys, ()):
            counted = IN_SENTENCE * len(cues & here) + BESIDE * min(MOST_BESIDE, len(cues & near - here))
            weights[sense.concept_id] = sense.prior + counted
        total = sum(weights.values())
        ranked = sorted(weights.items(), key=lambda pair: -pair[1])
        return tuple((concept_id, round(weight / total, 3)) for concept_id, weight in ranked) if total else ()


def best(scored: Scored) -> str | None:
    """The concept of the best sense, None where it is another meaning."""
    return scored[0][0] if scored else None


def as_text(scored: Scored) -> str:
    """Candidates as they are kept in the database: "exercise_recovery 0.8; other 0.2"."""
    return "; ".join(f"{concept_id or 'other'} {score:g}" for concept_id, score in scored)
