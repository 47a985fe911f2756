"""Changes to a sheet: each returns a new one."""

from __future__ import annotations

from dataclasses import replace

from corpus.types import Corpus
from prompts.types import CORE_CATEGORIES, Asks, BankQuestion
from visit.types import MOST_TOP, SheetQuestion, VisitSheet


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


def remove_question(sheet: VisitSheet, item_id: str) -> VisitSheet:
    """Take a question off the sheet. The top stays as the patient ordered it."""
    return _arranged(
        sheet, [question for question in sheet.questions if question.item_id != item_id], sheet
    )


def move_question(sheet: VisitSheet, item_id: str, by: int) -> VisitSheet:
    """Move a question up (`by` < 0) or down; crossing the third place swaps it in or out of top."""
    questions = list(sheet.questions)
    places = [place for place, question in enumerate(questions) if question.item_id == item_id]
    if not places:
        return sheet
    target = min(max(places[0] + by, 0), len(questions) - 1)
    questions.insert(target, questions.pop(places[0]))
    return _arranged(sheet, questions, None)


def empty_core_categories(sheet: VisitSheet) -> tuple[str, ...]:
    """Which of screening, monitoring and benefit no question of the sheet covers."""
    covered = {question.category for question in sheet.questions}
    return tuple(category for category in CORE_CATEGORIES if category not in covered)


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
