"""A process that is done ends for certain, even where a library hangs while the interpreter is taken down."""

import signal
from multiprocessing.util import Finalize

END_WITHIN_S = 120


def end_for_certain(within_s: int = END_WITHIN_S) -> None:
    """From the moment at which this process is done it has `within_s` seconds to end; then it is killed.

    Otherwise it would keep its memory, and one of the few places of those that wait for it, for ever. The operating
    system does it (SIGALRM), as no thread is sure to live so long. Call it in the main thread.
    """
    Finalize(None, _set_alarm, args=(within_s,), exitpriority=0)


def _set_alarm(within_s: int) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(within_s)
