"""Finding the vocabulary's wordings in text."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from pipeline.concepts.article_forms import ArticleForms, can_be_short_form, is_likely_name, named_by
from pipeline.concepts.neighbours import Neighbours
from pipeline.concepts.normalizing import Normalizer, Pieces
from pipeline.concepts.phrase_index import PhraseIndex, Wording, phrase_keys
from pipeline.concepts.senses import CERTAIN, Scored, Senses, best
from pipeline.concepts.shared_words import Hit, find_shared
from pipeline.concepts.vocabulary import Vocabulary
from pipeline.concepts.wordings import concept_wordings, landmark_wordings

_SCORES = {"alias": 1.0, "lay": 0.9, "abbreviation": 0.9, "ellipsis": 0.8, "landmark": 1.0}
_SHORT_SYMBOL = 3  # characters; such names are shared by many things
_SHORT_SYMBOL_DISCOUNT = 0.1
_ARTICLES_REMEMBERED = 64
_NO_ABBREVIATIONS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of text that names a concept: `text` is at `start:end`, in code points of the text searched.

    `polarity` is -1 where the wording names the opposite of the concept. `method` says how it was found: `alias`
    (a name from a terminology), `lay` (another wording), `abbreviation` (defined in the article), `ellipsis`
    (whole only with a neighbour: "aerobic and resistance training"). `score` is in 0..1. `candidates` are the meanings
    of an ambiguous wording with their scores, the best first (None for what the vocabulary does not have).
    """

    start: int
    end: int
    text: str
    concept_id: str
    polarity: int
    method: str
    score: float
    candidates: Scored = ()


def score(method: str, text: str) -> float:
    """How sure a match is, in 0..1, from how it was found and how much of a name it has."""
    discount = _SHORT_SYMBOL_DISCOUNT if len(text) <= _SHORT_SYMBOL and method != "landmark" else 0.0
    return round(_SCORES[method] - discount, 2)


