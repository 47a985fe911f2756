"""A finished turn on the page: reply, sources, words explained, questions to add."""

from __future__ import annotations

from html import escape

import streamlit as st

from app_pages.components import literal
from app_pages.kept_sheet import open_corpus, put_on_sheet
from app_pages.statements import open_source, statement_html
from chat.assemble import LibraryShelf
from chat.present import (
    ASKED_FOR,
    check_in,
    evidence_in_words,
    identifiers_notice,
    reply_message,
    reply_notice,
)
from chat.types import Abstention, Answer, Citation, QuestionSet, Turn, VisitContext
from prompts.fill import fill_message
from prompts.types import BankQuestion, Prompts
from visit.sheet import from_bank, own_question
from visit.types import VisitSheet


def show_turn(
    turn: Turn, prompts: Prompts, shelf: LibraryShelf, context: VisitContext, sheet: VisitSheet
) -> None:
    """Draw one turn of the conversation, what was typed first."""
    with st.chat_message("user", avatar=":material/person:"):
        st.text(turn.asked)
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        _show_notices(turn, context, prompts)
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
                        question,
                        fill_message(prompts, ASKED_FOR, None),
                        turn.turn_id,
                        shelf,
                        sheet,
                        prompts,
                    )
            case _:
                pass
        own_words = getattr(turn.reply, "clinic_question", None)
        if own_words:
            _show_own_words(own_words, turn.turn_id, prompts, shelf)
    if turn.suggestions:
        st.markdown("**Questions you could ask your clinic**")
        st.caption(literal(fill_message(prompts, "not_reviewed_notice", None)))
        for suggestion in turn.suggestions:
            _show_question(
                suggestion.question, suggestion.because, turn.turn_id, shelf, sheet, prompts
            )


def _show_notices(turn: Turn, context: VisitContext, prompts: Prompts) -> None:
    """What stands above a reply: help lines, general answers only, personal details."""
    gentle = check_in(turn, context, prompts)
    if gentle:
        st.info(_lines_kept(gentle))
    for notice in (reply_notice(turn, prompts), identifiers_notice(turn, prompts)):
        if notice:
            st.info(literal(notice))


def _show_answer(answer: Answer, turn_id: int, prompts: Prompts, shelf: LibraryShelf) -> None:
    library = shelf.open()
    glossary = library.corpus.glossary if library else ()
    explained: set[str] = set()
    for statement in answer.statements:
        st.html(statement_html(statement, prompts, glossary, explained))
    cited = {
        c.number: (c, evidence_in_words(part, prompts))
        for s in answer.statements
        for part in (s, *s.contrasts)
        for c in part.citations
    }
    _source_buttons([cited[number] for number in sorted(cited)], turn_id, shelf)


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
    question: BankQuestion,
    because: str,
    turn_id: int,
    shelf: LibraryShelf,
    sheet: VisitSheet,
    prompts: Prompts,
) -> None:
    with st.container(border=True):
        st.markdown(f"**{literal(question.text)}**")
        st.caption(f"{literal(question.why)} {literal(because)}")
        on_sheet = any(other.item_id == question.question_id for other in sheet.questions)
        label = "On your sheet" if on_sheet else "Add to my sheet"
        st.button(
            label,
            key=f"add-{turn_id}-{question.question_id}",
            disabled=on_sheet,
            on_click=_add_from_list,
            args=(question, prompts, shelf),
        )


def _add_from_list(question: BankQuestion, prompts: Prompts, shelf: LibraryShelf) -> None:
    put_on_sheet(from_bank(question, open_corpus(shelf)), prompts, shelf)


def _show_own_words(own_words: str, turn_id: int, prompts: Prompts, shelf: LibraryShelf) -> None:
    with st.container(border=True):
        key = f"own-text-{turn_id}"
        st.text_area(
            "Your question for the clinic. Change it as you like.",
            value=own_words,
            max_chars=600,
            key=key,
        )
        st.button(
            "Add my own question to my sheet",
            key=f"own-{turn_id}",
            on_click=_add_own_words,
            args=(key, own_words, prompts, shelf),
        )


def _add_own_words(key: str, own_words: str, prompts: Prompts, shelf: LibraryShelf) -> None:
    edited = str(st.session_state[key]).strip()
    put_on_sheet(own_question(edited or own_words), prompts, shelf)


def _lines_kept(message: str) -> str:
    """A fixed message: its list rows stay a list, everything else is shown literally."""
    return "\n".join(
        f"- {literal(line[2:])}" if line.startswith("- ") else literal(line)
        for line in message.split("\n")
    )
