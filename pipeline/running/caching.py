"""What Prefect keeps of extractions until their run is published: after a crash they need not be done again."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from prefect.context import TaskRunContext
from prefect.settings import PREFECT_LOCAL_STORAGE_PATH


def extraction_key(_: TaskRunContext, parameters: dict[str, Any]) -> str:
    """The name under which the result of an extraction is kept; see `key_of`."""
    return key_of(parameters["key"], parameters["begun"])


def key_of(batch_key: str, begun: str) -> str:
    """A batch (its articles' content, the pipeline's version, lexicons and model) within an unpublished run."""
    return f"{batch_key}-{begun}"


def forget(keys: Iterable[str]) -> None:
    """Remove what is kept on this machine under `keys`: it is published now."""
    for key in keys:
        Path(PREFECT_LOCAL_STORAGE_PATH.value(), key).unlink(missing_ok=True)
