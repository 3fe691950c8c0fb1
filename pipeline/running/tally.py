"""What a run has done so far: counts, rejects, and the seconds that each stage took."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipeline.progress import Progress
from pipeline.records import Reject
from pipeline.run_report import RunReport
from pipeline.running.batch import Batch
from pipeline.running.extraction import Extracted

OF_ARTICLES = ("sentences", "mentions", "claims", "triples")


@dataclass(slots=True)
class Tally:
    """The only thing that changes while a run goes on; `seconds` are by stage, those of workers added up."""

    extracted: int = 0
    unchanged: int = 0
    found: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, batch: Batch, extracted: Extracted) -> None:
        """Count a batch that was stored."""
        self.extracted += len(extracted.articles)
        self.unchanged += batch.unchanged
        for name in OF_ARTICLES:
            self.found[name] += sum(getattr(article, name) for article in extracted.articles)
        self.rejects += (*batch.rejects, *extracted.rejects)
        self._took("extracting", extracted.seconds)

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """The time that the block takes, added to that of `stage`."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._took(stage, time.perf_counter() - started)

    def _took(self, stage: str, seconds: float) -> None:
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds

    @property
    def seen(self) -> int:
        """Articles met so far."""
        return self.extracted + self.unchanged + len(self.rejects)

    def counts(self) -> dict[str, int]:
        """The counts by name, as the table `runs` keeps them."""
        met = {name: getattr(self, name) for name in ("seen", "extracted", "unchanged")}
        return met | {name: self.found[name] for name in OF_ARTICLES} | {"rejected": len(self.rejects)}

    def progress(self, step: str) -> Progress:
        """What a listener is told."""
        return Progress(step, articles=self.seen, claims=self.found["claims"])

    def report(
        self, run_id: str, started: datetime, db: Path, tables: Sequence[Path], totals: Mapping[str, int]
    ) -> RunReport:
        """The report of the run that ends now."""
        return RunReport(
            run_id,
            started,
            datetime.now(UTC),
            db,
            tuple(tables),
            self.counts(),
            tuple(self.rejects),
            totals,
            dict(self.seconds),
        )
