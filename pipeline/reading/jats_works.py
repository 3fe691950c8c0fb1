"""What a JATS article says of works: its own numbers, its references, its related articles, and how it stands."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.reading.characters import mend_gaps
from pipeline.reading.naming import Named, gravest
from pipeline.reading.passages import Passage
from pipeline.reading.references import reference_title
from pipeline.reading.works import (
    doi_identifier,
    identifiers_in,
    is_citable,
    pmcid_identifier,
    pmid_identifier,
    title_identifier,
    web_identifier,
)

_REGISTERS = {
    "doi": doi_identifier,
    "pmid": pmid_identifier,
    "pubmed": pmid_identifier,
    "pmc": pmcid_identifier,
    "pmcid": pmcid_identifier,
}
_CITATIONS = ("mixed-citation", "element-citation", "nlm-citation", "citation")
_LINKS = ("ext-link", "uri", "self-uri")
_NOTICES_THEMSELVES = ("retraction", "correction", "expression-of-concern", "addendum", "partial-retraction")
_NOTICE_OF = {
    "retraction-forward": "retracted",
    "retracted-article": "retracted",
    "concern-forward": "concern",
    "expression-of-concern": "concern",
    "object-of-concern": "concern",
    "correction-forward": "corrected",
    "corrected-article": "corrected",
    "correction": "corrected",
    "erratum": "corrected",
}
_VERSIONS = (
    "preprint",
    "published-article",
    "version-of-record",
    "update",
    "updated-article",
    "republished-article",
    "translated-article",
    "translation",
)
_NOTES = (
    "front/article-meta/author-notes/fn",
    "front/notes",
    "front/article-meta/notes",
    "back/notes",
    "back/fn-group/fn",
)


def article_identifiers(meta: Element) -> tuple[str, ...]:
    """The DOI, PMID and PMCID in `<article-meta>`."""
    return tuple(
        identifier
        for element in meta.findall("article-id")
        if (identifier := _registered(element.get("pub-id-type", ""), _words(element)))
    )


def article_notice(article: Element) -> str:
    """How `article` stands by its related articles. A retraction or correction itself is neither."""
    if article.get("article-type", "") in _NOTICES_THEMSELVES:
        return ""
    kinds = (
        element.get("related-article-type", "") for element in article.iterfind("front/article-meta/related-article")
    )
    return gravest(_NOTICE_OF.get(kind, "") for kind in kinds)


def works_cited(article: Element) -> Iterator[Named]:
    """The related articles, the web links of the text, and the entries of the reference lists."""
    yield from _related(article)
    for part in ("front/article-meta/abstract", "body", "back"):
        for holder in article.iterfind(part):
            yield from _links(holder)
    for reference in article.iterfind(".//ref"):
        yield from _reference(reference)


def notes(article: Element) -> Iterator[Passage]:
    """The notes beside the text, in which an article may say where else it was published."""
    for path in _NOTES:
        for element in article.iterfind(path):
            if words := _words(element):
                yield Passage(words)


def _related(article: Element) -> Iterator[Named]:
    for element in article.iterfind("front/article-meta/related-article"):
        kind = element.get("related-article-type", "")
        address = _href(element)
        identifier = _registered(element.get("ext-link-type", ""), address) or _linked(address)
        if identifier:
            manner = "version of" if kind in _VERSIONS else "cites"
            yield Named((identifier,), _words(element) or f"{kind.replace('-', ' ')} {address}", manner)


def _links(holder: Element) -> Iterator[Named]:
    """The links outside of reference lists."""
    for child in holder:
        if child.tag in _LINKS:
            identifier = _linked(_href(child) or _words(child))
            if is_citable(identifier):
                yield Named((identifier,), _words(child) or _href(child))
        elif child.tag not in ("ref-list", "permissions"):
            yield from _links(child)


def _reference(reference: Element) -> Iterator[Named]:
    """The works of a reference: one, or several that a journal counts as a and b."""
    citations = [element for element in reference.iter() if element.tag in _CITATIONS]
    if reference.find("citation-alternatives") is not None:
        citations = citations[:1]
    for citation in citations:
        words = mend_gaps(" ".join(_spaced(citation).split()))
        found = [_registered(element.get("pub-id-type", ""), _words(element)) for element in citation.iter("pub-id")]
        found += (_linked(_href(element) or _words(element)) for tag in _LINKS for element in citation.iter(tag))
        if not any(found):
            found += (item.identifier for item in identifiers_in(words))
        titles = [_words(element) for element in citation.iter("article-title")] or [reference_title(words)]
        found += map(title_identifier, titles)
        identifiers = tuple(dict.fromkeys(name for name in found if name and is_citable(name)))
        if identifiers:
            yield Named(identifiers, words)


def _registered(register: str, number: str) -> str:
    identify = _REGISTERS.get(register)
    return identify(number) if identify and number else ""


def _linked(address: str) -> str:
    return web_identifier(address) or doi_identifier(address)


def _href(element: Element) -> str:
    """The address in `xlink:href`."""
    return next((value for name, value in element.items() if name.rpartition("}")[2] == "href"), "")


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _spaced(element: Element) -> str:
    """The words of a citation, in which names and journal may follow one another without a space."""
    return (element.text or "") + "".join(_spaced(child) + (child.tail or " ") for child in element)
