"""The story behind a claim or triple, as plain text for the terminal."""

from collections.abc import Sequence

import duckdb

from pipeline.evidence.cells import on_one_line
from pipeline.evidence.dictionaries import Row, dictionaries
from pipeline.evidence.verdict_story import CONTEXT, disagreement_story, verdict_story
from pipeline.store.errors import UnknownIdError

SHOWN_CANDIDATES = 5
FIXABLE = ("subject_id", "effect", "object_id", "negated", "hedged")


def explain(connection: duckdb.DuckDBPyConnection, claim_or_triple_id: str) -> str:
    """Everything behind one claim or triple: its sentences with offsets, cues and rule, and how its verdict came about.

    A beginning of an id will do where only one id begins so. Raises `UnknownIdError` where none does, or several.
    """
    kind, id_ = _resolved(connection, claim_or_triple_id.strip())
    lines = _claim_story(connection, id_) if kind == "claim" else _triple_story(connection, id_)
    return "".join(on_one_line(line) + "\n" for line in lines)


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
    decisions = _decisions(connection, claim_id)
    lines += [*map(_decided, decisions), *_reviewed(connection, claim)]
    claim |= _curated(connection, claim_id)
    if claim["superseded_by"]:
        lines += ["", f"A newer version of the article, {claim['superseded_by']}, took its place: not counted below."]
    question = {"kind": "pair", "subject_id": claim["subject_id"], "mechanism_id": "", "object_id": claim["object_id"]}
    if any(decision["action"] == "reject" for decision in decisions):
        lines += ["", "A reviewer rejected it: not counted below."]
    lines += ["", *verdict_story(connection, question, f"{claim['subject']} → {claim['object']}")]
    return lines + disagreement_story(connection, claim_id)


def _curated(connection: duckdb.DuckDBPyConnection, claim_id: str) -> Row:
    """What reviewers made of the claim: subject and object as they count."""
    found = dictionaries(
        connection,
        """
        SELECT c.subject_id, c.object_id,
            coalesce(subject.label, c.subject_id) AS subject, coalesce(object.label, c.object_id) AS object
        FROM curated_claims c
        LEFT JOIN concepts subject ON subject.concept_id = c.subject_id
        LEFT JOIN concepts object ON object.concept_id = c.object_id
        WHERE c.claim_id = $1
        """,
        [claim_id],
    )
    return found[0] if found else {}


def _decisions(connection: duckdb.DuckDBPyConnection, claim_id: str) -> list[Row]:
    """The reviewer's decision that stands on the claim, if there is one."""
    return dictionaries(
        connection,
        "SELECT d.* FROM claim_decisions JOIN decisions d USING (decision_id) WHERE claim_id = $1",
        [claim_id],
    )


def _decided(decision: Row) -> str:
    fixed = ", ".join(f"{name} {decision[f'new_{name}']}" for name in FIXABLE if decision[f"new_{name}"])
    what = f"{decision['action']}{f' ({fixed})' if fixed else ''}"
    who = f" by {decision['reviewer']}" if decision["reviewer"] else ""
    note = f": {decision['note']}" if decision["note"] else ""
    return f"  decided  {what} on {decision['decided_at']:%Y-%m-%d}{who}{note}"


def _reviewed(connection: duckdb.DuckDBPyConnection, claim: Row) -> list[str]:
    """How often reviewers agreed with the rule of the claim, and the standing of its article."""
    lines = []
    for row in dictionaries(connection, "SELECT * FROM rule_precision WHERE rule = $1", [claim["rule"]]):
        lines.append(
            f"  reviewed {row['judged']} claims of this rule, {row['accepted']} accepted "
            f"(precision {row['precision']:.2f}, at least {row['at_least']:.2f})"
        )
    for row in dictionaries(
        connection, "SELECT * FROM document_statuses WHERE document_id = $1", [claim["document_id"]]
    ):
        via = f" ({row['via']})" if row["via"] else ""
        lines.append(f"  standing {row['status']}: {row['because']}{via}")
    return lines


def _triple_story(connection: duckdb.DuckDBPyConnection, triple_id: str) -> list[str]:
    (triple,) = dictionaries(
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
    return [*lines, "", *verdict_story(connection, question, named)]


def _claims(connection: duckdb.DuckDBPyConnection, claim_ids: Sequence[str]) -> list[Row]:
    """The claims in the order of the text, with their sentences and where these stand."""
    return dictionaries(
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
