"""Opens a published database for reading."""

from pathlib import Path

import duckdb

from pipeline.store import schema
from pipeline.store.errors import DatabaseBusyError, DatabaseMissingError

CONFIG: dict[str, str | bool | int | float | list[str]] = {"enable_external_access": "false"}


def connect(db: Path | str) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the claims database at `db`.

    It shows the snapshot that was published when it was opened, also after a newer one has taken its place.
    SQL on it cannot reach files or the network (`enable_external_access` is off and cannot be turned on), so
    that a query from elsewhere can be run without fear; to write a result to a file, fetch it first.

    Raises `DatabaseMissingError` if there is no file, `DatabaseBusyError` if another program writes to it,
    `SchemaError` if it is no claims database of this version.
    """
    path = Path(db).absolute()
    if not path.is_file():
        raise DatabaseMissingError(
            f"There is no database at {path}. Run `myoclaims run` first, or give the path of one with --db."
        )
    try:
        connection = duckdb.connect(path, read_only=True, config=CONFIG)
    except duckdb.Error as error:
        if "lock" in str(error):
            raise DatabaseBusyError(f"{path} is open for writing in another program. Close it there first.") from error
        raise schema.not_a_database(path, error) from error
    try:
        schema.check_version(connection, path)
        if _is_outdated(connection, path):
            connection.close()
            connection = _attached(path)
            schema.check_version(connection, path)
    except duckdb.Error as error:
        connection.close()
        raise schema.not_a_database(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _attached(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection that never shares what another connection of this process has open."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"ATTACH {schema.quoted(path)} AS published (READ_ONLY)")
    connection.execute("USE published")
    connection.execute("SET enable_external_access = false")
    return connection


def _is_outdated(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether `connection` shows an older file than the one at `path`.

    DuckDB shares one open file among all connections of a process to the same path, also when that file has
    been replaced since.
    """
    runs = "SELECT count(*), bit_xor(hash(run_id)) FROM runs"
    with _attached(path) as published:
        return connection.execute(runs).fetchone() != published.execute(runs).fetchone()
