"""The visit sheet: choose, order, note, print."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from app_pages.components import literal
from prompts.types import Prompts
from visit.sheet import (
    add_question,
    empty_core_categories,
    lacks_choice_question,
    move_question,
    own_question,
    remove_question,
)
from visit.sheet_html import sheet_html
from visit.sheet_markdown import sheet_markdown
from visit.types import MOST_TOP, SheetQuestion, VisitSheet

_CORE_NAMES = {
    "screening": "how they screen",
    "monitoring": "how they monitor",
    "tracking_benefit": "how they track benefit",
}


def render(prompts: Prompts) -> None:
    """Draw the sheet of this session."""
    sheet: VisitSheet = st.session_state.setdefault("sheet", VisitSheet())
    st.title("My visit sheet")
    st.markdown("Up to three questions come first. You decide which, and in what order.")
    if not sheet.questions:
        st.info("Your sheet is empty. Add questions from the chat, or type your own below.")
    if sheet.top:
        st.subheader("Most important to me")
    for place, question in enumerate(sheet.questions):
        if place == len(sheet.top):
            st.subheader("If there is time")
        _show_item(question, place, sheet)
    _hints(sheet)
    _own_question(sheet)
    sheet = _notes(st.session_state["sheet"])
    st.session_state["sheet"] = sheet
    _exports(sheet, prompts)


def _show_item(question: SheetQuestion, place: int, sheet: VisitSheet) -> None:
    with st.container(border=True, key=f"item-{place}"):
        st.markdown(f"**{place + 1}\\.** {literal(question.text)}")
        if question.listen_for:
            st.caption(f"Listen for: {literal(question.listen_for)}")
        with st.container(horizontal=True, gap="small"):
            if st.button("Move up", key=f"up-{place}", disabled=place == 0):
                _keep(move_question(sheet, question.item_id, -1))
            if st.button(
                "Move down", key=f"down-{place}", disabled=place == len(sheet.questions) - 1
            ):
                _keep(move_question(sheet, question.item_id, 1))
            if st.button("Remove", key=f"remove-{place}"):
                _keep(remove_question(sheet, question.item_id))


def _hints(sheet: VisitSheet) -> None:
    empty = empty_core_categories(sheet)
    if sheet.questions and empty:
        st.caption(
            f"Not on your sheet yet: {', '.join(_CORE_NAMES[category] for category in empty)}."
        )
    if lacks_choice_question(sheet):
        st.caption(
            "None of your first three asks about options, benefits and harms, "
            "or how likely they are. You may want one."
        )


def _own_question(sheet: VisitSheet) -> None:
    with st.form("own-question", clear_on_submit=True):
        text = st.text_input("A question of your own", max_chars=400)
        if st.form_submit_button("Add my question"):
            try:
                _keep(add_question(sheet, own_question(text)))
            except ValueError:
                st.warning("Type a question first, then add it.")


def _notes(sheet: VisitSheet) -> VisitSheet:
    notes = st.text_area("Notes", value=sheet.notes, max_chars=2_000, key="sheet-notes")
    visit_date = st.date_input(
        "Day of the visit (you can skip this)", value=sheet.visit_date, key="sheet-date"
    )
    return replace(sheet, notes=notes, visit_date=visit_date)


def _exports(sheet: VisitSheet, prompts: Prompts) -> None:
    country, today = st.session_state.get("country"), datetime.now(UTC).date()
    page = sheet_html(sheet, prompts, country, today)
    st.subheader("Take it along")
    st.caption(
        f"Say: “I brought {min(len(sheet.top), MOST_TOP) or 'some'} questions. "
        "Can we go through them first?” The page opens in your browser; print it from there."
    )
    with st.container(horizontal=True):
        st.download_button(
            "Page to print (HTML)",
            page,
            "my-questions.html",
            "text/html",
            on_click="ignore",
            key="html",
        )
        st.download_button(
            "Text (Markdown)",
            sheet_markdown(sheet, prompts, country, today),
            "my-questions.md",
            "text/markdown",
            on_click="ignore",
            key="markdown",
        )
    with st.expander("See the page"):
        st.iframe(page, height=700)


def _keep(sheet: VisitSheet) -> None:
    st.session_state["sheet"] = sheet
    st.rerun()
