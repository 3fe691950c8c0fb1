"""Names outside the vocabulary: HGNC and ChEBI by name, synonym and context; short symbols need more."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.concepts import grounding
from pipeline.concepts.grounding import key_of, load_chemicals, load_genes, open_concepts
from pipeline.concepts.tables import VocabularyError
from pipeline.single_text import claims_of


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("FGF19", "hgnc:3675"),
        ("fibroblast growth factor 19", "hgnc:3675"),
        ("Fibroblast-Growth Factor 19", "hgnc:3675"),
        ("serum FGF19 levels", "hgnc:3675"),
        ("IL-6", "hgnc:6018"),
        ("interleukin 6", "hgnc:6018"),
        ("SIRT3", "hgnc:14931"),
        ("TNF-α", "hgnc:11892"),
        ("CAT", None),
        ("AR", None),
        ("KL", None),
        ("musclepower", None),
        ("", None),
    ],
)
def test_genes_ground_by_symbol_and_name(text: str, curie: str | None) -> None:
    found = load_genes().ground(text)
    assert (found.entry.curie if found else None) == curie


@pytest.mark.parametrize(
    ("short", "long", "curie"),
    [
        ("CAT", "catalase", "hgnc:1516"),
        ("KL", "klotho", "hgnc:6344"),
        ("AR", "androgen receptor", "hgnc:644"),
        ("CAT", "computed axial tomography", None),
        ("FGF19", "family group of forms", None),
    ],
)
def test_the_long_form_of_the_article_decides(short: str, long: str, curie: str | None) -> None:
    found = load_genes().ground(short, long)
    assert (found.entry.curie if found else None) == curie


def test_another_name_in_the_article_confirms_a_short_symbol() -> None:
    found = load_genes().ground("CAT", beside={key_of("CAT"), key_of("catalase")})
    assert found is not None
    assert found.entry.label == "CAT"


def test_every_candidate_is_kept_with_its_score() -> None:
    shared = load_genes().ground("TSP1")
    assert shared is not None
    assert len(shared.candidates) > 1
    assert shared.candidates[0][0] == shared.entry.curie
    assert [score for _, score in shared.candidates] == sorted((s for _, s in shared.candidates), reverse=True)


def test_chemicals_ground_to_chebi() -> None:
    found = load_chemicals().ground("Caffeine")
    assert found is not None
    assert found.entry.curie == "chebi:27732"


@given(st.text(max_size=20))
def test_any_text_is_grounded_or_not_without_a_fault(text: str) -> None:
    found = load_genes().ground(text)
    assert found is None or 0 < found.score <= 1


def test_identifiers_have_rows_of_their_own_in_the_table_of_concepts() -> None:
    gene, chemical = open_concepts(["chebi:27732", "hgnc:3675", "bdnf", "hgnc:0"])
    assert (gene.concept_id, gene.role, gene.label) == ("hgnc:3675", "gene", "FGF19")
    assert (chemical.role, chemical.concept_class) == ("chemical", "open")


def test_a_table_with_other_columns_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "open-genes.tsv").write_text("id\tname\n")
    monkeypatch.setattr(grounding, "FOLDER", tmp_path)
    load_genes.cache_clear()
    with pytest.raises(VocabularyError, match="found the columns"):
        load_genes()
    load_genes.cache_clear()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Serum FGF19 rose after resistance training.", {("resistance_training", "increases", "hgnc:3675")}),
        ("Exercise training reduced the expression of SOCS3.", {("exercise", "decreases", "hgnc:19391")}),
        ("FGF19 improves memory.", set()),
    ],
)
def test_what_training_does_to_a_gene_outside_the_vocabulary_is_claimed(
    sentence: str, expected: set[tuple[str, str, str]]
) -> None:
    assert {(c.subject_id, str(c.effect), c.object_id) for c in claims_of(sentence)} == expected
