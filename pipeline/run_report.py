"""What a run did: the record that `pipeline.run` gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.records import Reject


@dataclass(frozen=True, slots=True)
class RunReport:
    """A finished run. Times are UTC.

    `counts` are of this run by name: articles `seen`, and of them `extracted`, `unchanged` since an earlier run
    and `rejected`; `sentences`, `mentions`, `claims` and `triples` that it extracted. `totals` are the rows of
    the published database (`documents`, `claims`, …), superseded versions left out. `db` is that database,
    `tables` are the exported files. `seconds` are those of each stage, of all workers together.
    """

    run_id: str
    started: datetime
    finished: datetime
    db: Path
    tables: tuple[Path, ...]
    counts: Mapping[str, int]
    rejects: tuple[Reject, ...]
    totals: Mapping[str, int]
    seconds: Mapping[str, float]

    @property
    def is_empty(self) -> bool:
        """Whether no article could be used at all."""
        return self.counts["extracted"] + self.counts["unchanged"] == 0
