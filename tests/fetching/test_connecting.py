import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.fetching.addresses import AddressRefused, Guard
from pipeline.fetching.connecting import Deadline, GuardedBackend
from pipeline.fetching.terms import FetchLimits, Terms
from pipeline.fetching.web import FetchError, WebClient
from tests.fetching.loopback import Server, serving
from tests.fetching.one_request import to

PUBLIC, OTHER, PRIVATE = "93.184.216.34", "93.184.216.35", "10.0.0.7"


class Network(httpcore.NetworkBackend):
    """Notes where connections would have gone; the addresses in `dead` take none."""

    def __init__(self, dead: Sequence[str] = ()) -> None:
        self.reached: list[str] = []
        self._dead = dead

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self.reached.append(host)
        if host in self._dead:
            raise httpcore.ConnectError("refused")
        return httpcore.NetworkStream()


def names(*answers: Sequence[str]) -> Callable[[str, int], Sequence[str]]:
    """A resolver that gives one of `answers` after the other."""
    left = iter(answers)
    return lambda host, port: next(left)


def test_the_connection_goes_to_the_address_that_was_checked_and_the_name_is_looked_up_once() -> None:
    network = Network()
    backend = GuardedBackend(Guard(), names([PUBLIC], [PRIVATE]), Deadline(), network)
    backend.connect_tcp("rebound.example", 80)
    assert network.reached == [PUBLIC]


def test_a_name_that_has_become_private_is_refused_at_the_next_connection() -> None:
    network = Network()
    backend = GuardedBackend(Guard(), names([PUBLIC], [PRIVATE]), Deadline(), network)
    backend.connect_tcp("rebound.example", 80)
    with pytest.raises(AddressRefused):
        backend.connect_tcp("rebound.example", 80)
    assert network.reached == [PUBLIC]


@pytest.mark.parametrize("addresses", [[PRIVATE], [PUBLIC, PRIVATE], [PRIVATE, PUBLIC], ["::ffff:127.0.0.1"]])
def test_nothing_is_connected_to_if_any_address_is_private(addresses: list[str]) -> None:
    network = Network()
    with pytest.raises(AddressRefused, match="not public"):
        GuardedBackend(Guard(), names(addresses), Deadline(), network).connect_tcp("evil.example", 80)
    assert network.reached == []


def test_the_next_address_is_tried_when_one_takes_no_connection() -> None:
    network = Network(dead=[PUBLIC])
    GuardedBackend(Guard(), names([PUBLIC, OTHER]), Deadline(), network).connect_tcp("a.example", 80)
    assert network.reached == [PUBLIC, OTHER]


def test_a_host_whose_addresses_are_all_dead_or_missing_cannot_be_reached() -> None:
    backend = GuardedBackend(Guard(), names([PUBLIC, OTHER], []), Deadline(), Network(dead=[PUBLIC, OTHER]))
    with pytest.raises(httpcore.ConnectError, match="refused"):
        backend.connect_tcp("a.example", 80)
    with pytest.raises(httpcore.ConnectError, match="leads to no address"):
        backend.connect_tcp("a.example", 80)


def test_a_deadline_shortens_timeouts_and_ends() -> None:
    deadline = Deadline()
    assert deadline.within(5.0) == 5.0
    deadline.set(2.0)
    assert 1.0 < deadline.within(None) <= 2.0
    assert deadline.within(0.5) == 0.5
    assert not deadline.is_over
    deadline.set(0.0)
    assert deadline.is_over
    with pytest.raises(httpcore.ReadTimeout):
        deadline.within(5.0)


@contextmanager
def serving_as(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server over https with a certificate for `name` that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(IPv4Address(PUBLIC))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "certificate.pem"))
    with serving({"/a": "irisin", "/plain": to("http://plain.example/?key=geheim")}, tls=context) as server:
        yield server


def secure(server: Server, name: str, path: str = "/a") -> str:
    """What the server says when it is asked over https by `name`, which leads to it."""
    host = server.host.replace("127.0.0.1", name)
    terms = Terms(FetchLimits(tries=1, connect_s=5.0))
    with WebClient(server.source(allow_private=(host,)), terms, resolve=lambda *_: ["127.0.0.1"]) as client:
        return client.get(f"https://{host}{path}").data.decode()


def test_a_certificate_is_held_against_the_name_and_not_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_as("articles.example", tmp_path, monkeypatch) as server:
        assert secure(server, "articles.example") == "irisin"
        assert server.asked("/a")[0].headers["host"].startswith("articles.example:")
        with pytest.raises(FetchError, match="certificate does not hold") as caught:
            secure(server, "other.example")
    assert caught.value.is_passing
    assert len(server.asked("/a")) == 1


def test_what_was_asked_over_https_is_not_followed_to_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving_as("articles.example", tmp_path, monkeypatch) as server:
        with pytest.raises(FetchError, match=r"from https to http \(http://plain\.example/\)") as caught:
            secure(server, "articles.example", "/plain")
        assert not caught.value.is_passing
        assert "geheim" not in str(caught.value)
