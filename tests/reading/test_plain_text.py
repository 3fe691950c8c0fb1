from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.reading import read as read_article
from pipeline.reading.drafts import Piece
from pipeline.reading.plain_text import read_plain_text
from pipeline.records import Article, BlockKind, Fetched

LONG = "Irisin crosses the blood-brain barrier and raises the level of BDNF in the hippocampus of mice."


def pieces(text: str) -> list[tuple[str, str]]:
    return [(piece.kind.value, piece.text) for piece in read_plain_text(text).pieces]


def read(text: str) -> tuple[Piece, ...]:
    return read_plain_text(text).pieces


def test_paragraphs_stand_between_blank_lines() -> None:
    assert pieces(f"{LONG}\n\n \n{LONG}") == [("paragraph", LONG), ("paragraph", LONG)]


def test_each_line_is_a_paragraph_where_lines_are_long() -> None:
    assert pieces(f"{LONG * 3}\nMechanism\n{LONG * 3}") == [
        ("paragraph", LONG * 3),
        ("heading", "Mechanism"),
        ("paragraph", LONG * 3),
    ]


def test_hard_wrapped_lines_are_joined() -> None:
    text = (
        "Irisin is a hormone that muscle releases when people exer-\n"
        "cise. It crosses the blood-brain barrier and raises the\n"
        "level of BDNF in the hippocampus of mice and, it seems, of\n"
        "men.\n\n"
        "In the second part of the trial the effect on the level of IL-\n"
        "6 was not seen in any one of the groups that were examined\n"
        "in it.\n"
    )
    first, second = pieces(text)
    assert first[1].startswith("Irisin is a hormone that muscle releases when people exercise. It crosses")
    assert first[1].endswith("and, it seems, of men.")
    assert "IL-6 was" in second[1]


def test_a_heading_right_above_a_wrapped_paragraph_stands_apart() -> None:
    text = (
        "Mechanism\nIrisin is a hormone that muscle releases when people do\n"
        "exercise. It crosses the blood-brain barrier and raises the\nlevel of BDNF in the brain of mice.\n"
    )
    assert [kind for kind, _ in pieces(text)] == ["heading", "paragraph"]


def test_a_line_that_breaks_off_is_joined_to_its_rest() -> None:
    assert pieces(f"{LONG * 3}\nIrisin, which the muscle releases in older adults,\nimproves memory.")[1][1] == (
        "Irisin, which the muscle releases in older adults, improves memory."
    )


@pytest.mark.parametrize("mark", ["- ", "* ", "\u2022 ", "  - ", "1. ", "2) ", "(3) ", "\u2013 "])
def test_list_entries_are_bullets_without_their_mark(mark: str) -> None:
    assert pieces(f"It does this:\n{mark}it improves memory\n{mark}it raises BDNF")[1:] == [
        ("bullet", "it improves memory"),
        ("bullet", "it raises BDNF"),
    ]


def test_a_numbered_line_that_stands_alone_is_a_heading_and_a_numbered_paragraph_a_bullet() -> None:
    found = read(f"{LONG}\n\n1. Lift weights\n\n{LONG}\n\n2. Walk: {LONG}\n")
    assert [(piece.kind, piece.section) for piece in found] == [
        (BlockKind.PARAGRAPH, ""),
        (BlockKind.HEADING, ""),
        (BlockKind.PARAGRAPH, "Lift weights"),
        (BlockKind.BULLET, ""),
    ]


def test_numbered_headings_stand_below_others() -> None:
    found = read(f"Basics\n\n1. Memory\n\n{LONG}\n\nOutlook\n\n{LONG}")
    assert [piece.section for piece in found] == ["", "Basics", "Basics > Memory", "", "Outlook"]


def test_several_capitalized_lines_in_a_row_are_a_list_and_no_headings() -> None:
    assert {kind for kind, _ in pieces(f"{LONG}\n\nBetter sleep\nLess pain\nMore energy\n\n{LONG}")} == {"paragraph"}


