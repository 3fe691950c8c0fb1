"""The exported files hold what the views hold, and open safely."""

import csv
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.evidence.export import TABLES, export
from pipeline.records import Context, Reject, Stage
from pipeline.store import DatabaseMissingError, OutputNotWritableError
from tests.store.stories import DECREASES, NO_CHANGE, Says, publish, rows, told

NASTY = '=HYPERLINK("http://evil.example","irisin, \n""BDNF""")'


def query(statement: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "c.duckdb"
    publish(
        path,
        told("a", Says("increases", sentence="Irisin raises β-endorphin;\nBDNF\tfollows, “said” 'she'."), triple=True),
        told("@b.md", Says("increases", context=Context(dose=NASTY)), DECREASES, source_id="trial"),
        told("c", NO_CHANGE),
        rejects=[Reject("blog", "-2+3.pdf", Stage.READING, "=1+1 is no text")],
    )
    return path


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_duckdb_reads_back_every_row(db: Path, tmp_path: Path, format: str) -> None:
    files = export(db, tmp_path / "out", format)
    assert [file.name for file in files] == [f"{table.name}.{format}" for table in TABLES] + ["columns.tsv"]
    assert sorted(os.listdir(tmp_path / "out")) == sorted(file.name for file in files)
    for table, file in zip(TABLES, files, strict=False):
        read = query(f"SELECT count(*) FROM read_{format}('{file}')")
        assert read == rows(db, f"SELECT count(*) FROM {table.relation}"), table.name
        names = [name for name, *_ in query(f"DESCRIBE FROM read_{format}('{file}')")]
        assert names == [name for name, *_ in rows(db, f"DESCRIBE {table.relation}")]


def test_parquet_holds_the_very_values(db: Path, tmp_path: Path) -> None:
    export(db, tmp_path, "parquet")
    for table in TABLES:
        assert query(f"FROM '{tmp_path}/{table.name}.parquet'") == rows(db, table.query)


def test_csv_holds_safe_cells_in_order(db: Path, tmp_path: Path) -> None:
    export(db, tmp_path)
    with (tmp_path / "evidence.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [(row["subject_id"], row["object_id"], row["effect"], row["claim_id"]) for row in found] == rows(
        db, "SELECT subject_id, object_id, effect, claim_id FROM evidence ORDER BY ALL"
    )
    by_path = {(row["path"], row["effect"]): row for row in found}
    assert by_path["a", "increases"]["sentence"] == "Irisin raises β-endorphin; BDNF\tfollows, “said” 'she'."
    nasty = by_path["'@b.md", "increases"]
    assert nasty["dose"] == '\'=HYPERLINK("http://evil.example","irisin, ""BDNF""")'
    assert (nasty["negated"], nasty["confidence"], nasty["timestamp_s"], nasty["video_time"]) == (
        *("false", "0.9", "75.0", "01:15"),
    )
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(row["path"], row["reason"]) for row in csv.DictReader(file)] == [("'-2+3.pdf", "'=1+1 is no text")]


def test_csv_is_utf_8_with_a_mark_for_spreadsheets_and_one_line_a_row(db: Path, tmp_path: Path) -> None:
    export(db, tmp_path)
    content = (tmp_path / "evidence.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfclaim_id,")
    assert len(content.splitlines()) == 1 + len(rows(db, "SELECT * FROM evidence"))


def test_every_column_of_every_file_is_described(db: Path, tmp_path: Path) -> None:
    export(db, tmp_path)
    with (tmp_path / "columns.tsv").open(encoding="utf-8", newline="") as file:
        described = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for table in TABLES:
        with (tmp_path / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
        assert [row["column"] for row in described if row["table"] == table.name] == header
    assert all(row["meaning"] and row["type"] for row in described)


def test_the_same_database_gives_the_same_files(db: Path, tmp_path: Path) -> None:
    one, other = export(db, tmp_path / "one"), export(db, tmp_path / "other")
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in other]
    again = export(db, tmp_path / "one")
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in other]


def test_an_unknown_format_is_refused_before_anything_is_written(db: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"Unknown format 'xls'; expected one of csv, parquet"):
        export(db, tmp_path / "out", "xls")
    assert not (tmp_path / "out").exists()


def test_a_missing_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissingError):
        export(tmp_path / "c.duckdb", tmp_path / "out")


def test_a_folder_that_cannot_be_written_to_is_refused(db: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputNotWritableError, match="--to"):
        export(db, tmp_path / "file" / "out")


def test_an_export_that_fails_leaves_the_files_of_the_last_one(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(db, tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def failing(value: object) -> str:
        raise RuntimeError("the power went off")

    monkeypatch.setattr("pipeline.evidence.export.cells", failing)
    with pytest.raises(RuntimeError, match="power"):
        export(db, tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_an_empty_database_gives_files_with_headers(tmp_path: Path) -> None:
    publish(tmp_path / "c.duckdb")
    for file in export(tmp_path / "c.duckdb", tmp_path / "out")[:-1]:
        assert len(file.read_text(encoding="utf-8-sig").splitlines()) == 1, file.name
