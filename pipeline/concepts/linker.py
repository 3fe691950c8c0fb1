"""Finding the vocabulary's wordings in text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from types import MappingProxyType

from pipeline.concepts.neighbours import Neighbours
from pipeline.concepts.normalizing import Normalizer, Pieces
from pipeline.concepts.phrase_index import PhraseIndex, Wording, phrase_keys
from pipeline.concepts.shared_words import Hit, find_shared
from pipeline.concepts.vocabulary import Vocabulary
from pipeline.records import Alias

_SCORES = {"alias": 1.0, "lay": 0.9, "abbreviation": 0.9, "ellipsis": 0.8, "landmark": 1.0}
_SHORT_SYMBOL = 3  # characters; such names are shared by many things
_PREPOSITIONS = frozenset({"of", "in", "for", "with", "to", "on", "by", "after", "during", "from"})
_ADJECTIVE_ENDINGS = ("al", "ic", "ive", "ous", "ar", "ary", "ory", "ed", "ing")
_LONGEST_SHORT_FORM = 12
_SAME_NAME = 0.8  # likeness of a definition and an alias that differ by a slip of the pen
_NO_ABBREVIATIONS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of text that names a concept: `text` is at `start:end`, in code points of the text searched.

    `polarity` is -1 where the wording names the opposite of the concept. `method` says how it was found: `alias`
    (a name from a terminology), `lay` (another wording), `abbreviation` (defined in the article), `ellipsis`
    (whole only with a neighbour: "aerobic and resistance training"). `score` is in 0..1.
    """

    start: int
    end: int
    text: str
    concept_id: str
    polarity: int
    method: str
    score: float


@dataclass(frozen=True, slots=True)
class _ArticleForms:
    """The short forms that an article defines: those that name a concept, and those that name something else."""

    index: PhraseIndex
    foreign: frozenset[str]


class Linker:
    """Finds concepts in text. Make one per process; it holds the whole vocabulary and a cache of words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._normalizer = Normalizer(vocabulary.spelling)
        self._index = PhraseIndex(self._normalizer, _wordings(vocabulary, self._normalizer))
        self._landmarks = PhraseIndex(
            self._normalizer, [Wording(mark.alias, mark.landmark, method="landmark") for mark in vocabulary.landmarks]
        )
        self._neighbours = Neighbours(vocabulary.blockers, vocabulary.concepts, self._normalizer)
        self._no_forms = _ArticleForms(PhraseIndex(self._normalizer, ()), frozenset())
        self._article_forms = lru_cache(maxsize=64)(self._read_abbreviations)

    def find(self, text: str, abbreviations: Mapping[str, str] = _NO_ABBREVIATIONS) -> list[Match]:
        """The concepts that `text` names, in order, none overlapping another; the longest wording wins.

        `abbreviations` maps the short forms that the article defines to their long forms. A short form links to what
        its long form names; one that stands for something else does not link at all, whatever the vocabulary says.
        """
        pieces = self._normalizer.pieces(text)
        forms = self._article_forms(tuple(sorted(abbreviations.items()))) if abbreviations else self._no_forms
        hits = self._hits(pieces, forms)
        matches = {hit.first: _match(pieces, hit, hit.wording.method) for hit in hits}
        for hit in find_shared(pieces, hits, self._index, self._is_exposure):
            matches[hit.first] = _match(pieces, hit, "ellipsis")
        return _without_overlaps(sorted(matches.values(), key=lambda match: match.start))

    def landmarks(self, text: str) -> list[Match]:
        """The places in the body that `text` names, with the landmark's name for a concept id."""
        pieces = self._normalizer.pieces(text)
        hits, free = [], 0
        for first, key in enumerate(pieces.keys):
            if first >= free and key in self._landmarks.first_keys and not pieces.glued_before(first):
                for last, wording in self._landmarks.find(pieces, first)[:1]:
                    hits.append(Hit(first, last, wording))
                    free = last + 1
        return [_match(pieces, hit, "landmark") for hit in hits]

    def _hits(self, pieces: Pieces, forms: _ArticleForms) -> list[Hit]:
        first_keys = (
            self._index.first_keys | forms.index.first_keys if forms.index.first_keys else self._index.first_keys
        )
        hits: list[Hit] = []
        free = 0
        for first in [i for i, key in enumerate(pieces.keys) if key in first_keys]:
            if first < free or pieces.glued_before(first):
                continue
            for last, wording in self._candidates(pieces, first, forms):
                free = last + 1
                if wording.concept_id is not None and not self._neighbours.block(
                    pieces, first, last, wording.concept_id
                ):
                    hits.append(Hit(first, last, wording))
                break
        return hits

    def _candidates(self, pieces: Pieces, first: int, forms: _ArticleForms) -> list[tuple[int, Wording]]:
        """Wordings at `first`, longest first; of two alike, the article's own."""
        found = self._index.find(pieces, first)
        if forms is self._no_forms:
            return found
        found = [(last, wording) for last, wording in found if not _is_foreign(pieces, first, last, forms)]
        return sorted(forms.index.find(pieces, first) + found, key=lambda pair: -pair[0])

    def _read_abbreviations(self, definitions: tuple[tuple[str, str], ...]) -> _ArticleForms:
        wordings: list[Wording] = []
        foreign: set[str] = set()
        for short, long in definitions:
            keys = phrase_keys(self._normalizer.pieces(short))
            if not keys or len(short) > _LONGEST_SHORT_FORM or short.islower():
                continue
            known = {w.concept_id for w in self._index.lookup(keys) if w.concept_id is not None}
            target = self._named_by(long)
            if target is None:
                if known and not any(self._is_likely_name(long, concept_id) for concept_id in known):
                    foreign.add(short)
            elif target.concept_id not in known:
                wordings.append(Wording(short, target.concept_id, target.polarity, True, "abbreviation"))
        return _ArticleForms(PhraseIndex(self._normalizer, wordings), frozenset(foreign))

    def _named_by(self, long: str) -> Wording | None:
        """What a long form names by its head: "progressive resistance training", not "fear of depression"."""
        pieces = self._normalizer.pieces(long)
        prepositions = [i for i, key in enumerate(pieces.keys) if key in _PREPOSITIONS]
        for hit in self._hits(pieces, self._no_forms):
            outside = [i for i in prepositions if not hit.first <= i <= hit.last]
            if hit.last == (outside[0] if outside else len(pieces.keys)) - 1:
                return hit.wording
        return None

    def _is_likely_name(self, long: str, concept_id: str) -> bool:
        names = (alias.text for alias in self._vocabulary.aliases if alias.concept_id == concept_id)
        return any(SequenceMatcher(None, long.lower(), name.lower()).ratio() >= _SAME_NAME for name in names)

    def _is_exposure(self, wording: Wording) -> bool:
        return wording.concept_id is not None and self._vocabulary.concepts[wording.concept_id].role == "exposure"


