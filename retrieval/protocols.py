"""The two things that are really swapped in retrieval. The docstrings are the contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.types import Query, Ranking

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into unit vectors. The same text always gives the same vector."""

    @property
    def digest(self) -> str:
        """Identifies weights and backend; vectors of different digests are never mixed."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Float32 array of shape (len(texts), dimensions), each row of length 1."""
        ...


class Retriever(Protocol):
    """Finds chunks for a query."""

    def search(self, query: Query, k: int) -> Ranking:
        """At most `k` hits, best first, each chunk once, ranks from 1, ties by chunk_id."""
        ...
