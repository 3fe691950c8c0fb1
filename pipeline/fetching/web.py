"""One visit to the web: polite, patient within limits, and never where it was not sent."""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Self

import httpcore
import httpx

from pipeline.fetching.addresses import AddressRefused, Guard, checked, resolve
from pipeline.fetching.answers import Answer, FetchError, validator
from pipeline.fetching.asking import Asker, Wish
from pipeline.fetching.connecting import Deadline, GuardedBackend, Resolver
from pipeline.fetching.retrying import Pace, asked_until_had
from pipeline.fetching.robots import MAX_BYTES, PRODUCT, Rules, learn_rules
from pipeline.fetching.terms import Terms
from pipeline.records import Source, Visit

__all__ = ["Answer", "FetchError", "WebClient"]

_CONTACT = "MYOCLAIMS_CONTACT"
_LONGEST_CONTACT = 200
_IDLE_S = 10.0


class WebClient:
    """Asks web servers on behalf of `source`, as a context manager; for one thread.

    It keeps to robots.txt (unless `obeys_robots` is false: for services that are made to be asked by programs) and to
    a least time between two requests to one host: the longest of the source's `delay_s`, what `requests_per_s`
    allows, and the site's `Crawl-delay`. It says who it is, with the contact in `MYOCLAIMS_CONTACT` if there is one.

    Only public addresses are connected to, and those that `source.allow_private` names. Cookies are neither sent nor
    kept, and proxies of the environment are not used: the guard could not see where they lead. Certificates are
    trusted as `SSL_CERT_FILE` says, or as browsers do. `resolve` gives the numeric addresses of a host.
    """

    def __init__(
        self,
        source: Source,
        terms: Terms,
        *,
        obeys_robots: bool = True,
        requests_per_s: float | None = None,
        resolve: Resolver = resolve,
    ) -> None:
        self._terms = terms
        self._gap_s = max(source.delay_s, 1 / requests_per_s if requests_per_s else 0.0)
        self._obeys_robots = obeys_robots
        self._rules: dict[httpx.URL, Rules] = {}
        self._pace = Pace(terms)
        deadline = Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_keepalive_connections=2,
            keepalive_expiry=_IDLE_S,
            network_backend=GuardedBackend(Guard.allowing(source.allow_private), resolve, deadline),
        )
        self._asker = Asker(self._pool, deadline, user_agent(terms.environ), terms.limits, terms.now)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def get(
        self,
        url: str,
        *,
        parameters: Mapping[str, str] | None = None,
        visit: Visit | None = None,
        accepts: Sequence[str] = (),
    ) -> Answer:
        """What is at `url`, with `parameters` added to its query; raises FetchError.

        With `visit`, the server is asked whether anything changed since. `accepts` are the media types that are of
        use (`text/html`, `text/*`); without them any is. `parameters` may hold keys: they are in no message, and not
        in the `url` of the answer.
        """
        try:
            address = checked(url)
        except AddressRefused as error:
            raise FetchError(str(error), is_passing=False) from error
        if parameters:
            address = address.copy_merge_params(parameters)
        headers = _conditions(visit) if visit else {}
        wish = Wish(self._terms.limits.max_bytes, accepts, headers, hides_query=bool(parameters))
        return asked_until_had(lambda: self._follow(address, wish, self._obeys_robots), self._terms)

    def _follow(self, url: httpx.URL, wish: Wish, obeys_robots: bool) -> Answer:
        first = wish.shown(url)
        seen = {url}
        while True:
            gap_s = self._gap_s
            if obeys_robots:
                rules = self._rules_of(url)
                rules.check(url, wish.shown(url))
                gap_s = max(gap_s, min(rules.delay_s, self._terms.limits.longest_wait_s))
            self._pace.wait(url.raw_host.decode("ascii"), gap_s)
            found = self._asker.ask(url, wish)
            if isinstance(found, Answer):
                return found
            url = found
            if url in seen:
                reason = f"{first} leads in a circle, which some sites do to those who keep no cookies; remove it"
                raise FetchError(reason, is_passing=False)
            if len(seen) > self._terms.limits.redirects:
                reason = f"{first} leads on more than {self._terms.limits.redirects} times, at last to "
                raise FetchError(f"{reason}{wish.shown(url)}; correct the address", is_passing=False)
            seen.add(url)

    def _rules_of(self, url: httpx.URL) -> Rules:
        origin = url.copy_with(raw_path=b"/")
        if origin not in self._rules:
            self._rules[origin] = learn_rules(origin, self._robots_txt)
        return self._rules[origin]

    def _robots_txt(self, url: httpx.URL) -> Answer:
        wish = Wish(MAX_BYTES, is_cut=True)
        return asked_until_had(lambda: self._follow(url, wish, obeys_robots=False), self._terms)


def user_agent(environ: Mapping[str, str]) -> str:
    """`myokine-claims/0.1.0 (+somebody@example.org)`; the contact only where `environ` has one."""
    try:
        product = f"{PRODUCT}/{version(PRODUCT)}"
    except PackageNotFoundError:
        product = PRODUCT
    given = environ.get(_CONTACT, "")
    contact = "".join(c for c in given if "!" <= c <= "~" and c not in "()\\")[:_LONGEST_CONTACT]
    return f"{product} (+{contact})" if contact else product


def _conditions(visit: Visit) -> dict[str, str]:
    headers = {"If-None-Match": validator(visit.etag), "If-Modified-Since": validator(visit.last_modified)}
    return {name: value for name, value in headers.items() if value}
