"""The recognizer as a component, and how it learns."""

from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import Adam

from pipeline.language.recognizer import FACTORY, Recognizer
from pipeline.language.subwords import features
from pipeline.language.training.entities import MarkedSentence
from pipeline.language.training.recognition import learn

SCHEMES = {"genes": ["GENE"], "illness": ["DISEASE", "CHEMICAL"]}


def with_recognizer(added: dict[str, list[str]] | None = None) -> tuple[Language, Recognizer]:
    nlp = spacy.blank("en")
    config = {"schemes": SCHEMES, "main": "genes", "added": added or {}, "width": 16, "depth": 1}
    recognizer = nlp.add_pipe(FACTORY, name="ner", config=config)
    assert isinstance(recognizer, Recognizer)
    return nlp, recognizer


def taught() -> tuple[Language, Recognizer]:
    """Knows interleukins as genes and, in the other scheme, diabetes as a disease and interleukins as chemicals."""
    nlp, recognizer = with_recognizer({"illness": ["DISEASE"]})
    genes = [MarkedSentence(("Muscle", "releases", f"IL-{n}", "in", "diabetes"), ((2, 3, "GENE"),)) for n in range(8)]
    illness = [MarkedSentence(sentence.words, ((2, 3, "CHEMICAL"), (4, 5, "DISEASE"))) for sentence in genes]
    adam = Adam(0.01)
    for _ in range(40):
        learn(recognizer, "genes", genes)
        learn(recognizer, "illness", illness)
        recognizer.model.finish_update(adam)
    return nlp, recognizer


@pytest.fixture(scope="module")
def pupil() -> tuple[Language, Recognizer]:
    return taught()


def test_a_symbol_never_seen_is_known_by_its_parts(pupil: tuple[Language, Recognizer]) -> None:
    nlp, _ = pupil
    doc = nlp("Muscle releases IL-15 in diabetes")
    assert [(e.text, e.label_) for e in doc.ents] == [("IL-15", "GENE"), ("diabetes", "DISEASE")]


def test_the_other_scheme_adds_only_the_labels_asked_for(pupil: tuple[Language, Recognizer]) -> None:
    nlp, recognizer = pupil
    doc = nlp.make_doc("Muscle releases IL-15 in diabetes")
    found = recognizer.find([doc], ["illness"])["illness"][0]
    assert [(e.text, e.label_) for e in found] == [("IL-15", "CHEMICAL"), ("diabetes", "DISEASE")]
    assert recognizer.labels == ("GENE", "DISEASE")


def test_no_mention_crosses_the_end_of_a_sentence(pupil: tuple[Language, Recognizer]) -> None:
    nlp, recognizer = pupil
    head = recognizer.head("genes")
    weights, bias = head.get_param("W").copy(), head.get_param("b").copy()
    try:  # for these scores, the longer a mention, the better
        head.set_param("W", np.zeros_like(weights))
        head.set_param("b", np.array([0, 2, 2.5, 2, 1], dtype=np.float32))
        whole = recognizer(Doc(nlp.vocab, words=["a", "b", "c", "d"], sent_starts=[True, False, False, False]))
        halves = recognizer(Doc(nlp.vocab, words=["a", "b", "c", "d"], sent_starts=[True, False, True, False]))
    finally:
        head.set_param("W", weights)
        head.set_param("b", bias)
    assert [(entity.start, entity.end) for entity in whole.ents] == [(0, 4)]
    assert [(entity.start, entity.end) for entity in halves.ents] == [(0, 2), (2, 4)]


@pytest.mark.parametrize("words", [[], ["x"], ["a"] * 9_000])
def test_documents_of_any_length_are_read(pupil: tuple[Language, Recognizer], words: list[str]) -> None:
    nlp, recognizer = pupil
    doc = recognizer(Doc(nlp.vocab, words=words))
    assert doc.has_annotation("ENT_IOB") or not words


def test_documents_are_read_alike_alone_and_in_a_batch(pupil: tuple[Language, Recognizer]) -> None:
    nlp, _ = pupil
    texts = ["Muscle releases IL-2 in diabetes", "", "IL-3", "It is so in diabetes and in diabetes"]
    alone = [[(e.start, e.end, e.label_) for e in nlp(text).ents] for text in texts]
    batch = [[(e.start, e.end, e.label_) for e in doc.ents] for doc in nlp.pipe(texts)]
    assert alone == batch


def test_a_saved_recognizer_finds_the_same(pupil: tuple[Language, Recognizer], tmp_path: Path) -> None:
    nlp, _ = pupil
    nlp.to_disk(tmp_path)
    text = "Muscle releases IL-15 in diabetes"
    assert [e.text for e in spacy.load(tmp_path)(text).ents] == [e.text for e in nlp(text).ents]


def test_parameters_of_another_size_are_refused(pupil: tuple[Language, Recognizer]) -> None:
    nlp = spacy.blank("en")
    other = nlp.add_pipe(FACTORY, config={"schemes": SCHEMES, "main": "genes", "width": 24, "depth": 1})
    with pytest.raises(ValueError, match="other parts"):
        other.from_bytes(pupil[1].to_bytes())  # type: ignore[attr-defined]


def test_a_scheme_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="no such scheme: plants; there are genes, illness"):
        with_recognizer({"plants": ["TREE"]})


def test_features_of_a_word_are_its_normal_form_ends_shape_and_character_grams() -> None:
    words, ends, shapes, grams = features("IL-6")
    assert words == ["il-0"]
    assert ends == ["pI", "pIL", "pIL-", "pIL-6", "s6", "s-6", "sL-6", "sIL-6"]
    assert shapes == ["fXX-d", "rX-d"]
    assert {"<il", "l-0>", "il-0>"} <= set(grams)


def test_the_shipped_recognizer_finds_the_types_that_the_pipeline_is_about(nlp: Language) -> None:
    doc = nlp("Exercise raised BDNF and lactate in the mitochondria of hippocampal neurons of mice with depression.")
    found = {entity.text: entity.label_ for entity in doc.ents}
    assert found["BDNF"] == "GENE_OR_GENE_PRODUCT"
    assert found["lactate"] == "SIMPLE_CHEMICAL"
    assert found["mitochondria"] == "CELLULAR_COMPONENT"
    assert found["hippocampal neurons"] == "CELL"
    assert found["mice"] == "ORGANISM"
    assert found["depression"] == "DISEASE"
