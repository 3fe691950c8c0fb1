from collections.abc import Sequence
from dataclasses import replace

import httpx
import pytest

from pipeline.fetching.answers import Answer
from pipeline.fetching.robots import MAX_BYTES, learn_rules
from pipeline.fetching.terms import FetchLimits, Terms
from pipeline.fetching.web import FetchError, WebClient
from tests.fetching.loopback import Exchange, Route, Server, in_turn, serving
from tests.fetching.one_request import status

LIMITS = FetchLimits(read_s=5.0, tries=2, longest_wait_s=30.0)


def text(said: str) -> Route:
    return lambda exchange: exchange.reply(said, content_type="text/plain")


def ask(server: Server, *paths: str, naps: list[float] | None = None, limits: FetchLimits = LIMITS) -> list[str]:
    terms = Terms(limits, sleep=naps.append if naps is not None else lambda _: None)
    with WebClient(server.source(), terms) as client:
        return [client.get(server.url + path).data.decode() for path in paths]


@pytest.mark.parametrize(
    ("rules", "is_open"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /private", True),
        ("User-agent: *\nDisallow: /", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", False),
        ("User-agent: *\nDisallow: /\nAllow: /a", True),
        ("User-agent: *\nDisallow: /*.html$", True),
        ("User-agent: *\nDisallow: /a?*q=", False),
        ("User-agent: myokine-claims\nDisallow: /", False),
        ("User-agent: Myokine-Claims\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: otherbot\nDisallow: /", True),
        ("<html><p>Disallow: /</p></html>", True),
        ("\0\xff\xfe" * 50, True),
    ],
)
def test_an_address_is_open_or_closed_as_the_rules_say(rules: str, is_open: bool) -> None:
    with serving({"/robots.txt": text(rules), "/a": "irisin"}) as server:
        if is_open:
            assert ask(server, "/a?x=1&q=2") == ["irisin"]
        else:
            with pytest.raises(FetchError, match=r"closed to robots by .*/robots\.txt; remove the address") as caught:
                ask(server, "/a?x=1&q=2")
            assert not caught.value.is_passing
            assert server.asked("/a") == []


@pytest.mark.parametrize("number", [400, 401, 403, 404, 410, 451])
def test_without_rules_all_is_open(number: int) -> None:
    with serving({"/robots.txt": status(number), "/a": "irisin"}) as server:
        assert ask(server, "/a") == ["irisin"]


def hang(exchange: Exchange) -> None:
    exchange.wait(5)


@pytest.mark.parametrize("fault", [status(500), status(503), status(429), hang], ids=["500", "503", "429", "silence"])
def test_where_rules_cannot_be_had_the_site_is_left_alone_for_now(fault: Route) -> None:
    with serving({"/robots.txt": fault, "/a": "irisin"}) as server:
        with pytest.raises(FetchError, match="not known what its site allows") as caught:
            ask(server, "/a", limits=replace(LIMITS, read_s=0.2) if fault is hang else LIMITS)
        assert caught.value.is_passing
        assert len(server.asked("/robots.txt")) == LIMITS.tries
        assert server.asked("/a") == []


def test_rules_that_come_at_the_second_try_are_kept_to() -> None:
    rules = in_turn(status(503), text("User-agent: *\nDisallow: /"))
    with serving({"/robots.txt": rules, "/a": "irisin"}) as server, pytest.raises(FetchError, match="closed to robots"):
        ask(server, "/a")


def test_rules_are_asked_for_once_a_site_also_when_they_fail() -> None:
    with serving({"/a": "a", "/b": "b"}) as server:
        assert ask(server, "/a", "/b", "/a") == ["a", "b", "a"]
        assert len(server.asked("/robots.txt")) == 1
    with serving({"/robots.txt": status(500), "/a": "a"}) as server:
        with WebClient(server.source(), Terms(LIMITS, sleep=lambda _: None)) as client:
            for _ in range(3):
                with pytest.raises(FetchError):
                    client.get(server.url + "/a")
        assert len(server.asked("/robots.txt")) == LIMITS.tries


def test_rules_are_followed_to_where_they_moved_and_hold_there_for_redirected_articles() -> None:
    with serving({"/robots.txt": text("User-agent: *\nDisallow: /moved"), "/moved": "irisin"}) as other:
        routes: dict[str, Route | str | bytes] = {
            "/robots.txt": status(301, location="/rules"),
            "/rules": text("User-agent: *\nDisallow: /closed"),
            "/closed": "x",
            "/a": status(302, location=f"{other.url}/moved"),
        }
        with serving(routes) as server:
            source = server.source(allow_private=(server.host, other.host))
            with WebClient(source, Terms(LIMITS)) as client:
                for path, host in (("/closed", server.host), ("/a", other.host)):
                    with pytest.raises(FetchError, match=f"closed to robots by http://{host}/robots.txt"):
                        client.get(server.url + path)
        assert other.asked("/moved") == []


def test_a_service_for_programs_is_asked_without_its_rules() -> None:
    with serving({"/robots.txt": text("User-agent: *\nDisallow: /"), "/a": "irisin"}) as server:
        with WebClient(server.source(), Terms(LIMITS), obeys_robots=False) as client:
            assert client.get(server.url + "/a").data == b"irisin"
        assert server.asked("/robots.txt") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [("Crawl-delay: 7", 7), ("Crawl-delay: 1e99", 30), ("Crawl-delay: -5", 0), ("Crawl-delay: soon", 0)],
)
def test_the_pause_that_a_site_asks_for_is_kept_within_the_longest(line: str, expected: float) -> None:
    naps: list[float] = []
    with serving({"/robots.txt": text(f"User-agent: *\n{line}"), "/a": "a", "/b": "b"}) as server:
        ask(server, "/a", "/b", naps=naps)
    assert naps == [pytest.approx(expected, abs=1)] * (2 if expected else 0)


def learned(data: bytes, paths: Sequence[str]) -> list[bool]:
    origin = httpx.URL("https://example.org/")
    rules = learn_rules(origin, lambda url: Answer(str(url), data))
    found = []
    for path in paths:
        try:
            rules.check(origin.join(path), path)
        except FetchError:
            found.append(False)
        else:
            found.append(True)
    return found


def test_a_last_line_that_is_cut_in_the_middle_says_nothing() -> None:
    head = b"User-agent: *\nDisallow: /b\n"
    cut = b"\nDisallow: /article"
    filling = b"#" * (MAX_BYTES - len(head) - len(cut))
    assert learned(head + filling + cut, ["/article/1", "/b"]) == [True, False]


def test_rules_beyond_the_limit_are_not_read() -> None:
    rules = b"User-agent: *\nDisallow: /b\n" + b"# filling\n" * 60_000 + b"Disallow: /a\n"
    with serving({"/robots.txt": lambda exchange: exchange.reply(rules), "/a": "a", "/b": "b"}) as server:
        assert ask(server, "/a") == ["a"]
        with pytest.raises(FetchError, match="closed to robots"):
            ask(server, "/b")
