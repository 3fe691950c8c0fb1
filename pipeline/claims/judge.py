"""The judge: how likely annotators would claim a candidate, and in which direction.

Two logistic models over named features, trained on annotated passages (`training`): one says whether the pair is
linked, one which effect it has. Their weights are a table, so that each decision can be taken apart.
"""

import csv
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.claims.features import IN_RELATIVE_CLAUSE, LED_THROUGH
from pipeline.records import Effect

if TYPE_CHECKING:
    from pipeline.claims.candidates import Candidate

FOLDER = Path(__file__).parent / "weights"
EFFECTS = (Effect.INCREASES, Effect.DECREASES, Effect.AFFECTS)
WEIGHT_COLUMNS = ("feature", "link", *EFFECTS)
# Below the first, what a rule found is left out; from the others on, what no rule found is claimed.
KEEP_RULE, KEEP_ANAPHOR, ADD_IN_SENTENCE, ADD_IN_CONTEXT = 0.18, 0.3, 0.55, 0.45
TRUST_IN_RULES = 0.7  # of the effects that rules give to pairs rightly found, more are right than the model thinks
# Rules that hardly any annotated passage calls for: the judge has not learned when to trust them.
RARE_RULES = frozenset({"elided", "unchanged", "compared", "effect-named-again"})
PLACES = ("region", "area", "part", "structure", "hippocampus", "cortex")
CONTRASTS = ("but", "not", "whereas", "although", "however", "without", "neither", "nor", "though", "despite")
BIAS = "(always)"
REASONS = 4


class JudgeError(ValueError):
    """A table of the judge holds something else than weights; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a candidate is claimed, with which effect and how surely (`confidence`, 0..1), and why."""

    is_kept: bool
    effect: Effect
    confidence: float
    reasons: str = ""


@dataclass(frozen=True)
class Judge:
    """Weights by feature: for the link, and for each of EFFECTS. `calibration` maps raw scores to shares."""

    link: Mapping[str, float]
    effects: Mapping[str, tuple[float, ...]]
    calibration: Sequence[tuple[float, float]]
    content_hash: str

    def score(self, candidate: "Candidate") -> float:
        """The probability (0..1) that the pair is linked."""
        link = self.link
        total = link[BIAS] + sum(link.get(feature, 0.0) for feature in candidate.features)
        return 1.0 / (1.0 + math.exp(-total))

    def effect_scores(self, candidate: "Candidate") -> tuple[float, ...]:
        """The probabilities of EFFECTS, given that the pair is linked."""
        totals = list(self.effects[BIAS])
        for feature in candidate.features:
            weights = self.effects.get(feature)
            if weights is not None:
                totals = [total + weight for total, weight in zip(totals, weights, strict=True)]
        highest = max(totals)
        powers = [math.exp(total - highest) for total in totals]
        return tuple(power / sum(powers) for power in powers)

    def best_effect(self, candidate: "Candidate") -> tuple[Effect, float]:
        """The effect, and the probability that the pair is linked with it. What rules found keeps their effect."""
        shares = self.effect_scores(candidate)
        if not candidate.relations:
            return EFFECTS[shares.index(max(shares))], self.score(candidate) * max(shares)
        effect = candidate.relations[0].effect
        share = TRUST_IN_RULES + (1 - TRUST_IN_RULES) * shares[EFFECTS.index(effect)]
        return effect, self.score(candidate) * share

    def decide(self, candidate: "Candidate") -> Verdict:
        """The verdict on a candidate."""
        threshold = self._threshold(candidate)
        if self.score(candidate) < threshold:
            return Verdict(False, Effect.AFFECTS, 0.0)
        effect, score = self.best_effect(candidate)
        if score < threshold:
            return Verdict(False, effect, 0.0)
        return Verdict(True, effect, self.calibrated(score), self.reasons(candidate))

    def reasons(self, candidate: "Candidate") -> str:
        """The features that bore most on the decision: "meet at improve nsubj dobj +1.3; ..."."""
        weighted = [(self.link.get(feature, 0.0), feature) for feature in candidate.features]
        strongest = sorted(weighted, key=lambda pair: -abs(pair[0]))[:REASONS]
        return "; ".join(f"{feature} {weight:+.2f}" for weight, feature in strongest if weight)

    def calibrated(self, score: float) -> float:
        """The share of claims with such a score that annotators agreed with, between the measured points."""
        points = self.calibration
        if score <= points[0][0]:
            return round(points[0][1], 3)
        for (low, at_low), (high, at_high) in pairwise(points):
            if score <= high:
                return round(at_low + (at_high - at_low) * (score - low) / (high - low), 3)
        return round(points[-1][1], 3)

    @staticmethod
    def _threshold(candidate: "Candidate") -> float:
        if any(relation.rule in RARE_RULES for relation in candidate.relations):
            return 0.0
        if candidate.relations:
            return KEEP_ANAPHOR if candidate.is_context else KEEP_RULE
        if not {LED_THROUGH, IN_RELATIVE_CLAUSE}.isdisjoint(candidate.features):
            return math.inf  # nothing follows by transitivity alone (annotation guide, rule 9)
        if any(f"path down over {noun}" in candidate.features for noun in PLACES):
            return math.inf  # "the hippocampus, a region associated with memory" says what a place is for
        if candidate.negations or any(f"forward between {word}" in candidate.features for word in CONTRASTS):
            return math.inf  # what is denied or set against another is for rules to say
        return ADD_IN_CONTEXT if candidate.is_context else ADD_IN_SENTENCE


@cache
def load_judge(folder: Path = FOLDER) -> Judge:
    """The judge of `folder`. Raises JudgeError for a bad table, FileNotFoundError for a missing one."""
    weights, calibration = folder / "judge.tsv", folder / "calibration.tsv"
    rows = list(_numbers(weights, WEIGHT_COLUMNS))
    by_feature = {feature: numbers for feature, numbers in rows}
    if BIAS not in by_feature:
        raise JudgeError(f"{weights.name}: has no row {BIAS!r}; train the judge anew")
    points = sorted((float(score), numbers[0]) for score, numbers in _numbers(calibration, ("score", "share")))
    if len(points) < 2:
        raise JudgeError(f"{calibration.name}: found {len(points)} points, expected two or more")
    digest = hashlib.sha256(weights.read_bytes() + calibration.read_bytes())
    return Judge(
        link={feature: numbers[0] for feature, numbers in rows if numbers[0]},
        effects={feature: numbers[1:] for feature, numbers in rows if any(numbers[1:])},
        calibration=points,
        content_hash=digest.hexdigest()[:16],
    )


def _numbers(path: Path, columns: Sequence[str]) -> Iterable[tuple[str, tuple[float, ...]]]:
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = next(reader, [])
        if header != list(columns):
            raise JudgeError(f"{path.name}: found the columns {header}, expected {list(columns)}")
        for number, row in enumerate(reader, start=2):
            try:
                yield row[0], tuple(float(cell) for cell in row[1 : len(columns)])
            except (ValueError, IndexError) as error:
                raise JudgeError(f"{path.name} line {number}: found {row}, expected a name and numbers") from error
