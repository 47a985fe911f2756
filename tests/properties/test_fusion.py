"""Invariant 5: fusion ignores the order of its inputs, is monotone, and breaks ties by chunk_id."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.types import Chunk, Span
from retrieval.fuse import fuse_rankings
from retrieval.types import Hit, Query, Ranking

NAMES = "abcdefgh"
SCORES = st.dictionaries(
    st.sampled_from(NAMES), st.integers(0, 20).map(lambda n: n / 4), max_size=8
)
CHUNKS = {name: Chunk(f"d#{name}", "d", Span(0, 1), "x", "h") for name in NAMES}


def ranking(retriever: str, scores: dict[str, float]) -> Ranking:
    """A ranking by score, ties by id."""
    order = sorted(scores, key=lambda name: (-scores[name], name))
    hits = tuple(
        Hit(CHUNKS[name], scores[name], rank, retriever) for rank, name in enumerate(order, start=1)
    )
    return Ranking(Query("q", "t", "t"), hits, retriever)


@given(dense=SCORES, lexical=SCORES, third=SCORES)
def test_the_order_of_the_inputs_does_not_matter(
    dense: dict[str, float], lexical: dict[str, float], third: dict[str, float]
) -> None:
    """Three rankings give equal hits in all orders, to the last bit."""
    pairs = [
        (ranking("dense", dense), 0.6),
        (ranking("lexical", lexical), 0.3),
        (ranking("third", third), 0.1),
    ]
    results = {
        fuse_rankings([r for r, _ in order], [w for _, w in order], 8)
        for order in (pairs, pairs[::-1], pairs[1:] + pairs[:1])
    }
    assert len(results) == 1


@given(dense=SCORES, lexical=SCORES)
def test_hits_are_ordered_with_ties_by_id(
    dense: dict[str, float], lexical: dict[str, float]
) -> None:
    """Best first, equal scores by chunk_id, ranks from 1, no chunk lost and none invented."""
    hits = fuse_rankings((ranking("dense", dense), ranking("lexical", lexical)), (0.6, 0.4), 16)
    assert [(-h.score, h.chunk.chunk_id) for h in hits] == sorted(
        (-h.score, h.chunk.chunk_id) for h in hits
    )
    assert [h.rank for h in hits] == list(range(1, len(hits) + 1))
    assert {h.chunk.chunk_id for h in hits} == {
        f"d#{name}" for name in dense.keys() | lexical.keys()
    }
    assert all(0 <= h.score <= 1 + 1e-9 for h in hits)


@given(dense=SCORES, lexical=SCORES, data=st.data())
def test_a_higher_score_never_lowers_a_chunk(
    dense: dict[str, float], lexical: dict[str, float], data: st.DataObject
) -> None:
    """Raising one chunk within the range of its ranking keeps every chunk that it beat behind it."""
    assume(len(set(dense.values())) > 1)
    name = data.draw(st.sampled_from(sorted(dense)))
    assume(
        dense[name] > min(dense.values())
        or sum(v == min(dense.values()) for v in dense.values()) > 1
    )
    raised = dense | {
        name: data.draw(st.sampled_from([v for v in dense.values() if v >= dense[name]]))
    }
    assume(len(set(raised.values())) > 1)

    def beaten(scores: dict[str, float]) -> set[str]:
        hits = fuse_rankings(
            (ranking("dense", scores), ranking("lexical", lexical)), (0.6, 0.4), 16
        )
        place = next(h.rank for h in hits if h.chunk.chunk_id == f"d#{name}")
        return {h.chunk.chunk_id for h in hits if h.rank > place}

    assert beaten(dense) <= beaten(raised)
