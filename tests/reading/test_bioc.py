import json
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.reading import UnreadableError, read_all
from pipeline.reading.bioc import read_bioc
from pipeline.reading.drafts import Draft
from pipeline.records import Article, Fetched, Reject, Stage

FRONT = {
    "article-id_doi": "10.1000/Own",
    "article-id_pmc": "5",
    "article-id_pmid": "11",
    "name_1": "surname:Roe;given-names:John",
    "name_0": "given-names:Jane A;surname:Doe",
    "year": "2020",
}
PROSE = (
    "Irisin is released by the muscle during exercise, and it raised the level of BDNF in the hippocampus of the older "
    "adults who had trained for twelve weeks."
)


def passage(section: str, kind: str, text: str | None, **infons: Any) -> dict[str, Any]:
    return {"offset": 0, "infons": {"section_type": section, "type": kind, **infons}, "text": text, "annotations": []}


TITLE = passage("TITLE", "front", "Irisin in older adults", **FRONT)


def collection(*documents: dict[str, Any], source: str = "PMC") -> str:
    return json.dumps([{"bioctype": "BioCCollection", "source": source, "documents": list(documents)}])


def document(*passages: dict[str, Any], name: str = "5") -> dict[str, Any]:
    return {"id": name, "infons": {"license": "CC BY"}, "passages": list(passages), "relations": []}


def read(*passages: dict[str, Any]) -> Draft:
    (draft,) = read_bioc(collection(document(*passages)))
    return draft


def laid_out(draft: Draft) -> list[tuple[str, str, str]]:
    return [(piece.kind.value, piece.text, piece.section) for piece in draft.pieces]


def test_metadata_is_kept() -> None:
    draft = read(TITLE, passage("INTRO", "paragraph", PROSE))
    assert (draft.format, draft.title, draft.author) == ("bioc", "Irisin in older adults", "Jane A Doe; John Roe")
    assert (draft.published, draft.url, draft.part) == ("2020", "https://doi.org/10.1000/own", "")
    assert draft.identifiers == ("pmid:11", "pmcid:PMC5", "doi:10.1000/own")


def test_sections_nest_and_the_abstract_has_its_own() -> None:
    draft = read(
        TITLE,
        passage("ABSTRACT", "abstract_title_1", "Abstract"),
        passage("ABSTRACT", "abstract", "Muscle speaks."),
        passage("ABSTRACT", "abstract_title_1", "Results:"),
        passage("ABSTRACT", "abstract", "Irisin rose."),
        passage("INTRO", "paragraph", "Untitled words."),
        passage("RESULTS", "title_1", "3. Results"),
        passage("RESULTS", "title_2", "Cognition"),
        passage("RESULTS", "paragraph", "Memory improved."),
        passage("FIG", "fig_title_caption", "Figure 1"),
        passage("RESULTS", "paragraph", "It lasted."),
        passage("DISCUSS", "title_1", "Discussion"),
        passage("DISCUSS", "paragraph", "So it acts."),
    )
    assert laid_out(draft) == [
        ("title", "Irisin in older adults", ""),
        ("paragraph", "Muscle speaks.", "Abstract"),
        ("heading", "Results:", "Abstract"),
        ("paragraph", "Irisin rose.", "Abstract > Results"),
        ("paragraph", "Untitled words.", "Introduction"),
        ("heading", "Results", ""),
        ("heading", "Cognition", "Results"),
        ("paragraph", "Memory improved.", "Results > Cognition"),
        ("paragraph", "It lasted.", "Results > Cognition"),
        ("heading", "Discussion", ""),
        ("paragraph", "So it acts.", "Discussion"),
    ]


@pytest.mark.parametrize(
    ("section", "kind", "reason"),
    [
        ("REF", "title", "references"),
        ("REF", "ref", "references"),
        ("FIG", "fig_caption", "figure"),
        ("RESULTS", "fig", "figure"),
        ("TABLE", "table", "table"),
        ("TABLE", "table_footnote", "table"),
        ("METHODS", "footnote", "footnote"),
        ("SUPPL", "title_1", "supplement"),
        ("ABBR", "paragraph", "abbreviations"),
        ("ACK_FUND", "paragraph", "acknowledgements"),
        ("COMP_INT", "paragraph", "declarations"),
        ("AUTH_CONT", "paragraph", "declarations"),
        ("KEYWORD", "paragraph", "keywords"),
        ("TITLE", "front", "alternative title"),
    ],
)
def test_what_is_no_text_of_the_article_is_dropped_with_its_reason(section: str, kind: str, reason: str) -> None:
    draft = read(TITLE, passage(section, kind, "Irisin " * 100), passage("INTRO", "paragraph", PROSE))
    assert laid_out(draft)[1:] == [("paragraph", PROSE, "Introduction")]
    ((dropped),) = draft.dropped
    assert dropped.reason == reason
    assert len(dropped.text) == 301


