"""Records that contradict each other are found before they are stored."""

from dataclasses import replace

import pytest

from pipeline.records import Extraction
from pipeline.store.checks import problems
from tests.store.stories import INCREASES, NO_CHANGE, told

GOOD = told("a", INCREASES, NO_CHANGE, triple=True)
SENTENCE, MENTION, CLAIM, TRIPLE = GOOD.sentences[1], GOOD.mentions[1], GOOD.claims[0], GOOD.triples[0]


def test_a_sound_extraction_has_no_problems() -> None:
    assert problems(GOOD) == []
    assert problems(Extraction(GOOD.article, (), (), (), ())) == []


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (replace(GOOD, article=GOOD.article.as_copy(1)), "belongs to doc_"),
        (replace(GOOD, sentences=(replace(SENTENCE, char_end=SENTENCE.char_end - 1),)), "but the text there is"),
        (replace(GOOD, mentions=(replace(MENTION, text="BDNF"),)), "is 'BDNF', but the text there is"),
        (replace(GOOD, mentions=(replace(MENTION, sentence_id="sen_0"),)), "stands in unknown sentence sen_0"),
        (replace(GOOD, claims=(replace(CLAIM, sentence_id="sen_0"),)), "stands in unknown sentence sen_0"),
        (replace(GOOD, claims=(CLAIM, replace(CLAIM, char_end=9999))), "expected those of its sentence"),
        (replace(GOOD, triples=(replace(TRIPLE, claim_ids=("clm_0",)),)), "is built from unknown claim clm_0"),
        (Extraction(replace(GOOD.article, text="a\ud800b"), (), (), (), ()), "the text holds lone surrogates"),
        (replace(GOOD, article=replace(GOOD.article, path="caf\udce9.txt")), "the path holds lone surrogates"),
    ],
    ids=[
        "article",
        "sentence",
        "mention",
        "mention place",
        "claim place",
        "claim offsets",
        "triple",
        "surrogates",
        "file name",
    ],
)
def test_contradictions_are_named(broken: Extraction, problem: str) -> None:
    assert problem in "; ".join(problems(broken))
