"""Teaches the encoder to tell danger from look-alikes: low-rank changes to its weights.

LoRA (Hu et al. 2022, ICLR) by peft, with a softmax over the classes on top that is thrown away:
`evaluation.fit_safety` fits the classifier on the tuned vectors. The frozen encoder cannot do it:
a hint and its harmless twin lie side by side in its space. A quarter of an hour on two cores; the
seed is fixed.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chat.severity import CLASSES
from evaluation.errors import EvaluationDataError
from evaluation.lessons import LabelledTexts
from retrieval.encode import DIMENSIONS
from retrieval.export import installed_weights

if TYPE_CHECKING:
    import torch

EPOCHS = 4
_RANK, _DROPOUT = 16, 0.1
_BATCH, _WARM_UP, _LONGEST = 32, 50, 160
_RATE, _HEAD_RATE, _DECAY = 2e-3, 2e-2, 0.01
_SHARPNESS = 10.0  # unit vectors alone would keep the softmax flat
_NAME = re.compile(r"^base_model\.model\.(?P<module>.+)\.lora_(?P<part>[AB])\.")
_PARTS = {"A": "down", "B": "up"}

OnEpoch = Callable[[int, int, float], None]
Pieces = Sequence[Sequence[int]]


def tune_encoder(
    lessons: LabelledTexts, path: Path, on_epoch: OnEpoch = lambda *_: None, epochs: int = EPOCHS
) -> None:
    """Learn a tuning and write it to `path`; `on_epoch(done, of, mean loss)` says how it goes.

    Raises `EvaluationDataError` if peft is not installed.
    """
    try:
        import peft
    except ImportError as error:
        raise EvaluationDataError(
            "tuning needs peft; run `pip install -r requirements-dev.txt`"
        ) from error
    import torch
    from safetensors.torch import save_file
    from transformers import AutoModel, AutoTokenizer

    torch.manual_seed(0)
    weights = str(installed_weights())
    tokenizer = AutoTokenizer.from_pretrained(weights, local_files_only=True)
    config = peft.LoraConfig(
        r=_RANK,
        lora_alpha=_RANK,
        lora_dropout=_DROPOUT,
        target_modules=["query", "key", "value", "dense"],
        bias="none",
    )
    with warnings.catch_warnings():
        # peft asks transformers for a name that transformers is about to drop.
        warnings.simplefilter("ignore", FutureWarning)
        network = peft.get_peft_model(
            AutoModel.from_pretrained(weights, local_files_only=True), config
        )
    pieces = [
        tokenizer(text, truncation=True, max_length=_LONGEST)["input_ids"] for text in lessons.texts
    ]
    _learn(network, pieces, lessons.classes, epochs, on_epoch)
    tensors = {
        f"{found['module']}.{_PARTS[found['part']]}": tensor.detach().half().contiguous()
        for name, tensor in network.state_dict().items()
        if (found := _NAME.match(name))
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)
    path.chmod(0o644)


def _learn(
    network: torch.nn.Module,
    pieces: Pieces,
    classes: NDArray[np.int64],
    epochs: int,
    on_epoch: OnEpoch,
) -> None:
    import torch

    head = torch.nn.Linear(DIMENSIONS, len(CLASSES))
    steps = epochs * -(-len(pieces) // _BATCH)
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in network.parameters() if p.requires_grad], "lr": _RATE},
            {"params": head.parameters(), "lr": _HEAD_RATE},
        ],
        weight_decay=_DECAY,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / _WARM_UP) * max(0.0, 1 - step / steps)
    )
    random = np.random.default_rng(0)
    network.train()
    for epoch in range(epochs):
        losses = []
        for batch in _batches([len(row) for row in pieces], random):
            vectors = _pooled(network, [pieces[place] for place in batch])
            due = torch.tensor(classes[batch])
            loss = torch.nn.functional.cross_entropy(head(_SHARPNESS * vectors), due)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            losses.append(float(loss.detach()))
        on_epoch(epoch + 1, epochs, float(np.mean(losses)))


def _batches(lengths: Sequence[int], random: np.random.Generator) -> list[NDArray[np.int64]]:
    """Every place once, texts of like length together, in random order."""
    order = random.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), _BATCH * 20):
        near = np.array(sorted(order[start : start + _BATCH * 20], key=lengths.__getitem__))
        batches += [near[at : at + _BATCH] for at in range(0, len(near), _BATCH)]
    return [batches[place] for place in random.permutation(len(batches))]


def _pooled(network: torch.nn.Module, rows: Pieces) -> torch.Tensor:
    """Unit mean vectors, as the encoder makes them."""
    import torch

    width = max(map(len, rows))
    ids = torch.tensor([[*row, *([0] * (width - len(row)))] for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    hidden = network(input_ids=ids, attention_mask=mask).last_hidden_state
    kept = mask.unsqueeze(-1).to(hidden.dtype)
    return torch.nn.functional.normalize((hidden * kept).sum(1) / kept.sum(1), dim=1)
