"""What changed between two runs, and why: verdicts that came, went or changed, and the claims behind them."""

import re
from collections import Counter
from collections.abc import Sequence

import duckdb

from pipeline.evidence.cells import on_one_line
from pipeline.evidence.dictionaries import Row, dictionaries
from pipeline.store.errors import UnknownIdError

SHOWN_VERDICTS = 200
SHOWN_CLAIMS = 10
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LATEST, BEFORE = "latest", "previous"

VERDICTS = """
    WITH before AS (FROM verdict_history WHERE from_run <= $1 AND (to_run IS NULL OR to_run > $1)),
    after AS (FROM verdict_history WHERE from_run <= $2 AND (to_run IS NULL OR to_run > $2)),
    both_runs AS (
        SELECT kind, subject_id, mechanism_id, object_id, before, after
        FROM before FULL JOIN after USING (kind, subject_id, mechanism_id, object_id)
        WHERE before.from_run IS DISTINCT FROM after.from_run
    )
    SELECT b.*,
        coalesce(subject.label, b.subject_id) AS subject,
        coalesce(mechanism.label, b.mechanism_id) AS mechanism,
        coalesce(object.label, b.object_id) AS object
    FROM both_runs b
    LEFT JOIN concepts subject ON subject.concept_id = b.subject_id
    LEFT JOIN concepts mechanism ON mechanism.concept_id = b.mechanism_id
    LEFT JOIN concepts object ON object.concept_id = b.object_id
    ORDER BY
        b.kind,
        b.before.verdict IS NOT NULL AND b.after.verdict IS NOT NULL AND b.before.verdict <> b.after.verdict DESC,
        greatest(coalesce(b.before.lineages, 0), coalesce(b.after.lineages, 0)) DESC,
        b.subject_id, b.mechanism_id, b.object_id
"""
CLAIMS = """
    WITH before AS (FROM claim_history WHERE from_run <= $1 AND (to_run IS NULL OR to_run > $1)),
    after AS (FROM claim_history WHERE from_run <= $2 AND (to_run IS NULL OR to_run > $2))
    SELECT 'went' AS what, b.*, b.went_because AS because
    FROM before b ANTI JOIN after a ON a.claim_id = b.claim_id AND a.from_run = b.from_run
    UNION ALL
    SELECT 'came', a.*, a.came_because
    FROM after a ANTI JOIN before b ON a.claim_id = b.claim_id AND a.from_run = b.from_run
    ORDER BY ALL
"""
NEW_CONFLICTS = """
    WITH latest AS (SELECT max(ordinal) AS run FROM runs),
    disputes AS (FROM verdict_history WHERE kind = 'pair' AND verdict IN ('contested', 'context-dependent'))
    SELECT c.subject, c.object, c.verdict, c.explained_by, c.increases, c.decreases, c.null_results
    FROM disputes d JOIN consensus c USING (subject_id, object_id)
    WHERE d.from_run = (SELECT run FROM latest) AND d.to_run IS NULL AND NOT EXISTS (
        FROM disputes earlier WHERE earlier.subject_id = d.subject_id AND earlier.object_id = d.object_id
        AND earlier.to_run = d.from_run
    )
    ORDER BY c.conflict DESC, c.subject_id, c.object_id LIMIT $1
"""


def new_conflicts(connection: duckdb.DuckDBPyConnection, limit: int) -> list[Row]:
    """Pairs on which sources disagree since the last run, and did not before; at most `limit`, the sharpest first."""
    return dictionaries(connection, NEW_CONFLICTS, [limit])


