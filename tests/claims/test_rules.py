"""Sentences with the claims they make: add a row to `sentences.tsv` for a case.

A claim is `subject + object` (increases), `-` (decreases) or `~` (affects); `not` and `maybe` before it
mark negation and hedging. The claims of a text are exactly those given.
"""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.claims.extractor import Extractor
from pipeline.records import Article, Block, BlockKind, Claim, Effect

SIGNS = {Effect.INCREASES: "+", Effect.DECREASES: "-", Effect.AFFECTS: "~"}
with (Path(__file__).parent / "sentences.tsv").open(newline="", encoding="utf-8") as handle:
    CASES = [(row["family"], row["text"], row["claims"]) for row in csv.DictReader(handle, delimiter="\t")]


def article(text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> Article:
    block = Block(kind, 0, len(text))
    return Article("tests", "a.txt", text, (block,), sha256="", fetched_at=datetime(2026, 1, 1, tzinfo=UTC))


def shown(claim: Claim) -> str:
    marks = ("maybe " if claim.hedged else "") + ("not " if claim.negated else "")
    return f"{marks}{claim.subject_id} {SIGNS[claim.effect]} {claim.object_id}"


@pytest.mark.parametrize(("family", "text", "claims"), CASES, ids=[f"{f}: {t[:60]}" for f, t, _ in CASES])
def test_a_text_makes_exactly_the_claims_it_states(extractor: Extractor, family: str, text: str, claims: str) -> None:
    expected = {claim.strip() for claim in claims.split(";") if claim.strip()}
    assert {shown(claim) for claim in extractor.extract(article(text)).claims} == expected
