"""The same articles extracted by one worker, by two, and by two of a Dask cluster, in one run.

    python -m tests.benchmarks.workers ARTICLES_DIR [--variants 8] [--rounds 3] [--dask]

Every article is run in VARIANTS distinct versions, and in half as many. Each run is a process of its own, timed from
start to exit; what the second half of the articles adds to the time gives the throughput while work goes on. The
runs take turns, ROUNDS times, and the medians count: a machine may be half as fast again a few minutes later.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

from tests.benchmarks.throughput import make_variants, stored_characters


def timed(sources: Path, db: Path, workers: int, runner: str) -> float:
    """Seconds of `myoclaims run`."""
    command = [sys.executable, "-m", "pipeline", "run", "--sources", str(sources), "--db", str(db)]
    started = time.perf_counter()
    subprocess.run(
        [*command, "--workers", str(workers)],
        env=os.environ | {"MYOCLAIMS_RUNNER": runner},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--variants", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dask", action="store_true", help="two workers of a Dask cluster, too")
    args = parser.parse_args()
    runs = [("one worker", 1, "processes"), ("two workers", 2, "processes")]
    if args.dask:
        runs.append(("two workers of Dask", 2, "dask"))
    with tempfile.TemporaryDirectory() as scratch:
        half, whole = Path(scratch, "half"), Path(scratch, "whole")
        few = make_variants(args.articles, half, args.variants // 2)
        many = make_variants(args.articles, whole, args.variants)
        seconds: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
        for number in range(args.rounds):
            for articles, folder in ((few, half), (many, whole)):
                for name, workers, runner in runs:
                    db = Path(scratch, f"{number}-{articles}-{runner}-{workers}", "claims.duckdb")
                    taken = timed(folder, db, workers, runner)
                    seconds[name, articles].append(taken)
                    print(f"round {number + 1}: {name:<20} {articles} articles {taken:6.1f} s", flush=True)
        print(f"{many} articles, {stored_characters(db):,} characters, {len(os.sched_getaffinity(0))} cores; medians:")
    alone = {articles: median(seconds["one worker", articles]) for articles in (few, many)}
    for name, _, _ in runs:
        start, end = median(seconds[name, few]), median(seconds[name, many])
        rate, rate_alone = ((many - few) / (b - a) for a, b in ((start, end), (alone[few], alone[many])))
        print(
            f"{name:<20} {few} articles {start:.1f} s, {many} articles {end:.1f} s: "
            f"{alone[many] / end:.2f} times the throughput of one worker, from start to exit; "
            f"{rate:.1f} articles/s between them, {rate / rate_alone:.2f} times that of one"
        )


if __name__ == "__main__":
    main()
