"""What a patient takes to the clinic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prompts.types import Asks, Setting, Stage

MOST_TOP = 3


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """A question on the sheet: of the list, or the person's own (without category and sources)."""

    item_id: str
    text: str
    category: str | None = None
    asks: Asks = Asks.OTHER
    listen_for: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """Up to three top questions in the patient's order, more behind them, and notes. Never changes.

    Raises `ValueError` for a fourth top question or the same question twice.
    """

    top: tuple[SheetQuestion, ...] = ()
    more: tuple[SheetQuestion, ...] = ()
    notes: str = ""
    visit_date: date | None = None
    setting: Setting | None = None
    stage: Stage | None = None

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
