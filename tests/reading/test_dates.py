import pytest

from pipeline.reading.dates import iso_date, printed_date


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("2020", "3", "5"), "2020-03-05"),
        (("2020", "Mar", None), "2020-03"),
        (("2020", "March", "31"), "2020-03-31"),
        (("2020", "Spring", "5"), "2020"),
        (("2020", "13", "5"), "2020"),
        (("2020", "3", "32"), "2020-03"),
        ((" 2020 ", None, None), "2020"),
        (("20", "3", "5"), ""),
        ((None, "3", "5"), ""),
    ],
)
def test_dates_go_as_far_as_their_parts(parts: tuple[str | None, str | None, str | None], expected: str) -> None:
    assert iso_date(*parts) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Published on March 5, 2024", "2024-03-05"),
        ("5th March 2024", "2024-03-05"),
        ("Mar. 5 2024", "2024-03-05"),
        ("2024-03-05T10:00:00Z", "2024-03-05"),
        ("2022-11-28 Mon", "2022-11-28"),
        ("2024-03", ""),
        ("in 2019, irisin rose", ""),
        ("12 mice 2019", "2019"),
    ],
)
def test_printed_dates_are_read(text: str, expected: str) -> None:
    assert printed_date(text) == expected
