"""A tuning belongs to one encoder and to the weights that were fitted with it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from chat.assemble import open_safety
from chat.errors import TuningError
from chat.severity import load_safety_weights
from chat.tuning import TUNINGS, Tuning, find_tuning
from retrieval.hashing import HashingEncoder
from settings import Settings


def test_a_tuning_is_found_by_its_encoder(tmp_path: Path) -> None:
    """With the digest of its bytes; no file is no tuning."""
    assert find_tuning("plane", tmp_path) is None
    (tmp_path / "plane.safetensors").write_bytes(b"numbers")
    tuning = find_tuning("plane", tmp_path)
    assert tuning is not None
    assert tuning.digest == hashlib.sha256(b"numbers").hexdigest()


def test_weights_of_another_tuning_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A tuning that appears beside weights that were fitted without it stops, with the command."""
    tuning = Tuning(tmp_path / "x.safetensors", "f" * 64)
    monkeypatch.setattr("chat.assemble.find_tuning", lambda _: tuning)
    with pytest.raises(
        TuningError, match=r"its tuning is ffffffffffff, .* fitted with none; .*fit-safety"
    ):
        open_safety(Settings(), HashingEncoder())


def test_the_tuning_that_ships_is_the_one_that_the_weights_were_fitted_with() -> None:
    """By digest, for every encoder that has one; there is one for the encoder that serves."""
    found = [path.stem for path in TUNINGS.glob("*.safetensors")]
    assert "minilm-53aa51172d14" in found
    for encoder in found:
        tuning = find_tuning(encoder)
        assert tuning is not None
        assert load_safety_weights(encoder).tuning == tuning.digest
