import hashlib
import zlib
from collections.abc import Callable

import pytest

from pipeline.reading import UnreadableError
from pipeline.reading.drafts import Draft
from pipeline.reading.pdf import read_pdf
from pipeline.records import Article

MakePdf = Callable[..., bytes]
Run = tuple[float, float, int, str]

LEFT = [
    "Irisin is a hormone that muscle releases when",
    "older adults train. It crosses the barrier of",
    "the brain and raises the level of neurotrophic",
    "factors in the hippocampus of mice, and exer-",
    "cise of an hour at a time is enough for this.",
    "In this trial, however, the level of IL-",
]
RIGHT = [
    "6 did not change in any one of the groups.",
    "Resistance training improved the memory of the",
    "men and of the women who took part, while the",
    "control group did not change in any test of",
    "memory or of attention at twelve weeks.",
]
IN_ORDER = (
    "Irisin is a hormone that muscle releases when older adults train. It crosses the barrier of the brain and raises "
    "the level of neurotrophic factors in the hippocampus of mice, and exercise of an hour at a time is enough for "
    "this. In this trial, however, the level of IL-6 did not change in any one of the groups. Resistance training "
    "improved the memory of the men and of the women who took part, while the control group did not change in any "
    "test of memory or of attention at twelve weeks."
)


def column(lines: list[str], left: float, top: float = 740) -> list[Run]:
    return [(left, top - 13 * number, 10, line) for number, line in enumerate(lines)]


def by_rows(*columns: list[Run]) -> list[Run]:
    longest = max(len(lines) for lines in columns)
    return [lines[row] for row in range(longest) for lines in columns if row < len(lines)]


def text(draft: Draft) -> str:
    return " ".join(piece.text for piece in draft.pieces)


TITLE: Run = (60, 780, 18, "Irisin and memory in older adults")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "page",
    [
        [TITLE, *column(LEFT, 60), *column(RIGHT, 320)],
        [TITLE, *by_rows(column(LEFT, 60), column(RIGHT, 320))],
        [*column(RIGHT, 320), *column(LEFT, 60), TITLE],
        [TITLE, *column(LEFT, 60), *column(RIGHT, 320, top=737)],
    ],
    ids=["column by column", "row by row", "right column first", "rows at other heights"],
)
def test_two_columns_are_read_one_after_the_other_however_they_are_drawn(
    make_pdf: MakePdf, page: list[Run], packed: bool
) -> None:
    draft = read_pdf(make_pdf([page], packed=packed))
    assert text(draft) == f"Irisin and memory in older adults {IN_ORDER}"
    assert draft.pieces[0].kind.value == "title"
    assert draft.title == "Irisin and memory in older adults"


def test_a_paragraph_goes_on_over_the_end_of_a_page(make_pdf: MakePdf) -> None:
    draft = read_pdf(make_pdf([column(LEFT, 60), column(RIGHT, 60)]))
    assert text(draft) == IN_ORDER


def test_running_heads_and_page_numbers_are_dropped(make_pdf: MakePdf) -> None:
    pages = [
        [(60, 815, 8, f"Muscle Journal {number} (2024)"), *column(lines, 60), (300, 20, 8, str(number))]
        for number, lines in enumerate((LEFT, RIGHT, LEFT), start=1)
    ]
    draft = read_pdf(make_pdf(pages))
    assert "Muscle Journal" not in text(draft)
    assert {item.reason for item in draft.dropped} == {"running head or page number"}
    assert "Muscle Journal 1 (2024)" in {item.text for item in draft.dropped}


def test_what_stands_in_the_margin_once_is_kept(make_pdf: MakePdf) -> None:
    draft = read_pdf(make_pdf([[(60, 815, 10, "Irisin raises BDNF in mice."), *column(LEFT, 60)], column(RIGHT, 60)]))
    assert "Irisin raises BDNF in mice." in text(draft)


def test_larger_and_numbered_lines_are_headings(make_pdf: MakePdf) -> None:
    page = [
        TITLE,
        *column(LEFT[:5], 60),
        (60, 640, 13, "Results"),
        *column(RIGHT[1:], 60, top=620),
        (60, 540, 10, "2.1 Memory"),
        *column(LEFT[:5], 60, top=520),
    ]
    draft = read_pdf(make_pdf([page]))
    assert [(piece.text, piece.section) for piece in draft.pieces if piece.kind.value == "heading"] == [
        ("Results", ""),
        ("Memory", ""),
    ]
    assert draft.pieces[-1].section == "Memory"


def test_title_author_and_date_that_the_file_declares_are_used(make_pdf: MakePdf) -> None:
    info = "/Title (Irisin at work) /Author (Jane Doe) /CreationDate (D:20240305120000Z)"
    draft = read_pdf(make_pdf([column(LEFT, 60)], info=info))
    assert (draft.title, draft.author, draft.published) == ("Irisin at work", "Jane Doe", "2024-03-05")


