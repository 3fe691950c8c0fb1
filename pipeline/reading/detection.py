"""What kind of file these bytes are: by their name, and where the content knows better, by the content."""

import re
from enum import StrEnum
from pathlib import PurePosixPath

from pipeline.reading.drafts import UnreadableError
from pipeline.reading.encoding import decode
from pipeline.reading.markdown_signs import has_markdown


class Format(StrEnum):
    """The formats that have a reader."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JATS = "jats"
    PUBMED = "pubmed"
    PDF = "pdf"
    BIOC = "bioc"


_BY_SUFFIX = {
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".pdf": Format.PDF,
    ".json": Format.BIOC,
}
_BY_MEDIA_TYPE = {
    "text/markdown": Format.MARKDOWN,
    "text/html": Format.HTML,
    "application/xhtml+xml": Format.HTML,
    "application/pdf": Format.PDF,
    "application/json": Format.BIOC,
}
_BY_ROOT = {
    "article": Format.JATS,
    "pmc-articleset": Format.JATS,
    "PubmedArticleSet": Format.PUBMED,
    "PubmedArticle": Format.PUBMED,
    "PubmedBookArticleSet": Format.PUBMED,
    "PubmedBookArticle": Format.PUBMED,
    "html": Format.HTML,
}
_XML_SUFFIXES = (".xml", ".nxml")
_XML_MEDIA_TYPES = ("application/xml", "text/xml")

_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive (Word, OpenDocument and EPUB files are)"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"%!PS", "a PostScript file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = bytes(set(range(0x20)) - set(b"\t\n\x0b\x0c\r\x1b")) + b"\x7f"
_PDF_HEADER_WITHIN = 1024

_PROLOG = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_HTML_BLOCK = re.compile(r"<(?:p|div|h[1-6]|ul|ol|li|article|section|body|head|nav)\b[^<>]*>", re.IGNORECASE)
_ENOUGH_BLOCKS = 3


def detect(data: bytes, path: str, media_type: str = "") -> tuple[Format, str]:
    """The format of `data`, a file named `path` (relative, with forward slashes), and its decoded text.

    A PDF is known by its header (its text is empty here), XML by its root element, HTML and Markdown in a .txt
    by their marks. What JSON holds is for its reader to see.
    Raises UnreadableError for an empty file, for binary content, and for XML of another kind.
    """
    if not data.strip(b" \t\r\n\x0b\x0c\x00\xef\xbb\xbf"):
        raise UnreadableError("is empty; there is nothing to read")
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return Format.PDF, ""
    suffix, declared = PurePosixPath(path).suffix.lower(), media_type
    media_type = declared.partition(";")[0].strip().lower()
    by_suffix, by_media_type = _BY_SUFFIX.get(suffix), _BY_MEDIA_TYPE.get(media_type)
    # how an address ends says little: a page about a PDF may end like one
    named = by_media_type or by_suffix if "://" in path else by_suffix or by_media_type
    if named is Format.PDF:
        raise UnreadableError("is named a PDF but does not begin like one (%PDF-); fetch it again or rename it")
    _refuse_binary(data)
    text = decode(data, declared)
    if not text.strip():
        raise UnreadableError("is empty but for white space; there is nothing to read")
    return _format_of_text(text, named, suffix in _XML_SUFFIXES or media_type in _XML_MEDIA_TYPES), text


def _format_of_text(text: str, named: Format | None, named_xml: bool) -> Format:
    root = _root_element(text)
    if named is Format.HTML:
        return Format.HTML
    if named_xml or text.lstrip().startswith("<?xml"):
        return _xml_format(root)
    if named is not None:
        return named
    if root in _BY_ROOT:
        return _BY_ROOT[root]
    if root and len(_HTML_BLOCK.findall(text)) >= _ENOUGH_BLOCKS:
        return Format.HTML
    return Format.MARKDOWN if has_markdown(text) else Format.TEXT


def _refuse_binary(data: bytes) -> None:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableError(f"is {kind}, not text; save the article as text, Markdown, HTML or PDF")
    if data.startswith(_WIDE_MARKS) or _every_other_byte_is_zero(data):
        return
    controls = len(data) - len(data.translate(None, _CONTROL))
    if controls > 0.001 * len(data) + 2:
        share = 100 * controls / len(data)
        raise UnreadableError(
            f"is binary, not text ({share:.0f} % control bytes); only text can be read under this name"
        )


def _every_other_byte_is_zero(data: bytes) -> bool:
    even, odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
    return max(even, odd) > 5 * min(even, odd) and max(even, odd) > min(len(data), 4000) // 4


def _root_element(text: str) -> str:
    prolog = _PROLOG.match(text)
    root = _ROOT.match(text, prolog.end() if prolog else 0)
    return root[1] if root else ""


def _xml_format(root: str) -> Format:
    if root in _BY_ROOT:
        return _BY_ROOT[root]
    found = f"the root element <{root}>" if root else "no root element"
    raise UnreadableError(f"is XML with {found}; JATS (<article>) or PubMed (<PubmedArticleSet>) was expected")
