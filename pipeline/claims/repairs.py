"""Corrections of systematic slips of the parser, made on the tree before rules read it.

Each repair states a fact of English that the tree at hand denies: a preposition followed by an -ing form
of an effect verb and a noun phrase governs the verb ("in boosting BDNF"), and a participle between a
noun phrase and another is the clause's verb where the clause has none.
"""

from spacy.tokens import Span, Token

from pipeline.claims.lexicon import Lexicon
from pipeline.claims.tree import SUBJECTS

GERUND_PREPOSITIONS = {"by", "in", "for", "at", "of", "from", "through", "via", "without", "while", "on", "to"}
TAKING_PHRASES = {"dobj", "pobj", "attr", "nsubj", "conj"}
JOINERS = {",", "and", "or", "as well as", "while", "but"}


def repair(sentence: Span, lexicon: Lexicon) -> None:
    """Mend the tree of `sentence` in place."""
    for token in sentence:
        if token.pos_ == "NOUN" and any(child.dep_ == "dobj" and child.i > token.i for child in token.children):
            _read_as_verb(token, lexicon)
        if token.tag_ == "VBZ" and token.dep_ in {"dobj", "pobj"}:  # "improve memory functions"
            token.tag_, token.pos_ = "NNS", "NOUN"
            token.lemma_ = token.lower_.removesuffix("s")
    for token in sentence:
        if token.dep_ in {"nsubj", "aux", "auxpass"} and (token.head.tag_ == "TO" or token.head.dep_ == "aux"):
            _lift_to_verb(token)
    for token in sentence:
        if token.dep_ == "prep" and token.i > sentence.start:
            _attach_to_noun(token, lexicon)
            if token.lower_ == "by":
                _attach_means_to_verb(token)
            elif token.lower_ == "against" and token.head.dep_ == "dobj" and token.head.head.pos_ == "VERB":
                token.head = token.head.head  # "protects the brain against decline"
            elif token.lower_ in {"through", "via"}:
                _attach_way_to_verb(token, lexicon)
        if token.dep_ in {"npadvmod", "dep"} and token.pos_ in {"NOUN", "PROPN"}:
            _read_as_subject(token, sentence)
        if token.dep_ == "appos":
            _read_as_member(token)
        if token.tag_ == "VBN":
            _free_reduced_relative(token, sentence)
        if token.tag_ == "VBG" and token.dep_ in {"amod", "compound", "nmod"} and _is_effect_verb(token, lexicon):
            _raise_gerund(token)
            if token.dep_ in {"amod", "compound", "nmod"} and any(child.dep_ == "dobj" for child in token.children):
                _free_participle(token)
        elif token.tag_ == "VBZ" and token.dep_ == "conj":
            _rejoin_by_number(token)
            _rejoin_past_expletive(token)
        if token.dep_ == "advcl" and token.tag_ == "VB":
            _lift_out_of_example(token)
    _lower_modifier(sentence)
    _promote_participle(sentence, lexicon)
    _promote_after_relative(sentence, lexicon)


def _is_effect_verb(token: Token, lexicon: Lexicon) -> bool:
    frames = lexicon.predicates.get(("V", token.lemma_.lower()), ())
    return any(slot == "obj" and cls in {"up", "down", "good", "bad", "affect"} for slot, cls in frames)


def _lift_to_verb(token: Token) -> None:
    """Subjects and auxiliaries belong to a verb, never to another auxiliary or to "to" ("was shown to help")."""
    verb = token.head
    if verb.tag_ == "TO" and verb.i > token.i:  # belongs to the verb above the infinitive
        verb = verb.head.head
    elif verb.dep_ == "aux":
        verb = verb.head
    if verb.i == token.i or verb.pos_ not in {"VERB", "AUX"}:
        return
    token.head = verb
    if token.dep_ == "nsubj" and any(child.dep_ == "auxpass" for child in verb.children):
        token.dep_ = "nsubjpass"


