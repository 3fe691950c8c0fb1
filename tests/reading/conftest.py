"""What the reader tests share: files made in memory, among them PDFs of a few lines."""

import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from pipeline.reading import read
from pipeline.records import Article, Fetched

Run = tuple[float, float, int, str]  # left, baseline, font size, text: one line of print
MakeFetched = Callable[..., Fetched]
MakePdf = Callable[..., bytes]
ReadText = Callable[..., Article]


@pytest.fixture
def fetched() -> MakeFetched:
    """A fetched file of the given bytes or text."""

    def make(data: bytes | str, path: str = "article.txt", media_type: str = "") -> Fetched:
        raw = data.encode() if isinstance(data, str) else data
        return Fetched("source", path, raw, datetime(2026, 11, 20, tzinfo=UTC), media_type=media_type)

    return make


@pytest.fixture
def read_text(fetched: MakeFetched) -> ReadText:
    """The article read from the given bytes or text."""
    return lambda data, path="article.txt", media_type="": read(fetched(data, path, media_type))


@pytest.fixture
def make_pdf() -> MakePdf:
    """A PDF of pages of print. `info` and `trailer` are put in as they are; `packed` deflates the pages."""

    def make(pages: Sequence[Sequence[Run]], *, info: str = "", trailer: str = "", packed: bool = False) -> bytes:
        streams = [_page_stream(page, packed) for page in pages]
        kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
        for number, stream in enumerate(streams):
            content = 5 + 2 * number
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R "
                "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
            )
            objects.append(stream)
        objects.append(f"<< {info} >>".encode("latin-1"))
        return _file(objects, trailer)

    return make


def _page_stream(page: Sequence[Run], packed: bool) -> bytes:
    text = "".join(
        f"BT /F1 {size} Tf {left} {baseline} Td ({_escaped(words)}) Tj ET\n" for left, baseline, size, words in page
    ).encode("cp1252")
    filters = b" /Filter /FlateDecode" if packed else b""
    data = zlib.compress(text) if packed else text
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), filters, data)


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R {trailer} >>\n".encode()
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
