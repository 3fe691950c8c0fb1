"""What a PubMed record says of works: its own numbers, its comments and corrections, its references, how it stands."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.reading.characters import on_one_line
from pipeline.reading.naming import Named, gravest
from pipeline.reading.references import reference_title
from pipeline.reading.works import (
    doi_identifier,
    identifiers_in,
    pmcid_identifier,
    pmid_identifier,
    title_identifier,
)

ARTICLE, BOOK = "MedlineCitation/Article", "BookDocument"
RECORDS = {"PubmedArticle": ARTICLE, "PubmedBookArticle": BOOK}  # where each kind has its title and abstract

_REGISTERS = {"doi": doi_identifier, "pubmed": pmid_identifier, "pmc": pmcid_identifier}
_NOTICE_OF = {
    "RetractionIn": "retracted",
    "RetractedandRepublishedIn": "retracted",
    "ExpressionOfConcernIn": "concern",
    "ErratumIn": "corrected",
    "CorrectedandRepublishedIn": "corrected",
}
_MANNER_OF = {
    "RepublishedFrom": "reproduces",
    "RepublishedIn": "version of",  # there it was published later
    "UpdateOf": "version of",
    "UpdateIn": "version of",
    "CorrectedandRepublishedFrom": "version of",
    "CorrectedandRepublishedIn": "version of",
    "RetractedandRepublishedFrom": "version of",
    "RetractedandRepublishedIn": "version of",
}


def pmid_of(record: Element) -> str:
    """The PMID of one of `RECORDS`, as it is written there; empty where there is none."""
    return (record.findtext("MedlineCitation/PMID") or record.findtext(f"{BOOK}/PMID") or "").strip()


def record_identifiers(record: Element) -> tuple[str, ...]:
    """The PMID, DOI and PMCID of a record, not those of its references, nor of the book that it is a chapter of."""
    found = [pmid_identifier(pmid_of(record))]
    for element in record.iterfind(f"{ARTICLE}/ELocationID"):
        if element.get("EIdType") == "doi" and element.get("ValidYN", "Y") == "Y":
            found.append(doi_identifier(element.text or ""))
    for holder in ("PubmedData", BOOK, "PubmedBookData"):
        found += _numbers(record, f"{holder}/ArticleIdList/ArticleId")
    return tuple(identifier for identifier in found if identifier)


def record_notice(record: Element) -> str:
    """`retracted`, `concern`, `corrected`, or empty. A retraction itself ("RetractionOf") is none of these."""
    kinds = (element.text or "" for element in record.iterfind(".//PublicationTypeList/PublicationType"))
    retracted = any(kind.strip().lower() == "retracted publication" for kind in kinds)
    notices = [_NOTICE_OF.get(element.get("RefType", ""), "") for element in _comments(record)]
    return gravest(("retracted" if retracted else "", *notices))


def works_cited(record: Element) -> Iterator[Named]:
    """The works under comments and corrections, and those in the reference list."""
    for element in _comments(record):
        source = words_of(element.find("RefSource"))
        found = (pmid_identifier(element.findtext("PMID") or ""), *(item.identifier for item in identifiers_in(source)))
        kind = element.get("RefType", "")
        yield _named(found, source or kind, _MANNER_OF.get(kind, "cites"))
    for reference in record.iter("Reference"):
        words = words_of(reference.find("Citation"))
        found = _numbers(reference, "ArticleIdList/ArticleId") or tuple(
            item.identifier for item in identifiers_in(words)
        )
        yield _named((*found, title_identifier(reference_title(words))), words, "cites")


def _named(found: tuple[str, ...], words: str, manner: str) -> Named:
    return Named(tuple(dict.fromkeys(identifier for identifier in found if identifier)), words, manner)


def _comments(record: Element) -> Iterator[Element]:
    return record.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections")


def _numbers(holder: Element, path: str) -> tuple[str, ...]:
    return tuple(
        identifier
        for element in holder.iterfind(path)
        if (register := _REGISTERS.get(element.get("IdType", ""))) and (identifier := register(element.text or ""))
    )


def words_of(element: Element | None) -> str:
    """The words of `element` on one line; empty where there is none."""
    return "" if element is None else on_one_line("".join(element.itertext()))
