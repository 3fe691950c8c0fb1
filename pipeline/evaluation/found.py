"""What the pipeline and the co-occurrence baseline find in a passage, as keys to compare with gold."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

from pipeline.evaluation.gold import LinkKey, TripleKey
from pipeline.records import Extraction

OBJECT_ROLES = {"exerkine", "mechanism", "outcome"}
SUBJECT_ROLES = {"exposure", "exerkine", "mechanism"}


def links(extraction: Extraction) -> dict[LinkKey, bool]:
    """Distinct links → whether each is hedged everywhere it is said.

    As the annotation guide has it (rule 11), a vague link is left out where the passage gives the same
    pair a direction.
    """
    found: dict[LinkKey, bool] = {}
    for claim in extraction.claims:
        key = claim.subject_id, claim.object_id, str(claim.effect), claim.negated
        found[key] = found.get(key, True) and claim.hedged
    directed = {key[:2] for key in found if key[2] != "affects"}
    return {key: hedged for key, hedged in found.items() if key[2] != "affects" or key[:2] not in directed}


def confidences(extraction: Extraction) -> dict[LinkKey, float]:
    """Distinct links → the highest confidence (0..1) of the claims that say so."""
    found: dict[LinkKey, float] = {}
    for claim in extraction.claims:
        key = claim.subject_id, claim.object_id, str(claim.effect), claim.negated
        found[key] = max(found.get(key, 0.0), claim.confidence)
    return found


def triples(extraction: Extraction) -> set[TripleKey]:
    """Distinct triples of a passage."""
    return {(t.myokine_id, t.mechanism_id, t.outcome_id) for t in extraction.triples}


def cooccurring(extraction: Extraction, roles: Mapping[str, str]) -> set[LinkKey]:
    """The baseline on the same mentions: each pair of a sentence in text order, as "increases"."""
    by_sentence: defaultdict[str, list[str]] = defaultdict(list)
    for mention in sorted(extraction.mentions, key=lambda m: m.char_start):
        concept = mention.concept_id
        if concept is not None and concept in roles and concept not in by_sentence[mention.sentence_id]:
            by_sentence[mention.sentence_id].append(concept)
    found = set()
    for concepts in by_sentence.values():
        for first, second in combinations(concepts, 2):
            for subject, target in ((first, second), (second, first)):
                if roles[subject] in SUBJECT_ROLES and roles[target] in OBJECT_ROLES:
                    found.add((subject, target, "increases", False))
                    break
    return found
