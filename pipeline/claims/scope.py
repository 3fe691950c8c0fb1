"""Negation and hedging by scope: which cues hold for a predicate, found along the tree.

A cue holds for what it governs: its own verb, verbs below it through complements, and conjuncts that
share its subject. It does not enter relative clauses.
"""

from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.claims.lexicon import Lexicon
from pipeline.claims.tree import SUBJECTS

# Words of a closed class; cues and verbs that bear on scope are in the lexicons `negation`, `hedges` and `scope`.
# Between a contrasting "not" and the noun it denies; beyond lies another phrase.
REACH = 10
STOPS = {",", ";", ":", "but", "whereas", "while", "that", "which"}
CONTRAST = {"but", "and", "though"}
# "many but not all", "not only": what follows is not denied.
PARTIAL = {"all", "every", "only", "just", "merely", "solely", "simply", "necessarily", "yet"}
AUXILIARIES = {"do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "can", "could", "will", "may"}
FUTURE = {"will", "to", "would", "'ll"}
DENYING = {"no", "neither", "none"}


@dataclass(frozen=True, slots=True)
class Scope:
    """The cues that hold for one predicate; `negations` are counted, since two cancel."""

    negations: tuple[str, ...] = ()
    hedge: str = ""
    is_open: bool = False


def scope_of(predicate: Token, lexicon: Lexicon, *, stands_alone: bool = True) -> Scope:
    """Cues along the chain of governors. `is_open` marks questions and aims, which assert nothing.

    A noun that stands alone has its arguments beside it, and a governing verb takes it for granted; one that
    has its subject from the verb ("is no cure for depression") shares the verb's cues.
    """
    negations: list[str] = []
    hedge = ""
    is_open = False
    token = predicate
    entered_by = ""
    for _ in range(12):
        negations.extend(_negations_at(token, entered_by, lexicon))
        hedge = hedge or _hedge_at(token, entered_by, lexicon)
        is_open = is_open or _is_open_at(token, entered_by, lexicon)
        up = _governor(token, entered_by, lexicon, stands_alone)
        if up is None:
            break
        entered_by, token = token.dep_, up
    return Scope(tuple(negations), hedge, is_open)


def is_nitric_oxide(token: Token) -> bool:
    """Whether a word is the formula NO, in a sentence that is not all in capitals."""
    return token.text == "NO" and not token.sent.text.isupper()


def denies(token: Token) -> bool:
    """Whether a word says that there is none of what it stands beside or for: "no", "neither", "none"."""
    return token.lower_ in DENYING and not is_nitric_oxide(token)


def contrast_cue(noun: Token) -> str:
    """The "not" that sets a noun phrase against another ("BDNF but not IGF-1", "not by A but by B"), else empty."""
    doc = noun.doc
    past_preposition = False
    for i in range(noun.i - 1, max(noun.i - REACH, noun.sent.start) - 1, -1):
        token = doc[i]
        if past_preposition and token.pos_ in {"NOUN", "PROPN", "PRON"}:
            return ""  # "in men but not in women after exercise": exercise stands in another phrase
        past_preposition = past_preposition or token.pos_ == "ADP"
        if token.lower_ == "not":
            return str(token.text) if is_contrast(token) else ""
        of_that = token.lower_ == "that" and token.nbor(1).lower_ == "of"  # "but not that of BDNF"
        if (token.lower_ in STOPS and not of_that) or (
            token.pos_ in {"VERB", "AUX"} and token.dep_ not in {"amod", "compound", "nmod"}
        ):
            return ""
    return ""


def is_contrast(negation: Token) -> bool:
    """Whether a "not" denies the phrase after it and no verb: "but not A", "not A but B"."""
    if negation.lower_ != "not" or negation.i + 1 >= len(negation.doc):
        return False
    before = negation.nbor(-1).lower_ if negation.i else ""
    after = negation.nbor(1)
    if after.lower_ in PARTIAL:
        return False
    if after.pos_ in {"VERB", "AUX"} and after.dep_ not in {"amod", "compound", "nmod"}:
        return False
    if after.lower_ == "due" or (after.pos_ == "ADJ" and after.dep_ not in {"amod", "compound", "nmod"}):
        return False  # "required but not sufficient for"
    if after.pos_ == "ADV" and after.lower_ != "always" and after.head.pos_ in {"VERB", "AUX"}:
        return False
    if before in CONTRAST:
        return True
    rest = negation.doc[negation.i + 1 : negation.i + REACH]
    return before not in AUXILIARIES and any(token.lower_ == "but" for token in rest) and after.pos_ in {"ADP", "DET"}


def _governor(token: Token, entered_by: str, lexicon: Lexicon, stands_alone: bool) -> Token | None:
    head, dep = token.head, token.dep_
    if head.i == token.i or (entered_by in {"acl", "amod"} and dep in {"pobj", "conj"}):
        return None
    if stands_alone and token.pos_ == "ADP" and entered_by == "pobj" and not _speaks_of(head, lexicon):
        return None  # "no gene in the control of release"; but "no evidence for an effect"
    if stands_alone and token.pos_ in {"NOUN", "PROPN", "ADP"} and _presupposes(head, lexicon):
        return None  # "does not affect the release of BDNF": BDNF is released
    if dep in {"xcomp", "ccomp", "advcl", "pcomp", "acomp", "attr", "dobj", "oprd", "prep", "agent", "pobj"}:
        return head
    if dep == "conj":
        return None if any(child.dep_ in SUBJECTS for child in token.children) else head
    if dep == "acl" and head.pos_ in {"NOUN", "PROPN"}:
        return head
    if dep == "nsubj" and head.lemma_ == "be":  # "the effect was not significant", but not "A is not the same as B"
        return head if any(lexicon.bears(c.lower_, "existence", "unsettled") for c in head.children) else None
    if dep == "nsubjpass" or (dep == "nsubj" and (lexicon.bears(head.lemma_, "happening") or not stands_alone)):
        return head if token.pos_ in {"NOUN", "PROPN", "ADJ"} else None
    if dep == "amod" and token.pos_ in {"ADJ", "VERB"}:
        return head
    return None


def _speaks_of(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a noun says of what follows it that it is, is not, or may be."""
    lemma = noun.lemma_.lower()
    kinds = lexicon.negation.get(lemma, frozenset()) | lexicon.hedges.get(lemma, frozenset())
    return (
        noun.pos_ not in {"NOUN", "PROPN"}
        or "noun" in kinds
        or lexicon.bears(lemma, "evidence", "aim-noun", "field-noun")
    )


def _presupposes(token: Token, lexicon: Lexicon) -> bool:
    """Whether a governor takes for granted what the nouns below it say: it is a predicate of its own."""
    if token.pos_ in {"VERB", "AUX"}:
        lemma = token.lemma_.lower()
        cues = lexicon.hedges.get(lemma, frozenset()) | lexicon.negation.get(lemma, frozenset())
        return "verb" not in cues and not lexicon.bears(lemma, "observing", "aim-verb", "settling")
    part = {"NOUN": "N", "ADJ": "A"}.get(token.pos_, "")
    word = token.lower_ if part == "A" else token.lemma_.lower()
    return any(predicate_class != "have" for _, predicate_class in lexicon.predicates.get((part, word), ()))


def _negations_at(token: Token, entered_by: str, lexicon: Lexicon) -> list[str]:
    if entered_by in {"advcl", "pcomp"} and token.pos_ in {"VERB", "AUX"}:
        return []  # "did not eat, improving memory": the main clause's negation stays there
    if entered_by == "conj" and not any(c.dep_ == "cc" and c.lower_ in {"or", "nor"} for c in token.children):
        return []
    found = []
    for child in token.children:
        kinds = frozenset() if is_nitric_oxide(child) else lexicon.negation.get(child.lower_, frozenset())
        following = child.nbor(1).lower_ if child.i + 1 < len(child.doc) else ""
        if "exception" in lexicon.negation.get(f"{child.lower_} {following}", frozenset()):
            continue
        if is_contrast(child):
            continue
        is_adverb = child.dep_ in {"neg", "advmod", "preconj"} and "adverb" in kinds
        is_determiner = child.dep_ in {"det", "neg"} and "determiner" in kinds
        is_quantity = child.dep_ in {"amod", "det", "advmod"} and "quantity" in kinds and not _is_some(child)
        before = child.nbor(-1) if child.i else child
        is_phrase = "adverb" in lexicon.negation.get(f"{before.lower_} {child.lower_}", frozenset())  # "no longer"
        is_verdict = child.dep_ == "acomp" and "adjective" in kinds and entered_by in {"ccomp", "csubj"}
        if is_adverb or is_determiner or is_quantity or is_phrase or is_verdict:  # "it is unlikely that"
            found.append(before.text if is_phrase else child.text)
        if entered_by in {"", "ccomp"} and child.dep_ in SUBJECTS:  # "no study found that", "neither group showed"
            found.extend(t.text for t in (child, *child.children, child.left_edge) if denies(t))
    if token.pos_ == "ADP" and "preposition" in lexicon.negation.get(token.lower_, frozenset()):
        found.append(token.text)
    if entered_by in {"xcomp", "ccomp", "acl", "pcomp"} or (entered_by == "prep" and token.pos_ == "NOUN"):
        kinds = lexicon.negation.get(token.lemma_.lower(), frozenset())
        if kinds & {"verb", "noun", "adjective"}:
            found.append(token.text)
    return found


def _is_title_of_study(noun: Token, lexicon: Lexicon) -> bool:
    """As in "Effects of Training on Memory", which says what was studied and not what came out."""
    if not lexicon.bears(noun.lemma_.lower(), "topic-noun"):
        return False
    if noun.dep_ == "nsubj" and noun.head.lemma_ == "be":  # "the relationship between A and B is an area of research"
        return any(c.dep_ == "attr" and lexicon.bears(c.lemma_.lower(), "field-noun") for c in noun.head.children)
    if any(t.pos_ in {"VERB", "AUX"} and t.dep_ not in {"amod", "compound", "nmod"} for t in noun.sent):
        return False
    return noun.head.i == noun.i or noun.sent.root.pos_ in {"NOUN", "PROPN"}


def _is_some(word: Token) -> bool:
    """As in "a little"."""
    return word.i > 0 and word.nbor(-1).lower_ == "a"


def _hedge_at(token: Token, entered_by: str, lexicon: Lexicon) -> str:
    for child in token.children:
        kinds = lexicon.hedges.get(child.lower_, frozenset())
        if child.dep_ == "aux" and "modal" in kinds and not _is_done(token, child, lexicon):
            return child.text
        if child.dep_ in {"advmod", "npadvmod"} and "adverb" in kinds:
            return child.text
        is_said_of = child.dep_ == "acomp" or (child.dep_ == "amod" and entered_by != "prep")
        if is_said_of and "adjective" in kinds and token.pos_ in {"NOUN", "PROPN", "AUX", "VERB"}:
            return child.text
    if entered_by in {"xcomp", "ccomp", "oprd", "acomp", "pcomp", "prep", "acl", "conj", "dobj"}:
        kinds = lexicon.hedges.get(token.lemma_.lower(), frozenset())
        if entered_by != "conj" and "verb" in kinds and token.pos_ in {"VERB", "AUX"}:
            return token.text
        if "noun" in kinds and token.pos_ == "NOUN":
            return token.text
        if "adjective" in kinds and entered_by == "xcomp":
            return token.text
    return ""


def _is_done(verb: Token, modal: Token, lexicon: Lexicon) -> bool:
    passive = any(child.dep_ == "auxpass" for child in verb.children)
    return modal.lower_ == "could" and passive and lexicon.bears(verb.lemma_, "doable")


def _is_open_at(token: Token, entered_by: str, lexicon: Lexicon) -> bool:
    for child in token.children:
        if child.dep_ in {"mark", "advmod"} and child.lower_ == "whether":
            return True
        is_asked = token.dep_ in {"ccomp", "advcl"} and lexicon.bears(token.head.lemma_, "aim-verb")
        if child.lower_ == "if" and is_asked:
            return True
        if not entered_by and token.dep_ == "advcl" and child.dep_ == "mark" and child.lower_ == "if":
            return True  # "if exercise lowers anxiety, it would help patients"
        if entered_by in SUBJECTS and child.dep_ in {"acomp", "oprd"} and lexicon.bears(child.lower_, "unsettled"):
            return True
        if child.dep_ == "aux" and lexicon.bears(child.lower_, "advice"):
            return True
    if entered_by in {"dobj", "ccomp", "nsubjpass", "xcomp"} and lexicon.bears(token.lemma_, "aim-verb"):
        return True
    if not entered_by and lexicon.bears(token.lemma_, "aim-verb") and any(c.lower_ in FUTURE for c in token.children):
        return True  # "will determine the changes in BDNF"
    if entered_by in {"prep", "xcomp", "advcl"} and lexicon.bears(token.lemma_, "purpose-verb"):
        return True  # "training aimed at improving fitness"
    if entered_by == "prep" and token.pos_ == "NOUN" and lexicon.bears(token.lemma_.lower(), "field-noun"):
        return True  # "research on the effects of exercise on memory"
    if entered_by == "advcl" and token.tag_ == "VBG" and lexicon.bears(token.lemma_, "aim-verb"):
        return True  # "studies investigating how exercise affects memory"
    if not entered_by and token.pos_ == "NOUN" and _is_title_of_study(token, lexicon):
        return True
    is_denied = any(child.dep_ == "neg" for child in token.children)
    if entered_by in SUBJECTS and is_denied and lexicon.bears(token.lemma_, "settling"):
        return True
    subject_is_aim = any(
        c.dep_ in {"nsubj", "attr"} and lexicon.bears(c.lemma_.lower(), "aim-noun") for c in token.children
    )
    return entered_by in {"xcomp", "ccomp", "attr"} and subject_is_aim
