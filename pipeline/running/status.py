"""What `myoclaims status` tells: the last runs, what they did, what was rejected and why, and what went wrong since."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipeline.running.failure import last_failure
from pipeline.store.files import unfinished_since
from pipeline.store.lock import holder

WIDTH = 11
SHOWN_RUNS = 5
SHOWN_REJECTS = 50

RUNS = """
    SELECT run_id, kind, started, finished, counts, seconds FROM runs ORDER BY ordinal DESC LIMIT ?
"""
REJECTS = """
    SELECT r.source_id, r.path, r.stage, r.reason, since.started
    FROM rejects r LEFT JOIN runs since ON since.run_id = r.since_run
    ORDER BY since.started DESC NULLS FIRST, r.source_id, r.path
"""
TOTALS = """
    SELECT (SELECT count(*) FROM documents WHERE superseded_by IS NULL),
        (SELECT count(*) FROM claims SEMI JOIN (FROM documents WHERE superseded_by IS NULL) USING (document_id)),
        (SELECT count(*) FROM consensus)
"""


def status(connection: duckdb.DuckDBPyConnection, db: Path) -> str:
    """The state of the published database `db`, to which `connection` is open, and of the runs that build it."""
    return "\n".join(_lines(connection, db))


def _lines(connection: duckdb.DuckDBPyConnection, db: Path) -> Iterator[str]:
    runs = connection.execute(RUNS, [SHOWN_RUNS]).fetchall()
    for number, (run_id, kind, started, finished, counts, seconds) in enumerate(runs):
        name = ("Last run", "Before")[number] if number < 2 else ""
        took = f"{started:%Y-%m-%d %H:%M} UTC, {(finished - started).total_seconds():.0f} s"
        yield f"{name:<{WIDTH}}{took}: {_did(kind, counts)}"
        if number == 0:
            yield f"{'':<{WIDTH}}{run_id}"
            if seconds:
                yield f"{'':<{WIDTH}}seconds: " + ", ".join(f"{stage} {value:.1f}" for stage, value in seconds.items())
    articles, claims, pairs = connection.execute(TOTALS).fetchall()[0]
    yield f"{'Database':<{WIDTH}}{db}: {articles:,} articles, {claims:,} claims, {pairs:,} pairs with a verdict"
    yield from _what_went_wrong(db)
    rejects = connection.execute(REJECTS).fetchall()
    yield f"{'Rejected':<{WIDTH}}{len(rejects)}"
    for source_id, path, stage, reason, since in rejects[:SHOWN_REJECTS]:
        yield (
            f"  {source_id} {path} ({stage}, since {since:%Y-%m-%d}): {reason}"
            if since
            else (f"  {source_id} {path} ({stage}): {reason}")
        )
    if len(rejects) > SHOWN_REJECTS:
        yield f"  … and {len(rejects) - SHOWN_REJECTS} more: myoclaims sql 'FROM rejects'"


def _what_went_wrong(db: Path) -> Iterator[str]:
    process = holder(db)
    if process is not None:
        yield f"{'Now':<{WIDTH}}a run is at work (process {process})"
    elif since := unfinished_since(db):
        began = datetime.fromtimestamp(since, UTC)
        yield (
            f"{'Broken off':<{WIDTH}}a run that was at work on {began:%Y-%m-%d %H:%M} UTC was killed; "
            "this is the database from before it, and the next run goes on where it was"
        )
    if failure := last_failure(db):
        yield f"{'Failed':<{WIDTH}}{failure.at} UTC, after the last run that went well: {failure.error}"


def _did(kind: str, counts: Mapping[str, int]) -> str:
    if kind != "run":
        return f"{kind}: " + ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    told = ", ".join(f"{counts.get(name, 0):,} {name}" for name in ("extracted", "unchanged", "rejected"))
    return f"{told}; {counts.get('claims', 0):,} claims found"
