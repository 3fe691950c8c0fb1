"""Claims → a CSV file for a reviewer to fill in; `myoclaims curate import` takes it back.

The columns to fill in come first. `decision` is empty (no change), `accept`, `reject`, `fix` (with the right values
in the columns `new_…`, the others left empty), or `withdraw`, which takes back what `standing_decision` shows. Then
comes what a reviewer reads: the claim as it was extracted, its sentence and where it stands. The last columns say
what the row is about; they, and the claim itself, must stay as they are. A decision is on the sentence in its article:
it holds for every row of that sentence and claim in the article, its later versions and its copies.

Decisions on concepts and articles stand in rows of their own, which leave the columns of claims empty: `merge` with
`concept_id` and `into_id`; `retracted`, `concern` or `cleared` with `source_id` and `path`; `withdraw` with the same
columns takes them back. Those that stand are written after the claims.

Spreadsheets may do what they do to such a file: its delimiter, its line ends, its order and further columns make no
difference when it is read. It must be saved as UTF-8.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb

from pipeline.evidence.appearing import appearing
from pipeline.evidence.cells import cell
from pipeline.reconciling.decision_file import CurationError, read_rows
from pipeline.records import Evidence
from pipeline.store.errors import OutputNotWritableError, UnknownIdError
from pipeline.store.lock import not_writable

FILLED_IN = (
    "decision", "note", "reviewer", "new_subject_id", "new_effect", "new_object_id", "new_negated", "new_hedged",
)  # fmt: skip
SHOWN = (
    "standing_decision", "subject", "effect", "object", "negated", "hedged", "sentence", "previous_sentence",
    "next_sentence", "title", "published", "tier", "url", "confidence", "rule", "rule_precision", "rule_judged",
    "verdict",
)  # fmt: skip
IDENTIFYING = (
    "claim_id", "evidence_key", "source_id", "path", "subject_id", "object_id", "concept_id", "into_id",
)  # fmt: skip
COLUMNS = (*FILLED_IN, *SHOWN, *IDENTIFYING)
ROWS_AT_ONCE = 5000

# What stands, with its day and what it changes: "fix 2026-01-31: effect decreases, hedged true".
STANDING = """
    concat_ws(': ',
        d.action || ' ' || strftime(d.decided_at, '%Y-%m-%d'),
        nullif(concat_ws(', ',
            'subject ' || nullif(d.new_subject_id, ''), 'effect ' || nullif(d.new_effect, ''),
            'object ' || nullif(d.new_object_id, ''), 'negated ' || nullif(d.new_negated, ''),
            'hedged ' || nullif(d.new_hedged, '')
        ), '')
    )
"""
CLAIMS = f"""
WITH disputed AS (
    SELECT claim_id, min(rank) AS rank
    FROM (SELECT rank, claim_id_a AS claim_id FROM disagreements UNION ALL SELECT rank, claim_id_b FROM disagreements)
    GROUP BY ALL
),
decided AS (
    SELECT c.claim_id, {STANDING} AS standing_decision FROM claim_decisions c JOIN decisions d USING (decision_id)
),
curated AS (
    -- rejected claims too, unlike in curated_claims
    SELECT
        c.claim_id,
        coalesce(subject.into_id, fixed.subject_id, c.subject_id) AS subject_id,
        coalesce(object.into_id, fixed.object_id, c.object_id) AS object_id
    FROM claims c
    LEFT JOIN claim_decisions fixed ON fixed.claim_id = c.claim_id
    LEFT JOIN merged_concepts subject ON subject.concept_id = coalesce(fixed.subject_id, c.subject_id)
    LEFT JOIN merged_concepts object ON object.concept_id = coalesce(fixed.object_id, c.object_id)
)
SELECT
    coalesce(decided.standing_decision, '') AS standing_decision,
    coalesce(subject.label, c.subject_id) AS subject,
    c.effect,
    coalesce(object.label, c.object_id) AS object,
    c.negated,
    c.hedged,
    s.text AS sentence,
    coalesce(previous.text, '') AS previous_sentence,
    coalesce(following.text, '') AS next_sentence,
    d.title,
    d.published,
    coalesce(source.tier, 'unknown') AS tier,
    d.url,
    c.confidence,
    c.rule,
    rules.precision AS rule_precision,
    coalesce(rules.judged, 0) AS rule_judged,
    coalesce(v.verdict, '') AS verdict,
    c.claim_id,
    d.source_id,
    d.path,
    c.subject_id,
    c.object_id
FROM claims c
JOIN documents d ON d.document_id = c.document_id AND d.superseded_by IS NULL
JOIN sentences s ON s.sentence_id = c.sentence_id
JOIN curated ON curated.claim_id = c.claim_id
LEFT JOIN disputed ON disputed.claim_id = c.claim_id
LEFT JOIN decided ON decided.claim_id = c.claim_id
LEFT JOIN verdicts v
    ON v.kind = 'pair' AND v.subject_id = curated.subject_id AND v.object_id = curated.object_id
