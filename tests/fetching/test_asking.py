import gzip
import tracemalloc
from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.fetching.loopback import Exchange, Route, in_turn, serving
from tests.fetching.one_request import IMPATIENT, PAGE, QUICK, ask, begun, fault, raw, status


@pytest.mark.parametrize("number", [400, 401, 403, 404, 406, 410, 418, 451])
def test_what_is_not_to_be_had_is_definitive_and_asked_for_once(number: int) -> None:
    naps: list[float] = []
    with serving({"/a": status(number)}) as server:
        error = fault(server, naps=naps)
        assert (error.is_passing, error.status) == (False, number)
        assert str(error).startswith(f"{server.url}/a answers {number} ")
        assert len(server.requests) == 1
    assert naps == []


def test_a_missing_page_is_told_with_what_to_do() -> None:
    with serving({}) as server:
        assert str(fault(server)) == f"{server.url}/a answers 404 Not Found; correct or remove the address"


@pytest.mark.parametrize("number", [204, 206, 300, 305])
def test_an_answer_that_is_no_article_is_none(number: int) -> None:
    with serving({"/a": raw(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % number)}) as server:
        assert "is no article" in str(fault(server))


def silence(exchange: Exchange) -> None:
    exchange.wait(3)
    exchange.hang_up()


def slow_body(exchange: Exchange) -> None:
    exchange.raw(begun(b"Content-Length: 9\r\n", b"abc"))
    silence(exchange)


def packed(data: bytes) -> Route:
    return lambda exchange: exchange.reply(data, content_encoding="gzip")


PASSING: Mapping[str, tuple[Route, str]] = {
    "silence": (silence, "sent nothing for 0.2 s"),
    "slow body": (slow_body, "sent nothing for 0.2 s"),
    "hung up": (Exchange.hang_up, "broke off"),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.6\r\n" + b"x" * 3000 + b"\r\n\r\n"), "no valid answer"),
    "endless headers": (raw(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 30_000), "no valid answer"),
    "short of its length": (raw(begun(b"Content-Length: 900\r\n", PAGE.encode())), "broke off"),
    "two lengths": (raw(begun(b"Content-Length: 9\r\nContent-Length: 8\r\n", b"irisin im")), "no valid answer"),
    "chunks without end": (raw(begun(b"Transfer-Encoding: chunked\r\n", b"5\r\nIrisi\r\n")), "broke off"),
    "broken chunks": (raw(begun(b"Transfer-Encoding: chunked\r\n", b"zz\r\nIrisi\r\n")), "no valid answer"),
    "half a gzip": (packed(gzip.compress(PAGE.encode())[:-9]), "ends before its end"),
    "no gzip": (packed(PAGE.encode()), "gzip is broken"),
    "503": (status(503), "answers 503 Service Unavailable"),
}


SLOW = ("silence", "slow body")


@pytest.mark.parametrize("name", PASSING)
def test_what_may_pass_is_asked_for_again_and_had(name: str) -> None:
    naps: list[float] = []
    with serving({"/a": in_turn(PASSING[name][0], PAGE)}) as server:
        assert ask(server, naps=naps, limits=IMPATIENT if name in SLOW else QUICK).data == PAGE.encode()
        assert len(server.asked("/a")) == 2
    assert len(naps) == 1


@pytest.mark.parametrize("number", [202, 408, 425, 429, 500, 502, 503, 504, 520, 599])
def test_a_status_that_may_pass_is_asked_for_again(number: int) -> None:
    with serving({"/a": in_turn(status(number), PAGE)}) as server:
        assert ask(server).data == PAGE.encode()


@pytest.mark.parametrize("name", PASSING)
def test_what_does_not_pass_within_the_tries_is_left_for_the_next_run(name: str) -> None:
    naps: list[float] = []
    route, said = PASSING[name]
    with serving({"/a": route}) as server:
        error = fault(server, naps=naps, limits=IMPATIENT if name in SLOW else QUICK)
        assert error.is_passing
        assert said in str(error)
        assert str(error).startswith(f"{server.url}/a ")
        assert str(error).endswith("; it was asked 3 times; the next run asks again")
        assert len(str(error)) < 500
        assert len(server.asked("/a")) == 3
    assert len(naps) == 2


@pytest.mark.parametrize("number", [429, 503])
@pytest.mark.parametrize(("said", "expected"), [("9", 9.0), ("Fri, 20 Nov 2026 12:00:20 GMT", 20.0)])
def test_a_server_that_says_when_to_come_back_is_left_alone_until_then(number: int, said: str, expected: float) -> None:
    naps: list[float] = []
    with serving({"/a": in_turn(status(number, retry_after=said), PAGE)}) as server:
        assert ask(server, naps=naps).data == PAGE.encode()
    assert naps == [expected]


@pytest.mark.parametrize("said", ["soon", "-1", "99:99", "Fri, 20 Nov 1926 12:00:20 GMT"])
def test_a_garbled_or_past_retry_after_is_as_none(said: str) -> None:
    naps: list[float] = []
    with serving({"/a": in_turn(status(429, retry_after=said), PAGE)}) as server:
        ask(server, naps=naps)
    assert len(naps) == 1
    assert 1.0 <= naps[0] <= 1.5


