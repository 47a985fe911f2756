"""A real server as a process of its own, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from settings import PROJECT
from tests.browser.connections import ConnectionWatch

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, its data folder, and the watch on its connections."""

    url: str
    data: Path
    watch: ConnectionWatch


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`streamlit run app.py` with an empty data folder, its connections watched from outside."""
    data = tmp_path_factory.mktemp("served")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.port",
        str(port),
        "--server.headless",
        "true",
        "--server.fileWatcherType",
        "none",
    ]
    log = (data / "server.log").open("w")
    process = subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, "ASKWELL_DATA": str(data)}, stdout=log, stderr=log
    )
    watch = ConnectionWatch(process.pid)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_up(url, process)
        yield Server(url, data, watch)
    finally:
        watch.stop()
        process.terminate()
        process.wait(20)
        log.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's chromium, headless."""
    path = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if path is None:
        pytest.fail("no chromium on this machine; .ci/run installs it (Debian package chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield launched
        launched.close()


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}")
        try:
            with urlopen(f"{url}/_stcore/health", timeout=2):  # noqa: S310 - our own server on this machine
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the server did not answer within a minute")


def open_chat(page: Page, server: Server) -> None:
    """Open the chat and wait until the sources are prepared."""
    page.goto(server.url)
    expect(page.get_by_text("In danger, or thinking of suicide?").first).to_be_visible(
        timeout=30_000
    )
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Preparing the sources")).to_have_count(0, timeout=480_000)


def ask(page: Page, text: str) -> None:
    """Type a question as a person does, and send it."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
