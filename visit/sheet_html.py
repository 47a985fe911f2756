"""The sheet as one printable page: complete HTML, no script, nothing loaded from anywhere."""

from __future__ import annotations

from html import escape

from visit.sheet_page import SheetPage
from visit.types import SheetQuestion

_STYLE = """
@page{margin:12mm}
*{box-sizing:border-box}
body{font:%(size)s/1.35 Georgia,"Times New Roman",serif;color:#111;background:#fff;
max-width:48rem;margin:0 auto;padding:1rem}
h1{font-size:1.4em;margin:0 0 .1em} h2{font-size:1.05em;margin:.8em 0 .2em}
ol{padding-left:1.6em;margin:0} li{margin:0 0 .35em;overflow-wrap:anywhere} p{margin:.2em 0}
.room{border-bottom:1px solid #777;height:1.55em}
.hand{font-style:italic} .small{font-size:%(small)s;line-height:1.25}
.answer{border-left:3px solid #777;padding-left:.5em;overflow-wrap:anywhere}
.notes{overflow-wrap:anywhere}
.help{border:1px solid #777;padding:.35em .6em;margin-top:.7em;break-inside:avoid}
li{break-inside:avoid}
@media print{body{padding:0;max-width:none}}
"""
_NORMAL = {"size": "10.5pt", "small": ".78em"}
_LARGE = {"size": "18pt", "small": ".9em"}


def sheet_html(page: SheetPage, *, large: bool = False) -> str:
    """A whole HTML document, large print on request. Every text is escaped and shown as typed."""
    start = len(page.top) + 1
    parts = [
        f"<h1>My questions</h1><p class='small'>{escape(page.date_line)}</p>",
        f"<p class='hand'>{escape(page.handover)}</p>",
        "<h2>Most important to me</h2>",
        _list(page.top, 1, "<div class='room'></div>" * 2)
        if page.top
        else "<p>No question chosen yet.</p>",
        f"<h2>If there is time</h2>{_list(page.more, start, '')}" if page.more else "",
        f"<h2>Notes</h2><p class='notes'>{_lines(page.notes)}</p>" if page.notes else "",
        *(
            f"<h2>{escape(visit)}</h2>"
            + "".join(
                f"<p>{escape(question)}</p><p class='answer'>{_lines(answer)}</p>"
                for question, answer in answered
            )
            for visit, answered in page.earlier
        ),
        f"<div class='help'><strong>{escape(page.help_title)}</strong><br>"
        f"{'<br>'.join(map(escape, page.help_lines))}</div>",
        f"<h2>Sources behind these questions</h2><p class='small'>"
        f"{'; '.join(map(escape, page.sources))}</p>"
        if page.sources
        else "",
        f"<p class='small'>{escape(page.notice)}</p>",
    ]
    head = (
        "<meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>My questions</title><style>{_STYLE % (_LARGE if large else _NORMAL)}</style>"
    )
    body = f"<main>{''.join(parts)}</main>"
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>"


def _list(questions: tuple[SheetQuestion, ...], start: int, room: str) -> str:
    rows = "".join(
        f"<li>{escape(q.text)}"
        + (f"<p class='answer'>{_lines(q.answer)}</p>" if q.answer else room)
        + "</li>"
        for q in questions
    )
    return f"<ol start='{start}'>{rows}</ol>"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
