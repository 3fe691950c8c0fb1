"""Records → columns, which DuckDB takes in at once: one numpy array a column, strings as objects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.records import Alias, Claim, Concept, Context, Decision, Extraction, Reject, Source, Triple, Visit
from pipeline.store.copies import text_id
from pipeline.store.sketch import LineageJoin, Sketch

Columns: TypeAlias = dict[str, NDArray[Any]]


def naive_utc(moment: datetime) -> datetime:
    """`moment` in UTC without its zone, as the database keeps times; a time without a zone is taken as UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def lineage_alone(document_id: str) -> str:
    """The lineage of a document that is nobody's copy; a larger lineage is named after its smallest document."""
    return "lin_" + document_id.partition("_")[2]


def source_columns(sources: Sequence[Source]) -> Columns:
    """Columns of the table `sources`."""
    names = ("source_id", "title", "kind", "tier", "url", "publisher", "location")
    columns = {name: _strings(getattr(source, name) for source in sources) for name in names}
    return columns | {"pattern": _strings(source.glob for source in sources)}


def concept_columns(concepts: Sequence[Concept]) -> Columns:
    """Columns of the table `concepts`."""
    names = ("concept_id", "label", "role", "curie", "curie_name", "match", "scope", "broader_id")
    columns = {name: _strings(getattr(concept, name) for concept in concepts) for name in names}
    return columns | {"class": _strings(concept.concept_class for concept in concepts)}


def alias_columns(aliases: Sequence[Alias]) -> Columns:
    """Columns of the table `concept_aliases`."""
    return {
        "concept_id": _strings(alias.concept_id for alias in aliases),
        "text": _strings(alias.text for alias in aliases),
        "case_rule": _strings(alias.case for alias in aliases),
        "polarity": _integers(alias.polarity for alias in aliases),
        "origin": _strings(alias.origin for alias in aliases),
    }


def reject_columns(rejects: Sequence[Reject], run_id: str) -> Columns:
    """Columns of the table `rejects`."""
    names = ("source_id", "path", "reason", "sha256")
    columns = {name: _strings(getattr(reject, name) for reject in rejects) for name in names}
    return columns | {
        "stage": _strings(str(reject.stage) for reject in rejects),
        "since_run": _strings(run_id for _ in rejects),
    }


def document_columns(extractions: Sequence[Extraction], pipeline_key: str) -> Columns:
    """Columns of the table `documents` that do not depend on the run; each document is a lineage of its own."""
    articles = [extraction.article for extraction in extractions]
    ids = [article.document_id for article in articles]
    names = ("source_id", "path", "url", "title", "author", "published", "format", "text", "sha256", "notice")
    columns = {name: _strings(getattr(article, name) for article in articles) for name in names}
    return columns | {
        "document_id": _strings(ids),
        "fetched_at": np.array([naive_utc(article.fetched_at) for article in articles], dtype="datetime64[us]"),
        "text_id": _strings(text_id(article.text) for article in articles),
        "copy_ordinal": _integers(article.copy_ordinal for article in articles),
        "lineage_id": _strings(lineage_alone(id_) for id_ in ids),
        "pipeline_key": _strings(pipeline_key for _ in ids),
    }


def visit_columns(visits: Sequence[Visit], asked: Mapping[str, str], pipeline_key: str) -> Columns:
    """Columns of the table `visits`; `asked` gives, by source_id, what the catalog said of where to look."""
    names = ("source_id", "path", "etag", "last_modified", "cursor")
    columns = {name: _strings(getattr(visit, name) for visit in visits) for name in names}
    return columns | {
        "visited_at": np.array([naive_utc(visit.visited_at) for visit in visits], dtype="datetime64[us]"),
        "asked": _strings(asked[visit.source_id] for visit in visits),
        "pipeline_key": _strings(pipeline_key for _ in visits),
    }


def sentence_columns(extractions: Sequence[Extraction]) -> Columns:
    """Columns of the table `sentences`."""
    sentences = [sentence for extraction in extractions for sentence in extraction.sentences]
    columns = {name: _strings(getattr(s, name) for s in sentences) for name in ("sentence_id", "document_id")}
    columns |= {name: _strings(getattr(s, name) for s in sentences) for name in ("section", "text")}
    columns |= {
        name: _integers(getattr(s, name) for s in sentences) for name in ("ordinal", "block", "char_start", "char_end")
    }
    # DuckDB takes NaN for NULL here, and an array of floats is many times as fast as one of objects.
    return columns | {"timestamp_s": _numbers(s.timestamp_s for s in sentences)}


def mention_columns(extractions: Sequence[Extraction]) -> Columns:
    """Columns of the table `mentions`; the same mention twice counts once."""
    found = {m.mention_id: m for extraction in extractions for m in extraction.mentions}
    mentions = found.values()
    names = ("document_id", "sentence_id", "concept_id", "text", "ner_label", "method", "candidates")
    columns = {name: _strings(getattr(m, name) for m in mentions) for name in names}
    columns |= {name: _integers(getattr(m, name) for m in mentions) for name in ("char_start", "char_end")}
    return columns | {"mention_id": _strings(found), "score": _numbers(m.score for m in mentions)}


