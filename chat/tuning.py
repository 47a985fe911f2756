"""The encoder taught to read patients: what it learned beside its weights.

`cli.py evaluate tune` writes one file for an encoder: low-rank changes to its weights, which
`retrieval.export` merges, and a linear reading of its vectors that says how much a message wants
each question of the list. Safety (`chat.severity`) and suggestions (`chat.needs`) read by it;
search does not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from chat.errors import TuningError
from chat.types import VisitContext
from retrieval.protocols import Vectors

TUNINGS = Path(__file__).parent / "tunings"
WEIGHT, BIAS, QUESTIONS = "wanted.weight", "wanted.bias", "questions"


@dataclass(frozen=True, slots=True)
class Tuning:
    """`weight` (questions, dimensions) and `bias` (questions,) in the order of `questions`."""

    path: Path
    digest: str
    questions: tuple[str, ...]
    weight: Vectors
    bias: Vectors


class Reading:
    """How much texts want each question of a list, as logits, by a tuned encoder."""

    def __init__(
        self, tuning: Tuning, encode: Callable[[Sequence[str]], Vectors], bank: Sequence[str]
    ) -> None:
        place = {question_id: at for at, question_id in enumerate(tuning.questions)}
        self._rows = [place.get(question_id) for question_id in bank]
        self._tuning, self._encode = tuning, encode

    def logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Shape (texts, questions). A question that is new in the list gets the mean of a text."""
        vectors = self._encode(texts)
        known = vectors @ self._tuning.weight.T + self._tuning.bias
        mean = known.mean(axis=1)
        columns = [mean if row is None else known[:, row] for row in self._rows]
        return np.stack(columns, axis=1).astype(np.float64)


def text_to_read(message: str, context: VisitContext) -> str:
    """A message with what is known of the visit before it, as the tuned encoder learned it."""
    known = [value for value in (context.setting, context.stage, context.priority) if value]
    return f"{' '.join(known)} . {message}" if known else message


def load_tuning(encoder: str, folder: Path = TUNINGS) -> Tuning | None:
    """The tuning of an encoder; None where it has none. Raises `TuningError` for a damaged file."""
    path = tuning_path(encoder, folder)
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="numpy") as file:
            questions = tuple(json.loads(file.metadata()[QUESTIONS]))
            weight, bias = (file.get_tensor(name).astype(np.float32) for name in (WEIGHT, BIAS))
    except Exception as error:  # the library raises its own untyped kind
        raise TuningError(
            f"{path.name}: not a tuning ({type(error).__name__}); restore the file"
        ) from error
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Tuning(path, digest, questions, weight, bias)


def tuning_path(encoder: str, folder: Path = TUNINGS) -> Path:
    """Where the tuning of an encoder lies, if it has one."""
    return folder / f"{encoder}.safetensors"
