"""Effects that no predicate of the lexicon states: "BDNF was unchanged after exercise", "irisin raised BDNF,
whereas IL-6 did not", "BDNF was higher in the exercise group".
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from pipeline.claims.climbing import Argument
from pipeline.claims.direction import ObjectArgument
from pipeline.claims.discourse import Agent, distinct
from pipeline.claims.events import SentenceEvents
from pipeline.claims.tree import SUBJECTS, has_object

IN_GROUP = {"prep:in", "prep:for", "prep:among"}
GROUPS = {"group", "arm", "cohort"}
LEAVING = {"leave", "keep"}
PREDICATIVE = {"acomp", "oprd", "attr", "xcomp", "ccomp", "dobj"}


@dataclass(frozen=True, slots=True)
class StatedEffect:
    """Who has an effect on what. `predicate` is where cues of scope are looked for, `cue` a denial of its own."""

    predicate: Token
    agents: list[Agent]
    objects: list[ObjectArgument]
    cue: str
    rule: str


def stated_effects(events: SentenceEvents) -> Iterator[StatedEffect]:
    """The effects of a sentence that are stated so, in the order of their words."""
    for token in events.sentence:
        if "unchanged" in events.lexicon.negation.get(token.lower_, frozenset()):
            yield from _unchanged(token, events)
        elif token.dep_ == "acomp" and events.lexicon.modifiers.get(token.lower_) in {"up", "down"}:
            yield from _compared(token, events)
        elif token.lemma_ == "do" and token.pos_ in {"VERB", "AUX"}:
            yield from _elided(token, events)


def _unchanged(token: Token, events: SentenceEvents) -> Iterator[StatedEffect]:
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
        yield StatedEffect(verb, distinct(agents), objects, token.text, "unchanged")


def _elided(auxiliary: Token, events: SentenceEvents) -> Iterator[StatedEffect]:
    if auxiliary.dep_ not in {"advcl", "conj", "parataxis", "ccomp"} or has_object(auxiliary):
        return
    subjects = [argument for slot, argument in events.slots.get(auxiliary.i, ()) if slot in SUBJECTS]
    agents, objects = events.as_agents(subjects), events.objects(auxiliary.head.i)
    if agents and objects:
        yield StatedEffect(auxiliary, agents, objects, "", "elided")


def _compared(adjective: Token, events: SentenceEvents) -> Iterator[StatedEffect]:
    """As in "BDNF was higher in the exercise group than in controls", "irisin was elevated after exercise"."""
    verb = adjective.head
    slots = [*events.slots.get(verb.i, ()), *events.slots.get(adjective.i, ())]
    subjects = [argument for slot, argument in slots if slot == "nsubj" and argument.term.role != "exposure"]
    in_group = events.as_agents(a for slot, a in slots if slot in IN_GROUP and _is_group(a, verb))
    agents = in_group or events.causes(verb, slots, {id(argument) for argument in subjects})
    sign = 1 if events.lexicon.modifiers[adjective.lower_] == "up" else -1
    if agents and subjects:
        objects = [ObjectArgument(replace(a, sign=sign * (a.sign or 1)), "have") for a in subjects]
        yield StatedEffect(verb, distinct(agents), objects, "", "compared")


def _is_group(argument: Argument, verb: Token) -> bool:
    """Whether an exposure names a group of people ("the exercise group")."""
    head = verb.doc[argument.term.head].head
    return argument.term.role == "exposure" and head.lemma_.lower() in GROUPS
