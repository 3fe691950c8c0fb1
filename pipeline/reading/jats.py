"""Reads JATS and NLM journal articles: abstract and body with their sections, without tables, figures, references."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.reading.characters import on_one_line
from pipeline.reading.citation_marks import CITATION, without_citations
from pipeline.reading.dates import iso_date
from pipeline.reading.drafts import Draft, Outline, Piece, UnreadableError
from pipeline.reading.heading_lines import without_number
from pipeline.reading.jats_works import article_identifiers, article_notice, notes, works_cited
from pipeline.reading.naming import as_citations, gravest, notice_in, origins_named, works_named
from pipeline.reading.passages import passages_of
from pipeline.reading.xml_parsing import parse_xml
from pipeline.records import BlockKind, Dropped

_DROPPED = {
    "table-wrap": "table",
    "table-wrap-group": "table",
    "table": "table",
    "fig": "figure",
    "fig-group": "figure",
    "graphic": "figure",
    "media": "figure",
    "disp-formula": "formula",
    "disp-formula-group": "formula",
    "tex-math": "formula",
    "chem-struct-wrap": "formula",
    "supplementary-material": "supplement",
    "fn": "footnote",
    "fn-group": "footnote",
    "table-wrap-foot": "footnote",
    "ref-list": "references",
    "code": "code",
    "preformat": "code",
}
_SILENT = ("title", "label", "object-id")  # a section's title is taken up where the section opens
_BACK = {
    "ack": "acknowledgements",
    "app-group": "appendix",
    "app": "appendix",
    "bio": "about the author",
    "fn-group": "footnote",
    "glossary": "abbreviations",
    "ref-list": "references",
}
_BRACKETED_TITLE = re.compile(r"^\[(.+)\]$")
_NOT_THE_ABSTRACT = ("graphical", "teaser", "toc", "precis", "author-highlights", "video")
_CONTAINERS = ("boxed-text", "disp-quote", "statement", "verse-group", "list-item", "def")
_DATE_PREFERENCE = ("epub", "pub", "electronic", "ppub", "print", "collection")
_SHORT_FORMULA = 30  # characters
_LONGEST_NOTE = 300  # characters of a dropped table or list that are kept to show what it was


def read_jats(data: bytes) -> tuple[Draft, ...]:
    """The drafts of the articles in `data`: one, or those of a `pmc-articleset`.

    Section paths run from the top: `Results > Cognition`; the abstract's begin with `Abstract`.
    Raises UnreadableError for XML that cannot be parsed or holds no article.
    """
    root = parse_xml(data)
    articles = [root] if _tag(root) == "article" else [child for child in root.iter() if _tag(child) == "article"]
    if not articles:
        raise UnreadableError("is a set of JATS articles with none in it")
    return tuple(_draft(article, apart=len(articles) > 1) for article in articles)


def _draft(article: Element, *, apart: bool) -> Draft:
    _strip_namespaces(article)
    meta = article.find("front/article-meta")
    meta = Element("article-meta") if meta is None else meta
    walk = _Walk()
    pieces: list[Piece] = []
    title = _plain(meta.find("title-group/article-title"))
    if title:
        pieces.append(Piece(BlockKind.TITLE, title))
    for abstract in meta.findall("abstract"):
        kind = abstract.get("abstract-type", "")
        if kind.startswith(_NOT_THE_ABSTRACT):
            walk.drop(abstract, f"{kind} abstract")
        else:
            walk.outline.enter(1, "Abstract")
            pieces += walk.pieces(abstract, level=1)
    walk.outline.leave(1)
    for body in article.findall("body"):
        pieces += walk.pieces(body, level=0)
    for element in article.findall("back/*"):
        walk.drop(element, _BACK.get(element.tag, "back matter"))
    passages = passages_of(pieces)
    beside = tuple(notes(article))
    ids = {element.get("pub-id-type"): _plain(element) for element in meta.findall("article-id")}
    doi, pmc = ids.get("doi", ""), ids.get("pmc", "") or ids.get("pmcid", "")
    return Draft(
        format="jats",
        pieces=tuple(pieces),
        dropped=tuple(walk.dropped),
        title=title,
        author="; ".join(_authors(meta)),
        published=_published(meta),
        url=f"https://doi.org/{doi}" if doi else "",
        part=(f"PMC{pmc.removeprefix('PMC')}" if pmc else doi or title[:40]) if apart else "",
        identifiers=article_identifiers(meta),
        citations=as_citations((*works_named(passages), *origins_named(beside), *works_cited(article))),
        notice=gravest((article_notice(article), notice_in((*passages, *beside)))),
    )


class _Walk:
    """One pass over abstract and body, in reading order."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.dropped: list[Dropped] = []

    def drop(self, element: Element, reason: str) -> None:
        """Keep what is left out, cut short, for people who ask where it went."""
        text = on_one_line(" ".join(element.itertext()))
        self.dropped.append(Dropped(text[:_LONGEST_NOTE] + ("…" if len(text) > _LONGEST_NOTE else ""), reason))

    def pieces(self, parent: Element, level: int, kind: BlockKind = BlockKind.PARAGRAPH) -> Iterator[Piece]:
        """The pieces of what `parent` holds; `level` is the depth of its heading."""
        for element in parent:
            tag = element.tag
            if tag in _SILENT:
                continue
            if tag == "sec":
                yield from self._section(element, level + 1)
            elif tag == "p":
                yield from self._paragraph(element, level, kind)
            elif tag == "list":
                yield from self._list(element, level)
            elif tag == "def-list":
                yield from self._definitions(element)
            elif tag in _DROPPED:
                self.drop(element, _DROPPED[tag])
            elif tag in _CONTAINERS:
                yield from self.pieces(element, level, kind)
            elif text := self._text(element):
                yield Piece(kind, text, section=self.outline.section)

    def _section(self, section: Element, level: int) -> Iterator[Piece]:
        title = without_number(_plain(section.find("title")), bare=True)
        title = _BRACKETED_TITLE.sub(r"\1", title)
        if title:
            above = self.outline.enter(level, title.rstrip(".: "))
            yield Piece(BlockKind.HEADING, title, section=above, level=level)
        else:
            self.outline.leave(level)
        yield from self.pieces(section, level)
        self.outline.leave(level)

    def _list(self, element: Element, level: int) -> Iterator[Piece]:
        for item in element.findall("list-item"):
            yield from self.pieces(item, level, BlockKind.BULLET)

    def _definitions(self, element: Element) -> Iterator[Piece]:
        for item in element.findall("def-item"):
            term = self._text(item.find("term"))
            meaning = " ".join(self._text(paragraph) for paragraph in item.findall("def/p"))
            yield Piece(BlockKind.BULLET, f"{term}: {meaning}", section=self.outline.section)

    def _paragraph(self, paragraph: Element, level: int, kind: BlockKind) -> Iterator[Piece]:
        """A paragraph, and apart from it the lists and figures that some journals put inside."""
        words: list[str] = [paragraph.text or ""]
        for child in paragraph:
            if child.tag in ("list", "def-list", "disp-quote", "boxed-text"):
                yield from self._flush(words, kind)
                holder = Element("holder")
                holder.append(child)
                yield from self.pieces(holder, level)
            else:
                words.append(self._inline(child))
            words.append(child.tail or "")
        yield from self._flush(words, kind)

    def _flush(self, words: list[str], kind: BlockKind) -> Iterator[Piece]:
        if text := without_citations("".join(words)).strip():
            yield Piece(kind, text, section=self.outline.section)
        words.clear()

    def _text(self, element: Element | None) -> str:
        return "" if element is None else without_citations(self._inline(element)).strip()

    def _inline(self, element: Element) -> str:
        """The words of `element`, each citation one mark, what is no prose left out."""
        tag = element.tag
        if tag in _DROPPED:
            self.drop(element, _DROPPED[tag])
            return ""
        if tag == "xref" and element.get("ref-type") in ("bibr", "fn", "table-fn"):
            return _cited(element)
        if tag == "break":
            return " "
        if tag == "inline-formula":
            return self._formula(element)
        words = [element.text or ""]
        for child in element:
            words.append(self._inline(child))
            words.append(child.tail or "")
        text = "".join(words)
        return _raised(text) if tag == "sup" else text

    def _formula(self, element: Element) -> str:
        """A short formula as its signs in a row, `ηp2`; TeX and long ones are dropped."""
        if element.find(".//tex-math") is None:
            signs = "".join("".join(element.itertext()).split())
            if len(signs) <= _SHORT_FORMULA:
                return signs
        self.drop(element, "formula")
        return ""


