"""What worker processes are forked from: a process that imports this has loaded all that extraction takes."""

import atexit
import gc
import logging
import os
import signal

log = logging.getLogger(__name__)


def _load() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which decides what ends
    # Nothing is left to do at the end, and DuckDB's binding would print pages about objects that are still there.
    atexit.register(os._exit, 0)
    try:
        from pipeline.running import extraction_task  # noqa: F401  workers look the task up there
        from pipeline.single_text import claims_of

        claims_of("Irisin increases BDNF in mice.")  # what is loaded at the first use is loaded now
    except Exception:
        # whoever gets a batch meets it again, and can tell the user
        log.debug("A worker's libraries or model cannot be loaded", exc_info=True)
    # the garbage collector would write to every object, and each worker then hold a copy of it
    gc.collect()
    gc.freeze()


_load()
