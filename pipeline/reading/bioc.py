"""Reads BioC-JSON: full texts as PubMed Central gives them, abstracts as PubMed and PubTator do."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.reading.bioc_works import article_identifiers, works_cited
from pipeline.reading.characters import on_one_line, without_reference_marks
from pipeline.reading.dates import iso_date, printed_date
from pipeline.reading.drafts import Draft, Outline, Piece, UnreadableError
from pipeline.reading.heading_lines import without_number
from pipeline.reading.naming import as_citations, notice_in, works_named
from pipeline.reading.passages import passages_of
from pipeline.records import BlockKind, Dropped

_DROPPED_KINDS = (  # how the `type` of a passage may begin; captions and footnotes are `fig_caption`, `table_footnote`
    ("ref", "references"),
    ("fig", "figure"),
    ("table", "table"),
    ("footnote", "footnote"),
    ("formula", "formula"),
    ("disp_formula", "formula"),
    ("supplement", "supplement"),
    ("media", "supplement"),
)
_DROPPED_SECTIONS = {
    "REF": "references",
    "FIG": "figure",
    "TABLE": "table",
    "SUPPL": "supplement",
    "APPENDIX": "appendix",
    "ABBR": "abbreviations",
    "ACK_FUND": "acknowledgements",
    "AUTH_CONT": "declarations",
    "COMP_INT": "declarations",
    "KEYWORD": "keywords",
    "REVIEW_INFO": "back matter",
}
_SECTION_NAMES = {
    "INTRO": "Introduction",
    "METHODS": "Methods",
    "CASE": "Case",
    "RESULTS": "Results",
    "DISCUSS": "Discussion",
    "CONCL": "Conclusion",
}
_PLACES = {
    "doi": "https://doi.org/{}",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
}
_HEADING = re.compile(r"(abstract_)?title(?:_(\d{1,2}))?")
_TITLES = ("title", "front")
_AUTHOR = re.compile(r"name_(\d{1,6})")
_LONGEST_NOTE = 300  # characters of a dropped passage that are kept to show what it was


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage of a document: its `type` in small letters, its `section_type` in capitals."""

    kind: str
    section: str
    text: str
    infons: Mapping[str, object]

    @property
    def may_be_title(self) -> bool:
        return self.section == "TITLE" or (self.kind in _TITLES and not self.section)

    @property
    def dropped_as(self) -> str:
        """Why the passage is no text of the article; empty where it is."""
        by_kind = (reason for prefix, reason in _DROPPED_KINDS if self.kind.startswith(prefix))
        return next(by_kind, "") or _DROPPED_SECTIONS.get(self.section, "")


def read_bioc(text: str) -> tuple[Draft, ...]:
    """The drafts of the documents in `text`: a collection, a list of collections, or PubTator's export.

    Where there are several, each one's part is its id. Section paths run as in JATS: `Results > Cognition`, and
    those of the abstract of a full text begin with `Abstract`. Annotations are left aside.
    Raises UnreadableError for malformed JSON, for JSON that is not BioC, and for a collection without documents.
    """
    documents = tuple(_documents(_parsed(text)))
    if not documents:
        raise UnreadableError("is a BioC collection with no document in it")
    return tuple(_draft(document, source, apart=len(documents) > 1) for document, source in documents)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise UnreadableError("nests JSON deeper than any article does; fetch it again") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UnreadableError(
            f"is not well-formed JSON ({where}: {error.msg}); fetch it again or correct it"
        ) from error
    except ValueError as error:
        raise UnreadableError(f"is JSON that cannot be read ({error}); fetch it again or correct it") from error


def _documents(root: object) -> Iterator[tuple[Mapping[str, object], str]]:
    """Every document, and the `source` that its collection names. Raises UnreadableError where none can be."""
    for top in root if isinstance(root, list) else [root]:
        fields = _fields(top)
        if "passages" in fields:
            yield fields, ""
        elif isinstance(listed := fields.get("documents", fields.get("PubTator3")), list):
            for document in listed:
                yield _fields(document), _words(fields.get("source"))
        else:
            keys = ", ".join(on_one_line(key)[:40] for key in sorted(fields)[:5])
            raise UnreadableError(
                f"is JSON, but not BioC: found {f'the keys {keys}' if keys else 'no keys'}, where a collection with "
                "`documents` was expected; of JSON files only those in the BioC format are read"
            )


