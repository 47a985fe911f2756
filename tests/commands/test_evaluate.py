"""`cli.py evaluate`: bad input gets one line that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.evaluate import app

RUN = CliRunner()


@pytest.mark.usefixtures("own_settings")
def test_safety_says_what_is_missing_or_unreadable(tmp_path: Path) -> None:
    """A folder that is not there, and a line that lacks its label: exit 2, no traceback."""
    result = RUN.invoke(app, ["safety", "--data", str(tmp_path / "nowhere")])
    assert result.exit_code == 2
    assert "no such folder; give one with --data" in result.output
    (tmp_path / "crisis.jsonl").write_text('{"id": "c1", "text": "x"}\n')
    result = RUN.invoke(app, ["safety", "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert "each line needs id, text and label" in result.output
