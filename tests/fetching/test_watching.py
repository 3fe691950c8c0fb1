import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest
import watchfiles
from watchfiles.main import FileChange

from pipeline.fetching.watching import changes
from pipeline.records import Source

SETTLE_S = 0.2
PATIENCE_S = 20.0


class Watch:
    """Watches sources in a thread of its own."""

    def __init__(self, sources: list[Source], settle_s: float) -> None:
        self.sets: Queue[tuple[frozenset[str], float]] = Queue()
        self.stop = threading.Event()
        found = changes(sources, settle_s, self.stop)
        self.thread = threading.Thread(target=self._run, args=(found,), daemon=True)
        self.thread.start()

    def _run(self, found: Iterator[frozenset[str]]) -> None:
        for ids in found:
            self.sets.put((ids, time.monotonic()))

    def next(self) -> set[str]:
        return set(self.sets.get(timeout=PATIENCE_S)[0])

    def end(self) -> None:
        self.stop.set()
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()


@contextmanager
def watching(*sources: Source, settle_s: float = SETTLE_S) -> Iterator[Watch]:
    watch = Watch(list(sources), settle_s)
    try:
        yield watch
    finally:
        watch.end()


def folder(place: Path, glob: str = "**/*", is_made: bool = True) -> Source:
    if is_made:
        place.mkdir(parents=True, exist_ok=True)
    return Source(place.name, place.name, "folder", str(place), glob=glob, watch=True)


def file(place: Path) -> Source:
    return Source(place.name, place.name, "file", str(place), watch=True)


def write(place: Path, text: str = "Irisin improves memory.") -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def rename(place: Path) -> None:
    place.rename(place.with_name("renamed.md"))


def move_in(place: Path) -> None:
    """A folder with a file in it comes at once."""
    shutil.move(place.parents[1] / "elsewhere", place.parent / "in")


CHANGES: dict[str, Callable[[Path], object]] = {
    "comes": lambda place: write(place.parent / "new.md"),
    "comes in a new folder": lambda place: write(place.parent / "new" / "deep" / "new.md"),
    "comes with its folder": move_in,
    "changes": lambda place: write(place, "Irisin does not improve memory."),
    "goes": Path.unlink,
    "gets another name": rename,
    "goes with its folder": lambda place: shutil.rmtree(place.parent),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_source_is_named_when_a_file(tmp_path: Path, change: str) -> None:
    write(tmp_path / "elsewhere" / "a.md")
    write(tmp_path / "notes" / "old.md")
    with watching(folder(tmp_path / "notes"), folder(tmp_path / "other")) as watch:
        CHANGES[change](tmp_path / "notes" / "old.md")
        assert watch.next() == {"notes"}


@pytest.mark.parametrize(
    ("name", "glob"),
    [(".hidden.md", "**/*"), (".git/a.md", "**/*"), ("a.tmp", "*.md"), ("in/a.md", "*.md"), ("in/a.txt", "**/*.md")],
)
def test_what_fetching_would_pass_over_is_no_change(tmp_path: Path, name: str, glob: str) -> None:
    with watching(folder(tmp_path / "notes", glob), folder(tmp_path / "other")) as watch:
        write(tmp_path / "notes" / name)
        write(tmp_path / "other" / "a.md")
        assert watch.next() == {"other"}


def test_a_new_folder_without_files_and_a_file_that_is_only_read_are_no_change(tmp_path: Path) -> None:
    write(tmp_path / "notes" / "a.md")
    with watching(folder(tmp_path / "notes"), folder(tmp_path / "other")) as watch:
        (tmp_path / "notes" / "empty").mkdir()
        (tmp_path / "notes" / "a.md").read_text()
        write(tmp_path / "other" / "a.md")
        assert watch.next() == {"other"}


def test_changes_of_several_sources_come_together(tmp_path: Path) -> None:
    with watching(folder(tmp_path / "notes"), folder(tmp_path / "other"), settle_s=0.6) as watch:
        write(tmp_path / "notes" / "a.md")
        write(tmp_path / "other" / "a.md")
        assert watch.next() == {"notes", "other"}


def test_every_change_is_told_once(tmp_path: Path) -> None:
    with watching(folder(tmp_path / "notes"), folder(tmp_path / "other")) as watch:
        for name in ("notes", "other", "notes"):
            write(tmp_path / name / "a.md", f"{time.monotonic()}")
            assert watch.next() == {name}
    assert watch.sets.empty()


def test_a_file_is_left_to_be_written_to_its_end(tmp_path: Path) -> None:
    place = tmp_path / "notes" / "a.md"
    written = []
    with watching(folder(tmp_path / "notes"), settle_s=0.5) as watch:
        for ordinal in range(8):
            write(place, "x" * ordinal)
            written.append(time.monotonic())
            time.sleep(0.1)
        while True:
            ids, told = watch.sets.get(timeout=PATIENCE_S)
            assert ids == {"notes"}
            assert told - max(moment for moment in written if moment < told) >= 0.5
            if told > written[-1]:
                break


def test_a_folder_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    with watching(folder(tmp_path / "a" / "notes", is_made=False)) as watch:
        write(tmp_path / "a" / "notes" / "a.md")
        assert watch.next() == {"notes"}
        write(tmp_path / "a" / "notes" / "b.md")
        assert watch.next() == {"notes"}


def test_a_missing_folder_is_named_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), watching(folder(tmp_path / "x", is_made=False), folder(tmp_path / "o")) as w:
        for ordinal in range(3):
            write(tmp_path / "o" / "a.md", str(ordinal))
            assert w.next() == {"o"}
    (message,) = caplog.messages
    assert str(tmp_path / "x") in message
    assert "does not exist" in message


