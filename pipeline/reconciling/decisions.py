"""Rows of a reviewer's file → what they change about the standing decisions, all checked before anything is applied."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from pipeline.reconciling.decision_file import NEW_COLUMNS, Problem, Row
from pipeline.reconciling.decision_rows import MERGE, WITHDRAW, Known, Place, decision_of
from pipeline.records import Decision

Target: TypeAlias = tuple[str, ...]
Ground: TypeAlias = tuple[Target, Place | str]


@dataclass(frozen=True, slots=True)
class Told:
    """What one row of the file says; the action may be `withdraw`."""

    line: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class Changes:
    """What follows from a file: decisions to add, ids of those that stand no more and how many of these were
    taken back rather than replaced, how many stood already, and lines with new values but no decision."""

    added: tuple[Decision, ...]
    withdrawn: frozenset[str]
    taken_back: int
    standing_already: int
    overlooked: tuple[int, ...]


def changes_of(rows: Sequence[Row], known: Known, now: datetime, reviewer: str = "") -> Changes | list[Problem]:
    """What `rows` change, or all that is wrong with them. The order of the rows makes no difference."""
    problems: list[Problem] = []
    by_key = {claim.evidence.key: claim for claim in known.claims.values()}
    told = []
    for row in rows:
        decision = decision_of(row, known, by_key, problems)
        if decision is not None:
            who = row.cell("reviewer") or reviewer
            told.append(Told(row.line, replace(decision, decided_at=now, note=row.cell("note"), reviewer=who)))
    problems += _contradictions(told, known)
    changes = _changes(told, known, problems)
    problems += _circles(told, changes, known)
    if problems:
        return sorted(problems, key=lambda problem: problem.line)
    undecided = (row for row in rows if not row.cell("decision"))
    return replace(changes, overlooked=tuple(row.line for row in undecided if any(map(row.cell, NEW_COLUMNS))))


def _target(decision: Decision) -> Target:
    """What two decisions must share to be on the same thing; of a claim, apart from its article."""
    evidence = decision.evidence
    if decision.concept_id:
        return ("concept", decision.concept_id)
    if decision.evidence_key:
        return ("claim", replace(evidence, source_id="", path="").key)
    return ("article", evidence.source_id, evidence.path)


def _place(decision: Decision) -> Place:
    return decision.evidence.source_id, decision.evidence.path


def _grounds(decision: Decision, known: Known) -> set[Ground]:
    """Two decisions share one of these if they are on one thing and hold for one article: at one place, or copies."""
    target, place = _target(decision), _place(decision)
    return {(target, place), *((target, lineage) for lineage in known.lineages.get(place, ()))}


def _contradictions(told: Sequence[Told], known: Known) -> Iterator[Problem]:
    first: dict[Ground, Told] = {}
    for one in told:
        grounds = _grounds(one.decision, known)
        others = [first[ground] for ground in grounds if ground in first]
        opposed = [other for other in others if other.decision.content != one.decision.content]
        if opposed:
            yield _contradiction(one, min(opposed, key=lambda other: other.line))
        for ground in grounds:
            first.setdefault(ground, one)


def _contradiction(one: Told, other: Told) -> Problem:
    kind = _target(one.decision)[0]
    path = other.decision.evidence.path
    where = "" if _place(one.decision) == _place(other.decision) else f", here and in its copy {path}"
    found = f"found {_shown(one.decision)!r}, but line {other.line} says {_shown(other.decision)!r}"
    expected = f"expected one decision on the same {'sentence and claim' if kind == 'claim' else kind}{where}"
    return Problem(one.line, "decision", found, expected)


def _shown(decision: Decision) -> str:
    return " ".join(part for part in decision.content if part)


def _changes(told: Sequence[Told], known: Known, problems: list[Problem]) -> Changes:
    standing: dict[Ground, set[str]] = {}
    for decision_id, decision in known.standing.items():
        for ground in _grounds(decision, known):
            standing.setdefault(ground, set()).add(decision_id)
    added: list[Decision] = []
    replaced: set[str] = set()
    taken_back: set[str] = set()
    already = 0
    for line, decision in _once(told):
        same = set().union(*(standing.get(ground, set()) for ground in _grounds(decision, known)))
        if decision.action == WITHDRAW:
            taken_back |= same
            if not same:
                found = "found withdraw, but nothing stands here to take back"
                expected = "expected a decision that stands (see standing_decision in a new export)"
                problems.append(Problem(line, "decision", found, expected))
            continue
        is_there = False
        for id_ in same:
            other = known.standing[id_]
            if _place(other) != _place(decision):
                if other.content != decision.content:
                    replaced.add(id_)
            elif _is_identical(other, decision):
                is_there = True
            else:
                replaced.add(id_)
        already += is_there
        if not is_there:
            added.append(decision)
    added.sort(key=lambda decision: decision.decision_id)
    return Changes(tuple(added), frozenset(replaced | taken_back), len(taken_back), already, ())


def _once(told: Iterable[Told]) -> list[tuple[int, Decision]]:
    """What is told twice, once: with the first note and reviewer in the alphabet, so that no order matters."""
    found: dict[tuple[Target, Place, tuple[str, ...]], Told] = {}
    for one in told:
        key = (_target(one.decision), _place(one.decision), one.decision.content)
        other = found.get(key)
        if other is None or _signed(one.decision) < _signed(other.decision):
            found[key] = one
    return [(one.line, one.decision) for one in found.values()]


def _signed(decision: Decision) -> tuple[str, str]:
    return decision.note, decision.reviewer


def _is_identical(one: Decision, other: Decision) -> bool:
    return one.content == other.content and _signed(one) == _signed(other)


def _circles(told: Sequence[Told], changes: Changes, known: Known) -> Iterator[Problem]:
    into = {
        decision.concept_id: decision.into_id
        for id_, decision in known.standing.items()
        if decision.action == MERGE and id_ not in changes.withdrawn
    }
    into |= {decision.concept_id: decision.into_id for decision in changes.added if decision.action == MERGE}
    for one in told:
        if one.decision.action == MERGE:
            way = [one.decision.concept_id]
            while way[-1] in into and into[way[-1]] not in way:
                way.append(into[way[-1]])
            if len(way) > 1 and into.get(way[-1]) == way[0]:
                found = f"found a circle of merges: {' → '.join([*way, way[0]])}"
                yield Problem(one.line, "into_id", found, "expected the merges to end at one concept (withdraw one)")
