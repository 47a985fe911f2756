"""Fusion of rankings: weighted sum of min-max normalised scores (Bruch et al. 2023, TOIS 42(1):20).

On consumer health questions it holds where plain rank fusion falls below dense search alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.types import Chunk
from retrieval.types import Hit, Ranking


def fuse_rankings(
    rankings: Sequence[Ranking],
    weights: Sequence[float],
    k: int,
    lift: Callable[[Chunk], float] = lambda _: 0.0,
) -> tuple[Hit, ...]:
    """Fuse rankings of one query into at most `k` hits.

    score(chunk) = lift(chunk) + sum over rankings of weight * (s - min) / (max - min); 0 where a
    ranking lacks the chunk, 1 for every hit of a ranking whose scores are all equal. Ties go by
    chunk_id.
    """
    totals: dict[str, float] = {}
    chunks = {hit.chunk.chunk_id: hit.chunk for ranking in rankings for hit in ranking.hits}
    # Sorted, so that the order of the inputs cannot change a rounding.
    for ranking, weight in sorted(
        zip(rankings, weights, strict=True), key=lambda pair: (pair[0].retriever, pair[1])
    ):
        if not ranking.hits:
            continue
        scores = [hit.score for hit in ranking.hits]
        low, spread = min(scores), max(scores) - min(scores)
        for hit in ranking.hits:
            share = (hit.score - low) / spread if spread > 0 else 1.0
            totals[hit.chunk.chunk_id] = totals.get(hit.chunk.chunk_id, 0.0) + weight * share
    for chunk_id, chunk in chunks.items():
        totals[chunk_id] += lift(chunk)
    order = sorted(totals, key=lambda chunk_id: (-totals[chunk_id], chunk_id))[:k]
    return tuple(
        Hit(chunks[chunk_id], totals[chunk_id], rank, "hybrid")
        for rank, chunk_id in enumerate(order, start=1)
    )
