"""The hybrid retriever's signals, and the exact retriever against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.dense import ChromaRetriever
from retrieval.exact import ExactRetriever
from retrieval.hashing import HashingEncoder
from retrieval.lexical import content_words
from retrieval.search import open_retriever
from retrieval.snapshot import Snapshot
from retrieval.types import Query, Ranking


def search(snapshot: Snapshot, text: str, k: int = 5) -> Ranking:
    """One hybrid search."""
    encoder = HashingEncoder()
    retriever = open_retriever(snapshot, encoder)
    return retriever.search(Query("q", text, text), k)


def test_exact_search_is_the_best_cosine_of_each_chunk(
    real_snapshot: Snapshot, hashing: HashingEncoder
) -> None:
    """The product over all vectors gives what a loop over the items gives."""
    text = "does blood pressure go up during treatment"
    vector = hashing.encode([text])[0]
    best: dict[str, float] = {}
    for item in real_snapshot.chunk_items:
        chunk_id = real_snapshot.corpus.chunks[real_snapshot.item_owner[item]].chunk_id
        best[chunk_id] = max(
            best.get(chunk_id, -1.0), float(np.dot(real_snapshot.vectors[item], vector))
        )
    expected = sorted(best.items(), key=lambda item: (-round(item[1], 5), item[0]))[:10]
    hits = ExactRetriever(real_snapshot, hashing).search(Query("q", text, text), 10).hits
    assert [h.score for h in hits] == pytest.approx([score for _, score in expected], abs=1e-5)
    assert {h.chunk.chunk_id for h in hits if h.score > expected[-1][1] + 1e-4} <= {
        chunk_id for chunk_id, _ in expected
    }


def test_chroma_agrees_with_exact_search(real_snapshot: Snapshot, hashing: HashingEncoder) -> None:
    """The approximate index finds at least nine in ten of the exact first ten."""
    exact, chroma = ExactRetriever(real_snapshot, hashing), ChromaRetriever(real_snapshot, hashing)
    found = total = 0
    for claim in real_snapshot.corpus.claims[::29]:
        query = Query("q", claim.asked_as[0], claim.asked_as[0])
        least = exact.search(query, 10).hits[-1].score
        found += sum(hit.score >= least - 1e-5 for hit in chroma.search(query, 10).hits)
        total += 10
    assert found >= 0.9 * total


def test_a_question_of_a_claim_finds_the_claim(small_snapshot: Snapshot) -> None:
    """A way of asking leads to its claim first, with full cosine and full coverage."""
    ranking = search(small_snapshot, "how long will staff watch me after spravato")
    assert ranking.hits[0].chunk.chunk_id == "clinic-label#f1"
    assert ranking.signals is not None
    assert ranking.signals.dense == pytest.approx(1.0, abs=1e-5)
    assert ranking.signals.coverage == pytest.approx(1.0)
    assert -1 <= ranking.signals.adapted <= 1


def test_words_that_nobody_wrote_give_no_signal(small_snapshot: Snapshot) -> None:
    """Nothing of the corpus covers them."""
    signals = search(small_snapshot, "qwrtz plmkn").signals
    assert signals is not None
    assert signals.coverage == 0.0
    assert signals.agreement == 0.0


def test_the_nearest_outline_travels_with_the_ranking(small_snapshot: Snapshot) -> None:
    """An outline's own wording has a cosine of 1; outlines are never hits."""
    ranking = search(small_snapshot, "how much time should i plan for a spravato visit")
    assert ranking.outline is not None
    assert ranking.outline.outline.outline_id == "how-long"
    assert ranking.outline.score == pytest.approx(1.0, abs=1e-5)


def test_content_words_are_stems_without_function_words() -> None:
    """Case, endings and function words do not count; numbers joined to names stay."""
    assert content_words("What were the Sessions of PHQ-9?") == ["session", "phq-9"]
    assert content_words("is it the") == []
