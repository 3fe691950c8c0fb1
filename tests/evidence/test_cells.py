"""Cells that a spreadsheet cannot mistake for formulas."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.cells import cell, cells


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("irisin", "irisin"),
        ("", ""),
        (None, ""),
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://evil","x")', '\'=HYPERLINK("http://evil","x")'),
        ("+49 30 1234", "'+49 30 1234"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("@SUM(A1:A2)", "'@SUM(A1:A2)"),
        ("\t=1+1", "'\t=1+1"),
        ("\r=1+1", "' =1+1"),
        ("\n=1+1", "' =1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("- a bullet", "'- a bullet"),
        ("-5 mg", "'-5 mg"),
        ("-5", "-5"),
        ("+1.5", "+1.5"),
        ("-1-1", "'-1-1"),
        ("2-fold = twice", "2-fold = twice"),
        ("two\nlines \r\n here", "two lines here"),
        ("a\u2028b", "a b"),
        ("nul\0byte", "nulbyte"),
        ("\0=1+1", "'=1+1"),
        ("β-cells", "β-cells"),
        (-5, -5),
        (-0.25, -0.25),
        (0, 0),
        (True, "true"),
        (False, "false"),
        (datetime(2026, 1, 2, 3, 4, 5, 678), "2026-01-02 03:04:05"),
    ],
)
def test_cells(value: object, expected: object) -> None:
    found = cell(value)
    assert (found, type(found)) == (expected, type(expected))


def test_decimals_are_written_as_they_are() -> None:
    assert cell(Decimal("-0.50")) == "-0.50"


TEXTS = (
    st.text(alphabet="ab1=+-@\t\r\n\v\f\0\x85\u2028\u2029\uff1d '.\N{GREEK SMALL LETTER BETA}", max_size=4) | st.none()
)
NUMBERS = st.integers() | st.floats(allow_nan=False) | st.none()
COLUMNS = st.integers(0, 5).flatmap(
    lambda size: st.lists(
        st.sampled_from([TEXTS, NUMBERS, st.booleans(), st.datetimes(), TEXTS | NUMBERS | st.booleans()]).flatmap(
            lambda values: st.lists(values, min_size=size, max_size=size)
        ),
        min_size=1,
        max_size=4,
    )
)


@given(COLUMNS)
def test_many_rows_at_once_give_the_cells_that_each_value_gives(columns: list[list[object]]) -> None:
    rows = list(zip(*columns, strict=True))
    found = [tuple("" if value is None else value for value in row) for row in cells(rows)]
    assert found == [tuple(map(cell, row)) for row in rows]