def _read_as_verb(token: Token, lexicon: Lexicon) -> None:
    """As in "sleep loss elevates cortisol": what has an object is a verb, whatever its ending looks like."""
    lemma = token.lower_.removesuffix("s") if token.tag_ == "NNS" else token.lower_
    if ("V", lemma) not in lexicon.predicates:
        return
    token.tag_, token.pos_, token.lemma_ = ("VBZ" if token.tag_ == "NNS" else "VBP"), "VERB", lemma
    left = [c for c in token.children if c.i < token.i and c.dep_ in {"compound", "nmod", "amod", "nsubj", "det"}]
    nouns = [c for c in left if c.pos_ in {"NOUN", "PROPN", "PRON"}]
    if not nouns or any(c.dep_ == "nsubj" for c in left):
        return
    subject = nouns[-1]
    subject.dep_ = "nsubj"
    for child in left:
        if child.i < subject.i:
            child.head = subject


def _read_as_subject(noun: Token, sentence: Span) -> None:
    """As in "PRE increased BDNF": the noun phrase that opens a sentence before its verb is the subject."""
    verb = noun.head
    opens = noun.left_edge.i == sentence.start and verb.i == noun.right_edge.i + 1
    if opens and verb.tag_ in {"VBD", "VBZ", "VBP"} and not any(c.dep_ in SUBJECTS for c in verb.children):
        noun.dep_ = "nsubj"


def _free_reduced_relative(participle: Token, sentence: Span) -> None:
    """As in "training, aimed at strength, influences memory": the subject is that of the finite verb."""
    if participle.i == sentence.start or participle.nbor(-1).lower_ != ",":
        return
    subject = next((c for c in participle.children if c.dep_ in SUBJECTS and c.i < participle.i), None)
    if subject is None or any(c.dep_ in {"aux", "auxpass"} for c in participle.children):
        return
    for verb in sentence.doc[participle.i + 1 : sentence.end]:
        is_finite = verb.tag_ in {"VBZ", "VBP", "VBD"} and verb.dep_ in {"advcl", "conj", "ccomp", "parataxis", "dep"}
        if is_finite and not any(c.dep_ in SUBJECTS | {"mark"} for c in verb.children):
            above, dep = participle.head, participle.dep_
            verb.head, verb.dep_ = (verb, "ROOT") if above.i == participle.i else (above, dep)
            subject.head = verb
            participle.head, participle.dep_ = subject, "acl"
            return


def _read_as_member(noun: Token) -> None:
    """As in "A (A1), B (B1), and C": what another is joined to by ", and" is a member of the list itself."""
    joined = [c for c in noun.children if c.dep_ == "conj" and c.i > noun.i]
    commas = noun.i > 0 and any(t.lower_ == "," for t in noun.doc[noun.head.i + 1 : noun.i])
    if not joined or not commas or any(c.dep_ in {"det", "poss"} for c in noun.children):
        return
    last = joined[-1]
    edge = last.left_edge.i
    if edge >= 2 and noun.doc[edge - 1].lower_ in {"and", "or"} and noun.doc[edge - 2].lower_ == ",":
        noun.dep_ = "conj"


def _attach_means_to_verb(preposition: Token) -> None:
    """As in "counteracts the benefits by increasing inflammation": by doing, the verb is done, not the noun."""
    noun = preposition.head
    has_gerund = any(child.dep_ == "pcomp" and child.tag_ == "VBG" for child in preposition.children)
    if noun.pos_ == "NOUN" and noun.dep_ == "dobj" and noun.head.pos_ == "VERB" and has_gerund:
        preposition.head = noun.head


def _attach_way_to_verb(preposition: Token, lexicon: Lexicon) -> None:
    """As in "improves tasks such as memory through arousal": what happens through something is an event."""
    noun = above = preposition.head
    lemma = noun.lemma_.lower()
    if noun.pos_ not in {"NOUN", "PROPN"} or lemma in lexicon.nouns or ("N", lemma) in lexicon.predicates:
        return
    while above.pos_ in {"NOUN", "PROPN", "ADP"} and above.head.i != above.i:
        above = above.head
    if above.pos_ == "VERB" and above.i < noun.i:
        preposition.head = above


