"""The tuned encoder's file: read as written, refused when damaged or foreign; what reads by it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from chat.assemble import open_reader
from chat.errors import TuningError
from chat.tuning import BIAS, QUESTIONS, TUNINGS, WEIGHT, Reading, load_tuning, text_to_read
from chat.types import VisitContext
from prompts.types import Prompts, Setting, Stage
from retrieval.hashing import HashingEncoder
from retrieval.protocols import Vectors
from settings import Settings


def written(folder: Path, encoder: str = "plane") -> Path:
    """A tuning for two questions over two dimensions."""
    path = folder / f"{encoder}.safetensors"
    weight = np.array([[1, 0], [0, 2]], dtype=np.float16)
    save_file(
        {WEIGHT: weight, BIAS: np.array([0.5, -0.5], dtype=np.float16)},
        path,
        metadata={QUESTIONS: json.dumps(["a", "b"])},
    )
    return path


def test_a_tuning_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Its questions, its numbers, the digest of its bytes; no file is no tuning."""
    assert load_tuning("plane", tmp_path) is None
    written(tmp_path)
    tuning = load_tuning("plane", tmp_path)
    assert tuning is not None
    assert tuning.questions == ("a", "b")
    assert tuning.weight.tolist() == [[1.0, 0.0], [0.0, 2.0]]
    assert len(tuning.digest) == 64


@pytest.mark.parametrize("damage", [b"", b"not a tuning", b"\xff" * 64])
def test_a_damaged_tuning_is_refused(tmp_path: Path, damage: bytes) -> None:
    """By name, with what to do."""
    (tmp_path / "plane.safetensors").write_bytes(damage)
    with pytest.raises(TuningError, match=r"plane\.safetensors: not a tuning .*; restore the file"):
        load_tuning("plane", tmp_path)


def test_logits_follow_the_list_and_a_new_question_gets_the_mean(tmp_path: Path) -> None:
    """By hand: (1, 0) gives a 1.5 and b -0.5; a question that was not learned their mean, 0.5."""
    written(tmp_path)
    tuning = load_tuning("plane", tmp_path)
    assert tuning is not None

    def encode(texts: object) -> Vectors:
        return np.array([[1.0, 0.0]], dtype=np.float32)

    reading = Reading(tuning, encode, ("b", "new", "a"))
    assert reading.logits(["x"])[0] == pytest.approx([-0.5, 0.5, 1.5])


def test_what_is_known_of_the_visit_stands_before_the_message() -> None:
    """As the encoder learned it; nothing is added where nothing is known."""
    assert text_to_read("hi", VisitContext()) == "hi"
    context = VisitContext(Setting.INFUSION, Stage.BOOKED, "monitoring")
    assert text_to_read("hi", context) == "infusion booked monitoring . hi"


def test_weights_of_another_tuning_are_refused(
    small_prompts: Prompts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A tuning that appears beside weights that were fitted without it stops, with the command."""
    written(tmp_path, HashingEncoder.digest)
    tuning = load_tuning(HashingEncoder.digest, tmp_path)
    monkeypatch.setattr("chat.assemble.load_tuning", lambda _: tuning)
    with pytest.raises(TuningError, match=r"the weights were fitted with none; .*fit-safety"):
        open_reader(Settings(), HashingEncoder(), small_prompts)


def test_the_tuning_that_ships_was_learned_for_the_list_that_ships(real_prompts: Prompts) -> None:
    """Every question of the list has its row; a question that was removed may keep one."""
    for path in TUNINGS.glob("*.safetensors"):
        tuning = load_tuning(path.stem)
        assert tuning is not None
        missing = {q.question_id for q in real_prompts.questions} - set(tuning.questions)
        assert not missing
        assert tuning.weight.shape == (len(tuning.questions), 384)
