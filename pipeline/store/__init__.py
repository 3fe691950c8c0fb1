"""Rows → DuckDB: the tables and views, the writer with its atomic publish, and the read-only connection."""

from pipeline.store.build import Build
from pipeline.store.errors import (
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
