"""Valid label sequences, held against the enumeration of every sequence."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.language import lattice

TYPES = 2


def every_valid_sequence(length: int) -> Iterator[NDArray[Any]]:
    for sequence in product(range(lattice.number_of_labels(TYPES)), repeat=length):
        labels = np.array(sequence)
        if lattice.spans_of(labels) is not None:
            yield labels


def total(scores: NDArray[Any], sequence: NDArray[Any]) -> float:
    return float(scores[np.arange(len(sequence)), sequence].sum())


def some_scores(seed: int, length: int) -> lattice.Scores:
    shape = (length, lattice.number_of_labels(TYPES))
    return np.random.default_rng(seed).normal(scale=2, size=shape).astype(np.float32)


@given(seed=st.integers(0, 2**32 - 1), lengths=st.lists(st.integers(1, 4), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_no_valid_sequence_scores_higher_than_the_one_found_whatever_else_is_in_the_batch(
    seed: int, lengths: list[int]
) -> None:
    sentences = [some_scores(seed + i, length) for i, length in enumerate(lengths)]
    for scores, spans in zip(sentences, lattice.best_spans(np.vstack(sentences), lengths), strict=True):
        found = lattice.labels(spans, len(scores))
        best = max(total(scores, sequence) for sequence in every_valid_sequence(len(scores)))
        assert total(scores, found) == pytest.approx(best, abs=1e-4)


@given(seed=st.integers(0, 2**32 - 1), lengths=st.lists(st.integers(1, 4), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_marginals_are_those_of_all_valid_sequences_whatever_else_is_in_the_batch(
    seed: int, lengths: list[int]
) -> None:
    padded = np.full((len(lengths), max(lengths), lattice.number_of_labels(TYPES)), 9.0, dtype=np.float32)
    for i, length in enumerate(lengths):
        padded[i, :length] = some_scores(seed + i, length)
    probabilities, log_partition = lattice.marginals(padded, np.array(lengths))
    for i, length in enumerate(lengths):
        expected = np.zeros((length, padded.shape[2]))
        partition = 0.0
        for sequence in every_valid_sequence(length):
            weight = np.exp(total(padded[i], sequence))
            partition += weight
            expected[np.arange(length), sequence] += weight
        assert probabilities[i, :length] == pytest.approx(expected / partition, abs=1e-4)
        assert not probabilities[i, length:].any()
        assert log_partition[i] == pytest.approx(np.log(partition), abs=1e-3)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(0, TYPES - 1)), max_size=5))
def test_mentions_survive_the_way_to_labels_and_back(steps: list[tuple[int, int, int]]) -> None:
    spans, position = [], 0
    for gap, length, kind in steps:
        spans.append((position + gap, position + gap + length, kind))
        position += gap + length
    assert lattice.spans_of(lattice.labels(spans, position + 1)) == spans


def test_overlapping_mentions_have_no_labels() -> None:
    with pytest.raises(ValueError, match="tokens 1 to 3 overlaps"):
        lattice.labels([(0, 2, 0), (1, 3, 1)], 4)


@pytest.mark.parametrize(
    ("sequence", "why"),
    [
        ([2], "inside without a beginning"),
        ([1], "a beginning without an end"),
        ([1, 7], "an end of another type"),
        ([1, 0, 3], "a gap"),
        ([1, 4, 3], "a single within a mention"),
        ([3], "an end without a beginning"),
    ],
)
def test_an_invalid_sequence_has_no_mentions(sequence: list[int], why: str) -> None:
    assert lattice.spans_of(np.array(sequence)) is None, why
