"""Corpora as training reads them: mentions, tokenizations, what is kept out, and which archives are taken."""

import hashlib
import tarfile
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from pipeline.language.training import archives, entities
from pipeline.language.training.entities import MarkedSentence, in_own_tokens, read_columns, spaced, training_sentences


def columns(rows: str) -> str:
    return "".join(f"{row.replace(' ', chr(9))}\n" for row in rows.strip().splitlines())


def words(spaced_words: str, *mentions: tuple[int, int, str]) -> MarkedSentence:
    return MarkedSentence(tuple(spaced_words.split()), mentions)


def test_columns_become_words_and_mentions(tmp_path: Path) -> None:
    file = tmp_path / "train.tsv"
    file.write_text(
        columns("-DOCSTART- O\n\nVHL B-Gene_or_gene_product\nloss O\n\nT B-cell_type\ncells I-cell_type\nT B-cell_type")
    )
    assert list(read_columns(file)) == [
        MarkedSentence(("VHL", "loss"), ((0, 1, "GENE_OR_GENE_PRODUCT"),)),
        MarkedSentence(("T", "cells", "T"), ((0, 2, "CELL_TYPE"), (2, 3, "CELL_TYPE"))),
    ]


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("VEGF - B ( a factor ) rose .", "VEGF-B (a factor) rose."),
        ("0 . 1 % O2 and / or 1 , 000 cells", "0.1% O2 and/or 1,000 cells"),
        ("It rose . 5 mice died", "It rose. 5 mice died"),
    ],
)
def test_spaces_are_put_back(tokens: str, text: str) -> None:
    assert spaced(words(tokens), spacy.blank("en").vocab).text == text


def test_mentions_are_carried_to_the_pipelines_own_tokens(nlp: Language) -> None:
    sentence = words("VEGF - B ( IL - 6 ) rose", (0, 3, "GENE"), (4, 7, "GENE"))
    own = in_own_tokens(sentence, nlp.tokenizer)
    assert own == MarkedSentence(("VEGF-B", "(", "IL-6", ")", "rose"), ((0, 1, "GENE"), (2, 3, "GENE")))
    assert own is not None
    assert own.key == sentence.key


def test_a_mention_within_a_token_has_no_place_in_the_own_tokens(nlp: Language) -> None:
    sentence = words("VEGF - induced growth", (0, 1, "GENE"))
    assert in_own_tokens(sentence, nlp.tokenizer) is None


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """Every corpus holds a sentence of its own, and one that is also in a test part."""
    for scheme, folder in entities.COLUMNS.items():
        (tmp_path / folder).mkdir()
        for fold in ("train", "devel", "test"):
            own = columns(f"{scheme} O\n{fold} O\nfactor B-Gene")
            (tmp_path / folder / f"{fold}.tsv").write_text(f"{own}\n{columns('Shared O')}")
    for scheme in entities.MEASURED:
        path = tmp_path / entities.COLUMNS[scheme] / "test.tsv"
        path.write_text(f"{path.read_text()}\n{columns('SHARED O')}")
    abstracts = tmp_path / entities.JNLPBA_TRAINING
    abstracts.mkdir(parents=True)
    (abstracts / "1.txt").write_text("IL-2 was high.\nT cells saw IL-2-like ones. Others did not.\n")
    (abstracts / "1.ann").write_text("T1\tprotein 0 4\tIL-2\nT2\tcell_type 15 22\tT cells\nT3\tprotein 27 31\tIL-2\n")
    return tmp_path


@pytest.mark.parametrize("choosing", [True, False])
def test_no_test_sentence_is_trained_on_whichever_corpus_repeats_it(
    corpora: Path, nlp: Language, choosing: bool
) -> None:
    found = training_sentences(corpora, nlp.tokenizer, choosing=choosing)
    sentences = {version.words for versions in found.values() for pair in versions for version in pair}
    assert ("Shared",) not in sentences
    assert not any("test" in sentence for sentence in sentences)
    assert ("bc2gm", "train", "factor") in sentences
    assert (("bc5cdr", "devel", "factor") in sentences) is not choosing


def test_stand_off_abstracts_become_sentences_in_the_own_tokens(corpora: Path, nlp: Language) -> None:
    assert list(entities.jnlpba_training(corpora, nlp.tokenizer)) == [
        MarkedSentence(("IL-2", "was", "high", "."), ((0, 1, "PROTEIN"),)),
        words("T cells saw IL-2 -like ones .", (0, 2, "CELL_TYPE"), (3, 4, "PROTEIN")),
        MarkedSentence(("Others", "did", "not", "."), ()),
    ]


def an_archive(folder: Path, name: str) -> str:
    (folder / "content").write_text("text")
    with tarfile.open(folder / f"{name}.tar.xz", "w:xz") as tar:
        tar.add(folder / "content", arcname="content")
    return hashlib.sha256((folder / f"{name}.tar.xz").read_bytes()).hexdigest()


def test_archives_are_unpacked_where_they_are_the_right_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = archives.Archive("some", an_archive(tmp_path, "some"), "CC0", "a test")
    monkeypatch.setattr(archives, "archives", lambda: (row,))
    archives.unpack(tmp_path, tmp_path / "out")
    assert (tmp_path / "out/content").read_text() == "text"


@pytest.mark.parametrize(
    ("name", "says"), [("other", r"other\.tar\.xz is missing: give the folder"), ("some", "write the new hash")]
)
def test_a_missing_or_changed_archive_is_named(
    name: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_archive(tmp_path, "some")
    monkeypatch.setattr(archives, "archives", lambda: (archives.Archive(name, "0" * 64, "CC0", "a test"),))
    with pytest.raises(archives.ArchiveError, match=says):
        archives.unpack(tmp_path, tmp_path / "out")
