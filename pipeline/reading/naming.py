"""Which works a text names: those it cites, where it was published first, its other versions; and how it stands."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.reading.passages import Passage
from pipeline.reading.references import link_title, looks_like_reference, quoted_titles, reference_title
from pipeline.reading.statements import NOTICES, Statement, sentence_spans, statements_in, title_notice
from pipeline.reading.works import (
    SCHOLARLY,
    Found,
    host_of,
    identifiers_in,
    is_citable,
    is_site,
    publisher_identifier,
    title_identifier,
    web_identifier,
)
from pipeline.records import Citation

_MOST_WORDS = 200  # characters
_MOST_IN_PASSAGE = 500  # links; a paragraph with more is no article's
_FEWEST_LETTERS = 12  # shorter words of a link ("here", "[3]") do not tell works apart, so their sentence does
_ONLY_LABELS = re.compile(r"(?:[\W_]|doi|pmc?id|pubmed|pmc|crossref|full text)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """One work as one place names it: all its identifiers there, and the words."""

    identifiers: tuple[str, ...]
    words: str
    manner: str = "cites"


@dataclass(slots=True)
class _Work:
    """One work as an article names it in one manner, maybe in several places."""

    words: str
    identifiers: list[str] = field(default_factory=list)


def works_named(passages: Iterable[Passage]) -> Iterator[Named]:
    """Every work that the passages name, in order."""
    for passage in passages:
        if passage.reference or (not passage.heading and looks_like_reference(passage.text)):
            yield from _entries(passage)
        else:
            yield from _prose(passage)


def origins_named(passages: Iterable[Passage]) -> Iterator[Named]:
    """Of the works that the passages name, only the article's origin and its other versions."""
    return (named for named in works_named(passages) if named.manner != "cites")


def notice_in(passages: Iterable[Passage]) -> str:
    """The gravest notice that a passage of its own gives: `retracted`, `concern`, `corrected`, or empty."""
    return gravest(said.says for passage in passages if not passage.reference for said in statements_in(passage.text))


def gravest(notices: Iterable[str]) -> str:
    """The first of retracted, concern and corrected that is among `notices`, else empty."""
    given = set(notices)
    return next((notice for notice in NOTICES if notice in given), "")


def as_citations(named: Iterable[Named]) -> tuple[Citation, ...]:
    """One citation for each identifier and manner, in order of first appearance.

    Those of one work share their words, and those of different works differ in them: a work named in several
    places is known again by its DOI, number or title.
    """
    works: dict[tuple[str, str], _Work] = {}
    for item in named:
        if not item.identifiers:
            continue
        words = _short(item.words) or item.identifiers[0][:_MOST_WORDS]
        known = (
            works.get((item.manner, name)) for name in item.identifiers if not name.startswith(("url:", "publisher:"))
        )
        work = next((other for other in known if other is not None and _agree(other, item)), None)
        if work is None:
            work = _Work(words)
        elif len(item.identifiers) > len(work.identifiers):
            work.words = words
        for identifier in item.identifiers:
            if (item.manner, identifier) not in works:
                works[item.manner, identifier] = work
                work.identifiers.append(identifier)
    _tell_apart(works.values())
    return tuple(Citation(identifier, manner, work.words) for (manner, identifier), work in works.items())


def own_identifiers(identifiers: Iterable[str], addresses: Iterable[str], title: str) -> tuple[str, ...]:
    """What an article is known by: the identifiers its reader found, its addresses and its title; sorted."""
    found = {*identifiers, *(web_identifier(address) for address in addresses), title_identifier(title)}
    return tuple(sorted(identifier for identifier in found if identifier and not is_site(identifier)))


def of_others(
    citations: Iterable[Citation], identifiers: Sequence[str], addresses: Iterable[str]
) -> tuple[Citation, ...]:
    """The citations without those of the article itself and of pages beside it on its own site.

    An origin stays even where it has the article's own title: that is what a reprint says.
    """
    own = set(identifiers)
    hosts = {host_of(address) for address in (*addresses, *(name for name in own if name.startswith("url:")))}
    return tuple(
        citation
        for citation in citations
        if (
            citation.identifier not in own
            or (citation.manner == "reproduces" and citation.identifier.startswith("title:"))
        )
        and not (citation.identifier.startswith("url:") and host_of(citation.identifier) in hosts)
    )


def standing(notice: str, title: str) -> str:
    """The notice that the reader found or that the title begins with, the graver one."""
    return gravest((notice, title_notice(title)))


def _entries(passage: Passage) -> Iterator[Named]:
    """The works of a reference entry: one, or several where a DOI or number of another work begins a new one."""
    found = [item for item in _found(passage) if is_citable(item.identifier)]
    bare = _is_list_of_addresses(passage.text, found)
    groups: list[list[Found]] = [[]]
    for item in found:
        if groups[-1] and (bare or _begins_another(groups[-1], item)):
            groups.append([])
        groups[-1].append(item)
    start = 0
    for at, group in enumerate(groups):
        end = len(passage.text) if at == len(groups) - 1 else max(item.end for item in group)
        words = passage.text[start:end].strip(" ;,.") or passage.text
        title = title_identifier(_entry_title(passage, start, end))
        yield Named(_unique(*(item.identifier for item in group), title), words)
        start = max(start, end)


def _is_list_of_addresses(text: str, found: Sequence[Found]) -> bool:
    """Whether a text is addresses and nothing else: then each is a work."""
    between = zip((0, *(item.end for item in found)), (*(item.start for item in found), len(text)), strict=True)
    return all(text[item.start : item.end].startswith(("http", "www.")) for item in found) and not any(
        text[end:start].strip(" ,;./") for end, start in between
    )