def _cited(xref: Element) -> str:
    """A number is a citation mark; a name may be a part of the sentence, which `without_citations` decides."""
    text = "".join(xref.itertext())
    return f"{CITATION}{text}{CITATION}" if re.search(r"[^\W\d_]{2}", text) else CITATION


def _raised(text: str) -> str:
    """Superscript: a bare number that belongs to no unit is an exponent or a note, so it is set apart by `^`."""
    return f"^{text}" if re.fullmatch(r"[-\u2212\u2013+]?\d+", text) else text


def _plain(element: Element | None) -> str:
    if element is None:
        return ""
    words = [element.text or ""]
    for child in element:
        if child.tag not in ("xref", "fn"):
            words.append(_plain(child))
        words.append(child.tail or "")
    return on_one_line("".join(words))


def _authors(meta: Element) -> Iterator[str]:
    for contributor in meta.iterfind("contrib-group/contrib"):
        if contributor.get("contrib-type", "author") != "author":
            continue
        name = contributor.find("name")
        if name is None:
            name = contributor.find("name-alternatives/name")
        if name is not None:
            yield f"{_plain(name.find('given-names'))} {_plain(name.find('surname'))}".strip()
        elif collective := _plain(contributor.find("collab")):
            yield collective


def _published(meta: Element) -> str:
    dates = {
        element.get("pub-type") or element.get("date-type") or element.get("publication-format") or "": element
        for element in reversed(meta.findall("pub-date"))
    }
    for kind in (*_DATE_PREFERENCE, *dates):
        if kind in dates:
            element = dates[kind]
            return iso_date(element.findtext("year"), element.findtext("month"), element.findtext("day"))
    return ""


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _strip_namespaces(root: Element) -> None:
    for element in root.iter():
        element.tag = _tag(element)
