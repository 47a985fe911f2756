"""Hybrid search: dense, adapted and lexical rankings, fused, with the signals for abstention."""

from __future__ import annotations

import math
from collections import Counter
from typing import Protocol

from corpus.types import Chunk, Evidence
from retrieval.adapt import AdaptedRetriever
from retrieval.exact import ExactRetriever
from retrieval.fuse import fuse_rankings
from retrieval.lexical import LexicalRetriever, content_words, load_stems
from retrieval.protocols import Encoder, Retriever, Vectors
from retrieval.snapshot import Snapshot
from retrieval.types import Hit, Query, Ranking, Signals

# Dense, adapted, lexical; chosen on development questions, where the surface is flat around them.
WEIGHTS = (0.35, 0.35, 0.3)
_FIRST = 5
# How far a kind of evidence lifts a claim that fits as well: official wording before opinion,
# people before animals. In shares of the best possible fused score.
_STEP = 0.02
_STANDING = {
    Evidence.LABEL: 3,
    Evidence.GUIDELINE: 2,
    Evidence.OFFICIAL_INFORMATION: 2,
    Evidence.HUMAN_TRIAL: 1,
    Evidence.REVIEW: 1,
    Evidence.HUMAN_OBSERVATIONAL: 0,
    Evidence.EXPERT_OPINION: 0,
    Evidence.ANIMAL: -1,
    Evidence.IN_VITRO: -1,
}


def standing(chunk: Chunk) -> float:
    """The lift of a chunk by its kind of evidence; none for a document."""
    return _STEP * _STANDING[chunk.claim.evidence] if chunk.claim else 0.0


def open_retriever(snapshot: Snapshot, encoder: Encoder, pool: int = 200) -> HybridRetriever:
    """The retriever that serves a snapshot: exact, adapted and lexical search, fused."""
    exact, adapted = ExactRetriever(snapshot, encoder), AdaptedRetriever(snapshot, encoder)
    return HybridRetriever(snapshot, encoder, (exact, adapted), LexicalRetriever(snapshot), pool)


def open_part(snapshot: Snapshot, encoder: Encoder, name: str, pool: int = 200) -> Retriever:
    """One retriever by itself, to compare: hybrid, dense or lexical. Raises `ValueError`."""
    if name == "hybrid":
        return open_retriever(snapshot, encoder, pool)
    if name == "dense":
        return ExactRetriever(snapshot, encoder)
    if name == "lexical":
        return LexicalRetriever(snapshot)
    raise ValueError(f"no retriever '{name}'; use hybrid, dense or lexical")


class VectorRetriever(Retriever, Protocol):
    """A retriever that also takes the query's vector, so that it is encoded once."""

    def search_vector(self, query: Query, vector: Vectors, k: int) -> Ranking:
        """The ranking for a query whose vector is known."""
        ...


class HybridRetriever:
    """Fuses dense, adapted and lexical search; measures how well the best hits carry the query."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder,
        dense: tuple[VectorRetriever, VectorRetriever],
        lexical: Retriever,
        pool: int = 200,
    ) -> None:
        self._encoder = encoder
        self._dense = dense
        self._lexical = lexical
        self._pool = pool
        self._words = load_stems(snapshot)
        counts = Counter(word for words in self._words.values() for word in words)
        total = max(1, len(self._words))
        self._rarity = {word: math.log(1 + total / n) for word, n in counts.items()}
        self._rarest = math.log(1 + total)

    def search(self, query: Query, k: int) -> Ranking:
        """At most `k` fused hits, with `signals` and the nearest outline."""
        vector = self._encoder.encode([query.text])[0]
        dense, adapted = (part.search_vector(query, vector, self._pool) for part in self._dense)
        lexical = self._lexical.search(query, self._pool)
        hits = fuse_rankings((dense, adapted, lexical), WEIGHTS, k, standing)
        return Ranking(
            query,
            hits,
            "hybrid",
            self._signals(query, hits, (dense, adapted, lexical)),
            dense.outline,
        )

    def _signals(
        self, query: Query, hits: tuple[Hit, ...], rankings: tuple[Ranking, Ranking, Ranking]
    ) -> Signals:
        dense, adapted, lexical = rankings
        best = dense.hits[0].score if dense.hits else 0.0
        if dense.outline:
            best = max(best, dense.outline.score)
        first = {hit.chunk.chunk_id for hit in dense.hits[:_FIRST]}
        agreed = first & {hit.chunk.chunk_id for hit in lexical.hits[:_FIRST]}
        sources = list(dict.fromkeys(hit.chunk.doc_id for hit in dense.hits))
        by_source = {
            doc_id: max(h.score for h in dense.hits if h.chunk.doc_id == doc_id)
            for doc_id in sources[:2]
        }
        tops = list(by_source.values())
        return Signals(
            dense=best,
            coverage=self._coverage(query, hits[:_FIRST]),
            agreement=len(agreed) / _FIRST,
            margin=tops[0] - tops[1] if len(tops) > 1 else 0.0,
            adapted=adapted.hits[0].score if adapted.hits else 0.0,
        )

    def _coverage(self, query: Query, hits: tuple[Hit, ...]) -> float:
        """Share of the query's content words, weighted by rarity, in the best one of `hits`."""
        words = set(content_words(query.text))
        weights = {word: self._rarity.get(word, self._rarest) for word in words}
        total = sum(weights.values())
        if not total:
            return 0.0
        return max(
            (
                sum(weights[w] for w in words & self._words[hit.chunk.chunk_id]) / total
                for hit in hits
            ),
            default=0.0,
        )
