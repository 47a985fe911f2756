"""`cli.py evaluate`: bad input gets one line that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.evaluate import app

RUN = CliRunner()


@pytest.mark.usefixtures("own_settings")
def test_safety_says_what_is_missing_or_unreadable(tmp_path: Path) -> None:
    """No folder, a line without its label, an unknown set, no index: exit 2, no traceback."""

    def refused(folder: Path) -> str:
        result = RUN.invoke(app, ["safety", "--data", str(folder)])
        assert result.exit_code == 2
        return result.output

    assert "no set; it holds any of crisis" in refused(tmp_path / "nowhere")
    crisis = tmp_path / "sets" / "crisis.jsonl"
    crisis.parent.mkdir()
    crisis.write_text('{"id": "c1", "text": "x"}\n')
    assert "each line needs id, text and label" in refused(crisis.parent)
    crisis.write_text('{"id": "c1", "text": "x", "label": "crisis"}\n')
    assert "no index yet" in refused(crisis.parent)
    crisis.rename(crisis.with_name("crises.jsonl"))
    assert "unknown set crises.jsonl" in refused(crisis.parent)
