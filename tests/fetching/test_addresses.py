import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetching.addresses import AddressRefused, Guard, Host, checked, is_public, parse_host, resolve


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.0.9",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::5db8:d822",
        "100::1",
        "2001::5db8:d822",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:c0a8:1::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "localhost",
        "2130706433",
        "0177.0.0.1",
        "",
    ],
)
def test_what_is_not_of_the_internet_at_large_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_public_addresses_are_public_also_where_one_of_ipv4_is_wrapped(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://Example.org", "https://example.org/"),
        ("https://example.org/a?b=c%20d#part", "https://example.org/a?b=c%20d"),
        ("http://bücher.example/ä", "http://xn--bcher-kva.example/%C3%A4"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("http://example.org:80/", "http://example.org/"),
        ("http://a_b.example.org./", "http://a_b.example.org./"),
    ],
)
def test_addresses_of_http_are_taken_without_their_fragment(given: str, expected: str) -> None:
    assert str(checked(given)) in (expected, expected.removesuffix("/"))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://example.org/a", "does not begin with http:// or https://"),
        ("file:///etc/passwd", "does not begin with http"),
        ("gopher://example.org/", "does not begin with http"),
        ("example.org/a", "does not begin with http"),
        ("//example.org/a", "does not begin with http"),
        ("", "does not begin with http"),
        ("http:///a", "has no host"),
        ("http://", "has no host"),
        ("http:example.org", "has no host"),
        ("http://a b/", "has no host"),
        ("http://-/", "has no host"),
        ("http://%31%32%37.0.0.1/", "has no host"),
        ("http://example.org:0/", "has no host"),
        ("http://example.org:99999/", "has no host"),
        ("http://example.org:http/", "is no address"),
        ("http://exa\nmple.org/", "is no address"),
        ("http://example.org/\r\nHost: other", "is no address"),
        ("http://0177.0.0.1/", "is no address"),
        ("http://[::1/", "is no address"),
        ("http://[:::]/", "is no address"),
        ("http://xn--/", "has no host"),
        ("http://example.org/" + "a" * 3000, "characters"),
    ],
)
def test_what_is_no_address_of_http_is_refused_saying_why(address: str, said: str) -> None:
    with pytest.raises(AddressRefused, match=said):
        checked(address)


@pytest.mark.parametrize(
    "address", ["https://user:geheim@example.org/?k=geheim", "https://geheim@example.org/", "ftp://u:gehe@im@h/"]
)
def test_an_address_with_a_password_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(AddressRefused, match="user name or password") as caught:
        checked(address)
    assert "geheim" not in str(caught.value)


@given(st.text() | st.text(alphabet="htps:/@[]%.0x1#?\\ aé").map("http://".__add__))
def test_any_text_is_taken_or_refused(text: str) -> None:
    try:
        url = checked(text)
    except AddressRefused as error:
        assert str(error)
    else:
        assert url.scheme in ("http", "https")
        assert url.raw_host
        assert not url.userinfo


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("wiki.local", ("wiki.local", None)),
        ("Wiki.Local:80", ("wiki.local", 80)),
        ("127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("::1", ("::1", None)),
        ("[::1]:8000", ("::1", 8000)),
        ("bücher.local", ("xn--bcher-kva.local", None)),
        ("", None),
        ("*", None),
        ("http://wiki.local", None),
        ("wiki.local/a", None),
        ("wiki.local:port", None),
        ("me@wiki.local", None),
        ("10.0.0.0/8", None),
        ("wiki local", None),
    ],
)
def test_an_entry_of_allow_private_is_a_host_with_or_without_port(entry: str, expected: Host | None) -> None:
    assert parse_host(entry) == expected


@pytest.mark.parametrize(
    ("entries", "host", "port", "passes"),
    [
        ((), "127.0.0.1", 80, False),
        (("127.0.0.1",), "127.0.0.1", 80, True),
        (("127.0.0.1",), "127.0.0.1", 8000, True),
        (("127.0.0.1:8000",), "127.0.0.1", 8000, True),
        (("127.0.0.1:8000",), "127.0.0.1", 80, False),
        (("127.0.0.1:8000",), "localhost", 8000, False),
        (("WIKI.local:80",), "wiki.local", 80, True),
        (("wiki.local",), "other.wiki.local", 80, False),
        (("wiki.local",), "wiki.local.example.org", 80, False),
        (("http://127.0.0.1", "*", ""), "127.0.0.1", 80, False),
    ],
)
def test_only_hosts_that_are_named_may_be_private(entries: tuple[str, ...], host: str, port: int, passes: bool) -> None:
    guard = Guard.allowing(entries)
    if passes:
        guard.check(host, port, ["127.0.0.1"])
    else:
        with pytest.raises(AddressRefused, match="is not public"):
            guard.check(host, port, ["127.0.0.1"])


def test_a_name_with_one_private_address_among_public_ones_is_refused_naming_it() -> None:
    with pytest.raises(AddressRefused, match=r"split\.example is at 10\.0\.0\.7, which is not public") as caught:
        Guard().check("split.example", 443, ["93.184.216.34", "10.0.0.7"])
    assert "add 'split.example:443' to `allow_private`" in str(caught.value)


def test_the_advice_for_ipv6_can_be_followed_as_it_stands() -> None:
    with pytest.raises(AddressRefused) as caught:
        Guard().check("::1", 8000, ["::1"])
    entry = str(caught.value).split("'")[1]
    Guard.allowing((entry,)).check("::1", 8000, ["::1"])


@pytest.mark.parametrize("spelled", ["2130706433", "127.1", "0x7f.1", "0177.0.0.1", "127.0.0.1", "localhost"])
def test_other_spellings_of_this_machine_are_seen_through(spelled: str) -> None:
    addresses = resolve(spelled, 80)
    assert addresses
    assert not any(is_public(address) for address in addresses)


def test_a_name_too_long_for_dns_leads_nowhere() -> None:
    with pytest.raises(OSError, match="no name of a host"):
        resolve("a" * 64 + ".example", 80)
