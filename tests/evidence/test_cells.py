"""Cells that a spreadsheet cannot mistake for formulas."""

from datetime import datetime
from decimal import Decimal

import pytest

from pipeline.evidence.cells import cell


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
