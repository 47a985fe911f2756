"""The index as a LangChain retriever, for chains of others.

LangChain's open `metadata` dict ends here: nothing of ours reads it back.
"""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, SkipValidation

from corpus.types import Source
from retrieval.protocols import Encoder, Retriever
from retrieval.search import open_retriever
from retrieval.snapshot import Snapshot
from retrieval.types import Hit, Query


class AskwellRetriever(BaseRetriever):
    """Documents by our hybrid search, best first: of a claim its precise wording, else the passage.

    `metadata` says where the text stands (`source_id`, `start`, `end` in code points), what kind of
    evidence it is, what a patient reads of it (`plain`), what it does not mean (`caution`), which
    claims speak against it (`contrasts`: show them beside it), and the fused `score`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    retriever: SkipValidation[Retriever]
    sources: SkipValidation[dict[str, Source]]
    k: int = Field(default=10, gt=0)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
    ) -> list[Document]:
        ranking = self.retriever.search(Query("langchain", query, query), self.k)
        return [_document(hit, self.sources[hit.chunk.doc_id]) for hit in ranking.hits]


def open_langchain_retriever(snapshot: Snapshot, encoder: Encoder, k: int = 10) -> AskwellRetriever:
    """A LangChain retriever of `k` documents over a snapshot that `encoder` made."""
    sources = {document.doc_id: document.source for document in snapshot.corpus.documents}
    return AskwellRetriever(retriever=open_retriever(snapshot, encoder), sources=sources, k=k)


def _document(hit: Hit, source: Source) -> Document:
    chunk, claim = hit.chunk, hit.chunk.claim
    metadata: dict[str, object] = {
        "chunk_id": chunk.chunk_id,
        "source_id": source.source_id,
        "title": source.title,
        "publisher": source.publisher,
        "year": source.year,
        "url": source.url,
        "start": chunk.span.start,
        "end": chunk.span.end,
        "score": hit.score,
        "rank": hit.rank,
    }
    if claim is not None:
        metadata |= {
            "plain": claim.plain,
            "evidence": claim.evidence.value,
            "caution": claim.caution,
            "contrasts": list(claim.contrasts),
        }
    return Document(page_content=chunk.text, metadata=metadata, id=chunk.chunk_id)
