"""BioScope: spreadsheets are read as they are, and verbs counted by the scope they stand in."""

import io
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.claims.extractor import Extractor
from pipeline.evaluation.assertion import AssertionDataError
from pipeline.evaluation.bioscope import COLUMNS, ScopedSentence, bioscope_sentences, scope_tally

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def archived(tmp_path: Path, rows: Sequence[tuple[str, ...]], name: str = "b/data/raw/bioscope_full.xlsx") -> Path:
    strings = list(dict.fromkeys(cell for row in rows for cell in row))
    shared = "".join(f"<si><t>{text}</t></si>" for text in strings)
    cells = ("<row>" + "".join(f'<c t="s"><v>{strings.index(cell)}</v></c>' for cell in row) + "</row>" for row in rows)
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{shared}</sst>')
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(cells)}</sheetData></worksheet>'
        )
    path = tmp_path / "bioscope.tar.xz"
    with tarfile.open(path, "w:xz") as tar:
        info = tarfile.TarInfo(name)
        info.size = len(book.getvalue())
        tar.addfile(info, io.BytesIO(book.getvalue()))
    return path


def test_two_negations_of_a_sentence_are_one_sentence_with_two_scopes(tmp_path: Path) -> None:
    text = "It did not grow and did not fall."
    rows = [COLUMNS, (text, "1", "[(7, 10)]", "[7, 15]", "1"), (text, "1", "[(24, 27)]", "[24, 32]", "1")]
    rows.append(("It grew.", "2", "NaN", "NaN", "0"))
    assert bioscope_sentences(archived(tmp_path, rows)) == [
        ScopedSentence(text, ((7, 10), (24, 27)), ((7, 15), (24, 32))),
        ScopedSentence("It grew.", (), ()),
    ]


def test_verbs_are_counted_by_the_scope_they_stand_in(extractor: Extractor) -> None:
    sentences = [
        ScopedSentence("Irisin did not increase BDNF.", ((11, 14),), ((11, 28),)),
        ScopedSentence("Irisin increased BDNF.", (), ((0, 22),)),
    ]
    tally = scope_tally(sentences, extractor.nlp, extractor.lexicon)
    assert (tally.tp, tally.fp, tally.fn) == (1, 0, 1)


def test_another_file_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(AssertionDataError, match="has the columns"):
        bioscope_sentences(archived(tmp_path, [("a", "b")]))
    with pytest.raises(AssertionDataError, match="holds no spreadsheet"):
        bioscope_sentences(archived(tmp_path, [COLUMNS], name="readme.txt"))
    (tmp_path / "x").write_text("no archive")
    with pytest.raises(AssertionDataError, match="cannot be read"):
        bioscope_sentences(tmp_path / "x")
