"""The sketch of a text by which copies are recognized: kept with the document, so that it is made once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """The sampled word shingles of one text.

    `shingles` counts the distinct shingles of the whole text. `hashes` holds, ascending and each once, those
    shingle hashes that divide by `one_in`. `words_hash` is of the whole sequence of words, 0 if there is none.
    """

    shingles: int
    one_in: int
    words_hash: int
    hashes: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class LineageJoin:
    """Why two documents are of one lineage; `document_a` < `document_b`, `measure` in 0..1.

    `detail` is what the reason rests on: an identifier, a line of the page; empty where it rests on words alone.
    """

    document_a: str
    document_b: str
    reason: str
    measure: float
    detail: str = ""
