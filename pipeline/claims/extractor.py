"""Article → sentences, mentions, claims and triples.

Only sentences that can hold a claim are parsed: those with two concepts, or with one and a word that may
stand for another. They are parsed in batches across articles; everything else is string work.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Self

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.claims.anaphora import antecedents
from pipeline.claims.candidates import Candidate, SentenceCandidates
from pipeline.claims.context import context_of
from pipeline.claims.discourse import Agent, Discourse
from pipeline.claims.events import CLASSES, MODAL_EXERCISE, SentenceEvents
from pipeline.claims.judge import Judge, Verdict, load_judge
from pipeline.claims.lexicon import Lexicon, load_lexicon
from pipeline.claims.planning import Plan, Planner, Unit
from pipeline.claims.relations import Relation, SentenceRelations
from pipeline.claims.repairs import repair
from pipeline.claims.terms import Term, find_terms
from pipeline.claims.triples import assemble
from pipeline.claims.version import pipeline_key
from pipeline.claims.wording import Wording
from pipeline.concepts.grounding import Grounding, key_of, load_chemicals, load_genes
from pipeline.concepts.linker import Linker, Match
from pipeline.concepts.senses import as_text
from pipeline.concepts.vocabulary import Vocabulary, load_vocabulary
from pipeline.language.blas import on_one_core
from pipeline.language.model import load_model
from pipeline.records import Article, BlockKind, Claim, Extraction, Mention, Sentence, Triple
from pipeline.settings import Settings

ARTICLES_AT_ONCE = 16
PARSE_BATCH = 128
OPENING_CHARACTERS = 20
GENE, CHEMICAL = "GENE_OR_GENE_PRODUCT", "SIMPLE_CHEMICAL"
OPEN_LABELS = {GENE, CHEMICAL}
NAMED_ONLY = 0.5  # the score of a name that grounds to nothing
CONTINUES = re.compile(r"(?:it|they|this|these|but|however|and)\b|[^.]{0,40}, (?:it|they)\b", re.IGNORECASE)
OPENS_WITH_PLACE = re.compile(
    r"(?:in|on|at|for|with|after|during|among|from|of|to|by|as|when|while|if)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """What a sentence gave: the relations that rules found, every candidate, and what it adds to the discourse.

    `ordinal` counts the sentences of the article from 0; `grounded` are names outside the vocabulary.
    """

    ordinal: int
    relations: list[Relation]
    candidates: list[Candidate]
    discourse: Discourse
    words: Doc | None = None
    grounded: Mapping[str, Grounding] = field(default_factory=dict)


class Extractor:
    """Extraction with its model and tables loaded. Holds no state between articles."""

    def __init__(self, nlp: Language, vocabulary: Vocabulary, lexicon: Lexicon, key: str) -> None:
        self.nlp = nlp
        self.vocabulary = vocabulary
        self.lexicon = lexicon
        self.key = key
        self.linker = Linker(vocabulary)
        self.judge: Judge = load_judge()
        self.roles = {concept_id: concept.role for concept_id, concept in vocabulary.concepts.items()}
        self.planner = Planner(nlp, self.linker, lexicon, self.roles)

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
                with on_one_core():
                    extractions = self._extract_chunk(chunk)
                yield from extractions

    def _extract_chunk(self, articles: Sequence[Article]) -> list[Extraction]:
        plans = [self.planner.plan(article) for article in articles]
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

    # ---- reading the parses ------------------------------------------------------------------------

    def candidates(self, article: Article) -> dict[int, list[Candidate]]:
        """The candidates of each parsed sentence by its ordinal: what the judge is trained on."""
        plan = self.planner.plan(article)
        docs = self.nlp.pipe([self._unsplit(u.text) for u in plan.units.values()], disable=["abbreviation_detector"])
        read = self._walk(plan, dict(zip(plan.units, docs, strict=True)))
        return {sentence.ordinal: sentence.candidates for sentence in read if sentence.candidates}

    def _read(self, plan: Plan, docs: Mapping[int, Doc]) -> Extraction:
        claims: dict[str, Claim] = {}
        mentions: dict[str, Mention] = {}
        introductions: dict[str, str] = {}
        for read in self._walk(plan, docs):
            sentence, unit = plan.sentences[read.ordinal], plan.units.get(read.ordinal)
            labels = self._entity_labels(docs.get(read.ordinal), unit)
            for mention in self._mentions(sentence, plan.matches[read.ordinal], labels, read.grounded):
                mentions.setdefault(mention.mention_id, mention)
            if unit is not None:
                introductions[sentence.sentence_id] = unit.introduced_by
            for relation, verdict in self._judged(read):
                claim = self._claim(plan, read, relation, verdict)
                claims.setdefault(claim.claim_id, claim)
        by_id = {sentence.sentence_id: sentence for sentence in plan.sentences}
        ordered = tuple(claims.values())
        triples: list[Triple] = assemble(ordered, by_id, self.roles, introductions)
        return Extraction(plan.article, tuple(plan.sentences), tuple(mentions.values()), ordered, tuple(triples))

    def _walk(self, plan: Plan, docs: Mapping[int, Doc]) -> Iterator[ReadSentence]:
        """The sentences in order, each read with what the ones before speak of."""
        discourse: list[Discourse] = []
        section, heading = "", list[str]()
        grounded = _grounded(docs.values(), plan.abbreviations)
        for i, sentence in enumerate(plan.sentences):
            block = plan.article.blocks[sentence.block].kind
            if sentence.section != section:
                discourse, section = [], sentence.section
            if i in docs:
                read = self._read_sentence(i, docs[i], plan.units[i], discourse, heading, block, grounded)
            else:
                here = self._unparsed(sentence.text, plan.matches[i], discourse)
                read = ReadSentence(i, [], [], here)
            yield read
            if block in {BlockKind.HEADING, BlockKind.TITLE}:
                heading = [match.concept_id for match in plan.matches[i]]
            if read.discourse.mentioned or read.discourse.subjects:
                discourse = [read.discourse, *discourse[:2]]

    def _read_sentence(
        self,
        i: int,
        doc: Doc,
        unit: Unit,
        earlier: Sequence[Discourse],
        heading: Sequence[str],
        block: BlockKind,
        grounded: Mapping[str, Grounding],
    ) -> ReadSentence:
        span = doc[:]
        repair(span, self.lexicon)
        terms = find_terms(span, unit.matches, unit.landmarks, self.roles, self.lexicon)
        terms = [*self._with_members(terms, doc, earlier), *_open_terms(doc, terms, grounded)]
        events = SentenceEvents(
            span, terms, self.lexicon, resolve=lambda token: antecedents(token, earlier), starter=unit.topics
        )
        found = SentenceRelations(events, earlier)
        relations = [r for r in found.all() if found.reaches_past(r, unit.offset)]
        pairs = SentenceCandidates(events, terms, relations, earlier, heading, self.roles, unit.offset, block.value)
        return ReadSentence(i, relations, pairs.all(), found.discourse(relations), doc, grounded)

    def _judged(self, read: ReadSentence) -> Iterator[tuple[Relation, Verdict]]:
        """The relations to claim: those of the rules that the judge lets pass, and the pairs that it adds."""
        for candidate in read.candidates:
            if self._is_open(candidate) and not self._raises_open(candidate):
                continue
            verdict = self.judge.decide(candidate)
            if verdict.is_kept and candidate.relations:
                yield from ((relation, verdict) for relation in candidate.relations)
            elif verdict.is_kept and read.words is not None:
                relation = Relation(
                    subject_id=candidate.subject_id,
                    object_id=candidate.object_id,
                    effect=verdict.effect,
                    negation_cue="",
                    hedge_cue=candidate.hedge,
                    effect_cue=read.words[candidate.anchor].text,
                    rule="judged+context" if candidate.is_context else "judged",
                    predicate=candidate.anchor,
                )
                yield relation, verdict

    def _is_open(self, candidate: Candidate) -> bool:
        return not {candidate.subject_id, candidate.object_id} <= self.roles.keys()

    def _raises_open(self, candidate: Candidate) -> bool:
        """Whether a rule says what an exposure does to a gene outside the vocabulary: it may be a new exerkine."""
        is_by_exposure = self.roles.get(candidate.subject_id) == "exposure"
        return is_by_exposure and bool(candidate.relations) and not candidate.is_context

    def _unparsed(self, text: str, matches: Sequence[Match], earlier: Sequence[Discourse]) -> Discourse:
        """What an unparsed sentence adds: the concept that it opens with, or what its pronoun goes on with."""
        named = tuple(self.planner.agents_of(matches))
        if CONTINUES.match(text):
            return Discourse(earlier[0].subjects if earlier else (), mentioned=named)
        opens = matches and matches[0].start < OPENING_CHARACTERS and not OPENS_WITH_PLACE.match(text)
        return Discourse(tuple(self.planner.agents_of(matches[:1])) if opens else (), mentioned=named)

    def _with_members(self, terms: list[Term], doc: Doc, earlier: Sequence[Discourse]) -> list[Term]:
        """As in "These factors" and "these exercises" become those that were just named."""
        resolved: list[Term] = []
        modalities = {term.concept_id for term in terms} & MODAL_EXERCISE
        for term in terms:
            is_plural = term.concept_id == "exercise" and doc[term.head].tag_ == "NNS"
            before = [t for t in terms if t.concept_id in modalities and t.start < term.start]
            if is_plural and len(modalities) == 1 and before:  # "resistance training involves exercises that …"
                resolved.append(replace(term, concept_id=before[0].concept_id))
                continue
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
        self,
        sentence: Sentence,
        matches: Sequence[Match],
        entities: Sequence[tuple[int, int, str]],
        grounded: Mapping[str, Grounding],
    ) -> Iterator[Mention]:
        taken = []
        for match in matches:
            label = next((name for start, end, name in entities if start < match.end and match.start < end), "")
            taken.append((match.start, match.end))
            candidates = as_text(match.candidates)
            yield self._mention(
                sentence, match.concept_id, match.start, match.end, label, match.method, match.score, candidates
            )
        for start, end, label in entities:
            if label in OPEN_LABELS and not any(s < end and start < e for s, e in taken):
                found = grounded.get(sentence.text[start:end])
                if found is None:
                    yield self._mention(sentence, None, start, end, label, "ner", NAMED_ONLY)
                else:
                    candidates = as_text(found.candidates)
                    yield self._mention(sentence, found.entry.curie, start, end, label, "open", found.score, candidates)

    def _mention(
        self,
        sentence: Sentence,
        concept_id: str | None,
        start: int,
        end: int,
        label: str,
        method: str,
        score: float,
        candidates: str = "",
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
            candidates=candidates,
        )

    def _claim(self, plan: Plan, read: ReadSentence, relation: Relation, verdict: Verdict) -> Claim:
        i = read.ordinal
        sentence, unit = plan.sentences[i], plan.units[i]
        wording = None
        if read.words is not None:
            shift = unit.own_start - unit.offset
            wording = Wording(
                read.words, relation.predicate, relation.object_id, unit.matches, self.roles, read.grounded, shift
            )
        neighbours = [
            plan.sentences[j].text
            for j in (i - 1, i + 1)
            if 0 <= j < len(plan.sentences) and plan.sentences[j].paragraph == sentence.paragraph
        ]
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
            confidence=verdict.confidence,
            reasons=verdict.reasons,
            context=context_of(
                sentence.text, neighbours, plan.article.title, relation.subject_id, wording, sentence.section
            ),
        )


def _grounded(docs: Iterable[Doc], abbreviations: Mapping[str, str]) -> dict[str, Grounding]:
    """The names of genes and chemicals in an article that ground to an identifier outside the vocabulary."""
    named = {(ent.text, ent.label_) for doc in docs for ent in doc.ents if ent.label_ in OPEN_LABELS}
    keys = {key_of(text) for text, _ in named} | {key_of(long) for long in abbreviations.values()}
    found: dict[str, Grounding] = {}
    for text, label in sorted(named):
        table = load_genes() if label == GENE else load_chemicals()
        grounding = table.ground(text, abbreviations.get(text, ""), keys)
        if grounding is not None:
            found[text] = grounding
    return found


def _open_terms(doc: Doc, terms: Sequence[Term], grounded: Mapping[str, Grounding]) -> Iterator[Term]:
    """Genes outside the vocabulary as terms, so that rules can say what training does to them."""
    taken = {i for term in terms for i in range(term.start, term.end)}
    for ent in doc.ents:
        found = grounded.get(ent.text) if ent.label_ == GENE else None
        if found is not None and taken.isdisjoint(range(ent.start, ent.end)):
            yield Term(
                concept_id=found.entry.curie,
                role="exerkine",
                polarity=1,
                head=ent.root.i,
                start=ent.start,
                end=ent.end,
                char_start=ent.start_char,
                char_end=ent.end_char,
            )
