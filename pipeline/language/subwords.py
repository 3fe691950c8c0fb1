"""Words → vectors, from the word, its character n-grams, its ends and its shape.

Every feature is hashed to rows of a learned table, so that a gene symbol or drug name never seen in
training still has a vector from its parts (Bojanowski et al. 2017; hashing as in Serrà and Karatzoglou 2017).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.strings import hash_string  # type: ignore[attr-defined]
from thinc.api import Model, uniform_init

DIGIT = re.compile(r"\d")
CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ]")
SMALL = re.compile(r"[a-zß-öø-ÿ]")
REPEATED = re.compile(r"(.)\1+")
GRAMS = (3, 4, 5)
ENDS = (1, 2, 3, 4)
# The kinds of feature, in the order of their columns.
WORD, ENDINGS, SHAPE, CHARACTERS = range(4)
ROWS = (20_000, 8_000, 1_500, 40_000)
WIDTHS = (64, 48, 24, 64)
FIXED = (2, 2 * len(ENDS), 2)  # features of the first three kinds; the n-grams are as many as a word is long
CACHED_WORDS = 2**14

Ids = NDArray[np.int32]
Words = Sequence[Sequence[str]]
Vectors = list[NDArray[np.float32]]


def features(word: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """The features of a word, a list for each kind. Digits count alike in the word and its n-grams."""
    normal = DIGIT.sub("0", word.lower())
    bounded = f"<{normal}>"
    grams = [bounded[i : i + n] for n in GRAMS for i in range(len(bounded) - n + 1)]
    ends = [f"p{word[:n]}" for n in ENDS] + [f"s{word[-n:]}" for n in ENDS]
    shape = DIGIT.sub("d", SMALL.sub("x", CAPITAL.sub("X", word)))
    return [normal], ends, ["f" + shape[:8], "r" + REPEATED.sub(r"\1", shape)], grams or [bounded]


def subword_embedding(word_dropout: float, rows: Sequence[int] = ROWS) -> Model[Words, Vectors]:
    """A layer from sentences of words to an array of words × columns for each.

    `rows` are the rows of the tables, a table for each kind of feature. In training the feature of the whole
    word is left out at the rate `word_dropout`, so that the parts carry their share.
    """
    return Model(
        "subword_embedding",
        _forward,
        init=_initialize,
        params=dict.fromkeys(map(_table, range(4))),
        dims={"nO": sum(WIDTHS)},
        attrs={"word_dropout": word_dropout, "rows": tuple(rows)},
    )


def _table(kind: int) -> str:
    return f"E{kind}"


def _initialize(model: Model[Words, Vectors], X: Any = None, Y: Any = None) -> None:
    for kind, shape in enumerate(zip(model.attrs["rows"], WIDTHS, strict=True)):
        model.set_param(_table(kind), uniform_init(model.ops, shape, lo=-0.1, hi=0.1))


@lru_cache(maxsize=CACHED_WORDS)
def _rows(word: str, tables: tuple[int, ...]) -> Ids:
    """Table rows of a word's features, kind after kind. A word has two rows, since words collide the most."""
    words, ends, shapes, grams = features(word)
    hashed = [hash_string(salt + words[0]) % tables[WORD] for salt in ("a", "b")]
    for kind, group in ((ENDINGS, ends), (SHAPE, shapes), (CHARACTERS, grams)):
        hashed += [hash_string(feature) % tables[kind] for feature in group]
    return np.array(hashed, dtype=np.int32)


def _look_up(words: Iterable[str], tables: tuple[int, ...]) -> list[tuple[Ids, Ids]]:
    """Of each kind, the rows of all the words joined, and how many each word has."""
    found = [_rows(word, tables) for word in words]
    first = sum(FIXED)
    fixed = np.stack([rows[:first] for rows in found])
    kinds, start = [], 0
    for count in FIXED:
        kinds.append((fixed[:, start : start + count].ravel(), np.full(len(found), count, dtype=np.int32)))
        start += count
    counts = np.fromiter((len(rows) - first for rows in found), dtype=np.int32, count=len(found))
    return [*kinds, (np.concatenate([rows[first:] for rows in found]), counts)]


def _forward(model: Model[Words, Vectors], sentences: Words, is_train: bool) -> tuple[Vectors, Any]:
    lengths = [len(sentence) for sentence in sentences]
    number_of: dict[str, int] = {}
    number = np.fromiter(
        (number_of.setdefault(word, len(number_of)) for sentence in sentences for word in sentence),
        dtype=np.int64,
        count=sum(lengths),
    )
    tables = tuple(model.attrs["rows"])
    kinds = _look_up(number_of, tables) if number_of else []
    columns = []
    for kind, (rows, counts) in enumerate(kinds):
        table = model.get_param(_table(kind))
        sums = np.add.reduceat(table[rows], _starts(counts), axis=0)
        columns.append(sums / np.sqrt(counts, dtype=np.float32)[:, None])
    vectors = np.hstack(columns)[number] if columns else np.zeros((0, sum(WIDTHS)), dtype=np.float32)
    kept = None
    if is_train and model.attrs["word_dropout"]:
        kept = np.random.random(len(number)) >= model.attrs["word_dropout"]
        vectors[~kept, : WIDTHS[WORD]] = 0

    def backprop(gradients: Vectors) -> list[Any]:
        by_token = np.vstack(gradients)
        if kept is not None:
            by_token[~kept, : WIDTHS[WORD]] = 0
        by_word = _summed(by_token, number, len(number_of))
        column = 0
        for kind, (rows, counts) in enumerate(kinds):
            part = by_word[:, column : column + WIDTHS[kind]] / np.sqrt(counts, dtype=np.float32)[:, None]
            column += WIDTHS[kind]
            model.inc_grad(_table(kind), _summed(np.repeat(part, counts, axis=0), rows, tables[kind]))
        return []

    return np.split(vectors, np.cumsum(lengths)[:-1]), backprop


def _starts(counts: Ids) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(counts)[:-1]))


def _summed(values: NDArray[np.float32], row: NDArray[Any], rows: int) -> NDArray[np.float32]:
    """Array of `rows` rows; values of the same row are added up."""
    order = np.argsort(row, kind="stable")
    in_order = row[order]
    starts = np.flatnonzero(np.concatenate(([True], in_order[1:] != in_order[:-1])))
    summed = np.zeros((rows, values.shape[1]), dtype=np.float32)
    summed[in_order[starts]] = np.add.reduceat(values[order], starts, axis=0)
    return summed
