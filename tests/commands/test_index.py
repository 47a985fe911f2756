"""`cli.py index`: exit codes and one clear line each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.snapshot import load_current
from tests.commands.test_ask import run
from tests.corpus.test_load import spoil


def test_build_status_verify(own_settings: Path) -> None:
    """A build goes live, a second changes nothing, and both the status and the check speak of it."""
    first, second = run("index", "build"), run("index", "build")
    name = load_current(own_settings / "snapshots").name
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert f"snapshot {name}: built and live; " in first.output
    assert f"snapshot {name}: already live, nothing changed; " in second.output
    status = json.loads(run("index", "status", "--json").output)
    assert (
        status["snapshot"],
        status["encoder"],
        status["sources"],
        status["claims"],
        status["outlines"],
    ) == (name, "hashing-256", 3, 8, 2)
    verified = run("index", "verify")
    assert (verified.exit_code, verified.output.strip()) == (
        0,
        "the live snapshot is as it was built",
    )


def test_verify_finds_a_changed_byte(own_settings: Path) -> None:
    """Exit 1 with the file's name, in JSON too."""
    run("index", "build")
    path = load_current(own_settings / "snapshots").folder / "corpus.json"
    path.write_bytes(path.read_bytes().replace(b"2 hours", b"3 hours", 1))
    result = run("index", "verify")
    assert (result.exit_code, result.output.strip()) == (
        1,
        "corpus.json: differs from the manifest",
    )
    assert json.loads(run("index", "verify", "--json").output) == {
        "problems": ["corpus.json: differs from the manifest"]
    }


@pytest.mark.usefixtures("own_settings")
def test_no_index_is_said_with_the_command() -> None:
    """Status without an index is exit 2, verify finds it missing."""
    status = run("index", "status")
    assert (status.exit_code, status.output.strip()) == (
        2,
        "no index yet; run `python cli.py index build`",
    )
    assert run("index", "verify").exit_code == 1


def test_a_question_of_an_unknown_claim_stops_the_build(
    own_settings: Path, prompts_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is built from prompts that name a claim which is not there."""
    spoil(
        prompts_folder,
        "questions/screening.yaml",
        "evidence: ['clinic-label#f2']",
        "evidence: ['clinic-label#f99']",
    )
    monkeypatch.setenv("ASKWELL_PROMPTS", str(prompts_folder))
    result = run("index", "build")
    assert result.exit_code == 2
    assert (
        "question screening-heart: claim 'clinic-label#f99' is unknown; use the id of a claim in corpus/sources (1 in all); nothing was built"
        in result.output
    )
    assert not (own_settings / "snapshots" / "CURRENT").exists()


def test_a_spoiled_brief_stops_the_build(
    own_settings: Path, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old index stays live."""
    run("index", "build")
    name = load_current(own_settings / "snapshots").name
    spoil(corpus_folder, "sources/clinic-label.yaml", "evidence: label", "evidence: trail")
    monkeypatch.setenv("ASKWELL_CORPUS", str(corpus_folder))
    result = run("index", "build")
    assert result.exit_code == 2
    assert "claim f1: evidence 'trail' is unknown" in result.output
    assert load_current(own_settings / "snapshots").name == name


def test_an_unknown_encoder_stops_the_build(
    own_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The choices are named."""
    monkeypatch.setenv("ASKWELL_ENCODER", "gpt")
    result = run("index", "build")
    assert result.exit_code == 2
    assert "ASKWELL_ENCODER: 'gpt' is unknown; use minilm or hashing" in result.output
    assert not own_settings.exists() or not list(own_settings.rglob("CURRENT"))
