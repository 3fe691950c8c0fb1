"""What can be set from outside: environment variables `MYOCLAIMS_…`, all of them optional."""

from enum import StrEnum

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(ValueError):
    """An environment variable holds a value that cannot be used; the message names it."""


class Runner(StrEnum):
    """What kind of workers extract: processes or threads of this machine, or a Dask cluster (extra `dask`)."""

    PROCESSES = "processes"
    THREADS = "threads"
    DASK = "dask"


class Settings(BaseSettings):
    """One run's settings. A keyword wins over the environment, the environment over the default.

    `ner_model` names an installed spaCy or scispaCy package whose entity recognizer replaces the shipped one
    (empty: the shipped one). A batch closes at `batch_size` articles or `batch_characters`
    characters, whichever comes first, and may take `batch_timeout_s` seconds. A file above `max_bytes` is rejected
    unread. `workers` is the number of those that extract, and `runner` their kind; with one process the run
    itself extracts. `dask_address` is that of a Dask scheduler (empty: a cluster of `workers` processes of this
    machine). `shards` is a folder, or an address that fsspec knows, that all workers reach (empty: a folder beside
    the database).
    """

    model_config = SettingsConfigDict(env_prefix="MYOCLAIMS_", frozen=True, extra="forbid")

    ner_model: str = ""
    workers: int = Field(default=1, ge=1, le=256)
    runner: Runner = Runner.PROCESSES
    dask_address: str = ""
    shards: str = ""
    batch_timeout_s: int = Field(default=3600, ge=1)
    batch_size: int = Field(default=64, ge=1)
    batch_characters: int = Field(default=160_000, ge=1)
    max_bytes: int = Field(default=32 * 1024 * 1024, ge=1)


def load_settings(workers: int | None = None) -> Settings:
    """Settings from the environment, with `workers` from the command line where given.

    Raises SettingsError that names each variable, what it holds and what is expected.
    """
    try:
        return Settings() if workers is None else Settings(workers=workers)
    except ValidationError as error:
        faults = [
            f"MYOCLAIMS_{'_'.join(map(str, fault['loc'])).upper()} is {fault['input']!r}: {fault['msg'].lower()}"
            for fault in error.errors()
        ]
        raise SettingsError("; ".join(faults)) from None
