"""The sheet of this session, and keeping it on the patient's own device if they ask for it.

The browser's own storage holds it; the server never does. Without that, a warning comes before the
page is left and something would be lost.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app_pages.components import literal
from corpus.types import Corpus
from prompts.types import Asks, Prompts
from visit.errors import SheetFileError
from visit.sheet import add_question, from_bank, with_choice_question
from visit.sheet_json import dump_sheet, load_sheet
from visit.types import SheetQuestion, VisitSheet

_STORAGE_SCRIPT = """
export default function ({ data, setTriggerValue }) {
  const place = "askwell-sheet";
  window.onstorage = (event) => {
    // Another tab changed or cleared the kept sheet: follow it, or this tab would undo it.
    if (event.key === place) setTriggerValue("elsewhere", { sheet: event.newValue || "" });
  };
  window.onbeforeunload = data.warn ? (event) => { event.preventDefault(); return ""; } : null;
  let stored = null;
  try {
    if (data.looked) {
      if (data.keep) window.localStorage.setItem(place, data.sheet);
      else window.localStorage.removeItem(place);
      return;
    }
    stored = window.localStorage.getItem(place);
  } catch (error) {
    stored = null;  // a browser may forbid storage; then nothing is kept
  }
  setTriggerValue("found", { sheet: stored || "" });
}
"""
_LOOKED, _KEEP, _SHEET = "kept-looked", "kept-on-device", "sheet"


def current_sheet() -> VisitSheet:
    """The sheet of this session, with the country that help is shown for."""
    sheet: VisitSheet = st.session_state.setdefault(_SHEET, VisitSheet())
    country = st.session_state.get("country")
    return replace(sheet, country=None if country == "international" else country)


def set_sheet(sheet: VisitSheet) -> None:
    """Make this the sheet of the session."""
    st.session_state[_SHEET] = sheet


def put_on_sheet(question: SheetQuestion, prompts: Prompts, corpus: Corpus | None) -> None:
    """Add a question; the top gets one on options, benefits and harms, or how likely they are."""
    sheet = add_question(current_sheet(), question)
    choice = next(
        (
            bank
            for bank in prompts.questions
            if bank.asks is Asks.OPTIONS
            and (not bank.applies_to or sheet.setting is None or sheet.setting in bank.applies_to)
        ),
        None,
    )
    set_sheet(with_choice_question(sheet, from_bank(choice, corpus)) if choice else sheet)


def is_kept() -> bool:
    """Whether the patient asked to keep the sheet on this device."""
    return bool(st.session_state.get(_KEEP))


def keep_on_device(wanted: bool) -> None:
    """Keep the sheet in the browser's storage from now on, or remove it from there."""
    st.session_state[_KEEP] = wanted


def forget_everything() -> None:
    """Clear this session, and what the browser keeps."""
    st.session_state.clear()
    st.session_state[_LOOKED] = True


def sync_with_device() -> None:
    """Load a kept sheet once a session, then keep it up to date. Mounted on every page."""
    sheet = current_sheet()
    storage = st.components.v2.component("sheet-storage", js=_STORAGE_SCRIPT)
    storage(
        key="sheet-storage",
        data={
            "looked": bool(st.session_state.get(_LOOKED)),
            "keep": is_kept(),
            "warn": not is_kept() and not sheet.is_empty,
            "sheet": dump_sheet(sheet) if is_kept() else "",
        },
        on_found_change=_take_found,
        on_elsewhere_change=_follow_other_tab,
        height=1,
    )
    problem = st.session_state.pop("kept-problem", None)
    if problem:
        st.warning(literal(problem))


def _take_found() -> None:
    found = st.session_state["sheet-storage"].found
    if not found or st.session_state.get(_LOOKED):
        return
    st.session_state[_LOOKED] = True
    text = found.get("sheet", "")
    if not text:
        return
    try:
        kept = load_sheet(text)
    except SheetFileError:
        st.session_state["kept-problem"] = (
            "The sheet kept on this device could not be read, so an empty one is shown."
        )
        return
    st.session_state[_KEEP] = True
    if current_sheet().is_empty:
        take_over(kept)


def _follow_other_tab() -> None:
    other = st.session_state["sheet-storage"].elsewhere
    if not other or not st.session_state.get(_LOOKED):
        return
    text = other.get("sheet", "")
    if not text:
        forget_everything()
        return
    try:
        take_over(load_sheet(text))
    except SheetFileError:
        return  # what another tab of ours wrote is readable; anything else is not ours to follow
    st.session_state[_KEEP] = True


def take_over(sheet: VisitSheet) -> None:
    """Make a saved sheet the current one, its country and the fields on the page included."""
    set_sheet(sheet)
    st.session_state["country"] = sheet.country or "international"
    for key in [key for key in st.session_state if str(key).startswith("sheet-field-")]:
        del st.session_state[key]
    st.session_state["sheet-field-notes"] = sheet.notes
    st.session_state["sheet-field-date"] = sheet.visit_date
    for question in sheet.questions:
        st.session_state[f"sheet-field-answer-{question.item_id}"] = question.answer
