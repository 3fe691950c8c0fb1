"""Reads PubMed XML: one record or a set, each with its title and abstract."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.reading.characters import on_one_line
from pipeline.reading.dates import iso_date
from pipeline.reading.drafts import Draft, Outline, Piece, UnreadableError
from pipeline.reading.naming import as_citations, gravest, notice_in, works_named
from pipeline.reading.passages import passages_of
from pipeline.reading.pubmed_works import record_identifiers, record_notice, words_of, works_cited
from pipeline.reading.xml_parsing import parse_xml
from pipeline.records import BlockKind, Dropped

_SET_APART = ("unassigned", "unlabelled")


def read_pubmed(data: bytes) -> tuple[Draft, ...]:
    """The drafts of the records in `data`. In a set, each record's part is its PMID.

    Labelled parts of an abstract become sections (`Results`). Raises UnreadableError for XML that cannot be
    parsed or holds no record.
    """
    root = parse_xml(data)
    records = [root] if root.tag == "PubmedArticle" else root.findall("PubmedArticle")
    if not records:
        raise UnreadableError("is a PubMed set with no <PubmedArticle> in it")
    return tuple(_draft(record, apart=len(records) > 1) for record in records)


def _draft(record: Element, *, apart: bool) -> Draft:
    citation = record.find("MedlineCitation")
    citation = Element("MedlineCitation") if citation is None else citation
    article = citation.find("Article")
    article = Element("Article") if article is None else article
    title = words_of(article.find("ArticleTitle")).strip("[]")
    pmid = (citation.findtext("PMID") or "").strip()
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
    for author in article.iterfind("AuthorList/Author"):
        given = author.findtext("ForeName") or author.findtext("Initials") or ""
        name = on_one_line(f"{given} {author.findtext('LastName') or author.findtext('CollectiveName') or ''}")
        if name:
            yield name


def _published(article: Element) -> str:
    for date in (article.find("ArticleDate"), article.find("Journal/JournalIssue/PubDate")):
        if date is not None:
            year = date.findtext("Year") or (date.findtext("MedlineDate") or "")[:4]
            if found := iso_date(year, date.findtext("Month"), date.findtext("Day")):
                return found
    return ""
