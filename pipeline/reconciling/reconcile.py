"""Brings everything that is derived from the claims up to date, in the order in which it rests on each other."""

from pipeline.reconciling.queries import derived_by, query
from pipeline.reconciling.renewal import renew_lineages
from pipeline.store.build import Build

CURATED = ("merged_concepts", "claim_decisions")
RELIANCE = ("relies_on", "document_statuses")
# disagreements before verdicts: what explains them all is part of the verdict
JUDGED = ("voices", "disagreements", "disagreeing_claims", "verdicts")


def reconcile(build: Build) -> None:
    """Lineages, decisions, reliance, voices, disagreements, verdicts, what refines them, and their history.

    The order of the articles makes no difference, and running it again changes nothing; where nothing changed since
    it was done last, it is not done.
    """
    if build.is_settled(derived_by()):
        return
    renew_lineages(build)
    renew_verdicts(build)


def renew_verdicts(build: Build) -> None:
    """All that follows from claims, decisions and lineages as they are."""
    build.execute(query("macros"))
    build.execute(query("current"))
    for table in (*CURATED, *RELIANCE):
        build.derive(table, query(table))
    build.execute(query("told"))
    for table in JUDGED:
        build.derive(table, query(table))
    build.execute(query("lifted"))
    build.derive("rollups", query("rollups"))
    names = {"$run_id": f"'{build.run_id}'", "$run": str(build.run_ordinal)}
    history = query("history")
    for name, value in names.items():
        history = history.replace(name, value)
    build.execute(history)
    build.settle(derived_by())
    build.execute(
        "DROP TABLE current_documents; DROP TABLE told; DROP TABLE lifted; DROP TABLE counting; DROP TABLE ended"
    )
