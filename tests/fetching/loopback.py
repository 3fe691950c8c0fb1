"""A real HTTP server on this machine that does what a test tells it to, well or badly."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pipeline.records import Source


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: `path` without the query, `parameters` with the first value of each name."""

    method: str
    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes = b""


class Exchange:
    """What a route answers with; it may answer well with `reply`, or write whatever it likes with `raw`."""

    def __init__(self, handler: BaseHTTPRequestHandler, request: Request, is_closing: threading.Event) -> None:
        self._handler = handler
        self._is_closing = is_closing
        self.request = request

    def reply(self, body: bytes | str = b"", status: int = 200, **headers: str) -> None:
        """A whole answer. Names of headers have underscores for hyphens (`content_type`); an empty one is left out."""
        data = body.encode() if isinstance(body, str) else body
        self._handler.send_response(status)
        shown = {"content_length": str(len(data)), "content_type": "text/html"} | headers
        for name, value in shown.items():
            if value:
                self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()
        self.raw(data)

    def raw(self, data: bytes) -> None:
        """Bytes as they are, headers and all."""
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def hang_up(self) -> None:
        """Close the connection after this answer."""
        self._handler.close_connection = True

    def wait(self, seconds: float) -> bool:
        """Pass `seconds`, or fewer if the server is closed meanwhile; whether it is still open."""
        return not self._is_closing.wait(seconds)


Route = Callable[[Exchange], None]


@dataclass
class Server:
    """A running server: its address (`http://127.0.0.1:port`), its host, its routes, and what it was asked."""

    url: str
    host: str
    routes: dict[str, Route]
    requests: list[Request] = field(default_factory=list)

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def source(self, **keys: Any) -> Source:
        """A source of web pages that may ask this server, and no other on this machine."""
        return Source(**{"source_id": "s", "title": "S", "kind": "pages", "allow_private": (self.host,)} | keys)


def in_turn(*routes: Route | str | bytes) -> Route:
    """A route that answers as the first of `routes`, then as the second, and as the last from then on."""
    turns = count()
    return lambda exchange: _route(routes[min(next(turns), len(routes) - 1)])(exchange)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients hang up in the middle, as they are tested to."""


@contextmanager
def serving(routes: Mapping[str, Route | str | bytes], tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve `routes` by path; a string is a page of HTML. What has no route is 404, robots.txt too.

    With `tls`, over https.
    """
    is_closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10
        disable_nagle_algorithm = True  # else each answer waits for 40 ms

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            parameters = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, parts.path, parameters, headers, self.rfile.read(length))
            server.requests.append(request)
            route = server.routes.get(parts.path)
            exchange = Exchange(self, request, is_closing)
            try:
                if route is None:
                    exchange.reply("not here", 404)
                else:
                    route(exchange)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client had enough

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    listener = _Listener(("127.0.0.1", 0), Handler)
    if tls is not None:
        # The handshake is the business of a request's own thread: here it would hold up those that follow.
        listener.socket = tls.wrap_socket(listener.socket, server_side=True, do_handshake_on_connect=False)
    host = f"127.0.0.1:{listener.server_address[1]}"
    server = Server(
        f"{'https' if tls else 'http'}://{host}", host, {path: _route(route) for path, route in routes.items()}
    )
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        is_closing.set()
        listener.shutdown()
        listener.server_close()
        thread.join()


def _route(route: Route | str | bytes) -> Route:
    if callable(route):
        return route
    page = route
    return lambda exchange: exchange.reply(page)
