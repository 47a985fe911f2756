"""Calibrates abstention: a logistic regression over the signals of labelled questions.

Thresholds are chosen on out-of-fold probabilities, so that no question judges its own weights.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from chat.standalone import standalone_query
from retrieval.abstain import Calibration
from retrieval.protocols import Retriever
from retrieval.types import Signals

_FOLDS = 5
# On golden questions of the development half, lower thresholds let outlines of other questions in.
OUTLINE_FROM = 0.85
OUTLINE_AGREED_FROM = 0.8
OUTLINE_ALONE_FROM = 0.95
RELEVANT_FROM = 0.72


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question and whether the corpus answers it.

    Kinds: answerable, not_in_corpus, off_topic, nonsense.
    """

    question_id: str
    text: str
    answerable: bool
    kind: str


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """Out-of-fold error rates at the chosen threshold."""

    labelled: int
    wrongly_refused: float
    wrongly_answered: float
    wrongly_answered_off_topic: float


def load_labelled(path: Path) -> tuple[LabelledQuestion, ...]:
    """Labelled questions, one JSON object a line."""
    rows = [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    return tuple(
        LabelledQuestion(row["id"], row["question"], row["answerable"], row["kind"]) for row in rows
    )


def calibrate(
    encoder_digest: str, questions: Sequence[LabelledQuestion], retriever: Retriever
) -> tuple[Calibration, CalibrationReport]:
    """Fit weights and thresholds from rankings of the labelled questions."""
    rows = []
    for question in questions:
        signals = retriever.search(standalone_query(question.text, (), 1), 30).signals
        rows.append(signals.vector() if signals else (0.0,) * len(fields(Signals)))
    features = np.array(rows)
    answerable = np.array([question.answerable for question in questions])
    model = LogisticRegression(C=10.0, max_iter=1_000)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    held_out = cross_val_predict(model, features, answerable, cv=folds, method="predict_proba")[
        :, 1
    ]
    answer_from = _best_threshold(held_out, answerable)
    about = np.array([question.kind in ("answerable", "not_in_corpus") for question in questions])
    on_topic_from = min(answer_from, _best_threshold(held_out, about))
    model.fit(features, answerable)
    calibration = Calibration(
        encoder=encoder_digest,
        weights=tuple(round(float(weight), 4) for weight in model.coef_[0]),
        bias=round(float(model.intercept_[0]), 4),
        answer_from=round(answer_from, 3),
        on_topic_from=round(on_topic_from, 3),
        outline_from=OUTLINE_FROM,
        outline_agreed_from=OUTLINE_AGREED_FROM,
        outline_alone_from=OUTLINE_ALONE_FROM,
        relevant_from=RELEVANT_FROM,
        labelled=len(questions),
    )
    answered = held_out >= answer_from
    off_topic = np.array([question.kind in ("off_topic", "nonsense") for question in questions])
    report = CalibrationReport(
        len(questions),
        round(float(np.mean(~answered[answerable])), 3),
        round(float(np.mean(answered[~answerable])), 3),
        round(float(np.mean(answered[off_topic])), 3) if off_topic.any() else 0.0,
    )
    return calibration, report


def write_calibration(calibration: Calibration, folder: Path) -> Path:
    """Write the calibration as data beside the others; returns its path."""
    path = folder / f"{calibration.encoder}.json"
    path.write_text(json.dumps(asdict(calibration), indent=1) + "\n", encoding="utf-8")
    return path


def _best_threshold(probabilities: np.ndarray, positive: np.ndarray) -> float:
    """The probability that splits best by balanced accuracy; the middle of the best range."""
    candidates = np.linspace(0.02, 0.98, 97)
    scores = [
        ((probabilities >= c)[positive].mean() + (probabilities < c)[~positive].mean()) / 2
        for c in candidates
    ]
    best = np.flatnonzero(np.isclose(scores, max(scores)))
    return float(candidates[best[len(best) // 2]])
