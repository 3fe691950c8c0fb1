"""Runs that a change in a watched source starts, beside those of the schedule."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import get_client

from pipeline.fetching.catalog import load_sources
from pipeline.fetching.watching import changes
from pipeline.records import Source
from pipeline.serving.stranded import runs_at_work

SETTLE_S = 5.0
LOOK_EVERY_S = 2.0


def watched_sources(path: Path) -> list[Source]:
    """The sources to watch of those that `path` names: the marked ones of a catalog, or the folder or file itself.

    Raises CatalogError where `path` is missing or the catalog is wrong.
    """
    found = load_sources(path)
    if path.suffix.lower() == ".toml":
        return [source for source in found if source.watch]
    return [replace(source, watch=True) for source in found]


def run_on_changes(
    deployment: UUID, sources: Sequence[Source], stop: threading.Event, settle_s: float = SETTLE_S
) -> None:
    """Until `stop`, start a run whenever one of `sources`, which are watched, has changed and come to rest.

    While a run is at work its end is waited for: it may have read the source already, and another one would be refused.
    """
    with get_client(sync_client=True) as client:
        for changed in changes(sources, settle_s, stop):
            while runs_at_work(client, deployment):
                if stop.wait(LOOK_EVERY_S):
                    return
            client.create_flow_run_from_deployment(deployment, tags=[f"changed: {name}" for name in sorted(changed)])
