"""The read-only connection."""

from pathlib import Path

import duckdb
import pytest

from pipeline.store import DatabaseMissingError, connect
from tests.store.stories import INCREASES, publish, told


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reader") / "it's a.duckdb"
    publish(path, told("a", INCREASES, triple=True))
    return path


def test_a_missing_database_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissingError, match=r"no database at .*c\.duckdb\. Run `myoclaims run` first"):
        connect(tmp_path / "c.duckdb")
    assert not (tmp_path / "c.duckdb").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM claims",
        "CREATE TABLE mine AS SELECT 1",
        "COPY claims TO 'out.csv'",
        "SELECT * FROM read_text('/etc/hosts')",
        "ATTACH 'other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_a_query_can_neither_write_nor_leave_the_database(db: Path, statement: str) -> None:
    with connect(db) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement)


def test_several_connections_and_cursors_read_together(db: Path) -> None:
    with connect(db) as one, connect(str(db)) as other, one.cursor() as cursor:
        counts = {c.execute("SELECT count(*) FROM evidence").fetchone() for c in (one, other, cursor)}
    assert counts == {(1,)}


def test_every_table_view_and_column_says_what_it_is(db: Path) -> None:
    with connect(db) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal"
        ).fetchall()
        relations = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL "
            "UNION ALL SELECT view_name FROM duckdb_views() WHERE comment IS NULL AND NOT internal"
        ).fetchall()
    assert (columns, relations) == ([], [])


CONTRACT = {
    "sources": "source_id title kind tier url publisher",
    "documents": "document_id source_id path url title author published fetched_at text sha256 "
    "lineage_id superseded_by",
    "sentences": "sentence_id document_id ordinal section text char_start char_end timestamp_s",
    "mentions": "mention_id sentence_id concept_id text ner_label char_start char_end method score",
    "concepts": "concept_id label role class curie broader_id",
    "concept_aliases": "concept_id text",
    "claims": "claim_id document_id sentence_id subject_id object_id effect negated hedged hedge_cue species "
    "population modality dose duration study_design rule confidence char_start char_end",
    "triples": "triple_id document_id myokine_id mechanism_id outcome_id mechanism_effect outcome_effect negated "
    "hedged scope claim_ids",
    "evidence": "claim_id subject subject_id effect object object_id negated hedged sentence lineage_id",
    "consensus": "subject_id object_id sources lineages increases decreases affects null_results hedged support "
    "opposition conflict verdict",
    "triple_consensus": "myokine_id mechanism_id outcome_id sources lineages increases decreases affects null_results "
    "hedged support opposition conflict verdict",
    "conflicts": "claim_id_a claim_id_b kind explained_by",
    "runs": "run_id started finished versions counts",
    "rejects": "path stage reason",
}


@pytest.mark.parametrize(("relation", "columns"), CONTRACT.items())
def test_the_public_columns_are_there(db: Path, relation: str, columns: str) -> None:
    with connect(db) as connection:
        connection.execute(f"SELECT {', '.join(columns.split())} FROM {relation}")
