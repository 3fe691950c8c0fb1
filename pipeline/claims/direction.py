"""Which way a predicate moves its object: the class of the predicate, the sign and worth of the object."""

from dataclasses import dataclass, replace

from spacy.tokens import Token

from pipeline.claims.climbing import Argument
from pipeline.claims.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class ObjectArgument:
    """An argument in object position with the class that its frame gives the predicate."""

    argument: Argument
    predicate_class: str
    is_change: bool = False


def direction(target: ObjectArgument, lexicon: Lexicon) -> int:
    """Effect on the concept as the vocabulary names it: 1 increases, -1 decreases, 0 affects."""
    argument, kind = target.argument, target.predicate_class
    sign, bad = argument.sign, argument.surface_is_bad(lexicon)
    if kind in {"up", "cross"}:
        base = 1
    elif kind == "down":
        base = -1
    elif kind == "good":
        base = -1 if bad else 1
    elif kind == "bad":
        base = 1 if bad else -1
    elif kind == "affect" and argument.via_onset and bad:  # "has a role in the pathogenesis of depression"
        base = 1
    elif kind == "associate":
        base = 1 if sign or bad or argument.term.concept_id in lexicon.disorders else 0
    else:
        base = 1 if kind == "have" and sign else 0
    return base * (sign or 1) * argument.term.polarity


def with_adverbs(predicate: Token, objects: list[ObjectArgument], lexicon: Lexicon) -> list[ObjectArgument]:
    """Vague predicates take a direction from their adverbs and adjectives ("positively affects")."""
    kinds = {lexicon.modifiers.get(c.lower_) for c in predicate.children if c.dep_ in {"advmod", "amod"}}
    adjusted = []
    for target in objects:
        kind = target.predicate_class
        if kind in {"affect", "associate"}:
            if kinds & {"positive", "good"}:
                kind = "good" if kind == "affect" else "up"
            elif kinds & {"negative", "bad"}:
                kind = "bad" if kind == "affect" else "down"
        adjusted.append(replace(target, predicate_class=kind))
    return adjusted