def _lift_out_of_example(verb: Token) -> None:
    """As in "choose exercises, like jumping, to release osteocalcin": the purpose is not that of the example."""
    preposition = verb.head.head
    edge = verb.left_edge
    before = edge.i if edge.lower_ == "," else edge.i - 1
    is_example = verb.head.dep_ in {"pcomp", "pobj"} and preposition.lower_ in {"like", "as", "including"}
    if not is_example or before <= preposition.i or verb.doc[before].lower_ != ",":
        return
    above = preposition.head
    while above.pos_ not in {"VERB", "AUX"} and above.head.i != above.i:
        above = above.head
    if above.pos_ == "VERB" and above.i < verb.i:
        verb.head = above


def _attach_to_noun(preposition: Token, lexicon: Lexicon) -> None:
    """As in "prevents the decline in memory", "plays a role in memory": the phrase belongs to the noun."""
    noun = preposition.nbor(-1)
    if noun.pos_ != "NOUN" or preposition.head.i == noun.i or noun.dep_ not in TAKING_PHRASES:
        return
    lemma, word = noun.lemma_.lower(), preposition.lower_
    is_change = word in {"in", "of"} and lexicon.nouns.get(lemma, frozenset()) & {"up", "down", "good", "bad"}
    has_frame = any(slot == word for slot, _ in lexicon.predicates.get(("N", lemma), ()))
    if is_change or has_frame:
        preposition.head = noun


def _raise_gerund(verb: Token) -> None:
    noun = verb.head
    if noun.i < verb.i or verb.i == 0:
        return
    before = verb.nbor(-1)
    while before.dep_ in {"advmod", "npadvmod"} and before.i > 0:
        before = before.nbor(-1)
    outer, dep = noun.head, noun.dep_
    if before.lower_ in GERUND_PREPOSITIONS and dep == "pobj" and outer.i == before.i:
        verb.head, verb.dep_ = outer, "pcomp"
        noun.head, noun.dep_ = verb, "dobj"
    elif before.lower_ in JOINERS and dep in {"conj", "appos", "dobj"}:
        first = _verb_joined_to(outer, verb.i)
        if first is not None:
            noun.head, noun.dep_ = verb, "dobj"
            verb.head, verb.dep_ = first, "conj" if first.tag_ == "VBG" else "advcl"


def _free_participle(verb: Token) -> None:
    """As in ", supporting memory, …" has an object, so it is a clause and no adjective of a later noun."""
    if verb.i == 0 or verb.nbor(-1).lower_ != ",":
        return
    above = verb.head
    while above.pos_ not in {"VERB", "AUX"} and above.head.i != above.i:
        above = above.head
    if above.pos_ in {"VERB", "AUX"} and above.i < verb.i:
        verb.head, verb.dep_ = above, "advcl"


def _verb_joined_to(noun: Token, before: int) -> Token | None:
    """The verb whose object `noun` (or what it is joined to) is."""
    for _ in range(6):
        if noun.pos_ == "VERB" and noun.i < before:
            return noun
        if noun.head.i == noun.i:
            return None
        noun = noun.head
    return None


def _rejoin_by_number(verb: Token) -> None:
    """As in "muscles produce BDNF, which crosses the barrier and supports": a plural subject cannot support."""
    first = verb.head
    plural = any(c.dep_ == "nsubj" and (c.tag_ in {"NNS", "NNPS"} or c.lower_ == "they") for c in first.children)
    if not plural or first.tag_ not in {"VBP", "VBD"}:
        return
    between = [t for t in verb.doc[first.i : verb.i] if t.dep_ == "relcl" and t.tag_ == "VBZ"]
    if between:
        verb.head = between[-1]


def _rejoin_past_expletive(verb: Token) -> None:
    """As in "there is evidence that exercise raises A and lowers B": "there" lowers nothing."""
    first = verb.head
    if not any(c.dep_ == "expl" for c in first.children) or any(c.dep_ in SUBJECTS for c in verb.children):
        return
    inner = [t for t in verb.doc[first.i : verb.i] if t.tag_ == "VBZ" and t.dep_ in {"acl", "ccomp"}]
    if inner:
        verb.head = inner[-1]


