"""Exact copies of one text are numbered, and keep their numbers."""

from collections.abc import Mapping

import pytest

from pipeline.records import Article
from pipeline.store.copies import Place, number_copies, text_id
from tests.store.stories import INCREASES, told

A, B, C = ("blog", "a"), ("blog", "b"), ("notes", "a")


@pytest.mark.parametrize(
    ("texts", "known", "expected"),
    [
        ({}, {}, {}),
        ({A: "t"}, {}, {A: 0}),
        ({C: "t", B: "t", A: "t"}, {}, {A: 0, B: 1, C: 2}),
        ({A: "t", B: "u"}, {}, {A: 0, B: 0}),
        ({A: "t", B: "t"}, {"t": {B: 0}}, {A: 1, B: 0}),
        ({A: "t", B: "t"}, {"t": {C: 0}}, {A: 1, B: 2}),
        ({A: "t", C: "t"}, {"t": {B: 1}}, {A: 0, C: 2}),
        ({A: "u"}, {"t": {A: 3}}, {A: 0}),
    ],
    ids=[
        "nothing",
        "one",
        "copies in the order of their places",
        "other texts",
        "a known place keeps its number",
        "a place that is not met now keeps its number too",
        "free numbers are filled",
        "another text at a known place",
    ],
)
def test_copy_numbers(
    texts: dict[Place, str], known: Mapping[str, Mapping[Place, int]], expected: dict[Place, int]
) -> None:
    assert number_copies(texts, known) == expected
    assert number_copies(dict(reversed(texts.items())), known) == expected


def test_the_text_id_is_the_document_id_of_the_first_copy() -> None:
    article: Article = told("a", INCREASES).article
    assert text_id(article.text) == article.document_id
    assert text_id(article.text) != article.as_copy(1).document_id
