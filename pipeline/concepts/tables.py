"""Reading the TSV tables of this folder: every complaint names file and line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


class VocabularyError(ValueError):
    """A vocabulary table is missing or holds something unusable; the message names file, line and what was expected."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells by column name, and where it stands (lines count from 1, the header included)."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def error(self, found: str, expected: str) -> VocabularyError:
        """An error to raise about this row."""
        return VocabularyError(f"{self.file} line {self.line}: {found}; expected {expected}")

    def one_of(self, column: str, allowed: Sequence[str]) -> str:
        """The cell of `column`. Raises VocabularyError unless it is one of `allowed`."""
        if self[column] not in allowed:
            raise self.error(f"{column} is {self[column]!r}", "one of " + ", ".join(allowed))
        return self[column]

    def filled(self, column: str) -> str:
        """The cell of `column`. Raises VocabularyError where it is empty."""
        if not self[column]:
            raise self.error(f"{column} is empty", "a value")
        return self[column]


def read_table(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Rows of a tab-separated UTF-8 table whose header is exactly `columns`. Blank lines are passed over.

    Raises VocabularyError for a missing or undecodable file, another header, a wrong number of cells, or a cell
    with blanks around it.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        raise VocabularyError(f"{path} is missing; expected a table with the columns {', '.join(columns)}") from None
    except UnicodeDecodeError as problem:
        raise VocabularyError(f"{path} is not UTF-8: {problem}; save it as UTF-8") from None
    header = lines[0].rstrip("\r").split("\t")
    if header != list(columns):
        raise VocabularyError(
            f"{path.name} line 1: header is {', '.join(header)}; expected {', '.join(columns)}, with tabs between"
        )
    for number, line in enumerate(lines[1:], start=2):
        cells = line.rstrip("\r").split("\t")
        if cells == [""]:
            continue
        row = Row(path.name, number, dict(zip(columns, cells, strict=False)))
        if len(cells) != len(columns):
            raise row.error(f"{len(cells)} cells", f"{len(columns)} ({', '.join(columns)}), with tabs between")
        if any(cell != cell.strip() for cell in cells):
            raise row.error(f"blanks around a cell in {cells}", "none")
        yield row
