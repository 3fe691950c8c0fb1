from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.reading import UnreadableError, read, read_all
from pipeline.reading.pubmed import read_pubmed
from pipeline.records import Article, Fetched, Reject, Stage

ABSTRACT = (
    '<Abstract><AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">Irisin acts on the brain.</AbstractText>'
    '<AbstractText Label="RESULTS">BDNF <i>rose</i> by 10<sup>2</sup>.</AbstractText>'
    "<CopyrightInformation>Copyright 2020.</CopyrightInformation></Abstract>"
)


def record(pmid: str = "11", title: str = "[Irisin in older adults.]", abstract: str = ABSTRACT) -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><Journal><JournalIssue><PubDate><Year>2020</Year>"
        f"<Month>Mar</Month></PubDate></JournalIssue></Journal><ArticleTitle>{title}</ArticleTitle>{abstract}<AuthorList>"
        "<Author><LastName>Doe</LastName><ForeName>Jane A</ForeName></Author>"
        "<Author><CollectiveName>The Muscle Group</CollectiveName></Author></AuthorList></Article></MedlineCitation>"
        "</PubmedArticle>"
    )


def pubmed_set(*records: str) -> str:
    doctype = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://dtd.nlm.nih.gov/pubmed.dtd">'
    return f'<?xml version="1.0"?>{doctype}<PubmedArticleSet>{"".join(records)}</PubmedArticleSet>'


def test_a_record_gives_title_authors_date_and_labelled_sections() -> None:
    (draft,) = read_pubmed(pubmed_set(record()).encode())
    assert (draft.title, draft.author) == ("Irisin in older adults.", "Jane A Doe; The Muscle Group")
    assert (draft.published, draft.url) == ("2020-03", "https://pubmed.ncbi.nlm.nih.gov/11/")
    assert [(piece.kind.value, piece.text, piece.section) for piece in draft.pieces] == [
        ("title", "Irisin in older adults.", ""),
        ("heading", "Background", ""),
        ("paragraph", "Irisin acts on the brain.", "Background"),
        ("heading", "Results", ""),
        ("paragraph", "BDNF rose by 102.", "Results"),
    ]
    assert [(item.text, item.reason) for item in draft.dropped] == [("Copyright 2020.", "legal notice")]


@pytest.mark.parametrize("label", ["", ' Label="UNLABELLED"', ' Label="Unassigned"'])
def test_an_unlabelled_abstract_has_no_sections(label: str) -> None:
    abstract = f"<Abstract><AbstractText{label}>Irisin rose.</AbstractText></Abstract>"
    (draft,) = read_pubmed(record(abstract=abstract).encode())
    assert [piece.kind.value for piece in draft.pieces] == ["title", "paragraph"]


def test_a_set_becomes_one_article_a_record(fetched: Callable[..., Fetched]) -> None:
    found = list(read_all(fetched(pubmed_set(record("11"), record("12", abstract=""), record("13")), "set.xml")))
    assert [item.path for item in found] == ["set.xml#11", "set.xml#12", "set.xml#13"]
    assert [type(item) for item in found] == [Article, Reject, Article]
    reject = found[1]
    assert isinstance(reject, Reject)
    assert reject.stage is Stage.READING
    assert "no article text" in reject.reason


def test_a_single_record_keeps_the_path(fetched: Callable[..., Fetched]) -> None:
    assert read(fetched(pubmed_set(record()), "one.xml")).path == "one.xml"


def test_read_refuses_a_set_of_several(fetched: Callable[..., Fetched]) -> None:
    with pytest.raises(UnreadableError, match="holds 2 articles"):
        read(fetched(pubmed_set(record(), record()), "set.xml"))


CHAPTER = (
    "<PubmedBookArticle><BookDocument><PMID>21</PMID><ArticleIdList><ArticleId IdType='bookaccession'>NBK7</ArticleId>"
    "<ArticleId IdType='doi'>10.1000/myokines.21</ArticleId></ArticleIdList><Book><BookTitle>Muscle Physiology"
    "</BookTitle><PubDate><Year>2024</Year><Month>01</Month></PubDate><AuthorList Type='editors'><Author><LastName>Roe"
    "</LastName></Author></AuthorList></Book><ArticleTitle>Myokines</ArticleTitle><AuthorList Type='authors'><Author>"
    "<LastName>Doe</LastName><ForeName>Jane</ForeName></Author></AuthorList>" + ABSTRACT + "<ContributionDate><Year>"
    "2023</Year><Month>5</Month><Day>1</Day></ContributionDate><ReferenceList><Reference><Citation>Exercise and "
    "irisin.</Citation><ArticleIdList><ArticleId IdType='pubmed'>5</ArticleId></ArticleIdList></Reference>"
    "</ReferenceList></BookDocument></PubmedBookArticle>"
)


def test_a_chapter_of_a_book_is_read_as_an_article_is() -> None:
    article, chapter = read_pubmed(pubmed_set(record(), CHAPTER).encode())
    assert (chapter.title, chapter.author, chapter.part) == ("Myokines", "Jane Doe", "21")
    assert (chapter.published, chapter.url) == ("2023-05-01", "https://pubmed.ncbi.nlm.nih.gov/21/")
    assert chapter.pieces[1:] == article.pieces[1:]
    assert chapter.identifiers == ("pmid:21", "doi:10.1000/myokines.21")
    assert [citation.identifier for citation in chapter.citations] == ["pmid:5"]


