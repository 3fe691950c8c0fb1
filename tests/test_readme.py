"""The README is checked as far as a machine can: its command lines, its queries, its tables."""

import re
import tomllib
from pathlib import Path

import pytest

import pipeline
from pipeline.run_report import RunReport
from pipeline.serving.retrying import Patience
from pipeline.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", README, re.DOTALL)


def section(heading: str) -> str:
    return README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0].strip()


def first_cells(heading: str) -> list[str]:
    rows = [line for line in section(heading).splitlines() if line.startswith("|")]
    return [row.split("|")[1].strip() for row in rows[2:]]


@pytest.mark.parametrize("heading", ["Run", "Test"])
def test_section_begins_with_a_block_of_one_command_line(heading: str) -> None:
    block = re.match(r"```\w*\n(.*?)\n```", section(heading), re.DOTALL)
    assert block is not None
    assert "\n" not in block.group(1)
    assert block.group(1).startswith("python3 -m venv")


def test_there_are_ten_queries() -> None:
    assert len(QUERIES) == 10


def test_columns_of_the_views_are_those_of_the_database(starter_run: RunReport) -> None:
    block = README.split("<!-- columns -->", 1)[1].split("<!-- /columns -->", 1)[0]
    views = re.findall(r"<code>(\w+)</code>: (.*)</summary>", block)
    described = re.findall(r"^- `(\w+)`: (.*)$", block, re.MULTILINE)
    with pipeline.connect(starter_run.db) as connection:
        columns = []
        for view, meaning in views:
            found = connection.execute("SELECT comment FROM duckdb_views() WHERE view_name = ?", [view]).fetchall()
            assert found == [(meaning,)]
            columns += connection.execute(
                "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [view]
            ).fetchall()
    assert {"evidence", "consensus", "triple_consensus", "conflicts"} <= {view for view, _ in views}
    assert described == columns


@pytest.mark.parametrize("query", QUERIES)
def test_query_finds_something_in_the_starter_articles(query: str, starter_run: RunReport) -> None:
    with pipeline.connect(starter_run.db) as connection:
        assert connection.execute(query).fetchall()


def test_every_dependency_is_explained(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.match(r"[\w.-]+", line) for line in project["dependencies"]]
    assert sorted(first_cells("Dependencies")) == sorted(name.group().replace(".", "-") for name in names if name)


def test_every_setting_is_explained_with_its_default() -> None:
    rows = re.findall(r"^\| `MYOCLAIMS_(\w+)` \| ([\w.]+) \|", section("Settings"), re.MULTILINE)
    defaults = {name.upper(): str(field.default) or "empty" for name, field in Settings.model_fields.items()}
    defaults |= {f"RETRY_{name.upper()}": str(field.default) for name, field in Patience.model_fields.items()}
    defaults["CONTACT"] = "empty"  # read by the web client
    assert dict(rows) == defaults


def test_constraints_hold_names_and_versions_alone(root: Path) -> None:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.+]+( ; [\w\"'.<>= ]+)?", pin)] == []


def test_folders_of_the_layout_exist(root: Path) -> None:
    folders = re.findall(r"^\| `([\w/.]+)` \|", section("Layout"), re.MULTILINE)
    assert folders
    assert [folder for folder in folders if not (root / folder).exists()] == []
