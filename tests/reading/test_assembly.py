from datetime import UTC, datetime

import pytest

from pipeline.reading import UnreadableError
from pipeline.reading.assembly import assemble
from pipeline.reading.characters import clean_characters, mend_gaps, on_one_line, without_number_marks
from pipeline.reading.drafts import GUESSED, Draft, Outline, Piece
from pipeline.records import Article, BlockKind, Fetched

FETCHED = Fetched("source", "a.txt", b"bytes", datetime(2026, 11, 20, tzinfo=UTC), url="https://example.org/a")
PROSE = "Irisin crosses the blood-brain barrier and raises the level of BDNF in the hippocampus of mice."
P, H, B, T = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.BULLET, BlockKind.TITLE


def build(*pieces: Piece, title: str = "", author: str = "", part: str = "") -> Article:
    return assemble(Draft(format="text", pieces=pieces, title=title, author=author, part=part), FETCHED)


def blocks(article: Article) -> list[tuple[BlockKind, str, str]]:
    return [(block.kind, article.text[block.char_start : block.char_end], block.section) for block in article.blocks]


def test_pieces_are_joined_by_what_they_are() -> None:
    article = build(
        Piece(P, PROSE),
        Piece(B, "one"),
        Piece(B, "two"),
        Piece(P, "A."),
        Piece(P, "B.", continues=True),
        Piece(P, "C."),
    )
    assert article.text == f"{PROSE}\n\none\ntwo\n\nA. B.\n\nC."
    assert [text for _, text, _ in blocks(article)] == [PROSE, "one", "two", "A.", "B.", "C."]


def test_the_article_carries_where_it_comes_from() -> None:
    article = build(Piece(P, PROSE))
    assert (article.source_id, article.path, article.url) == ("source", "a.txt", "https://example.org/a")
    assert (article.sha256, article.fetched_at) == (FETCHED.sha256, FETCHED.fetched_at)
    assert build(Piece(P, PROSE), part="PMC1").path == "a.txt#PMC1"


def test_a_heading_at_the_top_becomes_the_title_and_no_section() -> None:
    article = build(
        Piece(H, "Irisin:", level=1),
        Piece(P, PROSE, section="Irisin"),
        Piece(H, "Effects", section="Irisin", level=2),
        Piece(P, "A.", section="Irisin > Effects"),
    )
    assert article.title == "Irisin:"
    assert blocks(article) == [(T, "Irisin:", ""), (P, PROSE, ""), (H, "Effects", ""), (P, "A.", "Effects")]


def test_a_lower_heading_at_the_top_is_no_title() -> None:
    article = build(Piece(H, "Effects", level=2), Piece(P, PROSE, section="Effects"))
    assert article.title == ""
    assert blocks(article)[0] == (H, "Effects", "")


def test_a_declared_title_is_put_in_front_and_its_repetition_goes() -> None:
    article = build(
        Piece(H, "IRISIN at work.", level=1), Piece(P, PROSE, section="IRISIN at work"), title="Irisin at work"
    )
    assert blocks(article) == [(T, "Irisin at work", ""), (P, PROSE, "")]
    assert [(item.text, item.reason) for item in article.dropped] == [("IRISIN at work.", "repeated title")]


@pytest.mark.parametrize(
    "byline", ["By Austin Perlmutter, MD", "Written by Jane A. Doe and John Roe", "by: Jane van Doe"]
)
def test_a_byline_becomes_the_author(byline: str) -> None:
    article = build(Piece(H, "Irisin"), Piece(H, byline), Piece(P, PROSE, section=byline))
    assert article.author == byline.split(maxsplit=1)[1].removeprefix("by ")
    assert article.author in byline
    assert blocks(article)[1] == (P, PROSE, "")


@pytest.mark.parametrize("line", ["By 2020 it had risen", "By the way", "By training", "Bypass Surgery Now"])
def test_other_lines_are_no_byline(line: str) -> None:
    assert build(Piece(P, line), Piece(P, PROSE)).author == ""


def test_a_declared_author_goes_before_a_byline() -> None:
    assert build(Piece(P, "By Jane Doe"), Piece(P, PROSE), author="John Roe").author == "John Roe"


@pytest.mark.parametrize(
    "pieces", [(), (Piece(H, "Irisin"),), (Piece(T, "Irisin"),), (Piece(P, "..."),), (Piece(P, "Home > Blog"),)]
)
def test_an_article_without_text_is_refused(pieces: tuple[Piece, ...]) -> None:
    with pytest.raises(UnreadableError, match="no article text"):
        build(*pieces)


def test_pieces_without_words_are_left_out() -> None:
    assert build(Piece(P, " . "), Piece(P, PROSE), Piece(P, "\u2022")).text == PROSE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u00a0b\u2009c\td", "a b c d"),
        ("exer\u00adcise\u200b", "exercise"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\ufeffa\u0000b\u0007\ud800\ue000c", "abc"),
        ("IL\u20116, \u03b2, \u00b5g, na\u00efve", "IL\u20116, \u03b2, \u00b5g, na\u00efve"),
    ],
)
def test_characters_of_typesetting_go_and_others_stay(text: str, expected: str) -> None:
    assert clean_characters(text) == expected


def test_white_space_is_one_space() -> None:
    assert on_one_line("  a \n\n\u00a0 b ") == "a b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lactate[742] , as", "lactate , as"),
        ("memory.[3,4] It", "memory. It"),
        ("memory[1\u20133].", "memory."),
        ("a CI of [12, 34]", "a CI of [12, 34]"),
        ("[18F]FDG and array [1]", "[18F]FDG and array [1]"),
    ],
)
def test_citation_numbers_that_cling_to_a_word_go(text: str, expected: str) -> None:
    assert without_number_marks(text) == expected


def test_numbers_that_point_into_the_dropped_reference_list_go() -> None:
    references = [Piece(P, f"{number}. Smith.") for number in (1, 2)]
    article = build(Piece(P, f"{PROSE[:-1]} [1, 2]. Its CI was [1, 2] and [7]."), Piece(H, "References"), *references)
    assert article.text == f"{PROSE} Its CI was [1, 2] and [7]."


def test_without_a_reference_list_numbers_in_brackets_stay() -> None:
    assert build(Piece(P, f"{PROSE} See [1].")).text == f"{PROSE} See [1]."


def test_a_date_line_gives_the_date() -> None:
    article = build(Piece(H, "Irisin"), Piece(P, "Updated: 5 March 2024"), Piece(P, PROSE))
    assert article.published == "2024-03-05"
    assert "Updated" not in article.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("rose (), then fell .", "rose, then fell."), ("p < .05 and :x", "p < .05 and :x"), ("a [ , ] b", "a b")],
)
def test_gaps_are_mended(text: str, expected: str) -> None:
    assert mend_gaps(text) == expected


def test_an_outline_closes_what_is_as_deep() -> None:
    outline = Outline()
    assert outline.enter(2, "A") == ""
    assert outline.enter(3, "B") == "A"
    assert outline.section == "A > B"
    assert outline.enter(2, "C") == ""
    assert outline.enter(GUESSED, "D") == ""
    outline.leave(GUESSED)
    assert outline.section == ""
