"""Lists, abbreviations, context, offsets and order: what the extractor adds to the rules for a sentence."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.claims.extractor import Extractor
from pipeline.records import Article, Block, BlockKind, Effect

PARAGRAPH, HEADING, BULLET = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.BULLET
SIGNS = {Effect.INCREASES: "+", Effect.DECREASES: "-", Effect.AFFECTS: "~"}


def article(*parts: tuple[BlockKind, str], title: str = "") -> Article:
    """An article whose blocks are `parts`, one a line."""
    blocks, text, section = [], "", ""
    for kind, content in parts:
        section = content if kind is HEADING else section
        blocks.append(Block(kind, len(text), len(text) + len(content), section))
        text += content + "\n"
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Article("tests", "a.txt", text, tuple(blocks), sha256="", fetched_at=now, title=title)


def links(extractor: Extractor, *parts: tuple[BlockKind, str]) -> set[str]:
    claims = extractor.extract(article(*parts)).claims
    return {f"{c.subject_id} {SIGNS[c.effect]} {c.object_id}" for c in claims}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param(
            [(PARAGRAPH, "A review found that irisin also:"), (BULLET, "Increases BDNF"), (BULLET, "Improves memory")],
            {"irisin + bdnf", "irisin + memory"},
            id="bullets go on with the subject of their introduction",
        ),
        pytest.param(
            [(PARAGRAPH, "BDNF crosses the blood-brain barrier and supports:"), (BULLET, "Memory"), (BULLET, "Mood")],
            {"bdnf + bbb_crossing", "bdnf + memory", "bdnf + mood"},
            id="bullets are the objects of a verb that their introduction ends in",
        ),
        pytest.param(
            [(PARAGRAPH, "Three things to know this week:"), (BULLET, "Irisin increases BDNF")],
            {"irisin + bdnf"},
            id="a complete introduction leaves its bullets alone",
        ),
        pytest.param(
            [(PARAGRAPH, "It matters for two reasons:"), (BULLET, "Mood: BDNF reduces anxiety")],
            {"bdnf - anxiety"},
            id="the lead of a bullet is no part of its sentence",
        ),
    ],
)
def test_lists_are_read_with_what_introduces_them(
    extractor: Extractor, parts: list[tuple[BlockKind, str]], expected: set[str]
) -> None:
    assert links(extractor, *parts) == expected


def test_an_abbreviation_defined_in_the_article_is_known_in_all_of_it(extractor: Extractor) -> None:
    found = links(
        extractor,
        (PARAGRAPH, "We studied progressive resistance exercise (PRE) in older men."),
        (PARAGRAPH, "PRE increased BDNF."),
    )
    assert found == {"resistance_training + bdnf"}


def test_every_claim_points_at_its_sentence_and_every_mention_at_its_words(extractor: Extractor) -> None:
    source = article(
        (HEADING, "Myokines – an overview"),
        (PARAGRAPH, "α is a letter. Irisin (a myokine) increases BDNF. It improves memory."),
        (BULLET, "IL‑6 reduces inflammation"),
    )
    extraction = extractor.extract(source)
    sentences = {s.sentence_id: s for s in extraction.sentences}
    assert len(extraction.claims) == 3
    for claim in extraction.claims:
        assert source.text[claim.char_start : claim.char_end] == sentences[claim.sentence_id].text
    for mention in extraction.mentions:
        assert source.text[mention.char_start : mention.char_end] == mention.text


def test_context_comes_from_the_sentence_and_its_neighbours(extractor: Extractor) -> None:
    text = (
        "In a randomized trial, older adults trained for 12 weeks. Resistance training increased BDNF. "
        "In mice, irisin improved memory."
    )
    claims = {c.subject_id: c.context for c in extractor.extract(article((PARAGRAPH, text))).claims}
    training = claims["resistance_training"]
    assert (training.species, training.population, training.modality) == ("human", "older adults", "resistance")
    assert (training.duration, training.study_design) == ("12 weeks", "randomized controlled trial")
    assert claims["irisin"].species == "mouse"


def test_a_gene_outside_the_vocabulary_is_kept_with_its_identifier_or_without_a_concept(extractor: Extractor) -> None:
    extraction = extractor.extract(article((PARAGRAPH, "BDNF and IGF-1 increased the expression of TP53 mRNA.")))
    mentions = {mention.text: mention for mention in extraction.mentions}
    assert (mentions["TP53"].concept_id, mentions["TP53"].method) == ("hgnc:11998", "open")
    extraction = extractor.extract(article((PARAGRAPH, "BDNF and IGF-1 increased the expression of CAT mRNA.")))
    assert {m.text: m.concept_id for m in extraction.mentions}.get("CAT", "missing") is None


TEXTS = ["Irisin increases BDNF.", "Exercise did not improve memory.", "BDNF may reduce anxiety.", "Nothing here."]


@settings(max_examples=10, deadline=None)
@given(st.permutations(TEXTS))
def test_the_order_of_articles_changes_no_claim(extractor: Extractor, texts: list[str]) -> None:
    together = extractor.extract_all(article((PARAGRAPH, text)) for text in texts)
    by_text = {e.article.text: e.claims for e in together}
    assert by_text == {e.article.text: e.claims for e in (extractor.extract(article((PARAGRAPH, t))) for t in TEXTS)}


def test_text_without_any_concept_gives_sentences_and_nothing_else(extractor: Extractor) -> None:
    extraction = extractor.extract(article((PARAGRAPH, "The weather was fine. We went home.")))
    assert len(extraction.sentences) == 2
    assert not extraction.mentions
    assert not extraction.claims


def test_a_very_long_sentence_is_not_parsed_and_nothing_fails(extractor: Extractor) -> None:
    extraction = extractor.extract(article((PARAGRAPH, "irisin increases BDNF and " * 3_000)))
    assert extraction.sentences
    assert all(len(s.text) <= 2_000 for s in extraction.sentences)
