"""What a worker wrote, into the database that is being built; a shard that is broken is made again."""

import logging

from pipeline.running.batch import Batch
from pipeline.running.extraction import Extracted
from pipeline.running.workers import Workers
from pipeline.store import BrokenShardError, Build
from pipeline.store.shards import Shards

log = logging.getLogger(__name__)


def store(build: Build, workers: Workers, shards: Shards, batch: Batch, extracted: Extracted) -> Extracted:
    """Store the shards, rejects and visits of a batch; gives what was stored in the end.

    Raises BrokenShardError if a shard is broken that was written just now.
    """
    try:
        _load(build, shards, extracted)
    except BrokenShardError as error:
        log.warning("%s Its articles are extracted again.", error)
        extracted = workers.again(batch)
        _load(build, shards, extracted)
    if rejects := (*batch.rejects, *extracted.rejects):
        build.add_rejects(rejects)
    if batch.visits:
        build.add_visits(batch.visits)
    return extracted


def _load(build: Build, shards: Shards, extracted: Extracted) -> None:
    for shard in extracted.shards:
        with shards.file(shard) as file:
            build.add_file(file)
