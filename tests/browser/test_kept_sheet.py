"""A sheet on the patient's own device: kept if asked for, followed between tabs, never lost unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, ask, open_chat
from visit.sheet_json import dump_sheet
from visit.types import SheetQuestion, VisitSheet

pytestmark = [pytest.mark.browser, pytest.mark.timeout(700)]


def test_a_sheet_is_kept_on_the_device_and_forgotten(browser: Browser, server: Server) -> None:
    """Kept only if asked for; a new session has it again, notes included; forgetting clears it."""
    context = browser.new_context()
    page = context.new_page()
    open_chat(page, server)
    _add_own_question(page)
    expect(page.get_by_text("Who drives me home?").first).to_be_visible(timeout=20_000)
    assert page.evaluate("localStorage.getItem('askwell-sheet')") is None
    _keep(page)
    page.get_by_label("Notes").fill("ask about Tuesday")
    page.get_by_role("button", name="Chat").click()
    page.wait_for_url(server.url + "/", timeout=20_000)
    page.wait_for_function(
        "(localStorage.getItem('askwell-sheet') || '').includes('ask about Tuesday')",
        timeout=20_000,
    )
    again = context.new_page()
    again.goto(server.url + "/sheet")
    expect(again.get_by_text("Who drives me home?").first).to_be_visible(timeout=30_000)
    expect(again.get_by_label("Notes")).to_have_value("ask about Tuesday", timeout=20_000)
    again.get_by_role("button", name="Forget everything").click()
    again.wait_for_function("localStorage.getItem('askwell-sheet') === null", timeout=20_000)
    expect(again.get_by_label("Notes")).to_have_value("", timeout=20_000)
    context.close()


def test_a_question_asked_at_once_is_answered_and_starts_in_view(
    browser: Browser, server: Server
) -> None:
    """With a kept sheet arriving in the same second too, which runs the page again."""
    kept = dump_sheet(VisitSheet(top=(SheetQuestion("own:why?", "Why?"),)))
    for stored in ("", kept):
        context = browser.new_context(viewport={"width": 320, "height": 900})
        page = context.new_page()
        open_chat(page, server)
        page.evaluate("text => text && localStorage.setItem('askwell-sheet', text)", stored)
        page.reload()
        page.get_by_test_id("stChatInputTextArea").wait_for(timeout=30_000)
        ask(page, "does ketamine damage the bladder")
        turn = page.locator(".st-key-turn-1")
        expect(turn).to_be_visible(timeout=60_000)
        page.wait_for_timeout(2_500)  # until parts no longer arrive
        assert -5 < turn.evaluate("part => part.getBoundingClientRect().top") < 300
        context.close()


def test_one_tab_never_empties_another(browser: Browser, server: Server) -> None:
    """Switching keeping off in one tab removes the kept copy, not what the other tab shows."""
    context = browser.new_context()
    first = context.new_page()
    open_chat(first, server)
    _add_own_question(first)
    _keep(first)
    first.wait_for_function("localStorage.getItem('askwell-sheet') !== null", timeout=20_000)
    second = context.new_page()
    second.goto(server.url + "/sheet")
    expect(second.get_by_text("Who drives me home?").first).to_be_visible(timeout=30_000)
    _keep(second)
    second.wait_for_function("localStorage.getItem('askwell-sheet') === null", timeout=20_000)
    expect(first.get_by_text("Not kept: it is gone")).to_be_visible(timeout=20_000)
    expect(first.get_by_text("Who drives me home?").first).to_be_visible()
    assert first.evaluate("localStorage.getItem('askwell-sheet')") is None
    context.close()


def test_a_kept_sheet_that_cannot_be_read_is_not_thrown_away(
    browser: Browser, server: Server
) -> None:
    """It may be of a later version: the person is told, and it stays where it is."""
    context = browser.new_context()
    context.add_init_script(
        "if (!localStorage.getItem('askwell-sheet')) localStorage.setItem('askwell-sheet', 'odd')"
    )
    page = context.new_page()
    open_chat(page, server)
    expect(page.get_by_text("could not be read")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="My visit sheet").click()
    expect(page.get_by_text("Your sheet is empty")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Chat").click()
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible(timeout=20_000)
    assert page.evaluate("localStorage.getItem('askwell-sheet')") == "odd"
    context.close()


def test_a_saved_file_loads_in_a_new_browser(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    """The JSON that one browser saved gives another the same questions; a bad file is refused."""
    saved = tmp_path / "mine.json"
    question = SheetQuestion("own:why?", "Why this clinic?")
    saved.write_text(dump_sheet(VisitSheet(top=(question,), country="GB")), encoding="utf-8")
    bad = tmp_path / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    open_chat(page, server)
    page.get_by_role("button", name="My visit sheet").click()
    page.get_by_text("Load a sheet that you saved").click(timeout=30_000)
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.get_by_text("not a saved sheet")).to_be_visible(timeout=20_000)
    page.locator("input[type=file]").set_input_files(saved)
    page.get_by_role("button", name="Load this sheet").click(timeout=20_000)
    expect(page.get_by_text("Why this clinic?").first).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="United Kingdom")).to_be_visible(timeout=20_000)
    context.close()


def _add_own_question(page: Page) -> None:
    page.get_by_role("button", name="My visit sheet").click()
    page.get_by_label("A question of your own").fill("Who drives me home?")
    page.get_by_role("button", name="Add my question").click()


def _keep(page: Page) -> None:
    """Switch keeping on or off, once the page stands still: while it is drawn anew, it may be there twice."""
    switch = page.get_by_text("Keep my sheet on this phone or computer")
    expect(switch).to_have_count(1, timeout=20_000)
    switch.click()
