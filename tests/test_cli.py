"""The command line: what it prints, and its exit codes."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import pytest

import pipeline
from pipeline.cli import main
from pipeline.evidence.export import export
from pipeline.run_report import RunReport
from pipeline.store import Build
from tests.store.stories import DECREASES, INCREASES, publish, told

Outcome = tuple[int, str, str]
Command = Callable[..., Outcome]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command line in this process and gives its exit code, standard output and standard error."""

    def call(*arguments: object) -> Outcome:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), out, err

    return call


@pytest.fixture
def db(starter_run: RunReport) -> Path:
    return starter_run.db


def test_importing_the_package_loads_no_library() -> None:
    heavy = "{'spacy', 'prefect', 'duckdb', 'numpy', 'pydantic'}"
    code = f"import pipeline, pipeline.cli, sys; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("[]", "['pydantic']")  # typer may bring pydantic


def test_the_package_is_the_command_too() -> None:
    done = subprocess.run([sys.executable, "-m", "pipeline", "--help"], capture_output=True, text=True, check=True)
    for name in ("run", "sql", "export", "explain", "evaluate", "curate"):
        assert name in done.stdout


def test_sql_prints_a_table(command: Command, db: Path) -> None:
    code, out, _ = command("sql", "SELECT 'irisin' AS who, NULL AS nothing", "--db", db)
    assert code == 0
    assert "who" in out and "irisin" in out and "None" not in out


def test_sql_says_when_a_table_is_cut(command: Command, db: Path) -> None:
    _, out, err = command("sql", "FROM range(501)", "--db", db)
    assert "499" in out and "500" not in out
    assert "the first 500 rows" in err
    assert command("sql", "FROM range(500)", "--db", db)[2] == ""


def test_sql_csv_is_safe_for_spreadsheets(command: Command, db: Path) -> None:
    query = "SELECT '=1+1' AS formula, -2 AS number, true AS flag, ['a', 'b'] AS list, 'x' || chr(10) || 'y' AS lines"
    code, out, _ = command("sql", query, "--format", "csv", "--db", db)
    assert code == 0
    assert list(csv.reader(io.StringIO(out))) == [
        ["formula", "number", "flag", "list", "lines"],
        ["'=1+1", "-2", "true", '["a", "b"]', "x y"],
    ]


def test_sql_csv_holds_all_rows(command: Command, db: Path) -> None:
    _, out, _ = command("sql", "FROM range(3000)", "--format", "csv", "--db", db)
    assert len(out.splitlines()) == 3001


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT 1 AS a, 'é' AS b", [{"a": 1, "b": "é"}]),
        ("SELECT 'nan'::DOUBLE AS a, 1.5::DECIMAL(4, 2) AS b", [{"a": None, "b": 1.5}]),
        ("SELECT DATE '2026-01-31' AS a", [{"a": "2026-01-31"}]),
        ("FROM range(2)", [{"range": 0}, {"range": 1}]),
        ("FROM range(0)", []),
    ],
)
def test_sql_json_is_json(command: Command, db: Path, query: str, expected: object) -> None:
    code, out, _ = command("sql", query, "--format", "json", "--db", db)
    assert code == 0
    assert json.loads(out) == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT nothing FROM claims", "nothing"),
        ("DELETE FROM claims", "read-only"),
        ("COPY claims TO 'claims.csv'", "disabled"),
        ("FROM 'README.md'", "README.md"),
    ],
)
def test_wrong_query_is_told_without_a_traceback(command: Command, db: Path, query: str, message: str) -> None:
    code, out, err = command("sql", query, "--db", db)
    assert code == 2
    assert message in err
    assert "Traceback" not in out + err


