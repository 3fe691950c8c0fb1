"""Sentence splitting by rules: where a sentence ends and where it does not."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.sentences import MAX_SENTENCE, boundaries, split
from pipeline.records import Article, Block, BlockKind


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("Myokines, e.g. IL-6, are released.", ["Myokines, e.g. IL-6, are released."]),
        ("Smith et al. 2020 found it. It rose.", ["Smith et al. 2020 found it.", "It rose."]),
        ("As in Fig. 2 shown. Next.", ["As in Fig. 2 shown.", "Next."]),
        ("IL-6 vs. IL-10 was measured.", ["IL-6 vs. IL-10 was measured."]),
        ("Dr. Patrick said so. She did.", ["Dr. Patrick said so.", "She did."]),
        ("Why? Because. Yes!", ["Why?", "Because.", "Yes!"]),
        ("It rose by 3.5 mg. No. 4 fell.", ["It rose by 3.5 mg.", "No. 4 fell."]),
        ('He said "stop." Then left.', ['He said "stop."', "Then left."]),
        ("It rose (see above). It fell.", ["It rose (see above).", "It fell."]),
        ("J. Smith wrote it.", ["J. Smith wrote it."]),
        ("p values were low. mTOR rose. eIF2 fell.", ["p values were low.", "mTOR rose.", "eIF2 fell."]),
        ("no capital. follows here", ["no capital. follows here"]),
        ("In E. coli it rose.", ["In E. coli it rose."]),
        ("J.-I. Miyazaki gave it. We thank him.", ["J.-I. Miyazaki gave it.", "We thank him."]),
        ("It was on chr. 9 of mice. Others were not.", ["It was on chr. 9 of mice.", "Others were not."]),
        ("Two views. (a) The muscle. (b-d) its fibres.", ["Two views.", "(a) The muscle.", "(b-d) its fibres."]),
        ("It is bound. α-Catenin binds too.", ["It is bound.", "α-Catenin binds too."]),
        ("", []),
        ("   ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in boundaries(text)] == sentences


@given(st.text(alphabet="aB .?!e.g.()\n\"'", max_size=300))
def test_boundaries_are_in_order_and_keep_every_character_but_white_space(text: str) -> None:
    spans = boundaries(text)
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())


def test_no_sentence_is_longer_than_the_limit_however_long_the_text() -> None:
    assert max(end - start for start, end in boundaries("word " * 20_000)) <= MAX_SENTENCE
    assert max(end - start for start, end in boundaries("x" * 20_000)) <= MAX_SENTENCE


def test_no_sentence_crosses_a_block_and_offsets_are_those_of_the_article() -> None:
    text = "A heading\nIrisin rose. It fell"
    blocks = (Block(BlockKind.HEADING, 0, 9), Block(BlockKind.PARAGRAPH, 10, len(text), "A heading", 12.5))
    article = Article("s", "p", text, blocks, "", datetime(2026, 1, 1, tzinfo=UTC))
    found = split(article)
    assert [s.text for s in found] == ["A heading", "Irisin rose.", "It fell"]
    assert all(text[s.char_start : s.char_end] == s.text for s in found)
    assert [s.timestamp_s for s in found] == [None, 12.5, 12.5]
    assert [s.ordinal for s in found] == [0, 1, 2]
