"""Lessons leave out what judges; a tuning changes what it should, and is served as it was learned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evaluation.lessons import LabelledTexts, is_held_out, severity_lessons
from evaluation.safety_run import LabelledMessage
from evaluation.tune import tune_encoder
from retrieval.encode import ServingEncoder, ensure_exported
from retrieval.errors import EncoderError
from retrieval.export import ReferenceEncoder, encoder_digest
from retrieval.protocols import Encoder


def small_lessons() -> LabelledTexts:
    """A few messages of each class."""
    phrases = [
        LabelledMessage(str(n), f"{text} {n}", label, "")
        for n in range(8)
        for text, label in (
            ("i do not want to be here any more", "crisis"),
            ("he cannot breathe", "emergency"),
            ("what does it cost. and when", "none"),
        )
    ]
    return severity_lessons(phrases, ["how long"])


def test_what_judges_is_not_learned() -> None:
    """A fifth by digest; sentences of harmless messages are learned too, of others not."""
    texts = [f"message {n}. second" for n in range(100)]
    held = {text for text in texts if is_held_out(text)}
    assert 8 <= len(held) <= 35
    harmless = severity_lessons([LabelledMessage("a", text, "none", "") for text in texts], [])
    assert set(texts) - held <= set(harmless.texts)
    assert not held & set(harmless.texts)
    assert "message 1" in harmless.texts or texts[1] in held
    grave = severity_lessons([LabelledMessage("a", text, "crisis", "") for text in texts], [])
    assert set(grave.texts) == set(texts) - held


@pytest.mark.encoder
@pytest.mark.timeout(180)
def test_a_tuning_is_served_as_it_was_learned(tmp_path: Path) -> None:
    """The file loads, moves the vectors, and its exported graph gives the tuned model's vectors."""
    lessons = small_lessons()
    path = tmp_path / "minilm.safetensors"
    said: list[tuple[int, int]] = []
    tune_encoder(lessons, path, lambda done, of, _: said.append((done, of)), epochs=30)
    assert said == [(done, 30) for done in range(1, 31)]
    texts = ["i do not want to be here any more", "what does it cost"]
    tuned = ServingEncoder(ensure_exported(tmp_path / "models", path), tuning=path)
    assert tuned.digest == encoder_digest(path) != encoder_digest()
    vectors = tuned.encode(texts)
    assert np.sum(vectors * ReferenceEncoder(tuning=path).encode(texts), axis=1).min() > 0.9999
    assert np.sum(vectors * ReferenceEncoder().encode(texts), axis=1).max() < 0.999


@pytest.mark.encoder
def test_a_tuning_of_another_model_is_refused(serving_encoder: Encoder, tmp_path: Path) -> None:
    """Named, with what to do."""
    from safetensors.numpy import save_file

    path = tmp_path / "other.safetensors"
    wrong = {"encoder.layer.99.up": np.zeros((2, 1)), "encoder.layer.99.down": np.zeros((1, 2))}
    save_file(wrong, path)
    with pytest.raises(EncoderError, match=r"other\.safetensors: encoder\.layer\.99 is no part"):
        ReferenceEncoder(tuning=path)
