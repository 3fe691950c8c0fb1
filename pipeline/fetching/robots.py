"""What sites ask of robots in their robots.txt (RFC 9309), and whether an address is open to this one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import httpx
from protego import Protego

from pipeline.fetching.answers import Answer, FetchError

PRODUCT = "myokine-claims"
MAX_BYTES = 500 * 1024  # as far as the RFC asks that a robots.txt be read

Fetch: TypeAlias = Callable[[httpx.URL], Answer]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the robots.txt of one origin says to us; `fault` is why that is not known and the origin left alone."""

    parsed: Protego = field(default_factory=lambda: Protego.parse(""))
    fault: FetchError | None = None

    @property
    def delay_s(self) -> float:
        """The seconds between two requests that the site asks for."""
        return self.parsed.crawl_delay(PRODUCT) or 0.0

    def check(self, url: httpx.URL, shown: str) -> None:
        """Raises FetchError unless `url`, named as `shown`, may be asked."""
        if self.fault:
            reason = f"{shown} was not asked, for it is not known what its site allows to robots: {self.fault}"
            raise FetchError(reason, is_passing=self.fault.is_passing)
        if not self.parsed.can_fetch(str(url), PRODUCT):
            reason = f"{shown} is closed to robots by {url.join('/robots.txt')}; remove the address, or save the "
            raise FetchError(reason + "article by hand and use a folder", is_passing=False)


def learn_rules(origin: httpx.URL, fetch: Fetch) -> Rules:
    """The rules at `origin`'s robots.txt, had through `fetch`.

    As the RFC says: without one (any 4xx) all is allowed; a server that fails or is not reached is left alone.
    """
    try:
        answer = fetch(origin.join("/robots.txt"))
    except FetchError as error:
        if error.status is not None and 400 <= error.status < 500 and not error.is_passing:
            return Rules()
        return Rules(fault=error)
    return Rules(Protego.parse(_text(answer.data)))


def _text(data: bytes) -> str:
    if len(data) >= MAX_BYTES:
        data = data[: data.rfind(b"\n") + 1]  # the last line may be cut in the middle and then say more than it did
    return data.decode("utf-8-sig", "replace")
