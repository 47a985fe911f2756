"""Exact dense search: one product of the query vector with the snapshot's memory-mapped vectors.

Several indexed texts may belong to one chunk (its plain and precise wording, the ways in which
people ask for it); the chunk's score is that of its best text.
"""

from __future__ import annotations

import numpy as np

from retrieval.protocols import Encoder, Vectors
from retrieval.snapshot import Snapshot
from retrieval.types import Hit, OutlineHit, Query, Ranking


class ExactRetriever:
    """Dense search with recall 1 by construction. Scores are cosines."""

    name = "dense"

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        self._snapshot = snapshot
        self._encoder = encoder

    def search(self, query: Query, k: int) -> Ranking:
        """At most `k` chunks by cosine, and the nearest outline."""
        return self.search_vector(query, self._encoder.encode([query.text])[0], k)

    def search_vector(self, query: Query, vector: Vectors, k: int) -> Ranking:
        """The same for a query vector that is already known."""
        scores = self._snapshot.vectors @ vector
        best_of_chunk = np.full(len(self._snapshot.corpus.chunks), -1.0, dtype=np.float32)
        chunk_items = self._snapshot.chunk_items
        np.maximum.at(best_of_chunk, self._snapshot.item_owner[chunk_items], scores[chunk_items])
        return Ranking(
            query,
            rank_chunks(self._snapshot, best_of_chunk, k, self.name),
            self.name,
            outline=self._outline(scores),
        )

    def _outline(self, scores: Vectors) -> OutlineHit | None:
        items = self._snapshot.outline_items
        if not len(items):
            return None
        best = items[int(np.argmax(scores[items]))]
        outline = self._snapshot.corpus.outlines[int(self._snapshot.item_owner[best])]
        return OutlineHit(outline, float(scores[best]))


def rank_chunks(snapshot: Snapshot, scores: Vectors, k: int, retriever: str) -> tuple[Hit, ...]:
    """The `k` best chunks by score (ties by chunk_id) as hits; `scores` has one entry a chunk."""
    chunks = snapshot.corpus.chunks
    k = min(k, len(chunks))
    if k == 0:
        return ()
    kth = np.partition(scores, -k)[-k]
    candidates = np.flatnonzero(scores >= kth)
    order = sorted(candidates, key=lambda i: (-float(scores[i]), chunks[i].chunk_id))[:k]
    return tuple(
        Hit(chunks[i], float(scores[i]), rank, retriever) for rank, i in enumerate(order, start=1)
    )
