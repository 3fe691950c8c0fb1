"""What Prefect's pages show of a run: a summary, the rejected articles, the pairs on which sources newly disagree."""

import logging

import httpx
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.exceptions import PrefectException

from pipeline.evidence.changes import new_conflicts
from pipeline.evidence.dictionaries import Row
from pipeline.run_report import RunReport
from pipeline.store import connect

log = logging.getLogger(__name__)

SHOWN = 200


def show_run(report: RunReport) -> None:
    """Make the artifacts of the run that ends now; call it within its flow.

    A server that does not take them costs a line in the log: the run is published.
    """
    with connect(report.db) as connection:
        conflicts = new_conflicts(connection, SHOWN)
    try:
        _make(report, conflicts)
    except (httpx.HTTPError, PrefectException) as error:
        log.warning("Prefect's server did not take what it was to show of the run (%s).", error)


def _make(report: RunReport, conflicts: list[Row]) -> None:
    create_markdown_artifact(summary(report), key="run-summary", description="What the run did")
    create_table_artifact(rejects(report), key="rejects", description="Articles that could not be used, and why")
    create_table_artifact(conflicts, key="new-conflicts", description="Pairs on which sources now disagree")


def summary(report: RunReport) -> str:
    """Counts, seconds and totals as Markdown."""
    seconds = (report.finished - report.started).total_seconds()
    lines = [f"Run `{report.run_id}` took {seconds:.1f} s.", "", "| | |", "|---|---:|"]
    lines += [
        f"| articles {name} | {report.counts[name]:,} |" for name in ("seen", "extracted", "unchanged", "rejected")
    ]
    lines += [f"| {name} in the database | {count:,} |" for name, count in report.totals.items()]
    lines += [f"| seconds {stage} | {value:.1f} |" for stage, value in report.seconds.items()]
    return "\n".join(lines)


def rejects(report: RunReport) -> list[dict[str, str]]:
    """The first rejected articles as rows."""
    return [
        {"source": reject.source_id, "path": reject.path, "stage": str(reject.stage), "reason": reject.reason}
        for reject in report.rejects[:SHOWN]
    ]
