"""What the encoder is tuned on: messages with their severity.

A fifth of them is held out, by digest, and judges: thresholds are set on texts that the encoder has
not seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chat.severity import CLASSES, parts_of
from evaluation.calibrate import load_labelled
from evaluation.safety_run import LabelledMessage
from evaluation.suggestions_run import load_conversations

_HELD_OUT = 5  # one text in so many


@dataclass(frozen=True, slots=True)
class LabelledTexts:
    """Texts, and the place of each one's class."""

    texts: tuple[str, ...]
    classes: NDArray[np.int64]


def is_held_out(text: str) -> bool:
    """Whether a text judges and is not learned from: by its digest, so that it stays so."""
    return hashlib.sha256(text.encode()).digest()[0] % _HELD_OUT == 0


def harmless_messages(data: Path) -> list[str]:
    """Ordinary questions and what people type in ordinary conversations, from other sets here.

    Raises `EvaluationDataError`.
    """
    questions = [question.text for question in load_labelled(data / "abstention.jsonl")]
    conversations = load_conversations(data / "suggestions" / "train.jsonl")
    return questions + [turn for conversation in conversations for turn in conversation.turns]


def severity_lessons(phrases: Sequence[LabelledMessage], ordinary: Sequence[str]) -> LabelledTexts:
    """Messages, and every sentence of a harmless one, with their classes; nothing held out."""
    rows = [(phrase.text, phrase.label) for phrase in phrases]
    rows += [(text, "none") for text in ordinary]
    texts: list[str] = []
    classes: list[int] = []
    for text, label in rows:
        if not is_held_out(text):
            # A sentence of a message in danger may be harmless; every one of a harmless one is.
            parts = parts_of(text) if label == "none" else (text,)
            texts += parts
            classes += [CLASSES.index(label)] * len(parts)
    return LabelledTexts(tuple(texts), np.array(classes))
