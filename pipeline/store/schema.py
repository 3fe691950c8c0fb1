"""The SQL of the store: creates the tables, renews the views, and tells which files this program can read."""

from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from pipeline.records import stable_id
from pipeline.store.errors import SchemaError

SCHEMA_VERSION = 4
OLDEST_VERSION = 1  # from which there are migrations
DERIVED_SINCE = 3  # the version that brought the tables of derived.sql
STORAGE_VERSION = "v1.5.0"
VIEWS = (
    "at_odds",
    "curated_claims",
    "evidence",
    "statements",
    "consensus",
    "refinement",
    "conflicts",
    "drift",
    "lineages",
    "history",
)


def quoted(value: object) -> str:
    """`value` as an SQL string literal, for statements that take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables in the current catalog and note the schema version."""
    connection.begin()
    connection.execute(_sql("schema.sql"))
    connection.execute(_sql("derived.sql"))
    connection.execute("INSERT INTO schema_version VALUES (?)", [SCHEMA_VERSION])
    connection.commit()


def renew_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Write comments, settings and views anew in the current catalog, so that they are those of this program."""
    connection.begin()
    for statements in _views():
        connection.execute(statements)
    connection.commit()


def views_key() -> str:
    """Changes whenever `renew_views` would write anything else."""
    return stable_id("views", *_views())


@cache
def _views() -> tuple[str, ...]:
    return tuple(_sql(name) for name in ("comments.sql", "settings.sql", *(f"views/{name}.sql" for name in VIEWS)))


def migrate(connection: duckdb.DuckDBPyConnection) -> bool:
    """Bring the tables of an older schema version in the current catalog up to this one, step by step.

    Gives whether there was anything to do.
    """
    is_migrated = False
    with suppress(duckdb.CatalogException):  # no such table: not a claims database, which `check_version` tells
        row = connection.execute("SELECT version FROM schema_version").fetchone()
        version = int(row[0]) if row else SCHEMA_VERSION
        for target in range(version + 1, SCHEMA_VERSION + 1) if version >= OLDEST_VERSION else ():
            connection.begin()
            connection.execute(_sql(f"migrations/to-{target}.sql"))
            if target == DERIVED_SINCE:
                connection.execute(_sql("derived.sql"))
            connection.execute("UPDATE schema_version SET version = ?", [target])
            connection.commit()
            is_migrated = True
    return is_migrated


def check_version(connection: duckdb.DuckDBPyConnection, db: Path) -> None:
    """Raise `SchemaError` unless the current catalog is a claims database of this schema version."""
    try:
        row = connection.execute("SELECT version FROM schema_version").fetchone()
    except duckdb.CatalogException:
        row = None
    if row is None:
        raise SchemaError(
            f"{db} is a DuckDB file but not a claims database: it has no table schema_version. "
            f"Expected a file that `myoclaims run` wrote; give another path with --db."
        )
    (found,) = row
    if found > SCHEMA_VERSION:
        raise SchemaError(
            f"{db} has schema version {found}, which a newer program wrote; this one knows version {SCHEMA_VERSION}. "
            f"Upgrade myokine-claims, or give another path with --db."
        )
    if found < SCHEMA_VERSION:
        raise SchemaError(
            f"{db} has schema version {found}; this program writes version {SCHEMA_VERSION}. "
            + (
                "The next `myoclaims run` with this --db converts it."
                if found >= OLDEST_VERSION
                else "It cannot convert it: move the file away and run again to build it anew."
            )
        )


def not_a_database(db: Path, error: duckdb.Error) -> SchemaError:
    """The error for a file that DuckDB cannot open."""
    return SchemaError(
        f"{db} cannot be opened as a DuckDB database ({str(error).splitlines()[0]}). "
        f"If it is damaged, move it away and run again to build it anew; else give another path with --db."
    )


def _sql(name: str) -> str:
    return files("pipeline.store").joinpath(name).read_text(encoding="utf-8")
