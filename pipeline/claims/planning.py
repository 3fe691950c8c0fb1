"""Choosing what of an article to parse: sentences with two concepts, or with one and a word that may stand for another.

Parsing is what costs; everything here is string work.
"""

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from spacy.language import Language

from pipeline.claims.anaphora import STANDS_FOR
from pipeline.claims.discourse import Agent
from pipeline.claims.lexicon import Lexicon
from pipeline.concepts.grounding import load_genes
from pipeline.concepts.linker import Linker, Match
from pipeline.language.sentences import split
from pipeline.records import Article, BlockKind, Sentence

MAX_PARSED_CHARACTERS = 1_500
SYMBOL = re.compile(r"\b(?=[A-Za-z-]*\d|[A-Z][a-z]*[A-Z]|[A-Z]{2})[A-Z][A-Za-z0-9-]{2,9}\b")
DEFINITION = re.compile(r"\(\s*[A-Za-z][\w-]*[A-Z0-9][\w-]*s?\s*[);,]")
CROSSING = re.compile(
    r"\b(?:cross|penetrat|travers|permeat|enter|reach|pass|travel|migrat|transport|get|mov|made|mak|brain\b)", re.I
)
LEAD = re.compile(r"^([^.:!?]{2,60}?)\s*(?::|\s[—–-]\s)\s+(?=\S+\s+\S+)")
LAST_WORD = re.compile(r"([A-Za-z]+)\s*:\s*$")
# A list's introduction is read together with each bullet where it breaks off at one of these or at a verb.
OPEN_WORDS = frozenset(
    {
        "that", "to", "by", "also", "it", "they", "which", "including", "includes", "include", "are", "is", "via",
        "through", "from", "like", "as", "can", "may", "will", "helps", "help", "and", "on", "in", "for", "into",
        "with", "both",
    }
)  # fmt: skip
LISTED = {BlockKind.BULLET}


@dataclass(frozen=True, slots=True)
class Unit:
    """What is parsed for one sentence: its text, after the words that introduce it (`offset` of the own part)."""

    sentence: Sentence
    text: str
    offset: int
    own_start: int
    matches: tuple[Match, ...]
    landmarks: tuple[Match, ...] = ()
    introduced_by: str = ""
    topics: tuple[Agent, ...] = ()


@dataclass(slots=True)
class Plan:
    """An article with its sentences linked and its candidate sentences chosen."""

    article: Article
    sentences: list[Sentence]
    matches: list[list[Match]]
    abbreviations: dict[str, str] = field(default_factory=dict)
    units: dict[int, Unit] = field(default_factory=dict)


