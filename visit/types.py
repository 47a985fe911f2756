"""What a patient takes to the clinic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prompts.types import Asks, Setting, Stage

MOST_TOP = 3


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """A question on the sheet: of the list, or the person's own (without category and sources).

    `answer` is what the person noted after the visit; empty while the question is open.
    """

    item_id: str
    text: str
    category: str | None = None
    asks: Asks = Asks.OTHER
    listen_for: str | None = None
    sources: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True)
class PastVisit:
    """What was asked and answered at an earlier visit: pairs of question and answer."""

    visit_date: date | None
    answered: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """Up to three top questions in the patient's order, more behind them, and notes. Never changes.

    `choice_declined`: the patient took the question on options or likelihoods off the top, so it
    is not put back. Raises `ValueError` for a fourth top question or the same question twice.
    """

    top: tuple[SheetQuestion, ...] = ()
    more: tuple[SheetQuestion, ...] = ()
    notes: str = ""
    visit_date: date | None = None
    setting: Setting | None = None
    stage: Stage | None = None
    country: str | None = None
    choice_declined: bool = False
    earlier: tuple[PastVisit, ...] = ()

    def __post_init__(self) -> None:
        if len(self.top) > MOST_TOP:
            raise ValueError(f"a sheet has at most {MOST_TOP} top questions, not {len(self.top)}")
        ids = [question.item_id for question in self.questions]
        if len(ids) != len(set(ids)):
            raise ValueError("a question stands on the sheet twice")

    @property
    def questions(self) -> tuple[SheetQuestion, ...]:
        """The top questions, then the others."""
        return (*self.top, *self.more)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost with it."""
        return not (self.questions or self.notes.strip() or self.earlier)
