"""Changes to a sheet: each returns a new one."""

from __future__ import annotations

from dataclasses import replace

from corpus.types import Corpus
from prompts.types import CORE_CATEGORIES, Asks, BankQuestion
from visit.types import MOST_TOP, PastVisit, SheetQuestion, VisitSheet


def from_bank(question: BankQuestion, corpus: Corpus | None) -> SheetQuestion:
    """A question of the list as it stands on a sheet, its sources by title."""
    titles = (
        {document.doc_id: document.source.title for document in corpus.documents} if corpus else {}
    )
    ids = dict.fromkeys(claim_id.partition("#")[0] for claim_id in question.evidence)
    sources = tuple(titles.get(source_id, source_id) for source_id in ids)
    return SheetQuestion(
        question.question_id,
        question.text,
        question.category,
        question.asks,
        question.listen_for,
        sources,
    )


def own_question(text: str) -> SheetQuestion:
    """A question in the person's own words. Raises `ValueError` if there are none."""
    text = " ".join(text.split())
    if not text:
        raise ValueError("type a question first")
    return SheetQuestion(f"own:{text.casefold()}", text)


def add_question(sheet: VisitSheet, question: SheetQuestion) -> VisitSheet:
    """Put a question among the top three while there is room, else behind them; never twice."""
    if any(other.item_id == question.item_id for other in sheet.questions):
        return sheet
    if len(sheet.top) < MOST_TOP:
        return replace(sheet, top=(*sheet.top, question))
    return replace(sheet, more=(*sheet.more, question))


def with_choice_question(sheet: VisitSheet, question: SheetQuestion) -> VisitSheet:
    """The sheet with one top question on options, benefits and harms, or likelihoods.

    Nothing changes where the top has one, is empty, or the patient declined it. In a full top it
    takes the third place, and what stood there comes first among the others. Asking such questions
    changes what clinicians tell (Shepherd et al. 2011, Patient Educ Couns 84:379).
    """
    if sheet.choice_declined or not sheet.top or not lacks_choice_question(sheet):
        return sheet
    kept = [other for other in sheet.questions if other.item_id != question.item_id]
    top = [*[other for other in kept if other in sheet.top][: MOST_TOP - 1], question]
    more = [other for other in kept if other not in top]
    return replace(sheet, top=tuple(top), more=tuple(more))


def remove_question(sheet: VisitSheet, item_id: str) -> VisitSheet:
    """Take a question off the sheet. The top stays as the patient ordered it."""
    removed = next((q for q in sheet.top if q.item_id == item_id), None)
    left = _arranged(
        sheet, [question for question in sheet.questions if question.item_id != item_id], sheet
    )
    declines = removed is not None and removed.asks is not Asks.OTHER
    return replace(left, choice_declined=sheet.choice_declined or declines)


def move_question(sheet: VisitSheet, item_id: str, by: int) -> VisitSheet:
    """Move a question up (`by` < 0) or down; crossing the third place swaps it in or out of top."""
    questions = list(sheet.questions)
    places = [place for place, question in enumerate(questions) if question.item_id == item_id]
    if not places:
        return sheet
    target = min(max(places[0] + by, 0), len(questions) - 1)
    questions.insert(target, questions.pop(places[0]))
    moved = _arranged(sheet, questions, None)
    declines = lacks_choice_question(moved) and not lacks_choice_question(sheet)
    return replace(moved, choice_declined=sheet.choice_declined or declines)


def answer_question(sheet: VisitSheet, item_id: str, answer: str) -> VisitSheet:
    """Note what the clinic answered; an empty answer opens the question again."""

    def noted(questions: tuple[SheetQuestion, ...]) -> tuple[SheetQuestion, ...]:
        return tuple(
            replace(q, answer=answer.strip()) if q.item_id == item_id else q for q in questions
        )

    return replace(sheet, top=noted(sheet.top), more=noted(sheet.more))


def open_questions(sheet: VisitSheet) -> tuple[SheetQuestion, ...]:
    """What has no answer yet, in order."""
    return tuple(question for question in sheet.questions if not question.answer)


def next_visit(sheet: VisitSheet) -> VisitSheet:
    """The sheet for the next visit: open questions move up, answers are kept under the visit."""
    answered = tuple((q.text, q.answer) for q in sheet.questions if q.answer)
    if not answered:
        return sheet
    past = PastVisit(sheet.visit_date, answered)
    left = _arranged(sheet, list(open_questions(sheet)), None)
    return replace(left, visit_date=None, earlier=(*sheet.earlier, past))


def covered_categories(sheet: VisitSheet) -> dict[str, int]:
    """How many questions of the sheet belong to each of screening, monitoring and benefit."""
    return {
        category: sum(question.category == category for question in sheet.questions)
        for category in CORE_CATEGORIES
    }


def lacks_choice_question(sheet: VisitSheet) -> bool:
    """Whether none of the top questions asks for options, benefits and harms, or how likely."""
    return bool(sheet.top) and all(question.asks is Asks.OTHER for question in sheet.top)


def _arranged(
    sheet: VisitSheet, questions: list[SheetQuestion], before: VisitSheet | None
) -> VisitSheet:
    size = (
        min(MOST_TOP, len(questions))
        if before is None
        else len([q for q in questions if q in before.top])
    )
    return replace(sheet, top=tuple(questions[:size]), more=tuple(questions[size:]))
