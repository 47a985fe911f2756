"""A small encoder without weights: hashed words. For tests and for machines without the model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from retrieval.lexical import content_words
from retrieval.protocols import Vectors

DIMENSIONS = 256


class HashingEncoder:
    """Feature hashing (Weinberger et al. 2009) of stemmed words into unit vectors."""

    digest = f"hashing-{DIMENSIONS}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), 256)."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in content_words(text) or [text]:
                value = int.from_bytes(
                    hashlib.blake2b(word.encode(), digest_size=8).digest(), "big"
                )
                vectors[row, value % DIMENSIONS] += 1.0 if value >> 63 else -1.0
            length = float(np.linalg.norm(vectors[row]))
            vectors[row] = (
                vectors[row] / length if length else np.eye(1, DIMENSIONS, dtype=np.float32)[0]
            )
        return vectors
