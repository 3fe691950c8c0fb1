"""What articles say about muscle, exercise and the brain, one checkable claim a row."""

import atexit
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from pipeline.records import Claim
    from pipeline.run_report import RunReport

__all__: Sequence[str] = ("connect", "extract", "run")
DATABASE = "outputs/claims.duckdb"
CATALOG = "sources/catalog.toml"

# The imports are within the functions, so that `import pipeline` costs nothing: the libraries take seconds.


def run(
    sources: str | PathLike[str] = CATALOG,
    db: str | PathLike[str] = DATABASE,
    *,
    workers: int | None = None,
    fresh: bool = False,
) -> "RunReport":
    """Run the whole pipeline: `sources` (a catalog, a folder or a file) into the database `db`.

    `workers` is the number of processes that extract (default: the setting); with more than one, call this
    under `if __name__ == "__main__":`. `fresh` extracts unchanged articles too. Raises CatalogError,
    SettingsError, ModelError, StoreError or ServerError, each with words for the user.
    """
    from pipeline.prefect_local import settle, wind_down

    settle()
    from pipeline.temporary_server import begin_server

    server = begin_server()
    atexit.unregister(wind_down)
    atexit.register(wind_down)
    from pipeline.running.processes import begin_early

    begin_early(workers)
    from flows import claims_flow

    if server:
        server.wait()
    return claims_flow(str(sources), str(db), workers, fresh)


def extract(text: str) -> "list[Claim]":
    """The claims of a plain text; `text[claim.char_start:claim.char_end]` is the sentence of each."""
    from pipeline.single_text import claims_of

    return claims_of(text)


def connect(db: str | PathLike[str] = DATABASE) -> "duckdb.DuckDBPyConnection":
    """A read-only connection to the published database `db`. Raises StoreError with words for the user."""
    from pipeline.store.reader import connect as open_reader

    return open_reader(Path(db))
