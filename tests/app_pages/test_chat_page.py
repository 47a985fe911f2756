"""The chat page, drawn by Streamlit's own test runner on `render`, with the hashing encoder."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from chat.needs import phrases_of
from corpus.load import load_corpus
from prompts.load import load_prompts
from retrieval.build import build_snapshot
from retrieval.hashing import HashingEncoder
from settings import PROJECT
from visit.sheet import lacks_choice_question


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an index of the whole corpus, made without weights."""
    folder = tmp_path_factory.mktemp("data")
    build_snapshot(
        load_corpus(PROJECT / "corpus"),
        HashingEncoder(),
        folder / "snapshots",
        phrases=phrases_of(load_prompts(PROJECT / "prompts").questions),
    )
    return folder


def _page(data: str, page: str) -> None:
    from pathlib import Path

    from app_pages import chat, library, visit_sheet
    from app_pages.components import top_bar
    from app_pages.first_build import FirstBuild
    from chat.assemble import LibraryShelf, utc_today
    from chat.turn import Assistant
    from prompts.load import load_prompts
    from settings import Settings

    settings = Settings(data=Path(data), encoder="hashing")
    prompts = load_prompts(settings.prompts)
    shelf = LibraryShelf(settings, prompts, utc_today)
    top_bar(prompts)
    if page == "chat":
        chat.render(Assistant(prompts, shelf.open), prompts, shelf, FirstBuild(settings), settings)
    elif page == "sheet":
        visit_sheet.render(prompts, shelf)
    else:
        library.render(prompts, shelf)


def _run(data: Path, page: str = "chat") -> AppTest:
    return AppTest.from_function(_page, args=(str(data), page), default_timeout=60).run()


def _html(app: AppTest) -> str:
    return " ".join(str(element.proto) for element in app.get("html"))


def test_first_contact_says_that_it_is_software(data: Path) -> None:
    """The first screen says that this is software and not a clinician."""
    app = _run(data)
    assert not app.exception
    assert any("software, not a clinician" in markdown.value for markdown in app.markdown)


def test_an_answer_shows_statements_sources_and_questions(data: Path) -> None:
    """A question brings cited statements, a button for each source, and questions to add."""
    app = _run(data)
    app.chat_input[0].set_value("what happens to my blood pressure during spravato").run()
    assert not app.exception
    assert "[1]" in _html(app)
    assert [button for button in app.button if (button.key or "").startswith("cite-1-1")]
    assert [button for button in app.button if (button.key or "").startswith("add-1-")]


def test_adding_a_question_puts_it_on_the_sheet(data: Path) -> None:
    """ "Add to my sheet" puts the question among the top three and then says that it is there."""
    app = _run(data)
    app.chat_input[0].set_value("What should I ask about monitoring?").run()
    button = next(b for b in app.button if (b.key or "").startswith("add-1-"))
    button.click().run()
    assert not app.exception
    sheet = app.session_state["sheet"]
    assert next(q.item_id for q in sheet.top) == (button.key or "").removeprefix("add-1-")
    assert not lacks_choice_question(sheet)
    assert any(b.label == "On your sheet" and b.disabled for b in app.button)


def test_a_crisis_brings_help_and_no_questions(data: Path) -> None:
    """A message about wanting to die brings help lines, and nothing to add to a sheet."""
    app = _run(data)
    app.chat_input[0].set_value("I don't want to be alive anymore").run()
    assert not app.exception
    assert any("findahelpline" in markdown.value for markdown in app.markdown)
    assert not [b for b in app.button if (b.key or "").startswith("add-")]


def test_what_a_person_types_is_shown_literally(data: Path) -> None:
    """Markup, links and dollar signs that a person types are shown as typed."""
    app = _run(data)
    typed = "is <b>ketamine</b> an opioid? $5 [x](http://example.com)"
    app.chat_input[0].set_value(typed).run()
    assert not app.exception
    assert any(text.value == typed for text in app.text)
    assert "http://example.com" not in _html(app)


def test_without_an_index_help_and_progress_are_there(tmp_path: Path) -> None:
    """While no index exists a question is declined kindly and help still answers."""
    app = _run(tmp_path)
    app.chat_input[0].set_value("is ketamine an opioid").run()
    assert not app.exception
    assert any("getting the sources ready" in markdown.value for markdown in app.markdown)
    app.chat_input[0].set_value("i want to kill myself").run()
    assert any("findahelpline" in markdown.value for markdown in app.markdown)


