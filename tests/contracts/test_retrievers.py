"""The four retrievers under one contract."""

from __future__ import annotations

import pytest

from retrieval.dense import ChromaRetriever
from retrieval.exact import ExactRetriever
from retrieval.hashing import HashingEncoder
from retrieval.lexical import LexicalRetriever
from retrieval.protocols import Retriever
from retrieval.search import HybridRetriever
from retrieval.snapshot import Snapshot
from tests.contracts.retriever import RetrieverContract


class TestExactRetriever(RetrieverContract):
    """Exact dense search."""

    @pytest.fixture
    def retriever(self, real_snapshot: Snapshot, hashing: HashingEncoder) -> Retriever:
        return ExactRetriever(real_snapshot, hashing)


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
        return HybridRetriever(
            real_snapshot, ExactRetriever(real_snapshot, hashing), LexicalRetriever(real_snapshot)
        )


class TestChromaRetriever(RetrieverContract):
    """Approximate dense search."""

    @pytest.fixture
    def retriever(self, real_snapshot: Snapshot, hashing: HashingEncoder) -> Retriever:
        return ChromaRetriever(real_snapshot, hashing)
