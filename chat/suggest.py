"""Suggestions: up to three questions of the list, each with why it came up. Deterministic.

The questions that are most probably wanted come first (`chat.wanted`).
Without vectors, while there is no index, triggers alone decide.
"""

from __future__ import annotations

from collections.abc import Sequence

from chat.question_bank import fits_visit, raised_by
from chat.types import Suggestion, Turn, VisitContext
from prompts.matching import NormalisedText, normalise_message
from prompts.types import CORE_CATEGORIES, BankQuestion, Prompts

MOST = 3
_TRIGGER, _EARLIER, _CORE = 3.0, 1.0, 0.25
_MOST_OF_A_CATEGORY = 2
_BECAUSE_PRIORITY = "suggestion_because_priority"
_BECAUSE_NEAR = "suggestion_because_near"
_BECAUSE_GOES_WITH = "suggestion_because_goes_with"
_BECAUSE_CORE = "suggestion_because_core"
_BECAUSE_ALSO = "suggestion_because_also"
_PROBABLE = 0.6  # see docs/decisions/0008
_SURE = 0.7  # from this probability on, a reason may say that a question fits what was written
_TOPICS = {
    "screening": ("screen", "screening", "eligib"),
    "monitoring": ("monitor", "during treatment", "during the session", "watch"),
    "tracking_benefit": ("track", "benefit", "working", "progress", "improve", "helping"),
    "options": ("option", "alternative", "other treatment", "choice"),
    "benefits_harms": ("risk", "side effect", "harm", "danger", "how likely", "benefits and"),
}


def suggest_questions(
    prompts: Prompts,
    message: str,
    history: Sequence[Turn],
    context: VisitContext,
    wanted: Sequence[float] | None = None,
) -> tuple[Suggestion, ...]:
    """At most three questions for what was said so far, at most two of one category.

    `wanted` are the probabilities of the questions, in the order of the list; None where there are
    no vectors; with them, only what is probably wanted is shown, which may be nothing later on.
    Questions suggested earlier in the conversation are not repeated. At least one of a conversation
    is of the core categories where one of them fits.
    """
    bank = prompts.questions
    now = normalise_message(message)
    earlier = [normalise_message(turn.asked) for turn in history]
    offered = {s.question.question_id for turn in history for s in turn.suggestions}
    fitting = [
        place
        for place, question in enumerate(bank)
        if fits_visit(question, context.setting, context.stage)
    ]
    if wanted is None:
        scored = [
            suggestion
            for place in fitting
            if (suggestion := _by_triggers(bank[place], now, earlier, context, prompts)) is not None
        ]
    else:
        scored = _by_wanted(bank, fitting, wanted, now, context, prompts)
    places = _places_in_category(bank)
    fresh = [s for s in scored if s.question.question_id not in offered]
    fresh.sort(key=lambda s: (-s.score, places[s.question.question_id], s.question.question_id))
    chosen = _spread(fresh)
    if wanted is not None:
        # Few and fitting beats three: below this, only the first of a conversation is shown.
        probable = tuple(s for s in chosen if s.score >= _PROBABLE)
        chosen = probable or (() if offered else chosen[:1])
    core_offered = any(q.question_id in offered for q in bank if q.category in CORE_CATEGORIES)
    return chosen if core_offered else _with_core(chosen, fresh)


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


def _by_wanted(
    bank: Sequence[BankQuestion],
    fitting: Sequence[int],
    wanted: Sequence[float],
    now: NormalisedText,
    context: VisitContext,
    prompts: Prompts,
) -> list[Suggestion]:
    """Every fitting question with how probable it is that it is wanted, and a reason."""
    first = max(fitting, key=lambda place: (wanted[place], -place), default=None)
    found = []
    for place in fitting:
        question = bank[place]
        if raised_by(question, now):
            because = question.because
        elif context.priority == question.category:
            because = prompts.messages[_BECAUSE_PRIORITY].text
        elif wanted[place] < _SURE:
            because = prompts.messages[_BECAUSE_ALSO].text
        else:
            because = prompts.messages[_BECAUSE_NEAR if place == first else _BECAUSE_GOES_WITH].text
        found.append(Suggestion(question, wanted[place], because))
    return found


def _by_triggers(
    question: BankQuestion,
    now: NormalisedText,
    earlier_texts: Sequence[NormalisedText],
    context: VisitContext,
    prompts: Prompts,
) -> Suggestion | None:
    raised = raised_by(question, now)
    earlier = any(raised_by(question, other) for other in earlier_texts)
    is_priority = context.priority is not None and context.priority == question.category
    is_core = question.category in CORE_CATEGORIES
    score = _TRIGGER * min(2, len(raised)) + _EARLIER * earlier + _CORE * is_core
    score += _TRIGGER * is_priority
    if raised or earlier:
        return Suggestion(question, score, question.because)
    if is_priority:
        return Suggestion(question, score, prompts.messages[_BECAUSE_PRIORITY].text)
    return Suggestion(question, score, prompts.messages[_BECAUSE_CORE].text) if is_core else None


def _places_in_category(bank: Sequence[BankQuestion]) -> dict[str, int]:
    """In each file of the list the question that matters most stands first: it wins a tie."""
    return {
        question.question_id: sum(q.category == question.category for q in bank[:at])
        for at, question in enumerate(bank)
    }


def _spread(scored: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The best three, at most two of one category."""
    chosen: list[Suggestion] = []
    for suggestion in scored:
        same = sum(other.question.category == suggestion.question.category for other in chosen)
        if same < _MOST_OF_A_CATEGORY and len(chosen) < MOST:
            chosen.append(suggestion)
    return tuple(chosen)


def _with_core(
    chosen: tuple[Suggestion, ...], scored: Sequence[Suggestion]
) -> tuple[Suggestion, ...]:
    """The same with a core question in the last place, where none was chosen and one fits."""
    if any(s.question.category in CORE_CATEGORIES for s in chosen):
        return chosen
    core = next((s for s in scored if s.question.category in CORE_CATEGORIES), None)
    return chosen if core is None else (*chosen[: MOST - 1], core)
