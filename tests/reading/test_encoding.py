import pytest

from pipeline.reading import UnreadableError
from pipeline.reading.encoding import decode

PROSE = (
    "Irisin\u2019s effect \u2013 “small” at 4 °C, ±2 µg, naïve mice \u2013 was seen by Müller in 20 % of the "
    "caf\u00e9\u2019s guests. "
) * 3
PLAIN = "Exercise raised BDNF by 32 % in the naïve group at 37 °C, said Müller."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_every_usual_encoding_gives_the_same_text(encoding: str) -> None:
    assert decode(PROSE.encode(encoding)) == PROSE


@pytest.mark.parametrize("encoding", ["latin-1", "iso8859_15"])
def test_latin_text_is_read(encoding: str) -> None:
    assert decode(PLAIN.encode(encoding)) == PLAIN


def test_utf8_with_a_few_stray_windows_bytes_keeps_both() -> None:
    data = "Müller and Čapek measured \u03b1 and β.".encode() + b" It was \x93small\x94."
    assert decode(data) == "Müller and Čapek measured \u03b1 and β. It was “small”."


@pytest.mark.parametrize(
    "text",
    ["Irisin\u2019s effect", "TGF\u2011β1 and IL\u20111\u03b1", "20 µg at 4 °C", "“small”", "naïve café", "≥ 60 years"],
)
def test_text_that_was_encoded_twice_is_mended(text: str) -> None:
    twice = text.encode("utf-8").decode("cp1252", "replace")
    if "\ufffd" not in twice:
        assert decode(twice.encode("utf-8")) == text


@pytest.mark.parametrize("text", ["Straße", "São Tomé\u2019s", "Ångström", "5 \u00d7 3 ± 1", "naïveté”"])
def test_text_that_only_resembles_double_encoding_stays(text: str) -> None:
    assert decode(text.encode("utf-8")) == text


@pytest.mark.parametrize("cut", [1, 3, 101])
def test_utf16_that_breaks_off_in_a_character_is_refused(cut: int) -> None:
    with pytest.raises(UnreadableError, match="breaks off"):
        decode(PROSE.encode("utf-16")[: 100 + cut])


def test_russian_in_an_old_encoding_is_not_turned_into_accented_letters() -> None:
    russian = "Мышцы выделяют вещества, которые действуют на мозг и улучшают память \u0443 пожилых людей. " * 5
    assert "Мышцы" in decode(russian.encode("koi8-r")) or "Мышцы" in decode(russian.encode("cp1251"))


def test_ascii_is_text_as_it_is() -> None:
    assert decode(b"IL-6 rose.\r\nBDNF fell.") == "IL-6 rose.\r\nBDNF fell."


@pytest.mark.parametrize("encoding", ["windows-1253", "iso-8859-7", "shift_jis", "gb2312", "big5", "euc-jp"])
@pytest.mark.parametrize("place", ["header", "meta", "pragma"])
def test_greek_letters_are_read_as_the_declared_encoding_has_them(encoding: str, place: str) -> None:
    text = "TGF-β1 and IL-1\u03b1 rose, myostatin fell."
    head = {"header": "", "meta": f"<meta charset={encoding}>"}.get(
        place, f'<META http-equiv="Content-Type" content="text/html; charset={encoding}">'
    )
    declared = f'text/html; charset="{encoding}"' if place == "header" else "text/html"
    assert decode(f"{head}{text}".encode(encoding), declared).endswith(text)


@pytest.mark.parametrize(
    "charset",
    ["utf-8", "windows-1253", "iso-8859-1", "us-ascii", "utf-7", "hex", "idna", "undefined", "klingon", "", ";"],
)
def test_what_is_declared_wrongly_does_no_harm(charset: str) -> None:
    declared = f"text/html; charset={charset}"
    assert decode(PROSE.encode(), declared) == PROSE
    assert decode(b"IL-6 rose.", declared) == b"IL-6 rose.".decode()
    if charset != "windows-1253":
        assert decode(PROSE.encode("cp1252"), declared) == PROSE
