"""Reads PubMed XML: one record or a set, of articles, books and chapters, each with its title and abstract."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.reading.characters import on_one_line
from pipeline.reading.dates import iso_date
from pipeline.reading.drafts import Draft, Outline, Piece, UnreadableError
from pipeline.reading.naming import as_citations, gravest, notice_in, works_named
from pipeline.reading.passages import passages_of
from pipeline.reading.pubmed_works import (
    RECORDS,
    pmid_of,
    record_identifiers,
    record_notice,
    words_of,
    works_cited,
)
from pipeline.reading.xml_parsing import parse_xml
from pipeline.records import BlockKind, Dropped

_SET_APART = ("unassigned", "unlabelled")
_DATES = ("ArticleDate", "Journal/JournalIssue/PubDate", "ContributionDate", "Book/PubDate")


def read_pubmed(data: bytes) -> tuple[Draft, ...]:
    """The drafts of the records in `data`. In a set, each record's part is its PMID.

    Labelled parts of an abstract become sections (`Results`). Raises UnreadableError for XML that cannot be
    parsed or holds no record.
    """
    root = parse_xml(data)
    records = [root] if root.tag in RECORDS else [element for element in root if element.tag in RECORDS]
    if not records:
        raise UnreadableError("is a PubMed set with no <PubmedArticle> or <PubmedBookArticle> in it")
    return tuple(_draft(record, apart=len(records) > 1) for record in records)


def _draft(record: Element, *, apart: bool) -> Draft:
    article = record.find(RECORDS[record.tag])
    article = Element("Article") if article is None else article
    title = (words_of(article.find("ArticleTitle")) or words_of(article.find("Book/BookTitle"))).strip("[]")
    pmid = pmid_of(record)
    lead = (Piece(BlockKind.TITLE, title),) if title else ()
    pieces = (*lead, *_abstract(article))
    passages = passages_of(pieces)
    return Draft(
        format="pubmed",
        pieces=pieces,
        dropped=tuple(
            Dropped(words_of(notice), "legal notice") for notice in article.iterfind("Abstract/CopyrightInformation")
        ),
        title=title,
        author="; ".join(_authors(article)),
        published=_published(article),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else "",
        part=pmid or title[:40] if apart else "",
        identifiers=record_identifiers(record),
        citations=as_citations((*works_named(passages), *works_cited(record))),
        notice=gravest((record_notice(record), notice_in(passages))),
    )


def _abstract(article: Element) -> Iterator[Piece]:
    outline = Outline()
    for part in article.iterfind("Abstract/AbstractText"):
        label = (part.get("Label") or "").strip()
        if label and label.lower() not in _SET_APART:
            name = label.capitalize() if label.isupper() else label
            above = outline.enter(2, name)
            yield Piece(BlockKind.HEADING, name, section=above, level=2)
        yield Piece(BlockKind.PARAGRAPH, words_of(part), section=outline.section)


def _authors(article: Element) -> Iterator[str]:
    listed = article.findall("AuthorList") or article.findall("Book/AuthorList")
    for author in (one for names in listed if names.get("Type") != "editors" for one in names.iterfind("Author")):
        given = author.findtext("ForeName") or author.findtext("Initials") or ""
        name = on_one_line(f"{given} {author.findtext('LastName') or author.findtext('CollectiveName') or ''}")
        if name:
            yield name


def _published(article: Element) -> str:
    for path in _DATES:
        if (date := article.find(path)) is not None:
            year = date.findtext("Year") or (date.findtext("MedlineDate") or "")[:4]
            if found := iso_date(year, date.findtext("Month"), date.findtext("Day")):
                return found
    return ""
