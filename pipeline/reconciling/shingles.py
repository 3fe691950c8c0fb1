"""Text → sketch: hashes of its runs of five words, sampled for long texts as in Manber (1994), "sif"."""

import hashlib
import re

import numpy as np
from numpy.typing import NDArray

from pipeline.store.sketch import Sketch

METHOD = "5-word shingles, version 1"
WORDS = 5
# Beyond this many shingles one in two is kept, beyond twice as many one in four: enough to compare by.
FULL_UP_TO = 256
SPARSEST = 4

_WORD = re.compile(r"\w+")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def sketch(text: str) -> Sketch:
    """The sketch of `text`; case, punctuation and spacing make no difference, and it is the same on any machine."""
    words = _word_hashes(text)
    runs = np.unique(mixed(rolled(words, WORDS))) if len(words) >= WORDS else np.empty(0, dtype=np.uint64)
    one_in = 1
    while one_in < SPARSEST and len(runs) > FULL_UP_TO * one_in:
        one_in *= 2
    whole = hashlib.blake2b(words.astype("<u8").tobytes(), digest_size=8).digest() if len(words) else b""
    return Sketch(len(runs), one_in, int.from_bytes(whole, "little"), sample(runs, one_in))


def sample(hashes: NDArray[np.uint64], one_in: int) -> NDArray[np.uint64]:
    """Those of `hashes` that divide by `one_in`, a power of two: all texts keep the same shingles."""
    chosen: NDArray[np.uint64] = hashes[hashes & np.uint64(one_in - 1) == 0]
    return chosen


def _word_hashes(text: str) -> NDArray[np.uint64]:
    words = _WORD.findall(text.casefold())
    hashes = {word: _hash(word) for word in set(words)}
    return np.array([hashes[word] for word in words], dtype=np.uint64)


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def rolled(words: NDArray[np.uint64], length: int) -> NDArray[np.uint64]:
    """One hash for each run of `length` along the first axis, in which order counts; arithmetic is modulo 2**64."""
    count = len(words) - length + 1
    runs = np.zeros((count, *words.shape[1:]), dtype=np.uint64)
    for offset in range(length):
        runs = runs * _FACTOR + words[offset : offset + count]
    return runs


def mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread over all bits (the last step of splitmix64), so that sampling by the lowest ones is fair."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))
