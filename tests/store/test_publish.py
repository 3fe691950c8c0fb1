"""The published file: replaced in one step, never broken, never in a reader's way."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from pipeline.store import Build, DatabaseBusyError, OutputNotWritableError, SchemaError, connect
from pipeline.store.build import RunRow
from pipeline.store.schema import SCHEMA_VERSION
from tests.store.stories import DECREASES, INCREASES, MOMENT, dump, publish, rows, told

ROOT = Path(__file__).parents[2]
BUILDING = """
import sys, time
from pathlib import Path
from pipeline.store import Build
from tests.store.stories import INCREASES, told
with Build(Path(sys.argv[1]), "key 1") as build:
    build.add([told(f"new {number}", INCREASES) for number in range(50)])
    print("building", flush=True)
    time.sleep(60)
"""
READING = """
import sys
from pipeline.store import connect
connection = connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM documents").fetchone()[0], flush=True)
sys.stdin.readline()
print(connection.execute("SELECT count(*) FROM documents").fetchone()[0], flush=True)
connection.close()
print(connect(sys.argv[1]).execute("SELECT count(*) FROM documents").fetchone()[0], flush=True)
"""


@contextmanager
def running(program: str, db: Path) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(db)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_a_killed_build_leaves_the_published_database_and_the_next_run_works(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES))
    before, content = db.read_bytes(), dump(db)
    with running(BUILDING, db) as process:
        assert next_line(process) == "building"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert (tmp_path / "c.duckdb.building").exists()
    assert db.read_bytes() == before
    assert dump(db) == content
    publish(db, told("b", INCREASES))
    assert rows(db, "SELECT path FROM documents ORDER BY path") == [("a",), ("b",)]
    assert os.listdir(tmp_path) == ["c.duckdb"]


def test_two_builds_at_once_are_refused_with_the_process_that_builds(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    with running(BUILDING, db) as process:
        assert next_line(process) == "building"
        expected = rf"Another run is building .*c\.duckdb \(process {process.pid}\)\. Wait"
        with pytest.raises(DatabaseBusyError, match=expected), Build(db, "key 1"):
            pass
    publish(db, told("a", INCREASES))


def test_two_builds_in_one_process_are_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    with Build(db, "key 1") as build:
        with pytest.raises(DatabaseBusyError), Build(db, "key 1"):
            pass
        build.add([told("a", INCREASES)])
        build.publish()
    assert rows(db, "SELECT path FROM documents") == [("a",)]
    assert os.listdir(tmp_path) == ["c.duckdb"]


def test_of_many_builds_that_start_together_one_gets_the_database_at_a_time(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    outcomes: list[str] = []

    def build_once() -> None:
        try:
            with Build(db, "key 1") as build:
                build.finish(RunRow(MOMENT, MOMENT))
                build.publish()
                outcomes.append("published")
        except DatabaseBusyError:
            outcomes.append("busy")

    threads = [threading.Thread(target=build_once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 8
    assert rows(db, "SELECT count(*) FROM runs") == [(outcomes.count("published"),)]
    assert os.listdir(tmp_path) == ["c.duckdb"]


def test_readers_keep_their_snapshot_while_a_new_one_is_published(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES))
    with running(READING, db) as reader:
        assert next_line(reader) == "1"
        publish(db, told("b", INCREASES))
        assert reader.stdin
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert (next_line(reader), next_line(reader)) == ("1", "2")


def test_a_reader_of_the_same_process_sees_the_new_snapshot_when_it_connects_again(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES))
    count = "SELECT count(*) FROM documents"
    with connect(db) as old:
        publish(db, told("b", INCREASES))
        assert old.execute(count).fetchone() == (1,)
        with connect(db) as new:
            assert new.execute(count).fetchone() == (2,)
            with pytest.raises(duckdb.Error, match="read-only"):
                new.execute("DELETE FROM documents")
            with pytest.raises(duckdb.PermissionException):
                new.execute("SELECT * FROM read_csv('/etc/hosts')")


def test_leaving_without_publishing_changes_nothing(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES))
    before = db.read_bytes()
    with pytest.raises(RuntimeError, match="stop"), Build(db, "key 1") as build:
        build.add([told("a", DECREASES)])
        raise RuntimeError("stop")
    assert db.read_bytes() == before
    assert os.listdir(tmp_path) == ["c.duckdb"]


def test_a_first_run_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="stop"), Build(tmp_path / "new" / "c.duckdb", "key 1"):
        raise RuntimeError("stop")
    assert os.listdir(tmp_path / "new") == []


def test_changes_that_another_program_left_in_the_log_are_taken_over(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES))
    edit = (
        f"import duckdb, os; c = duckdb.connect({str(db)!r}); c.execute('PRAGMA disable_checkpoint_on_shutdown'); "
        "c.execute(\"UPDATE documents SET title = 'edited'\"); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", edit], check=True)
    assert sorted(os.listdir(tmp_path)) == ["c.duckdb", "c.duckdb.wal"]
    publish(db, told("b", INCREASES))
    assert rows(db, "SELECT title FROM documents ORDER BY path") == [("edited",), ("Title of b",)]
    assert os.listdir(tmp_path) == ["c.duckdb"]


def test_a_database_that_is_open_for_writing_elsewhere_is_refused(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES))
    writer = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.readline()"
    with running(writer, db) as process:
        assert next_line(process) == "open"
        with pytest.raises(DatabaseBusyError, match="open for writing in another program"), Build(db, "key 1"):
            pass
        with pytest.raises(DatabaseBusyError, match="open for writing in another program"):
            connect(db)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(OutputNotWritableError, match="Cannot write to the folder"), Build(tmp_path / "c", "key 1"):
            pass
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.parametrize("place", ["a file/c.duckdb", "a file/deeper/c.duckdb", "a folder"])
def test_a_place_that_cannot_be_written_to_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").write_text("x")
    (tmp_path / "a folder").mkdir()
    with pytest.raises(OutputNotWritableError, match=r"a (file|folder)"), Build(tmp_path / place, "key 1"):
        pass
    assert sorted(os.listdir(tmp_path)) == ["a file", "a folder"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that nobody can write to")
def test_a_file_system_that_takes_no_files_is_refused() -> None:
    with (
        pytest.raises(OutputNotWritableError, match="Cannot write to the folder /proc"),
        Build(Path("/proc/c"), "key 1"),
    ):
        pass


def altered(db: Path, statement: str) -> None:
    with duckdb.connect(db) as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE schema_version SET version = 999", "schema version 999, which a newer program wrote"),
        (
            "UPDATE schema_version SET version = 0",
            "schema version 0; this program writes version 4.* cannot convert it",
        ),
        ("DROP TABLE schema_version", "is a DuckDB file but not a claims database"),
    ],
)
def test_another_schema_is_refused_and_left_as_it_is(tmp_path: Path, statement: str, message: str) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES))
    altered(db, statement)
    before = db.read_bytes()
    with pytest.raises(SchemaError, match=message), Build(db, "key 1"):
        pass
    with pytest.raises(SchemaError, match=message):
        connect(db)
    assert db.read_bytes() == before
    assert os.listdir(tmp_path) == ["c.duckdb"]


@pytest.mark.parametrize("content", [b"", b"claim_id,subject\n" * 500, "cut"], ids=["empty", "text", "truncated"])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes | str) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES))
    db.write_bytes(content if isinstance(content, bytes) else db.read_bytes()[:5000])
    before = db.read_bytes()
    with pytest.raises(SchemaError, match=r"c\.duckdb cannot be opened as a DuckDB database"), Build(db, "key 1"):
        pass
    with pytest.raises(SchemaError, match=r"c\.duckdb cannot be opened as a DuckDB database"):
        connect(db)
    assert db.read_bytes() == before
    assert os.listdir(tmp_path) == ["c.duckdb"]


def test_the_file_has_the_format_of_duckdb_1_5_and_needs_no_extension(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES, triple=True))
    ((tags,),) = rows(db, "SELECT tags FROM duckdb_databases() WHERE database_name = current_database()")
    assert tags["storage_version"].startswith("v1.5.0")


def test_a_database_of_the_version_before_is_converted_by_the_next_run(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{db}' AS old (STORAGE_VERSION 'v1.5.0')")
        connection.execute("USE old")
        connection.execute(Path(__file__).with_name("version-2.sql").read_text(encoding="utf-8"))
    with pytest.raises(SchemaError, match="The next `myoclaims run` with this --db converts it"):
        connect(db)
    publish(db, told("b", DECREASES))
    with connect(db) as connection:
        assert connection.execute("SELECT count(*), min(timing), max(tissue) FROM claims").fetchall() == [(3, "", "")]
        assert connection.execute("SELECT decreases, increases, lineages FROM consensus").fetchall() == [(2, 1, 3)]
        assert connection.execute("SELECT ordinal, kind FROM runs ORDER BY ordinal").fetchall() == [
            (1, "run"),
            (2, "run"),
        ]
        assert connection.execute("SELECT version FROM schema_version").fetchall() == [(SCHEMA_VERSION,)]
