"""The Prefect flow of a run. Its tasks are coarse, a batch each; the work itself is in `pipeline.running`."""

from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from pipeline import progress
from pipeline.claims.version import pipeline_key
from pipeline.concepts.grounding import open_concepts
from pipeline.concepts.vocabulary import load_vocabulary
from pipeline.evidence.export import export
from pipeline.fetching import load_sources
from pipeline.parcel import Parcel
from pipeline.reconciling import reconcile as reconciled
from pipeline.run_report import RunReport
from pipeline.running import batches, caching, storing
from pipeline.running.artifacts import show_run
from pipeline.running.batch import Batch
from pipeline.running.extraction_task import extract_batch
from pipeline.running.failure import noting_failure
from pipeline.running.logs import batch_stored, run_ended
from pipeline.running.tally import Tally
from pipeline.running.workers import Workers
from pipeline.serving.retrying import begin, try_again
from pipeline.settings import Settings, load_settings
from pipeline.store import Build
from pipeline.store.build import RunRow
from pipeline.store.shards import Shards

LIBRARIES = ("myokine-claims", "spacy", "scispacy", "duckdb", "trafilatura", "pdfminer.six", "prefect")


@task(name="reconcile", cache_policy=NO_CACHE, persist_result=False)
def reconcile(build: Parcel[Build]) -> None:
    """Lineages, verdicts, disagreements and their history."""
    reconciled(build.content)


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish(build: Parcel[Build], run: Parcel[RunRow], partial: list[str]) -> dict[str, int]:
    """The finished database in the place of the published one, with a row about this run; gives its totals."""
    build.content.finish(run.content, partial)
    totals = build.content.totals()
    build.content.publish()
    return totals


@task(name="export", cache_policy=NO_CACHE, persist_result=False)
def export_tables(db: Path, folder: Path) -> list[Path]:
    """The evidence tables beside the database."""
    return export(db, folder, "csv")


@flow(
    name="myokine claims",
    persist_result=False,
    on_running=[begin],
    on_failure=[try_again],
    on_crashed=[try_again],
)
def claims_flow(
    sources: str = "sources/catalog.toml",
    db: str = "outputs/claims.duckdb",
    workers: int | None = None,
    fresh: bool = False,
) -> RunReport:
    """Fetch, read, extract, store, reconcile, export.

    `sources` is a catalog, a folder or a file; the tables go to the folder `evidence` beside `db`. Articles whose
    bytes and pipeline are those of an earlier run are passed over, unless `fresh`. With more than one worker
    (default: the setting) results are the same. Raises CatalogError, SettingsError, ModelError or StoreError for
    what the user can mend; the published database is then as it was.
    """
    with noting_failure(Path(db).absolute()):
        return _run(Path(sources), Path(db), load_settings(workers), fresh)


def _run(sources: Path, db: Path, settings: Settings, fresh: bool) -> RunReport:
    started = datetime.now(UTC)
    places = load_sources(sources)
    vocabulary = load_vocabulary()
    key = pipeline_key(settings)
    shards = Shards.of(db, settings.shards)
    extracting = extract_batch.with_options(timeout_seconds=settings.batch_timeout_s, refresh_cache=fresh)
    tally = Tally()
    kept: list[str] = []

    def parameters(batch: Batch) -> dict[str, Any]:
        name = batch.key(key)
        kept.append(caching.key_of(name, begun))
        return {"batch": Parcel(batch), "key": name, "begun": begun, "settings": settings, "shards": shards}

    with Build(db, key) as build, Workers(extracting, parameters, settings) as pool:
        begun = shards.begin()
        known = batches.Known() if fresh else batches.known(build, places)
        build.add_sources(places)
        stream = batches.read_sources(places, known, settings)

        def read() -> Batch:
            with tally.timing("fetching and reading"):
                return batches.next_batch(stream, build, settings)

        for batch, extracted in pool.extract(iter(read, Batch())):
            with tally.timing("storing"):
                stored = storing.store(build, pool, shards, batch, extracted)
            tally.add(batch, stored)
            batch_stored(batch, stored)
            progress.report(tally.progress("articles"))
        progress.report(tally.progress("reconciling"))
        with tally.timing("reconciling"):
            outside = open_concepts(build.concepts_mentioned())
            build.add_concepts((*vocabulary.concepts.values(), *outside), vocabulary.aliases)
            reconcile(Parcel(build))
        versions = {library: _version(library) for library in LIBRARIES}
        row = RunRow(started, datetime.now(UTC), versions, tally.counts(), seconds=dict(tally.seconds))
        totals = publish(Parcel(build), Parcel(row), batches.partial(places))
        run_id = build.run_id
    shards.discard()
    caching.forget(kept)
    progress.report(tally.progress("exporting"))
    with tally.timing("exporting"):
        tables = export_tables(db, db.parent / "evidence")
    report = tally.report(run_id, started, db, tables, totals)
    show_run(report)
    run_ended(report)
    return report


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"  # run from a checkout