@pytest.mark.parametrize("title", ["Microsoft Word - draft3.docx", "untitled", "article.pdf"])
def test_a_file_name_is_no_title(make_pdf: MakePdf, title: str) -> None:
    assert read_pdf(make_pdf([column(LEFT, 60)], info=f"/Title ({title})")).title == ""


def test_citation_numbers_in_superscript_are_left_out(make_pdf: MakePdf) -> None:
    page = [(60, 700, 10, "Irisin acts on memory"), (158, 704, 6, "12,13"), *column(RIGHT[1:], 60, top=687)]
    assert "12" not in text(read_pdf(make_pdf([page])))


def test_a_list_becomes_bullets(make_pdf: MakePdf) -> None:
    page = [*column(LEFT[:5], 60), (60, 660, 10, "\u2022 Memory improves."), (60, 647, 10, "\u2022 BDNF rises.")]
    assert [piece.text for piece in read_pdf(make_pdf([page])).pieces if piece.kind.value == "bullet"] == [
        "Memory improves.",
        "BDNF rises.",
    ]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_pdf_is_refused(make_pdf: MakePdf, share: float) -> None:
    data = make_pdf([column(LEFT * 5, 60)] * 20)
    with pytest.raises(UnreadableError, match="breaks off"):
        read_pdf(data[: int(share * len(data))])


def test_a_locked_pdf_is_refused(make_pdf: MakePdf) -> None:
    secret = hashlib.sha256(b"no one knows").hexdigest()
    lock = f"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -1 /O <{secret}> /U <{secret}> >>"
    with pytest.raises(UnreadableError, match="password"):
        read_pdf(make_pdf([column(LEFT, 60)], trailer=lock))


@pytest.mark.parametrize("pages", [[[]], [[], []], []])
def test_a_pdf_without_text_is_refused_as_a_scan(make_pdf: MakePdf, pages: list[list[Run]]) -> None:
    with pytest.raises(UnreadableError, match=r"without text.*OCR"):
        read_pdf(make_pdf(pages))


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4\n%%EOF", b"%PDF-1.4\ntrailer << /Root 1 0 R >>\n%%EOF", b"%PDF-\xff\xff%%EOF"]
)
def test_a_damaged_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"damaged|without text"):
        read_pdf(data)


def test_a_pdf_of_too_many_pages_is_refused(make_pdf: MakePdf) -> None:
    with pytest.raises(UnreadableError, match="more than 300 pages"):
        read_pdf(make_pdf([[(60, 700, 10, "Irisin.")]] * 301))


def test_a_page_tree_in_a_circle_ends(make_pdf: MakePdf) -> None:
    data = make_pdf([column(LEFT + RIGHT, 60)])
    assert text(read_pdf(data.replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"))) == text(read_pdf(data))


def test_a_stream_that_fills_the_memory_is_not_unpacked(make_pdf: MakePdf) -> None:
    bomb = zlib.compress(bytes(70 * 1024 * 1024), 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream\n" % (len(bomb), bomb)
    data = make_pdf([column(LEFT, 60)]).replace(b"xref\n", b"9 0 obj\n" + stream + b"endobj\nxref\n", 1)
    with pytest.raises(UnreadableError, match="unpacks to more than an article"):
        read_pdf(data)


def test_a_stream_packed_twice_is_not_unpacked(make_pdf: MakePdf) -> None:
    data = make_pdf([column(LEFT, 60)], packed=True).replace(b"/FlateDecode", b"[/FlateDecode /FlateDecode]")
    with pytest.raises(UnreadableError, match="not opened"):
        read_pdf(data)


def test_the_whole_way_gives_an_article(make_pdf: MakePdf, read_text: Callable[..., Article]) -> None:
    article = read_text(make_pdf([[TITLE, *column(LEFT, 60), *column(RIGHT, 320)]]), "irisin.pdf")
    assert article.text == f"Irisin and memory in older adults\n\n{IN_ORDER}"
    assert article.format == "pdf"


def test_numbers_and_references_of_a_pdf_are_cited(make_pdf: MakePdf) -> None:
    page = [
        (72, 780, 20, "How muscle speaks to the brain"),
        (
            72,
            740,
            10,
            "Irisin rose in one trial (doi:10.1000/a1), and the mood of older adults was better than before.",
        ),
        (72, 700, 12, "References"),
        (72, 680, 10, "1. Smith J. Irisin and the ageing brain. J Muscle. 2020;1:2-3."),
    ]
    draft = read_pdf(make_pdf([page], info="/Subject (J Muscle, doi:10.1000/own)"))
    assert draft.identifiers == ("doi:10.1000/own",)
    assert [item.identifier for item in draft.citations] == ["doi:10.1000/a1", "title:irisin and the ageing brain"]
