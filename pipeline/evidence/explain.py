"""The story behind a claim or triple, as plain text for the terminal."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import duckdb

from pipeline.store.errors import UnknownIdError

Row: TypeAlias = dict[str, Any]

SHOWN_CANDIDATES = 5
SHOWN_CONFLICTS = 10
# Articles come from anywhere: line breaks and the control codes of terminals are not passed on.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
CONTEXT = ("species", "population", "modality", "dose", "duration", "study_design")


def explain(connection: duckdb.DuckDBPyConnection, claim_or_triple_id: str) -> str:
    """Everything behind one claim or triple: its sentences with offsets, cues and rule, and how its verdict came about.

    A beginning of an id will do where only one id begins so. Raises `UnknownIdError` where none does, or several.
    """
    kind, id_ = _resolved(connection, claim_or_triple_id.strip())
    lines = _claim_story(connection, id_) if kind == "claim" else _triple_story(connection, id_)
    return "".join(_CONTROL.sub(" ", line).rstrip() + "\n" for line in lines)


def _resolved(connection: duckdb.DuckDBPyConnection, given: str) -> tuple[str, str]:
    found = connection.execute(
        "SELECT 'claim', claim_id FROM claims WHERE starts_with(claim_id, $1) "
        "UNION ALL SELECT 'triple', triple_id FROM triples WHERE starts_with(triple_id, $1) ORDER BY 2",
        [given],
    ).fetchall()
    exact = [(kind, id_) for kind, id_ in found if id_ == given]
    if given and len(exact or found) == 1:
        kind, id_ = (exact or found)[0]
        return kind, id_
    if given and found:
        shown = ", ".join(id_ for _, id_ in found[:SHOWN_CANDIDATES])
        more = ", …" if len(found) > SHOWN_CANDIDATES else ""
        raise UnknownIdError(f"{len(found)} ids begin with {given!r}: {shown}{more}. Give more of the id.")
    raise UnknownIdError(
        f"No claim or triple has the id {given!r}. Ids look like clm_0123456789abcdef or tri_0123456789abcdef; "
        f'find them with `myoclaims sql "SELECT claim_id, subject, effect, object FROM evidence"`.'
    )


def _claim_story(connection: duckdb.DuckDBPyConnection, claim_id: str) -> list[str]:
    (claim,) = _claims(connection, [claim_id])
    lines = [f"Claim {claim_id}", f"  {claim['subject']} {_says(claim)} {claim['object']}", ""]
    lines += [*_place(claim), "", *_sentence(claim)]
    if claim["superseded_by"]:
        lines += ["", f"A newer version of the article, {claim['superseded_by']}, took its place: not counted below."]
    question = {"kind": "pair", "subject_id": claim["subject_id"], "mechanism_id": "", "object_id": claim["object_id"]}
    lines += ["", *_verdict(connection, question, f"{claim['subject']} → {claim['object']}")]
    return lines + _conflicts(connection, claim_id)


def _triple_story(connection: duckdb.DuckDBPyConnection, triple_id: str) -> list[str]:
    (triple,) = _dicts(
        connection,
        """
        SELECT
            t.*, d.source_id, d.path, d.title, d.author, d.published, d.url, d.superseded_by, d.lineage_id,
            coalesce(s.title, d.source_id) AS source, coalesce(s.tier, 'unknown') AS tier,
            coalesce(m.label, t.myokine_id) AS myokine,
            coalesce(n.label, t.mechanism_id) AS mechanism,
            coalesce(o.label, t.outcome_id) AS outcome
        FROM triples t
        JOIN documents d USING (document_id)
        LEFT JOIN sources s USING (source_id)
        LEFT JOIN concepts m ON m.concept_id = t.myokine_id
        LEFT JOIN concepts n ON n.concept_id = t.mechanism_id
        LEFT JOIN concepts o ON o.concept_id = t.outcome_id
        WHERE t.triple_id = $1
        """,
        [triple_id],
    )
    marks = [mark for mark in ("negated", "hedged") if triple[mark]]
    lines = [
        f"Triple {triple_id}",
        f"  {triple['myokine']} {triple['mechanism_effect']} {triple['mechanism']}, "
        f"{triple['outcome_effect']} {triple['outcome']}" + (f" ({', '.join(marks)})" if marks else ""),
        f"  tied together within one {triple['scope']}",
        "",
        *_place(triple),
    ]
    for claim in _claims(connection, triple["claim_ids"]):
        lines += ["", f"  {claim['claim_id']}: {claim['subject']} {_says(claim)} {claim['object']}", *_sentence(claim)]
    if triple["superseded_by"]:
        lines += ["", f"A newer version of the article, {triple['superseded_by']}, took its place: not counted below."]
    question = {
        "kind": "triple",
        "subject_id": triple["myokine_id"],
        "mechanism_id": triple["mechanism_id"],
        "object_id": triple["outcome_id"],
    }
    named = f"{triple['myokine']} → {triple['mechanism']} → {triple['outcome']}"
    return [*lines, "", *_verdict(connection, question, named)]


def _claims(connection: duckdb.DuckDBPyConnection, claim_ids: Sequence[str]) -> list[Row]:
    """The claims in the order of the text, with their sentences and where these stand."""
    return _dicts(
        connection,
        """
        SELECT
            c.*, s.text AS sentence, s.section, s.timestamp_s,
            coalesce(previous.text, '') AS previous_sentence, coalesce(following.text, '') AS next_sentence,
            d.source_id, d.path, d.title, d.author, d.published, d.url, d.superseded_by, d.lineage_id,
            coalesce(source.title, d.source_id) AS source, coalesce(source.tier, 'unknown') AS tier,
            coalesce(subject.label, c.subject_id) AS subject, coalesce(object.label, c.object_id) AS object
        FROM claims c
        JOIN sentences s USING (sentence_id)
        JOIN documents d ON d.document_id = c.document_id
        LEFT JOIN sentences previous ON previous.document_id = s.document_id AND previous.ordinal = s.ordinal - 1
        LEFT JOIN sentences following ON following.document_id = s.document_id AND following.ordinal = s.ordinal + 1
        LEFT JOIN sources source ON source.source_id = d.source_id
        LEFT JOIN concepts subject ON subject.concept_id = c.subject_id
        LEFT JOIN concepts object ON object.concept_id = c.object_id
        WHERE c.claim_id IN (SELECT unnest($1::VARCHAR[]))
        ORDER BY c.char_start, c.claim_id
        """,
        [list(claim_ids)],
    )


def _says(claim: Row) -> str:
    marks = [mark for mark in ("negated", "hedged") if claim[mark]]
    return str(claim["effect"]) + (f" ({', '.join(marks)})" if marks else "")


def _place(row: Row) -> list[str]:
    by = ", ".join(part for part in (row["author"], row["published"]) if part)
    lines = [
        f"Article  {row['title'] or '(no title)'}" + (f" ({by})" if by else ""),
        f"  {row['path']}, from {row['source']} (tier {row['tier']})",
        f"  document {row['document_id']}, lineage {row['lineage_id']}",
    ]
    return lines + ([f"  {row['url']}"] if row["url"] else [])


def _sentence(claim: Row) -> list[str]:
    where = f"  characters {claim['char_start']} to {claim['char_end']}"
    if claim["section"]:
        where += f", section {claim['section']}"
    if claim["timestamp_s"] is not None:
        minutes, seconds = divmod(int(claim["timestamp_s"]), 60)
        where += f", at {minutes:02d}:{seconds:02d}"
    lines = [where]
    if claim["previous_sentence"]:
        lines.append(f"    before   {claim['previous_sentence']}")
    lines.append(f"    EVIDENCE {claim['sentence']}")
    if claim["next_sentence"]:
        lines.append(f"    after    {claim['next_sentence']}")
    cues = {"effect": claim["effect_cue"], "negation": claim["negation_cue"], "hedging": claim["hedge_cue"]}
    shown = [f"{name} “{cue}”" for name, cue in cues.items() if cue]
    lines.append(f"  cues     {', '.join(shown) or 'none'}")
    lines.append(f"  rule     {claim['rule'] or '(none)'}, confidence {claim['confidence']:.2f}")
    if claim["reasons"]:
        lines.append(f"  because  {claim['reasons']}")
    stated = [f"{name.replace('_', ' ')} {claim[name]}" for name in CONTEXT if claim[name]]
    return [*lines, f"  context  {', '.join(stated) or 'none stated'}"]


def _verdict(connection: duckdb.DuckDBPyConnection, question: Row, named: str) -> list[str]:
    where = "kind = $kind AND subject_id = $subject_id AND mechanism_id = $mechanism_id AND object_id = $object_id"
    verdicts = _dicts(connection, f"SELECT * FROM verdicts WHERE {where}", question)
    if not verdicts:
        return [f"Verdict on {named}: none, since no current article speaks of it."]
    (verdict,) = verdicts
    (settings,) = _dicts(connection, "SELECT * FROM verdict_settings", {})
    voices = _dicts(connection, f"SELECT * FROM voices WHERE {where} ORDER BY says, weight DESC, lineage_id", question)
    masses: dict[str, Decimal] = {}
    for voice in voices:
        masses[voice["says"]] = masses.get(voice["says"], Decimal(0)) + voice["weight"]
    return [
        f"Verdict on {named}: {verdict['verdict']} (direction: {verdict['direction']})",
        "",
        "  Each lineage counts once for each thing it says, with the weight of its kind of text:",
        "  lineage               says       times  articles  weight  hedged  counts",
        *(
            f"  {voice['lineage_id']:20}  {voice['says']:9}  {voice['statements']:5}  {voice['documents']:8}  "
            f"{voice['tier_weight']:6.2f}  {'only' if voice['only_hedged'] else '':6}  {voice['weight']:6.2f}"
            for voice in voices
        ),
        "",
        "  added up    " + ", ".join(f"{says} {mass:.2f}" for says, mass in masses.items()),
        f"  support     {verdict['support']:.2f}  the greater of increases and decreases; of neither, affects",
        f"  opposition  {verdict['opposition']:.2f}  the lesser of increases and decreases, plus no effect",
        f"  conflict    {verdict['conflict']:.2f}  twice the lesser of support and opposition, divided by their sum",
        f"  lineages    {verdict['lineages']}",
        f"  Contested from a conflict of {settings['contested_from']:.2f} and two lineages on; "
        f"a consensus takes {settings['consensus_lineages']} lineages that agree.",
    ]


def _conflicts(connection: duckdb.DuckDBPyConnection, claim_id: str) -> list[str]:
    found = _dicts(
        connection,
        """
        SELECT kind, place, explained_by,
            CASE WHEN claim_id_a = $1 THEN claim_id_b ELSE claim_id_a END AS other,
            CASE WHEN claim_id_a = $1 THEN sentence_b ELSE sentence_a END AS sentence
        FROM conflicts
        WHERE $1 IN (claim_id_a, claim_id_b)
        ORDER BY kind, other
        """,
        [claim_id],
    )
    if not found:
        return []
    lines = ["", f"In conflict with {len(found)} claim{'s' if len(found) > 1 else ''}:"]
    for row in found[:SHOWN_CONFLICTS]:
        lines.append(f"  {row['other']}  {row['kind']}, {row['place']}; explained by: {row['explained_by']}")
        lines.append(f"    {row['sentence']}")
    if len(found) > SHOWN_CONFLICTS:
        lines.append(f"  … and {len(found) - SHOWN_CONFLICTS} more: SELECT * FROM conflicts")
    return lines


def _dicts(connection: duckdb.DuckDBPyConnection, query: str, parameters: object) -> list[Row]:
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
