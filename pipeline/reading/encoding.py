"""Bytes to text: UTF-8 first, then what is declared or else plausibly gives English prose; never silent garbage."""

import codecs
import re

from charset_normalizer import from_bytes

from pipeline.reading.drafts import UnreadableError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EIGHT_BIT = ("cp1252", "mac_roman", "cp437")  # what English text that is not UTF-8 is mostly saved in
_SAMPLE = 100_000
_HEAD = 2048  # bytes in which a page says how it is encoded
_DECLARED = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]*>", re.IGNORECASE)
_LATIN = ("latin-1", "iso8859-1", "ascii")  # said of what is Windows-1252, as the WHATWG's encoding standard has it

_UNDECODED = re.compile("[\udc80-\udcff]+")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
# An accented capital after a small letter, a lone sign between letters, a control character: nobody writes these.
_IMPLAUSIBLE = re.compile(
    r"(?<=[a-z])[À-ÖØ-ÞŠŒŽŸ]|(?<=[A-Z])[À-ÖØ-ÞŠŒŽŸ](?=[a-z])|(?<=[A-Za-z])[¡¢¤¦¨ª¬¯\u00b4\u00b8¹º¼½¾¿ƒ\u02c6†‡‰\u2039\u02dc¥§¶√∫≈∆◊╒-▓Γ-\u03c3]|[\x80-\x9f\ufffd]"
)
# UTF-8 that was once read as Windows-1252 and saved again: "â€™" for an apostrophe, "Î²" for a beta.
_SECOND_BYTES = "\x80-\xbf" + re.escape(bytes(range(0x80, 0xA0)).decode("cp1252", "ignore"))
_TWICE_ENCODED = re.compile(f"(?:[ÂÃÄÅÎÏâïð][{_SECOND_BYTES}]{{1,3}})+")


def decode(data: bytes, media_type: str = "") -> str:
    """The text in `data`, which came with `media_type` (`text/html; charset=utf-8`; empty for a file).

    Reads UTF-8, UTF-16 and UTF-32 (with or without byte order mark), UTF-8 with a few stray Windows-1252 bytes, then
    the encoding that `media_type` or a page's `<meta>` declares, Windows-1252, Latin-1, Mac Roman, and what
    charset_normalizer finds. UTF-8 needs no declaration, as no other encoding looks like it by accident. Text that was
    encoded twice is mended. Raises UnreadableError where no encoding gives plausible text.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return _mend(data.decode(name))
            except UnicodeDecodeError as error:
                raise UnreadableError(
                    f"begins as {name} but breaks off at byte {error.start}; save it as UTF-8"
                ) from error
    if wide := _wide_without_mark(data):
        try:
            return data.decode(wide)
        except UnicodeDecodeError as error:
            raise UnreadableError(
                f"looks like {wide} but breaks off at byte {error.start}; save it as UTF-8"
            ) from error
    try:
        return _mend(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _mostly_utf8(data) or _eight_bit(data, _declared(data, media_type))


def _declared(data: bytes, media_type: str) -> tuple[str, ...]:
    """The encodings that are declared and that Python knows, the header's before that of the page itself."""
    places = (media_type, *(meta.decode("latin-1") for meta in _META.findall(data[:_HEAD])))
    names = []
    for found in filter(None, map(_DECLARED.search, places)):
        try:
            name = codecs.lookup(found[1]).name
        except LookupError:
            continue
        if name not in _LATIN and not name.startswith("utf"):
            names.append(name)
    return tuple(names)


def _wide_without_mark(data: bytes) -> str:
    """`utf-16-le` or `utf-16-be` where every other byte of mostly Latin text is zero, else nothing."""
    sample = data[:4000]
    pairs = len(sample) // 2
    if pairs < 2:
        return ""
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if second > 0.5 * pairs and first < 0.05 * pairs:
        return "utf-16-le"
    if first > 0.5 * pairs and second < 0.05 * pairs:
        return "utf-16-be"
    return ""


def _mostly_utf8(data: bytes) -> str:
    """UTF-8 with stray bytes, which are taken as Windows-1252; nothing where the strays are not the exception."""
    text = data.decode("utf-8", "surrogateescape")
    strays = sum(len(run) for run in _UNDECODED.findall(text))
    sound = len(_NOT_ASCII.findall(text)) - strays
    if sound < 2 * strays:
        return ""
    return _UNDECODED.sub(lambda run: run[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text)


def _eight_bit(data: bytes, declared: tuple[str, ...]) -> str:
    for name in (*declared, *_EIGHT_BIT):
        try:
            text = data.decode(name)
        except (UnicodeError, LookupError):  # such as Python's own `idna` and `hex`, which are declared in jest
            continue
        beyond_ascii = len(_NOT_ASCII.findall(text))
        if beyond_ascii <= 0.3 * len(text) and len(_IMPLAUSIBLE.findall(text)) <= 0.1 * beyond_ascii:
            return text
    best = from_bytes(data[:_SAMPLE]).best()
    if best is not None:
        text = data.decode(best.encoding, "replace")
        if len(_IMPLAUSIBLE.findall(text)) <= 0.1 * len(_NOT_ASCII.findall(text)):
            return text
    raise UnreadableError("is in no text encoding that could be recognized; save it as UTF-8")


def _mend(text: str) -> str:
    return _TWICE_ENCODED.sub(lambda run: _decoded_again(run[0]), text) if _TWICE_ENCODED.search(text) else text


def _decoded_again(run: str) -> str:
    try:
        data = b"".join(char.encode("cp1252", "strict") if ord(char) > 0xFF else char.encode("latin-1") for char in run)
        return data.decode("utf-8")
    except UnicodeError:
        return run
