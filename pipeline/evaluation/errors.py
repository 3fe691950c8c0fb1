"""What kind of error each missed or spurious link is, decided from the gold link and what was found.

The kinds follow the order in which a link is made: concepts must be found, then brought together over the
distance that parts them, then given a direction, a negation and a hedge.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from pipeline.claims.anaphora import STANDS_FOR
from pipeline.claims.events import AS_OBJECT
from pipeline.evaluation.gold import LinkKey
from pipeline.records import BlockKind, Extraction, Sentence

HEADS = {BlockKind.HEADING, BlockKind.TITLE}


class ErrorKind(StrEnum):
    """Why a link that annotators saw was not found, or one was found that they did not see."""

    MISSED_MENTION = "missed mention"
    WRONG_CONCEPT = "wrong concept"
    MISSED_RELATION = "missed relation"
    WRONG_PARTNER = "wrong partner"
    WRONG_DIRECTION = "wrong direction"
    NO_DIRECTION = "direction not told"
    MISSED_NEGATION = "missed negation"
    INVENTED_NEGATION = "invented negation"
    WRONG_HEDGE = "wrong hedge"
    ANAPHORA = "anaphora"
    BULLETS = "list and bullet structure"
    HEADINGS = "heading as context"
    CROSS_SENTENCE = "cross-sentence tie"
    NOT_ASSERTED = "nothing asserted"


@dataclass(frozen=True, slots=True)
class LinkError:
    """One link that was missed or is spurious (`is_missed`), and the kind of error."""

    link: LinkKey
    kind: ErrorKind
    is_missed: bool


def link_errors(
    wanted: Mapping[LinkKey, bool],
    allowed: Set[LinkKey],
    found: Mapping[LinkKey, bool],
    extraction: Extraction,
    related: Mapping[str, Set[str]],
) -> list[LinkError]:
    """The errors of one passage.

    `wanted` and `found` map links to whether they are hedged, `allowed` are links that count neither way, `related`
    gives the broader and narrower concepts of a concept. A pair with two directions, one of them wrong, is one error.
    """
    places = _Places(extraction)
    missed, spurious = wanted.keys() - found.keys(), found.keys() - wanted.keys() - allowed
    errors = [LinkError(k, ErrorKind.WRONG_HEDGE, True) for k in wanted.keys() & found.keys() if wanted[k] != found[k]]
    turned: set[LinkKey] = set()
    for key in missed:
        other = next((f for f in sorted(found) if f[:2] == key[:2] and f not in wanted), None)
        if other is None:
            errors.append(LinkError(key, _why_missed(key, spurious, places, related), True))
        else:
            turned.add(other)
            errors.append(LinkError(key, _turned(key, other), True))
    for key in spurious - turned:
        errors.append(LinkError(key, _why_spurious(key, wanted.keys() | allowed, related), False))
    return sorted(errors, key=lambda error: (not error.is_missed, error.link))


def error_table(errors: Iterable[LinkError]) -> pd.DataFrame:
    """Counts by kind, the most frequent first: columns missed, spurious."""
    counts = Counter((error.kind, error.is_missed) for error in errors)
    rows = [(str(kind), counts[kind, True], counts[kind, False]) for kind in ErrorKind]
    frame = pd.DataFrame(rows, columns=["kind", "missed", "spurious"]).set_index("kind")
    return frame.loc[(frame["missed"] + frame["spurious"]).sort_values(ascending=False, kind="stable").index]


class _Places:
    """Where in an article each concept is named, as a subject or in the form it has as an object."""

    def __init__(self, extraction: Extraction) -> None:
        self.blocks = extraction.article.blocks
        by_id = {sentence.sentence_id: sentence for sentence in extraction.sentences}
        self.named: defaultdict[str, list[Sentence]] = defaultdict(list)
        for mention in extraction.mentions:
            if mention.concept_id is not None:
                for concept in {mention.concept_id, AS_OBJECT.get(mention.concept_id, mention.concept_id)}:
                    self.named[concept].append(by_id[mention.sentence_id])
        for claim in extraction.claims:  # "antidepressant" names its object without a mention
            self.named[claim.object_id].append(by_id[claim.sentence_id])

    def is_in_head(self, sentence: Sentence) -> bool:
        return self.blocks[sentence.block].kind in HEADS

    def is_bullet(self, sentence: Sentence) -> bool:
        return self.blocks[sentence.block].kind is BlockKind.BULLET


def _turned(wanted: LinkKey, found: LinkKey) -> ErrorKind:
    if wanted[3] != found[3]:
        return ErrorKind.MISSED_NEGATION if wanted[3] else ErrorKind.INVENTED_NEGATION
    return ErrorKind.NO_DIRECTION if "affects" in {wanted[2], found[2]} else ErrorKind.WRONG_DIRECTION


def _why_missed(key: LinkKey, spurious: Set[LinkKey], places: _Places, related: Mapping[str, Set[str]]) -> ErrorKind:
    subject, target = key[:2]
    for concept in (subject, target):
        if concept not in places.named:
            is_near = any(other in places.named for other in related.get(concept, ()))
            return ErrorKind.WRONG_CONCEPT if is_near else ErrorKind.MISSED_MENTION
    subjects, targets = places.named[subject], places.named[target]
    together = {s.ordinal for s in subjects} & {s.ordinal for s in targets}
    if together:
        is_taken = any((s == subject) != (t == target) for s, t, _, _ in spurious)
        return ErrorKind.WRONG_PARTNER if is_taken else ErrorKind.MISSED_RELATION
    before = [(t.ordinal - s.ordinal, s, t) for s in subjects for t in targets if s.ordinal < t.ordinal]
    if not before:
        return ErrorKind.CROSS_SENTENCE
    _, source, end = min(before, key=lambda pair: pair[0])
    if places.is_in_head(source):
        return ErrorKind.HEADINGS
    if places.is_bullet(end):
        return ErrorKind.BULLETS
    return ErrorKind.ANAPHORA if STANDS_FOR.search(end.text) else ErrorKind.CROSS_SENTENCE


def _why_spurious(key: LinkKey, said: Set[LinkKey], related: Mapping[str, Set[str]]) -> ErrorKind:
    subject, target = key[:2]
    near_subject, near_target = related.get(subject, frozenset()), related.get(target, frozenset())
    if any((s == subject and t in near_target) or (t == target and s in near_subject) for s, t, _, _ in said):
        return ErrorKind.WRONG_CONCEPT
    if any(s == subject or t == target for s, t, _, _ in said):
        return ErrorKind.WRONG_PARTNER
    return ErrorKind.NOT_ASSERTED
