"""The second layer of safety: a classifier over the message's vectors, which can only raise.

It is asked only where no crisis or emergency rule matched, and answers with help, with help lines
above the reply where it is unsure, or with nothing.
Each sentence, and each two that stand together, are judged by themselves and with the whole, so
that a long text around them does not hide them. The weights are data, fitted on labelled phrases by
`cli.py evaluate fit-safety`: a multinomial logistic regression over a vector of the encoder, tuned
to tell danger from look-alikes (`chat.tuning`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import numpy as np

from chat.errors import SafetyWeightsError
from prompts.types import Route
from retrieval.protocols import Vectors

WEIGHTS = Path(__file__).parent / "safety_weights"


class Severity(StrEnum):
    """What the classifier makes of a message."""

    CRISIS = "crisis"
    EMERGENCY = "emergency"
    CHECK_IN = "check_in"
    NONE = "none"


CLASSES = ("crisis", "emergency", "none")
RAISED = {
    Severity.CRISIS: (Route.CRISIS, "crisis_passive"),
    Severity.EMERGENCY: (Route.EMERGENCY, "emergency_general"),
}
_SENTENCE = re.compile(r"([^.!?\n;…]+)([.!?\n;…]*)")
_MOST_SENTENCES = 150  # the longest message that the page takes has about half as many


@dataclass(frozen=True, slots=True)
class SafetyWeights:
    """Weights for one encoder; rows in the order of `CLASSES`. `phrases` digests the training set.

    `tuning` is the digest of the tuning that the vectors need, empty where the encoder is untuned.
    A message is raised where the probability of its class reaches the threshold of that class.
    Below that, from `check_in_from` on (the probability that it is not harmless), help lines stand
    above the reply.
    """

    encoder: str
    tuning: str
    phrases: str
    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    crisis_from: float
    emergency_from: float
    check_in_from: float

    def judge(self, vectors: Vectors) -> Severity:
        """The most severe reading of a row of `vectors`: the message, and each of its sentences."""
        logits = vectors @ np.array(self.weights, dtype=np.float32).T + np.array(self.bias)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        if shares[:, 0].max() >= self.crisis_from:
            return Severity.CRISIS
        if shares[:, 1].max() >= self.emergency_from:
            return Severity.EMERGENCY
        not_harmless = 1 - shares[:, 2].min()
        return Severity.CHECK_IN if not_harmless >= self.check_in_from else Severity.NONE


class SafetyClassifier:
    """Judges messages by one encoder's vectors and the weights that were fitted on them."""

    def __init__(self, weights: SafetyWeights, encode: Callable[[Sequence[str]], Vectors]) -> None:
        self._weights, self._encode = weights, encode

    def judge(self, message: str) -> Severity:
        """The most severe reading of the message and of each of its sentences."""
        return self._weights.judge(self._encode(parts_of(message)))


def parts_of(message: str) -> tuple[str, ...]:
    """The whole message, each of its sentences, and each two that follow each other.

    Sentence ends are written alike in all of them (a question mark or a full stop, none at the
    end), so that a sentence or two read the same with others around them.
    """
    found = [
        text.strip() + "?" * ("?" in end)
        for text, end in _SENTENCE.findall(message)
        if text.strip()
    ]
    some = found[:_MOST_SENTENCES]
    pairs = [_joined(pair) for pair in pairwise(some)]
    return tuple(dict.fromkeys([_joined(found) or message, *some, *pairs]))


def _joined(sentences: Sequence[str]) -> str:
    """Sentences in one text, full stops between those that are no question."""
    stops = [s if s.endswith("?") else f"{s}." for s in sentences[:-1]]
    return " ".join([*stops, *sentences[-1:]])


def load_safety_weights(encoder: str, folder: Path = WEIGHTS) -> SafetyWeights:
    """The weights for an encoder. Raises `SafetyWeightsError` with the command that fits them."""
    path = folder / f"{encoder}.json"
    if not path.exists():
        raise SafetyWeightsError(
            f"encoder '{encoder}' has no weights for safety; "
            "run `python cli.py evaluate fit-safety`"
        )
    row = json.loads(path.read_text(encoding="utf-8"))
    weights = tuple(tuple(values) for values in row["weights"])
    return SafetyWeights(**(row | {"weights": weights, "bias": tuple(row["bias"])}))


def write_safety_weights(weights: SafetyWeights, folder: Path = WEIGHTS) -> Path:
    """Write weights as data; returns the path."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{weights.encoder}.json"
    path.write_text(json.dumps(asdict(weights)) + "\n", encoding="utf-8")
    return path


def digest_phrases(texts: Sequence[str]) -> str:
    """sha256 of the training phrases, in hex: says which set the weights came from."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