def _promote_participle(sentence: Span, lexicon: Lexicon) -> None:
    """As in "Resistance training also reduced symptoms": the past tense read as an adjective of "symptoms"."""
    root = sentence.root
    if root.pos_ not in {"NOUN", "PROPN"} or any(t.pos_ in {"AUX"} and t.head.i == root.i for t in sentence):
        return
    for verb in root.children:
        if verb.tag_ not in {"VBN", "VBD", "VBZ"} or verb.dep_ not in {"amod", "compound", "nmod"} or verb.i > root.i:
            continue
        left = [c for c in root.children if c.i < verb.i and c.pos_ in {"NOUN", "PROPN", "PRON"}]
        if not left or not _is_effect_verb(verb, lexicon):
            continue
        subject = left[-1]
        verb.head, verb.dep_ = verb, "ROOT"
        root.head, root.dep_ = verb, "dobj"
        subject.head, subject.dep_ = verb, "nsubj"
        for child in list(sentence):
            if child.head.i == root.i and child.i < verb.i:
                child.head = verb if child.dep_ in {"advmod", "punct", "prep"} else subject
        return


def _lower_modifier(sentence: Span) -> None:
    """As in "In mice, chronically raised IL-6 increases inflammation": what has no subject modifies the one it has."""
    participle = sentence.root
    if participle.tag_ not in {"VBN", "VBD"} or any(
        c.dep_ in SUBJECTS | {"aux", "auxpass", "cc", "mark"} for c in participle.children
    ):
        return
    noun = next((c for c in participle.children if c.dep_ == "dobj" and c.i > participle.i), None)
    finite = (c for c in participle.children if c.tag_ in {"VBZ", "VBP", "VBD"} and c.dep_ in {"conj", "ccomp"})
    verb = next(finite, None)
    if noun is None or verb is None or verb.left_edge.i != noun.right_edge.i + 1:
        return
    verb.head, verb.dep_ = verb, "ROOT"
    participle.head, participle.dep_ = noun, "amod"
    noun.head, noun.dep_ = verb, "nsubj"
    for child in list(sentence):
        if child.head.i == participle.i and (child.dep_ != "advmod" or child.i > noun.i) and child.i != participle.i:
            child.head = verb


def _promote_after_relative(sentence: Span, lexicon: Lexicon) -> None:
    """As in "IL-6 released during exercise reduced inflammation": a clause needs a verb, and this is the only one."""
    root = subject = sentence.root
    if root.dep_ == "ROOT" and root.pos_ == "ADP":  # "In people, IL-6 released …"
        subject = next((c for c in root.children if c.dep_ in {"appos", "dep"} and c.i > root.i), root)
    if subject.pos_ not in {"NOUN", "PROPN"} or any(t.tag_ in {"VBZ", "VBP", "MD"} for t in sentence):
        return
    relative = next((c for c in subject.children if c.dep_ == "acl" and c.tag_ in {"VBN", "VBD"}), None)
    if relative is None or relative.i != subject.i + 1:
        return
    for verb in sentence.doc[relative.i + 2 : relative.right_edge.i + 1]:
        noun = verb.head
        is_adjective = verb.dep_ == "amod" and noun.i > verb.i and noun.dep_ in {"pobj", "dobj"}
        if verb.tag_ not in {"VBD", "VBN"} or not is_adjective or not _is_effect_verb(verb, lexicon):
            continue
        before = verb.nbor(-1)
        if before.pos_ not in {"NOUN", "PROPN"} or any(c.dep_ == "det" for c in noun.children):
            continue
        if before.head.i == noun.i:  # "from muscle reduced inflammation"
            before.head, before.dep_ = noun.head, noun.dep_
        for child in list(noun.children):
            if child.i < before.i:
                child.head = before
        noun.head, noun.dep_ = verb, "dobj"
        verb.head, verb.dep_ = verb, "ROOT"
        subject.head, subject.dep_ = verb, "nsubj"
        if root.i != subject.i:
            root.head, root.dep_ = verb, "prep"
        return
