"""The command `myoclaims`. Exit codes: 0 done, 1 nothing could be done or --strict was not met, 2 wrong usage."""

import atexit
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pipeline import CATALOG, DATABASE

# Libraries that take long to load are imported by the command that needs them.

app = typer.Typer(
    help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)


curate = typer.Typer(help="A reviewer's round trip: claims out to a CSV file, decisions back.", no_args_is_help=True)
app.add_typer(curate, name="curate")


class RowFormat(StrEnum):
    """How `sql` writes rows."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class ExportFormat(StrEnum):
    """How `export` writes tables."""

    CSV = "csv"
    PARQUET = "parquet"


class LogFormat(StrEnum):
    """How log lines are written."""

    TEXT = "text"
    JSON = "json"


Db = Annotated[Path, typer.Option(help="The published database.")]


@app.callback()
def common(
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log each article, and what goes wrong with its traceback.")
    ] = False,
    log: Annotated[
        LogFormat | None, typer.Option(help="Log a line a batch to standard error, as text or as JSON.")
    ] = None,
) -> None:
    """What articles say about muscle, exercise and the brain, one checkable claim a row."""
    if not verbose:
        logging.captureWarnings(True)  # libraries warn of their own affairs
    if verbose or log:
        from pipeline.running.lines import JsonLines, TextLines

        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines() if log is LogFormat.JSON else TextLines())
        logger = logging.getLogger("pipeline")
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG if verbose else logging.INFO)
        logger.propagate = False


@app.command()
def run(
    sources: Annotated[Path, typer.Option(help="A catalog of sources, a folder of articles or one article.")] = Path(
        CATALOG
    ),
    db: Annotated[Path, typer.Option(help="The database to bring up to date.")] = Path(DATABASE),
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that extract.", show_default="1")] = None,
    fresh: Annotated[bool, typer.Option(help="Extract articles that are unchanged, too.")] = False,
    strict: Annotated[bool, typer.Option(help="Exit with 1 if any article is rejected.")] = False,
) -> None:
    """Fetch, read, extract, store, reconcile and export."""
    from pipeline import run as run_pipeline
    from pipeline.fetching.catalog import CatalogError, load_sources
    from pipeline.language.errors import ModelError
    from pipeline.prefect_local import ServerError
    from pipeline.settings import SettingsError, load_settings
    from pipeline.store import StoreError
    from pipeline.store.reader import connect
    from pipeline.summary import print_summary, progress_bar

    with _plain_errors(CatalogError, SettingsError, ModelError, StoreError, ServerError):
        load_settings(workers), load_sources(sources)  # what is wrong with these is told before anything starts
        with progress_bar():
            report = run_pipeline(sources, db, workers=workers, fresh=fresh)
        with connect(db) as connection:
            print_summary(report, connection)
    if report.is_empty or (strict and report.rejects):
        raise typer.Exit(1)


@app.command()
def serve(
    sources: Annotated[Path, typer.Option(help="A catalog of sources, a folder of articles or one article.")] = Path(
        CATALOG
    ),
    db: Annotated[Path, typer.Option(help="The database to keep up to date.")] = Path(DATABASE),
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that extract.", show_default="1")] = None,
    cron: Annotated[str, typer.Option(help="Minute, hour, day of the month, month, day of the week.")] = "0 3 * * *",
    timezone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Like Europe/Paris.", show_default="of this machine")
    ] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Run also when a file changes, in the sources with watch or in a folder given."),
    ] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Of the server that is started.", show_default="4200, or any")
    ] = None,
) -> None:
    """Run by a schedule, each night at three unless told otherwise, until Ctrl-C.

    A run that comes while another is at work is refused, and one that breaks off is tried again. PREFECT_API_URL names
    the Prefect server that plans and shows the runs; without it one is started, for this machine alone.
    """
    from pipeline.fetching.catalog import CatalogError, load_sources
    from pipeline.prefect_local import ServerError, settle, wind_down
    from pipeline.settings import SettingsError, load_settings

    settle(unattended=True)
    import httpx

    from pipeline.serving.deployment import ScheduleError, nightly, read_timetable
    from pipeline.serving.on_change import watched_sources
    from pipeline.serving.retrying import load_patience
    from pipeline.serving.service import serve as serve_until_stopped

    atexit.register(wind_down)
    with _plain_errors(CatalogError, SettingsError, ServerError, ScheduleError, httpx.HTTPError):
        # What is wrong with these is told now, and not at night.
        load_settings(workers), load_patience(), load_sources(sources)
        timetable = read_timetable(cron, timezone)
        tell = partial(print, flush=True)
        tell(f"The next run is due at {timetable.next_due:%Y-%m-%d %H:%M} ({timetable.timezone}).")
        watched = watched_sources(sources.absolute()) if watch else []
        serve_until_stopped(nightly(sources, db, workers, timetable), watched, port, tell)


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="Without it, queries are read from standard input.")] = None,
    form: Annotated[RowFormat, typer.Option("--format", help="How rows are written.")] = RowFormat.TABLE,
    db: Db = Path(DATABASE),
) -> None:
    """Query the published database, read-only."""
    import duckdb

    from pipeline.query import converse, write_result
    from pipeline.store import StoreError
    from pipeline.store.reader import connect

    with _plain_errors(StoreError, duckdb.Error), connect(db) as connection:
        if query is not None:
            write_result(connection, query, form, sys.stdout)
        elif not converse(connection, form, sys.stdout):
            raise typer.Exit(2)


@app.command()
def export(
    to: Annotated[Path, typer.Option(help="The folder for the tables.")] = Path("outputs/evidence"),
    form: Annotated[ExportFormat, typer.Option("--format", help="How tables are written.")] = ExportFormat.CSV,
    db: Db = Path(DATABASE),
) -> None:
    """Write the evidence tables of the published database."""
    from pipeline.evidence.export import export as exported
    from pipeline.store import StoreError

    with _plain_errors(StoreError):
        for path in exported(db, to, form):
            print(path)


@app.command()
def status(db: Db = Path(DATABASE)) -> None:
    """Show when the last runs were, what they did, what was rejected and why, and what went wrong since."""
    from pipeline.running.status import status as told
    from pipeline.store import StoreError
    from pipeline.store.reader import connect

    with _plain_errors(StoreError), connect(db) as connection:
        print(told(connection, db))


@app.command()
def explain(
    statement_id: Annotated[str, typer.Argument(metavar="CLAIM_OR_TRIPLE_ID", help="As in the evidence tables.")],
    db: Db = Path(DATABASE),
) -> None:
    """Show the sentences behind a claim or triple, the rule and cues that made it, and how its verdict came about."""
    from pipeline.evidence.explain import explain as explained
    from pipeline.store import StoreError
    from pipeline.store.reader import connect

    with _plain_errors(StoreError), connect(db) as connection:
        print(explained(connection, statement_id))


@app.command()
def diff(
    from_run: Annotated[str, typer.Argument(metavar="RUN", help="A number, a run_id, a day, latest or previous.")],
    to_run: Annotated[str, typer.Argument(metavar="RUN", help="The same.")],
    db: Db = Path(DATABASE),
) -> None:
    """Show which verdicts and claims came, went or changed between two runs, and why."""
    from pipeline.evidence.changes import changes
    from pipeline.store import StoreError
    from pipeline.store.reader import connect

    with _plain_errors(StoreError), connect(db) as connection:
        print(changes(connection, from_run, to_run), end="")


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD_DIR", help="One JSON file a passage.")],
    passages: Annotated[Path, typer.Argument(metavar="PASSAGES_DIR", help="One text a passage.")],
    links: Annotated[Path | None, typer.Option(help="Write the links that were found to this CSV file.")] = None,
    triples: Annotated[Path | None, typer.Option(help="Write the triples that were found to this CSV file.")] = None,
    kinds: Annotated[Path | None, typer.Option(help="TSV with columns id and kind: each kind apart too.")] = None,
    only: Annotated[str, typer.Option(help="Names of the passages to take, with commas between them.")] = "",
    differences: Annotated[bool, typer.Option(help="List every link that was missed or is spurious.")] = False,
    errors: Annotated[Path | None, typer.Option(help="Write the counts of errors by kind to this TSV file.")] = None,
    genia: Annotated[
        Path | None,
        typer.Option("--genia-events", help="Archive of GENIA's events: negation and hedging against them."),
    ] = None,
    bioscope: Annotated[Path | None, typer.Option(help="Archive of BioScope: verbs in the scope of negations.")] = None,
) -> None:
    """Print precision, recall and F1 against gold passages, beside a co-occurrence baseline."""
    from pipeline.claims.extractor import Extractor
    from pipeline.evaluation.assertion import AssertionDataError, assertion_tallies, genia_events, judged
    from pipeline.evaluation.bioscope import bioscope_sentences, scope_tally
    from pipeline.evaluation.evaluate import evaluate as evaluated
    from pipeline.evaluation.evaluate import frame_of, shown
    from pipeline.evaluation.gold import GoldError, read_kinds
    from pipeline.language.errors import ModelError
    from pipeline.settings import SettingsError, load_settings

    with _plain_errors(GoldError, ModelError, SettingsError, OSError):
        extractor = Extractor.load(load_settings())
        report = evaluated(
            gold,
            passages,
            extractor,
            only=[name.strip() for name in only.split(",")] if only else None,
            kinds=read_kinds(kinds) if kinds else None,
            links_file=links,
            triples_file=triples,
        )
    if differences:
        print("\n".join(report.differences()))
    print(f"{report.table()}\n\n{report.error_kinds().to_string()}")
    print(f"\nReliability: links found, by the confidence of their claims\n{shown(report.reliability())}")
    if errors is not None:
        report.error_kinds().to_csv(errors, sep="\t")
    if genia is not None:
        with _plain_errors(AssertionDataError, OSError):
            events = list(genia_events(genia))
        tallies = assertion_tallies(judged(events, extractor.nlp, extractor.lexicon))
        print(f"\n{len(events):,} events of GENIA\n{shown(frame_of(tallies))}")
    if bioscope is not None:
        with _plain_errors(AssertionDataError, OSError):
            sentences = bioscope_sentences(bioscope)
        tally = scope_tally(sentences, extractor.nlp, extractor.lexicon)
        print(f"\n{len(sentences):,} sentences of BioScope\n{shown(frame_of({'verbs negated': tally}))}")


@curate.command("export")
def curate_export(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The file to write.")],
    subject: Annotated[str, typer.Option(metavar="ID", help="Only claims on this subject.")] = "",
    object_: Annotated[str, typer.Option("--object", metavar="ID", help="Only claims on this object.")] = "",
    rule: Annotated[str, typer.Option(metavar="NAME", help="Only claims that this rule made.")] = "",
    undecided: Annotated[bool, typer.Option("--undecided", help="Leave out claims with a standing decision.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many claims.", show_default="all")] = None,
    db: Db = Path(DATABASE),
) -> None:
    """Write claims to a CSV file for review, those that disagree first.

    Fill in the column decision: accept, reject, fix (with the right values in new_subject_id, new_effect,
    new_object_id, new_negated, new_hedged), or withdraw; leave it empty where nothing shall change. In rows of their
    own: merge, with concept_id and into_id; retracted, concern or cleared, with source_id and path of the article.
    """
    from pipeline.evidence.review import write_review
    from pipeline.store import StoreError
    from pipeline.store.reader import connect

    with _plain_errors(StoreError), connect(db) as connection:
        claims = write_review(
            connection, file, subject_id=subject, object_id=object_, rule=rule, undecided=undecided, limit=limit
        )
    print(f"{claims} claims to review: {file}")


@curate.command("import")
def curate_import(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A file of `curate export`, filled in.")],
    reviewer: Annotated[str, typer.Option(metavar="NAME", help="Who decided, where the file does not say.")] = "",
    db: Db = Path(DATABASE),
) -> None:
    """Apply the decisions in a CSV file, publish the database anew and show the verdicts that changed.

    If anything in the file is wrong, all that is wrong is listed and nothing is applied.
    """
    from pipeline.evidence.export import export as exported
    from pipeline.reconciling.curation import CurationError, import_decisions
    from pipeline.store import StoreError

    with _plain_errors(CurationError, StoreError):
        report = import_decisions(db, file, reviewer=reviewer)
        print(report)
        tables = db.parent / "evidence"
        if report.is_published and tables.is_dir():
            exported(db, tables)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line `arguments` (default: those of the process) and exit."""
    try:
        app(arguments, prog_name="myoclaims")
    except BrokenPipeError:
        # The reader of our output has enough (`| head`): no fault, and nothing may be flushed to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


@contextmanager
def _plain_errors(*kinds: type[Exception]) -> Iterator[None]:
    """Errors that the user can mend become a message and exit code 2."""
    try:
        yield
    except kinds as error:
        print(f"myoclaims: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
