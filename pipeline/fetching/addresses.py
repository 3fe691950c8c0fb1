"""Which addresses may be asked: public ones over HTTP, and private ones that the catalog names."""

import ipaddress
import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import httpx

IPAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Host: TypeAlias = tuple[str, int | None]  # lower case, IDNA; any port where None

_USER = re.compile(r"//[^/]*@")
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?")

_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Two networks that are reserved, as `is_global` of the oldest supported Python does not know, and an address that is
# public in form but answered by the host of a virtual machine (Azure).
_ALSO_PRIVATE = tuple(ipaddress.ip_network(network) for network in ("192.0.0.0/24", "3fff::/20", "168.63.129.16/32"))
_LONGEST = 2048


class AddressRefused(Exception):
    """An address that is never asked; the text says why and what to do."""


def checked(address: str, base: httpx.URL | None = None) -> httpx.URL:
    """`address` without its fragment; raises AddressRefused unless it is of http or https, with a host and no password.

    It may be relative to `base`. Whether its host is public is seen only when it is connected to.
    """
    shown = _without_secrets(address)
    if len(address) > _LONGEST:
        raise AddressRefused(f"{shown!r} has {len(address)} characters, the limit is {_LONGEST}; correct it")
    try:
        url = base.join(address) if base else httpx.URL(address)
        host = url.raw_host.decode("ascii")
        port = 80 if url.port is None else url.port
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(f"{shown!r} is no address; correct it") from error
    if url.userinfo:
        raise AddressRefused(
            f"{shown!r} has a user name or password before the host; such addresses are not asked, because they would "
            "be kept beside the article: take it out"
        )
    if url.scheme not in ("http", "https"):
        raise AddressRefused(f"{shown!r} does not begin with http:// or https://; correct the address")
    if not _is_host(host) or not 0 < port <= 65535:
        raise AddressRefused(f"{shown!r} has no host, or none that can be asked; correct the address")
    return url.copy_with(fragment=None)


def _without_secrets(address: str) -> str:
    return _USER.sub("//", address.partition("?")[0])[:200]


def is_public(address: str) -> bool:
    """Whether the numeric `address` is one of the internet at large, also where IPv6 wraps one of IPv4."""
    try:
        return _is_public(ipaddress.ip_address(address))
    except ValueError:
        return False


def _is_public(ip: IPAddress) -> bool:
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return _is_public(ip.ipv4_mapped)
        if ip in _NAT64:
            return _is_public(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip.sixtofour is not None and not _is_public(ip.sixtofour):
            return False
        if ip.scope_id is not None or ip not in _PUBLIC_V6:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _ALSO_PRIVATE)


def parse_host(entry: str) -> Host | None:
    """`wiki.local`, `127.0.0.1:8000` or `[::1]:8000` of `allow_private` as host and port; None for what is no host."""
    bare = f"[{entry}]" if entry.count(":") > 1 and not entry.startswith("[") else entry
    try:
        # No known scheme: that of HTTP would lose port 80.
        url = httpx.URL(f"any://{bare}")
        host, port = url.raw_host.decode("ascii"), url.port
    except (httpx.InvalidURL, ValueError):
        return None
    is_host_alone = _is_host(host) and not url.userinfo and url.raw_path in (b"", b"/") and not url.fragment
    return (host, port) if is_host_alone else None


def _is_host(host: str) -> bool:
    return ":" in host or bool(_NAME.fullmatch(host))


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides whether a host may be connected to: if all its addresses are public, or it is among `private_hosts`."""

    private_hosts: frozenset[Host] = frozenset()

    @classmethod
    def allowing(cls, entries: Iterable[str]) -> "Guard":
        """A guard that lets the `allow_private` of a source pass; an entry that is no host allows nothing."""
        return cls(frozenset(host for host in map(parse_host, entries) if host is not None))

    def check(self, host: str, port: int, addresses: Sequence[str]) -> None:
        """Raises AddressRefused if any of `addresses`, to which `host` was resolved, is not public.

        One private address among public ones is enough: such a name is split, or leads astray on purpose.
        """
        if {(host, port), (host, None)} & self.private_hosts:
            return
        private = [address for address in addresses if not is_public(address)]
        if private:
            at = "" if host == private[0] else f" is at {private[0]}, which"
            entry = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            raise AddressRefused(
                f"the host {host}{at} is not public; if it is meant to be asked, add {entry!r} to `allow_private` of "
                "the source"
            )


def resolve(host: str, port: int) -> list[str]:
    """The numeric addresses of `host`, best first, as this machine's resolver gives them; raises OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"no name of a host: {error}") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
