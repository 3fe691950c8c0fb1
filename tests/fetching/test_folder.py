import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.fetching import FetchLimits, Offer, Terms, fetch
from pipeline.fetching.folder import READABLE_SUFFIXES
from pipeline.reading.detection import Format, detect
from pipeline.records import Fetched, Reject, Source, Stage

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def offered(folder: Path, limits: FetchLimits | None = None, kind: str = "folder", glob: str = "**/*") -> list[object]:
    source = Source(source_id="s", title="S", kind=kind, location=str(folder), glob=glob)
    return list(fetch(source, Terms(limits=limits or FetchLimits(), now=lambda: NOON)))


def paths(items: list[object]) -> list[str]:
    return [item.path for item in items if isinstance(item, Fetched)]


def only_reject(items: list[object]) -> Reject:
    (reject,) = (item for item in items if isinstance(item, Reject))
    return reject


def write(path: Path, text: str = "Irisin improves memory.") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_files_come_sorted_by_relative_path_with_bytes_and_time(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b.html", "C.xml"):
        write(tmp_path / name, name)
    items = offered(tmp_path)
    assert paths(items) == ["C.xml", "a/b.html", "a/z.md", "b.txt"]
    last = items[-1]
    assert isinstance(last, Fetched)
    assert (last.data, last.fetched_at, last.source_id) == (b"b.txt", NOON, "s")


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    for name in (".hidden.txt", ".git/a.txt", "seen.txt"):
        write(tmp_path / name)
    assert paths(offered(tmp_path)) == ["seen.txt"]
    assert len(offered(tmp_path)) == 1


def test_the_glob_selects(tmp_path: Path) -> None:
    for name in ("a.md", "b.txt", "in/c.md"):
        write(tmp_path / name)
    assert paths(offered(tmp_path, glob="*.md")) == ["a.md"]


@pytest.mark.parametrize("glob", ["../*", "/etc/*"])
def test_a_glob_cannot_leave_the_folder(tmp_path: Path, glob: str) -> None:
    write(tmp_path / "secret.txt")
    write(tmp_path / "in" / "a.txt")
    assert paths(offered(tmp_path / "in", glob=glob)) == []


def test_another_suffix_is_rejected_saying_which_are_read(tmp_path: Path) -> None:
    write(tmp_path / "talk.mp4")
    reject = only_reject(offered(tmp_path))
    assert reject.stage is Stage.FETCHING
    assert "'.mp4'" in reject.reason
    assert ".md" in reject.reason


def test_a_link_that_leaves_the_folder_is_rejected_and_one_inside_is_read(tmp_path: Path) -> None:
    write(tmp_path / "outside.txt")
    write(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "inner.txt").symlink_to(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "leaves.txt").symlink_to(tmp_path / "outside.txt")
    (tmp_path / "in" / "nothing.txt").symlink_to(tmp_path / "in" / "gone.txt")
    items = offered(tmp_path / "in")
    assert paths(items) == ["a.txt", "inner.txt"]
    assert [item.path for item in items if isinstance(item, Reject)] == ["leaves.txt", "nothing.txt"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "again").symlink_to(tmp_path / "in", target_is_directory=True)
    assert paths(offered(tmp_path / "in")) == ["a.txt"]


def test_a_file_over_the_limit_is_rejected_with_size_limit_and_advice(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(50_000_000)
    write(tmp_path / "small.txt")
    items = offered(tmp_path)
    reason = only_reject(items).reason
    assert "50.0 MB" in reason
    assert "33.6 MB" in reason
    assert "split" in reason
    assert paths(items) == ["small.txt"]


def test_a_file_over_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "large.txt", "x" * 100)
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("the file was opened"))
    assert "limit" in only_reject(offered(tmp_path, FetchLimits(max_bytes=99))).reason


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "x" * 100)
    assert paths(offered(tmp_path, FetchLimits(max_bytes=100))) == ["a.txt"]


def test_a_file_that_may_not_be_opened_is_rejected_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt")
    really_open = Path.open

    def deny(path: Path, *args: object, **kwargs: object) -> object:
        if path.name == "a.txt":
            raise PermissionError(13, os.strerror(13))
        return really_open(path, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", deny)
    items = offered(tmp_path)
    assert "Permission denied" in only_reject(items).reason
    assert paths(items) == ["b.txt"]


def test_only_one_file_is_read_at_a_time(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt")
    items: Iterator[Offer] = fetch(Source("s", "S", "folder", str(tmp_path)))
    next(items)
    (tmp_path / "b.txt").unlink()
    assert "No such file" in only_reject(list(items)).reason


def test_a_pipe_is_rejected_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "no ordinary file" in only_reject(offered(tmp_path)).reason


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_a_missing_location_is_a_reject(tmp_path: Path, kind: str) -> None:
    reject = only_reject(offered(tmp_path / "nowhere", kind=kind))
    assert reject.stage is Stage.FETCHING
    assert "nowhere" in reject.reason
    assert "correct `location`" in reject.reason


def test_a_file_where_a_folder_was_expected_is_a_reject_and_so_is_the_reverse(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    assert "a file lies there" in only_reject(offered(tmp_path / "a.txt")).reason
    assert "a folder lies there" in only_reject(offered(tmp_path, kind="file")).reason


def test_a_single_file_is_offered_by_its_name(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt")
    assert paths(offered(tmp_path / "in" / "a.txt", kind="file")) == ["a.txt"]


def test_a_kind_without_a_fetcher_is_a_reject(tmp_path: Path) -> None:
    assert "known kinds are folder, file" in only_reject(offered(tmp_path, kind="gopher")).reason


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".html", b"<html><p>x</p></html>"),
        (".htm", b"<p>x</p>"),
        (".xhtml", b"<html><p>x</p></html>"),
        (".xml", b"<article/>"),
        (".nxml", b"<article/>"),
        (".pdf", b"%PDF-1.4"),
        (".json", b'{"documents": []}'),
        (".md", b"x"),
        (".markdown", b"x"),
        (".txt", b"x"),
        (".text", b"x"),
        ("", b"x"),
    ],
)
def test_every_suffix_that_is_fetched_can_be_read(suffix: str, data: bytes) -> None:
    assert suffix in READABLE_SUFFIXES
    assert detect(data, f"a{suffix}")[0] in Format


def test_the_clock_stamps_utc_by_default(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    (item,) = fetch(Source("s", "S", "folder", str(tmp_path)))
    assert isinstance(item, Fetched)
    assert item.fetched_at.tzinfo is UTC
