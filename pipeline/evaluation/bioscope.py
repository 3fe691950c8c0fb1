"""Negation by scope against BioScope (Vincze et al. 2008): which verbs stand in the scope of a negation.

The corpus gives sentences of abstracts and papers as spreadsheets, with the characters of each negation's scope. A
verb inside one should be negated by the rules, and no other.
"""

import ast
import io
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from spacy.language import Language

from pipeline.claims.lexicon import Lexicon
from pipeline.claims.repairs import repair
from pipeline.claims.scope import scope_of
from pipeline.evaluation.assertion import NEEDED, AssertionDataError
from pipeline.evaluation.evaluate import Tally
from pipeline.reading.xml_parsing import parse_xml

COLUMNS = ("sentence", "sentence_id", "cue_span", "scope_span", "target")
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Range = tuple[int, int]


@dataclass(frozen=True)
class ScopedSentence:
    """A sentence with the characters of the cues and scopes of its negations."""

    text: str
    cues: tuple[Range, ...]
    scopes: tuple[Range, ...]


def bioscope_sentences(archive: Path) -> list[ScopedSentence]:
    """The sentences of `bioscope.tar.xz`, abstracts first. AssertionDataError for a file that is something else."""
    try:
        with tarfile.open(archive) as tar:
            names = sorted(m.name for m in tar.getmembers() if m.name.endswith(".xlsx"))
            if not names:
                raise AssertionDataError(f"{archive} holds no spreadsheet: give the archive bioscope.tar.xz")
            tables = [file.read() for name in names if (file := tar.extractfile(name)) is not None]
    except tarfile.ReadError as error:
        raise AssertionDataError(f"{archive} cannot be read: {error}") from error
    return [sentence for table in tables for sentence in _sentences(table, archive)]


def scope_tally(sentences: Iterable[ScopedSentence], nlp: Language, lexicon: Lexicon) -> Tally:
    """How many verbs inside a negation's scope the rules negate, and how many outside."""
    tally = Tally()
    listed = list(sentences)
    with nlp.select_pipes(enable=[name for name in NEEDED if name in nlp.pipe_names]):
        docs = nlp.pipe(sentence.text for sentence in listed)
        for sentence, doc in zip(listed, docs, strict=True):
            repair(doc[:], lexicon)
            for token in doc:
                if token.pos_ != "VERB" or _inside(token.idx, sentence.cues):
                    continue
                expected = _inside(token.idx, sentence.scopes)
                found = len(set(scope_of(token, lexicon).negations)) % 2 == 1
                tally.tp += expected and found
                tally.fn += expected and not found
                tally.fp += found and not expected
    return tally


def _inside(place: int, ranges: Iterable[Range]) -> bool:
    return any(start <= place < end for start, end in ranges)


def _sentences(table: bytes, archive: Path) -> Iterator[ScopedSentence]:
    rows = iter(_rows(table))
    header = next(rows, ())
    if tuple(header) != COLUMNS:
        raise AssertionDataError(f"{archive}: a spreadsheet has the columns {header}, expected {COLUMNS}")
    cues: defaultdict[str, list[Range]] = defaultdict(list)
    scopes: defaultdict[str, list[Range]] = defaultdict(list)
    for text, _, cue, scope, _ in rows:
        cues[text].extend(_ranges(cue))
        scopes[text].extend(_ranges(scope))
    for text, ranges in scopes.items():
        yield ScopedSentence(text, tuple(cues[text]), tuple(ranges))


def _ranges(cell: str) -> list[Range]:
    """As in "[115, 187]" and "[(143, 149)]"; "NaN" is none."""
    if not cell.startswith("["):
        return []
    value = ast.literal_eval(cell)
    pairs = value if value and isinstance(value[0], tuple) else [value]
    return [(int(start), int(end)) for start, end in pairs]


def _rows(table: bytes) -> Iterator[list[str]]:
    """The rows of a workbook's first sheet (ECMA-376), cells as text."""
    with zipfile.ZipFile(io.BytesIO(table)) as book:
        strings = ["".join(item.itertext()) for item in parse_xml(book.read("xl/sharedStrings.xml"))]
        sheet = parse_xml(book.read("xl/worksheets/sheet1.xml"))
    for row in sheet.iter(f"{NAMESPACE}row"):
        yield [_cell(cell, strings) for cell in row]


def _cell(cell: Element, strings: list[str]) -> str:
    value = cell.find(f"{NAMESPACE}v")
    text = value.text or "" if value is not None else ""
    return strings[int(text)] if cell.get("t") == "s" else text
