"""The reviewer's decisions → the database: a CSV file, checked as a whole, then applied and published in one step.

The file is one that `myoclaims curate export` wrote, with cells filled in. A row with an empty `decision` changes
nothing. On a claim: `accept`, `reject`, or `fix` with the right values in `new_subject_id`, `new_effect`,
`new_object_id`, `new_negated`, `new_hedged` (those that stay are left empty). In rows of their own, without a claim:
`merge` makes `concept_id` count as `into_id`; `retracted`, `concern` and `cleared` are on the article at `source_id`
and `path`. `withdraw` takes back what stands on the claim, the concept or the article of its row.

A decision on a claim is on its evidence: the sentence, what was extracted from it, and the article. So it holds after
a new extraction, for later versions of the article with the same sentence and for copies of it, and for no other
article. A new decision replaces the one that stands; nothing is ever deleted from the table `decisions`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.reconciling.decision_file import CurationError, Row, read_rows
from pipeline.reconciling.decision_rows import Known, KnownClaim
from pipeline.reconciling.decisions import Changes, changes_of
from pipeline.reconciling.reconcile import renew_verdicts
from pipeline.records import Decision, Evidence
from pipeline.store import Build, connect
from pipeline.store.build import RunRow

__all__ = ["CurationError", "CurationReport", "Verdict", "VerdictChange", "import_decisions"]

JUDGED = ("verdict", "direction", "support", "opposition")
DECISION = (
    "action, decided_at, sentence, subject_id, effect, object_id, negated, source_id, path, rule, new_subject_id, "
    "new_effect, new_object_id, new_negated, new_hedged, concept_id, into_id, note, reviewer"
)
EVIDENCE = slice(2, 9)  # in DECISION


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict as far as people follow it; words as in the view `consensus`."""

    verdict: str
    direction: str
    support: float
    opposition: float

    def __str__(self) -> str:
        return f"{self.verdict}, {self.direction} (support {self.support:g}, opposition {self.opposition:g})"


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A verdict that a curation changed: None stands for a pair or triple that nothing speaks of.

    `subject` and `object` are labels, and so is `mechanism`, which is empty for a pair.
    """

    subject: str
    mechanism: str
    object: str
    before: Verdict | None
    after: Verdict | None

    def __str__(self) -> str:
        way = " → ".join(name for name in (self.subject, self.mechanism, self.object) if name)
        return f"{way}\n  before  {self.before or 'no verdict'}\n  after   {self.after or 'no verdict'}"


@dataclass(frozen=True, slots=True)
class CurationReport:
    """What an import did. `decisions` counts those added, by action; `replaced` earlier ones that they replaced;
    `withdrawn` those taken back; `unchanged` rows that said what stood already; `overlooked` are the lines of rows
    with new values but no decision, which were left alone; `verdicts` are all that changed."""

    decisions: dict[str, int] = field(default_factory=dict)
    replaced: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    overlooked: tuple[int, ...] = ()
    verdicts: tuple[VerdictChange, ...] = ()

    @property
    def is_published(self) -> bool:
        """Whether anything changed, so that a new database was published."""
        return bool(self.decisions or self.replaced or self.withdrawn)

    def __str__(self) -> str:
        counted = ", ".join(f"{count} {action}" for action, count in self.decisions.items()) or "none"
        lines = [f"Decisions added: {counted}"]
        if self.replaced:
            lines.append(f"Earlier decisions replaced: {self.replaced}")
        if self.withdrawn:
            lines.append(f"Decisions taken back: {self.withdrawn}")
        if self.unchanged:
            lines.append(f"Stood already: {self.unchanged}")
        if self.overlooked:
            shown = ", ".join(map(str, self.overlooked[:10])) + (", …" if len(self.overlooked) > 10 else "")
            lines.append(f"New values without a decision, left alone (to use them, write fix): line {shown}")
        if not self.is_published:
            return "\n".join([*lines, "Nothing changed; the database is as it was."])
        lines.append(f"Verdicts changed: {len(self.verdicts)}")
        return "\n".join([*lines, *(_indented(str(change)) for change in self.verdicts)])


def import_decisions(db: Path, file: Path, *, reviewer: str = "", now: datetime | None = None) -> CurationReport:
    """Apply the decisions in the CSV file to the database at `db`, bring its verdicts up to date and publish it.

    `reviewer` signs rows that name nobody; `now` is when it was decided (default: the present). Where nothing
    changes, nothing is published. Raises `CurationError` with all that is wrong in the file, before anything is
    applied, and what `connect` and `Build` raise, such as `DatabaseBusyError` while a run goes on.
    """
    rows = read_rows(file)
    connect(db).close()  # a build would begin a database where there is none
    started = now or datetime.now(UTC)
    with Build(db, "") as build:
        ((build.pipeline_key,),) = build.rows("SELECT coalesce(arg_max(pipeline_key, ordinal), '') FROM runs")
        changes = changes_of(rows, _known(build, rows), started, reviewer)
        if not isinstance(changes, Changes):
            raise CurationError(file, changes)
        if not changes.added and not changes.withdrawn:
            return CurationReport(unchanged=changes.standing_already, overlooked=changes.overlooked)
        build.execute("CREATE TEMP TABLE verdicts_before AS FROM verdicts")
        build.add_decisions(changes.added, changes.withdrawn, started)
        renew_verdicts(build)
        report = _report(changes, _verdict_changes(build))
        counts = report.decisions | {"replaced": report.replaced, "withdrawn": report.withdrawn}
        build.finish(RunRow(started, now or datetime.now(UTC), {}, counts, kind="curation"))
        build.publish()
    return report


def _known(build: Build, rows: Sequence[Row]) -> Known:
    """What the database holds of what the rows with a decision speak of."""
    rows = [row for row in rows if row.cell("decision")]
    places = {"\x1f".join((read("source_id"), read("path"))) for row in rows for read in (row.cell, row.raw)}
    claims = build.rows(
        """
        SELECT c.claim_id, c.hedged, c.rule, s.text, c.subject_id, c.effect, c.object_id, c.negated, d.source_id, d.path
        FROM claims c
        JOIN sentences s USING (sentence_id)
        JOIN documents d ON d.document_id = c.document_id
        WHERE c.claim_id IN (SELECT unnest($1::VARCHAR[]))
            OR d.source_id || chr(31) || d.path IN (SELECT unnest($2::VARCHAR[]))
        -- of several claims with one key, the last counts: one of the current version
        ORDER BY d.superseded_by IS NULL, c.claim_id
        """,
        [sorted({row.cell("claim_id") for row in rows}), sorted(places)],
    )
    lineages = build.rows("SELECT source_id, path, list(DISTINCT lineage_id) FROM documents GROUP BY ALL")
    standing = build.rows(f"SELECT decision_id, {DECISION} FROM decisions WHERE withdrawn_at IS NULL ORDER BY ALL")
    return Known(
        {id_: KnownClaim(id_, Evidence(*evidence), hedged, rule) for id_, hedged, rule, *evidence in claims},
        dict(build.rows("SELECT concept_id, label FROM concepts ORDER BY ALL")),
        {(source_id, path): frozenset(found) for source_id, path, found in lineages},
        {decision_id: _stored(row) for decision_id, *row in standing},
    )


def _stored(row: Sequence[Any]) -> Decision:
    action, decided_at = row[: EVIDENCE.start]
    return Decision(action, decided_at.replace(tzinfo=UTC), Evidence(*row[EVIDENCE]), *row[EVIDENCE.stop :])


def _verdict_changes(build: Build) -> tuple[VerdictChange, ...]:
    before, after = (", ".join(f"{side}.{name}" for name in JUDGED) for side in ("before", "after"))
    found = build.rows(
        f"""
        SELECT coalesce(s.label, subject_id), coalesce(m.label, mechanism_id), coalesce(o.label, object_id),
            {before}, {after}
        FROM verdicts_before before
        FULL JOIN verdicts after USING (kind, subject_id, mechanism_id, object_id)
        LEFT JOIN concepts s ON s.concept_id = subject_id
        LEFT JOIN concepts m ON m.concept_id = mechanism_id
        LEFT JOIN concepts o ON o.concept_id = object_id
        WHERE ({before}) IS DISTINCT FROM ({after})
        ORDER BY kind, subject_id, mechanism_id, object_id
        """
    )
    return tuple(
        VerdictChange(subject, mechanism, object_, _verdict(judged[: len(JUDGED)]), _verdict(judged[len(JUDGED) :]))
        for subject, mechanism, object_, *judged in found
    )


def _verdict(values: Sequence[Any]) -> Verdict | None:
    return None if values[0] is None else Verdict(*values)


def _report(changes: Changes, verdicts: tuple[VerdictChange, ...]) -> CurationReport:
    added = Counter(decision.action for decision in changes.added)
    return CurationReport(
        dict(sorted(added.items())),
        replaced=len(changes.withdrawn) - changes.taken_back,
        withdrawn=changes.taken_back,
        unchanged=changes.standing_already,
        overlooked=changes.overlooked,
        verdicts=verdicts,
    )


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
