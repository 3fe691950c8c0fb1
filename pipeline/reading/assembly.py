"""A draft becomes an article: furniture goes, the text is put together, and offsets are counted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.reading.characters import mend_gaps, on_one_line, without_number_marks, without_reference_marks
from pipeline.reading.dates import printed_date
from pipeline.reading.drafts import GUESSED, Draft, Piece, UnreadableError
from pipeline.reading.furniture import without_furniture
from pipeline.reading.language_check import check_english
from pipeline.reading.naming import of_others, own_identifiers, standing
from pipeline.records import Article, Block, BlockKind, Dropped, Fetched

_SAYS_SOMETHING = re.compile(r"[^\W_]")
_WORD = r"(?:[A-Z][\w.'\u2019-]*|de|van|von|der|la)"
_NAME = rf"{_WORD}(?: {_WORD}){{1,4}}"
_BYLINE = re.compile(rf"(?:Written )?[Bb]y:? (?P<author>{_NAME}(?:,? (?:and|&) {_NAME})?(?:, [A-Z][\w.]{{1,6}})*)")
_BYLINE_WITHIN = 6  # pieces from the top
_TITLE_WORD = re.compile(r"[^\W_]+")


def assemble(draft: Draft, fetched: Fetched) -> Article:
    """The article of `draft`, which was read from `fetched`.

    `text` is the kept pieces in order: two line feeds between them, one between list entries, a space where a
    paragraph goes on. Each block's `text[char_start:char_end]` is one piece, so that nothing but these
    separators lies outside the blocks.
    Raises UnreadableError where no text is left besides headings, or where the text is not English.
    """
    pieces = [clean for piece in draft.pieces if (clean := _cleaned(piece)) is not None]
    kept, bylines, author = _without_byline(pieces)
    kept, dropped = without_furniture(kept)
    kept = _without_references(kept, sum(item.reason == "references" for item in dropped))
    kept, title = _with_title(kept, on_one_line(draft.title))
    kept, repeats = _without_repeated_title(kept, title)
    kept = _without_lost_sections(kept, pieces)
    if not any(piece.kind not in (BlockKind.TITLE, BlockKind.HEADING) for piece in kept):
        raise UnreadableError("holds no article text, only " + ("headings" if kept else "page furniture or nothing"))
    text, blocks = _laid_out(kept)
    check_english(text)
    addresses = (draft.url,) if draft.part else (draft.url, fetched.url)  # the address of a set is not its articles'
    identifiers = own_identifiers(draft.identifiers, addresses, title)
    return Article(
        source_id=fetched.source_id,
        path=f"{fetched.path}#{draft.part}" if draft.part else fetched.path,
        text=text,
        blocks=blocks,
        sha256=fetched.sha256,
        fetched_at=fetched.fetched_at,
        url=draft.url or fetched.url,
        title=title,
        author=on_one_line(draft.author) or author,
        published=_published(draft, dropped),
        format=draft.format,
        dropped=(*_spoken(draft.dropped), *bylines, *dropped, *repeats),
        identifiers=identifiers,
        citations=of_others(draft.citations, identifiers, addresses),
        notice=standing(draft.notice, title),
    )


def _cleaned(piece: Piece) -> Piece | None:
    text = mend_gaps(without_number_marks(on_one_line(piece.text))).strip()
    if not _SAYS_SOMETHING.search(text):
        return None
    return replace(piece, text=text, section=on_one_line(piece.section))


def _spoken(dropped: Iterable[Dropped]) -> Iterable[Dropped]:
    """What was dropped, on one line each, without what holds no words."""
    for item in dropped:
        text = on_one_line(item.text)
        if _SAYS_SOMETHING.search(text):
            yield Dropped(text, item.reason)


def _published(draft: Draft, furniture: Sequence[Dropped]) -> str:
    """The declared date, as an ISO date where it can be read as one; else that of a date line on the page."""
    declared = on_one_line(draft.published)
    lines = (item.text for item in furniture if item.reason == "date line")
    return printed_date(declared) or declared or next((date for line in lines if (date := printed_date(line))), "")


def _without_references(pieces: Sequence[Piece], references: int) -> tuple[Piece, ...]:
    """The pieces without the numbers that point into the reference list that was dropped."""
    if not references:
        return tuple(pieces)
    return tuple(replace(piece, text=without_reference_marks(piece.text, references)) for piece in pieces)


def _without_byline(pieces: Sequence[Piece]) -> tuple[tuple[Piece, ...], tuple[Dropped, ...], str]:
    for at, piece in enumerate(pieces[:_BYLINE_WITHIN]):
        byline = _BYLINE.fullmatch(piece.text)
        if byline and piece.kind is not BlockKind.TITLE:
            return (*pieces[:at], *pieces[at + 1 :]), (Dropped(piece.text, "byline"),), byline["author"]
    return tuple(pieces), (), ""


def _with_title(pieces: Sequence[Piece], title: str) -> tuple[tuple[Piece, ...], str]:
    """The pieces with a TITLE among them where the article has one, and the title in words."""
    marked = next((piece.text for piece in pieces if piece.kind is BlockKind.TITLE), "")
    if marked:
        return tuple(pieces), title or marked
    first = pieces[0] if pieces else None
    if title:
        return (Piece(BlockKind.TITLE, title), *pieces), title
    if first is not None and first.kind is BlockKind.HEADING and first.level in (GUESSED, 1):
        return (replace(first, kind=BlockKind.TITLE, section=""), *pieces[1:]), first.text
    return tuple(pieces), ""


def _without_repeated_title(pieces: Sequence[Piece], title: str) -> tuple[tuple[Piece, ...], tuple[Dropped, ...]]:
    words = _TITLE_WORD.findall(title.lower())
    repeats = [
        words != [] and piece.kind is not BlockKind.TITLE and _TITLE_WORD.findall(piece.text.lower()) == words
        for piece in pieces
    ]
    kept = tuple(piece for piece, repeat in zip(pieces, repeats, strict=True) if not repeat)
    dropped = (piece.text for piece, repeat in zip(pieces, repeats, strict=True) if repeat)
    return kept, tuple(Dropped(text, "repeated title") for text in dropped)


def _without_lost_sections(kept: Sequence[Piece], all_pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces, in whose sections no heading is named that is no heading any more: the title, a byline."""
    stay = {_as_section(piece) for piece in kept if piece.kind is BlockKind.HEADING}
    gone = {_as_section(piece) for piece in all_pieces if piece.kind is BlockKind.HEADING} - stay
    return tuple(
        replace(piece, section=" > ".join(part for part in piece.section.split(" > ") if part not in gone))
        for piece in kept
    )


def _as_section(heading: Piece) -> str:
    return heading.text.rstrip(".: ")


def _laid_out(pieces: Sequence[Piece]) -> tuple[str, tuple[Block, ...]]:
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for piece in pieces:
        if blocks:
            separator = _separator(blocks[-1].kind, piece)
            parts.append(separator)
            at += len(separator)
        parts.append(piece.text)
        blocks.append(Block(piece.kind, at, at + len(piece.text), piece.section, piece.timestamp_s))
        at += len(piece.text)
    return "".join(parts), tuple(blocks)


def _separator(before: BlockKind, piece: Piece) -> str:
    if piece.continues and piece.kind is before:
        return " "
    in_list = piece.kind in (BlockKind.BULLET, BlockKind.TABLE)
    return "\n" if in_list and piece.kind is before else "\n\n"
