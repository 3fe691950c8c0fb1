"""Questions about the tree that several rules ask."""

from spacy.tokens import Token

SUBJECTS = {"nsubj", "nsubjpass", "csubj", "expl"}
MEASURES = {"%", "percent", "fold", "point", "time", "times"}


def first_conjunct(token: Token) -> Token:
    """The first member of the coordination that `token` belongs to."""
    while token.dep_ == "conj" and token.head.i != token.i:
        token = token.head
    return token


def has_object(verb: Token) -> bool:
    """Whether a verb has an object or complement; a measure ("rose 20%") is none."""
    return any(
        child.dep_ in {"ccomp", "xcomp"} or (child.dep_ == "dobj" and not is_measure(child)) for child in verb.children
    )


def is_measure(token: Token) -> bool:
    """Whether a noun counts or measures ("20%", "twofold")."""
    return token.tag_ == "CD" or token.lemma_.lower() in MEASURES or any(c.tag_ == "CD" for c in token.children)


def has_subject(token: Token) -> bool:
    """Whether a predicate has a subject of its own."""
    return any(child.dep_ in SUBJECTS for child in token.children)


def with_conjuncts(verb: Token) -> list[Token]:
    """A verb and the verbs joined to it."""
    verbs = [verb]
    for token in verbs:
        verbs.extend(c for c in token.children if c.dep_ == "conj" and c.pos_ in {"VERB", "AUX"})
    return verbs