class Planner:
    """Finds the concepts of an article and chooses what is parsed. Holds no state between articles."""

    def __init__(self, nlp: Language, linker: Linker, lexicon: Lexicon, roles: dict[str, str]) -> None:
        self.nlp = nlp
        self.linker = linker
        self.lexicon = lexicon
        self.roles = roles

    def plan(self, article: Article) -> Plan:
        """The article's sentences with their concepts, and a unit for each that can hold a claim."""
        sentences = split(article)
        abbreviations = self._abbreviations(sentences)
        matches = [
            self.linker.find(sentence.text, abbreviations, _beside(sentences, i))
            for i, sentence in enumerate(sentences)
        ]
        plan = Plan(article, sentences, matches, abbreviations)
        introduction: int | None = None
        for i, sentence in enumerate(sentences):
            block = article.blocks[sentence.block]
            is_listed = block.kind in LISTED
            if not is_listed:
                introduction = i if self._introduces(sentence.text) else None
            unit = self._unit(plan, i, introduction if is_listed else None, is_listed)
            if unit is not None:
                plan.units[i] = unit
        return plan

    def _introduces(self, text: str) -> bool:
        last = LAST_WORD.search(text)
        if last is None:
            return False
        word = last.group(1).lower()
        predicates = self.lexicon.predicates
        return word in OPEN_WORDS or ("V", word) in predicates or ("V", word.removesuffix("s")) in predicates

    def _abbreviations(self, sentences: Sequence[Sentence]) -> dict[str, str]:
        """Short form → long form as the article defines them (Schwartz and Hearst 2003, through scispaCy)."""
        detector = self.nlp.get_pipe("abbreviation_detector")
        found: dict[str, str] = {}
        with warnings.catch_warnings():  # scispaCy warns for every text that defines none
            warnings.filterwarnings("ignore", message=r"\[W036\]")
            for sentence in sentences:
                if DEFINITION.search(sentence.text) and len(sentence.text) <= MAX_PARSED_CHARACTERS:
                    doc = detector(self.nlp.make_doc(sentence.text))
                    for entry in doc._.abbreviations:
                        found.setdefault(entry["short_text"], entry["long_text"])
        return found

    def _unit(self, plan: Plan, i: int, introduction: int | None, is_listed: bool) -> Unit | None:
        sentence, matches = plan.sentences[i], plan.matches[i]
        if sentence.text.rstrip("\"')”’ ").endswith("?"):
            return None
        lead = LEAD.match(sentence.text) if is_listed else None
        own_start = lead.end() if lead else 0
        own = [m for m in matches if m.start >= own_start] or matches
        if own is matches:
            own_start = 0
        landmarks = self.linker.landmarks(sentence.text) if CROSSING.search(sentence.text) else []
        count = len({m.concept_id for m in own}) + self._effect_words(sentence.text) + bool(landmarks)
        if count == 0:
            return None
        if count == 1 and any(self.roles[match.concept_id] == "exposure" for match in own):
            count += self._names_a_gene(sentence.text[own_start:])
        text, offset, introduced_by = sentence.text[own_start:], 0, ""
        before: list[Match] = []
        if introduction is not None:
            opening = plan.sentences[introduction]
            prefix = opening.text.rstrip().rstrip(":—–").rstrip() + " "
            first_word = text.split(" ", 1)[0]
            if first_word[1:].islower():
                text = text[0].lower() + text[1:]
            text, offset = prefix + text, len(prefix)
            before = list(plan.matches[introduction])
            introduced_by = opening.sentence_id
        topics = self._topics(plan, i) if is_listed and introduction is None else ()
        stands_for = bool(topics or before or STANDS_FOR.search(text))
        if (count < 2 and not stands_for) or len(text) > MAX_PARSED_CHARACTERS:
            return None
        shifted = [replace(m, start=m.start - own_start + offset, end=m.end - own_start + offset) for m in own]
        places = tuple(self.linker.landmarks(text)) if CROSSING.search(text) else ()
        return Unit(sentence, text, offset, own_start, (*before, *shifted), places, introduced_by, topics)

    def _names_a_gene(self, text: str) -> bool:
        """Whether a word looks like the symbol of a gene, and is one: what training may have raised."""
        return any(load_genes().has_symbol(word) for word in SYMBOL.findall(text))

    def _effect_words(self, text: str) -> int:
        return sum(word.strip(".,;:()").lower() in self.lexicon.effect_adjectives for word in text.split())

    def _topics(self, plan: Plan, i: int) -> tuple[Agent, ...]:
        """The concepts of the heading above a bullet: what a bullet without a subject is about."""
        for j in range(i - 1, -1, -1):
            if plan.article.blocks[plan.sentences[j].block].kind is BlockKind.HEADING:
                return tuple(self.agents_of(plan.matches[j])[:1])
        return ()

    def agents_of(self, matches: Iterable[Match]) -> list[Agent]:
        """The concepts that can act, in the order of their mentions."""
        return [
            Agent(m.concept_id, self.roles[m.concept_id], 0)
            for m in matches
            if self.roles[m.concept_id] in {"exposure", "exerkine", "mechanism"}
        ]


def _beside(sentences: Sequence[Sentence], i: int) -> tuple[str, ...]:
    """The headings above sentence `i` and the sentences before and after it."""
    return (sentences[i].section, *(sentences[j].text for j in (i - 1, i + 1) if 0 <= j < len(sentences)))
