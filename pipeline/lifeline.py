"""Processes that end with the one that started them, however that one ends: a kill gives no chance to tell them."""

import atexit
import os
import signal
import threading
from multiprocessing import Pipe, parent_process
from multiprocessing.connection import Connection, wait

GRACE_S = 5.0


def end_with_parent() -> None:
    """From now on this process, one that multiprocessing started, ends when its parent is gone, and not before.

    It is asked by SIGTERM and, `GRACE_S` seconds later, killed: otherwise what a killed parent leaves behind works
    on with nobody to see it. Ctrl-C is left to the parent, which decides what ends, and in which order. Call it in
    the main thread. A process that multiprocessing did not start stays as it is.
    """
    parent = parent_process()
    if parent is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        watched, done = Pipe(duplex=False)
        thread = threading.Thread(target=_follow, args=(parent.sentinel, watched), name="lifeline", daemon=True)
        thread.start()
        atexit.register(_let_go, thread, done)


def _follow(parent: int, done: Connection) -> None:
    if parent in wait([parent, done]):
        os.kill(os.getpid(), signal.SIGTERM)
        if not done.poll(GRACE_S):
            os.kill(os.getpid(), signal.SIGKILL)


def _let_go(thread: threading.Thread, done: Connection) -> None:
    """End `thread`: one that lives while Python is torn down makes DuckDB's binding print pages of warnings."""
    done.close()
    thread.join()
