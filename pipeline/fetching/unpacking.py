"""Bytes as they come over the wire → the bytes that were meant, never more of them in memory than were asked for."""

import zlib
from collections.abc import Iterable, Iterator

PIECE = 64 * 1024
CODINGS = ("", "identity", "gzip", "x-gzip")

_GZIP = 31  # zlib's window bits for the format of gzip


class BrokenBytes(Exception):
    """What came is no gzip, or not a whole one."""


def unpacked(chunks: Iterable[bytes], coding: str, at_most: int) -> Iterator[bytes]:
    """The pieces of what was packed with `coding` (one of `CODINGS`), each at most 64 KiB where it was packed.

    Raises BrokenBytes where it is not whole, or takes more than `at_most` bytes of packing.
    """
    return _gunzipped(_counted(chunks, at_most)) if coding.endswith("gzip") else iter(chunks)


def gathered(pieces: Iterable[bytes], at_most: int) -> tuple[bytes, bool]:
    """The first `at_most` bytes of `pieces`, and whether that is all; no further piece is asked for."""
    kept = bytearray()
    for piece in pieces:
        kept += piece
        if len(kept) > at_most:
            return bytes(memoryview(kept)[:at_most]), False
    return bytes(kept), True


def _counted(chunks: Iterable[bytes], at_most: int) -> Iterator[bytes]:
    count = 0
    for chunk in chunks:
        count += len(chunk)
        if count > at_most:  # gzip can go on for ever and hold nothing
            raise BrokenBytes(f"its gzip takes more than {at_most} bytes and holds fewer")
        yield chunk


def _gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP)
    has_begun = False
    for chunk in chunks:
        while chunk:
            if unpacker.eof:
                chunk = chunk.lstrip(b"\0")  # padding; what else follows is a further member
                if not chunk:
                    break
                unpacker = zlib.decompressobj(_GZIP)
            has_begun = True
            yield from _inflated(unpacker, chunk)
            chunk = unpacker.unused_data
    if has_begun and not unpacker.eof:
        raise BrokenBytes("its gzip ends before its end")


def _inflated(unpacker: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    try:
        while True:
            piece = unpacker.decompress(chunk, PIECE)
            yield piece
            chunk = unpacker.unconsumed_tail
            if not chunk and len(piece) < PIECE:
                return
    except zlib.error as error:
        raise BrokenBytes(f"its gzip is broken: {error}") from error
