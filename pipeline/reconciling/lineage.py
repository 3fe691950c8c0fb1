"""Which documents go back to one another by their words: the same, a near copy, or a copy within another page.

Candidates come from MinHash and locality-sensitive hashing (whole texts that are alike) and from shingles that
few texts share (one text within another, where MinHash sees nothing). Each candidate pair is then compared by
the sampled shingles themselves, so a join never rests on an estimate of a candidate search.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.reconciling.shingles import SPARSEST, mixed, rolled, sample, sketch
from pipeline.store.rows import lineage_alone
from pipeline.store.sketch import LineageJoin, Sketch

# A pair is one lineage if the longer text holds this share of the shorter one's shingles …
CONTAINED = 0.8
# … and the shorter one has so many that they are no set phrase.
LEAST_SHINGLES = 40
# A near copy rather than a contained one: this much of both texts together is shared.
NEAR_COPY = 0.6

# Ten bands of three: pairs that share two thirds of all shingles meet with a chance of 97 %, four fifths 99.9 %.
BANDS, BAND_WIDTH = 10, 3
# A shingle that more than so many unlike texts share is a set phrase or page furniture, and shows no copying.
COMMON = 32
# Pairs of unlike texts are compared if they share at least so many of the sparsest sample's uncommon shingles.
SHARED = 4


@dataclass(frozen=True, slots=True)
class Lineages:
    """`of` gives the lineage id of each document id; `joins` say why documents share one, in order of their ids.

    Joins by words are a spanning forest: enough of them to connect each lineage, not every pair that is alike.
    """

    of: dict[str, str]
    joins: tuple[LineageJoin, ...]


def lineages(documents: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The lineage id of each document, from (document_id, text) pairs in any order.

    A lineage is named after the smallest document id in it, so a text without copies has a name of its own.
    """
    return cluster({document_id: sketch(text) for document_id, text in documents}).of


def cluster(sketches: Mapping[str, Sketch]) -> Lineages:
    """The lineages of documents of which only sketches are at hand; the order of `sketches` makes no difference."""
    groups = _Groups(sketches)
    originals = _join_same_words(sketches, groups)
    # Shortest first, so that of two texts the first is the one that may be contained. Ids must not decide here:
    # a copy under another id would change which pairs are compared.
    comparable = sorted(
        (id_ for id_ in originals if sketches[id_].shingles >= LEAST_SHINGLES),
        key=lambda id_: (sketches[id_].shingles, sketches[id_].words_hash),
    )
    samples = [sample(sketches[id_].hashes, SPARSEST) for id_ in comparable]
    for one, other in _alike(samples):
        _compare(groups, sketches, comparable[one], comparable[other])
    for one, other in _sharing(samples, [groups.root(id_) for id_ in comparable]):
        _compare(groups, sketches, comparable[one], comparable[other])
    return groups.lineages()


def grouped(document_ids: Iterable[str], joins: Iterable[LineageJoin]) -> Lineages:
    """The lineages that follow from `joins` alone; all of them are kept, also those that connect nothing anew."""
    groups = _Groups(document_ids)
    for join in joins:
        groups.join(join.document_a, join.document_b, join.reason, join.measure, join.detail)
    return groups.lineages()


def overlap(one: Sketch, other: Sketch) -> tuple[float, float]:
    """Shared shingles as a share of the shorter text, and of both together, on the sample that both have."""
    one_in = max(one.one_in, other.one_in)
    mine, theirs = (s.hashes if s.one_in == one_in else sample(s.hashes, one_in) for s in (one, other))
    shorter = min(len(mine), len(theirs))
    if not shorter:
        return 0.0, 0.0
    shared = len(np.intersect1d(mine, theirs, assume_unique=True))
    return shared / shorter, shared / (len(mine) + len(theirs) - shared)


class _Groups:
    """Documents joined so far; the root of each group is its smallest document id."""

    def __init__(self, document_ids: Iterable[str]) -> None:
        self._parents = {id_: id_ for id_ in document_ids}
        self.joins: list[LineageJoin] = []

    def lineages(self) -> Lineages:
        return Lineages(
            of={id_: lineage_alone(self.root(id_)) for id_ in sorted(self._parents)},
            joins=tuple(sorted(self.joins, key=lambda join: (join.document_a, join.document_b, join.reason))),
        )

    def root(self, id_: str) -> str:
        while (parent := self._parents[id_]) != id_:
            self._parents[id_] = self._parents[parent]
            id_ = parent
        return id_

    def join(self, one: str, other: str, reason: str, measure: float, detail: str = "") -> None:
        smaller, larger = sorted((self.root(one), self.root(other)))
        self._parents[larger] = smaller
        first, second = sorted((one, other))
        self.joins.append(LineageJoin(first, second, reason, round(measure, 4), detail))


