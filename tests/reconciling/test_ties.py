"""Articles that go back to one another by what they say of themselves, each case with its near miss."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.reconciling import reconcile
from pipeline.records import Citation, Dropped, Extraction, Sentence
from pipeline.store import Build
from pipeline.store.build import RunRow
from tests.store.stories import (
    ALIASES,
    CONCEPTS,
    DECREASES,
    INCREASES,
    MOMENT,
    NO_CHANGE,
    Says,
    publish,
    rows,
    sources,
    told,
)

DOI, PMID = "doi:10.1000/irisin.7", "pmid:99000101"
TITLE = "title:irisin raises bdnf in the hippocampus of running mice"
COOKIES = (
    "We use cookies to personalize content and to analyze our traffic on this page.",
    "This helps us keep the quality of our free resources for all readers.",
    "Analytics cookies help us understand how visitors interact with our website.",
)
DEFINES = "{} refers to the positive effect of strength training on the nervous system."


def page(
    path: str, *says: Says, tier: str = "blog", opening: str = "", section: str = "Results", **fields: Any
) -> Extraction:
    """An article of a kind (`tier`) with the given fields of its record; its author is its path unless given."""
    made = told(path, *(says or (INCREASES,)), source_id=tier, opening=opening)
    fields = {"author": f"Writer of {path}", "url": ""} | fields
    sentences: tuple[Sentence, ...] = tuple(replace(sentence, section=section) for sentence in made.sentences)
    return replace(made, article=replace(made.article, **fields), sentences=sentences)


def entry(path: str, term: str, lines: Sequence[str] = COOKIES, **fields: Any) -> Extraction:
    """A page that defines a term, with furniture around it."""
    furniture = tuple(Dropped(line, "cookie notice") for line in lines)
    fields = {"section": "Mechanism", "opening": DEFINES.format(term), "tier": "unknown"} | fields
    return page(path, dropped=furniture, **fields)


def cites(*identifiers: str, words: str = "a study", manner: str = "cites") -> tuple[Citation, ...]:
    return tuple(Citation(identifier, manner, words) for identifier in identifiers)


PAPER = page("paper", tier="trial", identifiers=(DOI, PMID, TITLE), author="Ana Lima; Bo Ek")
OTHER_PAPER = page("other", tier="trial", identifiers=("doi:10.1000/other",), author="Di Ro")

CASES: dict[str, tuple[Sequence[Extraction], list[tuple[str, str, str]]]] = {
    "an abstract and its paper share an identifier": (
        [PAPER, page("abstract", tier="abstract", identifiers=(PMID,))],
        [("abstract", "paper", "same work")],
    ),
    "two papers with identifiers of their own": ([PAPER, OTHER_PAPER], []),
    "a preprint has the title of its article and one of its authors": (
        [PAPER, page("preprint", tier="trial", identifiers=("doi:10.1101/1", TITLE), author="Bo Ek; Eva Ost")],
        [("paper", "preprint", "version of one study")],
    ),
    "the same title by other people": (
        [PAPER, page("namesake", tier="trial", identifiers=("doi:10.1101/1", TITLE), author="Eva Ost")],
        [],
    ),
    "a preprint says where it was published": (
        [PAPER, page("preprint", tier="trial", citations=cites(DOI, manner="version of"))],
        [("paper", "preprint", "version of one study")],
    ),
    "a reprint names the address of its origin": (
        [
            page("origin", identifiers=("url:blog.example/irisin",)),
            page("reprint", tier="press", citations=cites("url:blog.example/irisin", manner="reproduces")),
        ],
        [("origin", "reprint", "reproduces")],
    ),
    "a link is no reprint": (
        [
            page("origin", identifiers=("url:blog.example/irisin",)),
            page("reader", tier="press", citations=cites("url:blog.example/irisin")),
        ],
        [],
    ),
    "an origin named by its publisher alone needs words in common": (
        [page("origin"), page("reprint", tier="press", citations=cites("publisher:blog house", manner="reproduces"))],
        [],
    ),
    "a blog that cites one paper and nothing else goes back to it": (
        [PAPER, page("blog", citations=cites(DOI, TITLE))],
        [("blog", "paper", "cites it alone")],
    ),
    "a blog that cites a second work, which is not here, does not": (
        [PAPER, page("blog", citations=(*cites(DOI), *cites("doi:10.1000/elsewhere", words="another study")))],
        [],
    ),
    "a blog that cites two papers joins neither": (
        [PAPER, OTHER_PAPER, page("blog", citations=(*cites(DOI), *cites("doi:10.1000/other", words="another")))],
        [],
    ),
    "a review that cites one paper speaks for itself": (
        [PAPER, page("review", tier="review", citations=cites(DOI))],
        [],
    ),
    "two entries of one publisher, known by the lines around them": (
        [entry("one", "Muscle building"), entry("two", "Resistance training benefit")],
        [("one", "two", "one publisher's reference pages")],
    ),
    "entries of one glossary": (
        [page("one", tier="glossary"), page("two", tier="glossary")],
        [("one", "two", "one publisher's reference pages")],
    ),
    "blog pages with the same furniture are not a reference work": (
        [entry("one", "", opening="I ran today."), entry("two", "", opening="You should run, too.")],
        [],
    ),
    "entries with other lines around them": (
        [entry("one", "Muscle building"), entry("two", "Training benefit", COOKIES[:2])],
        [],
    ),
    "entries without a heading in common": (
        [entry("one", "Muscle building"), entry("two", "Training benefit", section="Origin")],
        [],
    ),
    "entries that say what something is, with one heading in common": (
        [entry("one", "", opening="Irisin is a hormone."), entry("two", "", opening="Apelin is a hormone.")],
        [],
    ),
    "entries of different sites": (
        [
            entry("one", "Muscle building", url="https://a.example/1"),
            entry("two", "Training benefit", url="https://b.example/2"),
        ],
        [],
    ),
    "a column by one author in two papers": (
        [
            page("one", opening="Ask Dr Ray, the weekly column.", author="Ray Fox"),
            page("two", tier="press", opening="Dr Ray writes a syndicated column on health.", author="Ray Fox"),
        ],
        [("one", "two", "one column")],
    ),
    "two posts by one author": ([page("one", author="Ray Fox"), page("two", author="Ray Fox")], []),
    "two notes on one video": (
        [
            page("one", tier="notes", identifiers=("url:video.example/watch?v=7",)),
            page("two", tier="notes", identifiers=("url:video.example/watch?v=7",)),
        ],
        [("one", "two", "same work")],
    ),
    "two notes that give the front page of one site": (
        [page("one", identifiers=("url:site.example",)), page("two", identifiers=("url:site.example",))],
        [],
    ),
}


def made(db: Path, *extractions: Extraction) -> None:
    with Build(db, "key 1") as build:
        build.add_sources(sources(*extractions))
        build.add_concepts(CONCEPTS, ALIASES)
        build.add(extractions)
        reconcile(build)
        build.finish(RunRow(MOMENT, MOMENT))
        build.publish()


@pytest.mark.parametrize("case", CASES)
def test_what_ties_articles_together(tmp_path: Path, case: str) -> None:
    extractions, expected = CASES[case]
    made(tmp_path / "c.duckdb", *extractions)
    joins = rows(
        tmp_path / "c.duckdb",
        "SELECT least(a.path, b.path), greatest(a.path, b.path), reason FROM lineage_joins "
        "JOIN documents a ON a.document_id = document_a JOIN documents b ON b.document_id = document_b ORDER BY ALL",
    )
    assert joins == expected
    ((lineages,),) = rows(tmp_path / "c.duckdb", "SELECT count(DISTINCT lineage_id) FROM documents")
    assert lineages == len(extractions) - len(expected)


def test_an_edited_reprint_that_names_its_publisher_is_found_by_the_words_in_common(tmp_path: Path) -> None:
    words = " ".join(f"word{number}" for number in range(200))
    made(
        tmp_path / "c.duckdb",
        page("origin", opening=words),
        page(
            "reprint",
            tier="press",
            opening=" ".join(words.split()[:100]) + " " + " ".join(f"new{number}" for number in range(120)),
            citations=cites("publisher:blog house", manner="reproduces"),
        ),
    )
    assert rows(tmp_path / "c.duckdb", "SELECT reason, detail, measure > 0.3 FROM lineage_joins") == [
        ("reproduces", "publisher:blog house", True)
    ]


def test_a_preprint_with_another_title_is_known_by_its_authors_and_half_of_its_words(tmp_path: Path) -> None:
    words = " ".join(f"word{number}" for number in range(300))
    half = " ".join(words.split()[:200]) + " " + " ".join(f"new{number}" for number in range(100))
    team = "Ana Lima; Bo Ek; Cem Kaya"
    made(
        tmp_path / "c.duckdb",
        page("article", tier="trial", opening=words, author=team),
        page("preprint", tier="trial", opening=half, author="A Lima; Bo Ek; Eva Ost; C Kaya"),
        page("later study", tier="trial", opening="They went on.", author=team),
        page("others", tier="trial", opening=half + " and more", author="Ana Lima; Bo Ek"),
    )
    joins = rows(
        tmp_path / "c.duckdb",
        "SELECT least(a.path, b.path), greatest(a.path, b.path), reason, detail FROM lineage_joins "
        "JOIN documents a ON a.document_id = document_a JOIN documents b ON b.document_id = document_b "
        "WHERE reason NOT LIKE '%copy' ORDER BY ALL",
    )
    assert joins == [("article", "preprint", "version of one study", "lima … kaya")]


def test_a_blog_counts_for_the_papers_it_cites_question_by_question(tmp_path: Path) -> None:
    memory = Says("increases", object="memory")
    blog = page(
        "blog", INCREASES, memory, citations=(*cites(DOI, words="one"), *cites("doi:10.1000/other", words="two"))
    )
    made(tmp_path / "c.duckdb", PAPER, replace(OTHER_PAPER, article=replace(OTHER_PAPER.article)), blog)
    found = rows(tmp_path / "c.duckdb", "SELECT object_id, lineages, increases, documents FROM consensus ORDER BY ALL")
    # two papers and the blog on BDNF: two voices; on memory, of which no paper speaks, the blog speaks for itself
    assert found == [("bdnf", 2, 2, 3), ("memory", 1, 1, 1)]


def test_drift_shows_what_became_of_a_claim_on_its_way(tmp_path: Path) -> None:
    paper = page("paper", replace(NO_CHANGE, hedged=True), tier="trial", identifiers=(DOI,))
    blog = page("blog", INCREASES, citations=cites(DOI, words="a Norwegian trial"))
    unnamed = page("unnamed", DECREASES)
    made(tmp_path / "c.duckdb", paper, blog, unnamed)
    found = rows(
        tmp_path / "c.duckdb",
        "SELECT changed, title_article, title_work, named_as, effect_article, negated_work FROM drift",
    )
    assert found == [
        ("denial lost, hedge lost", "Title of blog", "Title of paper", "a Norwegian trial", "increases", True)
    ]


def test_a_retraction_reaches_the_copies_and_those_who_cite_it(tmp_path: Path) -> None:
    paper = page("paper", tier="trial", identifiers=(DOI,), notice="retracted")
    abstract = page("abstract", tier="abstract", identifiers=(DOI,))
    blog = page("blog", citations=cites(DOI))
    other = page("other", tier="trial")
    made(tmp_path / "c.duckdb", paper, abstract, blog, other)
    assert rows(tmp_path / "c.duckdb", "SELECT support, lineages, documents FROM consensus") == [(1.0, 1, 1)]
    found = rows(tmp_path / "c.duckdb", "SELECT path, status, status_because FROM lineage_members ORDER BY path")
    assert found == [
        ("abstract", "retracted", "goes back to such an article"),
        ("blog", "retracted", "goes back to such an article"),
        ("other", "", ""),
        ("paper", "retracted", "declared in the article"),
    ]


def test_a_paper_does_not_fall_with_a_blog_that_cites_it(tmp_path: Path) -> None:
    made(tmp_path / "c.duckdb", PAPER, page("blog", citations=cites(DOI), notice="retracted"))
    found = rows(tmp_path / "c.duckdb", "SELECT path, status FROM lineage_members ORDER BY path")
    assert found == [("blog", "retracted"), ("paper", "")]


def test_a_notice_that_a_newer_version_no_longer_has_is_no_notice(tmp_path: Path) -> None:
    made(tmp_path / "c.duckdb", page("paper", tier="trial", notice="concern"))
    made(tmp_path / "c.duckdb", page("paper", tier="trial", opening="This is the paper, cleared of all doubt."))
    assert rows(tmp_path / "c.duckdb", "SELECT status FROM lineage_members") == [("",)]


def test_ties_do_not_depend_on_the_order_of_articles(tmp_path: Path) -> None:
    articles = [extraction for extractions, _ in CASES.values() for extraction in extractions]
    unique = list({extraction.article.path: extraction for extraction in articles}.values())
    made(tmp_path / "one.duckdb", *unique)
    made(tmp_path / "other.duckdb", *reversed(unique))
    query = "SELECT document_id, lineage_id FROM documents ORDER BY ALL"
    assert rows(tmp_path / "one.duckdb", query) == rows(tmp_path / "other.duckdb", query)
    joins = "FROM lineage_joins ORDER BY ALL"
    assert rows(tmp_path / "one.duckdb", joins) == rows(tmp_path / "other.duckdb", joins)


def test_an_article_that_is_gone_ties_no_longer(tmp_path: Path) -> None:
    made(tmp_path / "c.duckdb", PAPER, page("blog", citations=cites(DOI)))
    made(tmp_path / "c.duckdb", page("blog", opening="A new version that cites nothing."))
    assert rows(tmp_path / "c.duckdb", "FROM lineage_joins") == []
    publish(tmp_path / "c.duckdb")
    assert rows(tmp_path / "c.duckdb", "SELECT lineages FROM consensus") == [(2,)]
