"""Reads PDF articles: columns in reading order, paragraphs made whole, running heads left out."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTAnno, LTChar, LTContainer, LTFigure, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.utils import decode_text

from pipeline.reading.drafts import GUESSED, Draft, Outline, Piece, UnreadableError
from pipeline.reading.heading_lines import looks_like_heading, without_number
from pipeline.reading.lines import join_lines, known_words
from pipeline.reading.naming import as_citations, gravest, notice_in, works_named
from pipeline.reading.passages import passages_of
from pipeline.reading.pdf_layout import Line, Page, Paragraph, in_reading_order, paragraphs, without_running_heads
from pipeline.reading.quiet import quiet
from pipeline.reading.statements import title_notice
from pipeline.reading.works import doi_identifier
from pipeline.records import BlockKind, Dropped

_MOST_PAGES = 300
_MOST_CHARACTERS = 5_000_000
_MOST_INFLATED = 64 * 1024 * 1024  # bytes of one unpacked stream
_MOST_IN_PICTURE = 256 * 1024 * 1024  # a large picture unpacks to more, and its pixels are not read
_DESCRIBED_WITHIN = 500  # bytes before a stream
_SMALLEST_BOMB = _MOST_INFLATED // 1032  # deflate packs at most 1032 bytes into one

_STREAM = re.compile(rb"stream\r?\n")
_PACKED_TWICE = re.compile(rb"/(?:FlateDecode|Fl)\s*/(?:FlateDecode|Fl)\b")
_END_WITHIN = 4096  # bytes from the end of the file
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_NO_CHARACTER = re.compile(r"\(cid:\d+\)")
_LETTER = re.compile(r"[^\W\d_]")
_BOLD = re.compile(r"bold|black|heavy|medi(?:um)?$|cmbx|-semi", re.IGNORECASE)
_FILE_NAME_AS_TITLE = re.compile(r"untitled.*|microsoft word.*|.*\.(?:docx?|pdf|tex|indd|dvi|qxd|rtf)", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[•▪◦‣·]|[-\u2013*](?= ))\s*")
_USUAL_SECTIONS = (
    "abstract",
    "summary",
    "introduction",
    "background",
    "methods",
    "results",
    "discussion",
    "conclusion",
)
_NO_HEADING_BELOW = 0.95  # of the size of the body's text
_TITLE_FROM = 1.15


def read_pdf(data: bytes) -> Draft:
    """The draft of the PDF in `data`. Its title is the largest text of the first page, else the one it declares.

    Raises UnreadableError for a file that is cut off, locked with a password, damaged, too long, packed so as
    to fill the memory, or made of pictures only.
    """
    if b"%%EOF" not in data[-_END_WITHIN:]:
        raise UnreadableError("is a PDF that breaks off before its end; fetch it again")
    if _is_bomb(data):
        raise UnreadableError("is a PDF with a stream that unpacks to more than an article can hold; it is not opened")
    try:
        with quiet("pdfminer"):
            document, declared = _open(data)
            pages = tuple(_pages(document))
    except UnreadableError:
        raise
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise UnreadableError("is a PDF locked with a password; save it without one") from error
    except Exception as error:  # pdfminer lets errors of any kind out where a file is damaged
        raise UnreadableError(f"is a damaged PDF ({type(error).__name__}: {error}); fetch it again") from error
    if not any(page.lines for page in pages):
        raise UnreadableError(
            f"is a PDF of {len(pages)} page(s) without text, such as a scan; run text recognition (OCR) on it first"
        )
    pages, running_heads = without_running_heads(pages)
    found = tuple(paragraphs([in_reading_order(page.lines) for page in pages]))
    title, rest = _title(found)
    pieces = tuple(_pieces(title, rest))
    passages = passages_of(pieces)
    return Draft(
        format="pdf",
        pieces=pieces,
        dropped=tuple(Dropped(line, "running head or page number") for line in running_heads),
        title=_joined(title, frozenset()) if title else declared.get("Title", ""),
        author=declared.get("Author", ""),
        published=declared.get("CreationDate", ""),
        identifiers=tuple(filter(None, map(doi_identifier, (*running_heads, declared.get("DOI", ""))))),
        citations=as_citations(works_named(passages)),
        notice=gravest((notice_in(passages), *map(title_notice, running_heads))),
    )


def _is_bomb(data: bytes) -> bool:
    """Whether a stream unpacks to far more than any page, font or index of an article needs."""
    if _PACKED_TWICE.search(data):
        return True
    for start in _STREAM.finditer(data):
        end = data.find(b"endstream", start.end())
        described = data[max(start.start() - _DESCRIBED_WITHIN, 0) : start.start()]
        most = _MOST_IN_PICTURE if b"/Image" in described else _MOST_INFLATED
        if end - start.end() > _SMALLEST_BOMB:
            unpacker = zlib.decompressobj()
            try:
                unpacked = unpacker.decompress(data[start.end() : end], most)
            except zlib.error:
                continue  # not packed by deflate, or damaged
            if len(unpacked) >= most:
                return True
    return False


def _open(data: bytes) -> tuple[PDFDocument, dict[str, str]]:
    document = PDFDocument(PDFParser(BytesIO(data)))
    declared: dict[str, str] = {}
    for info in document.info:
        for key in ("Title", "Author", "CreationDate", "Subject", "DOI", "doi"):
            value = info.get(key)
            if isinstance(value, bytes):
                declared[key] = decode_text(value).strip()
    declared["DOI"] = " ".join(declared.pop(key, "") for key in ("DOI", "doi", "Subject"))
    if _FILE_NAME_AS_TITLE.fullmatch(declared.get("Title", "")):
        del declared["Title"]
    made = re.match(r"D:(\d{4})(\d{2})(\d{2})", declared.pop("CreationDate", ""))
    return document, {**declared, "CreationDate": "-".join(made.groups())} if made else declared


class _CountingAggregator(PDFPageAggregator):
    """Lays out pages, and gives up on a document with more characters than an article has."""

    characters = 0

    def render_char(self, *args: object, **kwargs: object) -> float:
        self.characters += 1
        if self.characters > _MOST_CHARACTERS:
            raise UnreadableError(f"is a PDF of more than {_MOST_CHARACTERS:,} characters; split it into its articles")
        width: float = super().render_char(*args, **kwargs)  # type: ignore[arg-type]
        return width


def _pages(document: PDFDocument) -> Iterator[Page]:
    manager = PDFResourceManager()
    device = _CountingAggregator(manager, laparams=LAParams(boxes_flow=None, all_texts=True))
    interpreter = PDFPageInterpreter(manager, device)
    for number, page in enumerate(PDFPage.create_pages(document), start=1):
        if number > _MOST_PAGES:
            raise UnreadableError(f"is a PDF of more than {_MOST_PAGES} pages; split it into its articles")
        interpreter.process_page(page)
        layout = device.get_result()
        lines = tuple(_lines(layout, within_figures=False)) or tuple(_lines(layout, within_figures=True))
        yield Page(lines, height=layout.height)


def _lines(container: Iterable[object], *, within_figures: bool) -> Iterator[Line]:
    """The lines set upright. Text inside a figure counts only where the page has no other."""
    for item in container:
        if isinstance(item, LTTextLine):
            line = _line(item)
            if line is not None:
                yield line
        elif isinstance(item, LTContainer) and (within_figures or not isinstance(item, LTFigure)):
            yield from _lines(item, within_figures=within_figures)


def _line(item: LTTextLine) -> Line | None:
    chars = [char for char in item if isinstance(char, LTChar)]
    if not chars or not all(char.upright for char in chars[:3]):
        return None
    size = Counter(round(char.size, 1) for char in chars).most_common(1)[0][0]
    base = min(char.y0 for char in chars if round(char.size, 1) == size)
    text = "".join(_shown(char, size, base) for char in item if isinstance(char, LTChar | LTAnno))
    text = _NO_CHARACTER.sub("", text).translate(_LIGATURES)
    if not text.strip():
        return None
    bold = sum(_BOLD.search(char.fontname) is not None for char in chars) > 0.8 * len(chars)
    return Line(text.rstrip("\n"), item.x0, item.x1, item.y0, item.y1, size, bold)


def _shown(char: LTChar | LTAnno, size: float, base: float) -> str:
    """The text of a character; a small raised number is a citation mark and not shown."""
    text = char.get_text()
    if isinstance(char, LTChar) and char.size < 0.8 * size and char.y0 > base + 0.2 * size:
        return "" if text in "0123456789,\u2013-*†‡" else text
    return text


def _title(found: Sequence[Paragraph]) -> tuple[Paragraph | None, Sequence[Paragraph]]:
    """The largest text of the first page where it stands out, and the other paragraphs."""
    body = _body_size(found)
    first_page = [paragraph for paragraph in found if paragraph.page == 0]
    largest = max(first_page, key=lambda paragraph: paragraph.size, default=None)
    if largest is None or largest.size < _TITLE_FROM * body or len(_joined(largest, frozenset())) < 10:
        return None, found
    return largest, [paragraph for paragraph in found if paragraph is not largest]


def _body_size(found: Sequence[Paragraph]) -> float:
    sizes: Counter[float] = Counter()
    for paragraph in found:
        for line in paragraph.lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def _pieces(title: Paragraph | None, rest: Sequence[Paragraph]) -> Iterator[Piece]:
    known = known_words(line.text for paragraph in rest for line in paragraph.lines)
    body = _body_size(rest) if rest else 0.0
    outline = Outline()
    if title is not None:
        yield Piece(BlockKind.TITLE, _joined(title, known))
    for paragraph in rest:
        text = _joined(paragraph, known)
        if not _LETTER.search(text):
            continue  # a stray page number, the signs of a figure
        if _is_heading(paragraph, text, body):
            name = without_number(text, bare=True)
            yield Piece(BlockKind.HEADING, name, section=outline.enter(1, name.rstrip(".: ")), level=GUESSED)
        elif bullet := _BULLET.match(text):
            yield Piece(BlockKind.BULLET, text[bullet.end() :], section=outline.section)
        else:
            yield Piece(BlockKind.PARAGRAPH, text, section=outline.section)


def _is_heading(paragraph: Paragraph, text: str, body: float) -> bool:
    """Whether `text` reads like a heading and is set apart: large, bold, numbered, in capitals, or a usual name."""
    if text.rstrip(":").lower() in _USUAL_SECTIONS:
        return True
    numbered = without_number(text, bare=True) != text
    set_apart = paragraph.bold or paragraph.size > 1.05 * body or numbered or text.isupper()
    return set_apart and paragraph.size >= _NO_HEADING_BELOW * body and looks_like_heading(text)


def _joined(paragraph: Paragraph, known: frozenset[str]) -> str:
    return join_lines([line.text for line in paragraph.lines], known)
