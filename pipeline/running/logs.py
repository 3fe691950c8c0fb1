"""What a run writes to its log: one line an article at debug, one a batch and one the run at info, as fields."""

import json
import logging

from pipeline.run_report import RunReport
from pipeline.running.batch import Batch
from pipeline.running.extraction import Extracted
from pipeline.running.lines import FIELDS

log = logging.getLogger("pipeline.run")


def batch_stored(batch: Batch, extracted: Extracted) -> None:
    """A batch is in the database that is being built."""
    if log.isEnabledFor(logging.DEBUG):
        for article in extracted.articles:
            _event(
                logging.DEBUG,
                "article stored",
                source_id=article.source_id,
                path=article.path,
                document_id=article.document_id,
                sentences=article.sentences,
                mentions=article.mentions,
                claims=article.claims,
                triples=article.triples,
            )
        for reject in (*batch.rejects, *extracted.rejects):
            _event(
                logging.DEBUG,
                "article rejected",
                source_id=reject.source_id,
                path=reject.path,
                stage=str(reject.stage),
                reason=reject.reason,
            )
    _event(
        logging.INFO,
        "batch stored",
        articles=len(extracted.articles),
        claims=sum(article.claims for article in extracted.articles),
        rejected=len(batch.rejects) + len(extracted.rejects),
        unchanged=batch.unchanged,
        seconds=round(extracted.seconds, 2),
    )


def run_ended(report: RunReport) -> None:
    """The run is published and exported."""
    seconds = {f"{stage.replace(' ', '_')}_s": round(value, 2) for stage, value in report.seconds.items()}
    _event(logging.INFO, "run ended", run_id=report.run_id, db=str(report.db), **report.counts, **seconds)


def _event(level: int, event: str, **fields: object) -> None:
    shown = " ".join(f"{name}={_shown(value)}" for name, value in fields.items())
    log.log(level, "%s %s", event, shown, extra={"event": event, FIELDS: fields})


def _shown(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or any(c in ' "=' for c in text) else text
