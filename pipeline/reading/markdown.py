"""Reads Markdown notes and posts: front matter, headings, lists, callouts, tables, video timestamps."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipeline.reading.drafts import Draft, Outline, Piece
from pipeline.reading.front_matter import split_front_matter
from pipeline.reading.heading_lines import looks_like_heading, without_number
from pipeline.reading.markdown_works import front_matter_works, token_passages, without_label
from pipeline.reading.naming import as_citations, notice_in, works_named
from pipeline.reading.punctuation import CLAUSE_END
from pipeline.reading.timestamps import mark_timestamps, split_at_timestamps
from pipeline.reading.wiki_syntax import without_wiki_syntax
from pipeline.records import BlockKind, Dropped

_CALLOUT = re.compile(r"^((?:[ \t]*>)+)[ \t]*\[!([\w-]+)[^\]\n]*\][+-]?[ \t]*(.*)$", re.MULTILINE)
_CALLOUT_MARK = "\ue002"  # a private character, which cleaned text does not hold
_CALLOUT_LEVEL = 7  # below every Markdown heading
_QUOTING = ("quote", "cite")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_SCRIPT = re.compile(r"<(script|style|iframe|svg)\b.*?(?:</\1>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BLOCK_TAG = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|section|details|summary|center|table)\b[^<>]*>", re.IGNORECASE
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_SKIPPED = {"fence": "code", "code_block": "code", "math_block": "formula"}


def read_markdown(text: str) -> Draft:
    """The draft of Markdown `text` (characters cleaned, lines ending in line feeds).

    A front matter title and excerpt are text of the article too; they come first.
    """
    head, body = split_front_matter(text)
    body = mark_timestamps(body)
    body, dropped = without_wiki_syntax(body)
    body = _CALLOUT.sub(rf"\1 {_CALLOUT_MARK}\2{_CALLOUT_MARK}\3\n\1", body)
    walk = _Walk()
    tokens = _parser().parse(body)
    pieces = list(walk.pieces(tokens))
    footnotes = [_parser().parse(without_label(item.text)) for item in dropped if item.reason == "footnote"]
    passages = token_passages(tokens, footnotes)
    lead = []
    if head.title:
        lead.append(Piece(BlockKind.TITLE, head.title))
    if head.lead:
        lead.append(Piece(BlockKind.PARAGRAPH, head.lead))
    return Draft(
        format="markdown",
        pieces=(*lead, *pieces),
        dropped=(*dropped, *walk.dropped),
        title=head.title,
        author=head.author,
        published=head.published,
        url=head.url,
        identifiers=head.identifiers,
        citations=as_citations((*works_named(passages), *front_matter_works(head.text))),
        notice=notice_in(passages),
    )


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables. An indented paragraph stays a paragraph: notes indent more often than they hold code."""
    return MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").disable("code")


class _Walk:
    """One pass over the parser's flat list of tokens, keeping track of lists, quotes and headings."""

    def __init__(self) -> None:
        self.dropped: list[Dropped] = []
        self._outline = Outline()
        self._list_depth = 0
        self._row: list[str] = []

    def pieces(self, tokens: Sequence[Token]) -> Iterator[Piece]:
        """The pieces of a document, given its block tokens."""
        heading = ""
        in_cell = False
        for token in tokens:
            if token.type == "list_item_open":
                self._list_depth += 1
            elif token.type == "list_item_close":
                self._list_depth -= 1
            elif token.type == "heading_open":
                heading = token.tag
            elif token.type == "heading_close":
                heading = ""
            elif token.type == "blockquote_close":
                self._outline.leave(_CALLOUT_LEVEL)
            elif token.type in ("th_open", "td_open"):
                in_cell = True
            elif token.type == "tr_close":
                in_cell = False
                yield Piece(BlockKind.TABLE, " | ".join(self._row), section=self._outline.section)
                self._row = []
            elif token.type == "inline" and in_cell:
                self._row.append(" ".join(words for words, _ in split_at_timestamps(_inline_text(token))))
            elif token.type == "inline" and heading:
                yield from self._heading(_inline_text(token), int(heading[1]))
            elif token.type == "inline":
                yield from self._paragraph(token)
            elif token.type == "html_block":
                yield from self._html(token.content)
            elif token.type in _SKIPPED:
                self.dropped.append(Dropped(token.content.strip(), _SKIPPED[token.type]))

    def _heading(self, text: str, level: int) -> Iterator[Piece]:
        for words, second in split_at_timestamps(text):
            title = without_number(" ".join(words.split()))
            if title:
                above = self._outline.enter(level, title.rstrip(".: "))
                yield Piece(BlockKind.HEADING, title, section=above, level=level, timestamp_s=second)

    def _paragraph(self, token: Token) -> Iterator[Piece]:
        text = _inline_text(token)
        if text.startswith(_CALLOUT_MARK):
            yield from self._callout(text)
        elif _is_bold_line(token) and looks_like_heading(text) and not self._list_depth:
            yield from self._heading(text, 6)
        else:
            yield from self._text(text)

    def _callout(self, text: str) -> Iterator[Piece]:
        """The title of a callout is a heading for the callout alone; that of a quotation only says where from."""
        _, kind, title = text.split(_CALLOUT_MARK, 2)
        if title and kind.lower().startswith(_QUOTING):
            self.dropped.append(Dropped(title.strip(), "source of a quotation"))
        elif title and title.strip().lower() != kind.lower():
            yield from self._heading(title, _CALLOUT_LEVEL)

    def _text(self, text: str) -> Iterator[Piece]:
        kind = BlockKind.BULLET if self._list_depth else BlockKind.PARAGRAPH
        for line in _broken_lines(text):
            for number, (words, second) in enumerate(split_at_timestamps(line)):
                yield Piece(kind, words, section=self._outline.section, timestamp_s=second, continues=number > 0)

    def _html(self, markup: str) -> Iterator[Piece]:
        for line in _BLOCK_TAG.sub("\n\n", _SCRIPT.sub("", markup)).split("\n\n"):
            if text := _TAG.sub("", line).strip():
                yield from self._text(text)


def _inline_text(token: Token) -> str:
    """The words of an inline token; a hard line break is a line feed, pictures and bare addresses are left out."""
    words: list[str] = []
    for child in token.children or ():
        if child.type == "softbreak":
            words.append(" ")
        elif child.type == "hardbreak" or (child.type == "html_inline" and _BREAK.fullmatch(child.content)):
            words.append("\n")
        elif child.type == "text":
            words.append(
                _ADDRESS.sub("", child.content) if child.content.startswith(("http", "www.")) else child.content
            )
        elif child.type == "code_inline":
            words.append(child.content)
    return "".join(words).strip()


def _is_bold_line(token: Token) -> bool:
    children = [child for child in token.children or () if child.type != "text" or child.content.strip()]
    return len(children) == 3 and children[0].type == "strong_open" and children[2].type == "strong_close"


def _broken_lines(text: str) -> Iterator[str]:
    """The lines of a paragraph with hard breaks; a break inside a sentence is none."""
    line = ""
    for part in text.split("\n"):
        line = f"{line} {part}".strip()
        if CLAUSE_END.search(line):
            yield line
            line = ""
    if line:
        yield line
