"""The chat: context, question, answer with sources, suggested questions."""

from __future__ import annotations

from html import escape

import streamlit as st

from app_pages.components import announce, literal, open_source, statement_html
from app_pages.first_build import FirstBuild
from chat.assemble import LibraryShelf
from chat.present import ASKED_FOR, evidence_in_words, reply_message, reply_notice
from chat.turn import Assistant
from chat.types import Abstention, Answer, Citation, QuestionSet, Statement, Turn, VisitContext
from corpus.glossary import explained_terms
from prompts.fill import fill_message
from prompts.types import BankQuestion, Prompts, Setting, Stage
from settings import Settings
from visit.sheet import add_question, from_bank, own_question
from visit.types import VisitSheet

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
    sheet: VisitSheet = st.session_state.setdefault("sheet", VisitSheet())
    st.title("Prepare for your appointment")
    st.markdown(literal(fill_message(prompts, "first_contact", None)).replace("\n", "\n\n"))
    if build.is_needed:
        _show_build(build)
    context = _context()
    for turn in history:
        with st.container(key=f"turn-{turn.turn_id}"):
            _show_turn(turn, prompts, shelf, context, sheet)
    if not history:
        _starters()
    asked = st.chat_input(
        "Type your question", max_chars=settings.longest_message, submit_mode="stop", key="question"
    ) or st.session_state.pop("starter", None)
    if asked and asked.strip():
        _stream(asked, assistant, prompts, tuple(history), context)
    elif history:
        announce(_announcement(history[-1]), history[-1].turn_id)
        if st.button(
            "Forget everything",
            key="forget",
            help="Clears this conversation and your sheet from this session.",
        ):
            st.session_state.clear()
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
    """Show statements as they come; the finished turn is drawn by the rerun that follows."""
    with st.chat_message("user", avatar=":material/person:"):
        st.text(asked)
    announce("Looking in the sources.")
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        for part in assistant.stream(asked, history, context):
            match part:
                case Statement():
                    st.html(statement_html(part, prompts))
                case Turn():
                    st.session_state["turns"].append(part.without_ranking())
    st.rerun()


def _show_turn(
    turn: Turn, prompts: Prompts, shelf: LibraryShelf, context: VisitContext, sheet: VisitSheet
) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        st.text(turn.asked)
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        notice = reply_notice(turn, prompts)
        if notice:
            st.info(literal(notice))
        message = reply_message(turn, context, prompts)
        if message:
            st.markdown(_lines_kept(message))
        match turn.reply:
            case Answer():
                _show_answer(turn.reply, turn.turn_id, prompts, shelf)
            case Abstention(nearest=nearest) if nearest:
                st.markdown("**The nearest passages. They do not answer your question.**")
                for citation in nearest:
                    passage = f"{escape(citation.passage.text)} [{citation.number}]"
                    st.html(f"<div class='aw-statement'><p>{passage}</p></div>")
                _source_buttons([(citation, "") for citation in nearest], turn.turn_id, shelf)
            case QuestionSet(questions=questions):
                for question in questions:
                    _show_question(
                        question, fill_message(prompts, ASKED_FOR, None), turn.turn_id, shelf, sheet
                    )
            case _:
                pass
        own_words = getattr(turn.reply, "clinic_question", None)
        if own_words:
            _show_own_words(own_words, turn.turn_id)
    if turn.suggestions:
        st.markdown("**Questions you could ask your clinic**")
        st.caption(literal(fill_message(prompts, "not_reviewed_notice", None)))
        for suggestion in turn.suggestions:
            _show_question(suggestion.question, suggestion.because, turn.turn_id, shelf, sheet)


def _show_answer(answer: Answer, turn_id: int, prompts: Prompts, shelf: LibraryShelf) -> None:
    for statement in answer.statements:
        st.html(statement_html(statement, prompts))
    cited = {
        c.number: (c, evidence_in_words(part, prompts))
        for s in answer.statements
        for part in (s, *s.contrasts)
        for c in part.citations
    }
    _source_buttons([cited[number] for number in sorted(cited)], turn_id, shelf)
    library = shelf.open()
    if library is None:
        return
    texts = [
        part.text for statement in answer.statements for part in (statement, *statement.contrasts)
    ]
    terms = explained_terms(texts, library.corpus.glossary)
    if terms:
        with st.expander("Words in this answer"):
            for term in terms:
                st.markdown(f"**{literal(term.term)}**: {literal(term.plain or '')}")


def _source_buttons(cited: list[tuple[Citation, str]], turn_id: int, shelf: LibraryShelf) -> None:
    st.caption("Sources. Open one to read the passage.")
    with st.container(horizontal=True, gap="small"):
        for citation, evidence in cited:
            year = f", {citation.source.year}" if citation.source.year else ""
            name = (
                citation.source.title
                if len(citation.source.title) < 48
                else citation.source.title[:45].rstrip() + "…"
            )
            if st.button(
                f"\\[{citation.number}\\] {literal(name)}{year}",
                key=f"cite-{turn_id}-{citation.number}",
            ):
                library = shelf.open()
                if library is not None:
                    open_source(citation, library.corpus, evidence)


def _show_question(
    question: BankQuestion, because: str, turn_id: int, shelf: LibraryShelf, sheet: VisitSheet
) -> None:
    with st.container(border=True):
        st.markdown(f"**{literal(question.text)}**")
        st.caption(f"{literal(question.why)} {literal(because)}")
        on_sheet = any(other.item_id == question.question_id for other in sheet.questions)
        label = "On your sheet" if on_sheet else "Add to my sheet"
        if st.button(label, key=f"add-{turn_id}-{question.question_id}", disabled=on_sheet):
            library = shelf.open()
            st.session_state["sheet"] = add_question(
                sheet, from_bank(question, library.corpus if library else None)
            )
            st.rerun()


def _show_own_words(own_words: str, turn_id: int) -> None:
    with st.container(border=True):
        st.markdown(f"**{literal(own_words)}**")
        if st.button("Add my own question to my sheet", key=f"own-{turn_id}"):
            st.session_state["sheet"] = add_question(
                st.session_state["sheet"], own_question(own_words)
            )
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


def _lines_kept(message: str) -> str:
    """A fixed message: its list rows stay a list, everything else is shown literally."""
    return "\n".join(
        f"- {literal(line[2:])}" if line.startswith("- ") else literal(line)
        for line in message.split("\n")
    )
