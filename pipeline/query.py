"""A query's rows on their way to a terminal, a spreadsheet or a program."""

import csv
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import TextIO

import duckdb
from rich.console import Console
from rich.table import Table

from pipeline.evidence.cells import cell

AT_ONCE = 1_000
SHOWN = 500
WIDE = 200
PROMPT, CONTINUED = "myoclaims> ", "      ...> "
HELP = "A query ends with a semicolon. SHOW TABLES; lists the tables and views, DESCRIBE claims; the columns of one."


def write_result(connection: duckdb.DuckDBPyConnection, query: str, form: str, out: TextIO) -> None:
    """Run `query` and write its rows to `out` as `table`, `csv` or `json`. Raises duckdb.Error for a wrong query.

    CSV and JSON hold all rows; CSV is safe to open in a spreadsheet. The table shows the first 500 rows, and says
    so if there are more.
    """
    result = connection.execute(query)
    columns = [column[0] for column in result.description or ()]
    WRITERS[form](columns, _rows(result), out)


def converse(connection: duckdb.DuckDBPyConnection, form: str, out: TextIO) -> bool:
    """Answer queries from standard input until it ends; whether all of them were right."""
    is_person = sys.stdin.isatty()
    if is_person:
        print(HELP, file=sys.stderr)
        if find_spec("readline"):
            import_module("readline")  # input() then edits lines and remembers them
    all_right = True
    for query in _statements(is_person):
        try:
            write_result(connection, query, form, out)
        except duckdb.Error as error:
            print(error, file=sys.stderr)
            all_right = False
    return all_right


def _statements(is_person: bool) -> Iterator[str]:
    lines: list[str] = []
    while True:
        try:
            lines.append(input((CONTINUED if lines else PROMPT) if is_person else ""))
        except EOFError:
            break
        if lines[-1].rstrip().endswith(";"):
            yield "\n".join(lines)
            lines.clear()
    if any(line.strip() for line in lines):
        yield "\n".join(lines)


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[Sequence[object]]:
    while rows := result.fetchmany(AT_ONCE):
        yield from rows


def _write_table(columns: Sequence[str], rows: Iterator[Sequence[object]], out: TextIO) -> None:
    table = Table(*columns, highlight=False)
    for row in islice(rows, SHOWN):
        table.add_row(*("" if value is None else str(_without_nesting(value)) for value in row))
    width = None if out.isatty() else WIDE
    Console(file=out, width=width, markup=False, emoji=False).print(table)
    if next(rows, None) is not None:
        print(f"These are the first {SHOWN} rows; --format csv or json gives all.", file=sys.stderr)


def _write_csv(columns: Sequence[str], rows: Iterator[Sequence[object]], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(_without_nesting(value)) for value in row] for row in rows)


def _write_json(columns: Sequence[str], rows: Iterator[Sequence[object]], out: TextIO) -> None:
    opening = "[\n"
    for row in rows:
        record = dict(zip(columns, map(_number_or_null, row), strict=True))
        out.write(opening + json.dumps(record, ensure_ascii=False, default=_plain))
        opening = ",\n"
    out.write("[]\n" if opening == "[\n" else "\n]\n")


WRITERS: dict[str, Callable[[Sequence[str], Iterator[Sequence[object]], TextIO], None]] = {
    "table": _write_table,
    "csv": _write_csv,
    "json": _write_json,
}


def _number_or_null(value: object) -> object:
    """JSON has no NaN and no infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _without_nesting(value: object) -> object:
    return json.dumps(value, ensure_ascii=False, default=_plain) if isinstance(value, list | dict) else value
