"""Reads the TSV tables that lie beside the readers."""

from collections.abc import Iterator
from importlib.resources import files


class TableError(ValueError):
    """A table of this package is malformed; the message names file, line, what was found and expected."""


def read_table(name: str, columns: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of the table `name` with their line numbers. Lines that begin with `#` are remarks.

    Raises TableError where the first row is not `columns` or a row has another number of cells.
    """
    header: tuple[str, ...] | None = None
    text = files("pipeline.reading").joinpath(name).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = tuple(line.split("\t"))
        if header is None:
            header = cells
            if header != columns:
                raise TableError(f"{name}, line {number}: found the columns {header}, expected {columns}")
        elif len(cells) != len(columns):
            raise TableError(f"{name}, line {number}: found {len(cells)} cells, expected {len(columns)}: {columns}")
        else:
            yield number, cells
