"""Teaches the encoder to read patients: low-rank changes to its weights.

LoRA (Hu et al. 2022, ICLR) by peft. Three things are learned at once: the severity of a message,
the question that a moment raises (softmax), and the questions that a conversation wants (a logistic
loss for each that fits the visit). The frozen encoder cannot do the first: a hint and its harmless
twin lie side by side in its space. About half an hour on two cores; the seed is fixed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chat.severity import CLASSES
from chat.tuning import BIAS, QUESTIONS, WEIGHT
from evaluation.errors import EvaluationDataError
from evaluation.lessons import Lessons
from retrieval.encode import DIMENSIONS
from retrieval.export import installed_weights

if TYPE_CHECKING:
    import torch

    from evaluation.lessons import LabelledTexts, WantedTexts

EPOCHS = 5
_RANK, _DROPOUT = 16, 0.1
_BATCH, _WARM_UP, _LONGEST = 32, 50, 160
_RATE, _HEAD_RATE, _DECAY = 2e-3, 2e-2, 0.01
_SHARPNESS = 10.0  # unit vectors alone would keep the softmax flat
_MOMENTS_SHARE, _SMOOTHING, _WANTED_SHARE = 0.3, 0.1, 3.0
_FIRST_BIAS = -2.2  # one question in ten is wanted
_NAME = re.compile(r"^base_model\.model\.(?P<module>.+)\.lora_(?P<part>[AB])\.")
_PARTS = {"A": "down", "B": "up"}

OnEpoch = Callable[[int, int, float], None]
Pieces = Sequence[Sequence[int]]
Batch = tuple[str, NDArray[np.int64]]


def tune_encoder(
    lessons: Lessons, path: Path, on_epoch: OnEpoch = lambda *_: None, epochs: int = EPOCHS
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
    network = peft.get_peft_model(
        AutoModel.from_pretrained(weights, local_files_only=True),
        peft.LoraConfig(
            r=_RANK,
            lora_alpha=_RANK,
            lora_dropout=_DROPOUT,
            target_modules=["query", "key", "value", "dense"],
            bias="none",
        ),
    )

    def pieces(texts: Sequence[str]) -> Pieces:
        return [tokenizer(t, truncation=True, max_length=_LONGEST)["input_ids"] for t in texts]

    severity = torch.nn.Linear(DIMENSIONS, len(CLASSES))
    wanted = torch.nn.Linear(DIMENSIONS, len(lessons.questions))
    torch.nn.init.normal_(wanted.weight, std=0.5)
    torch.nn.init.constant_(wanted.bias, _FIRST_BIAS)
    parts: dict[str, _Part] = {
        "severity": _SeverityPart(pieces(lessons.severity.texts), lessons.severity, severity),
        "moments": _MomentsPart(pieces(lessons.moments.texts), lessons.moments, wanted),
        "wanted": _WantedPart(pieces(lessons.wanted.texts), lessons.wanted, wanted),
    }
    heads = [*severity.parameters(), *wanted.parameters()]
    _learn(network, heads, parts, epochs, on_epoch)
    tensors = {WEIGHT: wanted.weight, BIAS: wanted.bias}
    for name, tensor in network.state_dict().items():
        if found := _NAME.match(name):
            tensors[f"{found['module']}.{_PARTS[found['part']]}"] = tensor
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: t.detach().to(torch.float16).contiguous() for name, t in tensors.items()},
        path,
        metadata={QUESTIONS: json.dumps(lessons.questions)},
    )


class _SeverityPart:
    def __init__(self, pieces: Pieces, texts: LabelledTexts, head: torch.nn.Linear) -> None:
        self.pieces, self._texts, self._head = pieces, texts, head

    def loss(self, vectors: torch.Tensor, batch: NDArray[np.int64]) -> torch.Tensor:
        import torch

        due = torch.tensor(self._texts.classes[batch])
        return torch.nn.functional.cross_entropy(self._head(_SHARPNESS * vectors), due)


class _MomentsPart:
    def __init__(self, pieces: Pieces, texts: LabelledTexts, head: torch.nn.Linear) -> None:
        self.pieces, self._texts, self._head = pieces, texts, head

    def loss(self, vectors: torch.Tensor, batch: NDArray[np.int64]) -> torch.Tensor:
        import torch

        due = torch.tensor(self._texts.classes[batch])
        return _MOMENTS_SHARE * torch.nn.functional.cross_entropy(
            self._head(vectors), due, label_smoothing=_SMOOTHING
        )


class _WantedPart:
    def __init__(self, pieces: Pieces, texts: WantedTexts, head: torch.nn.Linear) -> None:
        self.pieces, self._texts, self._head = pieces, texts, head

    def loss(self, vectors: torch.Tensor, batch: NDArray[np.int64]) -> torch.Tensor:
        import torch

        due, fits = (torch.tensor(rows[batch]) for rows in (self._texts.wanted, self._texts.fits))
        share = torch.tensor(self._texts.counts_for[batch]).unsqueeze(1)
        each = torch.nn.functional.binary_cross_entropy_with_logits(
            self._head(vectors), due, reduction="none"
        )
        return _WANTED_SHARE * (each * fits * share).sum() / fits.sum()


_Part = _SeverityPart | _MomentsPart | _WantedPart


def _learn(
    network: torch.nn.Module,
    heads: Sequence[torch.nn.Parameter],
    parts: dict[str, _Part],
    epochs: int,
    on_epoch: OnEpoch,
) -> None:
    import torch

    steps = epochs * sum(-(-len(part.pieces) // _BATCH) for part in parts.values())
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in network.parameters() if p.requires_grad], "lr": _RATE},
            {"params": list(heads), "lr": _HEAD_RATE},
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
        for name, batch in _batches(parts, random):
            part = parts[name]
            loss = part.loss(_pooled(network, [part.pieces[at] for at in batch]), batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            losses.append(float(loss.detach()))
        on_epoch(epoch + 1, epochs, float(np.mean(losses)))


def _batches(parts: dict[str, _Part], random: np.random.Generator) -> list[Batch]:
    """Every text of every part once, texts of like length together, in random order."""
    batches: list[Batch] = []
    for name, part in parts.items():
        order = random.permutation(len(part.pieces))
        for start in range(0, len(order), _BATCH * 20):
            some = order[start : start + _BATCH * 20]
            near = np.array(sorted(some, key=lambda at: len(part.pieces[at])))
            batches += [(name, near[at : at + _BATCH]) for at in range(0, len(near), _BATCH)]
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
