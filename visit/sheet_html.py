"""The sheet as one printable page: complete HTML, no script, nothing loaded from anywhere."""

from __future__ import annotations

from datetime import date
from html import escape

from prompts.fill import fill_message
from prompts.types import Country, Prompts
from visit.types import SheetQuestion, VisitSheet

_STYLE = """
@page{margin:14mm}
*{box-sizing:border-box}
body{font:12pt/1.4 Georgia,"Times New Roman",serif;color:#111;background:#fff;
max-width:48rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;margin:0 0 .2rem} h2{font-size:1.05rem;margin:1.1rem 0 .3rem}
ol{padding-left:1.4rem;margin:0} li{margin:0 0 .5rem;overflow-wrap:anywhere}
.room{border-bottom:1px solid #777;height:1.5rem}
.hand{font-style:italic} .small{font-size:.82rem}
.help{border:1px solid #777;padding:.5rem .7rem;margin-top:1rem}
@media print{.noprint{display:none}}
"""


def sheet_html(sheet: VisitSheet, prompts: Prompts, country_code: str | None, today: date) -> str:
    """A whole HTML document. Every text of the patient's is escaped and shown as typed."""
    country = prompts.country(country_code)
    date_line = (
        f"Visit: {sheet.visit_date.isoformat()}" if sheet.visit_date else "Visit: ____________"
    )
    sources = tuple(
        dict.fromkeys(source for question in sheet.questions for source in question.sources)
    )
    count = {1: "one question", 2: "two questions", 3: "three questions"}.get(
        len(sheet.top), "some questions"
    )
    parts = [
        f"<h1>My questions</h1><p class='small'>{date_line} · made on {today.isoformat()}</p>",
        f"<p class='hand'>“I brought {count}. Can we go through them first?”</p>",
        "<h2>Most important to me</h2>",
        _top(sheet.top),
        _more(sheet.more),
        f"<h2>Notes</h2><p>{escape(sheet.notes).replace(chr(10), '<br>')}</p>"
        if sheet.notes.strip()
        else "",
        _help(country),
        "<h2>Sources behind these questions</h2>"
        f"<p class='small'>{'; '.join(map(escape, sources))}</p>"
        if sources
        else "",
        f"<p class='small'>{escape(fill_message(prompts, 'export_notice', country_code))}</p>",
    ]
    head = (
        "<meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>My questions</title><style>{_STYLE}</style>"
    )
    body = f"<main>{''.join(parts)}</main>"
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>"


def _top(questions: tuple[SheetQuestion, ...]) -> str:
    if not questions:
        return "<p>No question chosen yet.</p>"
    room = "<div class=room></div><div class=room></div>"
    return f"<ol>{''.join(f'<li>{escape(q.text)}{room}</li>' for q in questions)}</ol>"


def _more(questions: tuple[SheetQuestion, ...]) -> str:
    if not questions:
        return ""
    rows = "".join(f"<li>{escape(q.text)}</li>" for q in questions)
    return f"<h2>If there is time</h2><ol start='4'>{rows}</ol>"


def _help(country: Country) -> str:
    rows = "".join(
        f"<br>{escape(line.name)}: {escape(line.reach)}"
        for line in (*country.crisis, *country.poison)
    )
    return (
        f"<div class='help'><strong>Who to call afterwards</strong> {escape(_place(country))}<br>"
        f"Emergency: {escape(country.emergency)}{rows}</div>"
    )


def _place(country: Country) -> str:
    return "" if country.code == "international" else f"({country.name})"
