"""Article → sentences, mentions, claims and triples.

Only sentences that can hold a claim are parsed: those with two concepts, or with one and a word that may
stand for another. They are parsed in batches across articles; everything else is string work.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Self

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.claims.anaphora import STANDS_FOR, antecedents
from pipeline.claims.context import context_of
from pipeline.claims.discourse import Agent, Discourse
from pipeline.claims.events import CLASSES, MODAL_EXERCISE, SentenceEvents
from pipeline.claims.lexicon import Lexicon, load_lexicon
from pipeline.claims.relations import Relation, SentenceRelations
from pipeline.claims.repairs import repair
from pipeline.claims.terms import Term, find_terms
from pipeline.claims.triples import assemble
from pipeline.concepts.linker import Linker, Match
from pipeline.concepts.vocabulary import Vocabulary, load_vocabulary
from pipeline.language.model import load_model, model_hash
from pipeline.language.sentences import split
from pipeline.records import Article, BlockKind, Claim, Extraction, Mention, Sentence, Triple, stable_id
from pipeline.settings import Settings

PIPELINE_VERSION = "2"
ARTICLES_AT_ONCE = 16
PARSE_BATCH = 128
MAX_PARSED_CHARACTERS = 1_500
HEDGED_CONFIDENCE, ANAPHOR_CONFIDENCE = 0.9, 0.8
RULE_CONFIDENCE = {"verb": 0.85, "verb-passive": 0.85, "noun": 0.75, "adjective": 0.75}
DEFAULT_CONFIDENCE = 0.7
DEFINITION = re.compile(r"\(\s*[A-Za-z][\w-]*[A-Z0-9][\w-]*s?\s*[);,]")
CROSSING = re.compile(
    r"\b(?:cross|penetrat|travers|permeat|enter|reach|pass|travel|migrat|transport|get|mov|made|mak)", re.I
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
OPENING_CHARACTERS = 20
CONTINUES = re.compile(r"(?:it|they|this|these|but|however|and)\b|[^.]{0,40}, (?:it|they)\b", re.IGNORECASE)
OPENS_WITH_PLACE = re.compile(
    r"(?:in|on|at|for|with|after|during|among|from|of|to|by|as|when|while|if)\b", re.IGNORECASE
)
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
    units: dict[int, Unit] = field(default_factory=dict)


def pipeline_key(settings: Settings) -> str:
    """Changes whenever the same text could give other claims: code version, lexicons, vocabulary, model."""
    return stable_id(
        "key",
        PIPELINE_VERSION,
        load_lexicon().content_hash,
        load_vocabulary().content_hash,
        model_hash(),
        settings.ner_model,
    )


class Extractor:
    """Extraction with its model and tables loaded. Holds no state between articles."""

    def __init__(self, nlp: Language, vocabulary: Vocabulary, lexicon: Lexicon, key: str) -> None:
        self.nlp = nlp
        self.vocabulary = vocabulary
        self.lexicon = lexicon
        self.key = key
        self.linker = Linker(vocabulary)
        self.roles = {concept_id: concept.role for concept_id, concept in vocabulary.concepts.items()}

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """Load the model, vocabulary and lexicons. ModelError, VocabularyError or LexiconError say what is wrong."""
        return cls(load_model(settings.ner_model), load_vocabulary(), load_lexicon(), pipeline_key(settings))

    def extract(self, article: Article) -> Extraction:
        """Everything that one article gives."""
        return next(self.extract_all([article]))

    def extract_all(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        """Extractions in the order of the articles; a few articles are held at a time."""
        stream = iter(articles)
        while chunk := list(islice(stream, ARTICLES_AT_ONCE)):
            with self.nlp.memory_zone():
                yield from self._extract_chunk(chunk)

    def _extract_chunk(self, articles: Sequence[Article]) -> list[Extraction]:
        plans = [self._plan(article) for article in articles]
        units = [unit for plan in plans for unit in plan.units.values()]
        parsed = self.nlp.pipe(
            (self._unsplit(unit.text) for unit in units), batch_size=PARSE_BATCH, disable=["abbreviation_detector"]
        )
        docs = iter(parsed)
        return [self._read(plan, {i: next(docs) for i in plan.units}) for plan in plans]

    def extract_parsed(self, article: Article, spans: Sequence[Span]) -> Extraction:
        """The same for text that somebody else has split and parsed: `spans` are its sentences in order."""
        sentences = [
            Sentence(article.document_id, i, span.text, span.start_char, span.end_char) for i, span in enumerate(spans)
        ]
        plan = Plan(article, sentences, [self.linker.find(sentence.text, {}) for sentence in sentences])
        for i, sentence in enumerate(sentences):
            if plan.matches[i] and not sentence.text.rstrip().endswith("?"):
                plan.units[i] = Unit(
                    sentence, sentence.text, 0, 0, tuple(plan.matches[i]), tuple(self.linker.landmarks(sentence.text))
                )
        return self._read(plan, {i: spans[i].as_doc() for i in plan.units})

    def _unsplit(self, text: str) -> Doc:
        """A Doc whose one sentence the parser may not split again."""
        doc = self.nlp.make_doc(text)
        for token in doc[1:]:
            token.is_sent_start = False
        return doc

    # ---- choosing what to parse --------------------------------------------------------------------

    def _plan(self, article: Article) -> Plan:
        sentences = split(article)
        abbreviations = self._abbreviations(sentences)
        matches = [self.linker.find(sentence.text, abbreviations) for sentence in sentences]
        plan = Plan(article, sentences, matches)
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

    def _effect_words(self, text: str) -> int:
        return sum(word.strip(".,;:()").lower() in self.lexicon.effect_adjectives for word in text.split())

    def _topics(self, plan: Plan, i: int) -> tuple[Agent, ...]:
        """The concepts of the heading above a bullet: what a bullet without a subject is about."""
        for j in range(i - 1, -1, -1):
            if plan.article.blocks[plan.sentences[j].block].kind is BlockKind.HEADING:
                return tuple(self._agents_of(plan.matches[j])[:1])
        return ()

    def _agents_of(self, matches: Iterable[Match]) -> list[Agent]:
        return [
            Agent(m.concept_id, self.roles[m.concept_id], 0)
            for m in matches
            if self.roles[m.concept_id] in {"exposure", "exerkine", "mechanism"}
        ]

    # ---- reading the parses ------------------------------------------------------------------------

    def _read(self, plan: Plan, docs: Mapping[int, Doc]) -> Extraction:
        claims: dict[str, Claim] = {}
        mentions: dict[str, Mention] = {}
        introductions: dict[str, str] = {}
        discourse: list[Discourse] = []
        section = ""
        for i, sentence in enumerate(plan.sentences):
            if sentence.section != section:
                discourse, section = [], sentence.section
            labels = self._entity_labels(docs.get(i), plan.units.get(i))
            for mention in self._mentions(sentence, plan.matches[i], labels):
                mentions.setdefault(mention.mention_id, mention)
            if i in docs:
                unit = plan.units[i]
                introductions[sentence.sentence_id] = unit.introduced_by
                relations, here = self.relate(docs[i], unit, discourse)
                for relation in relations:
                    claim = self._claim(plan, i, relation)
                    claims.setdefault(claim.claim_id, claim)
            else:
                here = self._unparsed(sentence.text, plan.matches[i], discourse)
            if here.mentioned or here.subjects:
                discourse = [here, *discourse[:2]]
        by_id = {sentence.sentence_id: sentence for sentence in plan.sentences}
        ordered = tuple(claims.values())
        triples: list[Triple] = assemble(ordered, by_id, self.roles, introductions)
        return Extraction(plan.article, tuple(plan.sentences), tuple(mentions.values()), ordered, tuple(triples))

    def _unparsed(self, text: str, matches: Sequence[Match], earlier: Sequence[Discourse]) -> Discourse:
        """What an unparsed sentence adds: the concept that it opens with, or what its pronoun goes on with."""
        named = tuple(self._agents_of(matches))
        if CONTINUES.match(text):
            return Discourse(earlier[0].subjects if earlier else (), mentioned=named)
        opens = matches and matches[0].start < OPENING_CHARACTERS and not OPENS_WITH_PLACE.match(text)
        return Discourse(tuple(self._agents_of(matches[:1])) if opens else (), mentioned=named)

    def relate(self, doc: Doc, unit: Unit, earlier: Sequence[Discourse] = ()) -> tuple[list[Relation], Discourse]:
        """Relations of a parsed unit that its own part asserts, and what it adds to the discourse."""
        span = doc[:]
        repair(span, self.lexicon)
        terms = find_terms(span, unit.matches, unit.landmarks, self.roles, self.lexicon)
        terms = self._with_members(terms, doc, earlier)
        events = SentenceEvents(
            span, terms, self.lexicon, resolve=lambda token: antecedents(token, earlier), starter=unit.topics
        )
        found = SentenceRelations(events)
        relations = [r for r in found.all() if found.reaches_past(r, unit.offset)]
        return relations, found.discourse(relations)

    def _with_members(self, terms: list[Term], doc: Doc, earlier: Sequence[Discourse]) -> list[Term]:
        """As in "These factors" and "these exercises" become those that were just named."""
        resolved: list[Term] = []
        for term in terms:
            determiners = {c.lower_ for c in doc[term.head].children if c.dep_ == "det"}
            named: list[Agent] = []
            if term.concept_id == "exercise" and "the" in determiners and doc[term.head].lemma_ == "exercise":
                named = [a for d in earlier[:1] for a in d.subjects if a.concept_id in MODAL_EXERCISE]
            if term.concept_id in CLASSES and determiners & {"these", "both", "this", "such"}:
                named = [a for a in antecedents(doc[term.head], earlier) if a.role == term.role]
            resolved.extend(replace(term, concept_id=agent.concept_id, role=agent.role) for agent in named)
            if not named:
                resolved.append(term)
        return resolved

    def _entity_labels(self, doc: Doc | None, unit: Unit | None) -> list[tuple[int, int, str]]:
        """Entities of a parsed sentence as (start, end, label), in offsets of the sentence's own text."""
        if doc is None or unit is None:
            return []
        shift = unit.own_start - unit.offset
        return [
            (ent.start_char + shift, ent.end_char + shift, ent.label_)
            for ent in doc.ents
            if ent.start_char >= unit.offset
        ]

    def _mentions(
        self, sentence: Sentence, matches: Sequence[Match], entities: Sequence[tuple[int, int, str]]
    ) -> Iterator[Mention]:
        taken = []
        for match in matches:
            label = next((name for start, end, name in entities if start < match.end and match.start < end), "")
            taken.append((match.start, match.end))
            yield self._mention(sentence, match.concept_id, match.start, match.end, label, match.method, match.score)
        for start, end, label in entities:
            if label in {"GENE_OR_GENE_PRODUCT", "SIMPLE_CHEMICAL"} and not any(
                s < end and start < e for s, e in taken
            ):
                yield self._mention(sentence, None, start, end, label, "ner", 0.5)

    def _mention(
        self, sentence: Sentence, concept_id: str | None, start: int, end: int, label: str, method: str, score: float
    ) -> Mention:
        return Mention(
            document_id=sentence.document_id,
            sentence_id=sentence.sentence_id,
            concept_id=concept_id,
            text=sentence.text[start:end],
            char_start=sentence.char_start + start,
            char_end=sentence.char_start + end,
            ner_label=label,
            method=method,
            score=score,
        )

    def _claim(self, plan: Plan, i: int, relation: Relation) -> Claim:
        sentence = plan.sentences[i]
        neighbours = [
            plan.sentences[j].text
            for j in (i - 1, i + 1)
            if 0 <= j < len(plan.sentences) and plan.sentences[j].paragraph == sentence.paragraph
        ]
        confidence = RULE_CONFIDENCE.get(relation.rule.split("+")[0], DEFAULT_CONFIDENCE)
        confidence *= ANAPHOR_CONFIDENCE if relation.rule.endswith("anaphor") else 1.0
        return Claim(
            document_id=sentence.document_id,
            sentence_id=sentence.sentence_id,
            subject_id=relation.subject_id,
            object_id=relation.object_id,
            effect=relation.effect,
            negated=relation.negated,
            hedged=bool(relation.hedge_cue),
            char_start=sentence.char_start,
            char_end=sentence.char_end,
            hedge_cue=relation.hedge_cue,
            negation_cue=relation.negation_cue,
            effect_cue=relation.effect_cue,
            rule=relation.rule,
            confidence=round(confidence * (HEDGED_CONFIDENCE if relation.hedge_cue else 1.0), 3),
            context=context_of(sentence.text, neighbours, plan.article.title, relation.subject_id),
        )
