"""What the Python processes that this one starts may import: the same modules as this one, from the same places."""

import os
import sys


def same_imports() -> dict[str, str]:
    """Variables for the environment of such a process.

    Left to itself, Python looks first in the folder in which the user happens to be, who may keep modules of the same
    names there.
    """
    return {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(os.path.abspath(folder) for folder in sys.path)}