def test_queries_are_read_from_standard_input(command: Command, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT 1 AS one;\nSELECT\n 2 AS two;\n\nSELECT 3 AS three"))
    code, out, _ = command("sql", "--format", "csv", "--db", db)
    assert code == 0
    assert out.splitlines() == ["one", "1", "two", "2", "three", "3"]


def test_a_wrong_query_on_standard_input_does_not_stop_the_next(
    command: Command, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELEC 1;\nSELECT 2 AS two;\n"))
    code, out, err = command("sql", "--format", "csv", "--db", db)
    assert code == 2
    assert "syntax error" in err
    assert out.splitlines() == ["two", "2"]


@pytest.mark.parametrize(
    "arguments", [("sql", "SELECT 1"), ("export",), ("explain", "clm_0"), ("curate", "export", "none.csv")]
)
def test_missing_database_is_told(command: Command, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, _, err = command(*arguments, "--db", tmp_path / "none.duckdb")
    assert code == 2
    assert "myoclaims run" in err


def test_export_writes_the_tables(command: Command, db: Path, tmp_path: Path) -> None:
    code, out, _ = command("export", "--to", tmp_path / "tables", "--format", "parquet", "--db", db)
    assert code == 0
    paths = [Path(line) for line in out.splitlines()]
    assert {path.suffix for path in paths} == {".parquet", ".tsv"}
    assert all(path.stat().st_size > 0 for path in paths)


def test_export_to_a_place_that_cannot_be_written_is_told(command: Command, db: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code, _, err = command("export", "--to", tmp_path / "file" / "tables", "--db", db)
    assert code == 2
    assert str(tmp_path / "file") in err


@pytest.mark.parametrize("table", ["claims", "triples"])
def test_explain_shows_the_sentence_behind_an_id(command: Command, db: Path, table: str) -> None:
    key = table[:-1] + "_id"
    with pipeline.connect(db) as connection:
        row = connection.execute(f"SELECT {key} FROM {table} ORDER BY {key} LIMIT 1").fetchone()
    assert row is not None
    code, out, _ = command("explain", row[0], "--db", db)
    assert code == 0
    assert row[0] in out


def test_explain_of_an_unknown_id_is_told(command: Command, db: Path) -> None:
    code, _, err = command("explain", "clm_none", "--db", db)
    assert code == 2
    assert "clm_none" in err


def test_diff_tells_what_a_run_changed(command: Command, tmp_path: Path) -> None:
    publish(tmp_path / "claims.duckdb", told("a", INCREASES))
    publish(tmp_path / "claims.duckdb", told("b", DECREASES))
    code, out, _ = command("diff", "previous", "latest", "--db", tmp_path / "claims.duckdb")
    assert code == 0
    assert "came  new article: decreases" in out


def test_diff_of_an_unknown_run_is_told(command: Command, db: Path) -> None:
    code, _, err = command("diff", "1", "99", "--db", db)
    assert code == 2
    assert "No run answers to '99'" in err and "1 (" in err


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Two articles that part, and the tables of a run beside the database."""
    path = tmp_path / "claims.duckdb"
    publish(path, told("a", INCREASES, source_id="trial"), told("b", DECREASES, source_id="trial"))
    export(path, tmp_path / "evidence")
    return path


def test_curation_goes_out_to_a_file_and_comes_back(command: Command, small: Path) -> None:
    file, tables = small.parent / "review.csv", small.parent / "evidence"
    code, out, _ = command("curate", "export", file, "--subject", "irisin", "--undecided", "--db", small)
    assert (code, out) == (0, f"2 claims to review: {file}\n")
    records = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    records[1][0] = "reject"
    with file.open("w", encoding="utf-8", newline="") as edited:
        csv.writer(edited, delimiter=";").writerows(records)
    code, out, _ = command("curate", "import", file, "--reviewer", "R. Eviewer", "--db", small)
    assert code == 0
    assert out.splitlines()[:3] == [
        "Decisions added: 1 reject",
        "Verdicts changed: 1",
        "  irisin → brain-derived neurotrophic factor",
    ]
    assert "before  contested" in out and "after   single lineage" in out
    assert len((tables / "evidence.csv").read_text(encoding="utf-8-sig").splitlines()) == 2
    with pipeline.connect(small) as connection:
        assert connection.execute("SELECT reviewer FROM decisions").fetchall() == [("R. Eviewer",)]
    before = (tables / "evidence.csv").stat().st_mtime_ns
    code, out, _ = command("curate", "import", file, "--reviewer", "R. Eviewer", "--db", small)
    assert code == 0
    assert "Nothing changed" in out
    assert (tables / "evidence.csv").stat().st_mtime_ns == before


def test_an_import_makes_no_folder_of_tables(command: Command, small: Path) -> None:
    rmtree(small.parent / "evidence")
    file = small.parent / "merge.csv"
    file.write_text("decision,concept_id,into_id\nmerge,bdnf,memory\n")
    assert command("curate", "import", file, "--db", small)[0] == 0
    assert not (small.parent / "evidence").exists()


def test_wrong_decisions_are_told_and_none_is_applied(command: Command, small: Path) -> None:
    before = small.read_bytes()
    file = small.parent / "wrong.csv"
    file.write_text("decision,concept_id,into_id\nmerge,bdnf,memory\njoin,irisin,memory\n")
    code, out, err = command("curate", "import", file, "--db", small)
    assert (code, out) == (2, "")
    assert f"{file}: 1 problem; nothing was applied." in err
    assert "line 3: decision: found 'join'; expected one of accept," in err
    assert small.read_bytes() == before


def test_an_import_while_a_run_goes_on_is_told(command: Command, small: Path) -> None:
    file = small.parent / "merge.csv"
    file.write_text("decision,concept_id,into_id\nmerge,bdnf,memory\n")
    with Build(small, "key 1"):
        code, _, err = command("curate", "import", file, "--db", small)
    assert code == 2
    assert "Another run is building" in err


def test_evaluate_prints_figures_and_writes_what_it_found(command: Command, shared: Path, tmp_path: Path) -> None:
    gold, passages = shared / "evaluation/gold", shared / "evaluation/passages"
    links, triples = tmp_path / "links.csv", tmp_path / "triples.csv"
    code, out, _ = command("evaluate", gold, passages, "--links", links, "--triples", triples)
    assert code == 0
    assert "links" in out and "co-occurrence" in out
    scorer = [sys.executable, *map(str, (shared / "evaluation/score.py", gold, links, triples))]
    scored = subprocess.run(scorer, capture_output=True, text=True, check=True).stdout
    figures = {line.split()[0]: line.split() for line in out.splitlines() if line}
    outside = next(line.split() for line in scored.splitlines() if line.startswith("links"))
    assert figures["links"][1:4] == [outside[2], outside[4], outside[6]]


def test_evaluate_without_gold_is_told(command: Command, tmp_path: Path) -> None:
    code, _, err = command("evaluate", tmp_path, tmp_path)
    assert code == 2
    assert str(tmp_path) in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "--sources", "no-such-catalog.toml"), "no-such-catalog.toml"),
        (("run", "--workers", "0"), "workers"),
        (("run", "--workers", "many"), "workers"),
        (("sql", "SELECT 1", "--format", "xml"), "xml"),
        (("no-such-command",), "no-such-command"),
        (("explain",), "CLAIM_OR_TRIPLE_ID"),
        (("curate", "import"), "FILE.csv"),
        (("curate", "export", "review.csv", "--limit", "0"), "limit"),
    ],
)
def test_wrong_usage_is_exit_code_2(command: Command, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = command(*arguments)
    assert code == 2
    assert message in err
    assert "Traceback" not in out + err


def test_a_setting_that_cannot_be_used_is_named(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYOCLAIMS_BATCH_SIZE", "many")
    code, _, err = command("run")
    assert code == 2
    assert "MYOCLAIMS_BATCH_SIZE is 'many'" in err


def test_a_prefect_server_that_does_not_answer_is_named(
    command: Command, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    code, _, err = command("run", "--sources", root / "sources/catalog.toml", "--db", tmp_path / "claims.duckdb")
    assert code == 2
    assert "PREFECT_API_URL is 'http://127.0.0.1:9/api'" in err


def test_a_server_that_a_profile_of_prefect_names_is_the_one_that_is_asked(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)  # an earlier run of this process may have set it
    profile = 'active = "theirs"\n[profiles.theirs]\nPREFECT_API_URL = "http://127.0.0.1:9/api"\n'
    (tmp_path / "profiles.toml").write_text(profile)
    ended = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", "--db", str(tmp_path / "claims.duckdb")],
        cwd=root,
        env={**os.environ, "PREFECT_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert ended.returncode == 2
    assert "PREFECT_API_URL is 'http://127.0.0.1:9/api'" in ended.stderr
