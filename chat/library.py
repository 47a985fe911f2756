"""One opened snapshot with everything that answers from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chat.compose import Composer
from chat.severity import SafetyClassifier
from chat.types import Citation
from chat.wanted import WantedQuestions
from corpus.types import Corpus
from retrieval.abstain import Calibration
from retrieval.protocols import Retriever
from retrieval.spelling import Speller
from retrieval.types import Ranking


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
    speller: Speller
