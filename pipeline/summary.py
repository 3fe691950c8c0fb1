"""What `myoclaims run` shows: a progress bar while it works, a summary at the end."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from pipeline.highlights import highlights
from pipeline.progress import Progress, listening
from pipeline.run_report import RunReport

SHOWN_REJECTS = 50
TOTALS = (
    ("Claims", "claims", "in current versions of articles"),
    ("Triples", "triples", "myokine, mechanism, outcome"),
    ("Pairs", "consensus", "subject and object, with a verdict"),
    ("Conflicts", "conflicts", "ways in which sources disagree"),
    ("Sentences", "sentences", ""),
    ("Lineages", "lineages", "independent articles"),
)


@contextmanager
def progress_bar() -> Iterator[None]:
    """Show on standard error how far the run of this block has come; nothing where that is no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<12}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[articles]} articles, {task.fields[claims]} claims"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting", total=None, articles=0, claims=0)

        def show(progress: Progress) -> None:
            bar.update(task, description=progress.step, articles=progress.articles, claims=progress.claims)

        with listening(show):
            yield


def print_summary(report: RunReport, connection: duckdb.DuckDBPyConnection) -> None:
    """Counts, what stands out in the database, rejected articles with their reasons, and where everything is."""
    counts, totals = report.counts, report.totals
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    note = f"{counts['extracted']} extracted, {counts['unchanged']} unchanged, {counts['rejected']} rejected"
    table.add_row("Articles", str(counts["seen"]), note)
    for name, key, meaning in TOTALS:
        table.add_row(name, str(totals[key]), meaning)
    console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False)
    console.print(table)
    found = highlights(connection)
    if found:
        print()
    for name, sentence in found:
        print(f"{name:<10} {sentence}")
    if report.rejects:
        print("\nRejected")
    for reject in report.rejects[:SHOWN_REJECTS]:
        print(f"  {reject.source_id} {reject.path} ({reject.stage}): {reject.reason}")
    if len(report.rejects) > SHOWN_REJECTS:
        print(f"  … and {len(report.rejects) - SHOWN_REJECTS} more: myoclaims sql 'FROM rejects'")
    print(f"\nDatabase   {report.db}")
    for i, path in enumerate(report.tables):
        print(f"{'Tables' if i == 0 else '':<10} {path}")
