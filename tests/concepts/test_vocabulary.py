import shutil
from collections import Counter
from pathlib import Path

import pytest

from pipeline.concepts.linker import Linker
from pipeline.concepts.vocabulary import FOLDER, TABLES, VocabularyError, load_vocabulary

CONCEPTS = "slug\trole\tclass\tlabel\tcurie\tcurie_name\tmatch\tscope\tbroader\n"
SMALL = {
    "concepts.tsv": CONCEPTS
    + "memory\toutcome\tcognition\tmemory\t\t\texact\t\tcognition\n"
    + "cognition\toutcome\tcognition\tcognition\t\t\texact\t\t\n"
    + "irisin\texerkine\tmyokine\tirisin\t\t\texact\t\t\n",
    "aliases.tsv": "concept\talias\tcase\tpolarity\torigin\n"
    + "memory\tmemory\tany\t1\tlabel\n"
    + "memory\tmemory loss\tany\t-1\tlay\n",
    "blockers.tsv": "target\twording\tposition\twords\treason\nmemory\t\tnext\tfoam; T cell\tsomething else\n",
    "landmarks.tsv": "landmark\talias\nbrain\tbrain\n",
    "senses.tsv": "wording\tconcept\tprior\tcues\treason\nmemory\tmemory\t1\thippocampus; recall\tof the mind\n",
    "spelling.tsv": "word\tkey\nageing\taging\n",
    "stop-phrases.tsv": "phrase\treason\nmemory card\ta thing\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in SMALL.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def add(folder: Path, table: str, row: str) -> None:
    with (folder / table).open("a", encoding="utf-8") as handle:
        handle.write(row + "\n")


def test_the_shipped_vocabulary_loads_whole() -> None:
    vocabulary = load_vocabulary()
    assert len(vocabulary.concepts) == 189
    counts = Counter(alias.concept_id for alias in vocabulary.aliases)
    assert set(counts) == set(vocabulary.concepts)
    assert {alias.polarity for alias in vocabulary.aliases} == {1, -1}


def test_every_label_without_a_remark_is_found() -> None:
    vocabulary = load_vocabulary()
    linker = Linker(vocabulary)
    for concept in vocabulary.concepts.values():
        if "(" not in concept.label and " or " not in concept.label:
            assert concept.concept_id in {match.concept_id for match in linker.find(concept.label)}, concept.label


def test_a_small_folder_loads(folder: Path) -> None:
    vocabulary = load_vocabulary(folder)
    assert [alias.text for alias in vocabulary.aliases] == ["memory", "memory loss"]
    assert [blocker.word for blocker in vocabulary.blockers] == ["foam", "T cell"]
    assert vocabulary.stop_phrases == ("memory card",)


@pytest.mark.parametrize(
    ("concept", "chain"),
    [("hiit", ("exercise",)), ("alzheimers", ("dementia",)), ("bdnf", ("growth_factors",)), ("sleep", ())],
)
def test_ancestors_run_from_the_nearest_up(concept: str, chain: tuple[str, ...]) -> None:
    assert load_vocabulary().ancestors(concept) == chain


def test_ancestors_of_an_unknown_concept_are_an_error() -> None:
    with pytest.raises(KeyError):
        load_vocabulary().ancestors("phlogiston")


@pytest.mark.parametrize(
    ("table", "row", "complaint"),
    [
        ("aliases.tsv", "irisine\tirisin\tany\t1\tlay", "aliases.tsv line 4: concept is 'irisine'"),
        (
            "aliases.tsv",
            "irisin\tirisin\tsome\t1\tlay",
            "aliases.tsv line 4: case is 'some'; expected one of any, exact",
        ),
        ("aliases.tsv", "irisin\tirisin\tany\t0\tlay", "aliases.tsv line 4: polarity is '0'; expected one of 1, -1"),
        ("aliases.tsv", "irisin\tirisin\tany\t1\tme", "aliases.tsv line 4: origin is 'me'"),
        ("aliases.tsv", "irisin\tirisin\tany\t1", "aliases.tsv line 4: 4 cells; expected 5"),
        ("aliases.tsv", "irisin\t\tany\t1\tlay", "aliases.tsv line 4: alias is empty"),
        ("aliases.tsv", "irisin\t irisin\tany\t1\tlay", "aliases.tsv line 4: blanks around a cell"),
        ("aliases.tsv", "irisin\t—\tany\t1\tlay", "aliases.tsv line 4: '—' holds no word"),
        ("aliases.tsv", "irisin\tirisin, free\tany\t1\tlay", "aliases.tsv line 4: 'irisin, free' has ', ' inside"),
        ("aliases.tsv", "irisin\tMemories\tany\t1\tlay", "line 4: 'Memories' is to the linker the same .* line 2"),
        (
            "aliases.tsv",
            "memory\tmemory-loss\tany\t1\tlay",
            "line 4: 'memory-loss' is to the linker the same .* line 3",
        ),
        (
            "stop-phrases.tsv",
            "memory loss\tno reason",
            "stop-phrases.tsv line 3: 'memory loss' is to the linker the same",
        ),
        ("stop-phrases.tsv", "memory stick\t", "stop-phrases.tsv line 3: reason is empty"),
        ("blockers.tsv", "mind\t\tnext\tfoam\twhy", "blockers.tsv line 3: target is 'mind'"),
        ("blockers.tsv", "memory\t\tnear\tfoam\twhy", "blockers.tsv line 3: position is 'near'"),
        (
            "blockers.tsv",
            "memory\t\tnext\tfoam\twhy",
            "blockers.tsv line 3: 'foam' at next of memory stands here a second",
        ),
        ("blockers.tsv", "memory\t\tnext\tfoams; \twhy", "blockers.tsv line 3: blanks around a cell"),
        ("blockers.tsv", "memory\t\tnext\t--\twhy", "blockers.tsv line 3: words has '--'"),
        ("senses.tsv", "memory\tirisin\t1\tcell\tx", "senses.tsv line 3: 'memory' is no wording of irisin"),
        ("senses.tsv", "memory\t-\tmuch\tcell\tx", "senses.tsv line 3: prior is 'much'"),
        ("landmarks.tsv", "skull\tBrains", "landmarks.tsv line 3: 'Brains' is to the linker the same"),
        ("spelling.tsv", "ageing\tage", "spelling.tsv line 3: 'ageing' stands here a second time"),
        ("spelling.tsv", "Tumour\ttumor", "spelling.tsv line 3: .* expected lower-case letters only"),
        (
            "concepts.tsv",
            "irisin\texerkine\tx\tx\t\t\texact\t\t",
            "concepts.tsv line 5: 'irisin' stands in line 4 already",
        ),
        ("concepts.tsv", "x\tvirtue\tx\tx\t\t\texact\t\t", "concepts.tsv line 5: role is 'virtue'"),
        ("concepts.tsv", "x\toutcome\tx\tx\t\t\tnearly\t\t", "concepts.tsv line 5: match is 'nearly'"),
        ("concepts.tsv", "x\toutcome\tx\tx\t\t\texact\t\ty", "concepts.tsv line 5: x has the broader concept 'y'"),
    ],
)
def test_a_bad_row_is_named_with_file_and_line(folder: Path, table: str, row: str, complaint: str) -> None:
    add(folder, table, row)
    with pytest.raises(VocabularyError, match=complaint):
        load_vocabulary(folder)


def test_a_circle_of_broader_concepts_is_refused(folder: Path) -> None:
    table = folder / "concepts.tsv"
    table.write_text(table.read_text().replace("cognition\toutcome\tcognition\tcognition\t\t\texact\t\t\n", "")
                     + "cognition\toutcome\tcognition\tcognition\t\t\texact\t\tmemory\n")  # fmt: skip
    with pytest.raises(VocabularyError, match=r"concepts.tsv line 2: .* circle: memory → cognition → memory"):
        load_vocabulary(folder)


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_named(folder: Path, table: str) -> None:
    (folder / table).unlink()
    with pytest.raises(VocabularyError, match=f"{table} is missing"):
        load_vocabulary(folder)


def test_another_header_is_refused(folder: Path) -> None:
    (folder / "aliases.tsv").write_text("alias,concept\n")
    with pytest.raises(VocabularyError, match=r"aliases\.tsv line 1: header is alias,concept; expected concept, alias"):
        load_vocabulary(folder)


def test_another_encoding_is_refused(folder: Path) -> None:
    (folder / "aliases.tsv").write_bytes("concept\talias\n\xff".encode("utf-16"))
    with pytest.raises(VocabularyError, match=r"aliases\.tsv is not UTF-8"):
        load_vocabulary(folder)


def test_case_exact_and_free_wordings_may_stand_side_by_side(folder: Path) -> None:
    add(folder, "aliases.tsv", "irisin\tMEMORY\texact\t1\tlay")
    linker = Linker(load_vocabulary(folder))
    assert {match.concept_id for match in linker.find("MEMORY")} <= {"irisin", "memory"}
    assert [match.concept_id for match in linker.find("memory")] == ["memory"]


@pytest.mark.parametrize("table", TABLES)
def test_the_hash_changes_with_every_table(folder: Path, table: str) -> None:
    before = load_vocabulary(folder).content_hash
    path = folder / table
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    load_vocabulary.cache_clear()  # the tables are read once a process
    assert load_vocabulary(folder).content_hash != before


def test_the_hash_does_not_change_with_line_ends(tmp_path: Path) -> None:
    for name in TABLES:
        shutil.copy(FOLDER / name, tmp_path / name)
        text = (FOLDER / name).read_bytes()
        (tmp_path / name).write_bytes(text.replace(b"\n", b"\r\n"))
    assert load_vocabulary(tmp_path).content_hash == load_vocabulary().content_hash


def test_a_word_that_blocks_only_when_near_is_obeyed(folder: Path) -> None:
    add(folder, "aliases.tsv", "memory\trecall\tany\t1\tlay")
    add(folder, "blockers.tsv", "memory\trecall\tonly-previous\tword; improves\trecalls of goods are something else")
    linker = Linker(load_vocabulary(folder))
    assert [match.text for match in linker.find("It improves recall; a product recall; word recall.")] == [
        "recall",
        "recall",
    ]
    assert linker.find("memory foam") == []
