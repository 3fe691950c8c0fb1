"""How a verdict came about, row by row: voices and their weights, what they add up to, and who disagrees."""

from decimal import Decimal

import duckdb

from pipeline.evidence.dictionaries import Row, dictionaries

SHOWN_CONFLICTS = 10
SHOWN_JOINS = 5
SHOWN_VOICES = 100
CONTEXT = (
    "species", "population", "modality", "timing", "duration", "dose", "tissue", "endpoint", "study_design",
)  # fmt: skip
# Filtered by the pair before anything is joined: a pair may have thousands of claims, the database millions.
AT_ODDS_WITH = ("claim_id", "subject_id", "object_id", "effect", "negated", "lineage_id", "document_id")
AT_ODDS = """
    WITH weighed AS MATERIALIZED (
        SELECT statement_id, weight, lineage_id AS counts_for FROM statements
        WHERE kind = 'pair' AND subject_id = $subject_id AND object_id = $object_id
    )
    SELECT other.*, weighed.weight,
        kind_of_disagreement($effect, $negated, other.effect, other.negated) AS kind,
        CASE WHEN other.document_id = $document_id THEN 'within article' ELSE 'between lineages' END AS place
    FROM evidence other
    JOIN weighed ON weighed.statement_id = other.claim_id
    JOIN weighed this ON this.statement_id = $claim_id
    WHERE other.subject_id = $subject_id AND other.object_id = $object_id AND other.claim_id <> $claim_id
        AND (
            other.document_id = $document_id
            OR of_two_lineages(this.counts_for, $lineage_id, weighed.counts_for, other.lineage_id)
        )
        AND at_odds($effect, $negated, other.effect, other.negated)
    ORDER BY weighed.weight DESC, other.claim_id
"""


def verdict_story(connection: duckdb.DuckDBPyConnection, question: Row, named: str) -> list[str]:
    """The verdict on `question` (kind, subject_id, mechanism_id, object_id), which people call `named`."""
    where = "kind = $kind AND subject_id = $subject_id AND mechanism_id = $mechanism_id AND object_id = $object_id"
    verdicts = dictionaries(connection, f"SELECT * FROM verdicts WHERE {where}", question)
    if not verdicts:
        return [f"Verdict on {named}: none, since no current article speaks of it."]
    (verdict,) = verdicts
    (settings,) = dictionaries(connection, "SELECT * FROM verdict_settings", {})
    voices = dictionaries(
        connection, f"SELECT * FROM voices WHERE {where} ORDER BY says, weight DESC, lineage_id", question
    )
    masses: dict[str, Decimal] = {}
    for voice in voices:
        masses[voice["says"]] = masses.get(voice["says"], Decimal(0)) + voice["weight"]
    return [
        f"Verdict on {named}: {verdict['verdict']} (direction: {verdict['direction']}"
        + (f"; explained by: {verdict['explained_by']})" if verdict["explained_by"] else ")"),
        "",
        "  Each lineage counts once for each thing it says, with its weightiest statement:",
        "  kind of text × study design × species × hedging × standing of the article.",
        "  lineage               says       times  articles   text  design  species  hedge  status  counts  statement",
        *(
            f"  {voice['lineage_id']:20}  {voice['says']:9}  {voice['statements']:5}  {voice['documents']:8}  "
            f"{voice['tier_weight']:5.2f}  {voice['design_weight']:6.2f}  {voice['species_weight']:7.2f}  "
            f"{voice['hedge_weight']:5.2f}  {voice['status_weight']:6.2f}  {voice['weight']:6.3f}  "
            f"{voice['statement_id']}"
            for voice in voices[:SHOWN_VOICES]
        ),
        *([f"  … and {len(voices) - SHOWN_VOICES} more: FROM voices"] if len(voices) > SHOWN_VOICES else []),
        "",
        "  added up    " + ", ".join(f"{says} {mass:.3f}" for says, mass in masses.items()),
        f"  support     {verdict['support']:.3f}  the greater of increases and decreases; of neither, affects",
        f"  opposition  {verdict['opposition']:.3f}  the lesser of increases and decreases, plus no effect",
        f"  conflict    {verdict['conflict']:.3f}  twice the lesser of support and opposition, divided by their sum",
        f"  lineages    {verdict['lineages']}, articles {verdict['documents']}, statements {verdict['statements']}",
        f"  confidence  {verdict['confidence']:.2f}  mean of the extraction, which does not enter the above",
        f"  Contested from a conflict of {settings['contested_from']:.2f} and two lineages on; "
        f"a consensus takes {settings['consensus_lineages']} lineages that agree.",
        *_joins(connection, [voice["lineage_id"] for voice in voices if voice["documents"] > 1]),
        *_refinement(connection, question),
    ]


