"""What the encoder is tuned on: messages with their severity, and with the questions they want.

A fifth of it is held out, by digest, and judges: thresholds and the weights over the readings are
fitted on texts that the encoder has not seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chat.question_bank import fits_visit
from chat.severity import CLASSES, parts_of
from chat.tuning import text_to_read
from evaluation.calibrate import load_labelled
from evaluation.safety_run import LabelledMessage
from evaluation.suggestions_run import JudgedConversation, load_conversations
from prompts.types import BankQuestion

_HELD_OUT = 5  # one text in so many
_PART = 0.4  # what a part of a conversation counts: it may want less than the whole


@dataclass(frozen=True, slots=True)
class LabelledTexts:
    """Texts, and the place of each one's class."""

    texts: tuple[str, ...]
    classes: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WantedTexts:
    """Texts; which questions each wants, and which fit its visit, shape (texts, questions)."""

    texts: tuple[str, ...]
    wanted: NDArray[np.float32]
    fits: NDArray[np.float32]
    counts_for: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Everything that is learned. `moments` are texts with the one question that they raise."""

    severity: LabelledTexts
    questions: tuple[str, ...]
    moments: LabelledTexts
    wanted: WantedTexts


def is_held_out(text: str) -> bool:
    """Whether a text judges and is not learned from: by its digest, so that it stays so."""
    return hashlib.sha256(text.encode()).digest()[0] % _HELD_OUT == 0


def is_conversation_held_out(conversation: JudgedConversation) -> bool:
    """The same for a conversation."""
    return is_held_out("\n".join(conversation.turns))


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


def gather_lessons(
    phrases: Sequence[LabelledMessage],
    ordinary: Sequence[str],
    bank: Sequence[BankQuestion],
    conversations: Sequence[JudgedConversation],
) -> Lessons:
    """All lessons; what is held out of phrases and conversations is left out."""
    moments = [(text, place) for place, q in enumerate(bank) for text in q.moments]
    texts, wanted, fits, counts_for = [], [], [], []
    for conversation in conversations:
        if is_conversation_held_out(conversation):
            continue
        context, turns = conversation.context, conversation.turns
        parts = {" ".join(turns): 1.0}
        for part in (turns[-1], turns[0]):
            parts.setdefault(part, _PART)
        for part, share in parts.items():
            texts.append(text_to_read(part, context))
            wanted.append([q.question_id in conversation.wanted for q in bank])
            fits.append([fits_visit(q, context.setting, context.stage) for q in bank])
            counts_for.append(share)
    return Lessons(
        severity_lessons(phrases, ordinary),
        tuple(q.question_id for q in bank),
        LabelledTexts(tuple(text for text, _ in moments), np.array([at for _, at in moments])),
        WantedTexts(
            tuple(texts),
            np.array(wanted, dtype=np.float32),
            np.array(fits, dtype=np.float32),
            np.array(counts_for, dtype=np.float32),
        ),
    )
