"""Queries, hits, rankings and the judgement of their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpus.types import Chunk, Outline


@dataclass(frozen=True, slots=True)
class Query:
    """A question that stands alone (`text`), and what the person typed (`asked`, never changed)."""

    query_id: str
    text: str
    asked: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A scored chunk; a higher score is better, ranks count from 1."""

    chunk: Chunk
    score: float
    rank: int
    retriever: str


@dataclass(frozen=True, slots=True)
class Signals:
    """What the decision to answer rests on. All are between -1 and 1.

    `dense`: highest cosine of the query to any indexed text. `coverage`: share of the query's
    content words, weighted by rarity, that the best chunks hold. `agreement`: overlap of the two
    retrievers' first five. `margin`: dense score of the first source over that of the next.
    `adapted`: highest cosine of the mapped query to a statement.
    """

    dense: float
    coverage: float
    agreement: float
    margin: float
    adapted: float

    def vector(self) -> tuple[float, ...]:
        """The signals in the order of the calibration's weights."""
        return (self.dense, self.coverage, self.agreement, self.margin, self.adapted)


@dataclass(frozen=True, slots=True)
class OutlineHit:
    """The outline whose `asked_as` is nearest to the query, and the cosine."""

    outline: Outline
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """One query's hits, best first. A fused ranking carries signals and the nearest outline."""

    query: Query
    hits: tuple[Hit, ...]
    retriever: str
    signals: Signals | None = None
    outline: OutlineHit | None = None


class Verdict(StrEnum):
    """What the evidence allows."""

    ANSWER = "answer"
    NO_EVIDENCE = "no_evidence"
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with the calibrated probability that the corpus answers the query."""

    verdict: Verdict
    probability: float
