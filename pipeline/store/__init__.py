"""Rows → DuckDB: the tables and views, the writer with its atomic publish, and the read-only connection."""

from pipeline.store.build import Build
from pipeline.store.errors import (
    BrokenShardError,
    DatabaseBusyError,
    DatabaseMissingError,
    InconsistentExtractionError,
    OutputNotWritableError,
    SchemaError,
    StoreError,
    UnknownIdError,
)
from pipeline.store.reader import connect

__all__ = [
    "BrokenShardError",
    "Build",
    "DatabaseBusyError",
    "DatabaseMissingError",
    "InconsistentExtractionError",
    "OutputNotWritableError",
    "SchemaError",
    "StoreError",
    "UnknownIdError",
    "connect",
]
