"""`cli.py corpus`: list, show and check, with their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.test_ask import run
from tests.corpus.test_load import spoil

pytestmark = pytest.mark.usefixtures("own_settings")


def test_list_names_every_source() -> None:
    """As lines and as JSON, with the number of claims."""
    rows = json.loads(run("corpus", "list", "--json").output)
    assert [(row["source_id"], row["claims"]) for row in rows] == [
        ("clinic-label", 5),
        ("first-trial", 1),
        ("second-trial", 2),
    ]
    assert len(run("corpus", "list").output.strip().splitlines()) == 3


def test_show_gives_claims_cautions_and_the_other_side() -> None:
    """One source, whole."""
    assert (
        "caution: This does not say what your own blood pressure will do."
        in run("corpus", "show", "clinic-label").output
    )
    assert "beside it: second-trial#f1" in run("corpus", "show", "first-trial").output
    assert (
        json.loads(run("corpus", "show", "first-trial", "--json").output)["claims"][0]["claim_id"]
        == "first-trial#f1"
    )


def test_an_unknown_source_is_exit_2() -> None:
    """With the command that names them all."""
    result = run("corpus", "show", "nowhere")
    assert (result.exit_code, result.output.strip()) == (
        2,
        "source 'nowhere' is unknown; `cli.py corpus list` names them all",
    )


def test_check_is_0_without_and_1_with_findings(
    corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed number turns the check red."""
    monkeypatch.setenv("ASKWELL_CORPUS", str(corpus_folder))
    assert run("corpus", "check").exit_code == 0
    spoil(
        corpus_folder, "sources/clinic-label.yaml", "for at least 2 hours", "for at least 3 hours"
    )
    result = run("corpus", "check")
    assert result.exit_code == 1
    assert "clinic-label#f1: plain against precise: number 3 is not in the passage" in result.output
    assert (
        json.loads(run("corpus", "check", "--json").output)["findings"][0]["place"]
        == "clinic-label#f1"
    )


def test_check_of_a_broken_file_is_exit_2(
    corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be read is wrong use, not a finding."""
    monkeypatch.setenv("ASKWELL_CORPUS", str(corpus_folder))
    spoil(corpus_folder, "sources/clinic-label.yaml", "claims:", "claims: [")
    assert run("corpus", "check").exit_code == 2
