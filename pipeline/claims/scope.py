"""Negation and hedging by scope: which cues hold for a predicate, found along the tree.

A cue holds for what it governs: its own verb, verbs below it through complements, and conjuncts that
share its subject. It does not enter relative clauses.
"""

from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Token

from pipeline.claims.lexicon import Lexicon
from pipeline.claims.tree import SUBJECTS

AIM_VERBS = {
    "investigate", "examine", "assess", "evaluate", "test", "determine", "explore", "analyze", "analyse", "compare",
    "study", "measure", "aim", "clarify", "ask", "wonder", "elucidate", "monitor", "quantify", "verify", "discuss",
    "review", "address",
}  # fmt: skip
AIM_NOUNS = {"aim", "objective", "purpose", "goal", "question", "hypothesis", "endpoint"}
# Adjectives that say of an effect whether there is one.
EXISTENCE = {"significant", "evident", "apparent", "detectable", "present", "clear", "visible", "measurable"}
CONTRAST = {"but", "and", "though", ","}
NOBODY = {"no", "neither", "none"}
ADVICE = {"should", "must", "shall", "ought"}


@dataclass(frozen=True, slots=True)
class Scope:
    """The cues that hold for one predicate; `negations` are counted, since two cancel."""

    negations: tuple[str, ...] = ()
    hedge: str = ""
    is_open: bool = False


def scope_of(predicate: Token, lexicon: Lexicon) -> Scope:
    """Cues along the chain of governors. `is_open` marks questions and aims, which assert nothing."""
    negations: list[str] = []
    hedge = ""
    is_open = False
    token = predicate
    entered_by = ""
    for _ in range(12):
        negations.extend(_negations_at(token, entered_by, lexicon))
        hedge = hedge or _hedge_at(token, entered_by, lexicon)
        is_open = is_open or _is_open_at(token, entered_by)
        up = _governor(token, lexicon)
        if up is None:
            break
        entered_by, token = token.dep_, up
    return Scope(tuple(negations), hedge, is_open)


def contrast_cue(conjunct: Token) -> str:
    """The "not" that sets a conjunct against the one before it ("BDNF but not IGF-1"), else empty."""
    doc = conjunct.doc
    between = [doc[i] for i in range(conjunct.head.i + 1, conjunct.i)]
    for before, token in pairwise(between):
        if token.lower_ == "not" and before.lower_ in CONTRAST:
            rest = doc[token.i + 1 : conjunct.i]
            if not any(t.pos_ in {"VERB", "AUX"} and t.dep_ not in {"amod", "compound"} for t in rest):
                return str(token.text)
    return ""


def _governor(token: Token, lexicon: Lexicon) -> Token | None:
    head, dep = token.head, token.dep_
    if head.i == token.i:
        return None
    if token.pos_ in {"NOUN", "PROPN", "ADP"} and _is_content(head, lexicon):
        return None  # "does not affect the release of BDNF": BDNF is released
    if dep in {"xcomp", "ccomp", "advcl", "pcomp", "acomp", "attr", "dobj", "oprd", "prep", "agent", "pobj"}:
        return head
    if dep == "conj":
        return None if any(child.dep_ in SUBJECTS for child in token.children) else head
    if dep == "acl" and head.pos_ in {"NOUN", "PROPN"}:
        return head
    if dep == "nsubj" and head.lemma_ == "be":  # "the effect was not significant", but not "A is not the same as B"
        return head if any(child.lower_ in EXISTENCE for child in head.children) else None
    if dep in {"nsubj", "nsubjpass"} and token.pos_ in {"NOUN", "PROPN", "ADJ"}:
        return head
    if dep == "amod" and token.pos_ in {"ADJ", "VERB"}:
        return head
    return None


def _is_content(token: Token, lexicon: Lexicon) -> bool:
    """Whether a governor is a predicate of its own, which takes for granted what the nouns below it say."""
    part = {"VERB": "V", "NOUN": "N", "ADJ": "A"}.get(token.pos_, "")
    word = token.lower_ if part == "A" else token.lemma_.lower()
    return any(predicate_class != "have" for _, predicate_class in lexicon.predicates.get((part, word), ()))


def _negations_at(token: Token, entered_by: str, lexicon: Lexicon) -> list[str]:
    if entered_by in {"advcl", "pcomp"} and token.pos_ in {"VERB", "AUX"}:
        return []  # "did not eat, improving memory": the main clause's negation stays there
    if entered_by == "conj" and not any(c.dep_ == "cc" and c.lower_ in {"or", "nor"} for c in token.children):
        return []
    found = []
    for child in token.children:
        kinds = lexicon.negation.get(child.lower_, frozenset())
        following = child.nbor(1).lower_ if child.i + 1 < len(child.doc) else ""
        if "exception" in lexicon.negation.get(f"{child.lower_} {following}", frozenset()):
            continue
        is_adverb = child.dep_ in {"neg", "advmod", "preconj"} and "adverb" in kinds
        is_determiner = child.dep_ in {"det", "neg"} and "determiner" in kinds
        is_quantity = child.dep_ in {"amod", "det", "advmod"} and "quantity" in kinds and not _is_some(child)
        if is_adverb or is_determiner or is_quantity:
            found.append(child.text)
        if entered_by == "ccomp" and child.dep_ in SUBJECTS:  # "no study found that", "none of them showed that"
            found.extend(t.text for t in (child, *child.children) if t.lower_ in NOBODY)
    if token.pos_ == "ADP" and "preposition" in lexicon.negation.get(token.lower_, frozenset()):
        found.append(token.text)
    if entered_by in {"xcomp", "ccomp", "acl", "pcomp"}:
        kinds = lexicon.negation.get(token.lemma_.lower(), frozenset())
        if kinds & {"verb", "noun", "adjective"}:
            found.append(token.text)
    return found


def _is_some(word: Token) -> bool:
    """As in "a little"."""
    return word.i > 0 and word.nbor(-1).lower_ == "a"


def _hedge_at(token: Token, entered_by: str, lexicon: Lexicon) -> str:
    for child in token.children:
        kinds = lexicon.hedges.get(child.lower_, frozenset())
        if child.dep_ == "aux" and "modal" in kinds:
            return child.text
        if child.dep_ in {"advmod", "npadvmod"} and "adverb" in kinds:
            return child.text
        if child.dep_ in {"amod", "acomp"} and "adjective" in kinds and token.pos_ in {"NOUN", "PROPN", "AUX", "VERB"}:
            return child.text
    if entered_by in {"xcomp", "ccomp", "oprd", "acomp", "pcomp", "prep", "acl", "conj"}:
        kinds = lexicon.hedges.get(token.lemma_.lower(), frozenset())
        if entered_by != "conj" and "verb" in kinds and token.pos_ in {"VERB", "AUX"}:
            return token.text
        if "noun" in kinds and token.pos_ == "NOUN":
            return token.text
        if "adjective" in kinds and entered_by == "xcomp":
            return token.text
    return ""


def _is_open_at(token: Token, entered_by: str) -> bool:
    for child in token.children:
        if child.dep_ in {"mark", "advmod"} and child.lower_ == "whether":
            return True
        if child.dep_ == "aux" and child.lower_ in ADVICE:
            return True
    if entered_by in {"dobj", "ccomp", "nsubjpass", "xcomp"} and token.lemma_ in AIM_VERBS:
        return True
    subject_is_aim = any(c.dep_ in {"nsubj", "attr"} and c.lemma_.lower() in AIM_NOUNS for c in token.children)
    return entered_by in {"xcomp", "ccomp", "attr"} and subject_is_aim
