"""What a web page says of works: its own identifiers in the head, and the passages of its article with their links."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from pipeline.reading.characters import clean_characters
from pipeline.reading.naming import Named
from pipeline.reading.passages import Link, Passage, heads_references, with_references
from pipeline.reading.punctuation import CLAUSE_END
from pipeline.reading.works import doi_identifier, pmcid_identifier, pmid_identifier, title_identifier, web_identifier

_OWN_DOI = ("citation_doi", "dc.identifier", "dc.identifier.doi", "prism.doi", "bepress_citation_doi", "doi")
_OWN_TITLE = ("citation_title", "dc.title", "og:title")
_OWN_PMCID = re.compile(r"(?:PMC)?\d{1,9}", re.IGNORECASE)
_SILENT = ("script", "style", "noscript", "template", "svg", "button", "select", "textarea", "iframe", "head", "nav")
_BESIDE = ("footer", "form")  # furniture unless an article is around them or in them
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:comments?|respond|share|sharing|social|related|recommend(?:ed|ations)?|newsletter|subscribe|signup"
    r"|cookies?|consent|gdpr|breadcrumbs?|menu|navbar|nav|sidebar|popular|most-read|promo|advert(?:isement)?|ads?"
    r"|author-bio|about-author|tags?|pagination|post-nav)(?=$|[\s_-])",
    re.IGNORECASE,
)
_REFERENCE_LIST = re.compile(
    r"(?:^|[\s_-])(?:references?|reflist|ref-list|bibliography|citation-list|footnotes|works-cited)(?=$|[\s_-])", re.I
)
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("legend", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "th", "thead", "tr"),
        "ul",
    )
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ENTRIES = ("li", "p", "tr", "dd")
_CAPTIONS = ("figcaption", "caption", "figure")
_WHITESPACE = re.compile(r"\s+")
_TELLING = 30  # characters; shorter passages stand in many places


def page_identifiers(page: Any) -> tuple[str, ...]:
    """What the head of the parsed `page` says that the page is known by: canonical address, DOI, PMID, title."""
    found = [web_identifier(link.get("href") or "") for link in page.iterfind(".//link[@rel='canonical']")]
    for name, content in _metas(page):
        if name == "og:url":
            found.append(web_identifier(content))
        elif name in _OWN_DOI:
            found.append(doi_identifier(content))
        elif name == "citation_pmid":
            found.append(pmid_identifier(content))
        elif name == "citation_pmcid" and _OWN_PMCID.fullmatch(content):
            found.append(pmcid_identifier(content))
        elif name in _OWN_TITLE:
            found.append(title_identifier(content))
    return tuple(identifier for identifier in found if identifier)


def references_in_head(page: Any) -> Iterator[Named]:
    """The works that journals list in the head, as `citation_reference`: `citation_title=…; citation_doi=…`."""
    for name, content in _metas(page):
        if name != "citation_reference":
            continue
        fields = {key.strip(): value.strip() for key, _, value in (part.partition("=") for part in content.split(";"))}
        identifiers = (
            doi_identifier(fields.get("citation_doi", "")),
            pmid_identifier(fields.get("citation_pmid", "")),
            title_identifier(fields.get("citation_title", "")),
        )
        words = "; ".join(value for value in fields.values() if value)
        yield Named(tuple(identifier for identifier in identifiers if identifier), words or content)


def page_passages(page: Any, article: Sequence[str]) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """The passages of the article on `page` with its reference list, and those beside it that are no furniture.

    `article` are the texts of the article as it was found: what stands between the first and the last of them, and
    reference entries behind, is its own. Comments, menus and lists of related articles are in neither.
    """
    squeezed = [_squeezed(text) for text in article]
    walk = _Walk(probe=max(squeezed, key=len, default=""))
    walk.over(page)
    passages = tuple(with_references(walk.passages))
    kept = "\n".join(squeezed)
    places = [
        at for at, passage in enumerate(passages) if len(words := _squeezed(passage.text)) >= _TELLING and words in kept
    ]
    first, last = (places[0], places[-1]) if places else (0, len(passages))
    own: list[Passage] = []
    beside: list[Passage] = []
    for at, passage in enumerate(passages):
        within = first <= at <= last and at not in walk.aside
        (own if within or (passage.reference and at > first) else beside).append(passage)
    return tuple(own), tuple(beside)


class _Walk:
    """One pass over the elements of a page, gathering the text and the links of each block."""

    def __init__(self, probe: str) -> None:
        self.passages: list[Passage] = []
        self.aside: set[int] = set()  # places of the passages that stand in an <aside>
        self._probe = probe
        self._text = ""
        self._links: list[Link] = []
        self._link: tuple[str, int] | None = None  # the open link: where it leads, where its words begin
        self._under_references = False
        self._lists: list[Any] = []  # open elements that hold a reference list
        self._entry: Any = None  # the open entry of such a list; blocks within do not part it
        self._asides: list[Any] = []
        self._captions: list[Any] = []

    def over(self, page: Any) -> None:
        """Gathers the passages of `page`."""
        walker = etree.iterwalk(page, events=("start", "end", "comment", "pi"))
        skipped: Any = None
        for event, element in walker:
            if event == "start" and self._is_furniture(element):
                if element.tag in _BLOCKS:
                    self._flush()
                walker.skip_subtree()
                skipped = element
            elif event == "start":
                self._enter(element)
            else:
                if event == "end" and element is not skipped:
                    self._leave(element)
                self._add(element.tail)
        self._flush()

    def _enter(self, element: Any) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._flush()
            if _REFERENCE_LIST.search(_name(element)):
                self._lists.append(element)
            if self._entry is None and tag in _ENTRIES and (self._under_references or self._lists):
                self._entry = element
            if tag == "aside":
                self._asides.append(element)
            if tag in _CAPTIONS:
                self._captions.append(element)
        elif tag == "br":
            words = self._text.rstrip()
            if CLAUSE_END.search(words) or heads_references(Passage(words)):
                self._flush()
            self._add(" ")
        elif tag == "a" and element.get("href"):
            self._link = (element.get("href"), len(self._text))
        self._add(element.text)

    def _leave(self, element: Any) -> None:
        tag = element.tag
        if tag == "a":
            self._close_link()
        if tag not in _BLOCKS:
            return
        if element is self._entry:
            self._entry = None
        self._flush(heading=tag in _HEADINGS)
        for still_open in (self._lists, self._asides, self._captions):
            if still_open and element is still_open[-1]:
                still_open.pop()

    def _is_furniture(self, element: Any) -> bool:
        """Whether to pass over an element: by its kind, or by its name where the article is not within."""
        tag, name = element.tag, _name(element)
        if tag in _SILENT:
            return True
        if tag in ("html", "body") or _REFERENCE_LIST.search(name):
            return False
        if not _FURNITURE.search(name) and (
            tag not in _BESIDE or next(element.iterancestors("article"), None) is not None
        ):
            return False
        return self._probe == "" or self._probe not in _squeezed(element.text_content())

    def _add(self, words: str | None) -> None:
        if words:
            words = _WHITESPACE.sub(" ", words if words.isascii() else clean_characters(words))
            self._text += words.lstrip() if self._text[-1:] in ("", " ") else words

    def _close_link(self) -> None:
        if self._link is not None:
            address, start = self._link
            self._links.append(Link(address, start, max(len(self._text.rstrip()), start)))
            self._link = None

    def _flush(self, *, heading: bool = False) -> None:
        """Ends the passage gathered so far, if it holds any text and is no entry still open."""
        if self._entry is not None:
            self._add(" ")
            return
        self._close_link()  # one around whole blocks has the words of the first
        text, links = self._text.rstrip(), tuple(self._links)
        self._text, self._links = "", []
        if not text:
            return
        passage = Passage(
            text, links, heading=heading, reference=bool(self._lists) and not heading, caption=bool(self._captions)
        )
        if heading:
            self._under_references = heads_references(passage)
        if self._asides:
            self.aside.add(len(self.passages))
        self.passages.append(passage)


def _metas(page: Any) -> Iterator[tuple[str, str]]:
    for meta in page.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        if name and (content := (meta.get("content") or "").strip()):
            yield name, content


def _name(element: Any) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _squeezed(words: str) -> str:
    return "".join(words.split())
