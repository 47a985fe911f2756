"""One opened snapshot with everything that answers from it, and what reads patients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chat.compose import Composer
from chat.severity import SafetyClassifier
from chat.tuning import Reading
from chat.types import Citation
from chat.wanted import SuggestionWeights, WantedQuestions
from corpus.types import Corpus
from retrieval.abstain import Calibration
from retrieval.protocols import Retriever
from retrieval.types import Ranking


@dataclass(frozen=True, slots=True)
class Reader:
    """What an encoder, tuned or not, reads of patients; `reading` is None for an untuned one."""

    safety: SafetyClassifier
    weights: SuggestionWeights
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Library:
    """One opened snapshot with everything that searches and composes from it."""

    name: str
    encoder: str
    corpus: Corpus
    retriever: Retriever
    composer: Composer
    nearest: Callable[[Ranking], tuple[Citation, ...]]
    calibration: Calibration
    terms: frozenset[str]
    wanted: WantedQuestions
    safety: SafetyClassifier