def test_a_whole_book_has_the_title_and_the_date_of_the_book() -> None:
    book = CHAPTER.replace("<ArticleTitle>Myokines</ArticleTitle>", "")
    book = book.replace("ContributionDate", "DateRevised")
    (draft,) = read_pubmed(book.encode())
    assert (draft.title, draft.published) == ("Muscle Physiology", "2024-01")
    assert read_pubmed(f"<PubmedBookArticleSet>{book}</PubmedBookArticleSet>".encode()) == (draft,)


def test_an_empty_set_is_refused() -> None:
    with pytest.raises(UnreadableError, match="no <PubmedArticle>"):
        read_pubmed(b"<PubmedArticleSet/>")


def test_a_record_with_nothing_in_it_is_a_reject(fetched: Callable[..., Fetched]) -> None:
    (found,) = read_all(fetched("<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>", "set.xml"))
    assert isinstance(found, Reject)


def test_the_article_date_goes_before_the_issue() -> None:
    dated = record().replace(
        "</Article>", "<ArticleDate><Year>2019</Year><Month>12</Month><Day>31</Day></ArticleDate></Article>"
    )
    assert read_pubmed(dated.encode())[0].published == "2019-12-31"


def test_a_date_in_words_gives_its_year() -> None:
    dated = record().replace("<Year>2020</Year><Month>Mar</Month>", "<MedlineDate>2018 Nov-Dec</MedlineDate>")
    assert read_pubmed(dated.encode())[0].published == "2018"


def with_works(comments: str = "", kinds: str = "", data: str = "") -> str:
    listed = f"<CommentsCorrectionsList>{comments}</CommentsCorrectionsList>"
    return (
        record()
        .replace("</Article>", f'{kinds}<ELocationID EIdType="doi">10.1000/Own</ELocationID></Article>{listed}')
        .replace("</MedlineCitation>", f"</MedlineCitation><PubmedData>{data}</PubmedData>")
    )


def comment(kind: str) -> str:
    source = "J Muscle. 2021;3:4. doi: 10.1000/other."
    return f'<CommentsCorrections RefType="{kind}"><RefSource>{source}</RefSource><PMID>99</PMID></CommentsCorrections>'


REFERENCE_LIST = """<ArticleIdList><ArticleId IdType="pubmed">11</ArticleId><ArticleId IdType="pmc">PMC5</ArticleId>
</ArticleIdList><ReferenceList><Reference>
<Citation>Smith J. Irisin and the ageing brain. J Muscle. 2020;1:2.</Citation><ArticleIdList>
<ArticleId IdType="doi">10.1000/a1</ArticleId><ArticleId IdType="pubmed">12</ArticleId></ArticleIdList></Reference>
<Reference><Citation>Doe A. Short. J Bone. 2019. doi: 10.1000/b2.</Citation></Reference></ReferenceList>"""


def test_the_numbers_of_a_record_are_its_identifiers_and_not_those_of_its_references() -> None:
    (draft,) = read_pubmed(with_works(data=REFERENCE_LIST).encode())
    assert draft.identifiers == ("pmid:11", "doi:10.1000/own", "pmid:11", "pmcid:PMC5")
    assert [citation.identifier for citation in draft.citations] == [
        "doi:10.1000/a1",
        "pmid:12",
        "title:irisin and the ageing brain",
        "doi:10.1000/b2",
    ]
    assert len({citation.words for citation in draft.citations[:3]}) == 1


@pytest.mark.parametrize(
    ("kind", "manner", "notice"),
    [
        ("Cites", "cites", ""),
        ("CommentOn", "cites", ""),
        ("UpdateOf", "version of", ""),
        ("UpdateIn", "version of", ""),
        ("RepublishedFrom", "reproduces", ""),
        ("RepublishedIn", "version of", ""),
        ("RetractionIn", "cites", "retracted"),
        ("RetractionOf", "cites", ""),
        ("ExpressionOfConcernIn", "cites", "concern"),
        ("ErratumIn", "cites", "corrected"),
        ("ErratumFor", "cites", ""),
    ],
)
def test_comments_and_corrections_tell_versions_and_standing(kind: str, manner: str, notice: str) -> None:
    (draft,) = read_pubmed(with_works(comment(kind)).encode())
    assert [(item.manner, item.identifier) for item in draft.citations] == [
        (manner, "pmid:99"),
        (manner, "doi:10.1000/other"),
    ]
    assert draft.notice == notice


@pytest.mark.parametrize(
    ("kind", "notice"), [("Retracted Publication", "retracted"), ("Retraction of Publication", ""), ("Review", "")]
)
def test_the_publication_type_tells_a_retracted_article(kind: str, notice: str) -> None:
    kinds = f"<PublicationTypeList><PublicationType>{kind}</PublicationType></PublicationTypeList>"
    assert read_pubmed(with_works(kinds=kinds).encode())[0].notice == notice


def test_records_of_a_set_do_not_share_its_address(fetched: Callable[..., Fetched]) -> None:

    file = replace(fetched(pubmed_set(record("11"), record("12")), "set.xml"), url="https://pubmed.example/set")
    first, second = (item for item in read_all(file) if isinstance(item, Article))
    assert first.identifiers == ("pmid:11",)
    assert second.identifiers == ("pmid:12",)
