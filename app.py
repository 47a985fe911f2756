"""The door to the pages: an ASGI app with the plain help page and the script it runs. No logic."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app_pages import chat, library, visit_sheet
from app_pages.components import STYLE, top_bar
from app_pages.first_build import FirstBuild
from app_pages.help_page import NoScriptHelp, help_endpoint
from app_pages.kept_sheet import sync_with_device
from chat.assemble import LibraryShelf, utc_today
from chat.turn import Assistant
from prompts.load import load_prompts
from prompts.types import Prompts
from settings import PROJECT, Settings


@st.cache_resource(show_spinner=False)
def _parts() -> tuple[Settings, Prompts, LibraryShelf, Assistant, FirstBuild]:
    """Everything that all sessions share, made once a process."""
    settings = Settings()
    prompts = load_prompts(settings.prompts, settings.proofs)
    shelf = LibraryShelf(settings, prompts, utc_today)
    return settings, prompts, shelf, Assistant(prompts, shelf.open), FirstBuild(settings)


def main() -> None:
    """Draw help first, then the page that was chosen."""
    st.set_page_config(
        page_title="Askwell", page_icon=str(PROJECT / "app_pages" / "icon.png"), layout="centered"
    )
    settings, prompts, shelf, assistant, build = _parts()
    st.html(STYLE)
    build.start()
    for key in chat.CONTEXT_KEYS:
        # Streamlit forgets a widget that another page does not draw; setting it keeps it.
        st.session_state[key] = st.session_state.get(key)
    pages = [
        st.Page(
            lambda: chat.render(assistant, prompts, shelf, build, settings),
            title="Chat",
            url_path="chat",
            default=True,
        ),
        st.Page(
            lambda: visit_sheet.render(prompts, shelf), title="My visit sheet", url_path="sheet"
        ),
        st.Page(lambda: library.render(prompts, shelf), title="Sources", url_path="sources"),
    ]
    page = st.navigation(pages, position="hidden")
    top_bar(prompts, pages, page)
    page.run()
    sync_with_device()  # last, so that what this run changed is kept


if get_script_run_ctx(suppress_warning=True) is None:
    _settings = Settings()
    _prompts = load_prompts(_settings.prompts, _settings.proofs)
    app = st.App(
        __file__,
        routes=[Route("/help", help_endpoint(_prompts))],
        middleware=[Middleware(NoScriptHelp, prompts=_prompts)],
    )
else:
    main()
