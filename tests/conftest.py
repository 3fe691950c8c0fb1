"""What several tests share: where things lie, and one run over the starter articles."""

import atexit
import fcntl
import logging
import os
import pickle
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pipeline
from pipeline.prefect_local import settle
from pipeline.run_report import RunReport
from pipeline.running.extraction import loaded_extractor
from pipeline.settings import Settings

if TYPE_CHECKING:
    from spacy.language import Language

    from pipeline.claims.extractor import Extractor

ROOT = Path(__file__).parents[1]
PREFECT_HOME = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Prefect reads its environment once, when it is imported: by then it must have a home of the tests' own."""
    if not is_xdist_worker(config):  # which has that of the process that began it
        config.stash[PREFECT_HOME] = os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="prefect-of-tests-")
    settle()
    # Registered first, so it runs last: what is left then is the teardown of modules, in which DuckDB's binding
    # complains of objects that others still hold, in pages that would hide the closing line.
    atexit.register(_close_standard_error)


def _close_standard_error() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not is_xdist_worker(config):
        shutil.rmtree(config.stash[PREFECT_HOME], ignore_errors=True)


def is_xdist_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.fixture(autouse=True)
def logger_as_it_was() -> Iterator[None]:
    """What a command sets for its own log does not stay for the next test."""
    logger = logging.getLogger("pipeline")
    level, handlers, propagate = logger.level, list(logger.handlers), logger.propagate
    yield
    logger.setLevel(level)
    logger.handlers[:], logger.propagate = handlers, propagate
    logging.captureWarnings(False)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real articles and gold passages, which are not part of the repository."""
    folder = Path(os.environ.get("MYOCLAIMS_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"needs the folder {folder} (or one named by MYOCLAIMS_SHARED)")
    return folder


@pytest.fixture(scope="session")
def extractor() -> "Extractor":
    """The one that runs in this process extract with, too; tests leave it as it is."""
    return loaded_extractor(Settings())


@pytest.fixture(scope="session")
def nlp(extractor: "Extractor") -> "Language":
    """The shipped pipeline; tests leave it as it is."""
    return extractor.nlp


@pytest.fixture(scope="session")
def starter_run(root: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> RunReport:
    """The whole flow, once for all processes of tests, over the starter articles. Tests only read its database."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "starter"
    folder.mkdir(exist_ok=True)
    report = folder / "report.pickle"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not report.exists():
            report.write_bytes(pickle.dumps(pipeline.run(root / "sources/catalog.toml", folder / "claims.duckdb")))
    found = pickle.loads(report.read_bytes())
    assert isinstance(found, RunReport)
    return found
