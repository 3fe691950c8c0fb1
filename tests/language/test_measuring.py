"""Figures from gold data: what counts as right, and how the table shows it."""

import pytest
import spacy
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Span

from pipeline.language.evaluate import Row, table
from pipeline.language.measuring import entity_figures, sentence_figures
from pipeline.language.recognizer import FACTORY, Recognizer
from pipeline.language.sentences import boundaries
from pipeline.language.training.entities import MarkedSentence
from pipeline.language.training.model_card import write_card
from pipeline.language.training.treebanks import Node


def recognizer_that_finds(monkeypatch: pytest.MonkeyPatch, *mentions: tuple[int, int, str]) -> Recognizer:
    nlp = spacy.blank("en")
    recognizer = nlp.add_pipe(FACTORY, config={"schemes": {"s": ["GENE", "CELL"]}, "main": "s", "width": 8, "depth": 1})
    assert isinstance(recognizer, Recognizer)

    def find(docs: list[Doc], schemes: list[str]) -> dict[str, list[list[Span]]]:
        return {schemes[0]: [[Span(doc, start, end, label) for start, end, label in mentions] for doc in docs]}

    monkeypatch.setattr(recognizer, "find", find)
    return recognizer


GOLD = MarkedSentence(("VEGF", "-", "B", "in", "T", "cells"), ((0, 3, "GENE"), (4, 6, "CELL")))


@pytest.mark.parametrize(
    ("found", "figures"),
    [
        ([(0, 3, "GENE"), (4, 6, "CELL")], {"p": 100, "r": 100, "f": 100}),
        ([(0, 3, "GENE"), (4, 6, "GENE")], {"p": 50, "r": 50, "f": 50}),
        ([(0, 2, "GENE")], {"p": 0, "r": 0, "f": 0}),
        ([(4, 6, "CELL")], {"p": 100, "r": 50, "f": pytest.approx(66.67, abs=0.01)}),
        ([], {"p": 0, "r": 0, "f": 0}),
    ],
)
def test_a_mention_is_right_with_both_ends_and_the_label(
    found: list[tuple[int, int, str]], figures: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert entity_figures(recognizer_that_finds(monkeypatch, *found), "s", [GOLD]) == figures


def test_in_the_own_tokens_of_a_pipeline_ends_are_compared_as_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    recognizer = recognizer_that_finds(monkeypatch, (0, 1, "GENE"), (2, 4, "CELL"))
    whitespace = Tokenizer(spacy.blank("xx").vocab)
    assert entity_figures(recognizer, "s", [GOLD], whitespace)["f"] == 100


def tree_of(text: str) -> list[Node]:
    words = text.split(" ")
    return [
        Node(form=w, lemma=w, pos="X", tag="XX", head=i - 1, label="dep", space_after=True) for i, w in enumerate(words)
    ]


def test_sentences_are_right_with_both_ends_and_headings_stand_apart() -> None:
    gold = [tree_of(text) for text in ("Results", "It rose in Fig. 2 a.", "It fell.", "no capital.", "So it was.")]
    # "Results" is a block; "It fell. no capital." is not told apart, so that two of five are missed.
    figures = sentence_figures(boundaries, gold)
    assert figures["f"] == pytest.approx(100 * 2 * 3 / (5 + 4))


def test_the_table_shows_each_figure_beside_its_peers() -> None:
    lines = [Row("CRAFT", "88.0", peer="75.0"), Row("JNLPBA", "72.0", published="72.06")]
    assert table(lines).splitlines() == [
        "| | shipped | scispaCy 0.5.4, published | spaCy small English |",
        "|---|---|---|---|",
        "| CRAFT | 88.0 |  | 75.0 |",
        "| JNLPBA | 72.0 | 72.06 |  |",
    ]


def test_the_model_card_names_data_licences_and_figures(tmp_path_factory: pytest.TempPathFactory) -> None:
    card = tmp_path_factory.mktemp("card") / "README.md"
    trees = {"tag": 96.54, "uas": 90.0, "las": 88.0}
    entities = {"p": 80.0, "r": 70.0, "f": 74.67}
    parts = ("bionlp13cg", "jnlpba", "bc5cdr")
    figures = {"craft": trees, "ewt": trees, "craft_sentences": {"f": 98.76}}
    write_card({**figures, **dict.fromkeys([*parts, *(f"{p}_text" for p in parts)], entities)}, card)
    text = card.read_text()
    assert "| craft-dependency | CC BY 3.0 |" in text
    assert "| CRAFT 5, held-out papers | 96.5 | 90.0 | 88.0 |" in text
    assert "| JNLPBA, test part | 80.0 | 70.0 | 74.67 | 74.67 |" in text
    assert "F1 98.8" in text
    assert "{" not in text
