"""Builds the next claims database beside the published one and puts it in its place in one step."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from pipeline.records import Alias, Article, Concept, Decision, Extraction, Reject, Source, Stage, Visit, stable_id
from pipeline.store import parts, rows, schema
from pipeline.store.checks import refuse_contradictions, storable
from pipeline.store.copies import Place, number_copies, text_id
from pipeline.store.errors import InconsistentExtractionError
from pipeline.store.files import Workplace
from pipeline.store.lock import not_writable
from pipeline.store.sketch import LineageJoin, Sketch
from pipeline.store.tables import Tables

# The entries of runs.versions that say by what verdicts were derived, and which views the database has.
DERIVED_BY = "verdicts"
SHOWN_BY = "views"


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """The current document at one place, as far as a run needs it to tell whether the article changed."""

    document_id: str
    sha256: str
    pipeline_key: str
    copy_ordinal: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """What the table `runs` keeps of a run: versions, counts and seconds by name; `kind` is `run` or `curation`."""

    started: datetime
    finished: datetime
    versions: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    kind: str = "run"
    seconds: Mapping[str, float] = field(default_factory=dict)


class Build:
    """The next version of the database at `db`, as a context manager.

    Entering takes the lock and copies the published database to `<db>.building`. `publish` puts that file in
    the place of the published one; leaving without it throws the file away. Readers of the published database
    are not disturbed at any time. `pipeline_key` stands for everything that decides what an article yields.
    """

    def __init__(self, db: Path, pipeline_key: str) -> None:
        self.pipeline_key = pipeline_key
        self.run_id = stable_id("run", datetime.now(UTC).isoformat(), os.getpid(), db)
        self._workplace = Workplace(db.absolute())
        self._resources = ExitStack()
        self._numbered: dict[str, dict[Place, int]] = {}
        self._run_sources: dict[str, str] = {}  # what the catalog says of where to look, by source_id
        self._run_rejects: set[Place] = set()
        self._is_changed = False
        self._derived_by: str | None = None

    def __enter__(self) -> Self:
        """Lock, copy, open.

        Raises `DatabaseBusyError`, `OutputNotWritableError`, or `SchemaError` for a published file that is no
        claims database or that another version wrote.
        """
        workplace = self._workplace
        with ExitStack() as resources:
            is_new = resources.enter_context(workplace.prepared())
            try:
                self._tables = resources.enter_context(Tables.opened(workplace.building, workplace.spill))
                if is_new:
                    schema.create(self._tables.connection)
                self._is_changed = schema.migrate(self._tables.connection) or is_new
                schema.check_version(self._tables.connection, workplace.db)
                last = self._tables.rows(
                    "SELECT versions[?], versions[?] FROM runs ORDER BY ordinal DESC LIMIT 1", [DERIVED_BY, SHOWN_BY]
                )
                self._derived_by, shown_by = last[0] if last else (None, None)
                if self._is_changed or shown_by != schema.views_key():
                    schema.renew_views(self._tables.connection)
            except duckdb.Error as error:
                if is_new:
                    raise
                raise schema.not_a_database(workplace.db, error) from error
            self._resources = resources.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()
        if isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
            raise not_writable(self._workplace.db.parent, OSError(str(error).splitlines()[0])) from error

    # What is there already

    def known(self) -> dict[Place, KnownDocument]:
        """The current document at each (source_id, path)."""
        found = self._tables.rows(
            "SELECT source_id, path, document_id, sha256, pipeline_key, copy_ordinal "
            "FROM documents WHERE superseded_by IS NULL"
        )
        return {(source_id, path): KnownDocument(*rest) for source_id, path, *rest in found}

    def known_rejects(self) -> dict[Place, Reject]:
        """The stored rejects by (source_id, path)."""
        found = self._tables.rows("SELECT source_id, path, stage, reason, sha256 FROM rejects ORDER BY ALL")
        return {
            (source_id, path): Reject(source_id, path, Stage(stage), reason, sha256)
            for source_id, path, stage, reason, sha256 in found
        }

    def visits(self, sources: Sequence[Source]) -> dict[str, dict[str, Visit]]:
        """For each source_id the visits by path that the next one may rest on.

        These are visits of which this pipeline read what there was; the visit of a source as a whole counts only
        while the catalog says the same of where to look.
        """
        asked = {source.source_id: source.asked for source in sources}
        found: dict[str, dict[str, Visit]] = {source_id: {} for source_id in asked}
        for source_id, path, *rest, where in self._tables.rows(
            "SELECT source_id, path, visited_at, etag, last_modified, cursor, asked FROM visits WHERE pipeline_key = ?",
            [self.pipeline_key],
        ):
            if source_id in asked and (path or where == asked[source_id]):
                found[source_id][path] = Visit(source_id, path, rest[0].replace(tzinfo=UTC), *rest[1:])
        return found

    def text_copies(self, text_ids: Collection[str]) -> dict[str, dict[Place, int]]:
        """For each text id that is known: the places that have or once had this text, and their copy numbers."""
        copies: dict[str, dict[Place, int]] = {}
        with self._tables.incoming(rows.string_columns(text_id=text_ids)):
            found = self._tables.rows(
                "SELECT text_id, source_id, path, copy_ordinal FROM documents SEMI JOIN incoming USING (text_id)"
            )
        for text, source_id, path, ordinal in found:
            copies.setdefault(text, {})[source_id, path] = ordinal
        for text in self._numbered.keys() & set(text_ids):
            copies.setdefault(text, {}).update(self._numbered[text])
        return copies

    def concepts_mentioned(self) -> list[str]:
        """The concept ids of all mentions, in order."""
        found = self._tables.rows("SELECT DISTINCT concept_id FROM mentions WHERE concept_id IS NOT NULL ORDER BY ALL")
        return [concept_id for (concept_id,) in found]

    def numbered(self, articles: Sequence[Article]) -> list[Article]:
        """`articles` with their copy numbers, in the same order: exact copies of one text differ in document_id.

        Numbers do not depend on the order of `articles`; over several calls, hand articles in in sorted order.
        """
        texts = {(article.source_id, article.path): text_id(article.text) for article in articles}
        numbers = number_copies(texts, self.text_copies(set(texts.values())))
        for place, number in numbers.items():
            self._numbered.setdefault(texts[place], {})[place] = number
        return [article.as_copy(numbers[article.source_id, article.path]) for article in articles]

    def totals(self) -> dict[str, int]:
        """How many rows there are now, by name; of documents, sentences, … those of current versions."""
        current = "SEMI JOIN (FROM documents WHERE superseded_by IS NULL) USING (document_id)"
        parts = ("documents", "sentences", "mentions", "claims", "triples")
        queries = {part: f"SELECT count(*) FROM {part} {current}" for part in parts}
        queries["lineages"] = "SELECT count(DISTINCT lineage_id) FROM documents WHERE superseded_by IS NULL"
        queries |= {part: f"SELECT count(*) FROM {part}" for part in ("sources", "rejects", "consensus", "conflicts")}
        return {name: self._tables.rows(query)[0][0] for name, query in queries.items()}

    # What is added

    def add_sources(self, sources: Sequence[Source]) -> None:
        """Store the sources of this run; sources of earlier runs stay."""
        self._run_sources |= {source.source_id: source.asked for source in sources}
        with self._tables.incoming(rows.source_columns(sources)):
            self._renew("sources", "FROM incoming UNION ALL BY NAME FROM sources ANTI JOIN incoming USING (source_id)")

    def add_concepts(self, concepts: Sequence[Concept], aliases: Sequence[Alias]) -> None:
        """Store the vocabulary in place of the one that is there."""
        with self._tables.incoming(rows.concept_columns(concepts)):
            self._renew("concepts", "FROM incoming")
        with self._tables.incoming(rows.alias_columns(aliases)):
            self._renew("concept_aliases", "FROM incoming")

    def add(self, extractions: Sequence[Extraction]) -> None:
        """Store what articles gave, each as the current version at its place.

        A document that is there already is replaced. Another text at the same place is superseded, and a text
        that comes back is current again. Of two extractions for one place, the later counts.
        Raises `InconsistentExtractionError`, and writes nothing, if records contradict each other.
        """
        refuse_contradictions(list({(e.article.source_id, e.article.path): e for e in extractions}.values()))
        with parts.in_memory(self._tables.connection, extractions, self.pipeline_key) as relations:
            self._add(relations)

    def add_file(self, shard: Path) -> None:
        """The same for what the Parquet file `shard` holds. Raises `BrokenShardError` if it is no such file."""
        with parts.in_file(self._tables.connection, shard, self._tables.columns(parts.TABLES)) as relations:
            self._add(relations)

    def add_rejects(self, rejects: Sequence[Reject]) -> None:
        """Store articles that could not be used; one that was rejected before for the same reason stays as it is."""
        rejects = [replace(reject, path=storable(reject.path), reason=storable(reject.reason)) for reject in rejects]
        self._run_rejects |= {(reject.source_id, reject.path) for reject in rejects}
        with self._tables.incoming(rows.reject_columns(rejects, self.run_id)):
            self._tables.renew(
                "rejects",
                "SELECT DISTINCT i.* REPLACE (coalesce(r.since_run, i.since_run) AS since_run) FROM incoming i "
                "LEFT JOIN rejects r USING (source_id, path, stage, reason, sha256) "
                "UNION ALL BY NAME FROM rejects ANTI JOIN incoming USING (source_id, path)",
            )

    def add_visits(self, visits: Sequence[Visit]) -> None:
        """Store what places of this run's sources showed, in place of what they showed before."""
        with self._tables.incoming(rows.visit_columns(visits, self._run_sources, self.pipeline_key)):
            self._tables.renew(
                "visits", "FROM incoming UNION ALL BY NAME FROM visits ANTI JOIN incoming USING (source_id, path)"
            )

    def add_decisions(self, decisions: Sequence[Decision], withdrawn: Collection[str], at: datetime) -> None:
        """Store what reviewers decided; earlier decisions whose ids are `withdrawn` stand no more from `at` on."""
        tables = self._tables
        self._is_changed = True
        with tables.transaction():
            with tables.incoming(rows.string_columns(decision_id=withdrawn)):
                tables.run(
                    "UPDATE decisions SET withdrawn_at = ? "
                    "WHERE withdrawn_at IS NULL AND decision_id IN (SELECT decision_id FROM incoming)",
                    [rows.naive_utc(at)],
                )
            with tables.incoming(rows.decision_columns(decisions)):
                tables.run("INSERT INTO decisions BY NAME FROM incoming")

    # Lineages

    def unsketched(self, method: str) -> Iterator[tuple[str, str]]:
        """Document id and text of each document, of any version, that has no sketch made by `method`."""
        return self._tables.stream(
            "SELECT document_id, text FROM documents ANTI JOIN (FROM sketches WHERE method = ?) USING (document_id)",
            [method],
        )

    def add_sketches(self, method: str, sketches: Mapping[str, Sketch]) -> None:
        """Store the sketch of each document id, in place of one that is there."""
        tables = self._tables
        with (
            tables.transaction(),
            tables.incoming(rows.sketch_columns(sketches, method)),
            tables.incoming(rows.hash_columns(sketches), "incoming_hashes"),
        ):
            tables.run("DELETE FROM sketches WHERE document_id IN (SELECT document_id FROM incoming)")
            tables.run(
                "INSERT INTO sketches BY NAME SELECT incoming.*, coalesce(hashes, []) AS hashes FROM incoming "
                "LEFT JOIN (SELECT document_id, list(hash ORDER BY hash) AS hashes FROM incoming_hashes GROUP BY ALL) "
                "USING (document_id) ORDER BY document_id"
            )

    def sketches(self, method: str, only: Collection[str] | None = None) -> dict[str, Sketch]:
        """The sketches made by `method`, by document id; `only` those of some documents, if that is given."""
        found = self._tables.connection.execute(
            "SELECT document_id, shingles, one_in, words_hash, hashes FROM sketches WHERE method = $1 "
            "AND ($2 IS NULL OR document_id IN (SELECT unnest($2::VARCHAR[]))) ORDER BY document_id",
            [method, None if only is None else list(only)],
        ).fetchnumpy()
        columns = (found[name].tolist() for name in ("document_id", "shingles", "one_in", "words_hash"))
        return {
            document_id: Sketch(shingles, one_in, words_hash, hashes)
            for document_id, shingles, one_in, words_hash, hashes in zip(*columns, found["hashes"], strict=True)
        }

    def set_lineages(self, lineages: Mapping[str, str]) -> None:
        """Give each document id its lineage; documents that are not named keep theirs."""
        with self._tables.incoming(rows.lineage_columns(lineages)):
            self._tables.run(
                "UPDATE documents SET lineage_id = incoming.lineage_id FROM incoming "
                "WHERE documents.document_id = incoming.document_id AND documents.lineage_id <> incoming.lineage_id"
            )

    def document_ids(self) -> list[str]:
        """The ids of all documents, of any version, in order."""
        return [document_id for (document_id,) in self._tables.rows("SELECT document_id FROM documents ORDER BY ALL")]

    def lineage_joins(self, reasons: Collection[str]) -> tuple[LineageJoin, ...]:
        """The stored joins that have one of `reasons`, in order of their documents."""
        columns = "document_a, document_b, reason, measure, detail"
        found = self._tables.rows(
            f"SELECT {columns} FROM lineage_joins WHERE reason IN (SELECT unnest(?::VARCHAR[])) ORDER BY ALL",
            [list(reasons)],
        )
        return tuple(LineageJoin(*row) for row in found)

    def set_lineage_joins(self, joins: Sequence[LineageJoin]) -> None:
        """Store why documents are of one lineage, in place of the reasons that are there."""
        with self._tables.incoming(rows.join_columns(joins)):
            self._tables.renew("lineage_joins", "FROM incoming")

    # What is derived

    def is_settled(self, derived_by: str) -> bool:
        """Whether all that is derived was derived by what is called `derived_by`, and nothing has changed since."""
        return not self._is_changed and self._derived_by == derived_by

    def settle(self, derived_by: str) -> None:
        """Note that all that is derived was derived by what is called `derived_by`."""
        self._is_changed, self._derived_by = False, derived_by

    @property
    def run_ordinal(self) -> int:
        """The number of this run, counted from 1 in the order in which runs were made."""
        ((last,),) = self._tables.rows("SELECT coalesce(max(ordinal), 0) FROM runs")
        return int(last) + 1

    def execute(self, statements: str) -> None:
        """Run SQL that derives temporary tables and macros from what is stored, or keeps account of it."""
        self._tables.run(statements)

    def derive(self, table: str, query: str) -> None:
        """Put the rows of `query` in the place of what `table` holds; a table that holds just these is not touched."""
        self._tables.renew(table, query)

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All rows of a query on what is stored so far."""
        return self._tables.rows(query, parameters)

    # The end of the run

    def finish(self, run: RunRow, partial: Collection[str] = ()) -> None:
        """Add the run, and forget rejects of its sources that it did not meet again.

        Of the sources in `partial`, which offer only what is new, rejected articles stay.
        """
        tables = self._tables
        versions = {**run.versions, DERIVED_BY: self._derived_by or "", SHOWN_BY: schema.views_key()}
        sources = rows.string_columns(source_id=self._run_sources)
        met = rows.string_columns(source_id=[s for s, _ in self._run_rejects], path=[p for _, p in self._run_rejects])
        with tables.transaction(), tables.incoming(sources), tables.incoming(met, "met"):
            tables.run(
                "DELETE FROM rejects WHERE source_id IN (SELECT source_id FROM incoming) "
                "AND (source_id, path) NOT IN (SELECT (source_id, path) FROM met) "
                "AND (source_id NOT IN (SELECT unnest(?::VARCHAR[])) "
                "OR (source_id, path) IN (SELECT (source_id, location) FROM sources))",
                [list(partial)],
            )
            tables.run(
                "INSERT INTO runs BY NAME SELECT ? AS run_id, ?::TIMESTAMP AS started, ?::TIMESTAMP AS finished, "
                "? AS pipeline_key, map(?::VARCHAR[], ?::VARCHAR[]) AS versions, "
                "map(?::VARCHAR[], ?::BIGINT[]) AS counts, ?::INTEGER AS ordinal, ? AS kind, "
                "map(?::VARCHAR[], ?::DOUBLE[]) AS seconds",
                [
                    self.run_id,
                    rows.naive_utc(run.started),
                    rows.naive_utc(run.finished),
                    self.pipeline_key,
                    list(versions),
                    list(versions.values()),
                    list(run.counts),
                    list(run.counts.values()),
                    self.run_ordinal,
                    run.kind,
                    list(run.seconds),
                    list(run.seconds.values()),
                ],
            )

    def publish(self) -> Path:
        """Put the new database in the place of the published one, for good; returns its path.

        Raises `OutputNotWritableError` if the folder does not let it; the published database then stays.
        """
        self._tables.close()
        self._workplace.publish()
        return self._workplace.db

    # Within

    def _renew(self, table: str, query: str) -> None:
        """Renew a table on which what is derived rests."""
        self._is_changed |= self._tables.renew(table, query)

    def _add(self, relations: parts.Relations) -> None:
        """Store the rows of `relations`, the documents among them as the current ones at their places."""
        run = self._tables.run
        with self._tables.transaction():
            run(f"CREATE TEMP TABLE coming AS {relations[parts.DOCUMENTS]}")
            self._refuse_taken_ids()
            self._replace_documents()
            for table, _ in parts.PARTS:
                run(f"INSERT INTO {table} BY NAME {relations[table]}")
            stored = self._tables.rows("SELECT source_id, path FROM coming")
            run("DROP TABLE coming")
        self._is_changed |= bool(stored)
        self._run_rejects.difference_update(stored)

    def _refuse_taken_ids(self) -> None:
        for document_id, source_id, path, other_source_id, other_path in self._tables.rows(
            "SELECT incoming.document_id, incoming.source_id, incoming.path, documents.source_id, documents.path "
            "FROM coming incoming JOIN documents USING (document_id) "
            "WHERE (incoming.source_id, incoming.path) <> (documents.source_id, documents.path)"
        ):
            raise InconsistentExtractionError(
                f"{source_id}:{path} has the id {document_id}, which {other_source_id}:{other_path} has already. "
                f"Exact copies must be numbered before they are extracted: see Build.numbered."
            )

    def _replace_documents(self) -> None:
        """Make the incoming documents the current ones at their places, without their parts as yet."""
        run = self._tables.run
        run(
            "CREATE TEMP TABLE arriving AS SELECT incoming.* REPLACE "
            "(coalesce(documents.lineage_id, incoming.lineage_id) AS lineage_id), "
            "NULL::VARCHAR AS superseded_by, ? AS extracted_run, coalesce(documents.first_run, ?) AS first_run "
            "FROM coming incoming LEFT JOIN documents USING (document_id)",
            [self.run_id, self.run_id],
        )
        if self._tables.rows("SELECT 1 FROM documents SEMI JOIN arriving USING (document_id) LIMIT 1"):
            for table in parts.TABLES:
                run(f"DELETE FROM {table} WHERE document_id IN (SELECT document_id FROM arriving)")
        run("INSERT INTO documents BY NAME FROM arriving")
        run(
            "UPDATE documents SET superseded_by = arriving.document_id FROM arriving "
            "WHERE documents.source_id = arriving.source_id AND documents.path = arriving.path "
            "AND documents.document_id <> arriving.document_id AND documents.superseded_by IS NULL"
        )
        run("DELETE FROM rejects WHERE (source_id, path) IN (SELECT (source_id, path) FROM arriving)")
        run("DROP TABLE arriving")
