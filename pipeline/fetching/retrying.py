"""Patience: how long to wait before asking again, and how soon the same host may be asked at all."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type

from pipeline.fetching.answers import FetchError, TryAgain
from pipeline.fetching.terms import Terms

T = TypeVar("T")


def asked_until_had(ask: Callable[[], T], terms: Terms) -> T:
    """What `ask` returns, called again after TryAgain within the limits of `terms`; raises FetchError after the last.

    The wait doubles, with a random share added, so that many who were refused together do not come back together.
    """
    limits = terms.limits

    def wait_s(state: RetryCallState) -> float:
        grown: float = limits.first_wait_s * 2 ** (state.attempt_number - 1) * random.uniform(1.0, 1.5)
        return min(max(grown, _error(state).asked_wait_s), limits.longest_wait_s)

    def asks_too_long(state: RetryCallState) -> bool:
        return _error(state).asked_wait_s > limits.longest_wait_s

    def give_up(state: RetryCallState) -> T:
        error = _error(state)
        why = "was asked once" if state.attempt_number == 1 else f"was asked {state.attempt_number} times"
        if asks_too_long(state):
            asked = f"{error.asked_wait_s:.0f} s" if error.asked_wait_s < 86400 else "a day or more"
            why = f"asks for a pause of {asked}, and {limits.longest_wait_s:g} s are the longest that is waited"
        reason = f"{error}; it {why}; the next run asks again"
        raise FetchError(reason, is_passing=True, status=error.status) from error

    retrying = Retrying(
        sleep=terms.sleep,
        retry=retry_if_exception_type(TryAgain),
        stop=lambda state: state.attempt_number >= limits.tries or asks_too_long(state),
        wait=wait_s,
        retry_error_callback=give_up,
    )
    return retrying(ask)


def _error(state: RetryCallState) -> TryAgain:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, TryAgain):
        raise TypeError(f"only TryAgain is asked again, not {error!r}")
    return error


class Pace:
    """Keeps a least time between the beginnings of two requests to one host, on `terms`."""

    def __init__(self, terms: Terms) -> None:
        self._sleep = terms.sleep
        self._asked_at = terms.asked_at

    def wait(self, host: str, gap_s: float) -> None:
        """Return when `host` may be asked, `gap_s` after it was last; call it before each request."""
        last = self._asked_at.get(host)
        left = 0.0 if last is None else last + gap_s - time.monotonic()
        if left > 0:
            self._sleep(left)
        self._asked_at[host] = time.monotonic()