def score(method: str, text: str) -> float:
    """How sure a match is, in 0..1, from how it was found and how much of a name it has."""
    value = _SCORES[method]
    return round(value - 0.1, 2) if len(text) <= _SHORT_SYMBOL and method != "landmark" else value


def _wordings(vocabulary: Vocabulary, normalizer: Normalizer) -> list[Wording]:
    """The aliases and stop phrases, and each alias of several words turned round: "growth of muscle"."""
    listed = [_wording(alias) for alias in vocabulary.aliases] + [
        Wording(text, None) for text in vocabulary.stop_phrases
    ]
    taken = {phrase_keys(normalizer.pieces(wording.text)) for wording in listed}
    turned = [replace(w, text=text) for w in listed for text in _turned_round(w)]
    return listed + [w for w in turned if phrase_keys(normalizer.pieces(w.text)) not in taken]


def _turned_round(wording: Wording) -> list[str]:
    *modifiers, head = wording.text.split(" ")
    if not modifiers or wording.exact or wording.concept_id is None or not head.isalpha():
        return []
    if _PREPOSITIONS.intersection(modifiers) or modifiers[-1].endswith(_ADJECTIVE_ENDINGS):
        return []
    return [f"{head} of {' '.join(modifiers)}"]


def _wording(alias: Alias) -> Wording:
    method = "lay" if alias.origin == "lay" else "alias"
    return Wording(alias.text, alias.concept_id, alias.polarity, alias.case == "exact", method)


def _is_foreign(pieces: Pieces, first: int, last: int, forms: _ArticleForms) -> bool:
    written = pieces.text[pieces.starts[first] : pieces.ends[last]]
    return written in forms.foreign or (written.endswith("s") and written[:-1] in forms.foreign)


def _match(pieces: Pieces, hit: Hit, method: str) -> Match:
    start = pieces.starts[hit.first]
    end = pieces.starts[hit.last] + len(pieces.surface(hit.last))
    text = pieces.text[start:end]
    assert hit.wording.concept_id is not None  # stop phrases are no hits
    return Match(start, end, text, hit.wording.concept_id, hit.wording.polarity, method, score(method, text))


def _without_overlaps(matches: list[Match]) -> list[Match]:
    kept: list[Match] = []
    for match in matches:
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept
