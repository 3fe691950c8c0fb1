"""Scores of BILUO labels → the valid sequences of labels over a sentence.

A sentence's labels are valid where every mention that begins also ends, within the sentence and with one
type. Label 0 is outside; type k owns the labels 1 + 4k to 4 + 4k, for beginning, inside, last and single
token (Ratinov and Roth 2009). A score belongs to a token and its label alone, so that the only states
between two tokens are "in no mention" and "in a mention of type k": sums and maxima over all valid
sequences cost time in proportion to tokens × types, not tokens × types².
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Span = tuple[int, int, int]  # first token, token after the last, type
BEGIN, INSIDE, LAST, SINGLE = 1, 2, 3, 4
TINY = 1e-30


def number_of_labels(types: int) -> int:
    """How many labels `types` types need."""
    return 1 + 4 * types


def labels(spans: Iterable[Span], length: int) -> NDArray[np.int64]:
    """The label of each of `length` tokens. Spans must not overlap; ValueError names one that does."""
    found = np.zeros(length, dtype=np.int64)
    for start, end, kind in spans:
        if found[start:end].any():
            raise ValueError(f"the mention of tokens {start} to {end} overlaps another")
        if end - start == 1:
            found[start] = SINGLE + 4 * kind
        else:
            found[start] = BEGIN + 4 * kind
            found[start + 1 : end - 1] = INSIDE + 4 * kind
            found[end - 1] = LAST + 4 * kind
    return found


def best_spans(scores: Scores, lengths: Sequence[int]) -> list[list[Span]]:
    """The mentions of each sentence's best valid sequence; `scores` is tokens × labels, the sentences' tokens joined.

    Where the best labels of single tokens already form a valid sequence, no valid one is better, and only the
    other sentences are searched.
    """
    greedy = scores.argmax(axis=1)
    ends = np.cumsum(lengths).tolist()
    found = [spans_of(greedy[end - length : end]) for end, length in zip(ends, lengths, strict=True)]
    unsettled = [i for i, spans in enumerate(found) if spans is None]
    if unsettled:
        searched = _search([scores[ends[i] - lengths[i] : ends[i]] for i in unsettled])
        for i, sequence in zip(unsettled, searched, strict=True):
            found[i] = spans_of(sequence)
    return [spans or [] for spans in found]


def spans_of(sequence: NDArray[np.int64]) -> list[Span] | None:
    """The mentions of a sequence of labels, or None where it is not valid."""
    spans = []
    start = kind = last = -1
    for position in np.flatnonzero(sequence).tolist():
        this_kind, place = divmod(int(sequence[position]) - 1, 4)
        place += 1
        if (start >= 0) != (place in (INSIDE, LAST)):
            return None
        if start >= 0 and (this_kind != kind or position != last + 1):
            return None
        if place == SINGLE:
            spans.append((position, position + 1, this_kind))
        elif place == BEGIN:
            start, kind = position, this_kind
        elif place == LAST:
            spans.append((start, position + 1, kind))
            start = -1
        last = position
    return spans if start < 0 else None


def _search(sentences: Sequence[Scores]) -> list[NDArray[np.int64]]:
    """The best valid labels of each sentence: Viterbi's algorithm over the two kinds of state, all side by side."""
    lengths = [len(scores) for scores in sentences]
    count, width, types = len(sentences), max(lengths), (sentences[0].shape[1] - 1) // 4
    padded = np.full((count, width, number_of_labels(types)), -np.inf, dtype=np.float32)
    padded[:, :, 0] = 0
    for i, scores in enumerate(sentences):
        padded[i, : len(scores)] = scores
    begin, inside, last, single = (padded[:, :, place::4] for place in (BEGIN, INSIDE, LAST, SINGLE))
    best_single = single.argmax(axis=2)
    single_score = np.take_along_axis(single, best_single[:, :, None], axis=2)[:, :, 0]
    closed_label = np.where(padded[:, :, 0] >= single_score, 0, SINGLE + 4 * best_single)
    closed_score = np.maximum(padded[:, :, 0], single_score)

    closed, opened = np.zeros(count, dtype=np.float32), np.full((count, types), -np.inf, dtype=np.float32)
    into_closed = np.zeros((count, width), dtype=np.int64)
    stayed_open = np.zeros((count, width, types), dtype=bool)
    row = np.arange(count)
    for t in range(width):
        beginning, staying, ending = closed[:, None] + begin[:, t], opened + inside[:, t], opened + last[:, t]
        stayed_open[:, t] = staying > beginning
        opened = np.maximum(staying, beginning)
        kind = ending.argmax(axis=1)
        ended, stayed_closed = ending[row, kind], closed + closed_score[:, t]
        into_closed[:, t] = np.where(ended > stayed_closed, LAST + 4 * kind, closed_label[:, t])
        closed = np.maximum(ended, stayed_closed)

    labels_found = np.zeros((count, width), dtype=np.int64)
    within = np.full(count, -1)  # the type of the mention that goes on after this token, or -1
    for t in range(width - 1, -1, -1):
        stays = stayed_open[row, t, within]
        opened_label = np.where(stays, INSIDE, BEGIN) + 4 * within
        label = labels_found[:, t] = np.where(within < 0, into_closed[:, t], opened_label)
        is_last = (within < 0) & (label > 0) & ((label - 1) % 4 + 1 == LAST)
        within = np.where(is_last, (label - 1) // 4, np.where((within >= 0) & stays, within, -1))
    return [labels_found[i, :length] for i, length in enumerate(lengths)]


def marginals(scores: Scores, lengths: NDArray[np.int64]) -> tuple[Scores, NDArray[Any]]:
    """Probability of each label of each token under the valid sequences, and each sentence's log partition.

    `scores` is sentences × tokens × labels, padded; `lengths` are the sentences' tokens. Probabilities of
    padding are 0. The gradient of a sentence's log loss is the probabilities less the gold labels
    (forward and backward sums as in Lafferty, McCallum and Pereira 2001).
    """
    sentences, width, _ = scores.shape
    highest = scores.max(axis=2, keepdims=True)
    e = np.exp(scores - highest)
    padding = np.arange(width)[None, :] >= lengths[:, None]
    e[padding] = 0
    e[padding, 0] = 1
    outside, (begin, inside, last, single) = e[:, :, 0], (e[:, :, place::4] for place in (1, 2, 3, 4))
    closing = outside + single.sum(axis=2)
    types = begin.shape[2]

    closed = np.ones((width + 1, sentences), dtype=e.dtype)
    opened = np.zeros((width + 1, sentences, types), dtype=e.dtype)
    log_partition = np.where(padding, 0, highest[:, :, 0]).sum(axis=1)
    for t in range(width):
        to_closed = closed[t] * closing[:, t] + (opened[t] * last[:, t]).sum(axis=1)
        to_opened = closed[t][:, None] * begin[:, t] + opened[t] * inside[:, t]
        total = to_closed + to_opened.sum(axis=1)
        closed[t + 1], opened[t + 1] = to_closed / total, to_opened / total[:, None]
        log_partition += np.log(total)
    log_partition += np.log(np.maximum(closed[width], TINY))

    probabilities = np.zeros_like(e)
    from_closed, from_opened = np.ones((sentences, 1), dtype=e.dtype), np.zeros((sentences, types), dtype=e.dtype)
    for t in range(width - 1, -1, -1):
        before = closed[t][:, None]
        probabilities[:, t, 0:1] = before * outside[:, t, None] * from_closed
        probabilities[:, t, BEGIN::4] = before * begin[:, t] * from_opened
        probabilities[:, t, INSIDE::4] = opened[t] * inside[:, t] * from_opened
        probabilities[:, t, LAST::4] = opened[t] * last[:, t] * from_closed
        probabilities[:, t, SINGLE::4] = before * single[:, t] * from_closed
        via_closed = closing[:, t, None] * from_closed + (begin[:, t] * from_opened).sum(axis=1, keepdims=True)
        via_opened = last[:, t] * from_closed + inside[:, t] * from_opened
        total = via_closed + via_opened.sum(axis=1, keepdims=True)
        from_closed, from_opened = via_closed / total, via_opened / total
    probabilities /= np.maximum(probabilities.sum(axis=2, keepdims=True), TINY)
    probabilities[padding] = 0
    return probabilities, log_partition
