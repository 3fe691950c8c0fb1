"""Article → sentences, by rules over its blocks.

No sentence crosses a block, so headings, bullets and timestamps cannot run into prose. Within a block a
sentence ends at `.`, `!` or `?` before white space and something that can begin a sentence, unless an
abbreviation of `abbreviations.tsv`, an initial or an open bracket says otherwise.
"""

import csv
import re
from functools import cache
from pathlib import Path

from pipeline.records import Article, Sentence

TABLE = Path(__file__).parent / "abbreviations.tsv"
END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+\S)")
CAN_BEGIN = re.compile(
    r"\s+[\"'“‘(\[]*(?:[A-Z0-9À-ÖØ-ÞΑ-Ωα-ω]|[a-z][A-Z0-9]|[a-z]-[A-Z]|[a-z](?:[-–,][a-z])?\)\s|[-•–—*])"
)
LAST_WORD = re.compile(r"(?:^|[\s(\[\"'“‘])([^\s(\[]+)$")
INITIAL = re.compile(r"^(?:[A-Z]\.-)*[A-Z]\.$")
MAX_SENTENCE = 2_000
SOFT_BREAK = re.compile(r"[;,:]\s+|\s+")


@cache
def abbreviations() -> dict[str, str]:
    """Abbreviations that end in a full stop → what may follow within the sentence: any, number or lower."""
    with TABLE.open(newline="", encoding="utf-8") as handle:
        return {row["abbreviation"]: row["follows"] for row in csv.DictReader(handle, delimiter="\t")}


def boundaries(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence of one block's text, without surrounding white space.

    A stretch of over MAX_SENTENCE characters without any boundary is cut at punctuation or a space, so
    that no input can hold up the parser.
    """
    cuts = [match.end() for match in END.finditer(text) if _ends_sentence(text, match)]
    pieces = []
    start = 0
    for cut in [*cuts, len(text)]:
        pieces.extend(_limited(text, start, cut))
        start = cut
    return [trimmed for piece in pieces if (trimmed := _trim(text, *piece)) is not None]


def split(article: Article) -> list[Sentence]:
    """The sentences of an article, in order, with offsets in its text."""
    sentences: list[Sentence] = []
    document_id = article.document_id
    paragraph, last_end = -1, 0
    for number, block in enumerate(article.blocks):
        if article.text[last_end : block.char_start] != " ":  # readers join the parts of a paragraph by one space
            paragraph += 1
        last_end = block.char_end
        text = article.text[block.char_start : block.char_end]
        for start, end in boundaries(text):
            sentences.append(
                Sentence(
                    document_id=document_id,
                    ordinal=len(sentences),
                    text=text[start:end],
                    char_start=block.char_start + start,
                    char_end=block.char_start + end,
                    section=block.section,
                    block=number,
                    paragraph=paragraph,
                    timestamp_s=block.timestamp_s,
                )
            )
    return sentences


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    follows = CAN_BEGIN.match(text, match.end())
    if follows is None:
        return False
    if text[match.start()] != ".":
        return True
    word = LAST_WORD.search(text, max(0, match.start() - 40), match.start() + 1)
    if word is None:
        return True
    last = word.group(1)
    if last == "al.":
        last = "et al."
    allowed = abbreviations().get(last)
    if allowed == "any" or INITIAL.match(last):
        return False
    next_character = text[match.end() :].lstrip()[:1]
    if allowed == "number":
        return not next_character.isdigit()
    return True


def _limited(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces = []
    while end - start > MAX_SENTENCE:
        breaks = [m.end() for m in SOFT_BREAK.finditer(text, start + MAX_SENTENCE // 2, start + MAX_SENTENCE)]
        cut = breaks[-1] if breaks else start + MAX_SENTENCE
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(stripped)
