"""The task of Prefect for a batch; in a module of its own, as workers import no more than it needs."""

from typing import Any

from prefect import task
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from pipeline.parcel import Parcel
from pipeline.running import caching, extraction
from pipeline.running.batch import Batch
from pipeline.settings import Settings
from pipeline.store.shards import Shards


def _may_pass(_: Task[..., Any], __: TaskRun, state: State[Any]) -> bool:
    """Whether trying again at once may help: not for what took too long already, nor for what the user must mend."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, ConnectionError)


@task(
    name="extract",
    cache_key_fn=caching.extraction_key,
    persist_result=True,
    retries=2,
    retry_delay_seconds=[1, 10],
    retry_condition_fn=_may_pass,
)
def extract_batch(
    batch: Parcel[Batch], key: str, begun: str, settings: Settings, shards: Shards
) -> extraction.Extracted:
    """What the articles of a batch claim, as a shard called `key`. The model is loaded once a worker."""
    return extraction.extract(batch.content, key, settings, shards)