def _draft(document: Mapping[str, object], source: str, *, apart: bool) -> Draft:
    passages = tuple(_passages(document))
    title = next((passage for passage in passages if passage.text and passage.may_be_title), None)
    references = [passage for passage in passages if passage.text and passage.dropped_as == "references"]
    walk = _Walk(title, len(references))
    pieces = tuple(walk.pieces(passages))
    infons = [_fields(document.get("infons")), *(passage.infons for passage in passages if not passage.dropped_as)]
    identifiers = article_identifiers(document, infons, source)
    part = _words(document.get("id")) or next(iter(identifiers), "") or (title.text[:40] if title else "")
    page = passages_of(pieces)
    return Draft(
        format="bioc",
        pieces=pieces,
        dropped=tuple(walk.dropped),
        title=title.text if title else "",
        author="; ".join(_authors(document, infons)),
        published=_published(document, infons),
        url=_address(identifiers),
        part=part if apart else "",
        identifiers=identifiers,
        citations=as_citations((*works_named(page), *works_cited((item.text, item.infons) for item in references))),
        notice=notice_in(page),
    )


class _Walk:
    """One pass over the passages of a document, in reading order.

    `title` is the passage that names the article; numbers in brackets up to `references` point to its references.
    """

    def __init__(self, title: _Passage | None, references: int) -> None:
        self.title = title
        self.references = references
        self.outline = Outline()
        self.dropped: list[Dropped] = []

    def pieces(self, passages: Iterable[_Passage]) -> Iterator[Piece]:
        """The pieces of the article; what is none of it goes to `dropped`."""
        for passage in passages:
            if not passage.text:
                continue
            if passage is self.title:
                yield Piece(BlockKind.TITLE, passage.text)
            elif reason := passage.dropped_as or ("alternative title" if passage.section == "TITLE" else ""):
                text = passage.text
                self.dropped.append(Dropped(text[:_LONGEST_NOTE] + ("…" if len(text) > _LONGEST_NOTE else ""), reason))
            else:
                yield from self._of_text(passage)

    def _of_text(self, passage: _Passage) -> Iterator[Piece]:
        in_abstract = passage.section == "ABSTRACT"
        if in_abstract and not self.outline.section:
            self.outline.enter(1, "Abstract")
        elif not in_abstract and self.outline.section.partition(" > ")[0] == "Abstract":
            self.outline.leave(1)
        heading = _HEADING.fullmatch(passage.kind)
        if heading is None:
            section = self.outline.section or _SECTION_NAMES.get(passage.section, "")
            text = without_reference_marks(passage.text, self.references)
            yield Piece(BlockKind.PARAGRAPH, text, section=section)
        elif not (in_abstract and passage.text.rstrip(".: ").casefold() == "abstract"):
            level = int(heading[2] or 1) + (1 if in_abstract or heading[1] else 0)
            name = without_number(passage.text, bare=True)
            yield Piece(BlockKind.HEADING, name, section=self.outline.enter(level, name.rstrip(".: ")), level=level)


def _passages(document: Mapping[str, object]) -> Iterator[_Passage]:
    for item in _listed(document.get("passages")):
        fields = _fields(item)
        infons = _fields(fields.get("infons"))
        section = _words(infons.get("section_type")) or _words(infons.get("section"))
        sentences = (_words(_fields(sentence).get("text")) for sentence in _listed(fields.get("sentences")))
        text = _words(fields.get("text")) or " ".join(sentence for sentence in sentences if sentence)
        yield _Passage(_words(infons.get("type")).lower(), section.upper(), text, infons)


def _authors(document: Mapping[str, object], infons: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """The authors that the first passage with some gives; PubTator gives them once more beside the passages."""
    for fields in infons:
        numbered = sorted((int(found[1]), key) for key in fields if (found := _AUTHOR.fullmatch(key)))
        names = [_name(_words(fields[key])) for _, key in numbered] or _words(fields.get("authors")).split(",")
        if any(name.strip() for name in names):
            yield from (name.strip() for name in names if name.strip())
            return
    yield from (name for author in _listed(document.get("authors")) if (name := _words(author)))


def _name(parts: str) -> str:
    """`Jane A Doe` for `surname:Doe;given-names:Jane A`."""
    found = {key: value for key, _, value in (part.partition(":") for part in parts.split(";"))}
    return f"{found.get('given-names', '')} {found.get('surname', '')}".strip() if "surname" in found else parts


def _published(document: Mapping[str, object], infons: Iterable[Mapping[str, object]]) -> str:
    given = printed_date(_words(document.get("date")))
    return given or next((year for fields in infons if (year := iso_date(_words(fields.get("year"))))), "")


def _address(identifiers: Iterable[str]) -> str:
    """Where the article with these identifiers is read."""
    numbers = {kind: number for kind, _, number in (identifier.partition(":") for identifier in identifiers)}
    return next((place.format(numbers[kind]) for kind, place in _PLACES.items() if kind in numbers), "")


def _fields(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _words(value: object) -> str:
    """A text or a number on one line; empty for anything else."""
    is_word = isinstance(value, str | int) and not isinstance(value, bool)
    return on_one_line(str(value)) if is_word else ""
