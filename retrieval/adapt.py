"""A linear map from how patients ask to how claims are worded, learned from the corpus itself.

The encoder is frozen and was not made for this subject. Each claim's ways of asking, paired with
its two wordings, teach a square matrix near the identity: a query vector times the matrix lies
nearer to the wordings that answer it. Loss: softmax cross-entropy over all claims (InfoNCE, van den
Oord et al. 2018, arXiv:1807.03748), by Adam (Kingma and Ba 2015, ICLR). Query vectors alone are
mapped, so no indexed vector changes. The seed is fixed: one corpus and encoder give one matrix.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.exact import rank_chunks
from retrieval.protocols import Encoder, Vectors
from retrieval.snapshot import ADAPTER, Snapshot
from retrieval.types import Query, Ranking

FEWEST_QUESTIONS = 500  # with fewer there is nothing to learn from, and the map is the identity
_TEMPERATURE, _PULL_TO_IDENTITY = 0.05, 1e-3
_EPOCHS, _BATCH, _RATE = 6, 256, 2e-3


def train_adapter(questions: Vectors, owners: NDArray[np.int64], statements: Vectors) -> Vectors:
    """The map for query vectors, of shape (dimensions, dimensions).

    `questions` (n, d) are unit vectors of ways of asking; `owners` (n,) the claim of each;
    `statements` (m, 2, d) the unit vectors of the claims' two wordings. The matrices of the last
    half of the steps are averaged, which steadies them (Polyak and Juditsky 1992).
    """
    dimensions = questions.shape[1] if questions.ndim == 2 else statements.shape[-1]
    identity = np.eye(dimensions, dtype=np.float32)
    if len(questions) < FEWEST_QUESTIONS:
        return identity
    random = np.random.default_rng(0)
    first, second = statements[:, 0], statements[:, 1]
    matrix, mean, total = identity.copy(), np.zeros_like(identity), 0
    momentum, spread = np.zeros_like(identity), np.zeros_like(identity)
    batches = [
        batch
        for _ in range(_EPOCHS)
        for batch in np.array_split(
            random.permutation(len(questions)), max(1, len(questions) // _BATCH)
        )
    ]
    for step, batch in enumerate(batches, start=1):
        gradient = _gradient(questions[batch], owners[batch], first, second, matrix)
        gradient += 2 * _PULL_TO_IDENTITY * (matrix - identity)
        momentum = 0.9 * momentum + 0.1 * gradient
        spread = 0.999 * spread + 0.001 * gradient**2
        unbiased = momentum / (1 - 0.9**step)
        scale = np.sqrt(spread / (1 - 0.999**step)) + 1e-8
        matrix = (matrix - _RATE * unbiased / scale).astype(np.float32)
        if step > len(batches) // 2:
            mean, total = mean + matrix, total + 1
    return np.asarray(mean / total, dtype=np.float32)


def _gradient(
    questions: Vectors, owners: NDArray[np.int64], first: Vectors, second: Vectors, matrix: Vectors
) -> Vectors:
    """Gradient of the loss by the matrix; a claim scores by the nearer of its two wordings."""
    mapped = questions @ matrix
    length = np.linalg.norm(mapped, axis=1, keepdims=True)
    unit = mapped / length
    to_first, to_second = unit @ first.T, unit @ second.T
    nearer = to_first >= to_second
    logits = np.where(nearer, to_first, to_second) / _TEMPERATURE
    share = np.exp(logits - logits.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    share[np.arange(len(owners)), owners] -= 1
    share /= len(owners) * _TEMPERATURE
    by_unit = (share * nearer) @ first + (share * ~nearer) @ second
    by_mapped = (by_unit - unit * np.sum(by_unit * unit, axis=1, keepdims=True)) / length
    return np.asarray(questions.T @ by_mapped, dtype=np.float32)


def write_adapter(folder: Path, matrix: Vectors) -> None:
    """Save the map beside the vectors it was learned from."""
    np.save(folder / ADAPTER, matrix)


class AdaptedRetriever:
    """Cosine of the mapped query to the wordings of claims and to chunks of documents."""

    name = "adapted"

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        self._snapshot = snapshot
        self._encoder = encoder
        self._matrix = np.load(snapshot.folder / ADAPTER)
        statements = snapshot.statement_items
        self._vectors = np.ascontiguousarray(snapshot.vectors[statements])
        self._owners = snapshot.item_owner[statements]

    def search(self, query: Query, k: int) -> Ranking:
        """At most `k` chunks by cosine to the mapped query."""
        return self.search_vector(query, self._encoder.encode([query.text])[0], k)

    def search_vector(self, query: Query, vector: Vectors, k: int) -> Ranking:
        """The same for a query vector that is already known."""
        mapped = vector @ self._matrix
        mapped /= max(float(np.linalg.norm(mapped)), 1e-9)
        best = np.full(len(self._snapshot.corpus.chunks), -1.0, dtype=np.float32)
        np.maximum.at(best, self._owners, self._vectors @ mapped)
        return Ranking(query, rank_chunks(self._snapshot, best, k, self.name), self.name)
