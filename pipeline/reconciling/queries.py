"""The SQL of what is derived, one file a table, in `derived/`."""

from functools import cache
from importlib.resources import files

from pipeline.reconciling.shingles import METHOD
from pipeline.records import stable_id

# Counted up when lineages are found in another way, so that the next run finds them anew.
LINEAGES_VERSION = "2"


@cache
def query(name: str) -> str:
    """The query that gives the derived table `name`, or the statements called so."""
    return files("pipeline.reconciling").joinpath(f"derived/{name}.sql").read_text(encoding="utf-8")


@cache
def derived_by() -> str:
    """Changes whenever the same claims could give other verdicts or lineages."""
    folders = ("pipeline.reconciling/derived", "pipeline.store", "pipeline.store/views")
    found = [
        file
        for package, _, folder in (name.partition("/") for name in folders)
        for file in files(package).joinpath(folder).iterdir()
        if file.name.endswith(".sql")
    ]
    texts = (file.read_text(encoding="utf-8") for file in sorted(found, key=lambda file: file.name))
    return stable_id("der", LINEAGES_VERSION, METHOD, *texts)
