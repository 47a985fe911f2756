"""The sheet as Markdown, to keep or paste into a message. The patient's words are only escaped."""

from __future__ import annotations

import re
from datetime import date

from prompts.fill import fill_message, list_lines
from prompts.types import Prompts
from visit.types import VisitSheet

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+!|$~-])")


def sheet_markdown(
    sheet: VisitSheet, prompts: Prompts, country_code: str | None, today: date
) -> str:
    """Markdown text with top questions, further ones, notes, help lines and sources."""
    country = prompts.country(country_code)
    visit = sheet.visit_date.isoformat() if sheet.visit_date else "not set"
    lines = [
        "# My questions",
        "",
        f"Visit: {visit}. Made on {today.isoformat()}.",
        "",
        "## Most important to me",
        "",
    ]
    lines += [
        f"{number}. {escape_markdown(question.text)}"
        for number, question in enumerate(sheet.top, start=1)
    ]
    if sheet.more:
        lines += ["", "## If there is time", ""]
        lines += [
            f"{number}. {escape_markdown(question.text)}"
            for number, question in enumerate(sheet.more, start=len(sheet.top) + 1)
        ]
    if sheet.notes.strip():
        lines += ["", "## Notes", "", escape_markdown(sheet.notes)]
    lines += [
        "",
        "## Who to call afterwards"
        + ("" if country.code == "international" else f" ({country.name})"),
        "",
        f"- Emergency: {country.emergency}",
    ]
    lines += [list_lines((*country.crisis, *country.poison))]
    sources = tuple(
        dict.fromkeys(source for question in sheet.questions for source in question.sources)
    )
    if sources:
        lines += ["", "## Sources behind these questions", ""]
        lines += [f"- {escape_markdown(source)}" for source in sources]
    lines += ["", fill_message(prompts, "export_notice", country_code), ""]
    return "\n".join(lines)


def escape_markdown(text: str) -> str:
    """`text` so that Markdown shows it literally, `$` included."""
    return _SPECIAL.sub(r"\\\1", text)
