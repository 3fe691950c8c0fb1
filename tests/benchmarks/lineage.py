"""Copies found among many documents, beside a comparison of all pairs, in one run on one core.

    python -m tests.benchmarks.lineage [--documents 50000] [--planted 2000]

The documents are made up: words in the proportions of Zipf and Mandelbrot, page furniture that many or a few pages
share. Among them are exact copies, near copies (one word in fifty changed), texts within longer pages, and pages
that quote a fifth of another, which are no copies. All pairs are compared in a sample, by the same sketches, and
the time that all would take follows from it. Times are of the processor.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.reconciling.lineage import CONTAINED, Lineages, cluster, overlap
from pipeline.reconciling.shingles import sketch
from pipeline.store.sketch import Sketch

SEED = 20261120
WORDS, MEDIAN_LENGTH, SPREAD = 20_000, 400, 0.6
# Page furniture by how many pages share it: a site's menu and disclaimer, and an agency's footer.
FURNITURE = ((20, 2_000, 60), (300, 20, 80))
CHANGED, QUOTED = 0.02, 0.2
SAMPLE = 1_000

Text = NDArray[np.int64]


class Planted(StrEnum):
    """What a document was made from another as."""

    EXACT = "exact copy"
    NEAR = "near copy"
    CONTAINED = "within a longer page"
    QUOTE = "quotation, no copy"


SHARES = {Planted.EXACT: 0.25, Planted.NEAR: 0.35, Planted.CONTAINED: 0.25, Planted.QUOTE: 0.15}


@dataclass(frozen=True)
class Pages:
    """Made-up documents; the same numbers give the same words at any time, so that no text need be kept."""

    documents: int
    planted: int

    def texts(self) -> Iterator[tuple[str, str]]:
        """Document id and text of each."""
        for number in range(self.documents):
            yield self.id_of(number), " ".join(f"w{word}" for word in self.words(number).tolist())

    def id_of(self, number: int) -> str:
        # ids in no order of the documents
        return f"doc_{number * 2_654_435_761 % 2**32:08x}"

    def made_from(self, number: int) -> tuple[Planted, int] | None:
        """Of which document this one was made, and how; the last documents are made from the first."""
        original = self.documents - 1 - number
        if original >= self.planted:
            return None
        for kind, until in zip(SHARES, np.cumsum(list(SHARES.values())), strict=True):
            if original < until * self.planted:
                return kind, original
        return None

    def words(self, number: int) -> Text:
        random = np.random.default_rng((SEED, number))
        made_from = self.made_from(number)
        if made_from is None:
            return np.concatenate([self._own(number), *self._furniture(random)])
        kind, original = made_from
        copied = self._own(original)
        match kind:
            case Planted.EXACT:
                return self.words(original)
            case Planted.NEAR:
                changed = random.random(len(copied)) < CHANGED
                copied = np.where(changed, drawn(random, len(copied)), copied)
                return np.concatenate([copied, *self._furniture(random)])
            case Planted.CONTAINED:
                return np.concatenate([drawn(random, len(copied)), copied, drawn(random, len(copied) * 2)])
            case Planted.QUOTE:
                quoted = copied[: int(len(copied) * QUOTED)]
                return np.concatenate([drawn(random, len(copied) * 2), quoted, *self._furniture(random)])

    def _own(self, number: int) -> Text:
        """What the document says itself, without page furniture."""
        random = np.random.default_rng((SEED, number, 1))
        return drawn(random, max(120, int(random.lognormal(np.log(MEDIAN_LENGTH), SPREAD))))

    def _furniture(self, random: np.random.Generator) -> Iterator[Text]:
        for kinds, pages, length in FURNITURE:
            if random.random() < kinds * pages / self.documents:
                yield drawn(np.random.default_rng((SEED, length, int(random.integers(kinds)))), length)


_RANKS = np.cumsum(1 / (np.arange(1, WORDS + 1) + 2.7))


def drawn(random: np.random.Generator, count: int) -> Text:
    """So many words at random."""
    found: Text = np.searchsorted(_RANKS, random.random(count) * _RANKS[-1])
    return found


def sketched(pages: Pages) -> tuple[dict[str, Sketch], float, int]:
    """The sketches of all texts, the seconds it took, and the characters of text."""
    sketches, seconds, characters = {}, 0.0, 0
    for document_id, text in pages.texts():
        start = time.process_time()
        sketches[document_id] = sketch(text)
        seconds += time.process_time() - start
        characters += len(text)
    return sketches, seconds, characters


def compared(sketches: dict[str, Sketch]) -> tuple[int, float]:
    """All pairs of a sample: how many are copies, and the seconds it took for one pair."""
    chosen = [sketches[id_] for id_ in sorted(sketches)[:SAMPLE]]
    start = time.process_time()
    found = sum(overlap(one, other)[0] >= CONTAINED for one, other in combinations(chosen, 2))
    return found, (time.process_time() - start) / (len(chosen) * (len(chosen) - 1) / 2)


def report(pages: Pages, sketches: dict[str, Sketch], found: Lineages) -> None:
    """Print how many of the planted pairs were found, and how many joins are wrong.

    Furniture and changes make some planted pairs too unlike for a copy; `alike` counts those that are alike enough.
    """
    planted: Counter[Planted] = Counter()
    alike: Counter[Planted] = Counter()
    together: Counter[Planted] = Counter()
    one_text: dict[str, int] = {}
    for number in range(pages.documents):
        made_from = pages.made_from(number)
        is_copy = made_from is not None and made_from[0] is not Planted.QUOTE
        one_text[pages.id_of(number)] = made_from[1] if made_from and is_copy else number
        if made_from:
            kind, original = made_from
            one, other = pages.id_of(number), pages.id_of(original)
            planted[kind] += 1
            alike[kind] += overlap(sketches[one], sketches[other])[0] >= CONTAINED
            together[kind] += found.of[one] == found.of[other]
    print(f"{'':24}{'planted':>9}{'alike':>9}{'joined':>9}")
    for kind in Planted:
        print(f"{kind:24}{planted[kind]:9,}{alike[kind]:9,}{together[kind]:9,}")
    wrong = [join for join in found.joins if one_text[join.document_a] != one_text[join.document_b]]
    print(f"wrong joins: {len(wrong)} of {len(found.joins):,}")


def peak_mb() -> float:
    """The most memory this process has held, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def timed(sketches: dict[str, Sketch]) -> tuple[Lineages, float]:
    start = time.process_time()
    found = cluster(sketches)
    return found, time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--planted", type=int, default=2_000)
    args: Any = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pages = Pages(args.documents, min(args.planted, args.documents // 2))
    sketches, sketching, characters = sketched(pages)
    before = peak_mb()
    found, clustering = timed(sketches)
    print(f"{pages.documents:,} documents, {characters:,} characters, {len(set(found.of.values())):,} lineages")
    print(f"sketching   {sketching:9.1f} s  {characters / sketching / 1e6:.1f} million characters a second")
    print(f"clustering  {clustering:9.1f} s  peak memory {peak_mb():.0f} MB ({before:.0f} MB with sketches alone)")
    report(pages, sketches, found)
    copies, a_pair = compared(sketches)
    whole = a_pair * pages.documents * (pages.documents - 1) / 2
    print(f"all pairs   {whole:9.0f} s  from a sample of {SAMPLE:,} documents ({copies} copies in it)")
    print(f"clustering takes 1/{whole / clustering:.0f} of that")


if __name__ == "__main__":
    main()
