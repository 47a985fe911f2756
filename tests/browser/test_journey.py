"""A stranger's way through the app in a real browser, the real encoder behind it, from an empty folder."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from settings import PROJECT
from tests.browser.conftest import Server, ask, open_chat
from tests.browser.connections import remote_peers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(700)]
_AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A page of a new visitor."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def _serious_findings(page: Page) -> list[str]:
    if not _AXE.exists():
        pytest.fail("axe-core is missing; run `make setup-dev` (npm ci)")
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    result = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", _TAGS
    )
    return [
        f"{v['id']}: {v['help']} ({json.dumps([n['target'] for n in v['nodes'][:3]])})"
        for v in result["violations"]
    ]


def test_help_answers_while_the_first_index_is_built(page: Page, server: Server) -> None:
    """With no index yet, the help bar is in view at once and a crisis message is answered."""
    page.goto(server.url)
    expect(page.get_by_text("In danger, or thinking of suicide?").first).to_be_visible(
        timeout=30_000
    )
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible(timeout=30_000)
    ask(page, "i want to end my life")
    expect(page.get_by_text("Find A Helpline").first).to_be_visible(timeout=60_000)


def test_ask_open_a_citation_add_a_question_read_the_sheet(page: Page, server: Server) -> None:
    """Ask; the citation opens the highlighted passage; a question reaches the sheet; axe finds nothing on three pages."""
    open_chat(page, server)
    ask(page, "what happens to my blood pressure during spravato")
    expect(page.get_by_text("Questions you could ask your clinic")).to_be_visible(timeout=90_000)
    assert _serious_findings(page) == []
    page.locator('[class*="st-key-cite-1-1"] button').click()
    mark = page.locator("mark")
    expect(mark).to_be_visible(timeout=20_000)
    assert "blood pressure" in mark.inner_text()
    page.get_by_role("button", name="Verify this passage").click()
    expect(page.get_by_text("word for word")).to_be_visible(timeout=20_000)
    page.keyboard.press("Escape")
    add = page.get_by_role("button", name="Add to my sheet").first
    add.click()
    expect(page.get_by_role("button", name="On your sheet").first).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="My visit sheet").click()
    expect(page.get_by_text("Most important to me")).to_be_visible(timeout=20_000)
    assert _serious_findings(page) == []
    page.get_by_role("button", name="Sources").click()
    expect(page.get_by_text("checked statements")).to_be_visible(timeout=20_000)
    assert _serious_findings(page) == []


def test_the_end_of_an_answer_is_announced(page: Page, server: Server) -> None:
    """A polite live region tells screen readers that the answer is ready."""
    open_chat(page, server)
    ask(page, "is ketamine an opioid")
    expect(page.locator("[role=status]", has_text="Answer 1 is ready")).to_have_count(
        1, timeout=90_000
    )


def test_help_needs_no_script(browser: Browser, server: Server) -> None:
    """Without script, /help and every page show the help lines."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in ("/help", "/", "/sheet", "/sources"):
        page.goto(server.url + path)
        assert "988 Suicide and Crisis Lifeline" in page.content(), path
    context.close()


def test_nothing_scrolls_sideways_on_a_narrow_phone(browser: Browser, server: Server) -> None:
    """At 320 px every page fits the width, and the help bar is in view."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    open_chat(page, server)
    for name, heading in (
        ("Sources", "Sources"),
        ("My visit sheet", "My visit sheet"),
        ("Chat", "Prepare"),
    ):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("heading", name=heading).first).to_be_visible(timeout=20_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        expect(page.get_by_text("In danger, or thinking of suicide?").first).to_be_in_viewport()
    context.close()


def test_the_page_loads_nothing_from_elsewhere(browser: Browser, server: Server) -> None:
    """Asking, opening a source and the other pages make no request to another host."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_chat(page, server)
    ask(page, "can I drive home after spravato")
    page.locator('[class*="st-key-cite-1-1"] button').click(timeout=90_000)
    expect(page.locator("mark")).to_be_visible(timeout=20_000)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="My visit sheet").click()
    expect(page.get_by_role("heading", name="My visit sheet")).to_be_visible(timeout=20_000)
    context.close()
    own = (server.url, server.url.replace("http", "ws"), "data:", "blob:", "about:")
    assert asked
    assert [url for url in asked if not url.startswith(own)] == []


def test_the_server_talks_to_nobody(page: Page, server: Server) -> None:
    """Watched from outside since its start, the server has held no socket to another machine."""
    open_chat(page, server)
    ask(page, "can I do it at home")
    expect(page.get_by_text("Questions you could ask your clinic")).to_be_visible(timeout=90_000)
    assert server.watch.samples > 50
    assert server.watch.remote == set()


def test_the_watch_would_see_a_connection(socket_enabled: None) -> None:
    """A datagram socket pointed at a documentation address (nothing is sent) is seen by the watch."""
    import os

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward:
        try:
            outward.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no route at all, so no socket can point outward")
        assert "udp 192.0.2.1" in remote_peers(os.getpid())