def claim_columns(extractions: Sequence[Extraction]) -> Columns:
    """Columns of the table `claims`; the same claim twice counts once, the first time."""
    found: dict[str, Claim] = {}
    for extraction in extractions:
        for claim in extraction.claims:
            found.setdefault(claim.claim_id, claim)
    claims = found.values()
    names = (
        "document_id", "sentence_id", "subject_id", "object_id", "hedge_cue", "negation_cue", "effect_cue", "rule",
        "reasons",
    )  # fmt: skip
    context = tuple(field.name for field in fields(Context))
    columns = {name: _strings(getattr(c, name) for c in claims) for name in names}
    columns |= {name: _strings(getattr(c.context, name) for c in claims) for name in context}
    columns |= {name: _integers(getattr(c, name) for c in claims) for name in ("char_start", "char_end")}
    columns |= {name: np.array([getattr(c, name) for c in claims], dtype=bool) for name in ("negated", "hedged")}
    return columns | {
        "claim_id": _strings(found),
        "effect": _strings(str(c.effect) for c in claims),
        "confidence": _numbers(c.confidence for c in claims),
    }


def triple_columns(extractions: Sequence[Extraction]) -> Columns:
    """Columns of the table `triples`, `claim_ids` joined by spaces; the same triple twice counts once, the first."""
    found: dict[str, Triple] = {}
    for extraction in extractions:
        for triple in extraction.triples:
            found.setdefault(triple.triple_id, triple)
    triples = found.values()
    names = ("document_id", "myokine_id", "mechanism_id", "outcome_id", "scope")
    columns = {name: _strings(getattr(t, name) for t in triples) for name in names}
    columns |= {name: np.array([getattr(t, name) for t in triples], dtype=bool) for name in ("negated", "hedged")}
    return columns | {
        "triple_id": _strings(found),
        "mechanism_effect": _strings(str(t.mechanism_effect) for t in triples),
        "outcome_effect": _strings(str(t.outcome_effect) for t in triples),
        "claim_ids": _strings(" ".join(t.claim_ids) for t in triples),
    }


def dropped_columns(extractions: Sequence[Extraction]) -> Columns:
    """Columns of the table `dropped`."""
    rows = [
        (extraction.article.document_id, ordinal, dropped)
        for extraction in extractions
        for ordinal, dropped in enumerate(extraction.article.dropped)
    ]
    return {
        "document_id": _strings(document_id for document_id, _, _ in rows),
        "ordinal": _integers(ordinal for _, ordinal, _ in rows),
        "text": _strings(dropped.text for _, _, dropped in rows),
        "reason": _strings(dropped.reason for _, _, dropped in rows),
    }


def identifier_columns(extractions: Sequence[Extraction]) -> Columns:
    """Columns of the table `document_identifiers`."""
    rows = [(e.article.document_id, identifier) for e in extractions for identifier in e.article.identifiers]
    return {
        "document_id": _strings(document_id for document_id, _ in rows),
        "identifier": _strings(identifier for _, identifier in rows),
    }


def citation_columns(extractions: Sequence[Extraction]) -> Columns:
    """Columns of the table `citations`."""
    rows = [(e.article.document_id, citation) for e in extractions for citation in e.article.citations]
    return {
        "document_id": _strings(document_id for document_id, _ in rows),
        "identifier": _strings(citation.identifier for _, citation in rows),
        "manner": _strings(citation.manner for _, citation in rows),
        "words": _strings(citation.words for _, citation in rows),
    }


def decision_columns(decisions: Sequence[Decision]) -> Columns:
    """Columns of the table `decisions`, all of them standing."""
    names = (
        "decision_id", "action", "evidence_key", "rule", "new_subject_id", "new_effect", "new_object_id",
        "new_negated", "new_hedged", "concept_id", "into_id", "note", "reviewer",
    )  # fmt: skip
    evidence = ("source_id", "path", "sentence", "subject_id", "effect", "object_id")
    columns = {name: _strings(getattr(d, name) for d in decisions) for name in names}
    columns |= {name: _strings(getattr(d.evidence, name) for d in decisions) for name in evidence}
    return columns | {
        "negated": np.array([d.evidence.negated for d in decisions], dtype=bool),
        "decided_at": np.array([naive_utc(d.decided_at) for d in decisions], dtype="datetime64[us]"),
    }


def sketch_columns(sketches: Mapping[str, Sketch], method: str) -> Columns:
    """Columns of the table `sketches` without their hashes."""
    return {
        "document_id": _strings(sketches),
        "method": _strings(method for _ in sketches),
        "shingles": _integers(s.shingles for s in sketches.values()),
        "one_in": _integers(s.one_in for s in sketches.values()),
        "words_hash": np.array([s.words_hash for s in sketches.values()], dtype=np.uint64),
    }


def hash_columns(sketches: Mapping[str, Sketch]) -> Columns:
    """The hashes of `sketches`, one a row."""
    lengths = [len(sketch.hashes) for sketch in sketches.values()]
    empty = np.empty(0, dtype=np.uint64)
    return {
        "document_id": np.repeat(_strings(sketches), lengths),
        "hash": np.concatenate([empty, *(sketch.hashes for sketch in sketches.values())]),
    }


def join_columns(joins: Sequence[LineageJoin]) -> Columns:
    """Columns of the table `lineage_joins`."""
    names = ("document_a", "document_b", "reason", "detail")
    columns = {name: _strings(getattr(join, name) for join in joins) for name in names}
    return columns | {"measure": _numbers(join.measure for join in joins)}


def lineage_columns(lineages: Mapping[str, str]) -> Columns:
    """document_id and lineage_id."""
    return {"document_id": _strings(lineages), "lineage_id": _strings(lineages.values())}


def string_columns(**columns: Iterable[str]) -> Columns:
    """Columns of strings, by name."""
    return {name: _strings(values) for name, values in columns.items()}


def _strings(values: Iterable[str | None]) -> NDArray[Any]:
    return np.array(list(values), dtype=object)


def _integers(values: Iterable[int]) -> NDArray[Any]:
    return np.array(list(values), dtype=np.int64)


def _numbers(values: Iterable[float | None]) -> NDArray[Any]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
