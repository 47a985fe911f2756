"""Whether the evidence allows an answer: a calibrated logistic over signals, never one cosine.

Weights and thresholds are data, `retrieval/calibration/<encoder-digest>.json`, written by
`cli.py evaluate calibrate` from labelled questions.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import CalibrationError
from retrieval.types import Judgement, Ranking, Verdict

CALIBRATIONS = Path(__file__).parent / "calibration"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic weights in the order of `Signals.vector`, and the probabilities we need.

    Below `answer_from` the reply is an abstention; below `on_topic_from` it shows no passages
    either. `outline_from` is the cosine from which an outline answers if one of its claims is among
    the first ten hits; `outline_agreed_from` the lower one that is enough where it holds the best
    hit; `outline_alone_from` the one at which no hit need agree. `relevant_from` is the share of
    the best fused score that a further statement must reach.
    """

    encoder: str
    weights: tuple[float, ...]
    bias: float
    answer_from: float
    on_topic_from: float
    outline_from: float
    outline_agreed_from: float
    outline_alone_from: float
    relevant_from: float
    labelled: int

    def probability(self, signals: tuple[float, ...]) -> float:
        """Probability that the corpus answers, from the signals."""
        total = self.bias + sum(
            weight * signal for weight, signal in zip(self.weights, signals, strict=True)
        )
        return 1 / (1 + math.exp(-total))


def load_calibration(encoder_digest: str, folder: Path = CALIBRATIONS) -> Calibration:
    """The calibration of an encoder. Raises `CalibrationError` with the command that makes one."""
    path = folder / f"{encoder_digest}.json"
    if not path.exists():
        raise CalibrationError(
            f"encoder '{encoder_digest}' has no calibration; run `python cli.py evaluate calibrate`"
        )
    entry = json.loads(path.read_text(encoding="utf-8"))
    return Calibration(**(entry | {"weights": tuple(entry["weights"])}))


def judge_evidence(ranking: Ranking, calibration: Calibration) -> Judgement:
    """Judge a fused ranking."""
    if ranking.signals is None or not ranking.hits:
        return Judgement(Verdict.OFF_TOPIC, 0.0)
    probability = calibration.probability(ranking.signals.vector())
    if probability >= calibration.answer_from:
        return Judgement(Verdict.ANSWER, probability)
    on_topic = probability >= calibration.on_topic_from
    return Judgement(Verdict.NO_EVIDENCE if on_topic else Verdict.OFF_TOPIC, probability)
