import gzip
import tracemalloc
import zlib
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetching.unpacking import PIECE, BrokenBytes, gathered, unpacked

TEXT = b"Irisin improves memory in mice. " * 500
PACKED = gzip.compress(TEXT)


def in_chunks(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def unpack(chunks: Iterable[bytes], coding: str = "gzip") -> bytes:
    return b"".join(unpacked(chunks, coding, at_most=1_000_000))


@given(st.binary(max_size=3000), st.integers(1, 700))
def test_what_was_packed_comes_back_however_it_is_cut_into_chunks(data: bytes, size: int) -> None:
    assert unpack(in_chunks(gzip.compress(data), size)) == data


@pytest.mark.parametrize("coding", ["", "identity"])
def test_what_was_not_packed_stays(coding: str) -> None:
    assert unpack([b"a", b"b"], coding) == b"ab"


@pytest.mark.parametrize("size", [1, 100, 100_000])
def test_several_members_are_one_text_and_padding_is_nothing(size: int) -> None:
    assert unpack(in_chunks(PACKED + gzip.compress(b"") + PACKED + b"\0" * 9, size)) == TEXT + TEXT


def test_nothing_at_all_is_an_empty_text() -> None:
    assert unpack([]) == b""


@pytest.mark.parametrize("missing", [1, 8, 9, len(PACKED) - 1])
def test_a_gzip_that_ends_early_is_noticed(missing: int) -> None:
    with pytest.raises(BrokenBytes, match="ends before its end"):
        unpack(in_chunks(PACKED[:-missing], 50))


@pytest.mark.parametrize(
    "data",
    [b"<html>", zlib.compress(TEXT), PACKED[:-8] + b"\1" * 8, PACKED + b"<p>more", PACKED[:40] + b"\xff" * 60],
    ids=["no gzip", "zlib", "wrong checksum", "more after it", "broken inside"],
)
def test_what_is_no_gzip_is_noticed(data: bytes) -> None:
    with pytest.raises(BrokenBytes, match="broken"):
        unpack([data])


def test_a_gzip_that_goes_on_and_holds_nothing_is_ended() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield gzip.compress(b"")

    with pytest.raises(BrokenBytes, match="more than 1000000 bytes"):
        unpack(endless())


def test_a_bomb_is_not_inflated_beyond_the_limit() -> None:
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1_000_000)
    bomb = b"".join(packer.compress(zeros) for _ in range(300)) + packer.flush()
    tracemalloc.start()
    try:
        data, is_whole = gathered(unpacked([bomb], "gzip", at_most=1_000_000), 1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(data), is_whole) == (1_000_000, False)
    assert peak < 4_000_000


@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(0, 100))
def test_no_more_is_gathered_than_asked_for(pieces: list[bytes], at_most: int) -> None:
    whole = b"".join(pieces)
    assert gathered(pieces, at_most) == (whole[:at_most], len(whole) <= at_most)


def test_no_piece_is_larger_than_a_piece() -> None:
    assert max(len(piece) for piece in unpacked([gzip.compress(bytes(1_000_000))], "gzip", 10_000)) == PIECE
