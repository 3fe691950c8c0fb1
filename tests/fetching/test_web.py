from collections.abc import Sequence

import pytest

from pipeline.fetching.terms import Terms
from pipeline.fetching.web import Answer, FetchError, WebClient, user_agent
from pipeline.records import Visit
from tests.fetching.loopback import serving
from tests.fetching.one_request import NOON, PAGE, QUICK, ask, fault, raw, status, to


def test_an_answer_has_bytes_type_validators_and_address() -> None:
    page = status(200, PAGE, content_type="text/html; charset=utf-8", etag='W/"1"', last_modified="Fri, 20 Nov 2026")
    with serving({"/a": page}) as server:
        answer = ask(server, "/a?b=c#part")
        assert answer == Answer(
            f"{server.url}/a?b=c", PAGE.encode(), "text/html; charset=utf-8", 'W/"1"', "Fri, 20 Nov 2026"
        )


def test_parameters_are_added_and_named_neither_in_messages_nor_in_the_answer() -> None:
    with serving({"/a": PAGE}) as server:
        answer = ask(server, "/a?db=pubmed", parameters={"api_key": "geheim", "term": "irisin & muscle"})
        assert server.requests[0].parameters == {"db": "pubmed", "api_key": "geheim", "term": "irisin & muscle"}
        assert answer.url == f"{server.url}/a"
        assert "geheim" not in str(fault(server, "/none", parameters={"api_key": "geheim"}))


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("", ""),
        ("me@example.org", "(+me@example.org)"),
        (" https://example.org/bot\r\nX-Evil: 1 ", "(+https://example.org/botX-Evil:1)"),
        ("me) (näh\\", "(+menh)"),
        ("\r\n", ""),
    ],
)
def test_the_user_agent_says_who_asks(contact: str, expected: str) -> None:
    agent = user_agent({"MYOCLAIMS_CONTACT": contact})
    assert agent.startswith("myokine-claims")
    assert agent.partition(" ")[2] == expected
    with serving({"/a": PAGE}) as server:
        with WebClient(server.source(), Terms(QUICK, environ={"MYOCLAIMS_CONTACT": contact})) as client:
            client.get(server.url + "/a")
        assert [request.headers["user-agent"] for request in server.requests] == [agent, agent]


def test_requests_are_plain_and_cookies_are_not_kept() -> None:
    with serving({"/a": status(302, location="/b", set_cookie="id=1; Path=/"), "/b": PAGE}) as server:
        ask(server, accepts=("text/html", "application/pdf"))
        assert len(server.requests) == 2
        for request in server.requests:
            assert request.method == "GET"
            assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding"}
            assert request.headers["accept"] == "text/html, application/pdf, */*;q=0.1"
            assert request.headers["host"] == server.host


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving({"/a": PAGE}) as server:
        assert ask(server).data == PAGE.encode()


@pytest.mark.parametrize(
    ("etag", "last_modified", "sent"),
    [
        ('"1"', "", {"if-none-match": '"1"'}),
        ("", "Fri, 20 Nov 2026 12:00:00 GMT", {"if-modified-since": "Fri, 20 Nov 2026 12:00:00 GMT"}),
        ('"1"', "x", {"if-none-match": '"1"', "if-modified-since": "x"}),
    ],
)
def test_a_server_is_asked_whether_anything_changed(etag: str, last_modified: str, sent: dict[str, str]) -> None:
    with serving({"/a": raw(b'HTTP/1.1 304 Not Modified\r\nETag: "2"\r\n\r\n')}) as server:
        answer = ask(server, visit=Visit("s", "/a", NOON, etag, last_modified))
        assert answer == Answer(f"{server.url}/a", etag='"2"', is_unchanged=True)
        assert server.requests[0].headers.items() >= sent.items()


@pytest.mark.parametrize("etag", ["", '"1"\r\nX-Evil: 1', '"ü"', "x" * 5000])
def test_a_validator_that_cannot_be_sent_is_not_and_304_is_a_fault_then(etag: str) -> None:
    with serving({"/a": raw(b"HTTP/1.1 304 Not Modified\r\n\r\n")}) as server:
        error = fault(server, visit=Visit("s", "/a", NOON, etag))
        assert "304 Not Modified" in str(error)
        assert {"if-none-match", "x-evil"}.isdisjoint(server.requests[0].headers)


def test_an_address_that_is_none_is_told() -> None:
    with serving({}) as server, WebClient(server.source(), Terms(QUICK)) as client:
        with pytest.raises(FetchError, match="does not begin with http://") as caught:
            client.get("ftp://example.org/a")
        assert not caught.value.is_passing


@pytest.mark.parametrize(
    ("delay_s", "requests_per_s", "expected"),
    [(0.0, None, 0.0), (40.0, None, 40.0), (0.0, 0.1, 10.0), (40.0, 3.0, 40.0)],
)
def test_requests_to_one_host_are_paced(delay_s: float, requests_per_s: float | None, expected: float) -> None:
    naps: list[float] = []
    with serving({"/a": PAGE, "/b": to("/a")}) as server:
        source = server.source(delay_s=delay_s)
        terms = Terms(QUICK, sleep=naps.append)
        with WebClient(source, terms, obeys_robots=False, requests_per_s=requests_per_s) as client:
            client.get(server.url + "/a")
            assert naps == []
            client.get(server.url + "/b")
    assert naps == ([pytest.approx(expected, abs=1)] * 2 if expected else [])


def test_a_connection_is_used_again_and_its_name_not_looked_up_again() -> None:
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        looked_up.append(host)
        return [host]

    with serving({"/robots.txt": "", "/a": PAGE, "/b": PAGE}) as server:
        client = WebClient(server.source(), Terms(QUICK), resolve=resolve)
        with client:
            client.get(server.url + "/a")
            client.get(server.url + "/b")
    assert looked_up == ["127.0.0.1"]
