"""The index inside a LangChain chain: the same hits, with where they stand and what speaks against them."""

from __future__ import annotations

import pytest
from langchain_core.runnables import RunnableLambda
from pydantic import ValidationError

from retrieval.hashing import HashingEncoder
from retrieval.langchain_adapter import open_langchain_retriever
from retrieval.search import open_retriever
from retrieval.snapshot import Snapshot
from retrieval.types import Query

ASKED = "does blood pressure go up"


def test_it_finds_what_our_search_finds(small_snapshot: Snapshot, hashing: HashingEncoder) -> None:
    """Same chunks, same order, same scores; each text stands in its document at its span."""
    ours = open_retriever(small_snapshot, hashing).search(Query("q", ASKED, ASKED), 3).hits
    found = open_langchain_retriever(small_snapshot, hashing, k=3).invoke(ASKED)
    assert [d.id for d in found] == [hit.chunk.chunk_id for hit in ours]
    assert [d.metadata["score"] for d in found] == [hit.score for hit in ours]
    texts = {document.doc_id: document.text for document in small_snapshot.corpus.documents}
    for document in found:
        where = document.metadata
        assert texts[where["source_id"]][where["start"] : where["end"]] == document.page_content
        assert {"plain", "evidence", "caution", "contrasts", "title", "url"} <= where.keys()


def test_it_runs_in_a_chain(small_snapshot: Snapshot, hashing: HashingEncoder) -> None:
    """Composed with LangChain's own operator."""
    chain = open_langchain_retriever(small_snapshot, hashing) | RunnableLambda(
        lambda documents: documents[0].metadata["plain"]
    )
    assert chain.invoke(ASKED)


def test_k_is_checked(small_snapshot: Snapshot, hashing: HashingEncoder) -> None:
    """None or fewer is refused at once."""
    with pytest.raises(ValidationError):
        open_langchain_retriever(small_snapshot, hashing, k=0)
