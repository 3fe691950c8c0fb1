"""The SQL of what is derived, one file a table, in `derived/`."""

from functools import cache
from importlib.resources import files


@cache
def query(name: str) -> str:
    """The query that gives the derived table `name`, or the statements called so."""
    return files("pipeline.reconciling").joinpath(f"derived/{name}.sql").read_text(encoding="utf-8")
