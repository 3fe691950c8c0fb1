"""Shards: the same bytes for the same articles, whole or not at all, at any place that fsspec knows."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import fsspec
import pytest

from pipeline.store import BrokenShardError, Build, OutputNotWritableError
from pipeline.store.build import RunRow
from pipeline.store.shards import Shard, Shards
from tests.store.stories import AFFECTS, DECREASES, INCREASES, MOMENT, dump, publish, sources, told

KEY = "shard_0123456789abcdef"
ARTICLES = [told("a", INCREASES, triple=True), told("b", DECREASES, AFFECTS)]


@pytest.fixture(params=["folder", "memory"])
def shards(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shards]:
    yield Shards(str(tmp_path / "shards") if request.param == "folder" else f"memory://shards/{tmp_path.name}")
    files = fsspec.filesystem("memory")
    if files.exists("/shards"):
        files.rm("/shards", recursive=True)


def damage(shards: Shards, shard: Shard, data: bytes | None) -> None:
    files, root = fsspec.core.url_to_fs(shards.location)
    if data is None:
        files.rm_file(f"{root}/{shard.name}")
    else:
        files.pipe_file(f"{root}/{shard.name}", data)


def test_what_is_loaded_from_a_shard_is_what_was_extracted(shards: Shards, tmp_path: Path) -> None:
    publish(tmp_path / "direct.duckdb", *ARTICLES)
    shard = shards.write(KEY, ARTICLES, "key 1")
    with Build(tmp_path / "loaded.duckdb", "key 1") as build:
        build.add_sources(sources())
        with shards.file(shard) as file:
            build.add_file(file)
        build.finish(RunRow(MOMENT, MOMENT))
        build.publish()
    direct, loaded = dump(tmp_path / "direct.duckdb"), dump(tmp_path / "loaded.duckdb")
    for table in ("sentences", "mentions", "claims", "triples", "dropped", "document_identifiers", "citations"):
        assert loaded[table] == direct[table]
    assert len(loaded["documents"]) == 2


def test_the_same_articles_give_the_same_bytes_under_the_same_name(tmp_path: Path) -> None:
    one, other = Shards(str(tmp_path / "one")), Shards(str(tmp_path / "other"))
    first, second = one.write(KEY, ARTICLES, "key 1"), other.write(KEY, ARTICLES, "key 1")
    assert first == second
    assert (tmp_path / "one" / first.name).read_bytes() == (tmp_path / "other" / first.name).read_bytes()
    assert one.write(KEY, ARTICLES[:1], "key 1").digest != first.digest
    assert one.write(KEY, ARTICLES, "key 2").digest != first.digest


def test_a_shard_is_a_parquet_file_whose_rows_name_their_table(tmp_path: Path) -> None:
    shard = Shards(str(tmp_path)).write(KEY, ARTICLES, "key 1")
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT part, count(*) FROM '{tmp_path / shard.name}' WHERE part IN ('documents', 'claims') GROUP BY ALL"
        ).fetchall()
    assert dict(found) == {"documents": 2, "claims": 3}


@pytest.mark.parametrize("data", [None, b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1"])
def test_a_shard_that_is_missing_or_damaged_is_told(shards: Shards, data: bytes | None) -> None:
    shard = shards.write(KEY, ARTICLES, "key 1")
    damage(shards, shard, data)
    with pytest.raises(BrokenShardError, match=shard.name), shards.file(shard):
        pass


def test_a_shard_cut_anywhere_or_with_one_bit_turned_is_told(tmp_path: Path) -> None:
    shards = Shards(str(tmp_path))
    shard = shards.write(KEY, ARTICLES, "key 1")
    whole = (tmp_path / shard.name).read_bytes()
    for at in range(0, len(whole), 97):
        for broken in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
            (tmp_path / shard.name).write_bytes(broken)
            with pytest.raises(BrokenShardError), shards.file(shard):
                pass


def test_a_file_that_is_no_parquet_file_is_no_shard(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"not a shard")
    with Build(tmp_path / "c.duckdb", "key 1") as build, pytest.raises(BrokenShardError, match=r"x\.parquet"):
        build.add_file(tmp_path / "x.parquet")


def test_the_name_of_what_is_begun_lasts_until_it_is_discarded(shards: Shards) -> None:
    begun = shards.begin()
    shards.write(KEY, ARTICLES, "key 1")
    assert shards.begin() == begun
    shards.discard()
    assert shards.begin() != begun


def test_discarding_leaves_what_is_not_ours(tmp_path: Path) -> None:
    shards = Shards(str(tmp_path / "shards"))
    shards.begin()
    shards.write(KEY, ARTICLES, "key 1")
    (tmp_path / "shards" / "thesis.txt").write_text("mine")
    shards.discard()
    assert os.listdir(tmp_path / "shards") == ["thesis.txt"]
    (tmp_path / "shards" / "thesis.txt").unlink()
    shards.discard()
    assert not (tmp_path / "shards").exists()


def test_a_place_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    shards = Shards(str(tmp_path / "file" / "shards"))
    with pytest.raises(OutputNotWritableError, match="MYOCLAIMS_SHARDS"):
        shards.begin()


def test_databases_share_a_place_without_sharing_shards(tmp_path: Path) -> None:
    one, other = (Shards.of(tmp_path / name, "memory://place") for name in ("a.duckdb", "b.duckdb"))
    assert one.location != other.location
    assert Shards.of(tmp_path / "a.duckdb", "").location == str(tmp_path / "a.duckdb.shards")
