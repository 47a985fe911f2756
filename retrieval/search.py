"""Hybrid search: dense and lexical rankings, fused, with the signals that abstention needs."""

from __future__ import annotations

import math
from collections import Counter

from retrieval.fuse import fuse_rankings
from retrieval.lexical import content_words, load_stems
from retrieval.protocols import Retriever
from retrieval.snapshot import Snapshot
from retrieval.types import Hit, Query, Ranking, Signals

WEIGHTS = (0.65, 0.35)
_FIRST = 5


class HybridRetriever:
    """Fuses a dense and a lexical retriever and measures how well the best hits carry the query."""

    def __init__(
        self, snapshot: Snapshot, dense: Retriever, lexical: Retriever, pool: int = 50
    ) -> None:
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
        dense = self._dense.search(query, self._pool)
        lexical = self._lexical.search(query, self._pool)
        hits = fuse_rankings((dense, lexical), WEIGHTS, k)
        return Ranking(
            query, hits, "hybrid", self._signals(query, hits, dense, lexical), dense.outline
        )

    def _signals(
        self, query: Query, hits: tuple[Hit, ...], dense: Ranking, lexical: Ranking
    ) -> Signals:
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