def test_forgetting_clears_the_conversation(data: Path) -> None:
    """ "Forget everything" leaves no turn and no sheet in the session."""
    app = _run(data)
    app.chat_input[0].set_value("is ketamine an opioid").run()
    app.button(key="forget").click().run()
    assert app.session_state["turns"] == []


def test_the_sheet_takes_an_own_question_and_reorders(data: Path) -> None:
    """Own questions join the sheet, and the buttons change their order."""
    app = _run(data, "sheet")
    for text in ("First of mine?", "Second of mine?"):
        app.text_input[0].set_value(text)
        next(b for b in app.button if b.label == "Add my question").click().run()
    place = [q.text for q in app.session_state["sheet"].questions].index("Second of mine?")
    for up in range(place, 0, -1):
        app.button(key=f"up-{up}").click().run()
    assert not app.exception
    own = [q.text for q in app.session_state["sheet"].questions if q.item_id.startswith("own:")]
    assert own == ["Second of mine?", "First of mine?"]


def test_the_library_lists_every_source(data: Path) -> None:
    """The sources page names every source of the corpus."""
    app = _run(data, "library")
    assert not app.exception
    listed = " ".join(
        element.proto.body for element in app.get("html") if "aw-sources" in element.proto.body
    )
    assert all(escape(d.source.title) in listed for d in load_corpus(PROJECT / "corpus").documents)


def test_answers_are_filled_in_and_open_questions_carried_on(data: Path) -> None:
    """After the visit each question takes an answer; the open ones go on to the next visit."""
    app = _run(data, "sheet")
    app.text_input[0].set_value("First of mine?")
    next(b for b in app.button if b.label == "Add my question").click().run()
    next(t for t in app.toggle if t.key == "after-visit").set_value(True).run()
    first = app.session_state["sheet"].questions[0]
    app.text_area(key=f"sheet-field-answer-{first.item_id}").set_value("Yes, each week").run()
    app.button(key="next-visit").click().run()
    assert not app.exception
    sheet = app.session_state["sheet"]
    assert sheet.earlier[0].answered == (("First of mine?", "Yes, each week"),)
    assert first.item_id not in {q.item_id for q in sheet.questions}


def test_a_source_page_says_what_it_is_and_when_it_was_read(data: Path) -> None:
    """What it is, who it is about, how old, when and where it was read, and its statements."""
    app = _run(data, "library")
    corpus = load_corpus(PROJECT / "corpus")
    document = next(d for d in corpus.documents if d.doc_id == "williams-2018-naltrexone")
    app.selectbox(key="source").set_value(document).run()
    assert not app.exception
    html = _html(app)
    for part in ("What it is", "Who it is about", "How old", "2018, 8 years ago", "Read"):
        assert part in html
    assert "what differs or speaks against it" in html


def test_the_library_finds_statements_by_words_and_topic(data: Path) -> None:
    """Search narrows by topic; the map counts statements for every topic."""
    app = _run(data, "library")
    app.text_input(key="library-search").set_value("bladder").run()
    assert not app.exception
    assert any("nearest statements" in caption.value for caption in app.caption)
    assert "ladder" in _html(app)
    assert "aw-map" in _html(app)


def test_terms_are_explained_where_they_first_stand(data: Path) -> None:
    """The explanation opens in the statement; the second occurrence is plain text."""
    app = _run(data)
    app.chat_input[0].set_value("what happens to my blood pressure during spravato").run()
    bodies = [e.proto.body for e in app.get("html") if "aw-text" in e.proto.body]
    assert sum(body.count("<summary>Spravato</summary>") for body in bodies) == 1


def test_a_question_whose_run_was_interrupted_is_answered_by_the_next(data: Path) -> None:
    """It waits in the session, is answered once, and waits no more."""
    app = _run(data)
    app.session_state["pending-question"] = "is ketamine an opioid"
    app.run()
    assert not app.exception
    assert [turn.asked for turn in app.session_state["turns"]] == ["is ketamine an opioid"]
    assert "pending-question" not in app.session_state
    app.run()
    assert len(app.session_state["turns"]) == 1
