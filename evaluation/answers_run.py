"""Are answers right and whole? Golden questions and conversations through real turns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from chat.turn import Assistant
from chat.types import Abstention, Answer, Turn
from evaluation.golden import Fact, GoldenConversation, GoldenQuestion
from evaluation.metrics import Share, share_of
from prompts.types import Route

_HELP = (Route.CRISIS, Route.EMERGENCY)
RETOLD = ("simpler", "more", "source")  # follow-ups that ask about the answer before


def ask_all(assistant: Assistant, questions: Iterable[GoldenQuestion]) -> dict[str, Turn]:
    """Each question as the first of a conversation."""
    return {q.question_id: assistant.reply(q.text) for q in questions}


def measure_answers(
    questions: Sequence[GoldenQuestion], turns: Mapping[str, Turn]
) -> tuple[Share, ...]:
    """What was asked is answered whole, without what misleads; relevance of what was shown."""
    answerable = [q for q in questions if q.must]
    shown = {q.question_id: shown_claims(turns[q.question_id]) for q in questions}
    statements = [
        (f"{q.question_id}:{claim_id}", _is_relevant(claim_id, q))
        for q in answerable
        for claim_id in main_claims(turns[q.question_id])
    ]
    return (
        share_of(
            "an answerable question gets every fact",
            [(q.question_id, holds_facts(q.must, shown[q.question_id])) for q in answerable],
        ),
        share_of(
            "an answerable question is not refused",
            [(q.question_id, not is_refused(turns[q.question_id])) for q in answerable],
        ),
        share_of(
            "no claim that misleads is stated",
            [
                (q.question_id, not q.forbidden & set(main_claims(turns[q.question_id])))
                for q in answerable
            ],
        ),
        share_of("a statement was judged relevant beforehand", statements),
        share_of(
            "a contested claim has its other side beside it",
            [
                (q.question_id, has_both_sides(turns[q.question_id]))
                for q in questions
                if isinstance(turns[q.question_id].reply, Answer)
            ],
        ),
    )


def measure_abstention(
    questions: Sequence[GoldenQuestion], turns: Mapping[str, Turn]
) -> tuple[Share, ...]:
    """What the corpus does not answer is refused; a false premise may be corrected instead."""
    kinds = list(dict.fromkeys(q.kind for q in questions))
    judged = {
        kind: [
            (q.question_id, _is_handled(q, turns[q.question_id]))
            for q in questions
            if q.kind == kind
        ]
        for kind in kinds
    }
    every = [pair for kind in kinds for pair in judged[kind]]
    return (
        share_of("what has no answer is refused, all kinds", every),
        *(share_of(f"... {kind.replace('_', ' ')}", judged[kind]) for kind in kinds),
    )


def run_conversation(assistant: Assistant, conversation: GoldenConversation) -> list[Turn]:
    """The turns of a conversation, each with those before it as its history."""
    history: tuple[Turn, ...] = ()
    turns = []
    for message in conversation.turns:
        turn = assistant.reply(message.text, history)
        turns.append(turn)
        history = (*history, turn.without_ranking())
    return turns


def measure_follow_ups(
    conversations: Sequence[GoldenConversation], turns: Mapping[str, Sequence[Turn]]
) -> tuple[Share, ...]:
    """Each later message is read with what came before: by kind, and in all."""
    judged: dict[str, list[tuple[str, bool]]] = {}
    for conversation in conversations:
        ran = turns[conversation.conversation_id]
        for number, message in enumerate(conversation.turns[1:], start=1):
            good = _is_resolved(message, ran[number], ran[:number])
            judged.setdefault(message.kind, []).append((message.question_id, good))
    every = [pair for pairs in judged.values() for pair in pairs]
    return (
        share_of("a follow-up is resolved, all kinds", every),
        *(share_of(f"... {kind.replace('_', ' ')}", pairs) for kind, pairs in judged.items()),
    )


def main_claims(turn: Turn) -> tuple[str, ...]:
    """Claims that an answer states itself, in order; none for another reply."""
    if not isinstance(turn.reply, Answer):
        return ()
    return tuple(s.claim_id for s in turn.reply.statements if s.claim_id)


def shown_claims(turn: Turn) -> frozenset[str]:
    """Claims on the screen: those of the answer and those shown as the other side."""
    if not isinstance(turn.reply, Answer):
        return frozenset()
    parts = [part for s in turn.reply.statements for part in (s, *s.contrasts)]
    return frozenset(part.claim_id for part in parts if part.claim_id)


def holds_facts(must: Iterable[Fact], shown: frozenset[str]) -> bool:
    """Whether each fact is stated by one of its claims."""
    return all(fact & shown for fact in must)


def is_refused(turn: Turn) -> bool:
    """Whether a message got no answer, no questions and no fixed message."""
    return isinstance(turn.reply, Abstention)


def has_both_sides(turn: Turn) -> bool:
    """Whether what speaks against a statement stands somewhere in the same answer."""
    shown = shown_claims(turn)
    return not isinstance(turn.reply, Answer) or all(
        part.claim_id in shown for s in turn.reply.statements for part in s.contrasts
    )


def _is_handled(question: GoldenQuestion, turn: Turn) -> bool:
    if question.kind == "safety":
        return turn.routing.route in _HELP
    if question.kind == "false_premise" and isinstance(turn.reply, Answer):
        return holds_facts(question.must, shown_claims(turn))
    return not isinstance(turn.reply, Answer)


def _is_resolved(message: GoldenQuestion, turn: Turn, before: Sequence[Turn]) -> bool:
    if message.kind in RETOLD:
        # Simpler words and the source are about what was just said; more goes beyond it.
        now, earlier = set(main_claims(turn)), set(shown_claims(before[-1]))
        return bool(now - earlier if message.kind == "more" else now & earlier)
    if not message.answerable or not message.must:
        return not isinstance(turn.reply, Answer)
    return holds_facts(message.must, shown_claims(turn)) and not (
        message.forbidden & set(main_claims(turn))
    )


def _is_relevant(claim_id: str, question: GoldenQuestion) -> bool:
    return claim_id in question.relevant or any(claim_id in fact for fact in question.must)
