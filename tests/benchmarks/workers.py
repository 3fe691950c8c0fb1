"""The same articles extracted by one worker, by two, and by two of a Dask cluster, in one run.

    python -m tests.benchmarks.workers ARTICLES_DIR [--variants 8] [--dask]

Every article is run in VARIANTS distinct versions, and in half as many. Each run is a process of its own, timed from
start to exit; what the second half of the articles adds to the time gives the throughput while work goes on.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
    parser.add_argument("--dask", action="store_true", help="two workers of a Dask cluster, too")
    args = parser.parse_args()
    runs = [("one worker", 1, "processes"), ("two workers", 2, "processes")]
    if args.dask:
        runs.append(("two workers of Dask", 2, "dask"))
    with tempfile.TemporaryDirectory() as scratch:
        half, whole = Path(scratch, "half"), Path(scratch, "whole")
        few = make_variants(args.articles, half, args.variants // 2)
        many = make_variants(args.articles, whole, args.variants)
        first: tuple[float, float] | None = None
        for number, (name, workers, runner) in enumerate(runs):
            db = Path(scratch, str(number), "claims.duckdb")
            start = timed(half, db.with_name("half.duckdb"), workers, runner)
            seconds = timed(whole, db, workers, runner)
            rate = (many - few) / (seconds - start)
            first = first or (seconds, rate)
            if number == 0:
                print(f"{many} articles, {stored_characters(db):,} characters, {len(os.sched_getaffinity(0))} cores")
            print(
                f"{name:<24}{few} articles {start:.1f} s, {many} articles {seconds:.1f} s "
                f"({first[0] / seconds:.2f} times as fast as one worker); "
                f"{rate:.1f} articles/s between them, {rate / first[1]:.2f} times the throughput of one",
                flush=True,
            )


if __name__ == "__main__":
    main()
