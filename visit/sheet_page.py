"""What stands on the one page, before it is HTML, PDF or Markdown: the same words in all three."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prompts.fill import fill_message
from prompts.types import Prompts
from visit.types import SheetQuestion, VisitSheet

_COUNTS = {1: "one question", 2: "two questions", 3: "three questions"}


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The words of the page in order. `handover` is what to say when giving it to the clinician."""

    date_line: str
    handover: str
    top: tuple[SheetQuestion, ...]
    more: tuple[SheetQuestion, ...]
    notes: str
    earlier: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    help_title: str
    help_lines: tuple[str, ...]
    sources: tuple[str, ...]
    notice: str


def lay_out(sheet: VisitSheet, prompts: Prompts, today: date) -> SheetPage:
    """The page of a sheet, made today, with help for the sheet's country."""
    country = prompts.country(sheet.country)
    visit = sheet.visit_date.isoformat() if sheet.visit_date else "____________"
    place = "" if country.code == "international" else f" ({country.name})"
    lines = (*country.crisis, *country.poison)
    sources = dict.fromkeys(source for q in sheet.questions for source in q.sources)
    count = _COUNTS.get(len(sheet.top), "some questions")
    return SheetPage(
        date_line=f"Visit: {visit} · made on {today.isoformat()}",
        handover=f"“I brought {count}. Can we go through them first?”",
        top=sheet.top,
        more=sheet.more,
        notes=sheet.notes.strip(),
        earlier=tuple(
            (
                f"Visit of {past.visit_date.isoformat()}" if past.visit_date else "Earlier visit",
                past.answered,
            )
            for past in sheet.earlier
        ),
        help_title=f"Who to call afterwards{place}",
        help_lines=(
            f"Emergency: {country.emergency}",
            *(f"{line.name}: {line.reach}" for line in lines),
        ),
        sources=tuple(sources),
        notice=fill_message(prompts, "export_notice", sheet.country),
    )