def test_references_become_citations_and_are_not_the_article_itself() -> None:
    draft = read(
        TITLE,
        passage("INTRO", "paragraph", PROSE),
        passage("REF", "title", "References"),
        passage("REF", "ref", "Irisin and the ageing human brain", **{"pub-id_pmid": "12", "pub-id_doi": "10.1000/A1"}),
        passage("REF", "ref", "Doe A. Short. J Bone. 2019. doi: 10.1000/b2."),
        passage("REF", "ref", None),
    )
    assert [citation.identifier for citation in draft.citations] == [
        "pmid:12",
        "doi:10.1000/a1",
        "title:irisin and the ageing human brain",
        "doi:10.1000/b2",
        "title:doe a short j bone 2019 doi 10 1000 b2",
    ]
    assert "pmid:12" not in draft.identifiers


def pubtator(**beside: Any) -> str:
    title = {"infons": {"type": "title", "journal": "J Muscle", "authors": "Doe J, Roe J, "}, "text": "Irisin rises"}
    abstract = {"infons": {"type": "abstract"}, "text": PROSE}
    return json.dumps({"PubTator3": [{"_id": "11|None", "id": "11", "passages": [title, abstract], **beside}]})


def test_an_abstract_of_pubtator_has_no_sections() -> None:
    (draft,) = read_bioc(pubtator(pmid=11, pmcid=None, date="2019-06-06T00:00:00Z", authors=["Doe J"]))
    assert laid_out(draft) == [("title", "Irisin rises", ""), ("paragraph", PROSE, "")]
    assert (draft.author, draft.published) == ("Doe J; Roe J", "2019-06-06")
    assert (draft.identifiers, draft.url) == (("pmid:11",), "https://pubmed.ncbi.nlm.nih.gov/11/")


@pytest.mark.parametrize(
    ("name", "source", "identifier"),
    [
        ("11", "PubMed", "pmid:11"),
        ("11", "PMC", "pmcid:PMC11"),
        ("PMC11", "", "pmcid:PMC11"),
        ("10.1000/x1", "", "doi:10.1000/x1"),
    ],
)
def test_without_numbers_in_its_infons_the_id_of_a_document_is_its_number(
    name: str, source: str, identifier: str
) -> None:
    (draft,) = read_bioc(collection(document(passage("INTRO", "paragraph", PROSE), name=name), source=source))
    assert draft.identifiers == (identifier,)


def test_the_documents_of_a_collection_are_articles_by_their_ids(fetched: Callable[..., Fetched]) -> None:
    text = passage("INTRO", "paragraph", PROSE)
    file = fetched(
        collection(document(text, name="PMC1"), document(name="PMC2"), document(text, name="PMC3")), "a.json"
    )
    found = list(read_all(file))
    assert [item.path for item in found] == ["a.json#PMC1", "a.json#PMC2", "a.json#PMC3"]
    assert [type(item) for item in found] == [Article, Reject, Article]


def test_bracketed_numbers_that_point_to_the_references_go(fetched: Callable[..., Fetched]) -> None:
    words = passage("INTRO", "paragraph", f"{PROSE[:-1]} [1, 2].")
    references = [passage("REF", "ref", f"Paper {number}") for number in range(2)]
    (article,) = read_all(fetched(collection(document(TITLE, words, *references)), "a.json"))
    assert isinstance(article, Article)
    assert article.text.endswith(PROSE)


@pytest.mark.parametrize(
    "odd",
    [
        {"infons": None, "text": PROSE},
        {"text": PROSE},
        {"infons": {"type": 7, "section_type": ["x"]}, "text": PROSE, "annotations": 3},
        {"infons": {}, "text": None, "sentences": [{"text": PROSE[:60]}, {}, None, {"text": PROSE[60:]}]},
        {"infons": {"type": "title_99"}, "text": PROSE},
    ],
)
def test_missing_and_odd_fields_do_no_harm(fetched: Callable[..., Fetched], odd: dict[str, Any]) -> None:
    text = collection({"passages": [None, 3, [], {"infons": {"type": "paragraph"}}, odd, {"text": PROSE}]})
    (article,) = read_all(fetched(text, "a.json"))
    assert isinstance(article, Article)
    assert article.text.count("hippocampus") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "nests JSON deeper"),
        ('{"documents": ' * 50_000, "nests JSON deeper"),
        ('{"documents": [', r"not well-formed JSON \(line 1, column 16"),
        ("[Error] : No result can be found. <BR><HR>", "not well-formed JSON"),
        ('{"documents": [' + "9" * 5000 + "]}", "cannot be read"),
        ('{"documents": []}', "no document in it"),
        ("[]", "no document in it"),
        ('{"title": "Irisin", "body": "x"}', "not BioC: found the keys body, title"),
        ('{"documents": null}', "not BioC: found the keys documents"),
        ("3", "not BioC: found no keys"),
        ("{}", "not BioC: found no keys"),
        ('["x"]', "not BioC: found no keys"),
    ],
)
def test_other_json_is_refused_saying_what_was_found(fetched: Callable[..., Fetched], text: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        read_bioc(text)
    (reject,) = read_all(fetched(text, "a.json"))
    assert isinstance(reject, Reject)
    assert (reject.stage, reject.path) == (Stage.READING, "a.json")


def test_lone_surrogates_reach_neither_text_nor_path(fetched: Callable[..., Fetched]) -> None:
    raw = collection(document(passage("INTRO", "paragraph", PROSE), name="x\ud800y"), document(name="z"))
    article, _ = read_all(fetched(raw, "a.json"))
    assert isinstance(article, Article)
    assert article.path == "a.json#xy"
