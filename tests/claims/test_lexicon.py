"""The cue tables load, and a bad cell is named with file and line."""

import shutil
from pathlib import Path

import pytest

from pipeline.claims.lexicon import FOLDER, LexiconError, load_lexicon
from pipeline.concepts.vocabulary import load_vocabulary


def test_every_concept_that_a_lexicon_names_is_in_the_vocabulary() -> None:
    lexicon, concepts = load_lexicon(), load_vocabulary().concepts
    named = {concept for concept, _ in lexicon.effect_adjectives.values()} | lexicon.bad | lexicon.disorders
    assert named <= concepts.keys()


def test_no_predicate_has_two_classes_for_one_object() -> None:
    for key, frames in load_lexicon().predicates.items():
        slots = [slot for slot, _ in frames]
        assert len(slots) == len(set(slots)), key


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("predicates", "raise\tV\tupward\tobj", r"predicates.tsv line \d+: class is 'upward', expected one of"),
        ("nouns", "rise\tsideways", r"nouns.tsv line \d+: kind is 'sideways'"),
        ("hedges", "may", r"hedges.tsv line \d+: expected 2 cells"),
    ],
)
def test_a_bad_row_is_named_with_file_and_line(tmp_path: Path, table: str, row: str, message: str) -> None:
    folder = tmp_path / "lexicons"
    shutil.copytree(FOLDER, folder)
    with (folder / f"{table}.tsv").open("a", encoding="utf-8") as handle:
        handle.write(row + "\n")
    with pytest.raises(LexiconError, match=message):
        load_lexicon(folder)


def test_a_changed_table_changes_the_hash(tmp_path: Path) -> None:
    folder = tmp_path / "lexicons"
    shutil.copytree(FOLDER, folder)
    with (folder / "hedges.tsv").open("a", encoding="utf-8") as handle:
        handle.write("feasibly\tadverb\n")
    assert load_lexicon(folder).content_hash != load_lexicon().content_hash
