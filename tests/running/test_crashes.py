"""What is left of runs that are killed or find no room: a complete database, and nothing in the way of the next run."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.store import connect
from tests.running.test_scale_out import NAMES, TEXT, VOLATILE

ROOT = Path(__file__).parents[2]
KILLS = 100
COMMANDS_KILLED = 8
PATIENCE_S = 120.0

READING = """
import select, sys
from pipeline.store import connect

QUERY = '''
    SELECT (SELECT count(*) FROM claims),
        (SELECT count(*) FROM claims JOIN sentences USING (sentence_id) JOIN documents ON documents.text[
            claims.char_start + 1 : claims.char_end] = sentences.text AND documents.document_id = claims.document_id),
        (SELECT count(*) FROM consensus)
'''
print("reading", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    with connect(sys.argv[1]) as connection:
        claims, found_again, verdicts = connection.execute(QUERY).fetchone()
    assert claims == found_again and verdicts
    print(claims, flush=True)
"""


@pytest.fixture(scope="module")
def forked() -> Iterator[Callable[..., str]]:
    """A run in a process of its own; see `tests.running.forking`."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.running.forking"],
        cwd=ROOT,
        env=os.environ | {"MYOCLAIMS_BATCH_SIZE": "2"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin and process.stdout
        reading, writing = process.stdout, process.stdin
        assert reading.readline() == "ready\n"

        def run(**asked: Any) -> str:
            writing.write(json.dumps(asked, default=str) + "\n")
            writing.flush()
            return reading.readline().strip()

        yield run
        writing.close()


@dataclass(frozen=True)
class Nights:
    """A database of one night, the articles of the next, and what an undisturbed run makes of them."""

    run: Callable[..., str]
    sources: Path
    out: Path
    yesterday: Path
    before: dict[str, Any]
    after: dict[str, Any]
    files: dict[str, bytes]
    seconds: float

    @property
    def db(self) -> Path:
        return self.out / "claims.duckdb"

    def again(self) -> None:
        """As it was after the first night."""
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.copytree(self.yesterday, self.out)

    def tonight(self, **asked: Any) -> str:
        return self.run(sources=self.sources, db=self.db, **asked)

    def assert_readers_see_a_night(self) -> bool:
        """Whether it is the second."""
        found = fingerprint(self.db)
        assert found in (self.before, self.after)
        return found == self.after

    def assert_next_run_ends_well(self) -> None:
        assert self.tonight() == "ended"
        assert fingerprint(self.db) == self.after
        assert exported(self.out) == self.files


@pytest.fixture(scope="module")
def nights(forked: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """The second night brings one article that changed, one that is gone, one that is new, one without text."""
    folder = tmp_path_factory.mktemp("nights")
    sources, out = folder / "articles", folder / "out"
    sources.mkdir()
    for name in NAMES[:3]:
        (sources / f"{name}.txt").write_text(TEXT.format(name))
    assert forked(sources=sources, db=out / "claims.duckdb") == "ended"
    shutil.copytree(out, folder / "yesterday")
    before = fingerprint(out / "claims.duckdb")
    (sources / f"{NAMES[0]}.txt").write_text(TEXT.format(NAMES[0]).replace("increases BDNF", "decreases BDNF"))
    (sources / f"{NAMES[1]}.txt").unlink()
    (sources / "new.txt").write_text(TEXT.format("Follistatin"))
    (sources / "empty.txt").write_text("")
    started = time.monotonic()
    assert forked(sources=sources, db=out / "claims.duckdb") == "ended"
    seconds = time.monotonic() - started
    after = fingerprint(out / "claims.duckdb")
    assert before != after
    return Nights(forked, sources, out, folder / "yesterday", before, after, exported(out), seconds)


def fingerprint(db: Path) -> dict[str, Any]:
    """By table, how many rows there are and a sum of their hashes; what a run stamps on them left out."""
    with connect(db) as connection:
        tables = connection.execute(
            "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
            "JOIN duckdb_tables() USING (table_name) WHERE table_name <> 'runs' GROUP BY ALL"
        ).fetchall()
        return {
            table: connection.execute(
                f"SELECT count(*), sum(hash({', '.join(column for column in columns if column not in VOLATILE)})) "
                f"FROM {table}"
            ).fetchone()
            for table, columns in tables
        }


def exported(out: Path) -> dict[str, bytes]:
    """Every file but the database, byte for byte; of rejects the run that first met them is left out."""
    files = {str(path.relative_to(out)): path for path in sorted(out.rglob("*")) if path.is_file()}
    return {
        name: b"" if name == "claims.duckdb" else path.read_bytes().split(b",run_")[0] for name, path in files.items()
    }


@pytest.mark.endurance
def test_a_run_killed_at_any_moment_leaves_a_complete_database_and_the_next_ends_as_if_nothing_had_been(
    nights: Nights,
) -> None:
    chance = random.Random(20261120)
    old = left_over = 0

    def kill(share: float, seconds: float) -> bool:
        nonlocal old, left_over
        nights.again()
        is_killed = nights.tonight(kill_after=share * seconds) == "killed"
        is_done = nights.assert_readers_see_a_night()
        assert is_done or is_killed
        old += not is_done
        left_over += len(list(nights.out.iterdir())) > 2
        nights.assert_next_run_ends_well()
        return is_killed

    kill_at([chance.random() for _ in range(KILLS)], nights.seconds, kill)
    # the moments were of all kinds
    assert old > KILLS / 4
    assert left_over > KILLS / 4


@pytest.mark.endurance
def test_the_command_with_a_server_and_two_workers_leaves_no_less_when_it_is_killed(nights: Nights) -> None:
    options = ["--sources", str(nights.sources), "--db", str(nights.db), "--workers", "2"]
    command = [sys.executable, "-m", "pipeline", "run", *options]
    environment = os.environ | {"MYOCLAIMS_BATCH_SIZE": "2"}
    chance = random.Random(20261121)

    def kill(share: float, seconds: float) -> bool:
        nights.again()
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as run:
            try:
                run.wait(share * seconds)
            except subprocess.TimeoutExpired:
                run.kill()
        assert run.returncode in (0, -signal.SIGKILL)
        is_done = nights.assert_readers_see_a_night()
        assert is_done or run.returncode
        nights.assert_next_run_ends_well()
        return run.returncode != 0

    started = time.monotonic()
    assert not kill(1.0, PATIENCE_S)
    seconds = time.monotonic() - started
    kill_at([(part + chance.random()) / COMMANDS_KILLED for part in range(COMMANDS_KILLED)], seconds, kill)


def kill_at(shares: list[float], seconds: float, kill: Callable[[float, float], bool]) -> None:
    """Kill a run at each of these shares of its length, which is at first taken to be `seconds`.

    A machine may be faster than when the length was measured. A run that ended before its moment says so: it was no
    longer than that, and its share is tried again.
    """
    for share in shares:
        for _ in range(20):
            if kill(share, seconds):
                break
            seconds *= share
        else:
            raise AssertionError(f"a run ended before {share:.0%} of its length each time; {seconds:.2f} s at last")


@pytest.mark.parametrize("share", [0.001, 0.2, 1.0, 1.01])
def test_a_full_disk_is_told_and_leaves_the_database_as_it_was(nights: Nights, share: float) -> None:
    nights.again()
    limit = int(share * nights.db.stat().st_size)
    said = nights.tonight(largest_file=limit)
    if said != "ended":  # some room is enough
        assert said.startswith("OutputNotWritableError: Cannot write ")
        assert "Traceback" not in said
        assert not nights.assert_readers_see_a_night()
    assert said != "ended" or share > 1
    nights.assert_next_run_ends_well()


def test_a_folder_that_may_not_be_written_is_told_and_left_as_it_is(nights: Nights) -> None:
    nights.again()
    nights.out.chmod(0o555)
    try:
        said = nights.tonight(unprivileged=True)
    finally:
        nights.out.chmod(0o755)
    assert said.startswith(f"OutputNotWritableError: Cannot write to the folder {nights.out}: Permission denied.")
    assert not nights.assert_readers_see_a_night()
    nights.assert_next_run_ends_well()


@pytest.mark.endurance
def test_shards_of_a_killed_run_that_are_damaged_are_made_again(nights: Nights) -> None:
    for part in range(1, 20):
        nights.again()
        nights.tonight(kill_after=nights.seconds * part / 20)
        shards = list(nights.out.glob("claims.duckdb.shards/shard_*.parquet"))
        for shard in shards:
            shard.write_bytes(shard.read_bytes()[:-100])
        nights.assert_next_run_ends_well()
        if shards:
            return
    raise AssertionError("no run was killed while shards lay there")


def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(nights: Nights) -> None:
    nights.again()
    with duckdb.connect(str(nights.db)) as connection:
        connection.execute("UPDATE schema_version SET version = version + 1")
    before = nights.db.read_bytes()
    said = nights.tonight()
    assert said.startswith("SchemaError: ")
    assert "Upgrade myokine-claims" in said
    assert nights.db.read_bytes() == before


def test_readers_in_a_loop_see_one_night_or_the_other_and_never_fail(nights: Nights) -> None:
    nights.again()
    with subprocess.Popen(
        [sys.executable, "-c", READING, nights.db], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout and reader.stdin
        assert reader.stdout.readline() == "reading\n"
        for _ in range(3):
            assert nights.tonight() == "ended"
            shutil.copy(nights.yesterday / "claims.duckdb", nights.out / "copy")
            os.replace(nights.out / "copy", nights.db)
        reader.stdin.close()
        seen = [int(line) for line in reader.stdout]
    assert reader.returncode == 0
    assert len(seen) > 20
    assert set(seen) == {night["claims"][0] for night in (nights.before, nights.after)}
