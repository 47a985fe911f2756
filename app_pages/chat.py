"""The chat: context, question, answer with sources, suggested questions."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from app_pages.components import announce, literal
from app_pages.first_build import FirstBuild
from app_pages.kept_sheet import current_sheet, forget_everything
from app_pages.statements import statement_html
from app_pages.turns import show_turn
from chat.assemble import LibraryShelf
from chat.turn import Assistant
from chat.types import Answer, QuestionSet, Statement, Turn, VisitContext
from prompts.fill import fill_message
from prompts.types import Prompts, Setting, Stage
from settings import Settings

_PENDING = "pending-question"
CONTEXT_KEYS = ("setting", "stage", "priority")
_SETTINGS = {
    Setting.SPRAVATO: "Spravato nasal spray at a clinic",
    Setting.INFUSION: "Ketamine infusion or injection",
    Setting.AT_HOME: "Ketamine offered for home use",
}
_STAGES = {
    Stage.DECIDING: "Still deciding",
    Stage.BOOKED: "First visit booked",
    Stage.IN_TREATMENT: "In treatment now",
    Stage.AFTER: "After treatment",
}
_PRIORITIES = {
    "screening": "How they check whether it is right for me",
    "monitoring": "Being watched over during a session",
    "tracking_benefit": "Knowing whether it works",
}
_STARTERS = (
    "Is ketamine an opioid?",
    "What should I ask about monitoring?",
    "How will I know it is working?",
)


def render(
    assistant: Assistant,
    prompts: Prompts,
    shelf: LibraryShelf,
    build: FirstBuild,
    settings: Settings,
) -> None:
    """Draw the page for this session; the conversation lives in the session alone."""
    history: list[Turn] = st.session_state.setdefault("turns", [])
    sheet = current_sheet()
    st.title("Prepare for your appointment")
    st.markdown(literal(fill_message(prompts, "first_contact", None)).replace("\n", "\n\n"))
    if build.is_needed:
        _show_build(build)
    context = _context()
    for turn in history:
        with st.container(key=f"turn-{turn.turn_id}"):
            show_turn(turn, prompts, shelf, context, sheet)
    if not history:
        _starters()
    asked = st.chat_input(
        "Type your question", max_chars=settings.longest_message, submit_mode="stop", key="question"
    ) or st.session_state.pop("starter", None)
    if asked and asked.strip():
        st.session_state[_PENDING] = asked
    if pending := st.session_state.get(_PENDING):
        _stream(pending, assistant, prompts, tuple(history), context)
    elif history:
        announce(_announcement(history[-1]), history[-1].turn_id)
        if st.button(
            "Forget everything",
            key="forget",
            help="Clears this conversation and your sheet, also where this device keeps it.",
        ):
            forget_everything()
            st.rerun()


def _context() -> VisitContext:
    with st.expander("About your visit (you can skip this)"):
        setting = st.selectbox(
            "What is planned?",
            list(_SETTINGS),
            index=None,
            format_func=_SETTINGS.__getitem__,
            placeholder="Skip",
            key="setting",
        )
        stage = st.selectbox(
            "Where are you now?",
            list(_STAGES),
            index=None,
            format_func=_STAGES.__getitem__,
            placeholder="Skip",
            key="stage",
        )
        priority = st.selectbox(
            "What matters most to you?",
            list(_PRIORITIES),
            index=None,
            format_func=_PRIORITIES.__getitem__,
            placeholder="Skip",
            key="priority",
        )
    country = st.session_state.get("country")
    return VisitContext(setting, stage, priority, None if country == "international" else country)


def _starters() -> None:
    st.caption("You could start with one of these.")
    with st.container(horizontal=True, key="starters"):
        for number, question in enumerate(_STARTERS):
            if st.button(question, key=f"starter-{number}"):
                st.session_state["starter"] = question
                st.rerun()


def _stream(
    asked: str,
    assistant: Assistant,
    prompts: Prompts,
    history: tuple[Turn, ...],
    context: VisitContext,
) -> None:
    """Show statements as they come; the finished turn is drawn by the rerun that follows.

    Anything on the page may interrupt this run (a kept sheet arrives, another page is opened). The
    question then waits and is answered by the next run; only the stop button takes it back.
    """
    with st.chat_message("user", avatar=":material/person:"):
        st.text(asked)
    announce("Looking in the sources.")
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        try:
            for part in assistant.stream(asked, history, context):
                match part:
                    case Statement():
                        st.html(statement_html(part, prompts))
                    case Turn():
                        st.session_state["turns"].append(part.without_ranking())
                        del st.session_state[_PENDING]
        except StopException:
            del st.session_state[_PENDING]
            raise
    st.rerun()


@st.fragment(run_every=1.0)
def _show_build(build: FirstBuild) -> None:
    if build.error:
        st.error(
            literal(
                f"The index could not be built: {build.error}. Help lines work; "
                "run `python cli.py index build` to see more."
            )
        )
    elif build.is_needed:
        st.progress(
            min(build.share, 1.0),
            text="Preparing the sources. This happens once. Help lines work already.",
        )
    else:
        st.rerun()


def _announcement(turn: Turn) -> str:
    match turn.reply:
        case Answer(statements=statements):
            return (
                f"Answer {turn.turn_id} is ready: {len(statements)} statements, "
                f"{len(turn.suggestions)} suggested questions."
            )
        case QuestionSet(questions=questions):
            return f"Answer {turn.turn_id} is ready: {len(questions)} questions."
        case _:
            return f"Answer {turn.turn_id} is ready."
