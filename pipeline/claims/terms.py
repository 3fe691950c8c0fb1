"""Terms: what of a parsed sentence names a concept, and where it hangs in the tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from pipeline.claims.lexicon import Lexicon
from pipeline.concepts.linker import Match
from pipeline.records import Effect

CONTENT = {"NOUN", "PROPN", "VERB", "ADJ", "NUM"}
BRAIN_SIDE = {"bbb", "brain"}
BEFORE_HYPHEN = {"non", "no", "anti", "pre", "post"}


@dataclass(frozen=True, slots=True)
class Term:
    """A concept as a stretch of tokens `start:end` with its syntactic head.

    `polarity` is -1 where the wording names the opposite of the concept. `sign` is 1 where the wording
    itself says that there will be more ("building muscle", "antidepressant"). `is_effect` marks adjectives
    that assert a direction by themselves ("antidepressant"). `glued` is what follows the term inside
    one hyphenated token ("induced" in "exercise-induced").
    """

    concept_id: str
    role: str
    polarity: int
    head: int
    start: int
    end: int
    char_start: int
    char_end: int
    sign: int = 0
    is_effect: bool = False
    glued: str = ""
    is_landmark: bool = False


def head_of(tokens: Sequence[Token]) -> Token:
    """The token of a stretch that hangs outside it: of several, the last content word before a preposition."""
    inside = {token.i for token in tokens}
    hanging = [token for token in tokens if token.head.i not in inside or token.head.i == token.i]
    content = [t for t in hanging if t.pos_ in CONTENT and not any(o.pos_ == "ADP" and o.i < t.i for o in tokens)]
    return (content or hanging or list(tokens))[-1]


def find_terms(
    sentence: Span, matches: Iterable[Match], landmarks: Iterable[Match], roles: dict[str, str], lexicon: Lexicon
) -> list[Term]:
    """Terms of a sentence from the linker's matches (offsets in the text of the sentence's Doc).

    A landmark becomes a term of bbb_crossing, which only verbs of crossing take.
    """
    matches = list(matches)
    effects = [
        term
        for term in _effect_terms(sentence, roles, lexicon)
        if not any(m.start <= term.char_start and term.char_end <= m.end for m in matches)
    ]
    taken = {term.head for term in effects}
    terms = list(effects)
    for match in matches:
        tokens = _covering(sentence.doc, match, sentence)
        if not tokens or any(token.i in taken for token in tokens):
            continue
        before = tokens[0].text[: max(0, match.start - tokens[0].idx)].lower().rstrip("-‐‑–")
        after = tokens[-1].text[max(0, match.end - tokens[-1].idx) :].lstrip("-‐‑–/").lower()
        if before in BEFORE_HYPHEN:
            continue
        head = head_of(tokens)
        terms.append(
            Term(
                concept_id=match.concept_id,
                role=roles[match.concept_id],
                polarity=match.polarity,
                head=head.i,
                start=tokens[0].i,
                end=tokens[-1].i + 1,
                char_start=match.start,
                char_end=match.end,
                sign=_sign_of_wording(tokens, lexicon),
                glued=after,
            )
        )
    linked = {i for term in terms for i in range(term.start, term.end)}
    for match in landmarks:
        tokens = _covering(sentence.doc, match, sentence)
        if match.concept_id in BRAIN_SIDE and tokens and not any(token.i in linked for token in tokens):
            hanging, start, end = head_of(tokens).i, tokens[0].i, tokens[-1].i + 1
            crossing = Term(
                "bbb_crossing", "mechanism", 1, hanging, start, end, match.start, match.end, is_landmark=True
            )
            terms.append(crossing)
    return sorted(terms, key=lambda term: (term.char_start, term.char_end))


def _sign_of_wording(tokens: Sequence[Token], lexicon: Lexicon) -> int:
    first = tokens[0]
    frames = lexicon.predicates.get(("V", first.lemma_.lower()), ())
    return int(len(tokens) > 1 and first.tag_ in {"VBG", "VB"} and any(cls == "up" for _, cls in frames))


def _covering(doc: Doc, match: Match, sentence: Span) -> list[Token]:
    return [t for t in sentence if t.idx < match.end and t.idx + len(t) > match.start and not t.is_space]


def _effect_terms(sentence: Span, roles: dict[str, str], lexicon: Lexicon) -> list[Term]:
    terms = []
    for token in sentence:
        found = lexicon.effect_adjectives.get(token.lower_)
        if found is None:
            continue
        concept_id, effect = found
        terms.append(
            Term(
                concept_id=concept_id,
                role=roles[concept_id],
                polarity=1 if effect is Effect.INCREASES else -1,
                head=token.i,
                start=token.i,
                end=token.i + 1,
                char_start=token.idx,
                char_end=token.idx + len(token),
                sign=1,
                is_effect=True,
            )
        )
    return terms
