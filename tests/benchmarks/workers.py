"""The same articles extracted by one worker, by two, and by two of a Dask cluster, in one run.

    python -m tests.benchmarks.workers ARTICLES_DIR [--variants 8] [--dask]

Every article is run in VARIANTS distinct versions. Each run is a process of its own, timed from start to exit.
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
        sources = Path(scratch, "articles")
        files = make_variants(args.articles, sources, args.variants)
        first = 0.0
        for number, (name, workers, runner) in enumerate(runs):
            db = Path(scratch, str(number), "claims.duckdb")
            seconds = timed(sources, db, workers, runner)
            first = first or seconds
            if number == 0:
                print(f"{files} articles, {stored_characters(db):,} characters, {len(os.sched_getaffinity(0))} cores")
            print(f"{name:<24}{seconds:8.1f} s   {first / seconds:.2f} times the throughput of one", flush=True)


if __name__ == "__main__":
    main()
