from pathlib import Path

import pytest

from pipeline.reading import UnreadableError
from pipeline.reading.xml_parsing import parse_xml

LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
BILLION_LAUGHS = f'<?xml version="1.0"?><!DOCTYPE article [<!ENTITY l0 "lol">{LAUGHS}]><article>&l9;</article>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_billion_laughs_are_refused_before_the_first(encoding: str) -> None:
    with pytest.raises(UnreadableError, match="declares the XML entity 'l0'"):
        parse_xml(BILLION_LAUGHS.encode(encoding))


def test_an_external_entity_is_refused_and_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    xml = f'<!DOCTYPE article [<!ENTITY x SYSTEM "{secret.as_uri()}">]><article>&x;</article>'
    with pytest.raises(UnreadableError, match="declares the XML entity 'x'"):
        parse_xml(xml.encode())


def test_a_parameter_entity_is_refused() -> None:
    with pytest.raises(UnreadableError, match="declares the XML entity"):
        parse_xml(b'<!DOCTYPE article [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]><article/>')


def test_quadratic_blowup_is_refused() -> None:
    xml = f'<!DOCTYPE article [<!ENTITY a "{"x" * 50_000}">]><article>{"&a;" * 50_000}</article>'
    with pytest.raises(UnreadableError, match="declares the XML entity"):
        parse_xml(xml.encode())


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<article><p>Irisin</article>", "line 1, column"),
        ("<article>\n<p>Irisin", "not well-formed"),
        ("<article>a & b</article>", "not well-formed"),
        ("", "no element found"),
        ("<article>&bogus;</article>", "undefined entity"),
        ("<a/><b/>", "junk after document element"),
    ],
)
def test_malformed_xml_is_refused_with_the_place(xml: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        parse_xml(xml.encode())


def test_a_wrong_encoding_is_refused() -> None:
    with pytest.raises(UnreadableError, match="not well-formed"):
        parse_xml('<?xml version="1.0" encoding="utf-8"?><article>M\u00fcller</article>'.encode("latin-1"))


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(UnreadableError, match="encoding"):
        parse_xml(b'<?xml version="1.0" encoding="klingon"?><article/>')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "cp1252"])
def test_declared_encodings_are_read(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><article>M\u00fcller</article>'
    assert parse_xml(xml.encode(encoding)).text == "M\u00fcller"


def test_deep_nesting_is_refused_without_a_crash() -> None:
    with pytest.raises(UnreadableError, match="100 deep"):
        parse_xml(b"<a>" * 20_000 + b"</a>" * 20_000)


def test_a_doctype_that_names_a_dtd_is_read_without_it() -> None:
    xml = b'<!DOCTYPE article PUBLIC "-//NLM//DTD" "JATS.dtd"><article>a&nbsp;b</article>'
    assert parse_xml(xml).text == "a\xa0b"
