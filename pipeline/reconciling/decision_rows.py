"""What one row of a reviewer's file says, checked against what the database holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from itertools import product
from typing import TypeAlias

from pipeline.reconciling.decision_file import CLAIM_COLUMNS, NEW_COLUMNS, Problem, Row
from pipeline.records import Decision, Effect, Evidence

CLAIM_ACTIONS = ("accept", "reject", "fix")
ARTICLE_ACTIONS = ("retracted", "concern", "cleared")
MERGE, WITHDRAW = "merge", "withdraw"
ACTIONS = (*CLAIM_ACTIONS, *ARTICLE_ACTIONS, MERGE, WITHDRAW)
# A row with any of these filled in is about a claim.
OF_A_CLAIM = ("claim_id", "evidence_key", "sentence", "subject_id", "effect", "object_id")
EFFECTS = tuple(str(effect) for effect in Effect)
BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
MUST_STAY = "the cells that identify a claim must stay as exported (to change what was extracted: fix, and new_…)"

Place: TypeAlias = tuple[str, str]  # source_id, path


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim of the database, of whatever version of its article."""

    claim_id: str
    evidence: Evidence
    hedged: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds, as far as decisions rest on it.

    `claims` are by claim_id, `concepts` are labels by concept_id, `lineages` those of all versions at a place,
    `standing` the decisions that stand by decision_id.
    """

    claims: Mapping[str, KnownClaim]
    concepts: Mapping[str, str]
    lineages: Mapping[Place, frozenset[str]]
    standing: Mapping[str, Decision]


def nearest(concept_id: str, concepts: Mapping[str, str]) -> str:
    """The concept id that is most like `concept_id`, or whose label is; empty if none is."""
    names = {label.casefold(): id_ for id_, label in concepts.items()} | {id_.casefold(): id_ for id_ in concepts}
    close = get_close_matches(concept_id.casefold(), names, n=1)
    return names[close[0]] if close else ""


def decision_of(row: Row, known: Known, by_key: Mapping[str, KnownClaim], problems: list[Problem]) -> Decision | None:
    """The decision of the row; None if it holds none or is wrong, which is added to `problems`."""
    action = row.cell("decision").lower()
    if not action:
        return None
    if action not in ACTIONS:
        problems.append(_problem(row, "decision", f"expected one of {', '.join(ACTIONS)}, or nothing"))
        return None
    before = len(problems)
    if action != "fix":
        expected = f"expected nothing beside {action} (to change what was extracted, the decision is fix)"
        problems += [_problem(row, column, expected) for column in NEW_COLUMNS if row.cell(column)]
    is_claim = action in CLAIM_ACTIONS or (
        action == WITHDRAW and any(map(row.cell, OF_A_CLAIM)) and not row.cell("concept_id")
    )
    if is_claim:
        decision = _on_claim(row, action, known, by_key, problems)
    else:
        expected = f"expected nothing: {action} stands in a row of its own, without a claim"
        problems += [_problem(row, column, expected) for column in OF_A_CLAIM if row.cell(column)][:1]
        is_merge = action == MERGE or (action == WITHDRAW and bool(row.cell("concept_id")))
        decision = _on_concept(row, action, known, problems) if is_merge else _on_article(row, action, known, problems)
    return decision if len(problems) == before else None


def _on_claim(
    row: Row, action: str, known: Known, by_key: Mapping[str, KnownClaim], problems: list[Problem]
) -> Decision | None:
    for column in ("concept_id", "into_id"):
        if row.cell(column):
            problems.append(
                _problem(row, column, f"expected nothing beside a claim: {MERGE} stands in a row of its own")
            )
    evidence = _evidence(row, known, by_key, problems)
    if evidence is None or not _is_known_place(row, (evidence.source_id, evidence.path), known, problems):
        return None
    claim = by_key.get(evidence.key)
    decision = Decision(
        action,
        datetime.min,
        claim.evidence if claim else evidence,
        # what the reviewer saw; a later extraction may have another rule
        rule=row.cell("rule") or (claim.rule if claim else ""),
    )
    return _fixed(row, decision, claim, known, problems) if action == "fix" else decision


def _fixed(
    row: Row, decision: Decision, claim: KnownClaim | None, known: Known, problems: list[Problem]
) -> Decision | None:
    """`decision` with the new values of the row; those that are as extracted stay empty."""
    new = {column: row.cell(column) for column in NEW_COLUMNS if row.cell(column)}
    if not new:
        expected = f"expected the right value in one or more of {', '.join(NEW_COLUMNS)}"
        problems.append(Problem(row.line, "decision", "found fix without any new value", expected))
        return None
    for column in ("new_subject_id", "new_object_id"):
        if column in new:
            _check_concept(row, column, known, problems)
    if "new_effect" in new:
        new["new_effect"] = new["new_effect"].lower()
        if new["new_effect"] not in EFFECTS:
            problems.append(_problem(row, "new_effect", f"expected one of {', '.join(EFFECTS)}"))
    for column in ("new_negated", "new_hedged"):
        if column in new and _boolean(row, column, problems) is not None:
            new[column] = _written(BOOLEANS[new[column].lower()])
    was = decision.evidence
    extracted = {
        "new_subject_id": was.subject_id,
        "new_effect": was.effect,
        "new_object_id": was.object_id,
        "new_negated": _written(was.negated),
    }
    hedged = BOOLEANS.get(row.cell("hedged").lower(), claim.hedged if claim else None)
    changed = {column: value for column, value in new.items() if extracted.get(column) != value}
    if not changed or (changed.keys() == {"new_hedged"} and hedged is BOOLEANS.get(changed["new_hedged"])):
        found = f"found fix with what was extracted already ({', '.join(new.values())})"
        problems.append(Problem(row.line, "decision", found, "expected a new value that differs, or accept"))
    subject_id = changed.get("new_subject_id", was.subject_id)
    if subject_id == changed.get("new_object_id", was.object_id):
        found = f"found a fix after which {subject_id!r} is subject and object"
        problems.append(Problem(row.line, "decision", found, "expected two concepts; to drop the claim: reject"))
    return replace(
        decision,
        new_subject_id=changed.get("new_subject_id", ""),
        new_effect=changed.get("new_effect", ""),
        new_object_id=changed.get("new_object_id", ""),
        new_negated=changed.get("new_negated", ""),
        new_hedged=changed.get("new_hedged", ""),
    )


def _on_concept(row: Row, action: str, known: Known, problems: list[Problem]) -> Decision | None:
    concept_id, into_id = row.cell("concept_id"), row.cell("into_id")
    if action == WITHDRAW:
        return Decision(action, datetime.min, concept_id=concept_id)
    for column in ("concept_id", "into_id"):
        _check_concept(row, column, known, problems)
    if concept_id and concept_id == into_id:
        problems.append(_problem(row, "into_id", "expected another concept than concept_id"))
    return Decision(action, datetime.min, concept_id=concept_id, into_id=into_id)


def _on_article(row: Row, action: str, known: Known, problems: list[Problem]) -> Decision | None:
    for column in ("concept_id", "into_id"):
        if row.cell(column):
            problems.append(_problem(row, column, f"expected nothing beside an article: {MERGE} has a row of its own"))
    raw = (row.raw("source_id"), row.raw("path"))
    place = raw if raw in known.lineages else (row.cell("source_id"), row.cell("path"))
    if not _is_known_place(row, place, known, problems):
        return None
    return Decision(action, datetime.min, Evidence("", "", "", "", False, *place))


def _evidence(row: Row, known: Known, by_key: Mapping[str, KnownClaim], problems: list[Problem]) -> Evidence | None:
    key = row.cell("evidence_key")
    claim = by_key.get(key) or known.claims.get(row.cell("claim_id"))
    missing = [column for column in CLAIM_COLUMNS if not row.cell(column)]
    before = len(problems)
    if row.cell("effect") and row.cell("effect").lower() not in EFFECTS:
        problems.append(_problem(row, "effect", f"expected one of {', '.join(EFFECTS)}; {MUST_STAY}"))
    negated = _boolean(row, "negated", problems) if row.cell("negated") else None
    if len(problems) > before:
        return None
    if missing:
        if claim is None:
            found = f"no claim of the database has this claim_id or evidence_key, and {', '.join(missing)} is empty"
            problems.append(Problem(row.line, missing[0], found, "expected the row as exported, or all of these cells"))
            return None
        edited = _edited(row, claim)
        problems += edited
        return None if edited else claim.evidence
    readings = list(_readings(row, bool(negated)))
    wanted = key or (claim.evidence.key if claim else readings[0].key)
    for reading in readings:
        if reading.key == wanted:
            return reading
    edited = _edited(row, claim) if claim else []
    found = f"{key} is not the key of sentence, subject_id, effect, object_id, negated, source_id and path in this row"
    problems += edited or [Problem(row.line, "evidence_key", found, f"one of these cells was edited: {MUST_STAY}")]
    return None


def _readings(row: Row, negated: bool) -> Iterator[Evidence]:
    """What the cells can mean: an apostrophe in front may be the export's or the text's own."""
    cells = [
        [row.cell(column).lower()] if column == "effect" else dict.fromkeys((row.cell(column), row.raw(column)))
        for column in CLAIM_COLUMNS
        if column != "negated"
    ]
    for sentence, subject_id, effect, object_id, source_id, path in product(*cells):
        yield Evidence(sentence, subject_id, effect, object_id, negated, source_id, path)


def _edited(row: Row, claim: KnownClaim) -> list[Problem]:
    """The cells that are filled in and differ from those of the claim that the row names."""
    was = claim.evidence
    expected = {column: str(getattr(was, column)) for column in CLAIM_COLUMNS if column != "negated"}
    edited = [
        _problem(row, column, f"expected {value!r}: {MUST_STAY}")
        for column, value in expected.items()
        if row.cell(column) and not _is_same(column, value, (row.cell(column), row.raw(column)))
    ]
    if row.cell("negated") and BOOLEANS[row.cell("negated").lower()] is not was.negated:
        edited.append(_problem(row, "negated", f"expected {_written(was.negated)}: {MUST_STAY}"))
    key = row.cell("evidence_key")
    if key and key != was.key and not edited:
        edited.append(_problem(row, "evidence_key", f"expected {was.key!r}: {MUST_STAY}"))
    return edited


def _is_same(column: str, value: str, cells: Iterable[str]) -> bool:
    """Whether one of `cells` is `value`; in sentences, spacing and case make no difference."""
    if column == "sentence":
        value, *cells = (" ".join(text.split()).casefold() for text in (value, *cells))
    return value in (cell.lower() if column == "effect" else cell for cell in cells)


def _problem(row: Row, column: str, expected: str) -> Problem:
    shown = row.raw(column)
    shown = shown if len(shown) <= 80 else shown[:79] + "…"
    return Problem(row.line, column, f"found {shown!r}" if shown else "the cell is empty", expected)


def _boolean(row: Row, column: str, problems: list[Problem]) -> bool | None:
    value = BOOLEANS.get(row.cell(column).lower())
    if value is None:
        problems.append(_problem(row, column, "expected true or false"))
    return value


def _written(value: bool) -> str:
    return "true" if value else "false"


def _check_concept(row: Row, column: str, known: Known, problems: list[Problem]) -> None:
    concept_id = row.cell(column)
    if concept_id not in known.concepts:
        close = nearest(concept_id, known.concepts)
        meant = f"; did you mean {close!r}?" if close else ""
        problems.append(_problem(row, column, f"expected a concept_id of the table concepts{meant}"))


def _is_known_place(row: Row, place: Place, known: Known, problems: list[Problem]) -> bool:
    if place in known.lineages:
        return True
    source_id, path = place
    paths = [path for source, path in known.lineages if source == source_id]
    if not paths:
        sources = ", ".join(sorted({source for source, _ in known.lineages})) or "none as yet"
        problems.append(_problem(row, "source_id", f"expected a source with articles in the database: {sources}"))
        return False
    close = get_close_matches(path, paths, n=1)
    meant = f"; did you mean {close[0]!r}?" if close else ""
    problems.append(_problem(row, "path", f"expected the path of an article of {source_id} in the database{meant}"))
    return False
