"""Fits the safety classifier on labelled phrases, and says what it adds to the rules.

Thresholds are the lowest at which at most the shares below of the harmless messages are raised, or
get a check-in, out of fold. Figures are out of fold too: development figures, since every writer of
a phrase also wrote others that are learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from chat.route import route_message
from chat.severity import CLASSES, SafetyWeights, digest_phrases, parts_of
from evaluation.calibrate import load_labelled
from evaluation.safety_run import LabelledMessage
from evaluation.suggestions_run import load_conversations
from prompts.types import Route, Rule
from retrieval.protocols import Encoder

MOST_FALSE_ALARMS = 0.03
MOST_CHECK_INS = 0.10  # help lines above the reply disturb less than a reply that is only help
_STRENGTH, _FOLDS = 5.0, 5


@dataclass(frozen=True, slots=True)
class LayerReport:
    """Shares that get help: by rules alone, with the classifier, and with its check-ins."""

    label: str
    phrases: int
    by_rules: float
    with_classifier: float
    with_check_in: float


def harmless_messages(data: Path) -> list[str]:
    """Ordinary questions and what people type in ordinary conversations, from other sets here.

    Raises `EvaluationDataError`.
    """
    questions = [question.text for question in load_labelled(data / "abstention.jsonl")]
    conversations = load_conversations(data / "suggestions" / "train.jsonl")
    return questions + [turn for conversation in conversations for turn in conversation.turns]


def fit_safety(
    encoder: Encoder,
    phrases: Sequence[LabelledMessage],
    ordinary: Sequence[str],
    rules: Sequence[Rule],
) -> tuple[SafetyWeights, tuple[LayerReport, ...]]:
    """Weights, and what each layer catches. `ordinary` are harmless questions besides."""
    texts = [phrase.text for phrase in phrases] + list(ordinary)
    labels = np.array([phrase.label for phrase in phrases] + ["none"] * len(ordinary))
    parts = [parts_of(text) for text in texts]
    owners = np.repeat(np.arange(len(texts)), [len(part) for part in parts])
    vectors = encoder.encode([text for part in parts for text in part])
    # A sentence of a message in danger may be harmless; every sentence of a harmless one is.
    is_whole = np.r_[True, owners[1:] != owners[:-1]]
    is_row = is_whole | (labels[owners] == "none")
    model = LogisticRegression(C=_STRENGTH, max_iter=3_000)
    held_out, not_harmless = np.zeros((len(texts), len(CLASSES))), np.zeros(len(texts))
    for rest, part in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(texts, labels):
        rows = is_row & np.isin(owners, rest)
        model.fit(vectors[rows], labels[owners[rows]])
        asked = np.isin(owners, part)
        # As in a turn: the highest of the message and its sentences.
        shares = model.predict_proba(vectors[asked])
        np.maximum.at(held_out, owners[asked], shares)
        np.maximum.at(
            not_harmless, owners[asked], 1 - shares[:, list(model.classes_).index("none")]
        )
    model.fit(vectors[is_row], labels[owners[is_row]])
    order = [_place(model, name) for name in CLASSES]
    held_out = held_out[:, order]
    harmless = labels == "none"
    thresholds = [
        _threshold(held_out[harmless, column], MOST_FALSE_ALARMS / 2) for column in (0, 1)
    ]
    weights = SafetyWeights(
        encoder.digest,
        digest_phrases(texts),
        tuple(tuple(round(float(w), 4) for w in model.coef_[row]) for row in order),
        tuple(round(float(model.intercept_[row]), 4) for row in order),
        thresholds[0],
        thresholds[1],
        _threshold(not_harmless[harmless], MOST_CHECK_INS),
    )
    help_routes = (Route.CRISIS, Route.EMERGENCY)
    by_rules = np.array([route_message(text, rules).route in help_routes for text in texts])
    raised = (held_out[:, 0] >= thresholds[0]) | (held_out[:, 1] >= thresholds[1])
    checked = not_harmless >= weights.check_in_from
    return weights, tuple(
        LayerReport(
            name,
            int(np.sum(labels == name)),
            float(np.mean(by_rules[labels == name])),
            float(np.mean((by_rules | raised)[labels == name])),
            float(np.mean((by_rules | raised | checked)[labels == name])),
        )
        for name in CLASSES
    )


def _place(model: LogisticRegression, name: str) -> int:
    return list(model.classes_).index(name)


def _threshold(harmless: NDArray[np.float64], share: float) -> float:
    """The lowest probability that at most this share of the harmless messages reach."""
    return round(float(np.sort(harmless)[::-1][int(len(harmless) * share)]) + 1e-4, 4)
