"""The serving encoder: the exported graph on ONNX Runtime, without PyTorch.

`retrieval.export` makes the graph once, in a process of its own, and checks it against
sentence-transformers; this module loads it, so no process that only answers imports PyTorch.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from filelock import FileLock
from tokenizers import Tokenizer

from retrieval.errors import EncoderError
from retrieval.export import encoder_digest, exported_graph, installed_weights, is_exported
from retrieval.protocols import Vectors

DIMENSIONS = 384
_LONGEST = 256
_BATCH = 16


class ServingEncoder:
    """all-MiniLM-L6-v2 in fp32 with fused operators: the vectors of the reference encoder.

    `threads` is 1 to answer (pools that spin fight for the cores) and more to index. `tuning` is
    the file that was merged into `graph`, if one was.
    """

    def __init__(self, graph: Path, threads: int = 1, tuning: Path | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )
        # The file asks for padding and truncation at 128; the model was made with 256.
        self._tokenizer = Tokenizer.from_file(str(installed_weights() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_LONGEST)
        self._digest = encoder_digest(tuning)

    @property
    def digest(self) -> str:
        """Name and first digits of the weights' sha256; the same as the reference encoder's."""
        return self._digest

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), 384). Batches hold texts of like length."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        if not texts:
            return vectors
        pieces = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = np.argsort([len(ids) for ids in pieces], kind="stable")
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            width = max(len(pieces[place]) for place in batch)
            ids = np.zeros((len(batch), width), dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, place in enumerate(batch):
                ids[row, : len(pieces[place])] = pieces[place]
                mask[row, : len(pieces[place])] = 1
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            vectors[batch] = self._session.run(None, feed)[0]
        return vectors


def ensure_exported(models: Path, tuning: Path | None = None) -> Path:
    """The exported graph of the pinned weights, tuned or not, made now if it is not there yet.

    Raises `EncoderError` if it cannot be made, with what the export said.
    """
    graph = exported_graph(models, tuning)
    if is_exported(models, tuning):
        return graph
    models.mkdir(parents=True, exist_ok=True)
    with FileLock(models / ".export.lock"):
        if is_exported(models, tuning):
            return graph
        arguments = [path.resolve() for path in (models, tuning) if path is not None]
        project = Path(__file__).resolve().parent.parent
        done = subprocess.run(  # noqa: S603 - our own module, by this interpreter
            [sys.executable, "-m", "retrieval.export", *map(str, arguments)],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or not is_exported(models, tuning):
            said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise EncoderError(
                f"encoder: the export failed: {said}; run `make setup`, then try again"
            )
    return graph
