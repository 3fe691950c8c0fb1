"""Triples within a sentence and across tied sentences."""

from datetime import UTC, datetime

import pytest

from pipeline.claims.extractor import Extractor
from pipeline.records import Article, Block, BlockKind


def article(text: str) -> Article:
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    return Article("tests", "a.txt", text, (block,), sha256="", fetched_at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Irisin promotes neurogenesis, thereby improving memory.", {("irisin", "neurogenesis", "memory", "sentence")}),
        ("Irisin increases neurogenesis, which improves memory.", {("irisin", "neurogenesis", "memory", "sentence")}),
        (
            "BDNF improves memory by increasing synaptic plasticity.",
            {("bdnf", "synaptic_plasticity", "memory", "sentence")},
        ),
        (
            "Irisin crosses the blood-brain barrier and improves memory.",
            {("irisin", "bbb_crossing", "memory", "sentence")},
        ),
        (
            "IL-6 increases inflammation. This worsens depression.",
            {("il6", "inflammation", "depression", "passage")},
        ),
        ("Irisin increases neurogenesis and improves memory.", set()),
        ("Irisin increases neurogenesis. Neurogenesis was first seen in birds. Sleep improves memory.", set()),
    ],
)
def test_a_triple_needs_the_mechanism_to_bear_on_the_outcome(
    extractor: Extractor, text: str, expected: set[tuple[str, str, str, str]]
) -> None:
    found = extractor.extract(article(text)).triples
    assert {(t.myokine_id, t.mechanism_id, t.outcome_id, t.scope) for t in found} == expected


def test_a_triple_takes_negation_and_hedging_from_its_parts(extractor: Extractor) -> None:
    (triple,) = extractor.extract(article("Irisin may promote neurogenesis, thereby improving memory.")).triples
    assert triple.hedged
    assert not triple.negated


def test_a_triple_names_the_claims_that_it_rests_on(extractor: Extractor) -> None:
    extraction = extractor.extract(article("Irisin promotes neurogenesis, thereby improving memory."))
    (triple,) = extraction.triples
    assert set(triple.claim_ids) == {c.claim_id for c in extraction.claims}
