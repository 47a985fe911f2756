"""The five retrievers under one contract."""

from __future__ import annotations

import pytest

from retrieval.adapt import AdaptedRetriever
from retrieval.dense import ChromaRetriever
from retrieval.exact import ExactRetriever
from retrieval.hashing import HashingEncoder
from retrieval.lexical import LexicalRetriever
from retrieval.protocols import Retriever
from retrieval.search import open_retriever
from retrieval.snapshot import Snapshot
from tests.contracts.retriever import RetrieverContract


class TestExactRetriever(RetrieverContract):
    """Exact dense search."""

    @pytest.fixture
    def retriever(self, real_snapshot: Snapshot, hashing: HashingEncoder) -> Retriever:
        return ExactRetriever(real_snapshot, hashing)


class TestAdaptedRetriever(RetrieverContract):
    """Exact search with a mapped query."""

    least_found = 0.6  # it searches the wordings of claims alone, not the ways of asking

    @pytest.fixture
    def retriever(self, real_snapshot: Snapshot, hashing: HashingEncoder) -> Retriever:
        return AdaptedRetriever(real_snapshot, hashing)


class TestLexicalRetriever(RetrieverContract):
    """BM25."""

    @pytest.fixture
    def retriever(self, real_snapshot: Snapshot) -> Retriever:
        return LexicalRetriever(real_snapshot)

    def test_no_common_word_means_no_hit(self, retriever: Retriever) -> None:
        """A chunk that shares no content word with the query is never a hit."""
        from retrieval.types import Query

        assert retriever.search(Query("q", "qwrtz plmkn", ""), 5).hits == ()


class TestHybridRetriever(RetrieverContract):
    """Both, fused."""

    @pytest.fixture
    def retriever(self, real_snapshot: Snapshot, hashing: HashingEncoder) -> Retriever:
        return open_retriever(real_snapshot, hashing)


class TestChromaRetriever(RetrieverContract):
    """Approximate dense search."""

    @pytest.fixture
    def retriever(self, real_snapshot: Snapshot, hashing: HashingEncoder) -> Retriever:
        return ChromaRetriever(real_snapshot, hashing)
