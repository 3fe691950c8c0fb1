import pytest

from pipeline.reading.heading_lines import looks_like_heading, without_number
from pipeline.reading.lines import join_lines, known_words


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Irisin crosses", "the barrier."], "Irisin crosses the barrier."),
        (["regular exer-", "cise"], "regular exercise"),
        (["levels of IL-", "6 rose"], "levels of IL-6 rose"),
        (["the PGC-", "1\u03b1 pathway"], "the PGC-1\u03b1 pathway"),
        (["Alzheimer-", "Disease"], "Alzheimer-Disease"),
        (["a placebo-", "controlled trial"], "a placebo-controlled trial"),
        (["pre-", "and post-exercise"], "pre- and post-exercise"),
        (["exer\xad", "cise"], "exercise"),
        (["age \u2013", "related"], "age \u2013 related"),
        (["one", "", "two"], "one two"),
        ([], ""),
    ],
)
def test_lines_become_a_paragraph_and_words_whole(lines: list[str], expected: str) -> None:
    assert join_lines(lines) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("the brain-derived factor", "brain-derived"),
        ("brainderived", "brainderived"),
        ("brain and derived", "brain-derived"),
    ],
)
def test_a_word_seen_elsewhere_decides_how_it_is_joined(seen: str, expected: str) -> None:
    assert join_lines(["brain-", "derived"], known_words([seen])) == expected


def test_a_broken_word_is_not_known() -> None:
    assert "exer" not in known_words(["regular exer-"])


@pytest.mark.parametrize(
    "line",
    [
        "Context",
        "2. Muscle health boosts brain metabolic health",
        "The Basics: Muscles and the Brain:",
        "3.1 Memory",
        "RESULTS",
    ],
)
def test_headings_are_known_by_their_looks(line: str) -> None:
    assert looks_like_heading(line)


@pytest.mark.parametrize(
    "line",
    [
        "Irisin improves memory.",
        "Does it work?",
        "a couple work out together",
        "It does several things:",
        "2. ",
        "12 34",
        "See https://example.org/irisin",
        "Irisin, which muscle releases,",
        "Irisin " * 20,
        "",
    ],
)
def test_other_lines_are_not(line: str) -> None:
    assert not looks_like_heading(line)


@pytest.mark.parametrize(
    ("heading", "bare", "expected"),
    [
        ("2. Results", False, "Results"),
        ("3.1 Memory", False, "Memory"),
        ("IV. Discussion", False, "Discussion"),
        ("1) Lift", False, "Lift"),
        ("3 Ways to Raise BDNF", False, "3 Ways to Raise BDNF"),
        ("2 Methods", True, "Methods"),
        ("5-HT and mood", False, "5-HT and mood"),
        ("2.5 mg of creatine", True, "mg of creatine"),
    ],
)
def test_numbers_before_headings_go(heading: str, bare: bool, expected: str) -> None:
    assert without_number(heading, bare=bare) == expected
