"""Which questions a conversation wants: what is near to it, and what people want together.

Two logistic regressions, one on top of the other. The first weighs how near each question is
(`chat.needs`); the second also sees what people who wanted the nearest questions wanted besides.
All numbers are data, fitted on judged conversations by `cli.py evaluate fit-suggestions`: weights
for one encoder, and counts that a person can read, the same for all encoders.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chat.errors import SuggestionWeightsError
from chat.needs import Needs
from chat.question_bank import fits_visit
from chat.types import VisitContext
from prompts.types import BankQuestion

WEIGHTS = Path(__file__).parent / "suggestion_weights"
COUNTS = "wanted_together.json"
COMPANY_FEATURES = (
    *("with the nearest", "with the five nearest", "log near", "more than usual", "usual share"),
    "goes with the nearest",
)
_FIVE = 5
_PRIOR = 2.0  # conversations' worth of the usual share, for questions that few people wanted
_FARTHER = 0.08  # each step down the list of what goes with a question
_Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WantedTogether:
    """In how many judged conversations a question was wanted, and two of them together.

    `together` holds each pair once, under the id that sorts first.
    """

    conversations: int
    wanted: Mapping[str, int]
    together: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression over standardised features."""

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def probabilities(self, features: _Table) -> _Table:
        """Shape (questions,) for `features` of shape (questions, features)."""
        standard = (features - np.array(self.means)) / np.array(self.scales)
        return np.asarray(1 / (1 + np.exp(-(standard @ np.array(self.weights) + self.bias))))


@dataclass(frozen=True, slots=True)
class SuggestionWeights:
    """Both regressions for one encoder."""

    encoder: str
    near: Logistic
    wanted: Logistic


class Company:
    """What is wanted along with what, for the questions of a list in its order."""

    def __init__(self, bank: Sequence[BankQuestion], counts: WantedTogether) -> None:
        ids = [question.question_id for question in bank]
        wanted = np.array([counts.wanted.get(i, 0) for i in ids], dtype=np.float64)
        both = np.array(
            [[counts.together.get(min(i, j), {}).get(max(i, j), 0) for j in ids] for i in ids],
            dtype=np.float64,
        )
        is_known = np.array([i in counts.wanted for i in ids], dtype=np.bool_)
        usual = wanted / max(1, counts.conversations)
        # A question that nobody has judged yet is neither more nor less usual than others.
        self._usual = np.where(is_known, usual, usual[is_known].mean() if is_known.any() else 0.1)
        # Row i: the share of the conversations that wanted question i which wanted each other one.
        given = (both + _PRIOR * self._usual) / (wanted + _PRIOR)[:, np.newaxis]
        self._given = np.where(np.outer(is_known, is_known), given, self._usual)
        np.fill_diagonal(self._given, 1.0)
        self._more = np.log(self._given / (self._usual + 0.01) + 0.05)
        place = {question_id: at for at, question_id in enumerate(ids)}
        self._goes_with = np.zeros((len(ids), len(ids)))
        for at, question in enumerate(bank):
            for step, other in enumerate(question.goes_with):
                self._goes_with[at, place[other]] = 1 - _FARTHER * step

    def features(self, near: _Table) -> _Table:
        """Shape (questions, len(COMPANY_FEATURES)); `near` is 0 for what does not fit the visit."""
        order = np.argsort(-near, kind="stable")
        first, five = order[0], order[:_FIVE]
        return np.stack(
            [
                self._given[first],
                near[five] @ self._given[five] / max(near[five].sum(), 1e-9),
                np.log(near + 1e-4),
                near @ self._more / max(near.sum(), 1e-9),
                self._usual,
                self._goes_with[first],
            ],
            axis=1,
        )


class WantedQuestions:
    """Reads a conversation: how probable it is that each question of the list is wanted."""

    def __init__(
        self,
        bank: Sequence[BankQuestion],
        needs: Needs,
        weights: SuggestionWeights,
        counts: WantedTogether,
    ) -> None:
        self._bank = tuple(bank)
        self._needs, self._weights = needs, weights
        self._company = Company(bank, counts)

    def probabilities(self, messages: Sequence[str], context: VisitContext) -> list[float]:
        """In the order of the list; the last of `messages` is what was just said.

        Questions that do not fit the visit have no say in what is wanted together.
        """
        features = self._needs.features(messages, context)
        fits = [fits_visit(q, context.setting, context.stage) for q in self._bank]
        near = np.where(fits, self._weights.near.probabilities(features), 0.0)
        found = self._weights.wanted.probabilities(
            np.hstack([features, self._company.features(near)])
        )
        return [float(value) for value in found]


def load_weights(encoder: str, folder: Path = WEIGHTS) -> SuggestionWeights:
    """The weights for an encoder. Raises `SuggestionWeightsError` with the command that fits."""
    row = _read(folder / f"{encoder}.json", f"encoder '{encoder}' has no weights for suggestions")
    return SuggestionWeights(row["encoder"], _logistic(row["near"]), _logistic(row["wanted"]))


def load_together(folder: Path = WEIGHTS) -> WantedTogether:
    """What is wanted together. Raises `SuggestionWeightsError` with the command that counts."""
    return WantedTogether(**_read(folder / COUNTS, f"{COUNTS} is missing"))


def write_suggestion_data(
    weights: SuggestionWeights, counts: WantedTogether, folder: Path = WEIGHTS
) -> Path:
    """Write weights and counts as data; returns the path of the weights."""
    folder.mkdir(exist_ok=True)
    (folder / COUNTS).write_text(json.dumps(asdict(counts), indent=0, sort_keys=True) + "\n")
    path = folder / f"{weights.encoder}.json"
    path.write_text(json.dumps(asdict(weights)) + "\n", encoding="utf-8")
    return path


def _read(path: Path, problem: str) -> dict[str, Any]:
    if not path.exists():
        raise SuggestionWeightsError(f"{problem}; run `python cli.py evaluate fit-suggestions`")
    row: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return row


def _logistic(row: Mapping[str, Any]) -> Logistic:
    lists = {key: tuple(row[key]) for key in ("means", "scales", "weights")}
    return Logistic(**lists, bias=row["bias"])
