from collections.abc import Sequence

import pytest

from pipeline.fetching.terms import Terms
from pipeline.fetching.web import FetchError, WebClient
from tests.fetching.loopback import Route, Server, serving
from tests.fetching.one_request import PAGE, QUICK, ask, fault, to


def port(server: Server) -> str:
    return server.host.partition(":")[2]


@pytest.mark.parametrize("number", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_the_last_address_is_named(number: int) -> None:
    with serving({"/a": to("b/c?d=1#part", number), "/e": PAGE}) as server:
        server.routes["/b/c"] = to(f"//{server.host}/e", number)
        assert ask(server).url == f"{server.url}/e"
        assert server.asked("/b/c")[0].parameters == {"d": "1"}


def test_only_so_many_redirects_are_followed() -> None:
    routes = {f"/{number}": to(f"/{number + 1}") for number in range(20)}
    with serving({**routes, "/20": PAGE}) as server:
        assert ask(server, "/15").data == PAGE.encode()
        error = fault(server, "/14")
        assert not error.is_passing
        assert "leads on more than 5 times, at last to" in str(error)
        assert len(server.requests) == 12


@pytest.mark.parametrize("routes", [{"/a": to("/a")}, {"/a": to("/b"), "/b": to("/a")}], ids=["itself", "two"])
def test_redirects_in_a_circle_end(routes: dict[str, Route]) -> None:
    with serving(routes) as server:
        error = fault(server)
        assert not error.is_passing
        assert "leads in a circle" in str(error)
        assert len(server.requests) == len(routes)


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("", "without saying where to"),
        ("file:///etc/passwd", "does not begin with http"),
        ("javascript:alert(1)", "does not begin with http"),
        ("http://user:geheim@example.org/", "user name or password"),
        ("http://0177.0.0.1/", "is no address"),
        ("http://-/", "has no host"),
        ("/" + "a" * 9000, "characters"),
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254 is not public"),
        ("http://127.0.0.2:{port}/secret", "127.0.0.2 is not public"),
        ("http://[::1]:{port}/secret", "::1 is not public"),
        ("http://[::ffff:127.0.0.1]:{port}/secret", "is not public"),
        ("http://localhost:{port}/secret", "localhost is at"),
        ("http://2130706433:{port}/secret", "2130706433 is at 127.0.0.1"),
        ("http://127.1:{port}/secret", "127.1 is at 127.0.0.1"),
        ("http://0.0.0.0:{port}/secret", "0.0.0.0 is not public"),
    ],
)
def test_a_redirect_astray_is_refused_and_nothing_is_asked_there(location: str, said: str) -> None:
    naps: list[float] = []
    with serving({"/secret": PAGE}) as server:
        server.routes["/a"] = to(location.replace("{port}", port(server)))
        error = fault(server, naps=naps)
        assert said in str(error)
        assert "geheim" not in str(error)
        assert not error.is_passing
        assert [request.path for request in server.requests] == ["/a"]
    assert naps == []


def test_another_port_of_an_allowed_machine_is_not_allowed() -> None:
    with serving({"/secret": PAGE}) as other, serving({"/a": to(f"{other.url}/secret")}) as server:
        assert f"add '{other.host}' to `allow_private`" in str(fault(server))
        assert other.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433"])
def test_this_machine_is_not_asked_unless_the_catalog_names_it(host: str) -> None:
    with serving({"/a": PAGE}) as server:
        client = WebClient(server.source(allow_private=()), Terms(QUICK))
        with client, pytest.raises(FetchError, match="is not public") as caught:
            client.get(f"http://{host}:{port(server)}/a")
        assert not caught.value.is_passing
        assert server.requests == []


def test_a_name_that_leads_to_this_machine_is_not_asked() -> None:
    with serving({"/a": PAGE}) as server:
        client = WebClient(server.source(), Terms(QUICK), resolve=lambda *_: ["127.0.0.1"])
        with client, pytest.raises(FetchError, match=r"evil\.example is at 127\.0\.0\.1, which is not public"):
            client.get(f"http://evil.example:{port(server)}/a")
        assert server.requests == []


def test_a_name_that_leads_nowhere_may_lead_somewhere_another_day() -> None:
    naps: list[float] = []

    def fail(host: str, port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    client = WebClient(Server("", "", {}).source(), Terms(QUICK, sleep=naps.append), resolve=fail)
    with client, pytest.raises(FetchError, match=r"gone\.example leads to no address \(Name or service") as caught:
        client.get("http://gone.example/a")
    assert caught.value.is_passing
    assert len(naps) == 2
