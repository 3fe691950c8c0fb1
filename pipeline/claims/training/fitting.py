"""Two logistic models from labelled candidates: is the pair linked, and with which effect.

Thresholds and the calibration come from predictions on passages that the predicting model has not seen.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from pipeline.claims.candidates import Candidate
from pipeline.claims.judge import BIAS, EFFECTS
from pipeline.records import Effect

SMALLEST_COUNT = 3
LINK_STRENGTH = EFFECT_STRENGTH = 0.1  # inverse of the penalty, chosen by cross-validation
POINTS = 11
NEGLIGIBLE = 0.0005


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate with what annotators said: `effects` is empty where they saw no link."""

    passage: str
    candidate: Candidate
    effects: frozenset[Effect]

    @property
    def is_linked(self) -> bool:
        return bool(self.effects)


@dataclass(frozen=True)
class Weights:
    """Weights by feature: for the link, and for EFFECTS."""

    link: dict[str, float]
    effects: dict[str, tuple[float, ...]]


def fit(examples: Sequence[Example]) -> Weights:
    """Fit both models."""
    features = _frequent(examples)
    model = LogisticRegression(C=LINK_STRENGTH, max_iter=300, solver="liblinear")
    model.fit(_matrix(examples, features), [example.is_linked for example in examples])
    link = {BIAS: float(model.intercept_[0])}
    link |= {feature: float(model.coef_[0][i]) for feature, i in features.items()}

    linked = [example for example in examples if example.is_linked]
    told = _frequent(linked)
    effect_model = LogisticRegression(C=EFFECT_STRENGTH, max_iter=800)
    effect_model.fit(_matrix(linked, told), [EFFECTS.index(min(e.effects, key=EFFECTS.index)) for e in linked])
    effects = {BIAS: tuple(map(float, effect_model.intercept_))}
    effects |= {feature: tuple(map(float, effect_model.coef_[:, i])) for feature, i in told.items()}
    return Weights(link, effects)


def calibration(scores: Sequence[float], agreed: Sequence[bool]) -> list[tuple[float, float]]:
    """Points (score, share agreed with) of a rising curve (isotonic regression, Zadrozny and Elkan 2002)."""
    curve = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(scores, agreed)
    grid = np.linspace(0.0, 1.0, POINTS)
    middles: NDArray[np.float64] = curve.predict(grid)
    return [(round(float(score), 2), round(float(share), 3)) for score, share in zip(grid, middles, strict=True)]


def rows(weights: Weights) -> list[tuple[str, ...]]:
    """The weights as the judge's table: the bias first, then the features by name; negligible ones are left out."""
    names = sorted((weights.link.keys() | weights.effects.keys()) - {BIAS})
    table = []
    for name in (BIAS, *names):
        link, effects = weights.link.get(name, 0.0), weights.effects.get(name, (0.0,) * len(EFFECTS))
        if name == BIAS or max(abs(link), *map(abs, effects)) > NEGLIGIBLE:
            table.append((name, *(f"{weight:.4f}" for weight in (link, *effects))))
    return table


def _frequent(examples: Sequence[Example]) -> dict[str, int]:
    counts = Counter(feature for example in examples for feature in example.candidate.features)
    return {feature: i for i, feature in enumerate(sorted(f for f, n in counts.items() if n >= SMALLEST_COUNT))}


def _matrix(examples: Sequence[Example], features: dict[str, int]) -> csr_matrix:
    places = [
        (row, features[feature])
        for row, example in enumerate(examples)
        for feature in example.candidate.features
        if feature in features
    ]
    at_row, at_column = zip(*places, strict=True)
    return csr_matrix((np.ones(len(places), np.float32), (at_row, at_column)), shape=(len(examples), len(features)))
