"""What every retriever keeps to. A new one inherits the class and gives the fixture `retriever`."""

from __future__ import annotations

import math

import pytest

from corpus.types import Corpus
from retrieval.protocols import Retriever
from retrieval.types import Query

QUESTIONS = (
    "does blood pressure go up after spravato",
    "naltrexone",
    "ketamine in rats",
    "how long",
    "qwrtz plmkn",
    "the",
    "",
    "🙂",
)


class RetrieverContract:
    """The contract of `retrieval.protocols.Retriever`, as tests."""

    least_found = 0.9

    @pytest.fixture
    def corpus(self, real_corpus: Corpus) -> Corpus:
        """What the retriever searches."""
        return real_corpus

    @pytest.mark.parametrize("text", QUESTIONS)
    def test_hits_are_ordered_ranked_and_single(self, retriever: Retriever, text: str) -> None:
        """Best first, ranks 1, 2, …, each chunk once, finite scores, ties by chunk_id."""
        hits = retriever.search(Query("q", text, text), 25).hits
        ids = [hit.chunk.chunk_id for hit in hits]
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        assert len(set(ids)) == len(ids)
        assert all(math.isfinite(hit.score) for hit in hits)
        order = [(-hit.score, hit.chunk.chunk_id) for hit in hits]
        assert order == sorted(order)

    @pytest.mark.parametrize("k", [0, 1, 3, 25])
    def test_at_most_k_hits(self, retriever: Retriever, k: int) -> None:
        """Never more than asked for; a question with words of the corpus fills a small k."""
        hits = retriever.search(Query("q", QUESTIONS[0], "as typed"), k).hits
        assert len(hits) == k if k <= 3 else 3 < len(hits) <= k

    def test_more_hits_begin_with_the_same_ones(self, retriever: Retriever) -> None:
        """A larger k adds hits and moves none of those before."""
        few, many = (retriever.search(Query("q", QUESTIONS[0], ""), k).hits for k in (5, 15))
        assert [h.chunk.chunk_id for h in many[:5]] == [h.chunk.chunk_id for h in few]

    def test_a_k_beyond_the_corpus_is_no_error(self, retriever: Retriever, corpus: Corpus) -> None:
        """It gives each chunk once at most."""
        assert (
            0
            < len(retriever.search(Query("q", QUESTIONS[0], ""), len(corpus.chunks) * 2).hits)
            <= len(corpus.chunks)
        )

    def test_the_same_query_gives_the_same_ranking(self, retriever: Retriever) -> None:
        """Search has no memory."""
        query = Query("q", QUESTIONS[0], "")
        first = retriever.search(query, 10)
        retriever.search(Query("other", QUESTIONS[1], ""), 10)
        assert retriever.search(query, 10) == first

    def test_the_query_comes_back_unchanged(self, retriever: Retriever) -> None:
        """What was asked stays in the ranking, with the retriever's name."""
        query = Query("t7", QUESTIONS[0], "as  typed!")
        ranking = retriever.search(query, 2)
        assert ranking.query == query
        assert ranking.retriever
        assert {hit.retriever for hit in ranking.hits} == {ranking.retriever}

    def test_hits_are_chunks_of_the_corpus(self, retriever: Retriever, corpus: Corpus) -> None:
        """Nothing is found that the corpus does not hold as it stands."""
        known = {chunk.chunk_id: chunk for chunk in corpus.chunks}
        hits = retriever.search(Query("q", QUESTIONS[0], ""), 25).hits
        assert all(known[hit.chunk.chunk_id] == hit.chunk for hit in hits)

    def test_most_ways_of_asking_find_their_claim(
        self, retriever: Retriever, corpus: Corpus
    ) -> None:
        """The indexed wording of a claim leads to it within ten hits, mostly."""
        claims = corpus.claims[::7]
        found = 0
        for claim in claims:
            hits = retriever.search(Query("q", claim.asked_as[0], ""), 10).hits
            found += claim.claim_id in {hit.chunk.chunk_id for hit in hits}
        assert found >= self.least_found * len(claims)
