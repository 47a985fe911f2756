"""Are suggested questions wanted? Precision at 3 beside two baselines, on judged conversations.

Conversations and judgements are by people who saw neither rules nor output; every question of the
list was judged wanted or not for each conversation.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chat.question_bank import fits_visit
from chat.turn import Assistant
from chat.types import QuestionSet, Turn, VisitContext
from evaluation.errors import EvaluationDataError
from prompts.types import CORE_CATEGORIES, BankQuestion, Setting, Stage

MOST = 3


@dataclass(frozen=True, slots=True)
class JudgedConversation:
    """What a person typed and clicked, and the questions that they would want after it."""

    conversation_id: str
    turns: tuple[str, ...]
    context: VisitContext
    wanted: frozenset[str]


@dataclass(frozen=True, slots=True)
class SuggestionReport:
    """Shares over conversations.

    Precision is of the questions shown after the last message, at most three, and of those after
    any message; `missing_core` are conversations that never saw a core question and wanted one.
    """

    conversations: int
    precision: float
    precision_all_turns: float
    with_one_wanted: float
    shown: float
    mean_wanted: float
    missing_core: tuple[str, ...]
    precision_random: float
    precision_popular: float
    unwanted: tuple[tuple[str, str], ...]


def load_conversations(path: Path) -> tuple[JudgedConversation, ...]:
    """Judged conversations, one JSON object a line. Raises `EvaluationDataError`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple(_conversation(json.loads(line)) for line in lines if line.strip())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvaluationDataError(
            f"{path.name}: not judged conversations ({type(error).__name__}); see dev.jsonl"
        ) from error


def measure_suggestions(
    assistant: Assistant,
    bank: Sequence[BankQuestion],
    conversations: Sequence[JudgedConversation],
    popular: Sequence[str],
) -> SuggestionReport:
    """Run each conversation and judge what is shown after its last message.

    `popular` are the ids of the most wanted questions of other conversations.
    """
    by_id = {question.question_id: question for question in bank}
    hits = shown = with_one = all_good = all_shown = 0
    random_precision = popular_precision = 0.0
    missing, unwanted = [], []
    for conversation in conversations:
        by_turn = suggested_ids(assistant, conversation)
        ids, every = by_turn[-1], [q for turn in by_turn for q in turn]
        all_good += sum(q in conversation.wanted for q in every)
        all_shown += len(every)
        good = [q for q in ids if q in conversation.wanted]
        hits, shown, with_one = hits + len(good), shown + len(ids), with_one + bool(good)
        unwanted += [(conversation.conversation_id, q) for q in ids if q not in conversation.wanted]
        fitting = [
            q
            for q in bank
            if fits_visit(q, conversation.context.setting, conversation.context.stage)
        ]
        random_precision += sum(q.question_id in conversation.wanted for q in fitting) / len(
            fitting
        )
        popular_precision += sum(q in conversation.wanted for q in popular[:MOST]) / MOST
        wants_core = any(by_id[q].category in CORE_CATEGORIES for q in conversation.wanted)
        if wants_core and not any(by_id[q].category in CORE_CATEGORIES for q in every):
            missing.append(conversation.conversation_id)
    total = max(1, len(conversations))
    return SuggestionReport(
        conversations=len(conversations),
        precision=hits / max(1, shown),
        precision_all_turns=all_good / max(1, all_shown),
        with_one_wanted=with_one / total,
        shown=shown / total,
        mean_wanted=sum(len(c.wanted) for c in conversations) / total,
        missing_core=tuple(missing),
        precision_random=random_precision / total,
        precision_popular=popular_precision / total,
        unwanted=tuple(unwanted),
    )


def suggested_ids(assistant: Assistant, conversation: JudgedConversation) -> list[list[str]]:
    """Ids of the questions shown after each message, the first three of a question set."""
    history: tuple[Turn, ...] = ()
    shown = []
    for message in conversation.turns:
        turn = assistant.reply(message, history, conversation.context)
        history = (*history, turn.without_ranking())
        if isinstance(turn.reply, QuestionSet):
            shown.append([question.question_id for question in turn.reply.questions[:MOST]])
        else:
            shown.append([suggestion.question.question_id for suggestion in turn.suggestions])
    return shown


def most_wanted(conversations: Sequence[JudgedConversation]) -> tuple[str, ...]:
    """Question ids by how many conversations want them, ties by id."""
    counts = Counter(q for c in conversations for q in c.wanted)
    return tuple(sorted(counts, key=lambda q: (-counts[q], q)))


def _conversation(row: dict[str, object]) -> JudgedConversation:
    context, turns, wanted = row["context"], row["turns"], row["wanted"]
    if not isinstance(context, dict) or not isinstance(turns, list) or not isinstance(wanted, list):
        raise TypeError("a row needs context, turns and wanted")
    setting, stage = context.get("setting"), context.get("stage")
    return JudgedConversation(
        str(row["id"]),
        tuple(map(str, turns)),
        VisitContext(
            Setting(setting) if setting else None,
            Stage(stage) if stage else None,
            context.get("priority"),
        ),
        frozenset(map(str, wanted)),
    )
