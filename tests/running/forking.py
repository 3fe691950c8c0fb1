"""Runs in processes that are forked from one with everything loaded, so that a hundred of them cost little.

    python -m tests.running.forking

Reads from standard input a JSON object a line: `sources`, `db`, and what is done to the run: `kill_after` (seconds,
then SIGKILL), `largest_file` (bytes: the kernel writes no larger one, as on a full disk), `unprivileged` (root obeys
the permissions of files). Each run is a process of its own. Answers `killed`, `ended`, or the message of the error.

The flow is the real one, without Prefect's engine around its tasks: that keeps nothing in the output folder, and
takes seconds to start.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import time
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a process with threads is not forked
CAPABILITY_VERSION = 0x20080522


class Untracked:
    """A task of Prefect as the plain function that it wraps."""

    def __init__(self, task: Any) -> None:
        self._function = task.fn

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._function(*arguments, **named)

    def with_options(self, **_: Any) -> "Untracked":
        return self


def main() -> None:
    from pipeline.prefect_local import settle

    settle()
    import flows
    import pipeline
    from pipeline.concepts.grounding import open_concepts

    tasks = ("extract_batch", "reconcile", "publish", "export_tables")
    for name in tasks:
        setattr(flows, name, Untracked(getattr(flows, name)))
    setattr(flows, "show_run", lambda _: None)  # noqa: B010
    pipeline.extract("Irisin increases BDNF in mice, and FNDC3B rises.")
    open_concepts(["hgnc:3675"])
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        from_child, to_parent = os.pipe()
        child = os.fork()
        if not child:
            said = "died"
            try:
                _restrict(asked)
                flows.claims_flow.fn(asked["sources"], asked["db"])
                said = "ended"
            except Exception as error:
                said = f"{type(error).__name__}: {error}"
            finally:
                os.write(to_parent, said.encode())
                os._exit(0)
        os.close(to_parent)
        if "kill_after" in asked:
            _kill(child, time.monotonic() + asked["kill_after"])
        _, status = os.waitpid(child, 0)
        with open(from_child, encoding="utf-8") as answer:
            said = answer.read()
        print("killed" if os.WIFSIGNALED(status) else said, flush=True)


def _restrict(asked: dict[str, Any]) -> None:
    if "largest_file" in asked:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["largest_file"], asked["largest_file"]))
    if asked.get("unprivileged"):
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
        if ctypes.CDLL(None, use_errno=True).capset(header, (ctypes.c_uint32 * 6)()):
            raise OSError(ctypes.get_errno(), "the capabilities cannot be dropped")


def _kill(child: int, at: float) -> None:
    while time.monotonic() < at and not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
