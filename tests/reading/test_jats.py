import pytest

from pipeline.reading import UnreadableError
from pipeline.reading.citation_marks import CITATION as C
from pipeline.reading.citation_marks import without_citations
from pipeline.reading.drafts import Draft
from pipeline.reading.jats import read_jats

HEAD = '<?xml version="1.0"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.0//EN" "JATS-archivearticle1.dtd">\n'
META = """<front><article-meta>
<article-id pub-id-type="pmc">123</article-id><article-id pub-id-type="doi">10.1000/182</article-id>
<title-group>
<article-title>Irisin in <italic>older</italic> adults<xref ref-type="fn">*</xref></article-title></title-group>
<contrib-group>
<contrib contrib-type="author"><name><surname>Doe</surname><given-names>Jane A</given-names></name></contrib>
<contrib contrib-type="author"><collab>The Muscle Group</collab></contrib>
<contrib contrib-type="editor"><name><surname>Roe</surname><given-names>John</given-names></name></contrib>
</contrib-group>
<pub-date pub-type="collection"><year>2019</year></pub-date>
<pub-date pub-type="epub"><day>5</day><month>3</month><year>2020</year></pub-date>
<abstract><sec><title>Methods</title><p>Adults trained.</p></sec>
<sec><title>Results:</title><p>Irisin rose.</p></sec></abstract>
<abstract abstract-type="graphical"><p>A picture of it.</p></abstract>
</article-meta></front>"""


def read(body: str, back: str = "", meta: str = META) -> Draft:
    (draft,) = read_jats(f"{HEAD}<article>{meta}<body>{body}</body><back>{back}</back></article>".encode())
    return draft


def body_texts(body: str) -> list[str]:
    return [piece.text for piece in read(body, meta="<front/>").pieces]


def test_metadata_is_kept() -> None:
    draft = read("<p>Text.</p>")
    assert draft.title == "Irisin in older adults"
    assert draft.author == "Jane A Doe; The Muscle Group"
    assert draft.published == "2020-03-05"
    assert draft.url == "https://doi.org/10.1000/182"


def test_sections_nest_and_the_abstract_has_its_own() -> None:
    draft = read(
        "<sec><title>1. Results</title><p>A.</p><sec><title>Cognition</title><p>B.</p></sec></sec>"
        "<sec><title>Discussion</title><p>C.</p></sec>"
    )
    assert [(piece.kind.value, piece.text, piece.section) for piece in draft.pieces] == [
        ("title", "Irisin in older adults", ""),
        ("heading", "Methods", "Abstract"),
        ("paragraph", "Adults trained.", "Abstract > Methods"),
        ("heading", "Results:", "Abstract"),
        ("paragraph", "Irisin rose.", "Abstract > Results"),
        ("heading", "Results", ""),
        ("paragraph", "A.", "Results"),
        ("heading", "Cognition", "Results"),
        ("paragraph", "B.", "Results > Cognition"),
        ("heading", "Discussion", ""),
        ("paragraph", "C.", "Discussion"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>VO<sub>2</sub>max was 10<sup>6</sup> in <italic>vivo</italic>.</p>", ["VO2max was 10^6 in vivo."]),
        ("<p>Acts on memory<sup><xref ref-type='bibr'>1</xref></sup>.</p>", ["Acts on memory."]),
        ("<p>See <xref ref-type='fig'>Fig. 1</xref> and <ext-link>this</ext-link>.</p>", ["See Fig. 1 and this."]),
        ("<p>It&nbsp;rose &amp; fell &beta;.</p>", ["It\xa0rose & fell \u03b2."]),
        ("<p>Rose by <inline-formula><math><mi>x</mi> <mn>2</mn></math></inline-formula>.</p>", ["Rose by x2."]),
        (
            "<p>These:<list><list-item><p>one</p></list-item><list-item><p>two</p></list-item></list> Then.</p>",
            ["These:", "one", "two", "Then."],
        ),
        (
            "<def-list><def-item><term>IL-6</term><def><p>interleukin</p></def></def-item></def-list>",
            ["IL-6: interleukin"],
        ),
        ("<boxed-text><p>In a box.</p></boxed-text><disp-quote><p>Said.</p></disp-quote>", ["In a box.", "Said."]),
        ("<sec><label>1</label><title>[Aim]</title><p>A.</p></sec>", ["Aim", "A."]),
        ("<p>A<break/>B</p>", ["A B"]),
    ],
)
def test_prose_is_kept_whole(body: str, expected: list[str]) -> None:
    assert body_texts(body) == expected


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<table-wrap><table><tr><td>gone</td></tr></table></table-wrap>", "table"),
        ("<fig><caption><p>gone</p></caption></fig>", "figure"),
        ("<disp-formula>gone</disp-formula>", "formula"),
        ("<supplementary-material><p>gone</p></supplementary-material>", "supplement"),
        ("<p>Kept.<fn><p>gone</p></fn></p>", "footnote"),
        ("<ref-list><ref>gone</ref></ref-list>", "references"),
    ],
)
def test_what_is_no_prose_is_dropped_with_its_reason(markup: str, reason: str) -> None:
    draft = read(f"<p>Text.</p>{markup}")
    assert all("gone" not in piece.text for piece in draft.pieces)
    assert ("gone", reason) in [(item.text, item.reason) for item in draft.dropped]


def test_back_matter_and_graphical_abstracts_are_dropped() -> None:
    draft = read("<p>Text.</p>", "<ack><p>Thanks.</p></ack><glossary><p>A: b</p></glossary><notes><p>None.</p></notes>")
    assert [item.reason for item in draft.dropped] == [
        "graphical abstract",
        "acknowledgements",
        "abbreviations",
        "back matter",
    ]


def test_responses_to_the_article_are_not_read() -> None:
    (draft,) = read_jats(b"<article><body><p>Text.</p></body><response><body><p>No!</p></body></response></article>")
    assert [piece.text for piece in draft.pieces] == ["Text."]


def test_a_set_gives_each_article_its_id() -> None:
    article = f"<article>{META}<body><p>Text.</p></body></article>"
    drafts = read_jats(f"<pmc-articleset>{article}{article.replace('>123<', '>PMC9<')}</pmc-articleset>".encode())
    assert [draft.part for draft in drafts] == ["PMC123", "PMC9"]


def test_an_empty_set_is_refused() -> None:
    with pytest.raises(UnreadableError, match="none in it"):
        read_jats(b"<pmc-articleset/>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"memory [{C}, {C}\u2013{C}].", "memory."),
        (f"memory ({C}Smith et al., 2010{C}; {C}Doe, 2011{C}).", "memory."),
        (f"as {C}Smith et al. (2010){C} found", "as Smith et al. found"),
        (f"Smith et al. ({C}) found", "Smith et al. found"),
        (f"aging (Garc\u00eda-L\u00f3pez et al., {C}; Tsai and Wang, {C}).", "aging."),
        (f"of mice (in the trial; Lee et al., {C}).", "of mice (in the trial)."),
        (f"factor (BDNF, {C}).", "factor (BDNF)."),
        (f"neurons.{C},{C} Then", "neurons. Then"),
        (f"it (see review, Hillman et al., {C}), which", "it, which"),
        (f"by Rest et al. [{C}]. Next", "by Rest et al. Next"),
        ("no marks (1, 2) here [3]", "no marks (1, 2) here [3]"),
    ],
)
def test_citations_go_with_their_brackets_and_words_stay(text: str, expected: str) -> None:
    assert without_citations(text) == expected
