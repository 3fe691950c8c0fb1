"""Effects that are denied without a negated predicate of their own: "BDNF was unchanged after exercise",
"irisin raised BDNF, whereas IL-6 did not".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.claims.direction import ObjectArgument
from pipeline.claims.discourse import Agent, distinct
from pipeline.claims.events import SentenceEvents
from pipeline.claims.tree import SUBJECTS, has_object

LEAVING = {"leave", "keep"}
PREDICATIVE = {"acomp", "oprd", "attr", "xcomp", "ccomp", "dobj"}


@dataclass(frozen=True, slots=True)
class NullResult:
    """Who leaves what as it was. `predicate` is where cues of scope are looked for, `cue` the denial itself."""

    predicate: Token
    agents: list[Agent]
    objects: list[ObjectArgument]
    cue: str
    rule: str


def null_results(events: SentenceEvents) -> Iterator[NullResult]:
    """The denied effects of a sentence, in the order of their words; elided predicates also where affirmed."""
    for token in events.sentence:
        if "unchanged" in events.lexicon.negation.get(token.lower_, frozenset()):
            yield from _unchanged(token, events)
        elif token.lemma_ == "do" and token.pos_ in {"VERB", "AUX"}:
            yield from _elided(token, events)


def _unchanged(token: Token, events: SentenceEvents) -> Iterator[NullResult]:
    verb = token.head if token.dep_ in PREDICATIVE and token.head.pos_ in {"VERB", "AUX"} else token
    slots = [*events.slots.get(verb.i, ()), *(events.slots.get(token.i, ()) if verb.i != token.i else ())]
    subjects = [argument for slot, argument in slots if slot in {"nsubj", "nsubjpass"}]
    if verb.lemma_ in LEAVING:
        left = [argument for slot, argument in slots if slot == "dobj"]
        left += events.climbed.at.get(token.i, []) if token.dep_ == "dobj" else []
        left += [a for c in token.children if c.dep_ in SUBJECTS for a in events.climbed.at.get(c.i, ())]
        agents, changed = events.as_agents(subjects), left
    else:
        agents = events.as_agents(argument for slot, argument in slots if slot == "agent")
        agents += events.causes(verb, slots, {id(argument) for argument in subjects})
        changed = subjects
    objects = [ObjectArgument(argument, "affect") for argument in changed]
    if agents and objects:
        yield NullResult(verb, distinct(agents), objects, token.text, "unchanged")


def _elided(auxiliary: Token, events: SentenceEvents) -> Iterator[NullResult]:
    if auxiliary.dep_ not in {"advcl", "conj", "parataxis", "ccomp"} or has_object(auxiliary):
        return
    subjects = [argument for slot, argument in events.slots.get(auxiliary.i, ()) if slot in SUBJECTS]
    agents, objects = events.as_agents(subjects), events.objects(auxiliary.head.i)
    if agents and objects:
        yield NullResult(auxiliary, agents, objects, "", "elided")
