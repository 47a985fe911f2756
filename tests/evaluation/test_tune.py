"""Lessons leave out what judges; a tuning changes what it should, and is served as it was learned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chat.tuning import load_tuning
from chat.types import VisitContext
from evaluation.lessons import (
    Lessons,
    gather_lessons,
    is_conversation_held_out,
    is_held_out,
    severity_lessons,
)
from evaluation.safety_run import LabelledMessage
from evaluation.suggestions_run import JudgedConversation
from evaluation.tune import tune_encoder
from prompts.types import Prompts
from retrieval.encode import ServingEncoder
from retrieval.errors import EncoderError
from retrieval.export import ReferenceEncoder, encoder_digest, export_graph
from retrieval.protocols import Encoder


def small_lessons(prompts: Prompts) -> Lessons:
    """A few messages of each class and three conversations."""
    phrases = [
        LabelledMessage(str(n), f"{text} {n}", label, "")
        for n in range(8)
        for text, label in (
            ("i do not want to be here any more", "crisis"),
            ("he cannot breathe", "emergency"),
            ("what does it cost. and when", "none"),
        )
    ]
    wanted = frozenset({prompts.questions[0].question_id})
    conversations = [
        JudgedConversation(str(n), ("hello", f"will it hurt {n}"), VisitContext(), wanted)
        for n in range(6)
    ]
    return gather_lessons(phrases, ["how long"], prompts.questions, conversations)


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


def test_a_conversation_is_learned_whole_and_in_part(small_prompts: Prompts) -> None:
    """The whole counts in full, first and last message less; a held-out one is left out."""
    conversations = [
        JudgedConversation(str(n), ("one", "two", f"three {n}"), VisitContext(), frozenset())
        for n in range(30)
    ]
    learned = [c for c in conversations if not is_conversation_held_out(c)]
    lessons = gather_lessons([], ["x"], small_prompts.questions, conversations)
    assert 0 < len(learned) < 30
    assert len(lessons.wanted.texts) == 3 * len(learned)
    assert lessons.wanted.counts_for.tolist()[:3] == pytest.approx([1.0, 0.4, 0.4])
    assert lessons.wanted.texts[0] == " ".join(learned[0].turns)


@pytest.mark.encoder
@pytest.mark.timeout(180)
def test_a_tuning_is_served_as_it_was_learned(small_prompts: Prompts, tmp_path: Path) -> None:
    """The file loads, moves the vectors, and its exported graph gives the tuned model's vectors."""
    lessons = small_lessons(small_prompts)
    path = tmp_path / "minilm.safetensors"
    said: list[tuple[int, int]] = []
    tune_encoder(lessons, path, lambda done, of, _: said.append((done, of)), epochs=2)
    assert said == [(1, 2), (2, 2)]
    tuning = load_tuning("minilm", tmp_path)
    assert tuning is not None
    assert tuning.questions == lessons.questions
    texts = ["i do not want to be here any more", "what does it cost"]
    tuned = ServingEncoder(export_graph(tmp_path / "models", path), tuning=path)
    assert tuned.digest == encoder_digest(path) != encoder_digest()
    vectors = tuned.encode(texts)
    assert np.sum(vectors * ReferenceEncoder(tuning=path).encode(texts), axis=1).min() > 0.9999
    assert np.sum(vectors * ReferenceEncoder().encode(texts), axis=1).max() < 0.9999


@pytest.mark.encoder
def test_a_tuning_of_another_model_is_refused(serving_encoder: Encoder, tmp_path: Path) -> None:
    """Named, with what to do."""
    from safetensors.numpy import save_file

    path = tmp_path / "other.safetensors"
    wrong = {"encoder.layer.99.up": np.zeros((2, 1)), "encoder.layer.99.down": np.zeros((1, 2))}
    save_file(wrong, path)
    with pytest.raises(EncoderError, match=r"other\.safetensors: encoder\.layer\.99 is no part"):
        ReferenceEncoder(tuning=path)
