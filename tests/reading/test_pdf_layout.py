import pytest

from pipeline.reading.pdf_layout import Line, Page, in_reading_order, paragraphs, without_running_heads


def line(text: str, left: float, top: float, width: float = 200, size: float = 10, bold: bool = False) -> Line:
    return Line(text, left, left + width, top - size, top, size, bold)


def order(lines: list[Line]) -> str:
    return "".join(found.text for found in in_reading_order(lines))


def rows(lefts: dict[str, float], count: int = 4, width: float = 150, top: float = 700) -> list[Line]:
    return [line(f"{name}{row}", left, top - 12 * row, width) for row in range(count) for name, left in lefts.items()]


def test_one_column_is_read_downward() -> None:
    assert order([line("b", 50, 600), line("a", 50, 700), line("c", 50, 500)]) == "abc"


def test_three_columns_are_read_from_left_to_right() -> None:
    assert order(rows({"a": 50, "b": 220, "c": 390})) == "a0a1a2a3b0b1b2b3c0c1c2c3"


def test_a_line_across_the_gap_divides_the_columns() -> None:
    upper = rows({"a": 50, "b": 300}, 3)
    lower = rows({"c": 50, "d": 300}, 3, top=500)
    across = line("X", 50, 600, width=400)
    assert order([*lower, across, *upper]) == "a0a1a2b0b1b2Xc0c1c2d0d1d2"


def test_two_lines_side_by_side_are_no_columns() -> None:
    assert order([line("a", 50, 700, 100), line("b", 300, 700, 100), line("c", 50, 680, 400)]) == "abc"


def test_numbers_before_lines_are_no_column() -> None:
    lines = [line(str(row), 50, 700 - 12 * row, 8) for row in range(4)]
    lines += [line("x", 70, 700 - 12 * row, 400) for row in range(4)]
    assert order(lines) == "0x1x2x3x"


def test_a_page_with_absurdly_many_lines_is_still_ordered() -> None:
    assert len(in_reading_order(rows({"a": 50, "b": 300}, 2000))) == 4000


def joined(*pages: list[Line]) -> list[str]:
    return [
        " ".join(part.text for part in paragraph.lines)
        for paragraph in paragraphs([in_reading_order(p) for p in pages])
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line("a", 50, 700), line("b.", 50, 688), line("c", 50, 660)], ["a b.", "c"]),
        ([line("a", 50, 700), line("b.", 50, 688, 60), line("C " * 20, 50, 676)], ["a b.", "C " * 20]),
        ([line("a", 50, 700), line("b", 50, 688), line("C", 62, 676), line("d", 50, 664)], ["a b", "C d"]),
        ([line("A", 50, 700, size=14), line("b", 50, 680)], ["A", "b"]),
        ([line("A", 50, 700, bold=True), line("b", 50, 688)], ["A", "b"]),
        ([line("a", 50, 700), line("\u2022 b", 50, 688), line("\u2022 c", 50, 676)], ["a", "\u2022 b", "\u2022 c"]),
    ],
    ids=["gap", "short last line", "indent", "size", "bold", "list"],
)
def test_paragraphs_end_where_print_shows_it(lines: list[Line], expected: list[str]) -> None:
    assert joined(lines) == expected


def test_a_sentence_that_ends_with_the_page_ends_its_paragraph() -> None:
    assert joined([line("a.", 50, 700)], [line("B", 50, 700)]) == ["a.", "B"]
    assert joined([line("a", 50, 700)], [line("b", 50, 700)]) == ["a b"]


def test_lines_repeated_in_the_margins_go_with_their_numbers() -> None:
    pages = [Page((line(f"Journal {n}", 50, 795), line("text", 50, 500), line(f"{n}", 50, 30)), 800) for n in range(3)]
    kept, dropped = without_running_heads(pages)
    assert [[found.text for found in page.lines] for page in kept] == [["text"]] * 3
    assert sorted(dropped) == ["0", "1", "2", "Journal 0", "Journal 1", "Journal 2"]