def test_a_folder_that_went_and_came_again_is_watched_again(tmp_path: Path) -> None:
    place = tmp_path / "notes"
    with watching(folder(place)) as watch:
        for ordinal in range(2):
            write(place / "a.md", str(ordinal))
            assert watch.next() == {"notes"}
            shutil.rmtree(place)
            assert watch.next() == {"notes"}


def test_a_folder_that_is_put_in_the_place_of_another_is_watched(tmp_path: Path) -> None:
    write(tmp_path / "notes" / "a.md")
    write(tmp_path / "next" / "a.md", "Newer.")
    with watching(folder(tmp_path / "notes")) as watch:
        (tmp_path / "notes").rename(tmp_path / "last")
        (tmp_path / "next").rename(tmp_path / "notes")
        assert watch.next() == {"notes"}
        write(tmp_path / "notes" / "b.md")
        assert watch.next() == {"notes"}


def test_a_folder_behind_a_link_is_watched(tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.md")
    (tmp_path / "notes").symlink_to(tmp_path / "real", target_is_directory=True)
    with watching(folder(tmp_path / "notes")) as watch:
        write(tmp_path / "real" / "b.md")
        assert watch.next() == {"notes"}


def test_a_relative_location_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with watching(folder(Path("notes"))) as watch:
        write(tmp_path / "notes" / "a.md")
        assert watch.next() == {"notes"}


def test_a_single_file_is_watched_in_whatever_way_it_is_saved(tmp_path: Path) -> None:
    place = tmp_path / "glossary.md"
    write(place)
    with watching(file(place)) as watch:
        write(place, "Another.")
        assert watch.next() == {"glossary.md"}
        write(tmp_path / "glossary.md.new", "A third.")
        os.replace(tmp_path / "glossary.md.new", place)
        assert watch.next() == {"glossary.md"}
        write(place, "A fourth one.")
        assert watch.next() == {"glossary.md"}
        place.unlink()
        assert watch.next() == {"glossary.md"}
        write(place)
        assert watch.next() == {"glossary.md"}


def test_where_the_operating_system_does_not_watch_the_folder_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def watch_few(*paths: Path, **how: Any) -> Iterator[set[FileChange]]:
        if not how["force_polling"]:
            raise OSError(28, "inotify watch limit reached")
        return watchfiles.watch(*paths, **{**how, "poll_delay_ms": 50})

    monkeypatch.setattr("pipeline.fetching.watching.watch", watch_few)
    caplog.set_level("WARNING", "pipeline.fetching.watching")  # Prefect may have silenced the root
    with watching(folder(tmp_path / "notes")) as watch:
        write(tmp_path / "notes" / "a.md")
        assert watch.next() == {"notes"}
        write(tmp_path / "notes" / "b.md")
        assert watch.next() == {"notes"}
    assert "limit reached" in caplog.text


def test_what_changes_while_the_caller_is_busy_is_in_the_next_set(tmp_path: Path) -> None:
    stop = threading.Event()
    found = changes([folder(tmp_path / "notes")], SETTLE_S, stop)
    write(tmp_path / "notes" / "a.md")
    assert next(found) == {"notes"}
    write(tmp_path / "notes" / "b.md")
    assert next(found) == {"notes"}
    stop.set()
    assert next(found, None) is None


def test_sources_that_are_not_to_be_watched_are_not(tmp_path: Path) -> None:
    place = tmp_path / "notes"
    place.mkdir()
    plain = Source("notes", "Notes", "folder", str(place))
    feed = Source("feed", "Feed", "feed", "https://example.org/feed", watch=True)
    assert list(changes([plain, feed], SETTLE_S)) == []


@pytest.mark.parametrize("is_made", [True, False])
def test_the_watch_ends_soon_after_it_is_told_to(tmp_path: Path, is_made: bool) -> None:
    watch = Watch([folder(tmp_path / "notes", is_made=is_made)], settle_s=60.0)
    with pytest.raises(Empty):
        watch.sets.get(timeout=0.1)
    began = time.monotonic()
    watch.end()
    assert time.monotonic() - began < 5.0
