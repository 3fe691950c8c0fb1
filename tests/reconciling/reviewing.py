"""A reviewer and a spreadsheet, played by the tests: claims are exported, cells filled in, the file imported."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipeline.evidence.review import COLUMNS, write_review
from pipeline.reconciling.curation import CurationReport, import_decisions
from pipeline.store import connect
from tests.store.stories import MOMENT, rows

Cells = dict[str, str]
LATER = MOMENT + timedelta(days=30)


@dataclass(frozen=True)
class Form:
    """How a spreadsheet writes a CSV file."""

    delimiter: str = ","
    encoding: str = "utf-8-sig"
    line_end: str = "\r\n"
    booleans: Mapping[str, str] | None = None
    quoting: int = csv.QUOTE_MINIMAL
    columns: Callable[[Sequence[str]], Sequence[str]] = list

    def content(self, records: Sequence[Cells]) -> bytes:
        shown = self.booleans or {}
        out = io.StringIO(newline="")
        columns = self.columns(list(COLUMNS))
        writer = csv.DictWriter(
            out,
            columns,
            restval="",
            extrasaction="ignore",
            delimiter=self.delimiter,
            lineterminator=self.line_end,
            quoting=self.quoting,  # type: ignore[arg-type]
        )
        writer.writeheader()
        for record in records:
            writer.writerow({name: shown.get(value, value) for name, value in record.items()})
        return out.getvalue().encode(self.encoding)


PLAIN = Form()


def exported(db: Path, file: Path | None = None, **options: Any) -> list[Cells]:
    """The rows of a review of `db`."""
    path = file or db.parent / "review.csv"
    path.unlink(missing_ok=True)
    with connect(db) as connection:
        write_review(connection, path, **options)
    with path.open(encoding="utf-8-sig", newline="") as content:
        return list(csv.DictReader(content))


def imported(db: Path, records: Sequence[Cells], form: Form = PLAIN, days: int = 0) -> CurationReport:
    """Import `records`, written in `form`, as decided `days` after LATER."""
    file = db.parent / "reviewed.csv"
    file.write_bytes(form.content(records))
    return import_decisions(db, file, now=LATER + timedelta(days=days))


def row_of(records: Sequence[Cells], path: str, subject: str = "irisin", object: str = "bdnf") -> Cells:
    """The row of the one claim of the article at `path` on subject and object."""
    (found,) = (
        record
        for record in records
        if (record["path"], record["subject_id"], record["object_id"]) == (path, subject, object)
    )
    return found


def decided(db: Path, path: str, decision: str, cells: Cells | None = None, days: int = 0) -> CurationReport:
    """Decide on the claim of the article at `path` on irisin and BDNF, with further `cells`, and import it."""
    row = row_of(exported(db), path)
    return imported(db, [row | {"decision": decision} | (cells or {})], days=days)


def merged(db: Path, concept_id: str, into_id: str, days: int = 0) -> CurationReport:
    return imported(db, [{"decision": "merge", "concept_id": concept_id, "into_id": into_id}], days=days)


def on_article(db: Path, decision: str, source_id: str, path: str, days: int = 0) -> CurationReport:
    return imported(db, [{"decision": decision, "source_id": source_id, "path": path}], days=days)


def consensus(db: Path, subject: str = "irisin", object: str = "bdnf") -> tuple[Any, ...] | None:
    """verdict, direction, support and opposition of a pair."""
    found = rows(
        db,
        "SELECT verdict, direction, support, opposition FROM consensus "
        f"WHERE subject_id = '{subject}' AND object_id = '{object}'",
    )
    return found[0] if found else None


def state(db: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What readers see of claims and verdicts."""
    relations = (
        "evidence", "triple_evidence", "consensus", "triple_consensus", "conflicts", "refinement", "voices", "verdicts",
        "disagreements", "statements",
    )  # fmt: skip
    with connect(db) as connection:
        return {name: connection.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in relations}
