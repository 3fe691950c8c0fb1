from collections.abc import Callable

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
