"""Golden sets: what an answer must hold, by people who saw neither rules nor output.

A fact is the set of all claims that state it; any one is enough. Forbidden claims look close and
would mislead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import EvaluationDataError

Fact = frozenset[str]


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with the facts that its answer must hold; none where nothing answers it."""

    question_id: str
    text: str
    kind: str
    must: tuple[Fact, ...]
    relevant: frozenset[str]
    forbidden: frozenset[str]
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class GoldenConversation:
    """Messages of one conversation, in order; `kind` says how each leans on those before."""

    conversation_id: str
    turns: tuple[GoldenQuestion, ...]


def load_golden(path: Path) -> tuple[GoldenQuestion, ...]:
    """Golden questions, one JSON object a line. Raises `EvaluationDataError`."""
    return tuple(_question(row, str(row["id"])) for row in _rows(path, "question"))


def load_golden_conversations(path: Path) -> tuple[GoldenConversation, ...]:
    """Golden conversations, one JSON object a line. Raises `EvaluationDataError`."""
    conversations = []
    for row in _rows(path, "turns"):
        turns = _list(row["turns"])
        if not turns or not all(isinstance(turn, dict) and "text" in turn for turn in turns):
            raise EvaluationDataError(
                f"{path.name}: {row['id']}: each of its turns needs text, kind and must"
            )
        conversations.append(
            GoldenConversation(
                str(row["id"]),
                tuple(
                    _question(turn | {"question": turn["text"]}, f"{row['id']}/{number}")
                    for number, turn in enumerate(turns, start=1)
                    if isinstance(turn, dict)
                ),
            )
        )
    return tuple(conversations)


def _rows(path: Path, needs: str) -> list[dict[str, object]]:
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    except (OSError, ValueError) as error:
        raise EvaluationDataError(
            f"{path}: cannot be read as JSON lines ({type(error).__name__}); see its neighbours"
        ) from error
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or "id" not in row or needs not in row:
            raise EvaluationDataError(
                f"{path.name}: line {number}: expected id and {needs}; mend the line"
            )
    return rows


def _question(row: Mapping[str, object], question_id: str) -> GoldenQuestion:
    must = row.get("must") or []
    if not isinstance(must, list):
        raise EvaluationDataError(f"{question_id}: must is a list of lists of claims")
    return GoldenQuestion(
        question_id,
        str(row["question"]),
        str(row.get("kind", "answerable")),
        tuple(frozenset(map(str, fact)) for fact in must),
        frozenset(map(str, _list(row.get("relevant")))),
        frozenset(map(str, _list(row.get("forbidden")))),
        bool(row.get("answerable", True)),
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
