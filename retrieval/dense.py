"""Chroma: the store of the vectors, and dense search through its own index.

One writer, a new folder for each snapshot. Chroma caches its systems by path, so a client is closed
as soon as its work is done: a build that failed can be tried again in the same process. Vectors are
ours; Chroma's default embedding function would download a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings

from retrieval.exact import rank_chunks
from retrieval.protocols import Encoder, Vectors
from retrieval.snapshot import Snapshot
from retrieval.types import Query, Ranking

COLLECTION = "askwell"
_BATCH = 1_000


def write_store(folder: Path, ids: Sequence[str], texts: Sequence[str], vectors: Vectors) -> None:
    """Write all vectors with their texts into a new Chroma folder, and let go of it."""
    with closing(_client(folder)) as client:
        collection = client.create_collection(
            COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        for start in range(0, len(ids), _BATCH):
            part = slice(start, start + _BATCH)
            collection.add(
                ids=list(ids[part]), documents=list(texts[part]), embeddings=vectors[part]
            )


def read_store(folder: Path) -> dict[str, tuple[str, Vectors]]:
    """Everything in a Chroma folder: id -> (text, vector)."""
    with closing(_client(folder)) as client:
        collection = client.get_collection(COLLECTION, embedding_function=None)
        found = collection.get(include=["documents", "embeddings"])
    documents = found["documents"] or []
    vectors = np.asarray(found["embeddings"], dtype=np.float32)
    return {
        item_id: (text, vector)
        for item_id, text, vector in zip(found["ids"], documents, vectors, strict=True)
    }


class ChromaRetriever:
    """Dense search through Chroma's approximate index. Scores are cosines."""

    name = "dense"

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        self._snapshot = snapshot
        self._encoder = encoder
        self._client = _client(snapshot.folder / "chroma")
        self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
        self._owner = dict(zip(snapshot.item_ids, snapshot.item_owner, strict=True))

    def search(self, query: Query, k: int) -> Ranking:
        """At most `k` chunks; asks Chroma for more texts than chunks, since a chunk has several."""
        vector = self._encoder.encode([query.text])[0]
        most = min(len(self._snapshot.item_ids), max(50, k * 8))
        found = self._collection.query(
            query_embeddings=[vector], n_results=most, include=["distances"]
        )
        scores = np.full(len(self._snapshot.corpus.chunks), -1.0, dtype=np.float32)
        outline_items = {self._snapshot.item_ids[i] for i in self._snapshot.outline_items}
        for item_id, distance in zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True):
            if item_id not in outline_items:
                owner = self._owner[item_id]
                scores[owner] = max(scores[owner], 1.0 - distance)
        hits = tuple(
            hit for hit in rank_chunks(self._snapshot, scores, k, self.name) if hit.score > -1.0
        )
        return Ranking(query, hits, self.name)


def _client(folder: Path) -> Client:
    client = chromadb.PersistentClient(
        path=str(folder), settings=ChromaSettings(anonymized_telemetry=False)
    )
    return cast(Client, client)  # declared as ClientAPI, which lacks `close`
