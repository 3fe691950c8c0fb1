"""Triples of myokine, mechanism and outcome from the claims of one article.

A triple needs the exerkine acting on the mechanism and the mechanism bearing on the outcome: both in
one sentence, or in neighbouring sentences of one paragraph where a tie ("this", "thereby", a pronoun)
joins the second to the first. Crossing the blood-brain barrier bears on whatever the same sentence says
the exerkine does.
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.records import Claim, Effect, Sentence, Triple

TIES = re.compile(
    r"^(?:this|these|thus|thereby|therefore|hence|consequently|as a (?:result|consequence)|in turn|it|they|"
    r"such|by doing so|through (?:this|these)|in this way|which)\b",
    re.IGNORECASE,
)
CROSSING = "bbb_crossing"


def assemble(
    claims: Sequence[Claim],
    sentences: Mapping[str, Sentence],
    roles: Mapping[str, str],
    introductions: Mapping[str, str],
) -> list[Triple]:
    """Triples of one document's claims.

    `sentences` maps sentence ids to sentences; `introductions` maps a bullet's sentence id to the
    sentence that introduces the list.
    """
    first = [c for c in claims if roles.get(c.subject_id) == "exerkine" and roles.get(c.object_id) == "mechanism"]
    second = [c for c in claims if roles.get(c.object_id) == "outcome"]
    found: dict[tuple[str, str, str], Triple] = {}
    for acts in first:
        for bears in second:
            if not _belongs(acts, bears):
                continue
            scope = _scope(acts, bears, sentences, introductions)
            if not scope:
                continue
            triple = _triple(acts, bears, claims, scope)
            key = triple.myokine_id, triple.mechanism_id, triple.outcome_id
            if key not in found or (found[key].scope == "passage" and scope == "sentence"):
                found[key] = triple
    return list(found.values())


def _belongs(acts: Claim, bears: Claim) -> bool:
    if acts.object_id == CROSSING:
        return bears.subject_id == acts.subject_id
    return bears.subject_id == acts.object_id


def _scope(acts: Claim, bears: Claim, sentences: Mapping[str, Sentence], introductions: Mapping[str, str]) -> str:
    if acts.sentence_id == bears.sentence_id:
        return "sentence"
    if acts.object_id == CROSSING:
        return "passage" if introductions.get(bears.sentence_id) == acts.sentence_id else ""
    one, other = sentences[acts.sentence_id], sentences[bears.sentence_id]
    if one.paragraph != other.paragraph or other.ordinal - one.ordinal != 1:
        return ""
    return "passage" if TIES.match(other.text) or bears.rule.endswith("anaphor") else ""


def _triple(acts: Claim, bears: Claim, claims: Sequence[Claim], scope: str) -> Triple:
    direct = next(
        (
            c
            for c in claims
            if c.subject_id == acts.subject_id
            and c.object_id == bears.object_id
            and c.sentence_id in {acts.sentence_id, bears.sentence_id}
        ),
        None,
    )
    return Triple(
        document_id=acts.document_id,
        myokine_id=acts.subject_id,
        mechanism_id=acts.object_id,
        outcome_id=bears.object_id,
        mechanism_effect=acts.effect,
        outcome_effect=direct.effect if direct else _composed(acts.effect, bears.effect),
        negated=acts.negated or bears.negated,
        hedged=acts.hedged or bears.hedged,
        scope=scope,
        claim_ids=tuple(dict.fromkeys(c.claim_id for c in (acts, bears, direct) if c is not None)),
    )


def _composed(acts: Effect, bears: Effect) -> Effect:
    if Effect.AFFECTS in (acts, bears):
        return Effect.AFFECTS
    return bears if acts is Effect.INCREASES else bears.inverted()
