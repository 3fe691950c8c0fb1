"""Writes the evidence tables of a published database as files.

CSV files are UTF-8 with a byte order mark, without which Excel garbles Greek letters; in Python read them with
`encoding="utf-8-sig"` (DuckDB, pandas, polars and R skip the mark). Lines end in CR LF (RFC 4180).
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.evidence.appearing import appearing
from pipeline.evidence.cells import cells
from pipeline.store.lock import not_writable
from pipeline.store.reader import connect
from pipeline.store.schema import quoted

ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Table:
    """One exported file: its name, the view or table behind it, and what it is sorted by."""

    name: str
    relation: str
    order: str

    @property
    def query(self) -> str:
        """The rows of the table in their order."""
        return f"SELECT * FROM {self.relation} ORDER BY {self.order}"


TABLES = (
    Table("evidence", "evidence", "subject_id, object_id, effect, claim_id"),
    Table("triples", "triple_evidence", "myokine_id, mechanism_id, outcome_id, triple_id"),
    Table("consensus", "consensus", "subject_id, object_id"),
    Table("triple_consensus", "triple_consensus", "myokine_id, mechanism_id, outcome_id"),
    Table("conflicts", "conflicts", "rank"),
    Table("refinement", "refinement", "subject_id, object_id"),
    Table("drift", "drift", "subject_id, object_id, claim_id_article, document_id_work"),
    Table("lineages", "lineage_members", "lineage_id, source_id, path"),
    Table("rejects", "rejects", "source_id, path, stage, reason"),
)


def export(db: Path, to: Path, format: str = "csv") -> list[Path]:
    """Write every table of `TABLES` to the folder `to`, and `columns.tsv`, which says what each column means.

    `format` is one of `FORMATS`. Gives the files written, `columns.tsv` last. Each file appears under its name
    only when it is complete. Rows are sorted, so the same database gives the same files.

    Raises ValueError for an unknown format, `OutputNotWritableError`, and what `connect` raises.
    """
    if format not in FORMATS:
        raise ValueError(f"Unknown format {format!r}; expected one of {', '.join(FORMATS)}.")
    with connect(db) as connection:
        try:
            to.mkdir(parents=True, exist_ok=True)
            return [*FORMATS[format](connection, Path(db), to), _write_columns(connection, to)]
        except OSError as error:
            raise not_writable(to, error) from error


def _write_csv(connection: duckdb.DuckDBPyConnection, db: Path, to: Path) -> list[Path]:
    files = []
    for table in TABLES:
        path = to / f"{table.name}.csv"
        with appearing(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
            result = connection.execute(table.query)
            writer = csv.writer(file)
            writer.writerow(column[0] for column in result.description)
            while rows := result.fetchmany(ROWS_AT_ONCE):
                writer.writerows(cells(rows))
        files.append(path)
    return files


def _write_parquet(connection: duckdb.DuckDBPyConnection, db: Path, to: Path) -> list[Path]:
    # the connection of readers may not write files
    files = []
    with duckdb.connect(":memory:") as writing:
        writing.execute(f"ATTACH {quoted(db.absolute())} AS published (READ_ONLY)")
        writing.execute("USE published")
        for table in TABLES:
            path = to / f"{table.name}.parquet"
            with appearing(path) as part:
                writing.execute(f"COPY ({table.query}) TO {quoted(part)} (FORMAT parquet, COMPRESSION zstd)")
            files.append(path)
    return files


FORMATS: dict[str, Callable[[duckdb.DuckDBPyConnection, Path, Path], list[Path]]] = {
    "csv": _write_csv,
    "parquet": _write_parquet,
}


def _write_columns(connection: duckdb.DuckDBPyConnection, to: Path) -> Path:
    described = {
        (relation, column): (kind, meaning)
        for relation, column, kind, meaning in connection.execute(
            "SELECT table_name, column_name, data_type, coalesce(comment, '') FROM duckdb_columns() "
            "WHERE database_name = current_database() ORDER BY table_name, column_index"
        ).fetchall()
    }
    path = to / "columns.tsv"
    with appearing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.write("table\tcolumn\ttype\tmeaning\n")
        for table in TABLES:
            for (relation, column), (kind, meaning) in described.items():
                if relation == table.relation:
                    file.write(f"{table.name}\t{column}\t{kind}\t{meaning}\n")
    return path
