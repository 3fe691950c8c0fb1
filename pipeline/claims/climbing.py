"""From a term up the tree to the predicates that it is an argument of.

On the way the explicit sign is gathered: "reduced levels of BDNF" is BDNF with sign -1, "a decline in
memory" memory with -1, "improved symptoms of depression" depression with -1. A term reaches a predicate
through a slot; what the slot means is decided by the predicate (`events`).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Span, Token

from pipeline.claims.lexicon import Lexicon
from pipeline.claims.scope import contrast_cue, denies
from pipeline.claims.terms import Term

CAUSAL_ENDINGS = {
    "induced", "mediated", "stimulated", "driven", "evoked", "dependent", "triggered", "promoted",
    "elicited", "enhanced", "regulated",
}  # fmt: skip
PLAIN_ENDINGS = {"", "based", "type", "style", "only", "like", "alone"}
CHANGE_NOUNS = {"change", "difference", "alteration", "effect", "impact", "influence", "shift", "interaction"}
NOUN_MODIFIER = {"compound", "nmod", "amod", "poss", "npadvmod", "nummod"}
VERB_ARGUMENT = {"dobj", "nsubj", "nsubjpass", "attr", "oprd", "acomp", "dative", "csubj"}
MAX_STEPS = 25


@dataclass(frozen=True, slots=True)
class Argument:
    """A term as it arrives at a predicate: its explicit sign (0 where nothing says more or less).

    `via_change` is set where a noun of change stands between ("changes in BDNF"), `via_onset` where one says how a
    state comes about ("the pathogenesis of depression"), `via_people` where people have it ("patients with cancer").
    """

    term: Term
    sign: int = 0
    negation: str = ""
    hedge: str = ""
    via_change: bool = False
    via_onset: bool = False
    via_people: bool = False

    def surface_is_bad(self, lexicon: Lexicon) -> bool:
        """Whether what is named here is undesirable: a disorder, or less of something good."""
        bad = (self.term.concept_id in lexicon.bad) != (self.term.polarity < 0)
        return bad != (self.sign < 0)


@dataclass(frozen=True, slots=True)
class Placement:
    """An argument in a slot of the predicate at token `predicate`."""

    predicate: int
    slot: str
    argument: Argument


@dataclass(slots=True)
class Climbed:
    """Where the terms of one sentence arrived, and which terms each token stands for."""

    placements: list[Placement] = field(default_factory=list)
    at: defaultdict[int, list[Argument]] = field(default_factory=lambda: defaultdict(list))
    replaced: set[int] = field(default_factory=set)


def climb_all(sentence: Span, terms: Sequence[Term], lexicon: Lexicon) -> Climbed:
    """Climb from every term of the sentence. Heads of classes whose members are named are `replaced`."""
    climbed = Climbed()
    heads = {term.head: term for term in terms}
    for term in terms:
        _climb(sentence, term, heads, lexicon, climbed)
    return climbed


def preposition_of(token: Token) -> str:
    """A preposition with its neighbours where they make one ("because of", "such as", "in response to")."""
    doc, word = token.doc, token.lower_
    before = doc[token.i - 1].lower_ if token.i > 0 else ""
    if word == "as" and before == "such":
        return "such as"
    if word == "of" and before in {"because", "result", "consequence"}:
        return {"because": "because of", "result": "as a result of"}.get(before, "as a consequence of")
    if word == "to" and before in {"due", "owing", "thanks"}:
        return f"{before} to"
    if word == "to" and before == "response" and token.i > 1 and doc[token.i - 2].lower_ == "in":
        return "in response to"
    return word


def _modifiers(token: Token, argument: Argument, lexicon: Lexicon, within: tuple[int, int]) -> Argument:
    for child in token.children:
        if within[0] <= child.i < within[1]:
            continue
        word = child.lower_
        if child.dep_ in {"amod", "advmod", "nmod", "compound", "det", "neg", "quantmod", "nummod"}:
            kind = lexicon.modifiers.get(word)
            if kind in {"up", "down", "good", "bad"}:
                argument = _signed(argument, kind, lexicon)
            elif denies(child):
                argument = replace(argument, negation=child.text)
            elif child.tag_ == "VBG" and child.i < token.i and (way := _way_of_gerund(child, lexicon)):
                argument = _signed(argument, way, lexicon)  # "dampening mTOR activity"
            if "adjective" in lexicon.hedges.get(word, ()):
                argument = replace(argument, hedge=child.text)
        elif word == "neither":  # "neither IL-6 nor irisin", whatever the parser makes of it
            argument = replace(argument, negation=child.text)
    return argument


def _way_of_gerund(gerund: Token, lexicon: Lexicon) -> str:
    """What a verb does to the noun it stands before, where it lowers or harms it."""
    frames = dict(reversed(lexicon.predicates.get(("V", gerund.lemma_.lower()), ())))
    return frames["obj"] if frames.get("obj") in {"down", "bad"} else ""


def _signed(argument: Argument, kind: str, lexicon: Lexicon) -> Argument:
    sign = argument.sign or 1
    if kind in {"good", "bad"}:
        wanted = -1 if argument.surface_is_bad(lexicon) else 1
        return replace(argument, sign=sign * (wanted if kind == "good" else -wanted))
    return replace(argument, sign=sign if kind == "up" else -sign)


def _through_noun(noun: Token, argument: Argument, lexicon: Lexicon) -> Argument | None:
    """The argument as seen from `noun` above it, or None where the noun is no way through."""
    kinds = lexicon.nouns.get(noun.lemma_.lower(), frozenset())
    for kind in ("up", "down", "good", "bad"):
        if kind in kinds:
            return _signed(argument, kind, lexicon)
    if "pass" in kinds or "class" in kinds:
        return replace(
            argument,
            via_change=argument.via_change or noun.lemma_ in CHANGE_NOUNS,
            via_onset=argument.via_onset or "onset" in kinds,
            via_people=argument.via_people or "person" in kinds,
        )
    return None


def _climb(sentence: Span, term: Term, heads: dict[int, Term], lexicon: Lexicon, climbed: Climbed) -> None:
    doc = sentence.doc
    token = doc[term.head]
    argument = Argument(term, sign=term.sign, negation=contrast_cue(doc[term.start]))
    within = (term.start, term.end)
    if term.glued in CAUSAL_ENDINGS:
        climbed.placements.append(Placement(token.head.i, "induced", argument))
        return
    if term.glued.split("-")[-1] not in PLAIN_ENDINGS:
        return
    skip_noun_sign = False
    for _ in range(MAX_STEPS):
        own_sign = argument.sign
        if not (skip_noun_sign and own_sign):
            argument = _modifiers(token, argument, lexicon, within)
        climbed.at[token.i].append(argument)
        head, dep = token.head, token.dep_
        if head.i == token.i or not sentence.start <= head.i < sentence.end:
            climbed.placements.append(Placement(token.i, "root", argument))
            return
        if dep == "conj":
            if head.pos_ in {"VERB", "AUX"} and token.pos_ in {"VERB", "AUX"} and token.i != term.head:
                return
            if _is_class(term) and any(c.lower_ == "other" for c in token.children):  # "BDNF and other growth factors"
                climbed.replaced.add(term.head)
                return
            is_named = head.i in heads and _is_class(heads[head.i]) and not _is_class(term)
            if is_named and not any(c.dep_ == "cc" for c in head.children):  # "one such myokine, IL-6, …"
                climbed.replaced.add(head.i)
            if head.pos_ in {"VERB", "AUX"}:  # a noun joined to a verb: the parser lost its object
                climbed.placements.append(Placement(head.i, "dobj", argument))
                return
            token, skip_noun_sign = head, True
            continue
        if dep == "appos":
            if token.i != term.head:  # "anhedonia, a symptom of depression": not depression itself
                return
            if head.i in heads and head.i != term.head:
                if _is_class(heads[head.i]):
                    climbed.replaced.add(head.i)
                elif _is_class(term):  # "irisin (a myokine)" speaks of irisin
                    climbed.replaced.add(term.head)
                    return
            token, skip_noun_sign = head, True
            continue
        is_joined, skip_noun_sign = skip_noun_sign, False
        if dep in NOUN_MODIFIER and head.pos_ not in {"VERB", "AUX"}:
            if head.i in heads and head.i != term.head:
                if term.is_effect:
                    climbed.placements.append(Placement(head.i, "quality", argument))
                    return
                if not _same_or_class(term, heads[head.i]):
                    return
            if ("N", head.lemma_.lower()) in lexicon.predicates and term.role in {"exposure", "exerkine"}:
                climbed.placements.append(Placement(head.i, "subject", argument))
                if not lexicon.noun_is(head.lemma_.lower(), "up") and head.lemma_.lower() not in GIVING:
                    return
            passed = _through_noun(head, argument, lexicon)
            if term.is_effect:
                passed = argument if lexicon.noun_is(head.lemma_.lower(), "quality") else None
            if passed is None:
                if term.role != "exposure" or dep not in {"compound", "nmod"}:
                    return
                passed = argument
            argument, token = passed, head
            continue
        if (
            dep in {"pobj", "pcomp"} and head.pos_ in {"ADP", "SCONJ", "PART", "ADV", "VERB", "ADJ"}
        ) or head.dep_ == "agent":
            upward = _over_preposition(term, argument, head, heads, lexicon, climbed, is_joined)
            if upward is None:
                return
            argument, token = upward
            continue
        if dep in VERB_ARGUMENT or (dep in {"npadvmod", "amod", "compound"} and head.pos_ in {"VERB", "AUX"}):
            if "doing" in lexicon.light_verbs.get(head.lemma_, ()) and term.role == "exposure" and dep == "dobj":
                climbed.placements.append(Placement(head.i, "content", argument))
                if head.dep_ in {"relcl", "acl", "pcomp", "csubj", "conj"} and head.dep_ != "conj":
                    token = head if head.dep_ in {"pcomp", "csubj"} else head.head
                    continue
                return
            climbed.placements.append(Placement(head.i, dep, argument))
            return
        if dep in {"relcl", "acl"} and token.i == term.head:
            token = head
            continue
        return


# "treatment with irisin" acts as irisin does.
GIVING = {"treatment", "therapy", "intervention"}


def _is_class(term: Term) -> bool:
    return term.concept_id in {"myokines", "growth_factors", "cytokines", "exercise"}


def _same_or_class(term: Term, other: Term) -> bool:
    return term.concept_id == other.concept_id or _is_class(other)


def _over_preposition(
    term: Term,
    argument: Argument,
    preposition: Token,
    heads: dict[int, Term],
    lexicon: Lexicon,
    climbed: Climbed,
    is_joined: bool,
) -> tuple[Argument, Token] | None:
    """Step over a preposition. None where the climb ends there (a placement may have been made)."""
    word, governor = preposition_of(preposition), preposition.head
    if preposition.dep_ in {"prep", "pcomp"} and governor.pos_ == "ADP":  # "because of", "due to"
        governor = governor.head
    if word in {"in response to", "as a result of", "as a consequence of"} and governor.head.pos_ == "ADP":
        governor = governor.head.head
    if lexicon.preposition_is(word, "member"):
        if governor.i in heads and governor.i != term.head:
            climbed.replaced.add(governor.i)
        if governor.pos_ in {"VERB", "AUX"}:
            climbed.placements.append(Placement(governor.i, "prep:member", argument))
            return None
        return argument, governor
    if governor.pos_ in {"VERB", "AUX", "ADJ", "ADV"}:
        slot = "agent" if preposition.dep_ == "agent" else f"prep:{word}"
        climbed.placements.append(Placement(governor.i, slot, argument))
        return None
    lemma = governor.lemma_.lower()
    frames = lexicon.predicates.get(("N", lemma), ())
    if word == "between" and frames and not is_joined:  # "a link between A and B": A is the subject, B the object
        climbed.placements.append(Placement(governor.i, "subject", argument))
        return None
    if any(slot == word for slot, _ in frames) and not (word == "of" and term.role == "exposure"):
        climbed.placements.append(Placement(governor.i, f"prep:{word}", argument))
        worth = _worth(governor, lexicon)
        if worth:  # "protects against the negative effects on memory"
            return _signed(argument, worth, lexicon), governor
        if not lexicon.noun_is(lemma, "up") and not lexicon.noun_is(lemma, "down"):
            return None
    elif (
        frames
        and word in {"of", "from", "between", "with", "by"}
        and term.role in {"exposure", "exerkine", "mechanism"}
    ):
        climbed.placements.append(Placement(governor.i, "subject", argument))
        if lemma in GIVING and word in {"with", "of", "by"}:
            return argument, governor
        if word != "of" or not lexicon.nouns.get(lemma):
            return None
    if _is_cause(word, term, lexicon) and word != "of":
        climbed.placements.append(Placement(governor.i, "cause", argument))
        above = _governing_verb(governor)
        if above is not None:
            climbed.placements.append(Placement(above.i, f"prep:{word}", argument))
        return None
    if not lexicon.preposition_is(word, "pass"):
        return None
    passed = _through_noun(governor, argument, lexicon)
    if passed is None:
        return (argument, governor) if term.role == "exposure" and word == "of" else None
    return passed, governor


def _worth(noun: Token, lexicon: Lexicon) -> str:
    kinds = {lexicon.modifiers.get(c.lower_) for c in noun.children if c.dep_ == "amod"}
    return "good" if "positive" in kinds else "bad" if "negative" in kinds else ""


def _is_cause(word: str, term: Term, lexicon: Lexicon) -> bool:
    if any(lexicon.preposition_is(word, kind) for kind in ("agent", "through", "cause")):
        return word != "from" or term.role == "exposure"
    return lexicon.preposition_is(word, "exposure") and term.role == "exposure" and word not in {"on", "in", "to"}


def _governing_verb(noun: Token) -> Token | None:
    return noun.head if noun.head.pos_ in {"VERB", "AUX"} and noun.dep_ in VERB_ARGUMENT else None
