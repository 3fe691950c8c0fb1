"""A CSV file that came back from a reviewer → its rows, whatever a spreadsheet did to it on the way."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

DELIMITERS = ",;\t"
CLAIM_COLUMNS = ("sentence", "subject_id", "effect", "object_id", "negated", "source_id", "path")
NEW_COLUMNS = ("new_subject_id", "new_effect", "new_object_id", "new_negated", "new_hedged")
COLUMNS = (
    "decision", "note", "reviewer", *NEW_COLUMNS, *CLAIM_COLUMNS, "hedged", "rule", "claim_id", "evidence_key",
    "concept_id", "into_id",
)  # fmt: skip
# One of these must be in a header, beside `decision`, for a row to say what was decided on.
OBJECTS = (("evidence_key",), ("claim_id",), CLAIM_COLUMNS, ("concept_id",), ("source_id", "path"))
SHOWN = 20
# What an export put in front of a text that a spreadsheet would run as a formula.
_APOSTROPHE = re.compile(r"\A'(?=[=+\-@\s\uff1d\uff0b\uff0d\uff20])")
_SEPARATOR = re.compile(r"sep=.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file: the line on which the record begins (from 1), the column, if there is one."""

    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = (f"line {self.line}: " if self.line else "") + (f"{self.column}: " if self.column else "")
        return f"{where}{self.found}; {self.expected}"


class CurationError(ValueError):
    """A file of decisions that cannot be used; nothing of it was applied. `problems` holds all that is wrong."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = [f"  {problem}" for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            shown.append(f"  … and {len(self.problems) - SHOWN} more")
        counted = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n".join([f"{path}: {counted}; nothing was applied.", *shown]))


@dataclass(frozen=True, slots=True)
class Row:
    """A record of the file: its first line, counted from 1, and its cells by column, as they stand there."""

    line: int
    cells: dict[str, str]

    def cell(self, column: str) -> str:
        """The cell without outer spaces and without the apostrophe of an export; empty where there is none."""
        return _APOSTROPHE.sub("", self.raw(column))

    def raw(self, column: str) -> str:
        """The cell without outer spaces."""
        return self.cells.get(column, "").replace("\0", "").strip()


def read_rows(path: Path) -> list[Row]:
    """The rows of the file that hold anything, columns in any order, cells of unknown columns left out.

    Comma, semicolon or tab, told from the header; any line ends; with or without a byte order mark. Raises
    `CurationError` for a file that cannot be read, is not UTF-8 or no CSV, for a header that lacks what is needed,
    and for rows longer than the header.
    """
    records = list(_records(path, _text(path)))
    if not records:
        raise CurationError(path, [Problem(0, "", "the file is empty", f"expected a header, {_HEADER_HINT}")])
    (line, header), *rest = records
    _check_header(path, line, header)
    problems, rows = [], []
    for line, cells in rest:
        beyond = [cell for cell in cells[len(header) :] if cell.strip()]
        if beyond:
            expected = f"the header has {len(header)} columns; put a text that holds a delimiter into double quotes"
            problems.append(Problem(line, "", f"found {beyond[0]!r} beyond the last column", expected))
        named = zip(header, cells, strict=False)
        rows.append(Row(line, {column: cell for column, cell in named if column in COLUMNS}))
    if problems:
        raise CurationError(path, problems)
    return rows


_HEADER_HINT = "as `myoclaims curate export` writes it, with the column `decision`"


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        found = f"the file cannot be read ({error.strerror or error})"
        raise CurationError(path, [Problem(0, "", found, "expected a CSV file of decisions")]) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = f"byte {error.start + 1} of the file, {data[error.start]:#04x}, is not UTF-8"
        expected = "save the file as “CSV UTF-8” (in LibreOffice: character set Unicode (UTF-8)) and import it again"
        raise CurationError(path, [Problem(line, "", found, expected)]) from error


def _records(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Records that hold anything, with the line each begins on; the first is the header, its names made plain."""
    lines = io.StringIO(text, newline="").readlines()
    start = next((number for number, line in enumerate(lines) if not _says_nothing(line)), len(lines))
    if start >= len(lines):
        return
    reader = csv.reader(lines[start:], delimiter=_delimiter(lines[start]), strict=True)
    is_header, first = True, start + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            expected = 'expected cells in double quotes to end with one; write a double quote within a text as ""'
            raise CurationError(path, [Problem(first, "", f"the record is no CSV ({error})", expected)]) from error
        if any(cell.strip() for cell in cells):
            yield first, [cell.strip().lower() for cell in cells] if is_header else cells
            is_header = False
        first = start + reader.line_num + 1


def _says_nothing(line: str) -> bool:
    """Whether the line is empty but for delimiters, or names the delimiter, as some spreadsheets do."""
    return not line.strip(f' \r\n"{DELIMITERS}') or bool(_SEPARATOR.fullmatch(line.strip('\r\n"')))


def _delimiter(header: str) -> str:
    """The delimiter that makes the most of our columns of the header line."""

    def known(delimiter: str) -> int:
        return sum(cell.strip(' "\r\n').lower() in COLUMNS for cell in header.split(delimiter))

    return max(DELIMITERS, key=known)


def _check_header(path: Path, line: int, header: Sequence[str]) -> None:
    names = ", ".join(name for name in header if name)
    if "decision" not in header:
        expected = f"expected a header {_HEADER_HINT}"
        raise CurationError(
            path, [Problem(line, "decision", f"no such column in the header ({names[:200]})", expected)]
        )
    twice = sorted({name for name in header if name in COLUMNS and header.count(name) > 1})
    if twice:
        problems = [Problem(line, name, "the column is there twice", "expected it once") for name in twice]
        raise CurationError(path, problems)
    if not any(set(columns) <= set(header) for columns in OBJECTS):
        found = f"no column says what was decided on ({names[:200]})"
        expected = (
            "expected evidence_key and the other columns of the export for claims, concept_id and into_id to merge "
            "concepts, source_id and path for articles"
        )
        raise CurationError(path, [Problem(line, "", found, expected)])
