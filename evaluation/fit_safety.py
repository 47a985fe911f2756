"""Fits the safety classifier on labelled phrases, and says what it adds to the rules.

A fifth of the phrases is held out, from the tuning of the encoder too. Thresholds are the lowest at
which at most the shares below of its look-alikes are raised, or get a check-in. Figures are of the
fifth: development figures, since its writers also wrote what is learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from chat.route import route_message
from chat.severity import CLASSES, SafetyWeights, digest_phrases, parts_of
from evaluation.lessons import is_held_out, severity_lessons
from evaluation.safety_run import LabelledMessage
from prompts.types import Route, Rule
from retrieval.protocols import Encoder

MOST_FALSE_ALARMS = 0.03
MOST_CHECK_INS = 0.15  # help lines above the reply disturb less than a reply that is only help
_STRENGTH = 5.0
_HARMLESS = CLASSES.index("none")


@dataclass(frozen=True, slots=True)
class LayerReport:
    """Shares that get help: by rules alone, with the classifier, and with its check-ins."""

    label: str
    phrases: int
    by_rules: float
    with_classifier: float
    with_check_in: float


def fit_safety(
    encoder: Encoder,
    tuning: str,
    base: str,
    phrases: Sequence[LabelledMessage],
    ordinary: Sequence[str],
    rules: Sequence[Rule],
) -> tuple[SafetyWeights, tuple[LayerReport, ...]]:
    """Weights, and what each layer catches of the fifth that was held out.

    `encoder` makes the vectors, with the tuning of digest `tuning` (empty for none); `base` is the
    digest of the encoder that it was tuned from. `ordinary` are harmless messages besides.
    """
    learned = severity_lessons(phrases, ordinary)
    model = LogisticRegression(C=_STRENGTH, max_iter=3_000)
    model.fit(encoder.encode(learned.texts), learned.classes)
    every = [(phrase.text, phrase.label) for phrase in phrases] + [(t, "none") for t in ordinary]
    judged = [
        (text, label if place < len(phrases) else "ordinary")
        for place, (text, label) in enumerate(every)
        if is_held_out(text)
    ]
    shares = _shares(model, encoder, [text for text, _ in judged])
    labels = np.array([label for _, label in judged])
    not_harmless = shares[:, _HARMLESS]
    alike = labels == "none"
    thresholds = [_threshold(shares[alike, column], MOST_FALSE_ALARMS / 2) for column in (0, 1)]
    weights = SafetyWeights(
        encoder=base,
        tuning=tuning,
        phrases=digest_phrases([text for text, _ in every]),
        weights=tuple(tuple(round(float(w), 4) for w in row) for row in model.coef_),
        bias=tuple(round(float(b), 4) for b in model.intercept_),
        crisis_from=thresholds[0],
        emergency_from=thresholds[1],
        check_in_from=_threshold(not_harmless[alike], MOST_CHECK_INS),
    )
    help_routes = (Route.CRISIS, Route.EMERGENCY)
    by_rules = np.array([route_message(text, rules).route in help_routes for text, _ in judged])
    raised = (shares[:, 0] >= thresholds[0]) | (shares[:, 1] >= thresholds[1])
    checked = not_harmless >= weights.check_in_from
    return weights, tuple(
        LayerReport(
            name,
            int(np.sum(labels == name)),
            float(np.mean(by_rules[labels == name])),
            float(np.mean((by_rules | raised)[labels == name])),
            float(np.mean((by_rules | raised | checked)[labels == name])),
        )
        for name in (*CLASSES, "ordinary")
    )


def _shares(
    model: LogisticRegression, encoder: Encoder, texts: Sequence[str]
) -> NDArray[np.float64]:
    """Shape (texts, 3): crisis, emergency, not harmless. As in a turn: the highest of any part."""
    parts = [parts_of(text) for text in texts]
    owners = np.repeat(np.arange(len(texts)), [len(part) for part in parts])
    found = model.predict_proba(encoder.encode([text for part in parts for text in part]))
    found[:, _HARMLESS] = 1 - found[:, _HARMLESS]
    highest = np.zeros((len(texts), len(CLASSES)))
    np.maximum.at(highest, owners, found)
    return highest


def _threshold(harmless: NDArray[np.float64], share: float) -> float:
    """The lowest probability that at most this share of the harmless messages reach."""
    return round(float(np.sort(harmless)[::-1][int(len(harmless) * share)]) + 1e-4, 4)
