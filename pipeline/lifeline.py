"""Processes that end with the one that started them, however that one ends: a kill gives no chance to tell them."""

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing import parent_process

GRACE_S = 5.0
# Waits until the process that holds the other end of its standard input is gone; a line says that all is well.
GUARD = """
import os, signal, sys
if not sys.stdin.readline():
    try:
        os.kill(int(sys.argv[1]), signal.SIGTERM)
    except ProcessLookupError:
        sys.exit(0)
"""


def end_with_this_process(child: int) -> None:
    """See to it that the process `child`, which this one started, gets SIGTERM when this one is gone.

    For programs of others, which cannot be told to watch us: a small process does it. At an orderly exit of this
    process `child` is left to whoever ends it then.
    """
    guard = subprocess.Popen(
        [sys.executable, "-S", "-E", "-c", GUARD, str(child)],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C in the terminal is not for it
    )
    atexit.register(guard.communicate, b"\n")


def end_with_parent() -> None:
    """From now on this process, one that multiprocessing started, ends when its parent is gone, and not before.

    It is asked by SIGTERM and, `GRACE_S` seconds later, killed: otherwise what a killed parent leaves behind works
    on with nobody to see it. Ctrl-C is left to the parent, which decides what ends, and in which order. Call it in
    the main thread. A process that multiprocessing did not start stays as it is.
    """
    if parent_process() is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_follow_parent, name="lifeline", daemon=True).start()


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_S)
        os.kill(os.getpid(), signal.SIGKILL)