LEFT JOIN rule_precision rules ON rules.rule = c.rule
LEFT JOIN sentences previous ON previous.document_id = s.document_id AND previous.ordinal = s.ordinal - 1
LEFT JOIN sentences following ON following.document_id = s.document_id AND following.ordinal = s.ordinal + 1
LEFT JOIN sources source ON source.source_id = d.source_id
LEFT JOIN concepts subject ON subject.concept_id = c.subject_id
LEFT JOIN concepts object ON object.concept_id = c.object_id
WHERE ($subject_id = '' OR $subject_id IN (c.subject_id, curated.subject_id))
    AND ($object_id = '' OR $object_id IN (c.object_id, curated.object_id))
    AND ($rule = '' OR c.rule = $rule)
    AND (NOT $undecided OR decided.claim_id IS NULL)
ORDER BY disputed.rank NULLS LAST, coalesce(v.verdict, '') <> 'contested', c.confidence, c.claim_id
LIMIT $limit
"""
OTHERS = f"""
SELECT
    {STANDING} AS standing_decision,
    coalesce(a.title, '') AS title, coalesce(a.published, '') AS published, coalesce(a.url, '') AS url,
    d.source_id, d.path, d.concept_id, d.into_id
FROM decisions d
LEFT JOIN documents a ON a.source_id = d.source_id AND a.path = d.path AND a.superseded_by IS NULL
WHERE d.withdrawn_at IS NULL AND d.action IN ('merge', 'retracted', 'concern', 'cleared')
ORDER BY d.concept_id, d.source_id, d.path, d.decided_at, d.decision_id
"""


def write_review(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    subject_id: str = "",
    object_id: str = "",
    rule: str = "",
    undecided: bool = False,
    limit: int | None = None,
) -> int:
    """Write the claims of current articles to the CSV file at `path`, those most worth reviewing first; gives how many.

    First come claims that disagree with others, by the rank of their disagreement; then those of contested pairs;
    then the rest, the least sure first. Rejected claims are among them. `subject_id`, `object_id` and `rule` choose
    some, `undecided` leaves out those with a standing decision, `limit` ends the list. Without any of these, standing
    decisions on concepts and articles follow.

    The file appears when it is complete. Raises `UnknownIdError` for a concept or rule that is not there, and
    `OutputNotWritableError`, also where the file exists and holds decisions, which would be lost.
    """
    for given in (subject_id, object_id):
        _check(connection, "concept", "SELECT concept_id FROM concepts UNION SELECT subject_id FROM claims", given)
    _check(connection, "rule", "SELECT DISTINCT rule FROM claims", rule)
    _refuse_filled_in(path)
    chosen = {"subject_id": subject_id, "object_id": object_id, "rule": rule, "undecided": undecided, "limit": limit}
    claims = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with appearing(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for claim in _rows(connection, CLAIMS, chosen):
                claims += 1
                writer.writerow(_cells(claim | {"evidence_key": _evidence(claim).key}))
            if not any(chosen.values()):
                writer.writerows(_cells(other) for other in _rows(connection, OTHERS, {}))
    except OSError as error:
        raise not_writable(path.parent, error) from error
    return claims


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object]
) -> Iterator[dict[str, Any]]:
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description]
    while rows := result.fetchmany(ROWS_AT_ONCE):
        yield from (dict(zip(names, row, strict=True)) for row in rows)


def _cells(row: Mapping[str, object]) -> list[str | int | float]:
    return [cell(row.get(column)) for column in COLUMNS]


def _evidence(claim: Mapping[str, Any]) -> Evidence:
    names: Sequence[str] = ("sentence", "subject_id", "effect", "object_id", "negated", "source_id", "path")
    return Evidence(*(claim[name] for name in names))


def _check(connection: duckdb.DuckDBPyConnection, what: str, query: str, given: str) -> None:
    if given:
        known = [id_ for (id_,) in connection.execute(query).fetchall()]
        if given not in known:
            close = get_close_matches(given, known, n=3)
            meant = f" Did you mean {' or '.join(close)}?" if close else ""
            raise UnknownIdError(f"No {what} is called {given!r}.{meant}")


def _refuse_filled_in(path: Path) -> None:
    """Refuse to overwrite a file unless it is empty, or a review in which nobody has written decisions."""
    if not path.is_file() or path.stat().st_size == 0:
        return
    try:
        filled_in = sum(bool(row.cell("decision")) for row in read_rows(path))
    except CurationError as error:
        raise OutputNotWritableError(
            f"{path} exists and cannot be read as a review without decisions. Remove it, or write to another file."
        ) from error
    if filled_in:
        raise OutputNotWritableError(
            f"{path} holds decisions in {filled_in} rows, which would be lost. If they are imported already "
            f"(myoclaims curate import), remove the file; else import it first, or write to another file."
        )
