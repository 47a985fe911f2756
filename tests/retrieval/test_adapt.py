"""The query map: identity where there is little to learn, repeatable, and it brings owners nearer."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.adapt import FEWEST_QUESTIONS, _gradient, train_adapter
from retrieval.protocols import Vectors


def unit(rows: Vectors) -> Vectors:
    """Rows of length 1."""
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)


def turned_world(n: int, dimensions: int = 16) -> tuple[Vectors, np.ndarray, Vectors]:
    """Questions that are their claims' wordings, half turned by one fixed rotation, with noise."""
    random = np.random.default_rng(1)
    wordings = unit(random.normal(size=(40, 2, dimensions)).astype(np.float32))
    wordings[:, 1] = wordings[:, 0]
    rotation = np.linalg.qr(random.normal(size=(dimensions, dimensions)))[0]
    owners = np.arange(n) % 40
    noise = 0.1 * random.normal(size=(n, dimensions))
    turned = wordings[owners, 0] + wordings[owners, 0] @ rotation
    questions = unit((turned + noise).astype(np.float32))
    return questions, owners, wordings


def test_with_few_questions_nothing_is_learned() -> None:
    """The identity changes no ranking."""
    questions, owners, wordings = turned_world(FEWEST_QUESTIONS - 1)
    assert np.array_equal(train_adapter(questions, owners, wordings), np.eye(16))
    empty = np.zeros((0, 16), dtype=np.float32)
    assert train_adapter(empty, owners[:0], wordings).shape == (16, 16)


def test_the_map_brings_questions_to_their_claims_and_is_repeatable() -> None:
    """Right first hits rise on questions that were not learned from; twice gives the same matrix."""
    questions, owners, wordings = turned_world(4_000)
    matrix = train_adapter(questions[:3_000], owners[:3_000], wordings)
    assert np.array_equal(matrix, train_adapter(questions[:3_000], owners[:3_000], wordings))

    def right(mapped: Vectors) -> float:
        return float(np.mean(np.argmax(mapped @ wordings[:, 0].T, axis=1) == owners[3_000:]))

    assert right(questions[3_000:] @ matrix) > right(questions[3_000:]) + 0.05


def test_the_gradient_is_that_of_the_loss() -> None:
    """Against central differences of the loss, entry by entry."""
    questions, owners, wordings = turned_world(12, 4)
    first, second = wordings[:, 0].astype(np.float64), np.roll(wordings[:, 0], 1, axis=1)
    matrix = np.eye(4) + 0.1 * np.random.default_rng(2).normal(size=(4, 4))

    def loss(at: np.ndarray) -> float:
        mapped = questions.astype(np.float64) @ at
        mapped /= np.linalg.norm(mapped, axis=1, keepdims=True)
        logits = np.maximum(mapped @ first.T, mapped @ second.T) / 0.05
        logits -= logits.max(axis=1, keepdims=True)
        shares = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return float(-shares[np.arange(len(owners)), owners].mean())

    found = _gradient(questions.astype(np.float64), owners, first, second, matrix)
    for i, j in ((0, 0), (1, 2), (3, 1)):
        step = np.zeros((4, 4))
        step[i, j] = 1e-6
        expected = (loss(matrix + step) - loss(matrix - step)) / 2e-6
        assert found[i, j] == pytest.approx(expected, rel=1e-3, abs=1e-4)