def run_ordinal(connection: duckdb.DuckDBPyConnection, given: str) -> int:
    """The number of the run that `given` names: a number, a run_id or its beginning, a day, `latest`, `previous`.

    A day stands for the last run of that day or before it. Raises `UnknownIdError` where there is none.
    """
    runs = dictionaries(connection, "SELECT ordinal, run_id, finished FROM runs ORDER BY ordinal", [])
    ordinals: Sequence[int] = [run["ordinal"] for run in runs]
    if given in (LATEST, BEFORE):
        found = ordinals[-1:] if given == LATEST else ordinals[-2:-1]
    elif given.isdecimal():
        found = [number for number in ordinals if number == int(given)]
    elif given.startswith("run_"):
        found = [run["ordinal"] for run in runs if run["run_id"].startswith(given)]
    else:
        found = (
            [run["ordinal"] for run in runs if f"{run['finished']:%Y-%m-%d}" <= given][-1:]
            if given[:1].isdecimal()
            else []
        )
    if len(found) != 1:
        known = ", ".join(f"{run['ordinal']} ({run['finished']:%Y-%m-%d %H:%M})" for run in runs[-5:])
        raise UnknownIdError(
            f"{'Several runs answer' if found else 'No run answers'} to {given!r}. Expected a number, a run_id, a day "
            f"such as 2026-11-20, {LATEST!r} or {BEFORE!r}. The latest runs: {known or 'none'}."
        )
    return found[0]


def changes(connection: duckdb.DuckDBPyConnection, from_run: str, to_run: str) -> str:
    """What the database says after `to_run` and did not say after `from_run`, and the reverse, as text."""
    first, second = run_ordinal(connection, from_run), run_ordinal(connection, to_run)
    if first > second:
        first, second = second, first
    verdicts = dictionaries(connection, VERDICTS, [first, second])
    claims = dictionaries(connection, CLAIMS, [first, second])
    lines = [f"From run {first} to run {second}: {_counted(verdicts, claims)}"]
    of_pair: dict[tuple[str, str], list[Row]] = {}
    for claim in claims:
        of_pair.setdefault((claim["subject_id"], claim["object_id"]), []).append(claim)
    for verdict in verdicts[:SHOWN_VERDICTS]:
        lines += ["", *_verdict_change(verdict)]
        if verdict["kind"] == "pair":
            lines += _claim_changes(of_pair.get((verdict["subject_id"], verdict["object_id"]), []))
    if len(verdicts) > SHOWN_VERDICTS:
        lines += ["", f"… and {len(verdicts) - SHOWN_VERDICTS} more verdicts: myoclaims sql 'FROM verdict_history'"]
    return "".join(on_one_line(line) + "\n" for line in lines)


def _counted(verdicts: Sequence[Row], claims: Sequence[Row]) -> str:
    if not verdicts and not claims:
        return "nothing changed."
    reasons = Counter(f"{claim['what']} ({claim['because']})" for claim in claims)
    told = "; ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    pairs = sum(verdict["kind"] == "pair" for verdict in verdicts)
    return f"{pairs} pairs and {len(verdicts) - pairs} triples changed. Claims: {told or 'none'}."


def _verdict_change(row: Row) -> list[str]:
    named = " → ".join(part for part in (row["subject"], row["mechanism"], row["object"]) if part)
    return [named, f"  before  {_stated(row['before'])}", f"  after   {_stated(row['after'])}"]


def _stated(verdict: Row | None) -> str:
    if verdict is None or verdict["verdict"] is None:
        return "nothing was said"
    counts = ", ".join(f"{name.replace('_', ' ')} {verdict[name]}" for name in COUNTED if verdict[name])
    why = f", explained by {verdict['explained_by']}" if verdict["explained_by"] else ""
    return (
        f"{verdict['verdict']} ({verdict['direction']}{why}), support {verdict['support']:.2f}, "
        f"opposition {verdict['opposition']:.2f}; {counts}"
    )


COUNTED = ("increases", "decreases", "affects", "null_results")


def _claim_changes(claims: Sequence[Row]) -> list[str]:
    lines = []
    for claim in claims[:SHOWN_CLAIMS]:
        says = f"no effect ({claim['effect']})" if claim["negated"] else claim["effect"]
        lines.append(
            f"    {claim['what']}  {claim['because']}: {says}{', hedged' if claim['hedged'] else ''}, "
            f"weight {claim['weight']:.3f}, {claim['source_id']}:{claim['path']}, {claim['claim_id']}"
        )
        lines.append(f"          {claim['sentence']}")
    return lines + ([f"    … and {len(claims) - SHOWN_CLAIMS} more"] if len(claims) > SHOWN_CLAIMS else [])