def _entry_title(passage: Passage, start: int, end: int) -> str:
    linked = (
        link_title(passage.text, link.start, link.end)
        for link in passage.links
        if start <= link.start and link.end <= end
    )
    return reference_title(passage.text[start:end]) or next((title for title in linked if title), "")


def _begins_another(group: Sequence[Found], found: Found) -> bool:
    kind = _kind(found.identifier)
    if kind == "url":
        return bool(group) and all(
            _kind(other.identifier) == "url" and other.identifier != found.identifier for other in group
        )
    return any(_kind(other.identifier) == kind and other.identifier != found.identifier for other in group)


def _prose(passage: Passage) -> Iterator[Named]:
    """The works that prose names; what stands in a sentence on the article's own origin has that manner."""
    text, links = passage.text, {link.start: link for link in passage.links}
    worded = frozenset(link.start for link in passage.links if not _ONLY_LABELS.fullmatch(text, link.start, link.end))
    said = [] if passage.caption else [item for item in statements_in(text) if item.says not in NOTICES]
    found = _found(passage)
    titles = tuple(Found(title_identifier(words), start, end) for words, start, end in quoted_titles(text))
    for statement in said:
        yield from _stated(statement, text, found, titles)
    told = [item for item in found if is_citable(item.identifier) and not _within(item, said)]
    for group in _side_by_side(text, told, worded):
        link = links.get(group[0].start)
        title = title_identifier(link_title(text, link.start, link.end)) if link else ""
        quoted = [item.identifier for item in titles if any(_overlap(item, one) for one in group)]
        words = text[link.start : link.end] if link else text[group[0].start : group[-1].end]
        if len(words) < _FEWEST_LETTERS or not link:
            words = _sentence_at(text, group[0].start)
        yield Named(_unique(*(item.identifier for item in group), title, *quoted), words)
    for item in titles:
        if not _within(item, said) and not any(_overlap(item, one) for one in told):
            yield Named((item.identifier,), text[item.start : item.end].strip('“”"‘’'))


def _stated(statement: Statement, text: str, found: Sequence[Found], titles: Sequence[Found]) -> Iterator[Named]:
    """What a sentence names as the article's origin or other version, if anything."""
    words = text[statement.start : statement.end]
    inside = [item for item in found if statement.start <= item.start < statement.end]
    if statement.says == "version of":
        identifiers = _unique(*(item.identifier for item in inside if is_citable(item.identifier)))
    else:
        if not statement.name:
            inside = [item for item in inside if item.start <= statement.said + 2]
        quoted = [item.identifier for item in titles if statement.start <= item.start < statement.end]
        linked = [title_identifier(link_title(text, item.start, item.end)) for item in inside]
        identifiers = _unique(*(item.identifier for item in inside), *quoted, *linked)
        if all(is_site(identifier) for identifier in identifiers):
            identifiers = _unique(*identifiers, publisher_identifier(statement.name))
    if identifiers:
        yield Named(identifiers, words, statement.says)


def _found(passage: Passage) -> tuple[Found, ...]:
    """The identifiers of the links and of the text, in order; an address that is also a link counts once."""
    linked = tuple(
        Found(identifier, link.start, link.end)
        for link in passage.links[:_MOST_IN_PASSAGE]
        if (identifier := web_identifier(link.address))
    )
    written = identifiers_in(passage.text)[:_MOST_IN_PASSAGE]
    alone = (item for item in written if not any(_overlap(item, link) for link in linked))
    return tuple(sorted((*linked, *alone), key=lambda item: (item.start, item.end)))


def _side_by_side(text: str, found: Sequence[Found], worded: frozenset[int]) -> Iterator[tuple[Found, ...]]:
    """Identifiers of different registers that only labels part, `doi:10.1000/182; PMID: 3`, are of one work.

    Not so the link that begins at one of the places `worded`: its words name a work of its own.
    """
    group: tuple[Found, ...] = ()
    for item in found:
        joins = (
            group != ()
            and _kind(item.identifier) in SCHOLARLY
            and all(_kind(other.identifier) in SCHOLARLY for other in group)
            and _kind(item.identifier) not in {_kind(other.identifier) for other in group}
            and item.start not in worded
            and _ONLY_LABELS.fullmatch(text, group[-1].end, item.start) is not None
        )
        if group and not joins:
            yield group
            group = ()
        group = (*group, item)
    if group:
        yield group


def _tell_apart(works: Iterable[_Work]) -> None:
    """Numbers the words of works that would otherwise be named alike."""
    given: dict[str, _Work] = {}
    for work in works:
        plain, number = work.words, 1
        while given.setdefault(work.words, work) is not work:
            number += 1
            mark = f" ({number})"
            work.words = plain[: _MOST_WORDS - len(mark)] + mark


def _agree(work: _Work, item: Named) -> bool:
    """Whether no register gives the two different numbers."""
    known = {_kind(identifier): identifier for identifier in work.identifiers if _kind(identifier) in SCHOLARLY}
    return all(known.get(_kind(identifier), identifier) == identifier for identifier in item.identifiers)


def _within(item: Found, said: Iterable[Statement]) -> bool:
    return any(statement.start <= item.start < statement.end for statement in said)


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _sentence_at(text: str, at: int) -> str:
    return next((text[start:end] for start, end in sentence_spans(text) if start <= at < end), text)


def _kind(identifier: str) -> str:
    return identifier.partition(":")[0]


def _unique(*identifiers: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(identifier for identifier in identifiers if identifier))


def _short(words: str) -> str:
    """At most 200 characters, cut between words where there are any."""
    words = " ".join(words.split())
    if len(words) <= _MOST_WORDS:
        return words
    cut = words[: _MOST_WORDS - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"
