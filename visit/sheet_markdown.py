"""The sheet as Markdown, to keep or paste into a message. The patient's words are only escaped."""

from __future__ import annotations

import re

from visit.sheet_page import SheetPage
from visit.types import SheetQuestion

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+!|$~-])")


def sheet_markdown(page: SheetPage) -> str:
    """Markdown text with top questions, further ones, notes, help lines and sources."""
    lines = ["# My questions", "", escape_markdown(page.date_line), "", page.handover, ""]
    lines += ["## Most important to me", "", *_list(page.top, 1)]
    if page.more:
        lines += ["", "## If there is time", "", *_list(page.more, len(page.top) + 1)]
    if page.notes:
        lines += ["", "## Notes", "", escape_markdown(page.notes)]
    for visit, answered in page.earlier:
        lines += ["", f"## {visit}", ""]
        for question, answer in answered:
            lines += [f"- {escape_markdown(question)}", f"  - {_one_line(answer)}"]
    lines += ["", f"## {page.help_title}", ""]
    lines += [f"- {escape_markdown(line)}" for line in page.help_lines]
    if page.sources:
        lines += ["", "## Sources behind these questions", ""]
        lines += [f"- {escape_markdown(source)}" for source in page.sources]
    lines += ["", page.notice, ""]
    return "\n".join(lines)


def escape_markdown(text: str) -> str:
    """`text` so that Markdown shows it literally, `$` included."""
    return _SPECIAL.sub(r"\\\1", text)


def _list(questions: tuple[SheetQuestion, ...], start: int) -> list[str]:
    rows = []
    for number, question in enumerate(questions, start=start):
        rows.append(f"{number}. {escape_markdown(question.text)}")
        if question.answer:
            rows.append(f"   - {_one_line(question.answer)}")
    return rows


def _one_line(text: str) -> str:
    return escape_markdown(" ".join(text.split()))
