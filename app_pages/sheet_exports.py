"""Taking the sheet along: print, save, load again, keep on this device."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from app_pages.components import literal
from app_pages.kept_sheet import forget_everything, is_kept, keep_on_device, take_over
from prompts.types import Prompts
from visit.errors import SheetFileError
from visit.sheet_fhir import sheet_fhir
from visit.sheet_html import sheet_html
from visit.sheet_json import dump_sheet, load_sheet
from visit.sheet_markdown import sheet_markdown
from visit.sheet_page import lay_out
from visit.sheet_pdf import PaperSize, sheet_pdf
from visit.types import VisitSheet

_PAPERS: tuple[PaperSize, ...] = ("A4", "Letter")


def show_exports(sheet: VisitSheet, prompts: Prompts) -> None:
    """The page in four forms, and as a file for the clinic's records."""
    now = datetime.now(UTC)
    page = lay_out(sheet, prompts, now.date())
    st.subheader("Take it along")
    st.caption(literal(f"When you hand it over, say: {page.handover}"))
    with st.container(horizontal=True):
        paper = st.radio("Paper", _PAPERS, horizontal=True, key="paper")
        large = st.checkbox("Large print", key="large-print")
    html = sheet_html(page, large=large)
    with st.container(horizontal=True):
        _download(
            "PDF", lambda: sheet_pdf(page, paper=paper, large=large), "pdf", "application/pdf"
        )
        _download("Page to print (HTML)", html, "html", "text/html")
        _download("Text (Markdown)", sheet_markdown(page), "md", "text/markdown")
        _download("File to load again (JSON)", dump_sheet(sheet), "json", "application/json")
        _download(
            "For the clinic's records (FHIR)",
            lambda: sheet_fhir(sheet, now.replace(microsecond=0)),
            "fhir.json",
            "application/fhir+json",
        )
    with st.expander("See the page"):
        st.iframe(html, height=700)


def show_keeping(sheet: VisitSheet) -> None:
    """Keep on this device, load a saved file, forget everything."""
    st.subheader("Keep or forget")
    kept = st.toggle(
        "Keep my sheet on this phone or computer",
        value=is_kept(),
        help="It stays in this browser only. Others who use this browser could see it.",
    )
    if kept != is_kept():
        keep_on_device(kept)
        st.rerun()
    if not kept and not sheet.is_empty:
        st.caption("Not kept: it is gone when you close this page. Save a file or turn this on.")
    _load_file(sheet)
    if st.button("Forget everything", key="forget-sheet"):
        forget_everything()
        st.rerun()


def _load_file(sheet: VisitSheet) -> None:
    with st.expander("Load a sheet that you saved"):
        file = st.file_uploader("Your saved .json file", type=["json"], key="saved-sheet")
        if file is None:
            return
        try:
            loaded = load_sheet(file.getvalue().decode("utf-8", errors="replace"))
        except SheetFileError as error:
            st.warning(literal(f"{str(error)[0].upper()}{str(error)[1:]}."))
            return
        if loaded == sheet:
            st.success("This is the sheet above.")
            return
        if not sheet.is_empty:
            st.warning("Your sheet above would be replaced by the one in the file.")
        # In a callback: the country's field is drawn before this page, and may be set only then.
        st.button("Load this sheet", key="load-sheet", on_click=take_over, args=(loaded,))


def _download(label: str, data: object, ending: str, mime: str) -> None:
    st.download_button(
        label,
        data,  # type: ignore[arg-type]  # text, or a function that makes the bytes when clicked
        f"my-questions.{ending}",
        mime,
        on_click="ignore",
        key=f"download-{ending}",
    )