def disagreement_story(connection: duckdb.DuckDBPyConnection, claim_id: str) -> list[str]:
    """The claims on the same pair that are at odds with one claim, the weightiest first."""
    this = dictionaries(connection, "FROM evidence WHERE claim_id = $1", [claim_id])
    if not this:  # of an older version, or rejected
        return []
    (claim,) = this
    found = dictionaries(connection, AT_ODDS, {name: claim[name] for name in AT_ODDS_WITH})
    if not found:
        return []
    lines = ["", f"At odds with {len(found)} claim{'s' if len(found) > 1 else ''}:"]
    for row in found[:SHOWN_CONFLICTS]:
        stated = [name for name in CONTEXT if claim[name] and row[name] not in ("", claim[name])]
        parted = [f"{name} {claim[name]} / {row[name]}" for name in stated]
        lines.append(
            f"  {row['claim_id']}  {row['kind']}, {row['place']}, weight {row['weight']:.3f}; "
            f"stated differently: {'; '.join(parted) or 'nothing'}"
        )
        lines.append(f"    {row['sentence']}")
    if len(found) > SHOWN_CONFLICTS:
        lines.append(f"  … and {len(found) - SHOWN_CONFLICTS} more")
    return [*lines, *_pair_disagreements(connection, found[0])]


def _pair_disagreements(connection: duckdb.DuckDBPyConnection, row: Row) -> list[str]:
    found = dictionaries(
        connection,
        "SELECT kind, place, verdict, lineages_a, lineages_b FROM disagreements "
        "WHERE subject_id = $1 AND object_id = $2 ORDER BY rank",
        [row["subject_id"], row["object_id"]],
    )
    if not found:
        return []
    return ["", "The pair in the view conflicts:"] + [
        f"  {way['kind']}, {way['place']}: {way['verdict']} ({way['lineages_a']} against {way['lineages_b']})"
        for way in found[:SHOWN_CONFLICTS]
    ]


def _joins(connection: duckdb.DuckDBPyConnection, lineages: list[str]) -> list[str]:
    """Why articles of the lineages count as one."""
    found = dictionaries(
        connection,
        """
        SELECT a.path AS one, b.path AS other, j.reason, j.measure, j.detail
        FROM lineage_joins j
        JOIN documents a ON a.document_id = j.document_a
        JOIN documents b ON b.document_id = j.document_b
        WHERE a.lineage_id IN (SELECT unnest($1::VARCHAR[]))
            AND a.superseded_by IS NULL AND b.superseded_by IS NULL
        ORDER BY a.lineage_id, j.document_a, j.document_b, j.reason
        """,
        [lineages],
    )
    if not found:
        return []
    lines = ["", "  Counted as one lineage:"]
    for join in found[:SHOWN_JOINS]:
        why = f" ({join['detail'][:80]})" if join["detail"] else f" ({join['measure']:.0%} of the shorter text)"
        lines.append(f"    {join['one']} and {join['other']}: {join['reason']}{why}")
    return lines + ([f"    … and {len(found) - SHOWN_JOINS} more"] if len(found) > SHOWN_JOINS else [])


def _refinement(connection: duckdb.DuckDBPyConnection, question: Row) -> list[str]:
    if question["kind"] != "pair":
        return []
    found = dictionaries(
        connection,
        "SELECT * FROM rollups WHERE subject_id = $1 AND object_id = $2",
        [question["subject_id"], question["object_id"]],
    )
    return [
        f"  With what refines it ({row['refined_by']}): {row['rolled_verdict']} ({row['rolled_direction']}), "
        f"support {row['rolled_support']:.3f}, opposition {row['rolled_opposition']:.3f}, "
        f"{row['rolled_lineages']} lineages"
        for row in found
    ]
