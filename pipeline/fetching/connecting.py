"""Connections that go only where the guard lets them, and end when their time is over."""

import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import httpcore

from pipeline.fetching.addresses import Guard

Resolver: TypeAlias = Callable[[str, int], Sequence[str]]

_EARLY_S = 0.01  # a socket that was given the time that is left may end its wait a little sooner


class CertificateRefused(Exception):
    """A server's certificate is not one for its name that is trusted here; the text says why."""


class Deadline:
    """The moment by which the present answer must be whole; it is set anew for each."""

    def __init__(self) -> None:
        self._at = float("inf")

    def set(self, seconds: float) -> None:
        """From now."""
        self._at = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._at - _EARLY_S

    def within(self, timeout: float | None) -> float:
        """The part of `timeout` that is left; raises httpcore.ReadTimeout when nothing is."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the whole answer is over")
        return left if timeout is None else min(timeout, left)


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves a host once, has the guard look at its addresses, and connects to one of those that it saw.

    It sits below HTTP and TLS, so that no connection passes it by, a name is not looked up a second time (an answer
    of DNS that changes in between finds nobody who asks), and certificates are held against the name.
    """

    def __init__(
        self, guard: Guard, resolve: Resolver, deadline: Deadline, network: httpcore.NetworkBackend | None = None
    ) -> None:
        self._guard = guard
        self._resolve = resolve
        self._deadline = deadline
        self._network = network or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to `host`; raises AddressRefused, httpcore.ConnectError or httpcore.ConnectTimeout."""
        try:
            addresses = self._resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"the name {host} leads to no address ({error})") from error
        self._guard.check(host, port, addresses)
        failure: Exception = httpcore.ConnectError(f"the name {host} leads to no address")
        for address in addresses:
            try:
                stream = self._network.connect_tcp(
                    address, port, self._deadline.within(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class _TimedStream(httpcore.NetworkStream):
    """A stream of bytes whose every step ends by the deadline, so that one byte a second does not go on for ever."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.within(timeout))
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise CertificateRefused(error.__cause__.verify_message) from error
            raise
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