def _compare(groups: _Groups, sketches: Mapping[str, Sketch], one: str, other: str) -> None:
    """Join two documents if their texts are copies; two that are of one group already are not compared."""
    if groups.root(one) == groups.root(other):
        return
    contained, alike = overlap(sketches[one], sketches[other])
    if contained >= CONTAINED:
        groups.join(one, other, "near copy" if alike >= NEAR_COPY else "contained copy", contained)


def _join_same_words(sketches: Mapping[str, Sketch], groups: _Groups) -> list[str]:
    """Join documents of the same words; gives one document of each such group and all the others."""
    firsts: dict[int, str] = {}
    for id_ in sorted(sketches):
        words = sketches[id_].words_hash
        first = firsts.setdefault(words, id_)
        if words and first != id_:
            groups.join(first, id_, "same words", 1.0)
    return list(firsts.values())


def _alike(samples: Sequence[NDArray[np.uint64]]) -> Iterator[tuple[int, int]]:
    """Pairs of positions whose samples may be alike as wholes: MinHash (Broder 1997) in bands (Indyk, Motwani 1998)."""
    positions = np.flatnonzero([len(hashes) for hashes in samples])
    keys = _bands([samples[position] for position in positions])
    has_company = np.zeros(len(positions), dtype=bool)
    for of_all in keys.T:
        _, number, together = np.unique(of_all, return_inverse=True, return_counts=True)
        has_company |= together[number] > 1
    met: list[dict[int, list[int]]] = [{} for _ in range(BANDS)]
    for position, of_bands in zip(positions[has_company].tolist(), keys[has_company].tolist(), strict=True):
        earlier: set[int] = set()
        for band, key in zip(met, of_bands, strict=True):
            found = band.setdefault(key, [])
            earlier.update(found)
            found.append(position)
        for other in sorted(earlier):
            yield other, position


def _bands(samples: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """A row for each of `samples`, none of them empty, a key a band: alike where the least hashes of a band are."""
    if not samples:
        return np.empty((0, BANDS), dtype=np.uint64)
    hashes = np.concatenate(samples)
    starts = np.cumsum([0, *(len(sample) for sample in samples[:-1])])
    # the least hash of each sample, after a mixing of all bits for each of the places in all bands
    seeds = mixed(np.arange(1, BANDS * BAND_WIDTH + 1, dtype=np.uint64))
    least = np.array([np.minimum.reduceat(mixed(hashes ^ seed), starts) for seed in seeds])
    return np.array([rolled(band, BAND_WIDTH)[0] for band in least.reshape(BANDS, BAND_WIDTH, len(samples))]).T


def _sharing(samples: Sequence[NDArray[np.uint64]], groups: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of positions in different groups whose samples share some shingles that few groups have."""
    if not samples:
        return
    group_numbers = np.unique(np.array(groups), return_inverse=True)[1]
    hashes = np.concatenate(samples)
    owners = np.repeat(np.arange(len(samples)), [len(hashes) for hashes in samples])
    order = np.lexsort((owners, group_numbers[owners], hashes))
    hashes, owners = hashes[order], owners[order]
    # of each group only the shortest text that has the shingle
    first = np.ones(len(hashes), dtype=bool)
    first[1:] = (hashes[1:] != hashes[:-1]) | (group_numbers[owners[1:]] != group_numbers[owners[:-1]])
    hashes, owners = hashes[first], owners[first]
    _, run, lengths = np.unique(hashes, return_inverse=True, return_counts=True)
    uncommon = lengths[run] <= COMMON
    hashes, owners = hashes[uncommon], owners[uncommon]
    pairs = [np.empty(0, dtype=np.int64)]
    for distance in range(1, min(COMMON, len(hashes))):
        same = hashes[distance:] == hashes[:-distance]
        one, other = owners[:-distance][same], owners[distance:][same]
        pairs.append(np.minimum(one, other) * len(samples) + np.maximum(one, other))
    found, shared = np.unique(np.concatenate(pairs), return_counts=True)
    for pair in found[shared >= SHARED].tolist():
        yield divmod(pair, len(samples))
