"""Database values → what is safe to show: cells of a CSV file for spreadsheets, lines for a terminal."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from types import NoneType

# OWASP, "CSV Injection": cells that begin so are run as formulas; the wide forms are in some locales too.
_SIGNS = r"=+\-@\t\uff1d\uff0b\uff0d\uff20"
_BREAKS = r"\r\v\f\x85\u2028\u2029"  # beside \n
_FORMULA = re.compile(rf"[{_SIGNS}\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
# In texts that a line break parts: what `cell` would change, other than line breaks within one of them.
_TO_CHANGE = re.compile(rf"[\0{_BREAKS}]|\n[{_SIGNS}]")
_NUMBERS, _TEXTS = {int, float, NoneType}, {str, NoneType}
# Articles come from anywhere: line breaks and the control codes of terminals are not passed on.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LINE_BREAKS = re.compile(rf"[ \t]*[\n{_BREAKS}]+[ \t]*")


def cell(value: object) -> str | int | float:
    """`value` as a cell: numbers stay numbers, nothing becomes an empty cell, texts stay on one line.

    A text that a spreadsheet would run as a formula gets an apostrophe in front; one that is a plain number
    does not. Characters that no text should hold (NUL) are left out.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    text = str(value).replace("\0", "")
    is_formula = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return ("'" if is_formula else "") + _LINE_BREAKS.sub(" ", text)


def cells(rows: Sequence[Sequence[object]]) -> Iterable[Sequence[object]]:
    """`rows` of one table with every value as `cell` has it, or None for an empty one.

    Looks at a column at once, as hardly any of them holds anything that has to be changed.
    """
    return zip(*map(_column, zip(*rows, strict=True)), strict=True)


def _column(values: Sequence[object]) -> Sequence[object]:
    kinds = set(map(type, values))
    if kinds <= _NUMBERS:
        return values
    if kinds <= _TEXTS:
        texts = [value for value in values if value]
        together = "\n".join(["", *texts])  # type: ignore[list-item]  # they are of these kinds
        if together.count("\n") == len(texts) and not _TO_CHANGE.search(together):
            return values
    return [cell(value) for value in values]


def on_one_line(text: str) -> str:
    """`text` for a terminal: on one line, without control codes or spaces at its end."""
    return _CONTROL.sub(" ", text).rstrip()
