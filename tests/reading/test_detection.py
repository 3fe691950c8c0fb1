import pytest

from pipeline.reading.detection import Format, detect
from pipeline.reading.drafts import UnreadableError

JATS = '<?xml version="1.0"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD" "a.dtd">\n<!-- x --><article><front/></article>'


@pytest.mark.parametrize(
    ("data", "path", "expected"),
    [
        ("Irisin improves memory.", "a.txt", Format.TEXT),
        ("Irisin improves memory.", "README", Format.TEXT),
        ("Irisin improves memory.", "a.md", Format.MARKDOWN),
        ("<p>Irisin improves memory.</p>", "a.html", Format.HTML),
        ("%PDF-1.7 and so on", "a.pdf", Format.PDF),
        ("%PDF-1.7 and so on", "a.txt", Format.PDF),
        (JATS, "a.nxml", Format.JATS),
        (JATS, "a.xml", Format.JATS),
        (JATS, "a.txt", Format.JATS),
        ("<pmc-articleset><article/></pmc-articleset>", "a.xml", Format.JATS),
        ("<PubmedArticleSet/>", "a.xml", Format.PUBMED),
        ("<PubmedBookArticle/>", "a.xml", Format.PUBMED),
        ("<!DOCTYPE html><html><body>x</body></html>", "a.txt", Format.HTML),
        ("<div><p>One.</p><p>Two.</p></div>", "a.txt", Format.HTML),
        ("<html><body>x</body></html>", "a.xml", Format.HTML),
        ("In mice <5 weeks old, IL-6 <p was low.", "a.txt", Format.TEXT),
        ("---\ntitle: Irisin\n---\nText.", "a.txt", Format.MARKDOWN),
        ("## Irisin\nText.", "a.txt", Format.MARKDOWN),
        ("Irisin acts on the [[brain]].", "a.txt", Format.MARKDOWN),
        ("> [!quote] Page 3\n> Text.", "a.txt", Format.MARKDOWN),
        ("**Irisin** improves memory.", "a.txt", Format.MARKDOWN),
        ("Irisin improves memory [00:17:16].", "a.txt", Format.MARKDOWN),
        ("# a remark, and 2 ** 3 * 4", "a.txt", Format.TEXT),
        ("Irisin rose [1] in array[0][1].", "a.txt", Format.TEXT),
    ],
)
def test_the_content_decides_where_the_name_does_not(data: str, path: str, expected: Format) -> None:
    assert detect(data.encode(), path)[0] is expected


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [("text/html; charset=utf-8", Format.HTML), ("text/markdown", Format.MARKDOWN), ("text/plain", Format.TEXT)],
)
def test_the_media_type_counts_where_there_is_no_suffix(media_type: str, expected: Format) -> None:
    assert detect(b"Irisin improves memory.", "article", media_type)[0] is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("https://a.example/paper.pdf", Format.HTML),
        ("https://a.example/data.json", Format.HTML),
        ("https://a.example/paper", Format.HTML),
        ("notes.md", Format.MARKDOWN),
    ],
)
def test_the_media_type_counts_more_than_how_an_address_ends(path: str, expected: Format) -> None:
    assert detect(b"<p>Irisin improves memory.</p>", path, "text/html; charset=utf-8")[0] is expected


def test_xml_is_known_by_its_media_type_whatever_its_parameters() -> None:
    data = b"<article><body><p>Irisin improves memory.</p></body></article>"
    assert detect(data, "https://a.example/1", "text/xml; charset=utf-8")[0] is Format.JATS


@pytest.mark.parametrize(
    "data", [b"", b"  \n\t ", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n", b"\x00\x00", "\u00a0\u2003".encode()]
)
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="is empty"):
        detect(data, "a.txt")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG picture"),
        (b"PK\x03\x04\x14\x00", "Word, OpenDocument and EPUB"),
        (b"\x7fELF\x02\x01\x01\x00", "a program"),
        (b"{\\rtf1\\ansi Irisin}", "an RTF file"),
        (bytes(range(256)) * 20, "is binary"),
        (b"Irisin \x00\x01\x02\x03\x04\x05 improves memory", "is binary"),
    ],
)
def test_binary_content_under_a_text_name_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        detect(data, "a.txt")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_not_taken_for_binary(encoding: str) -> None:
    assert detect("Irisin improves memory in older adults.".encode(encoding), "a.txt")[0] is Format.TEXT


def test_a_few_stray_control_characters_are_no_binary() -> None:
    assert detect(("Irisin improves memory. " * 100 + "\x01\x02").encode(), "a.txt")[0] is Format.TEXT


def test_a_pdf_by_name_only_is_refused() -> None:
    with pytest.raises(UnreadableError, match="does not begin like one"):
        detect(b"Irisin improves memory.", "a.pdf")


@pytest.mark.parametrize(
    ("data", "found"),
    [(b"<?xml version='1.0'?><rss/>", "<rss>"), (b"Irisin improves memory.", "no root element")],
)
def test_xml_of_another_kind_is_refused_naming_its_root(data: bytes, found: str) -> None:
    with pytest.raises(UnreadableError, match=found):
        detect(data, "a.xml")
