"""How the environment is completed before Prefect reads it."""

from pathlib import Path

import pytest

from pipeline.prefect_local import settle


def test_prefect_tells_nobody_and_keeps_its_files_in_the_cache(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    settle(environ)
    assert environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environ["DO_NOT_TRACK"] == "1"
    assert environ["PREFECT_HOME"] == str(tmp_path / ".cache/myoclaims/prefect")


def test_unattended_runs_are_heard_and_have_a_folder_of_their_own(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    settle(environ, unattended=True)
    assert environ["PREFECT_LOGGING_LEVEL"] == "INFO"
    assert environ["PREFECT_LOGGING_EXTRA_LOGGERS"] == "pipeline"
    assert environ["DO_NOT_TRACK"] == "1"
    assert environ["PREFECT_HOME"] == str(tmp_path / ".cache/myoclaims/serving")


def test_home_that_cannot_be_written_gives_way_to_a_temporary_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    environ = {"HOME": str(tmp_path / "file")}
    settle(environ)
    home = Path(environ["PREFECT_HOME"])
    assert home.is_dir() and tmp_path not in home.parents
    home.rmdir()


@pytest.mark.parametrize("name", ["PREFECT_HOME", "PREFECT_PROFILE", "PREFECT_API_URL"])
def test_what_the_user_chose_stays(name: str, tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), name: "chosen", "PREFECT_LOGGING_LEVEL": "DEBUG"}
    settle(environ)
    assert environ[name] == "chosen"
    assert ("PREFECT_HOME" in environ) == (name == "PREFECT_HOME")
    assert environ["PREFECT_LOGGING_LEVEL"] == "DEBUG"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "127.0.0.1,localhost"),
        ({"NO_PROXY": "intranet,localhost"}, "intranet,localhost,127.0.0.1"),
        ({"no_proxy": "intranet", "NO_PROXY": "other"}, "intranet,127.0.0.1,localhost"),
    ],
)
def test_the_temporary_server_is_not_asked_for_through_a_proxy(given: dict[str, str], expected: str) -> None:
    environ = {**given, "PREFECT_HOME": "home"}
    settle(environ)
    assert environ["NO_PROXY"] == environ["no_proxy"] == expected
