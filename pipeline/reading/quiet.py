"""Keeps third-party libraries from writing to the terminal while an article is read."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet(*names: str) -> Iterator[None]:
    """Let the loggers `names` pass nothing but critical messages inside the block, and as before after it.

    What goes wrong reaches the user as the reason of a reject; the libraries' own remarks would tear up the
    progress bar.
    """
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
