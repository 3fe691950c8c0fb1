"""How far a run has come, told to whoever listens; a run that nobody watches works the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """What the run is at (`articles`, `reconciling`, `exporting`), articles done with and claims found so far."""

    step: str
    articles: int
    claims: int


Listener = Callable[[Progress], None]


def _ignore(_: Progress) -> None:
    """What an unwatched run reports to."""


_listener: ContextVar[Listener] = ContextVar("listener", default=_ignore)


def report(progress: Progress) -> None:
    """Tell the listener of the running context."""
    _listener.get()(progress)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Within the block, every report of this context goes to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
