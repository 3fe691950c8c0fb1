"""Tiny articles made by hand: what each says is listed, and the records follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.reconciling import renew_verdicts
from pipeline.records import (
    Alias,
    Article,
    Block,
    BlockKind,
    Claim,
    Concept,
    Context,
    Dropped,
    Effect,
    Extraction,
    Mention,
    Reject,
    Sentence,
    Source,
    Triple,
)
from pipeline.store import Build, connect
from pipeline.store.build import RunRow

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CONCEPTS = (
    Concept("irisin", "exerkine", "myokine", "irisin", "hgnc:20240"),
    Concept("bdnf", "exerkine", "myokine", "brain-derived neurotrophic factor", "hgnc:1033"),
    Concept("neurogenesis", "mechanism", "brain", "neurogenesis", "go:0022008"),
    Concept("memory", "outcome", "cognition", "memory"),
)
ALIASES = (Alias("irisin", "FNDC5", "exact", origin="hgnc"), Alias("bdnf", "BDNF"))
TABLES = (
    "sources",
    "documents",
    "sentences",
    "mentions",
    "concepts",
    "concept_aliases",
    "claims",
    "triples",
    "dropped",
    "rejects",
    "sketches",
    "lineage_joins",
    "document_identifiers",
    "citations",
    "relies_on",
    "voices",
    "verdicts",
    "disagreements",
    "disagreeing_claims",
    "rollups",
)


@dataclass(frozen=True)
class Says:
    """One thing an article says; each gets a sentence of its own unless `sentence` is given."""

    effect: str
    negated: bool = False
    hedged: bool = False
    subject: str = "irisin"
    object: str = "bdnf"
    context: Context = field(default_factory=Context)
    sentence: str = ""

    @property
    def text(self) -> str:
        return self.sentence or (
            f"{self.subject} {'may ' if self.hedged else ''}{'not ' if self.negated else ''}{self.effect} "
            f"{self.object} {self.context.species} {self.context.dose}".strip()
            + "."
        )


INCREASES, DECREASES, AFFECTS = Says("increases"), Says("decreases"), Says("affects")
NO_CHANGE = Says("affects", negated=True)


def told(path: str, *says: Says, source_id: str = "blog", triple: bool = False, opening: str = "") -> Extraction:
    """The extraction of an article at `path`; its text opens with `opening`, or with the path so that it is unlike
    all others. With `triple`, the first claims make one triple: irisin, neurogenesis, memory."""
    texts = [opening or f"This is {path}.", *(one.text for one in says)]
    text = "\n".join(texts)
    starts = [sum(len(earlier) + 1 for earlier in texts[:number]) for number in range(len(texts))]
    article = Article(
        source_id,
        path,
        text,
        tuple(Block(BlockKind.PARAGRAPH, start, start + len(t)) for start, t in zip(starts, texts, strict=True)),
        sha256=f"sha of {text}",
        fetched_at=MOMENT,
        title=f"Title of {path}",
        author="A. Author",
        published="2025-05-05",
        url=f"https://example.org/{path}",
        format="text",
        dropped=(Dropped("Recent posts", "menu"),),
    )
    return extraction_of(article, texts, starts, says, triple)


def extraction_of(
    article: Article, texts: Sequence[str], starts: Sequence[int], says: Sequence[Says], triple: bool
) -> Extraction:
    document_id = article.document_id
    sentences = tuple(
        Sentence(document_id, number, text, start, start + len(text), "Results", number, 75.0 if number else None)
        for number, (text, start) in enumerate(zip(texts, starts, strict=True))
    )
    claims = tuple(
        Claim(
            document_id,
            sentence.sentence_id,
            one.subject,
            one.object,
            Effect(one.effect),
            one.negated,
            one.hedged,
            sentence.char_start,
            sentence.char_end,
            hedge_cue="may" if one.hedged else "",
            negation_cue="not" if one.negated else "",
            effect_cue=one.effect,
            rule="verb",
            confidence=0.9,
            context=one.context,
        )
        for one, sentence in zip(says, sentences[1:], strict=True)
    )
    mentions = tuple(
        Mention(document_id, s.sentence_id, None, s.text[:4], s.char_start, s.char_start + 4) for s in sentences
    )
    if not triple:
        return Extraction(article, sentences, mentions, claims, ())
    tied = Triple(
        document_id,
        "irisin",
        "neurogenesis",
        "memory",
        Effect.INCREASES,
        Effect(says[0].effect),
        says[0].negated,
        says[0].hedged,
        "passage",
        tuple(claim.claim_id for claim in claims),
    )
    return Extraction(article, sentences, mentions, claims, (tied,))


def sources(*extractions: Extraction) -> list[Source]:
    """A source for each source_id, of the tier of that name."""
    ids = sorted({extraction.article.source_id for extraction in extractions})
    return [Source(id_, f"The {id_}", "folder", id_, tier=id_, publisher=f"{id_} house") for id_ in ids]


def publish(
    db: Path,
    *extractions: Extraction,
    rejects: Sequence[Reject] = (),
    lineages: Mapping[str, str] | None = None,
    pipeline_key: str = "key 1",
    finished: datetime = MOMENT,
) -> None:
    """One run: the extractions in one batch, published. `lineages` gives the lineage by path."""
    ids = {extraction.article.path: extraction.article.document_id for extraction in extractions}
    with Build(db, pipeline_key) as build:
        build.add_sources(sources(*extractions))
        build.add_concepts(CONCEPTS, ALIASES)
        build.add(extractions)
        build.add_rejects(rejects)
        build.set_lineages({ids[path]: lineage for path, lineage in (lineages or {}).items()})
        renew_verdicts(build)
        build.finish(RunRow(MOMENT, finished, {"duckdb": "2"}, {"articles": len(extractions)}))
        build.publish()


def rows(db: Path, query: str) -> list[tuple[Any, ...]]:
    with connect(db) as connection:
        return connection.execute(query).fetchall()


def dump(db: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the tables but what names the run, sorted."""
    unnamed = {"documents": "EXCLUDE (extracted_run, first_run)", "rejects": "EXCLUDE (since_run)"}
    with connect(db) as connection:
        return {
            table: connection.execute(f"SELECT * {unnamed.get(table, '')} FROM {table} ORDER BY ALL").fetchall()
            for table in TABLES
        }


def stored_order(db: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the tables but `runs`, in the order in which it lies there."""
    with connect(db) as connection:
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
