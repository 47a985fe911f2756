"""No connection leaves the process: building, searching and answering with every socket blocked."""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_socket

from chat.assemble import open_library
from chat.turn import Assistant
from chat.types import Answer
from prompts.types import Prompts
from retrieval.protocols import Encoder
from retrieval.snapshot import Snapshot
from settings import Settings
from tests.conftest import DATA, TODAY, run_python

BLOCKED = """
import socket, sys
import pytest_socket
pytest_socket.disable_socket()
try:
    socket.socket(socket.AF_INET)
    sys.exit("sockets are not blocked")
except pytest_socket.SocketBlockedError:
    pass
from cli import app
app(sys.argv[1:], standalone_mode=False)
"""


def own_environment(data: Path) -> dict[str, str]:
    """The settings of a process over the small corpus."""
    return {
        "ASKWELL_DATA": str(data), "ASKWELL_CORPUS": str(DATA / "corpus"), "ASKWELL_PROMPTS": str(DATA / "prompts"), "ASKWELL_ENCODER": "hashing",
    }  # fmt: skip


def test_native_code_is_told_not_to_report_its_start() -> None:
    """ONNX Runtime connects below Python, where no blocked socket sees it; it reads this as it is imported."""
    order = run_python(
        "import os, sys, retrieval\n"
        "print('onnxruntime' in sys.modules, os.environ.get('ORT_DISABLE_TELEMETRY'))"
    )
    assert order.stdout.split() == ["False", "1"]


@pytest.fixture(scope="module")
def blocked_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose index a process without sockets has built."""
    data = tmp_path_factory.mktemp("blocked") / "var"
    built = run_python(BLOCKED, "index", "build", **own_environment(data))
    assert built.returncode == 0, built.stderr
    assert "built and live" in built.stdout
    return data


def test_a_whole_process_answers_with_sockets_blocked(blocked_build: Path) -> None:
    """From the first import to the last line, no module opens a socket, and no file keeps the person's words."""
    words = "my neighbour qwrtzuiop asks how long will staff watch me after spravato"
    answered = run_python(BLOCKED, "ask", words, **own_environment(blocked_build))
    assert answered.returncode == 0, answered.stderr
    assert "staff must watch you for at least 2 hours" in answered.stdout
    files = [path for path in blocked_build.rglob("*") if path.is_file()]
    assert len(files) > 8
    assert not [path for path in files if b"qwrtzuiop" in path.read_bytes()]


def test_a_blocked_socket_would_be_seen() -> None:
    """In the same process set-up, code that opens a connection fails."""
    script = BLOCKED.replace(
        "from cli import app", "import urllib.request; urllib.request.urlopen('http://192.0.2.1')"
    )
    failed = run_python(script)
    assert failed.returncode != 0
    assert "SocketBlockedError" in failed.stderr


@pytest.mark.encoder
def test_a_real_turn_with_the_real_encoder_opens_no_socket(
    encoder_snapshot: Snapshot, serving_encoder: Encoder, real_prompts: Prompts
) -> None:
    """The shipped prompts, sources and weights answer a lay question with sockets blocked."""
    library = open_library(
        encoder_snapshot, serving_encoder, real_prompts, Settings(), lambda: TODAY
    )
    pytest_socket.disable_socket()
    try:
        turn = Assistant(real_prompts, lambda: library).reply(
            "how long do they have to watch me after spravato"
        )
    finally:
        pytest_socket.enable_socket()
    assert isinstance(turn.reply, Answer)
    assert turn.reply.statements[0].citations[0].source.source_id == "fda-spravato-label"
    for citation in turn.reply.citations:
        assert (
            library.corpus.passage(citation.passage.doc_id, citation.passage.span)
            == citation.passage.text
        )
