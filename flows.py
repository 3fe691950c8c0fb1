"""The Prefect flow of a run. Its tasks are coarse, a batch each; the work itself is in `pipeline.steps`."""

import atexit
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ProcessPoolTaskRunner

from pipeline import progress, steps
from pipeline.claims.extractor import pipeline_key
from pipeline.concepts.grounding import open_concepts
from pipeline.concepts.vocabulary import load_vocabulary
from pipeline.evidence.export import export
from pipeline.fetching import load_sources
from pipeline.parcel import Parcel
from pipeline.prefect_local import wind_down
from pipeline.reconciling import reconcile as reconciled
from pipeline.run_report import RunReport
from pipeline.settings import Settings, load_settings
from pipeline.store import Build
from pipeline.store.build import RunRow

LIBRARIES = ("myokine-claims", "spacy", "scispacy", "duckdb", "trafilatura", "pdfminer.six", "prefect")


@task(name="fetch and read", cache_policy=NO_CACHE, persist_result=False)
def read_batch(stream: steps.Stream, build: Parcel[Build], settings: Settings) -> Parcel[steps.ReadBatch]:
    """The next batch of the stream; one without anything in it after the last."""
    return Parcel(steps.next_batch(stream, build.content, settings))


@task(name="extract", cache_policy=NO_CACHE, persist_result=False)
def extract_batch(batch: Parcel[steps.ReadBatch], settings: Settings) -> Parcel[steps.ExtractedBatch]:
    """What the articles of a batch claim. The model is loaded once a process."""
    return Parcel(steps.extract(batch.content, settings))


@task(name="store", cache_policy=NO_CACHE, persist_result=False)
def store_batch(build: Parcel[Build], batch: Parcel[steps.ExtractedBatch]) -> Parcel[steps.ExtractedBatch]:
    """A batch into the database that is being built; gives what of it was stored and what was not."""
    return Parcel(steps.store(build.content, batch.content))


@task(name="reconcile", cache_policy=NO_CACHE, persist_result=False)
def reconcile(build: Parcel[Build]) -> None:
    """Lineages, verdicts, disagreements and their history."""
    reconciled(build.content)


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish(build: Parcel[Build], started: datetime, counts: dict[str, int]) -> None:
    """The finished database in the place of the published one, with a row about this run."""
    versions = {library: _version(library) for library in LIBRARIES}
    build.content.finish(RunRow(started, datetime.now(UTC), versions, counts))
    build.content.publish()


@task(name="export", cache_policy=NO_CACHE, persist_result=False)
def export_tables(db: Path, folder: Path) -> list[Path]:
    """The evidence tables beside the database."""
    return export(db, folder, "csv")


@flow(name="myokine claims", persist_result=False)
def claims_flow(
    sources: str = "sources/catalog.toml",
    db: str = "outputs/claims.duckdb",
    workers: int | None = None,
    fresh: bool = False,
) -> RunReport:
    """Fetch, read, extract, store, reconcile, export.

    `sources` is a catalog, a folder or a file; the tables go to the folder `evidence` beside `db`. Articles whose
    bytes and pipeline are those of an earlier run are passed over, unless `fresh`. With more than one worker
    (processes that extract; default: the setting) results are the same. Raises CatalogError, SettingsError,
    ModelError or StoreError for what the user can mend; the published database is then as it was.
    """
    started = datetime.now(UTC)
    settings = load_settings(workers)
    places = load_sources(Path(sources))
    vocabulary = load_vocabulary()
    tally = steps.Tally()
    with Build(Path(db), pipeline_key(settings)) as build, _extracting(settings) as submit:
        parcel = Parcel(build)
        build.add_sources(places)
        stream = steps.read_sources(places, {} if fresh else steps.unchanged_places(build), settings)
        batches = iter(lambda: read_batch(stream, parcel, settings).content, steps.ReadBatch())
        for extracted in steps.in_order(batches, submit, ahead=2 * settings.workers if settings.workers > 1 else 0):
            tally.add(store_batch(parcel, extracted).content)
            progress.report(tally.progress("articles"))
        progress.report(tally.progress("reconciling"))
        outside = open_concepts(build.concepts_mentioned())
        build.add_concepts((*vocabulary.concepts.values(), *outside), vocabulary.aliases)
        reconcile(parcel)
        totals = build.totals()
        publish(parcel, started, tally.counts())
        run_id = build.run_id
    progress.report(tally.progress("exporting"))
    tables = export_tables(Path(db), Path(db).parent / "evidence")
    return tally.report(run_id, started, Path(db), tables, totals)


Wait = Callable[[], Parcel[steps.ExtractedBatch]]


@contextmanager
def _extracting(settings: Settings) -> Iterator[Callable[[steps.ReadBatch], Wait]]:
    """A function that starts the extraction of a batch and gives another that waits for it.

    With one worker the work is done at once, in this process.
    """
    if settings.workers == 1:
        yield lambda batch: _given(extract_batch(Parcel(batch), settings))
        return
    with ProcessPoolTaskRunner(max_workers=settings.workers, initializer=_begin_worker) as pool:
        yield lambda batch: pool.submit(extract_batch, {"batch": Parcel(batch), "settings": settings}).result


def _begin_worker() -> None:
    logging.captureWarnings(True)
    atexit.register(wind_down)


def _given(batch: Parcel[steps.ExtractedBatch]) -> Wait:
    return lambda: batch


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"  # run from a checkout
