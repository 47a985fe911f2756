"""Suggestions: up to three questions of the list, each with why it came up. Deterministic."""

from __future__ import annotations

from collections.abc import Sequence

from chat.question_bank import fits_visit, raised_by, supported_by
from chat.types import Suggestion, Turn, VisitContext
from prompts.matching import NormalisedText, normalise_message
from prompts.types import CORE_CATEGORIES, BankQuestion
from retrieval.types import Ranking

MOST = 3
_TRIGGER, _EARLIER, _EVIDENCE, _CORE = 3.0, 1.0, 1.5, 0.25
_FIRST_HITS = 8
_TOPICS = {
    "screening": ("screen", "screening", "eligib"),
    "monitoring": ("monitor", "during treatment", "during the session", "watch"),
    "tracking_benefit": ("track", "benefit", "working", "progress", "improve", "helping"),
    "options": ("option", "alternative", "other treatment", "choice"),
    "benefits_harms": ("risk", "side effect", "harm", "danger", "how likely", "benefits and"),
}


def suggest_questions(
    bank: Sequence[BankQuestion],
    message: str,
    history: Sequence[Turn],
    context: VisitContext,
    ranking: Ranking | None,
    most: int = MOST,
) -> tuple[Suggestion, ...]:
    """The `most` best questions for what was said so far, spread over the core categories.

    Questions suggested earlier in the conversation are not repeated.
    """
    now = normalise_message(message)
    earlier = [normalise_message(turn.asked) for turn in history]
    offered = {s.question.question_id for turn in history for s in turn.suggestions}
    # In each file of the bank the question that matters most stands first: it wins a tie.
    places = {
        question.question_id: sum(q.category == question.category for q in bank[:at])
        for at, question in enumerate(bank)
    }
    scored = [
        suggestion
        for question in bank
        if question.question_id not in offered
        and fits_visit(question, context.setting, context.stage)
        and (suggestion := _score(question, now, earlier, context, ranking)) is not None
    ]
    scored.sort(key=lambda s: (-s.score, places[s.question.question_id], s.question.question_id))
    return _spread(scored, most)


def asked_for(
    bank: Sequence[BankQuestion], message: str, context: VisitContext
) -> tuple[BankQuestion, ...]:
    """Questions for "what should I ask about …?": of the named category, else of the core ones."""
    fitting = [
        question for question in bank if fits_visit(question, context.setting, context.stage)
    ]
    lowered, text = message.casefold(), normalise_message(message)
    named = [
        category for category, words in _TOPICS.items() if any(word in lowered for word in words)
    ]
    raised = [question for question in fitting if raised_by(question, text)]
    if named:
        chosen = [question for question in fitting if question.category in named]
        chosen.sort(key=lambda question: (-len(raised_by(question, text)), question.question_id))
        return tuple(chosen[:6])
    if raised:
        return tuple(sorted(raised, key=lambda q: (-len(raised_by(q, text)), q.question_id))[:6])
    by_category = [
        [q for q in fitting if q.category == category][:2] for category in CORE_CATEGORIES
    ]
    return tuple(question for group in by_category for question in group)


def _score(
    question: BankQuestion,
    text: NormalisedText,
    earlier_texts: Sequence[NormalisedText],
    context: VisitContext,
    ranking: Ranking | None,
) -> Suggestion | None:
    now = raised_by(question, text)
    earlier = any(raised_by(question, other) for other in earlier_texts)
    claims = [
        hit.chunk.claim.claim_id
        for hit in (ranking.hits[:_FIRST_HITS] if ranking else ())
        if hit.chunk.claim
    ]
    score = _TRIGGER * min(2, len(now)) + _EARLIER * earlier
    score += _EVIDENCE * supported_by(question, claims)
    score += _CORE * (question.category in CORE_CATEGORIES)
    if context.priority and context.priority == question.category:
        score += _TRIGGER
    if now or earlier:
        return Suggestion(question, score, question.because)
    if context.priority == question.category:
        return Suggestion(question, score, "You said that this matters most to you.")
    if supported_by(question, claims):
        return Suggestion(question, score, "It rests on the same facts as the answer above.")
    return (
        Suggestion(question, score, "People often forget to ask this before a first visit.")
        if question.category in CORE_CATEGORIES
        else None
    )


def _spread(scored: Sequence[Suggestion], most: int) -> tuple[Suggestion, ...]:
    """At most two of one category, best first."""
    chosen: list[Suggestion] = []
    for suggestion in scored:
        same = sum(other.question.category == suggestion.question.category for other in chosen)
        if same < 2 and len(chosen) < most:
            chosen.append(suggestion)
    return tuple(chosen)