class Linker:
    """Finds concepts in text. Make one per process; it holds the whole vocabulary and a cache of words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._concepts = vocabulary.concepts
        self._names: defaultdict[str, list[str]] = defaultdict(list)
        for alias in vocabulary.aliases:
            self._names[alias.concept_id].append(alias.text)
        self._normalizer = Normalizer(vocabulary.spelling)
        self._index = PhraseIndex(self._normalizer, concept_wordings(vocabulary, self._normalizer))
        self._landmarks = PhraseIndex(self._normalizer, landmark_wordings(vocabulary))
        self._neighbours = Neighbours(vocabulary.blockers, vocabulary.concepts, self._normalizer)
        self._senses = Senses(vocabulary.senses, self._normalizer)
        self._no_forms = ArticleForms(PhraseIndex(self._normalizer, ()), frozenset())
        self._article_forms = lru_cache(maxsize=_ARTICLES_REMEMBERED)(self._read_abbreviations)

    def find(
        self, text: str, abbreviations: Mapping[str, str] = _NO_ABBREVIATIONS, beside: Sequence[str] = ()
    ) -> list[Match]:
        """The concepts that `text` names, in order, none overlapping another; the longest wording wins.

        `abbreviations` maps the short forms that the article defines to their long forms. A short form links to what
        its long form names; one that stands for something else does not link at all, whatever the vocabulary says.
        `beside` are the texts around it, which help to tell what an ambiguous wording means.
        """
        pieces = self._normalizer.pieces(text)
        forms = self._article_forms(tuple(sorted(abbreviations.items()))) if abbreviations else self._no_forms
        hits = self._hits(pieces, forms)
        matches = {}
        for hit in hits:
            meanings = self._scored_meanings(pieces, hit, beside)
            if not meanings or best(meanings) == hit.wording.concept_id:
                matches[hit.first] = _match(pieces, hit, hit.wording.method, meanings)
        hits = [hit for hit in hits if hit.first in matches]
        for hit in find_shared(pieces, hits, self._index, self._is_exposure):
            matches[hit.first] = _match(pieces, hit, "ellipsis")
        return self._without_heads(_without_overlaps(sorted(matches.values(), key=lambda match: match.start)))

    def landmarks(self, text: str) -> list[Match]:
        """The places in the body that `text` names, with the landmark's name for a concept id."""
        pieces = self._normalizer.pieces(text)
        matches: list[Match] = []
        free = 0
        for first in self._starts(pieces, self._landmarks.first_keys):
            for last, wording in self._landmarks.find(pieces, first)[:1] if first >= free else ():
                matches.append(_match(pieces, Hit(first, last, wording), "landmark"))
                free = last + 1
        return matches

    def _hits(self, pieces: Pieces, forms: ArticleForms) -> list[Hit]:
        first_keys = self._index.first_keys
        if forms.index.first_keys:
            first_keys = first_keys | forms.index.first_keys
        hits: list[Hit] = []
        free = 0
        for first in self._starts(pieces, first_keys):
            if first < free:
                continue
            for last, wording in self._candidates(pieces, first, forms):
                if self._runs_on(pieces, first, last, forms):
                    continue
                free = last + 1
                concept_id = wording.concept_id
                if concept_id is not None and self._may_mean(pieces, first, last, concept_id):
                    hits.append(Hit(first, last, wording))
                break
        return hits

    def _may_mean(self, pieces: Pieces, first: int, last: int, concept_id: str) -> bool:
        if self._neighbours.forbid(pieces, first, last, concept_id):
            return False
        is_ambiguous = tuple(pieces.keys[first : last + 1]) in self._senses
        return is_ambiguous or self._neighbours.confirm(pieces, first, last, concept_id) is not False

    def _scored_meanings(self, pieces: Pieces, hit: Hit, beside: Sequence[str]) -> Scored:
        keys, concept_id = tuple(pieces.keys[hit.first : hit.last + 1]), hit.wording.concept_id
        is_abbreviation = hit.wording.method == "abbreviation"
        if concept_id is None or keys not in self._senses or is_abbreviation:
            return ()
        if self._neighbours.confirm(pieces, hit.first, hit.last, concept_id):
            return ((concept_id, CERTAIN),)
        around = [key for text in beside for key in self._normalizer.pieces(text).keys]
        return self._senses.scored(keys, pieces.keys, around)

    @staticmethod
    def _starts(pieces: Pieces, first_keys: frozenset[str]) -> list[int]:
        return [i for i, key in enumerate(pieces.keys) if key in first_keys and not pieces.glued_before(i)]

    def _candidates(self, pieces: Pieces, first: int, forms: ArticleForms) -> list[tuple[int, Wording]]:
        """Wordings at `first`, longest first; of two alike, the article's own."""
        found = self._index.find(pieces, first)
        if forms is self._no_forms:
            return found
        start = pieces.starts[first]
        known = [(last, w) for last, w in found if not forms.is_foreign(pieces.text[start : pieces.ends[last]])]
        return sorted(forms.index.find(pieces, first) + known, key=lambda pair: -pair[0])

    def _runs_on(self, pieces: Pieces, first: int, last: int, forms: ArticleForms) -> bool:
        """Whether another wording begins inside and ends beyond: "muscle strength" in "muscle strength training".

        English names end with their head, so the later wording is the better one.
        """
        for inner in range(first + 1, last + 1):
            if pieces.keys[inner] in self._index.first_keys and not pieces.glued_before(inner):
                candidates = self._candidates(pieces, inner, forms)
                if candidates and candidates[0][0] > last:
                    return True
        return False

    def _without_heads(self, matches: list[Match]) -> list[Match]:
        """As in "exhaustive exercise training": the second name is the broader head of the first, and says no more."""
        kept: list[Match] = []
        for match in matches:
            before = kept[-1] if kept else None
            if before is not None and before.end + 1 == match.start:
                broader = self._concepts[before.concept_id].broader_id
                if match.concept_id == broader and self._concepts[broader].role == "exposure":
                    continue
            kept.append(match)
        return kept

    def _read_abbreviations(self, definitions: tuple[tuple[str, str], ...]) -> ArticleForms:
        wordings: list[Wording] = []
        foreign: set[str] = set()
        for short, long in definitions:
            if not can_be_short_form(short):
                continue
            keys = phrase_keys(self._normalizer.pieces(short))
            known = {w.concept_id for w in self._index.lookup(keys) if w.concept_id is not None}
            long_pieces = self._normalizer.pieces(long)
            target = named_by(long_pieces, self._hits(long_pieces, self._no_forms))
            if target is None:
                if known and not any(is_likely_name(long, self._names[concept_id]) for concept_id in known):
                    foreign.add(short)
            elif target.concept_id not in known:
                wordings.append(Wording(short, target.concept_id, target.polarity, True, "abbreviation"))
        return ArticleForms(PhraseIndex(self._normalizer, wordings), frozenset(foreign))

    def _is_exposure(self, wording: Wording) -> bool:
        return wording.concept_id is not None and self._concepts[wording.concept_id].role == "exposure"


def _match(pieces: Pieces, hit: Hit, method: str, candidates: Scored = ()) -> Match:
    if hit.wording.concept_id is None:
        raise ValueError(f"{hit.wording.text!r} stands for no concept")
    start = pieces.starts[hit.first]
    whole = hit.wording.text.endswith("'s")  # "Alzheimer's"; elsewhere a possessive is no part of the name
    end = pieces.ends[hit.last] if whole else pieces.starts[hit.last] + len(pieces.surface(hit.last))
    text = pieces.text[start:end]
    sureness = round(score(method, text) * (candidates[0][1] if candidates else CERTAIN), 3)
    return Match(start, end, text, hit.wording.concept_id, hit.wording.polarity, method, sureness, candidates)


def _without_overlaps(matches: list[Match]) -> list[Match]:
    kept: list[Match] = []
    for match in matches:
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept
