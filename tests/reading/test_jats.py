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


REFERENCES = """<ref-list><ref id="r1"><element-citation><person-group><name><surname>Smith</surname>
<given-names>J</given-names></name></person-group><article-title>Irisin and the ageing brain</article-title>
<source>J Muscle</source><pub-id pub-id-type="doi">10.1000/A1</pub-id><pub-id pub-id-type="pmid">12</pub-id>
</element-citation></ref>
<ref id="r2"><mixed-citation>Doe A. Lactate and the ageing brain. <source>J Bone</source>. 2021.
<ext-link ext-link-type="uri" xlink:href="https://doi.org/10.1000/b2">CrossRef</ext-link></mixed-citation></ref>
<ref id="r3"><citation-alternatives><mixed-citation>Roe B. Short. 2019. PMID: 34</mixed-citation><element-citation>
<pub-id pub-id-type="pmid">34</pub-id></element-citation></citation-alternatives></ref>
<ref id="r4"><mixed-citation>Poe C. Short. 2018.</mixed-citation></ref></ref-list>"""


def article(related: str = "", kind: str = "research-article", body: str = "<p>Text.</p>", back: str = "") -> Draft:
    meta = META.replace("</article-meta>", f"{related}</article-meta>")
    markup = f'<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="{kind}">{meta}'
    (draft,) = read_jats(f"{HEAD}{markup}<body>{body}</body><back>{back}</back></article>".encode())
    return draft


def related(kind: str, number: str = "10.1000/rel", register: str = "doi") -> str:
    return f'<related-article related-article-type="{kind}" ext-link-type="{register}" xlink:href="{number}"/>'


def test_the_numbers_of_an_article_are_its_identifiers() -> None:
    assert article().identifiers == ("pmcid:PMC123", "doi:10.1000/182")


def test_references_give_numbers_and_titles_with_the_same_words() -> None:
    citations = article(back=REFERENCES).citations
    assert [citation.identifier for citation in citations] == [
        "doi:10.1000/a1",
        "pmid:12",
        "title:irisin and the ageing brain",
        "doi:10.1000/b2",
        "title:lactate and the ageing brain",
        "pmid:34",
    ]
    assert [len({citation.words for citation in part}) for part in (citations[:3], citations[3:5], citations)] == [
        1,
        1,
        3,
    ]
    assert citations[0].words.startswith("Smith J Irisin and the ageing brain J Muscle")


def test_links_of_the_text_are_cited() -> None:
    body = '<p>See <ext-link xlink:href="https://clinicaltrials.gov/ct2/show/NCT01234567">the registry</ext-link>.</p>'
    assert [citation.identifier for citation in article(body=body).citations] == ["nct:NCT01234567"]


@pytest.mark.parametrize(
    ("markup", "kind", "manner", "notice"),
    [
        (related("preprint"), "research-article", "version of", ""),
        (related("companion"), "research-article", "cites", ""),
        (related("commentary-article"), "article-commentary", "cites", ""),
        (related("retraction-forward"), "research-article", "cites", "retracted"),
        (related("retracted-article"), "retraction", "cites", ""),
        (related("corrected-article"), "correction", "cites", ""),
        (related("correction-forward"), "research-article", "cites", "corrected"),
        (related("concern-forward"), "research-article", "cites", "concern"),
        (related("correction-forward") + related("retraction-forward"), "research-article", "cites", "retracted"),
    ],
)
def test_related_articles_tell_versions_and_standing(markup: str, kind: str, manner: str, notice: str) -> None:
    draft = article(markup, kind)
    assert [(citation.manner, citation.identifier) for citation in draft.citations] == [(manner, "doi:10.1000/rel")]
    assert draft.notice == notice


def test_a_related_article_may_be_known_by_its_pmid() -> None:
    assert [item.identifier for item in article(related("preprint", "55", "pubmed")).citations] == ["pmid:55"]


def test_a_note_tells_of_an_earlier_version() -> None:
    note = "A preprint of this article is available at https://doi.org/10.1101/2020.01.02.123456v2."
    draft = article(back=f"<fn-group><fn><p>{note}</p></fn></fn-group>")
    assert [(item.manner, item.identifier) for item in draft.citations] == [
        ("version of", "doi:10.1101/2020.01.02.123456")
    ]
