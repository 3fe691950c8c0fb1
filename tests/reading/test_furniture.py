import pytest

from pipeline.reading.drafts import GUESSED, Piece
from pipeline.reading.furniture import Rule, Scope, find_rule, furniture_rules, without_furniture
from pipeline.reading.tables import TableError, read_table
from pipeline.records import BlockKind

RULES = furniture_rules()
PROSE = "Irisin crosses the blood-brain barrier and raises the level of BDNF in the hippocampus, as mice have shown."


def paragraph(text: str) -> Piece:
    return Piece(BlockKind.PARAGRAPH, text)


def heading(text: str, level: int = GUESSED) -> Piece:
    return Piece(BlockKind.HEADING, text, level=level)


def kept(*pieces: Piece) -> list[str]:
    return [piece.text for piece in without_furniture(pieces)[0]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.example[:40])
def test_the_example_of_each_rule_is_furniture_for_its_reason(rule: Rule) -> None:
    found = find_rule(paragraph(rule.example))
    assert found is not None
    assert found.reason == rule.reason


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.prose[:40])
def test_the_prose_that_resembles_it_stays(rule: Rule) -> None:
    assert find_rule(paragraph(rule.prose)) is None
    assert find_rule(heading(rule.prose)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Brain health",
        "Materials and Methods",
        "Data analysis",
        "Statistical analysis",
        "Support from family",
        "Responses",
        "Discussion",
        "Navigation",
        "AD",
        "Sources of lactate",
        "Ethical considerations",
        "Trial status",
        "Interests",
        "Comments on dose",
    ],
)
def test_headings_of_articles_are_no_furniture(text: str) -> None:
    assert find_rule(heading(text)) is None


@pytest.mark.parametrize(
    "text", ["REFERENCES", "7. References", "References:", "Acknowledgments", "Conflicts of interest"]
)
def test_case_number_and_colon_of_a_heading_do_not_matter(text: str) -> None:
    assert find_rule(heading(text, level=2)) is not None


def test_a_title_is_never_furniture() -> None:
    assert find_rule(Piece(BlockKind.TITLE, "References")) is None


def test_a_tail_runs_to_the_end_where_levels_are_guessed() -> None:
    assert kept(paragraph(PROSE), heading("Recent Posts"), heading("Ten tips"), paragraph(PROSE[:60])) == [PROSE]


def test_a_tail_ends_at_the_next_heading_as_high() -> None:
    pieces = (
        paragraph(PROSE),
        heading("References", 2),
        paragraph("1. Smith."),
        heading("Appendix", 2),
        paragraph(PROSE),
    )
    assert kept(*pieces) == [PROSE, "Appendix", PROSE]


def test_a_deeper_heading_does_not_end_a_tail() -> None:
    assert kept(paragraph(PROSE), heading("Comments", 2), heading("Anna", 3), paragraph("Great article!")) == [PROSE]


def test_a_section_ends_at_the_next_heading() -> None:
    pieces = (
        paragraph(PROSE),
        heading("About the author"),
        paragraph("She writes."),
        heading("Outlook"),
        paragraph(PROSE),
    )
    assert kept(*pieces) == [PROSE, "Outlook", PROSE]


def test_a_tail_word_above_the_article_takes_nothing_but_itself() -> None:
    assert kept(heading("Leave a comment"), paragraph(PROSE), paragraph(PROSE)) == [PROSE, PROSE]


def test_a_table_of_contents_does_not_take_the_article_away() -> None:
    contents = [heading("Contents"), heading("Introduction"), heading("References")]
    assert kept(paragraph(PROSE), *contents, paragraph(PROSE), heading("References"), paragraph("1. Smith.")) == [
        PROSE,
        "Introduction",
        PROSE,
    ]


def test_a_bullet_begins_no_tail() -> None:
    bullet = Piece(BlockKind.BULLET, "References")
    assert kept(paragraph(PROSE), bullet, paragraph(PROSE)) == [PROSE, "References", PROSE]


def test_what_is_dropped_is_shown_with_its_reason() -> None:
    _, dropped = without_furniture(
        [paragraph("top of page"), paragraph(PROSE), paragraph("1 Comment"), paragraph("Nice!")]
    )
    assert [(item.text, item.reason) for item in dropped] == [
        ("top of page", "page edge"),
        ("1 Comment", "comments"),
        ("Nice!", "comments"),
    ]


def test_every_scope_is_in_use() -> None:
    assert {rule.scope for rule in RULES} == set(Scope)


def test_a_table_with_other_columns_is_refused_naming_file_and_line() -> None:
    with pytest.raises(TableError, match=r"furniture\.tsv, line 4"):
        list(read_table("furniture.tsv", ("a", "b")))
