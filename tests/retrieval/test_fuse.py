"""Fusion against sums done by hand: weight * (s - min) / (max - min), added over the rankings."""

from __future__ import annotations

import pytest

from corpus.types import Chunk, Span
from retrieval.fuse import fuse_rankings
from retrieval.types import Hit, Query, Ranking

QUERY = Query("q", "text", "text")


def ranking(retriever: str, **scores: float) -> Ranking:
    """A ranking of chunks d#<name> with these scores, best first."""
    order = sorted(scores.items(), key=lambda item: -item[1])
    hits = (
        Hit(Chunk(f"d#{name}", "d", Span(0, 1), "x", "h"), score, rank, retriever)
        for rank, (name, score) in enumerate(order, start=1)
    )
    return Ranking(QUERY, tuple(hits), retriever)


def fused(
    *rankings: Ranking, weights: tuple[float, ...] = (0.6, 0.4), k: int = 10
) -> list[tuple[str, float]]:
    """The fused ids and scores."""
    return [
        (hit.chunk.chunk_id, pytest.approx(hit.score))
        for hit in fuse_rankings(rankings, weights, k)
    ]


def test_two_rankings_add_up_as_by_hand() -> None:
    """Dense .9/.7/.5 normalises to 1, .5, 0 and lexical 8/6/4 to 1, .5, 0."""
    dense = ranking("dense", a=0.9, b=0.7, c=0.5)
    lexical = ranking("lexical", c=8.0, b=6.0, d=4.0)
    # a: .6*1 = .6   b: .6*.5 + .4*.5 = .5   c: .6*0 + .4*1 = .4   d: .4*0 = 0
    assert fused(dense, lexical) == [("d#a", 0.6), ("d#b", 0.5), ("d#c", 0.4), ("d#d", 0.0)]


def test_weights_decide_between_two_first_places() -> None:
    """The first of the heavier ranking leads."""
    dense, lexical = ranking("dense", a=2.0, b=1.0), ranking("lexical", b=5.0, a=3.0)
    assert fused(dense, lexical, weights=(0.25, 0.75)) == [("d#b", 0.75), ("d#a", 0.25)]


def test_equal_scores_count_as_full_marks() -> None:
    """A ranking whose scores are all equal gives its whole weight to each hit."""
    assert fused(ranking("dense", a=0.3, b=0.3), ranking("lexical")) == [("d#a", 0.6), ("d#b", 0.6)]


def test_ties_are_broken_by_chunk_id() -> None:
    """Equal fused scores stand in the order of their ids, whatever the order of arrival."""
    dense, lexical = ranking("dense", z=2.0, a=1.0), ranking("lexical", a=2.0, z=1.0)
    assert fused(dense, lexical, weights=(0.5, 0.5)) == [("d#a", 0.5), ("d#z", 0.5)]


def test_k_cuts_and_ranks_count_from_one() -> None:
    """At most k hits come back, numbered 1, 2, …, as hits of the hybrid retriever."""
    hits = fuse_rankings((ranking("dense", a=3.0, b=2.0, c=1.0),), (1.0,), 2)
    assert [(h.chunk.chunk_id, h.rank, h.retriever) for h in hits] == [
        ("d#a", 1, "hybrid"),
        ("d#b", 2, "hybrid"),
    ]


def test_nothing_fuses_to_nothing() -> None:
    """Empty rankings give no hits."""
    assert fuse_rankings((ranking("dense"), ranking("lexical")), (0.6, 0.4), 5) == ()


def test_weights_must_match_the_rankings() -> None:
    """A missing weight is an error, not a silent zero."""
    with pytest.raises(ValueError, match="zip"):
        fuse_rankings((ranking("dense", a=1.0),), (0.6, 0.4), 5)
