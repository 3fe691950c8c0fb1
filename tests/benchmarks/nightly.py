"""A nightly run over many local articles: all unchanged, with some new ones, and the new ones alone.

    python -m tests.benchmarks.nightly [--articles 20000] [--new 200] [--workers 2]

Articles are generated, an abstract's length each, from the vocabulary and the words of the starter articles. Every
run is a process of its own, as a schedule starts it, and is timed from start to exit; beside it stand the seconds of
its stages, as the table `runs` keeps them.
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import duckdb

from pipeline.concepts.vocabulary import load_vocabulary

STARTER = Path(__file__).parents[2] / "sources" / "articles"
SUBJECT_ROLES = ("exerkine", "exposure")
EFFECTS = ("increases", "reduces", "does not change", "may improve", "raises", "lowers", "improved", "suppressed")
GROUPS = ("older adults", "mice", "rats", "healthy men", "women with obesity", "adolescents", "trained cyclists")
CLAIMS, OTHER = 4, 8


@cache
def labels(acts: bool) -> list[str]:
    """What the vocabulary has that acts on something, or that is acted on."""
    concepts = load_vocabulary().concepts.values()
    return sorted(concept.label for concept in concepts if (concept.role in SUBJECT_ROLES) == acts)


@cache
def words() -> list[str]:
    """The words of the starter articles."""
    texts = (path.read_text(encoding="utf-8") for path in STARTER.rglob("*.txt"))
    return sorted({word for text in texts for word in re.findall(r"\b[a-z]{3,}\b", text)})


def article(number: int) -> str:
    """A text of a dozen sentences that no other number gives: four say something, the others are any words."""
    chance = random.Random(number)
    says = [
        f"{chance.choice(labels(True))} {chance.choice(EFFECTS)} {chance.choice(labels(False))} "
        f"in {chance.choice(GROUPS)}."
        for _ in range(CLAIMS)
    ]
    other = [f"The {' '.join(chance.choices(words(), k=12))} of day {chance.randrange(1000)}." for _ in range(OTHER)]
    body = [sentence[0].upper() + sentence[1:] for sentence in (*says, *other)]
    chance.shuffle(body)
    return f"Report {number} on {chance.choice(labels(True))}\n\n{' '.join(body)}\n"


def write(folder: Path, numbers: range) -> None:
    for number in numbers:
        path = folder / f"{number // 1000:03d}" / f"{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(number))


def timed(sources: Path, db: Path, workers: int) -> float:
    """Seconds of `myoclaims run`."""
    started = time.perf_counter()
    places = ["--sources", str(sources), "--db", str(db), "--workers", str(workers)]
    command = [sys.executable, "-m", "pipeline", "run", *places]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def last_run(db: Path) -> str:
    """Counts and seconds of the last run, and the size of the database."""
    with duckdb.connect(str(db), read_only=True) as connection:
        row = connection.execute("SELECT counts, seconds FROM runs ORDER BY ordinal DESC LIMIT 1").fetchone()
        claims = connection.execute("SELECT count(*) FROM claims").fetchone()
    assert row and claims
    counts, seconds = row
    stages = ", ".join(f"{name} {value:.1f}" for name, value in seconds.items())
    size = f"{db.stat().st_size / 1_000_000:.0f} MB, {claims[0]:,} claims"
    return f"{counts['extracted']} extracted, {counts['unchanged']} unchanged; {stages}; {size}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--new", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sources, alone, nothing = (Path(scratch, name) for name in ("articles", "alone", "nothing"))
        db = Path(scratch, "out", "claims.duckdb")
        new = range(args.articles, args.articles + args.new)
        write(sources, range(args.articles))
        write(alone, new)
        write(nothing, range(1))
        rows = [("first run", timed(sources, db, args.workers), last_run(db))]
        rows += [("all unchanged", timed(sources, db, args.workers), last_run(db))]
        write(sources, new)
        rows += [(f"{args.new} new", timed(sources, db, args.workers), last_run(db))]
        other = Path(scratch, "alone-out", "claims.duckdb")
        rows += [(f"the {args.new} alone", timed(alone, other, args.workers), last_run(other))]
        small = Path(scratch, "small-out", "claims.duckdb")
        timed(nothing, small, args.workers)
        # like the unchanged run over all, it starts no worker and loads no model
        rows += [("one unchanged", timed(nothing, small, args.workers), last_run(small))]
    for name, seconds, what in rows:
        print(f"{name:<20}{seconds:8.1f} s   {what}")
    took = {name: value for name, value, _ in rows}
    added = took[f"{args.new} new"] - took["all unchanged"]
    cost = took[f"the {args.new} alone"] - took["one unchanged"]
    print(
        f"{args.new} new ones add {added:.1f} s to an unchanged run; alone they cost {cost:.1f} s: {added / cost:.2f}"
    )


if __name__ == "__main__":
    main()
