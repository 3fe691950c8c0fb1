"""The shipped pipeline, and another package's recognizer in its place."""

from pathlib import Path

import pytest
import spacy

from pipeline.language.model import MODEL, ModelError, load_model

REPOSITORY_LIMIT = 30 * 1024 * 1024


def test_the_shipped_model_is_complete_and_small_enough_for_the_repository() -> None:
    nlp = load_model()
    assert nlp.pipe_names == [
        "tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "ner", "abbreviation_detector",
    ]  # fmt: skip
    assert sum(path.stat().st_size for path in MODEL.rglob("*") if path.is_file()) < REPOSITORY_LIMIT


def test_hyphenated_symbols_stay_one_token() -> None:
    words = [token.text for token in load_model().make_doc("Exercise-induced IL-6 (interleukin-6) rose.")]
    assert words == ["Exercise-induced", "IL-6", "(", "interleukin-6", ")", "rose", "."]


def test_the_parse_has_the_labels_that_the_rules_use() -> None:
    doc = load_model()("BDNF was increased by aerobic exercise.")
    assert [(token.text, token.dep_) for token in doc if token.dep_ in {"nsubjpass", "ROOT", "agent", "pobj"}] == [
        ("BDNF", "nsubjpass"), ("increased", "ROOT"), ("by", "agent"), ("exercise", "pobj"),
    ]  # fmt: skip
    assert doc[2].lemma_ == "increase"


def test_abbreviations_are_found_with_their_long_forms() -> None:
    doc = load_model()("Resistance exercise training (RET) improves memory. RET is safe.")
    assert {(a["short_text"], a["long_text"].lower()) for a in doc._.abbreviations} == {
        ("RET", "resistance exercise training")
    }


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    """A saved pipeline of the shape of scispaCy's NER packages: a recognizer on its own tok2vec."""
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec")
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96}
    recognizer = nlp.add_pipe("ner", config={"model": {"tok2vec": listener}})
    recognizer.add_label("STAND_IN")  # type: ignore[attr-defined]
    nlp.initialize()
    nlp.meta.update({"name": "ner_bionlp13cg_md", "version": "0.5.4"})
    nlp.to_disk(tmp_path / "en_ner_bionlp13cg_md")
    return tmp_path / "en_ner_bionlp13cg_md"


def test_an_installed_recognizer_takes_the_place_of_the_shipped_one(other_model: Path) -> None:
    nlp = load_model(str(other_model))
    assert nlp.pipe_labels["ner"] == ["STAND_IN"]
    doc = nlp("BDNF was increased by exercise.")
    assert doc.has_annotation("DEP")
    assert doc.has_annotation("ENT_IOB")


def test_a_recognizer_that_is_not_installed_is_named_with_what_to_do() -> None:
    with pytest.raises(ModelError, match=r"'en_ner_missing_md' is not installed.*MYOCLAIMS_NER_MODEL"):
        load_model("en_ner_missing_md")