def test_a_last_line_is_no_heading() -> None:
    assert pieces(f"{LONG}\n\nThe end")[1] == ("paragraph", "The end")


def test_a_line_that_introduces_a_list_is_a_paragraph() -> None:
    assert pieces("The Effects Are These:\n- more memory\n- more BDNF")[0][0] == "paragraph"


def test_the_labels_of_trial_texts_become_title_and_sections() -> None:
    found = read(f"TITLE: Irisin in older adults\n\n  ABSTRACT.METHODS:\n{LONG}\n  \n{LONG}\n\nBODY.RESULTS:\n\n{LONG}")
    assert [(piece.kind, piece.section) for piece in found] == [
        (BlockKind.TITLE, ""),
        (BlockKind.PARAGRAPH, "Abstract > Methods"),
        (BlockKind.PARAGRAPH, "Abstract > Methods"),
        (BlockKind.PARAGRAPH, "Results"),
    ]


SPLIT = (
    "(fifthQuint)Exercise and Fatigue.\n\n Fatigue is common (e.\n\ng.\n\n, in cancer).\n\n "
    "Codes F41.\n\n0 and F41.\n\n1 count."
    "\n\n.\n\n Exercise and Fatigue@highlight\n\nThis study tests exercise.\n\n It may help.\n"
)


def test_a_text_cut_after_every_full_stop_is_whole_again() -> None:
    assert pieces(SPLIT) == [
        ("title", "Exercise and Fatigue"),
        ("paragraph", " Fatigue is common (e.g., in cancer). Codes F41.0 and F41.1 count."),
        ("paragraph", "Exercise and Fatigue"),
        ("paragraph", "This study tests exercise. It may help."),
    ]


def test_such_a_text_is_known_without_its_marks() -> None:
    sentences = [
        " Exercise may help.",
        " It raises BDNF.",
        " Fatigue is common (e.",
        "g.",
        ", in cancer).",
        " It fell.",
    ]
    assert [text.strip() for _, text in pieces("\n\n".join(sentences))] == ["".join(sentences).strip()]


def test_common_paragraphs_are_not_taken_for_it() -> None:
    assert len(pieces("\n\n".join([LONG] * 6))) == 6


def test_addresses_numbers_and_reference_entries_are_cited(read_text: Callable[..., Article]) -> None:
    article = read_text(
        "How muscle speaks to the brain\n\n"
        "It's written by our Wellbeing Partner Fjord Fitness Ltd and we've re-produced their article in full below:\n\n"
        "Irisin rose in one trial (doi: 10.1000/a1, PMID: 12), as www.news.example/irisin says. In the scale that was "
        "originally published in 1988, mood was better after twelve weeks of training.\n\n"
        "References\n\n"
        "1. Smith J, Doe A. Irisin and the ageing brain. J Muscle. 2020;12:34-5.\n"
        "2. Doe A. Short title. J Bone. 2021. https://doi.org/10.1000/b2\n"
    )
    assert article.identifiers == ("title:how muscle speaks to the brain",)
    assert [(item.manner, item.identifier) for item in article.citations] == [
        ("reproduces", "publisher:fjord fitness ltd"),
        ("cites", "doi:10.1000/a1"),
        ("cites", "pmid:12"),
        ("cites", "url:news.example/irisin"),
        ("cites", "title:irisin and the ageing brain"),
        ("cites", "doi:10.1000/b2"),
    ]


def test_the_address_a_text_was_fetched_from_is_an_identifier_and_its_site_not_cited(
    fetched: Callable[..., Fetched],
) -> None:
    text = "Muscle speaks to the brain, says https://www.muscle-blog.example/two and https://news.example/irisin too."
    article = read_article(replace(fetched(text), url="https://muscle-blog.example/one/"))
    assert article.identifiers == ("url:muscle-blog.example/one",)
    assert [item.identifier for item in article.citations] == ["url:news.example/irisin"]
