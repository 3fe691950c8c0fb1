"""One request and what comes back: within time and size, or a FetchError that says why not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import httpcore
import httpx

from pipeline.fetching.addresses import AddressRefused, checked
from pipeline.fetching.answers import (
    REDIRECTS,
    Answer,
    FetchError,
    TryAgain,
    check_media_type,
    check_status,
    in_words,
    validator,
)
from pipeline.fetching.connecting import CertificateRefused, Deadline
from pipeline.fetching.terms import Clock, FetchLimits, in_megabytes
from pipeline.fetching.unpacking import CODINGS, BrokenBytes, gathered, unpacked


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: which media types, with which further headers, how many bytes at most.

    `is_cut`: of more than `max_bytes` the rest is left out, where it is otherwise refused. `hides_query`: the query may
    hold a key, and is shown nowhere.
    """

    max_bytes: int
    accepts: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    is_cut: bool = False
    hides_query: bool = False

    @property
    def is_conditional(self) -> bool:
        return not self.headers.keys().isdisjoint({"If-None-Match", "If-Modified-Since"})

    def shown(self, url: httpx.URL) -> str:
        """`url` as messages name it."""
        return str(url.copy_with(query=None) if self.hides_query else url)


class Asker:
    """Sends single requests over `pool`; `deadline` is that of its connections."""

    def __init__(
        self, pool: httpcore.ConnectionPool, deadline: Deadline, user_agent: str, limits: FetchLimits, now: Clock
    ) -> None:
        self._pool = pool
        self._deadline = deadline
        self._user_agent = user_agent
        self._limits = limits
        self._now = now

    def ask(self, url: httpx.URL, wish: Wish) -> Answer | httpx.URL:
        """What `url` answers, or the address that it says to ask instead; raises FetchError."""
        self._deadline.set(self._limits.article_s)
        with self._faults_told(wish.shown(url)), self._request(url, wish) as response:
            return self._read(url, wish, response)

    def _request(self, url: httpx.URL, wish: Wish) -> AbstractContextManager[httpcore.Response]:
        headers = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": self._user_agent,
            "Accept": ", ".join((*wish.accepts, "*/*;q=0.1")) if wish.accepts else "*/*",
            "Accept-Encoding": "gzip",
        }
        limits = self._limits
        timeout = {"connect": limits.connect_s, "pool": limits.connect_s, "read": limits.read_s, "write": limits.read_s}
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = [(name.encode("ascii"), value.encode("ascii")) for name, value in {**headers, **wish.headers}.items()]
        return self._pool.stream("GET", target, headers=sent, extensions={"timeout": timeout})

    def _read(self, url: httpx.URL, wish: Wish, response: httpcore.Response) -> Answer | httpx.URL:
        shown = wish.shown(url)
        headers = httpx.Headers(response.headers)
        etag, last_modified = (validator(headers.get(name, "")) for name in ("etag", "last-modified"))
        if response.status in REDIRECTS:
            return _redirected(url, shown, response.status, headers.get("location", ""))
        if response.status == 304 and wish.is_conditional:
            return Answer(url=shown, etag=etag, last_modified=last_modified, is_unchanged=True)
        check_status(shown, response.status, headers, self._now())
        media_type = next(iter(headers.get_list("content-type")), "")
        check_media_type(shown, media_type, wish.accepts)
        data = _body(shown, wish, headers, response.iter_stream)
        return Answer(url=shown, data=data, media_type=media_type, etag=etag, last_modified=last_modified)

    @contextmanager
    def _faults_told(self, shown: str) -> Iterator[None]:
        limits = self._limits
        try:
            yield
        except AddressRefused as error:
            raise FetchError(f"{shown} was not asked: {error}", is_passing=False) from error
        except httpcore.TimeoutException as error:
            if self._deadline.is_over:
                reason = f"{shown} had not sent all after {limits.article_s:g} s; the next run asks again"
                raise FetchError(reason, is_passing=True) from error
            if isinstance(error, httpcore.ConnectTimeout):
                raise TryAgain(f"{shown} took no connection within {limits.connect_s:g} s") from error
            raise TryAgain(f"{shown} sent nothing for {limits.read_s:g} s") from error
        except CertificateRefused as error:
            reason = f"{shown} was not asked, for its certificate does not hold: {error}"
            raise FetchError(reason, is_passing=True) from error
        except httpcore.ConnectError as error:
            raise TryAgain(f"{shown} cannot be reached: {error}") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, BrokenBytes) as error:
            raise TryAgain(f"{shown} broke off or sent no valid answer: {str(error)[:200]}") from error


def _body(shown: str, wish: Wish, headers: httpx.Headers, chunks: Callable[[], Iterator[bytes]]) -> bytes:
    coding = headers.get("content-encoding", "").strip().lower()
    if coding not in CODINGS:
        reason = f"{shown} is packed with {coding[:50]!r}, though only gzip was asked for"
        raise FetchError(reason, is_passing=False)
    limit = wish.max_bytes
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit and not wish.is_cut:
        raise _too_large(shown, in_megabytes(int(announced)), limit)
    data, is_whole = gathered(unpacked(chunks(), coding, at_most=limit), limit)
    if not is_whole and not wish.is_cut:
        raise _too_large(shown, f"more than {in_megabytes(limit)}", limit)
    return data


def _too_large(shown: str, size: str, limit: int) -> FetchError:
    reason = f"{shown} is {size} large, the limit is {in_megabytes(limit)}; remove the address, or save its articles"
    return FetchError(f"{reason} one by one and use a folder", is_passing=False)


def _redirected(url: httpx.URL, shown: str, status: int, location: str) -> httpx.URL:
    if not location:
        raise FetchError(f"{shown} answers {in_words(status)} without saying where to", is_passing=False)
    try:
        target = checked(location, base=url)
    except AddressRefused as error:
        raise FetchError(f"{shown} leads on to where it cannot be followed: {error}", is_passing=False) from error
    if url.scheme == "https" and target.scheme == "http":
        reason = f"{shown} leads on from https to http ({target.copy_with(query=None)}), which is not followed; "
        raise FetchError(reason + "correct the address", is_passing=False)
    return target