@pytest.mark.parametrize("said", ["61", "99999999999999999999", "Fri, 20 Nov 2099 12:00:20 GMT"])
def test_a_server_that_asks_for_too_long_a_pause_is_left_for_the_next_run(said: str) -> None:
    naps: list[float] = []
    with serving({"/a": status(503, retry_after=said)}) as server:
        error = fault(server, naps=naps)
        assert error.is_passing
        assert "asks for a pause of" in str(error)
        assert len(server.requests) == 1
    assert naps == []


def test_a_port_that_nobody_listens_at_may_be_open_another_day() -> None:
    naps: list[float] = []
    with serving({}) as server:
        pass
    error = fault(server, naps=naps)
    assert error.is_passing
    assert "cannot be reached: [Errno" in str(error)
    assert len(naps) == 2


def trickle(head: bytes, piece: bytes) -> Route:
    def route(exchange: Exchange) -> None:
        exchange.hang_up()
        exchange.raw(head)
        while exchange.wait(0.05):
            exchange.raw(piece)

    return route


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (begun(), b"x"),
        (begun(b"Transfer-Encoding: chunked\r\n"), b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
        (b"HTTP/1.1 200 ", b"O"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
    ids=["body", "chunks", "headers", "first line", "interim answers"],
)
def test_an_answer_that_trickles_on_is_ended_when_its_time_is_over(head: bytes, piece: bytes) -> None:
    with serving({"/a": trickle(head, piece)}) as server:
        error = fault(server, limits=replace(QUICK, article_s=0.5))
        assert error.is_passing
        assert "had not sent all after 0.5 s" in str(error)
        assert len(server.requests) == 1


def test_what_announces_more_than_the_limit_is_refused_before_it_is_read() -> None:
    with serving({"/a": raw(begun(b"Content-Length: 52400000\r\n"))}) as server:
        error = fault(server)
        assert not error.is_passing
        assert "is 52.4 MB large, the limit is 1.0 MB" in str(error)
        assert len(server.requests) == 1


def test_what_does_not_say_how_large_it_is_ends_at_the_limit() -> None:
    def flood(exchange: Exchange) -> None:
        exchange.raw(begun())
        while exchange.wait(0):
            exchange.raw(b"x" * 100_000)

    with serving({"/a": flood}) as server:
        error = fault(server)
        assert not error.is_passing
        assert "is more than 1.0 MB large" in str(error)


def test_what_is_exactly_as_large_as_the_limit_is_had() -> None:
    with serving({"/a": "x" * 1_000_000, "/b": "x" * 1_000_001}) as server:
        assert len(ask(server).data) == 1_000_000
        assert "limit" in str(fault(server, "/b"))


def test_a_megabyte_that_unpacks_to_a_thousand_is_not_unpacked_beyond_the_limit() -> None:
    bomb = gzip.compress(bytes(10_000_000)) * 100
    assert len(bomb) < 2_000_000
    with serving({"/a": packed(bomb)}) as server:
        tracemalloc.start()
        try:
            error = fault(server, limits=replace(QUICK, max_bytes=2_000_000))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert not error.is_passing
    assert "is more than 2.0 MB large" in str(error)
    assert peak < 10_000_000


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip", "aes128gcm"])
def test_only_what_was_asked_for_is_unpacked(coding: str) -> None:
    with serving({"/a": status(200, PAGE, content_encoding=coding)}) as server:
        assert "only gzip was asked for" in str(fault(server))


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP"])
def test_a_packed_answer_comes_unpacked(coding: str) -> None:
    data = gzip.compress(PAGE.encode())
    with serving({"/a": lambda exchange: exchange.reply(data, content_encoding=coding)}) as server:
        assert ask(server).data == PAGE.encode()


@pytest.mark.parametrize(
    ("found", "accepts", "is_taken"),
    [
        ("text/html; charset=utf-8", ("text/html",), True),
        ("TEXT/HTML", ("text/html",), True),
        ("text/markdown", ("application/pdf", "text/*"), True),
        ("", ("text/html",), True),
        ("application/zip", (), True),
        ("application/zip", ("text/html", "text/*"), False),
        ("text", ("text/*",), False),
        ("texts/html", ("text/*",), False),
        ("text/html-sandboxed", ("text/html",), False),
    ],
)
def test_only_what_is_of_use_is_taken(found: str, accepts: tuple[str, ...], is_taken: bool) -> None:
    with serving({"/a": status(200, PAGE, content_type=found)}) as server:
        if is_taken:
            assert ask(server, accepts=accepts).media_type == found
        else:
            error = fault(server, accepts=accepts)
            assert not error.is_passing
            assert f"is {found}, expected was {' or '.join(accepts)}" in str(error)


def test_an_empty_answer_is_left_to_the_reader() -> None:
    with serving({"/a": ""}) as server:
        assert ask(server).data == b""
