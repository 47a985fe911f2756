"""Fits the safety classifier on labelled phrases, and says what it adds to the rules.

Thresholds are the lowest at which at most `MOST_FALSE_ALARMS` of the harmless phrases are raised
out of fold. Figures are out of fold too; they are development figures, on one writer's phrases.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from chat.route import route_message
from chat.severity import CLASSES, SafetyWeights, digest_phrases
from evaluation.errors import EvaluationDataError
from prompts.types import Route, Rule
from retrieval.protocols import Encoder

MOST_FALSE_ALARMS = 0.04
_STRENGTH, _FOLDS = 5.0, 5


@dataclass(frozen=True, slots=True)
class SafetyPhrase:
    """A labelled message: label is crisis, emergency or none; level or kind where it has one."""

    text: str
    label: str
    level: str


@dataclass(frozen=True, slots=True)
class LayerReport:
    """Shares that get help, by rules alone and with the classifier; false alarms likewise."""

    label: str
    phrases: int
    by_rules: float
    with_classifier: float


def load_phrases(path: Path) -> tuple[SafetyPhrase, ...]:
    """Labelled phrases, one JSON object a line. Raises `EvaluationDataError`."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        return tuple(SafetyPhrase(r["text"], r["label"], r.get("level") or "") for r in rows)
    except (OSError, ValueError, KeyError) as error:
        raise EvaluationDataError(
            f"{path.name}: not labelled phrases ({type(error).__name__}); see safety_phrases.jsonl"
        ) from error


def fit_safety(
    encoder: Encoder,
    phrases: Sequence[SafetyPhrase],
    ordinary: Sequence[str],
    rules: Sequence[Rule],
) -> tuple[SafetyWeights, tuple[LayerReport, ...]]:
    """Weights, and what each layer catches. `ordinary` are harmless questions besides."""
    texts = [phrase.text for phrase in phrases] + list(ordinary)
    labels = np.array([phrase.label for phrase in phrases] + ["none"] * len(ordinary))
    vectors = encoder.encode(texts)
    model = LogisticRegression(C=_STRENGTH, max_iter=3_000)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    held_out = cross_val_predict(model, vectors, labels, cv=folds, method="predict_proba")
    model.fit(vectors, labels)
    order = [list(model.classes_).index(name) for name in CLASSES]
    held_out = held_out[:, order]
    harmless = labels == "none"
    thresholds = [_threshold(held_out[harmless, column]) for column in (0, 1)]
    weights = SafetyWeights(
        encoder.digest,
        digest_phrases(texts),
        tuple(tuple(round(float(w), 4) for w in model.coef_[row]) for row in order),
        tuple(round(float(model.intercept_[row]), 4) for row in order),
        *thresholds,
    )
    help_routes = (Route.CRISIS, Route.EMERGENCY)
    by_rules = np.array([route_message(text, rules).route in help_routes for text in texts])
    raised = (held_out[:, 0] >= thresholds[0]) | (held_out[:, 1] >= thresholds[1])
    return weights, tuple(
        LayerReport(
            name,
            int(np.sum(labels == name)),
            float(np.mean(by_rules[labels == name])),
            float(np.mean((by_rules | raised)[labels == name])),
        )
        for name in CLASSES
    )


def _threshold(harmless: NDArray[np.float64]) -> float:
    """The lowest probability that at most half of the allowed harmless phrases reach."""
    allowed = int(len(harmless) * MOST_FALSE_ALARMS / 2)
    return round(float(np.sort(harmless)[::-1][allowed]) + 1e-4, 4)
