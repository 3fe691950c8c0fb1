"""The wordings that the linker looks for, from the vocabulary."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.concepts.normalizing import Normalizer
from pipeline.concepts.phrase_index import Wording, phrase_keys
from pipeline.concepts.vocabulary import Vocabulary
from pipeline.records import Alias

PREPOSITIONS = frozenset({"of", "in", "for", "with", "to", "on", "by", "after", "during", "from", "between", "within"})
# Such words stand before a noun and never for one: "muscular growth" is not "growth of muscular".
_ADJECTIVE_ENDINGS = ("al", "ic", "ive", "ous", "ar", "ary", "ory", "ed", "ing")


def concept_wordings(vocabulary: Vocabulary, normalizer: Normalizer) -> list[Wording]:
    """The aliases, the stop phrases (which stand for nothing), and aliases turned round: "growth of muscle"."""
    listed = [_from_alias(alias) for alias in vocabulary.aliases]
    listed += [Wording(phrase, None) for phrase in vocabulary.stop_phrases]
    taken = {phrase_keys(normalizer.pieces(wording.text)) for wording in listed}
    turned = (turned_wording for wording in listed for turned_wording in _turned_round(wording))
    return listed + [wording for wording in turned if phrase_keys(normalizer.pieces(wording.text)) not in taken]


def landmark_wordings(vocabulary: Vocabulary) -> list[Wording]:
    """The landmarks' aliases, with the landmark's name for a concept id."""
    return [Wording(mark.alias, mark.landmark, method="landmark") for mark in vocabulary.landmarks]


def _from_alias(alias: Alias) -> Wording:
    method = "lay" if alias.origin == "lay" else "alias"
    return Wording(alias.text, alias.concept_id, alias.polarity, alias.case == "exact", method)


def _turned_round(wording: Wording) -> Iterator[Wording]:
    *modifiers, head = wording.text.split(" ")
    if wording.concept_id is None or wording.exact or not modifiers or not head.isalpha():
        return
    if not PREPOSITIONS.intersection(modifiers) and not modifiers[-1].endswith(_ADJECTIVE_ENDINGS):
        yield replace(wording, text=f"{head} of {' '.join(modifiers)}")
