"""A claim's parsed sentence: its predicate, its object, and the concepts that the sentence names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from pipeline.claims.context_patterns import patterns
from pipeline.claims.events import AS_OBJECT
from pipeline.concepts.grounding import Grounding
from pipeline.concepts.linker import Match

HYPHENS = "-‐‑–"


@dataclass(frozen=True, slots=True)
class Named:
    """A concept in a parsed sentence: tokens `start:end`."""

    start: int
    end: int
    concept_id: str
    role: str


@dataclass(frozen=True)
class Wording:
    """A claim's parsed sentence: its predicate, its object, and the concepts that the sentence names.

    `matches` are in offsets of the Doc, which become those of the sentence's own text by adding `shift`; `grounded`
    are names outside the vocabulary.
    """

    doc: Doc
    predicate: int
    object_id: str
    matches: Sequence[Match]
    roles: Mapping[str, str]
    grounded: Mapping[str, Grounding]
    shift: int = 0

    @property
    def position(self) -> int:
        """Where the predicate stands in the sentence's own text."""
        return max(0, self.doc[self.predicate].idx + self.shift)

    @cached_property
    def named(self) -> dict[int, Named]:
        """The concept that each token belongs to."""
        found: dict[int, Named] = {}
        for match in self.matches:
            span = self.doc.char_span(match.start, match.end, alignment_mode="expand")
            if span is not None and len(span):
                concept = AS_OBJECT.get(match.concept_id, match.concept_id)
                named = Named(span.start, span.end, concept, self.roles.get(match.concept_id, ""))
                found.update((token.i, named) for token in span)
        for ent in self.doc.ents:
            grounding = self.grounded.get(ent.text)
            if grounding is not None and found.keys().isdisjoint(range(ent.start, ent.end)):
                named = Named(ent.start, ent.end, grounding.entry.curie, "exerkine")
                found.update((token.i, named) for token in ent)
        return found

    @cached_property
    def object(self) -> Named | None:
        """The mention of the object that is nearest to the predicate."""
        mentions = {named for named in self.named.values() if named.concept_id == self.object_id}
        return min(mentions, key=lambda n: (abs(n.start - self.predicate), n.start), default=None)

    def values(self, kind: str) -> dict[int, str]:
        """The value of each token that a pattern of `kind` covers; of several patterns the longest match counts."""
        found: dict[int, tuple[int, str]] = {}
        text = self.doc.text
        for value, pattern in patterns()[kind]:
            for match in pattern.finditer(text):
                if text[match.end() : match.end() + 1] in HYPHENS and match.end() < len(text):
                    continue
                span = self.doc.char_span(match.start(), match.end(), alignment_mode="expand")
                for token in span or ():
                    if match.end() - match.start() > found.get(token.i, (0, ""))[0]:
                        found[token.i] = match.end() - match.start(), value
        return {i: value for i, (_, value) in found.items()}
