"""The visit sheet: choose, order, note, take along, and fill in afterwards."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from app_pages.components import literal
from app_pages.kept_sheet import current_sheet, put_on_sheet, set_sheet
from app_pages.sheet_exports import show_exports, show_keeping
from chat.assemble import LibraryShelf
from prompts.types import Asks, Prompts
from visit.sheet import (
    answer_question,
    covered_categories,
    lacks_choice_question,
    move_question,
    next_visit,
    open_questions,
    own_question,
    remove_question,
)
from visit.types import MOST_TOP, SheetQuestion, VisitSheet

_OWN = "own-question-text"
_CORE_NAMES = {
    "screening": "How they screen",
    "monitoring": "How they monitor",
    "tracking_benefit": "How they track benefit",
}


def render(prompts: Prompts, shelf: LibraryShelf) -> None:
    """Draw the sheet of this session."""
    sheet = current_sheet()
    st.title("My visit sheet")
    st.markdown("Up to three questions come first. You decide which, and in what order.")
    if not sheet.questions:
        st.info("Your sheet is empty. Add questions from the chat, or type your own below.")
    else:
        st.html(_coverage_html(sheet))
    after = bool(sheet.questions) and st.toggle(
        "After the visit: fill in the answers", key="after-visit"
    )
    if sheet.top:
        st.subheader("Most important to me")
    for place, question in enumerate(sheet.questions):
        if place == len(sheet.top):
            st.subheader("If there is time")
        _show_item(question, place, sheet, after)
    if lacks_choice_question(sheet):
        st.caption(
            "None of your first three asks about options, benefits and harms, "
            "or how likely they are. You may want one."
        )
    if after:
        _show_open(current_sheet())
    else:
        _own_question(prompts, shelf)
    _notes(current_sheet())
    _show_earlier(sheet)
    sheet = current_sheet()
    show_exports(sheet, prompts)
    show_keeping(sheet)


def _coverage_html(sheet: VisitSheet) -> str:
    rows = "".join(
        f"<li class='{'aw-has' if count else 'aw-lacks'}'><span>{escape(_CORE_NAMES[category])}"
        f"</span> <strong>{count or 'nothing yet'}</strong></li>"
        for category, count in covered_categories(sheet).items()
    )
    return f"<ul class='aw-coverage' aria-label='What your sheet covers'>{rows}</ul>"


def _show_item(question: SheetQuestion, place: int, sheet: VisitSheet, after: bool) -> None:
    with st.container(border=True, key=f"item-{place}"):
        st.markdown(f"**{place + 1}\\.** {literal(question.text)}")
        if place < MOST_TOP and question.asks is Asks.OPTIONS:
            st.caption(
                "One question of this kind is added to every list, since it changes visits most. "
                "Remove it if you do not want it."
            )
        if question.listen_for:
            st.caption(f"Listen for: {literal(question.listen_for)}")
        if after:
            key = f"sheet-field-answer-{question.item_id}"
            st.session_state.setdefault(key, question.answer)
            st.text_area(
                f"Answer to question {place + 1}",
                max_chars=2_000,
                key=key,
                on_change=_take_answer,
                args=(question.item_id,),
            )
            return
        with st.container(horizontal=True, gap="small"):
            if st.button("Move up", key=f"up-{place}", disabled=place == 0):
                _keep(move_question(sheet, question.item_id, -1))
            if st.button(
                "Move down", key=f"down-{place}", disabled=place == len(sheet.questions) - 1
            ):
                _keep(move_question(sheet, question.item_id, 1))
            if place >= MOST_TOP and st.button("Put first", key=f"first-{place}"):
                _keep(move_question(sheet, question.item_id, -place))
            if st.button("Remove", key=f"remove-{place}"):
                _keep(remove_question(sheet, question.item_id))


def _show_open(sheet: VisitSheet) -> None:
    still_open = open_questions(sheet)
    answered = len(sheet.questions) - len(still_open)
    st.markdown(f"**{answered} answered, {len(still_open)} still open.**")
    if answered and st.button("Carry open questions to my next visit", key="next-visit"):
        _keep(next_visit(sheet))


def _show_earlier(sheet: VisitSheet) -> None:
    for number, past in enumerate(reversed(sheet.earlier)):
        day = past.visit_date.isoformat() if past.visit_date else "no date"
        with st.expander(f"Earlier visit ({day})", key=f"earlier-{number}"):
            for question, answer in past.answered:
                st.markdown(f"**{literal(question)}**")
                st.text(answer)


def _own_question(prompts: Prompts, shelf: LibraryShelf) -> None:
    with st.form("own-question"):
        st.text_input("A question of your own", max_chars=400, key=_OWN)
        # In a callback, which a second click cannot cut off.
        st.form_submit_button("Add my question", on_click=_add_own, args=(prompts, shelf))
    if st.session_state.pop("own-question-missing", False):
        st.warning("Type a question first, then add it.")


def _add_own(prompts: Prompts, shelf: LibraryShelf) -> None:
    try:
        question = own_question(st.session_state[_OWN])
    except ValueError:
        st.session_state["own-question-missing"] = True
        return
    st.session_state[_OWN] = ""
    put_on_sheet(question, prompts, shelf)


def _notes(sheet: VisitSheet) -> None:
    st.session_state.setdefault("sheet-field-notes", sheet.notes)
    st.session_state.setdefault("sheet-field-date", sheet.visit_date)
    st.text_area("Notes", max_chars=2_000, key="sheet-field-notes", on_change=_take_notes)
    st.date_input(
        "Day of the visit (you can skip this)", key="sheet-field-date", on_change=_take_notes
    )


def _take_notes() -> None:
    """Callbacks run before the next page is drawn, so leaving the page loses nothing."""
    set_sheet(
        replace(
            current_sheet(),
            notes=st.session_state["sheet-field-notes"],
            visit_date=st.session_state["sheet-field-date"],
        )
    )


def _take_answer(item_id: str) -> None:
    answer = st.session_state[f"sheet-field-answer-{item_id}"]
    set_sheet(answer_question(current_sheet(), item_id, answer))


def _keep(sheet: VisitSheet) -> None:
    set_sheet(sheet)
    st.rerun()
