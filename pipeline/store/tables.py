"""The DuckDB connection that a build writes through: columns in at once, tables renewed only where they differ."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import duckdb

from pipeline.store import schema
from pipeline.store.rows import Columns

MEMORY_LIMIT = "512MB"
ROWS_AT_ONCE = 100
# A build that is killed is thrown away, so nothing is written twice for the sake of recovery.
NO_LOG = "RECOVERY_MODE no_wal_writes"


class Tables:
    """The tables of the database file at `building`, open for writing."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    @classmethod
    @contextmanager
    def opened(cls, building: Path, spill: Path) -> Iterator[Self]:
        """Open the file at `building`, or create it; what does not fit into memory goes to the folder `spill`.

        Raises `duckdb.Error` if the file is no database.
        """
        connection = duckdb.connect(":memory:", config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)})
        try:
            connection.execute("SET enable_progress_bar = false")
            # object columns hold strings and None only; looking at samples of them is slow and can mislead
            connection.execute("SET GLOBAL pandas_analyze_sample = 0")
            version = schema.quoted(schema.STORAGE_VERSION)
            connection.execute(f"ATTACH {schema.quoted(building)} AS building (STORAGE_VERSION {version}, {NO_LOG})")
            connection.execute("USE building")
            yield cls(connection)
        finally:
            connection.close()

    def run(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Execute a statement whose result is of no interest."""
        self.connection.execute(statement, parameters)

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All rows of a query."""
        return self.connection.execute(query, parameters).fetchall()

    def stream(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Any]:
        """The rows of a query a few at a time, as the tables were when it began; tables may be written meanwhile."""
        with self.connection.cursor() as cursor:
            cursor.execute("USE building")
            cursor.execute(query, parameters)
            while found := cursor.fetchmany(ROWS_AT_ONCE):
                yield from found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done in the context, or nothing of it."""
        self.connection.begin()
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    @contextmanager
    def incoming(self, columns: Columns, name: str = "incoming") -> Iterator[None]:
        """`columns` as a table called `name` while the context lasts."""
        self.connection.register(name, columns)
        try:
            yield
        finally:
            self.connection.unregister(name)

    def columns(self, tables: Sequence[str]) -> dict[str, list[str]]:
        """The names of the columns of each of `tables`, in order."""
        found: dict[str, list[str]] = {table: [] for table in tables}
        for table, column in self.rows(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'building' "
            "AND table_name IN (SELECT unnest(?::VARCHAR[])) ORDER BY table_name, column_index",
            [list(tables)],
        ):
            found[table].append(column)
        return found

    def renew(self, table: str, query: str) -> bool:
        """Replace what `table` holds by the rows of `query`, sorted; leave it untouched if it holds just these.

        Gives whether it held others.
        """
        # Outside the transaction: DuckDB 2.0 loses the rows that several threads insert into a table which was made
        # empty by CREATE TABLE AS in the same transaction.
        self.run(f"CREATE OR REPLACE TEMP TABLE renewed AS FROM {table} LIMIT 0")
        self.run(f"INSERT INTO renewed BY NAME {query}")
        is_other = self._differ("renewed", table)
        if is_other:
            with self.transaction():
                self.run(f"DELETE FROM {table}")
                self.run(f"INSERT INTO {table} FROM renewed ORDER BY ALL")
        self.run("DROP TABLE renewed")
        return is_other

    def _differ(self, one: str, other: str) -> bool:
        """Whether two tables of the same columns hold different rows; the order makes no difference."""
        ((size, other_size),) = self.rows(f"SELECT (SELECT count(*) FROM {one}), (SELECT count(*) FROM {other})")
        # of two sets of one size, neither can lack what the other has without having something of its own
        return size != other_size or bool(self.rows(f"SELECT 1 FROM (FROM {one} EXCEPT ALL FROM {other}) LIMIT 1"))

    def close(self) -> None:
        """Write everything into the file itself and let go of it."""
        self.run("CHECKPOINT building")
        self.connection.close()
