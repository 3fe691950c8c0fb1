"""What articles gave, as the rows of each table: handed to DuckDB in memory, or written to a shard and read again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

import duckdb

from pipeline.records import Extraction
from pipeline.store import rows
from pipeline.store.errors import BrokenShardError
from pipeline.store.schema import quoted

# By table, SQL that gives rows of it.
Relations: TypeAlias = Mapping[str, str]

DOCUMENTS = "documents"
# What a document is made of besides: the table, and how extractions become its columns.
PARTS: tuple[tuple[str, Callable[[Sequence[Extraction]], rows.Columns]], ...] = (
    ("sentences", rows.sentence_columns),
    ("mentions", rows.mention_columns),
    ("claims", rows.claim_columns),
    ("triples", rows.triple_columns),
    ("dropped", rows.dropped_columns),
    ("document_identifiers", rows.identifier_columns),
    ("citations", rows.citation_columns),
)
TABLES = (DOCUMENTS, *(table for table, _ in PARTS))


@contextmanager
def in_memory(
    connection: duckdb.DuckDBPyConnection, extractions: Sequence[Extraction], pipeline_key: str
) -> Iterator[Relations]:
    """The rows of `extractions` while the context lasts; of two extractions for one place, the later counts."""
    latest = list({(e.article.source_id, e.article.path): e for e in extractions}.values())
    columns = {DOCUMENTS: rows.document_columns(latest, pipeline_key)}
    columns |= {table: as_columns(latest) for table, as_columns in PARTS}
    relations = {table: f"FROM incoming_{table}" for table in columns}
    # lists cannot be handed in: the ids come joined by spaces
    relations["triples"] = (
        "SELECT * REPLACE (string_split(claim_ids, ' ').list_filter(lambda x: x <> '') AS claim_ids) "
        "FROM incoming_triples"
    )
    with ExitStack() as registered:
        for table, values in columns.items():
            connection.register(f"incoming_{table}", values)
            registered.callback(connection.unregister, f"incoming_{table}")
        yield relations


def write_file(extractions: Sequence[Extraction], pipeline_key: str, path: Path) -> None:
    """Write `extractions` to a Parquet file at `path`: the column `part` names the table that a row belongs to.

    The same extractions give the same bytes with the same version of DuckDB. Raises OSError or duckdb.Error where
    the file cannot be written.
    """
    with (
        duckdb.connect(":memory:", config={"threads": 1}) as connection,
        in_memory(connection, extractions, pipeline_key) as relations,
    ):
        connection.execute("SET GLOBAL pandas_analyze_sample = 0")
        every = " UNION ALL BY NAME ".join(
            f"SELECT '{table}' AS part, * FROM ({relation})" for table, relation in relations.items()
        )
        connection.execute(f"COPY ({every}) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd)")


@contextmanager
def in_file(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, Sequence[str]]
) -> Iterator[Relations]:
    """The rows in the file at `path` while the context lasts; `columns` names those of each table that are wanted.

    Raises BrokenShardError if it is no Parquet file.
    """
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE shard AS FROM read_parquet({quoted(path)})")
    except (duckdb.InvalidInputException, duckdb.BinderException, duckdb.SerializationException) as error:
        raise BrokenShardError(f"The shard {path} cannot be read ({str(error).splitlines()[0]}).") from error
    try:
        present = {name for name, *_ in connection.execute("DESCRIBE shard").fetchall()}
        yield {
            table: f"SELECT {', '.join(c for c in columns[table] if c in present)} FROM shard WHERE part = '{table}'"
            for table in TABLES
        }
    finally:
        connection.execute("DROP TABLE shard")
