"""The sheet of this session, and keeping it on the patient's own device if they ask for it.

The browser's own storage holds it; the server never does. Without that, a warning comes before the
page is left and something would be lost.
"""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex

import streamlit as st

from app_pages.components import literal
from chat.assemble import LibraryShelf
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
    // Another tab changed or removed the kept sheet: follow it, or this tab would undo it.
    if (event.key !== place) return;
    window.askwellSeen = event.newValue;
    setTriggerValue("elsewhere", { sheet: event.newValue || "" });
  };
  window.onbeforeunload = data.warn ? (event) => { event.preventDefault(); return ""; } : null;
  try {
    if (data.keep) {
      // Only what this tab changed: an older copy must not undo what another tab has just added.
      if (data.sheet !== window.askwellSeen) window.localStorage.setItem(place, data.sheet);
      window.askwellSeen = data.sheet;
    } else if (data.declined) {
      window.localStorage.removeItem(place);
      window.askwellSeen = null;
    } else if (window.askwellReadFor !== data.session) {
      // Once a session of the server; without a kept sheet the page is not run again.
      window.askwellReadFor = data.session;
      const stored = window.localStorage.getItem(place);
      window.askwellSeen = stored;
      if (stored) setTriggerValue("found", { sheet: stored });
    }
  } catch (error) {
    // A browser may forbid storage; then nothing is kept, and the warning above stands.
  }
}
"""
_KEEP, _SHEET, _SESSION = "kept-on-device", "sheet", "kept-session"


def current_sheet() -> VisitSheet:
    """The sheet of this session, with the visit and country that were chosen on other pages."""
    sheet: VisitSheet = st.session_state.setdefault(_SHEET, VisitSheet())
    country = st.session_state.get("country")
    return replace(
        sheet,
        setting=st.session_state.get("setting"),
        stage=st.session_state.get("stage"),
        country=None if country == "international" else country,
    )


def set_sheet(sheet: VisitSheet) -> None:
    """Make this the sheet of the session."""
    st.session_state[_SHEET] = sheet


def put_on_sheet(question: SheetQuestion, prompts: Prompts, shelf: LibraryShelf) -> None:
    """Add a question; the top gets one on options, benefits and harms, or how likely they are.

    For callbacks: what was chosen is on the sheet before the library is opened, which takes a
    moment, and another click in it cuts the callback off.
    """
    set_sheet(add_question(current_sheet(), question))
    sheet = current_sheet()
    choice = next(
        (
            bank
            for bank in prompts.questions
            if bank.asks is Asks.OPTIONS
            and (not bank.applies_to or sheet.setting is None or sheet.setting in bank.applies_to)
        ),
        None,
    )
    if choice:
        set_sheet(with_choice_question(sheet, from_bank(choice, open_corpus(shelf))))


def open_corpus(shelf: LibraryShelf) -> Corpus | None:
    """The corpus of the live index, None while there is none."""
    library = shelf.open()
    return library.corpus if library else None


def is_kept() -> bool:
    """Whether the patient asked to keep the sheet on this device."""
    return bool(st.session_state.get(_KEEP))


def keep_on_device(wanted: bool) -> None:
    """Keep the sheet in the browser's storage from now on, or remove it from there."""
    st.session_state[_KEEP] = wanted


def forget_everything() -> None:
    """Clear this session, and what the browser keeps."""
    st.session_state.clear()
    st.session_state[_KEEP] = False


def sync_with_device() -> None:
    """Load a kept sheet once a session, then keep it up to date. Mounted on every page."""
    sheet = current_sheet()
    storage = st.components.v2.component("sheet-storage", js=_STORAGE_SCRIPT)
    storage(
        key="sheet-storage",
        data={
            "session": st.session_state.setdefault(_SESSION, token_hex(8)),
            "keep": is_kept(),
            # Removed only when the patient says so: a sheet that could not be read stays there.
            "declined": st.session_state.get(_KEEP) is False,
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
    if not found:
        return
    try:
        kept = load_sheet(found["sheet"])
    except SheetFileError:
        st.session_state["kept-problem"] = (
            "The sheet kept on this device could not be read, so an empty one is shown."
        )
        return
    st.session_state[_KEEP] = True
    for question in current_sheet().questions:
        kept = add_question(kept, question)
    take_over(kept)


def _follow_other_tab() -> None:
    other = st.session_state["sheet-storage"].elsewhere
    if not other:
        return
    if not other["sheet"]:
        if is_kept():
            keep_on_device(False)  # this tab's own sheet stays on the screen
        return
    try:
        take_over(load_sheet(other["sheet"]))
    except SheetFileError:
        return  # what another tab of ours wrote is readable; anything else is not ours to follow
    st.session_state[_KEEP] = True


def take_over(sheet: VisitSheet) -> None:
    """Make a saved sheet the current one, its country and the fields on the page included."""
    set_sheet(sheet)
    st.session_state["country"] = sheet.country or "international"
    st.session_state["setting"], st.session_state["stage"] = sheet.setting, sheet.stage
    for key in [key for key in st.session_state if str(key).startswith("sheet-field-")]:
        del st.session_state[key]
    st.session_state["sheet-field-notes"] = sheet.notes
    st.session_state["sheet-field-date"] = sheet.visit_date
    for question in sheet.questions:
        st.session_state[f"sheet-field-answer-{question.item_id}"] = question.answer
