"""A turn in words and as the stable JSON row: which fixed text goes with which reply."""

from __future__ import annotations

from dataclasses import asdict
from typing import assert_never

from chat.language import is_spanish
from chat.types import (
    Abstention,
    AbstentionReason,
    Answer,
    Citation,
    QuestionSet,
    Redirect,
    Statement,
    Turn,
    VisitContext,
)
from prompts.fill import fill_message
from prompts.types import BankQuestion, Prompts, Route

ASKED_FOR = "question_request_because"
_ABSTENTION_MESSAGES = {
    AbstentionReason.NO_EVIDENCE: "abstain_no_evidence",
    AbstentionReason.OFF_TOPIC: "abstain_off_topic",
    AbstentionReason.UNDERSPECIFIED: "abstain_underspecified",
    AbstentionReason.NOT_ENGLISH: "not_english",
    AbstentionReason.NO_INDEX: "no_index",
}
_IN_SPANISH = {Route.CRISIS: "crisis_in_spanish", Route.EMERGENCY: "emergency_in_spanish"}
_EMERGENCY_FIRST_IN_SPANISH = {
    "crisis_danger_now": "danger_in_spanish",
    "crisis_overdose": "overdose_in_spanish",
    "crisis_overdose_other": "overdose_in_spanish",
}


def reply_message(turn: Turn, context: VisitContext, prompts: Prompts) -> str | None:
    """The fixed message that goes with the reply; None where statements speak for themselves."""
    match turn.reply:
        case Redirect(route=route, message_id=message_id):
            text = fill_message(prompts, message_id, context.country)
            if route in _IN_SPANISH and is_spanish(turn.asked):
                spanish = _EMERGENCY_FIRST_IN_SPANISH.get(message_id, _IN_SPANISH[route])
                text = f"{fill_message(prompts, spanish, context.country)}\n\n{text}"
            return text
        case Abstention(reason=reason):
            return fill_message(prompts, _ABSTENTION_MESSAGES[reason], context.country)
        case QuestionSet():
            return fill_message(prompts, "question_request_intro", context.country)
        case Answer():
            return None


def reply_notice(turn: Turn, prompts: Prompts) -> str | None:
    """The notice above an answer: to a request for individual advice, or to one told again."""
    if isinstance(turn.reply, Answer) and turn.reply.notice:
        return fill_message(prompts, turn.reply.notice, None)
    return None


def check_in(turn: Turn, context: VisitContext, prompts: Prompts) -> str | None:
    """Help lines above a reply whose message may be about a danger; None where it is not."""
    return fill_message(prompts, "check_in", context.country) if turn.checks_in else None


def identifiers_notice(turn: Turn, prompts: Prompts) -> str | None:
    """What personal details the message holds, and what happens to them; None where it has none."""
    if not turn.identifiers:
        return None
    notice = fill_message(prompts, "identifiers_notice", None)
    return f"{notice} {', '.join(turn.identifiers)}."


def evidence_in_words(statement: Statement, prompts: Prompts) -> str:
    """What kind of evidence this is, as a patient reads it; news sources say so."""
    words = prompts.evidence_words[statement.evidence.value]
    if any(citation.source.kind == "news" for citation in statement.citations):
        return f"{words}, {prompts.evidence_words['news']}"
    return words


def turn_row(
    conversation_id: str, turn: Turn, context: VisitContext, prompts: Prompts
) -> dict[str, object]:
    """The turn as one row of the stable JSONL interface. Absent values are None."""
    reply = turn.reply
    statements: list[dict[str, object]] = []
    citations: tuple[Citation, ...] = ()
    clinic_question = None
    match reply:
        case Answer():
            kind, citations, clinic_question = "answer", reply.citations, reply.clinic_question
            statements = [
                row
                for s in reply.statements
                for row in (_statement_row(s), *(_statement_row(other, s) for other in s.contrasts))
            ]
        case QuestionSet():
            kind = "questions"
        case Abstention():
            kind, citations, clinic_question = "abstention", reply.nearest, reply.clinic_question
        case Redirect():
            kind = "redirect"
        case _:
            assert_never(reply)
    if isinstance(reply, QuestionSet):
        because = fill_message(prompts, ASKED_FOR, None)
        suggestions = [_question_row(question, because) for question in reply.questions]
    else:
        suggestions = [
            _question_row(suggestion.question, suggestion.because)
            for suggestion in turn.suggestions
        ]
    notices = [
        text for text in (check_in(turn, context, prompts), reply_notice(turn, prompts)) if text
    ]
    return {
        "id": conversation_id,
        "turn": turn.turn_id,
        "asked": turn.asked,
        "route": turn.routing.route.value,
        "rule_id": turn.routing.rule_id,
        "kind": kind,
        "notice": "\n\n".join(notices) or None,
        "message": reply_message(turn, context, prompts),
        "statements": statements,
        "citations": [_citation_row(citation) for citation in citations],
        "clinic_question": clinic_question,
        "suggestions": suggestions,
        "timings_ms": turn.timings_ms,
        "versions": asdict(turn.versions),
        "identifiers": list(turn.identifiers),
    }


def _statement_row(statement: Statement, beside: Statement | None = None) -> dict[str, object]:
    """One row; the other side of a statement follows it and names it in `contrast_of`."""
    return {
        "text": statement.text,
        "citations": [citation.number for citation in statement.citations],
        "evidence": statement.evidence.value,
        "caution": statement.caution,
        "claim_id": statement.claim_id,
        "contrast_of": beside.claim_id if beside else None,
    }


def _citation_row(citation: Citation) -> dict[str, object]:
    passage = citation.passage
    return {
        "number": citation.number,
        "source_id": citation.source.source_id,
        "doc_id": passage.doc_id,
        "start": passage.span.start,
        "end": passage.span.end,
        "text": passage.text,
        "url": citation.source.url,
    }


def _question_row(question: BankQuestion, because: str) -> dict[str, object]:
    return {
        "question_id": question.question_id,
        "category": question.category,
        "text": question.text,
        "why": question.why,
        "because": because,
        "sources": sorted({claim_id.partition("#")[0] for claim_id in question.evidence}),
    }
