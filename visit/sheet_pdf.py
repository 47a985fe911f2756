"""The sheet as PDF, by ReportLab: one page where the words allow it, large print on request.

The font is DejaVu Sans, as Matplotlib ships it (ReportLab's own cover Latin-1 alone). A character
that it lacks is shown by its code, never dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from visit.errors import FontError
from visit.sheet_page import SheetPage
from visit.types import SheetQuestion

PaperSize = Literal["A4", "Letter"]
_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0)
_LARGE = 18.0
_MARGIN = 36.0  # points: half an inch
_REGULAR, _BOLD = "DejaVuSans", "DejaVuSans-Bold"


def sheet_pdf(page: SheetPage, *, paper: PaperSize = "A4", large: bool = False) -> bytes:
    """The page as a PDF: the largest print from 11 to 9 points that fits one page, or 18 points.

    What does not fit goes on to further pages; nothing is cut. Raises `FontError` if the font is
    not installed.
    """
    _register_fonts()
    content = b""
    for size in (_LARGE,) if large else _SIZES:
        content, pages = _build(page, paper, size)
        if pages == 1:
            break
    return content


def _build(page: SheetPage, paper: PaperSize, size: float) -> tuple[bytes, int]:
    from reportlab.lib.pagesizes import A4, LETTER
    from reportlab.platypus import SimpleDocTemplate

    buffer = BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4 if paper == "A4" else LETTER,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title="My questions",
        author="",
        lang="en",
        invariant=1,
    )
    document.build(list(_flow(page, size)))
    return buffer.getvalue(), int(document.page)


def _flow(page: SheetPage, size: float) -> Iterator[object]:
    from reportlab.lib.colors import grey
    from reportlab.platypus import HRFlowable, KeepTogether, Paragraph, Spacer

    text, small, title, heading, item, answer, boxed = _styles(size)

    def rows(questions: tuple[SheetQuestion, ...], start: int, room: int) -> Iterator[object]:
        for number, question in enumerate(questions, start=start):
            parts = [Paragraph(_marked(question.text), item, bulletText=f"{number}.")]
            if question.answer:
                parts.append(Paragraph(_marked(question.answer), answer))
            else:
                for _ in range(room):
                    parts += [
                        Spacer(1, size * 1.5),
                        HRFlowable(width="100%", thickness=0.5, color=grey, spaceAfter=size * 0.2),
                    ]
            yield KeepTogether(parts)

    yield Paragraph("My questions", title)
    yield Paragraph(_marked(page.date_line), small)
    yield Paragraph(_marked(page.handover), heading)
    yield Paragraph("Most important to me", heading)
    if page.top:
        yield from rows(page.top, 1, 2)
    else:
        yield Paragraph("No question chosen yet.", text)
    if page.more:
        yield Paragraph("If there is time", heading)
        yield from rows(page.more, len(page.top) + 1, 0)
    if page.notes:
        yield Paragraph("Notes", heading)
        yield Paragraph(_marked(page.notes), text)
    for visit, answered in page.earlier:
        yield Paragraph(_marked(visit), heading)
        for question, said in answered:
            yield Paragraph(_marked(question), text)
            yield Paragraph(_marked(said), answer)
    help_text = "<br/>".join(map(_marked, page.help_lines))
    yield KeepTogether([Paragraph(f"<b>{_marked(page.help_title)}</b><br/>{help_text}", boxed)])
    if page.sources:
        yield Paragraph("Sources behind these questions", heading)
        yield Paragraph(_marked("; ".join(page.sources)), small)
    yield Paragraph(_marked(page.notice), small)


def _styles(size: float) -> tuple[Any, ...]:
    """Paragraph styles: text, small, title, heading, item, answer, boxed."""
    from reportlab.lib.colors import black
    from reportlab.lib.styles import ParagraphStyle

    text = ParagraphStyle("text", fontName=_REGULAR, fontSize=size, leading=size * 1.3)
    text.splitLongWords = 1
    small = ParagraphStyle(
        "small", parent=text, fontSize=max(7.0, size * 0.75), leading=max(7.0, size * 0.75) * 1.25
    )
    title = ParagraphStyle(
        "title", parent=text, fontName=_BOLD, fontSize=size * 1.5, leading=size * 1.9
    )
    heading = ParagraphStyle(
        "heading", parent=text, fontName=_BOLD, spaceBefore=size * 0.7, spaceAfter=size * 0.2
    )
    item = ParagraphStyle(
        "item",
        parent=text,
        leftIndent=size * 2,
        bulletFontName=_REGULAR,
        bulletFontSize=size,
        spaceAfter=size * 0.25,
    )
    answer = ParagraphStyle("answer", parent=text, leftIndent=size * 2.6, spaceAfter=size * 0.3)
    boxed = ParagraphStyle(
        "boxed",
        parent=small,
        borderColor=black,
        borderWidth=0.6,
        borderPadding=size * 0.4,
        spaceBefore=size * 1.0,
        spaceAfter=size * 0.9,
    )
    return text, small, title, heading, item, answer, boxed


def _marked(text: str) -> str:
    """`text` for ReportLab's markup: escaped, lines kept, characters without a glyph by code."""
    known = _known_characters()
    shown = "".join(
        c if c in "\n\t" or ord(c) in known else f"[U+{ord(c):04X}]"
        for c in text
        if not (0xFE00 <= ord(c) <= 0xFE0F or ord(c) == 0x200D)  # they only style what is before
    )
    return escape(shown).replace("\n", "<br/>")


@cache
def _known_characters() -> frozenset[int]:
    from reportlab.pdfbase.ttfonts import TTFont

    return frozenset(TTFont(_REGULAR, str(_font_file(_REGULAR))).face.charToGlyph)


@cache
def _register_fonts() -> None:
    from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (_REGULAR, _BOLD):
        registerFont(TTFont(name, str(_font_file(name))))
    registerFontFamily(_REGULAR, normal=_REGULAR, bold=_BOLD, italic=_REGULAR, boldItalic=_BOLD)


def _font_file(name: str) -> Path:
    """Where Matplotlib keeps the font; the package itself is not imported."""
    spec = find_spec("matplotlib")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        path = Path(folder) / "mpl-data" / "fonts" / "ttf" / f"{name}.ttf"
        if path.exists():
            return path
    raise FontError(f"font {name} is missing; install what requirements.txt lists")
