"""`cli.py ask`: the stable JSONL rows, one clear line for bad input, and what is printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import app

ROW = {
    "id", "turn", "asked", "route", "rule_id", "kind", "notice", "message", "statements", "citations", "clinic_question", "suggestions", "timings_ms", "versions", "identifiers",
}  # fmt: skip
STATEMENT = {"text", "citations", "evidence", "caution"}
CITATION = {"number", "source_id", "doc_id", "start", "end", "text", "url"}
SUGGESTION = {"question_id", "category", "text", "why", "because", "sources"}


def run(*arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


@pytest.fixture
def built(own_settings: Path) -> Path:
    """The small index, built by the command."""
    assert run("index", "build").exit_code == 0
    return own_settings


def rows_of(tmp_path: Path, *conversations: object) -> list[dict[str, Any]]:
    """What `ask --jsonl` writes for these conversations."""
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(json.dumps(c) for c in conversations) + "\n\n", encoding="utf-8")
    result = run("ask", "--jsonl", str(source), "--out", str(out))
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


@pytest.mark.usefixtures("built")
def test_a_row_has_exactly_the_promised_keys(tmp_path: Path) -> None:
    """Answer, abstention, question set and redirect share one shape (docs: interfaces that stay stable)."""
    turns = [
        "does naltrexone block ketamine",
        "qwrtz plmkn vbnmx",
        "what should i ask about monitoring",
        "i want to die",
    ]
    rows = rows_of(tmp_path, {"id": "c1", "turns": turns, "context": {"country": "US"}})
    assert [row["kind"] for row in rows] == ["answer", "abstention", "questions", "redirect"]
    assert [row["route"] for row in rows] == ["answer", "answer", "question_request", "crisis"]
    assert [(row["id"], row["turn"], row["asked"]) for row in rows] == [
        ("c1", n, turn) for n, turn in enumerate(turns, start=1)
    ]
    for row in rows:
        assert row.keys() == ROW
        assert all(
            STATEMENT <= s.keys() <= STATEMENT | {"claim_id", "contrast_of"}
            for s in row["statements"]
        )
        assert all(c.keys() == CITATION for c in row["citations"])
        assert all(s.keys() == SUGGESTION for s in row["suggestions"])
    answer, abstention, questions, crisis = rows
    numbers = {citation["number"] for citation in answer["citations"]}
    assert answer["statements"]
    assert all(set(s["citations"]) <= numbers and s["citations"] for s in answer["statements"])
    assert (abstention["citations"], abstention["message"]) == ([], "That is outside what I know.")
    assert questions["suggestions"]
    assert crisis["rule_id"] == "crisis_intent"
    assert "988" in crisis["message"]
    assert crisis["suggestions"] == crisis["statements"] == []
    assert crisis["notice"] is crisis["clinic_question"] is None


@pytest.mark.usefixtures("built")
def test_a_conversation_keeps_its_history_and_another_starts_anew(tmp_path: Path) -> None:
    """A follow-up is answered from what came before in its own conversation only."""
    first, again = rows_of(
        tmp_path,
        {"id": 1, "turns": ["does blood pressure go up", "why?"]},
        {"id": 2, "turns": ["why?"]},
    )[1:]
    assert first["kind"] == "answer"
    assert (again["id"], again["turn"]) == ("2", 1)
    assert again["kind"] == "abstention"


@pytest.mark.usefixtures("built")
def test_the_setting_of_a_conversation_is_respected(tmp_path: Path) -> None:
    """A question for infusions is not suggested for Spravato."""
    rows = rows_of(
        tmp_path,
        *(
            {
                "id": s,
                "turns": ["does blood pressure go up"],
                "context": {"setting": s, "stage": "in_treatment"},
            }
            for s in ("spravato", "infusion")
        ),
    )
    offered = [{s["question_id"] for s in row["suggestions"]} for row in rows]
    assert "monitoring-infusion" in offered[1] - offered[0]


@pytest.mark.usefixtures("own_settings")
@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 2: Expecting property name"),
        ('"words"', "line 2: "),
        ('{"turns": ["hi"]}', "line 2: not an object with 'id' and 'turns'"),
        ('{"id": "x"}', "line 2: not an object with 'id' and 'turns'"),
        ('{"id": "x", "turns": "hi"}', "line 2: 'turns' must be a list of texts"),
        ('{"id": "x", "turns": [1]}', "line 2: 'turns' must be a list of texts"),
        (
            '{"id": "x", "turns": ["hi"], "context": {"setting": "spa"}}',
            "line 2: 'spa' is not a valid Setting",
        ),
        ('{"id": "x", "turns": ["hi"], "context": ["US"]}', "line 2: "),
        ("[1]", "line 2: "),
    ],
)
def test_a_bad_line_gives_one_clear_line_and_exit_2(
    tmp_path: Path, line: str, problem: str
) -> None:
    """File, line number, fault and the expected form; nothing is written, good lines before it included."""
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": "ok", "turns": ["hello"]}\n' + line + "\n", encoding="utf-8")
    result = run("ask", "--jsonl", str(source), "--out", str(out))
    assert result.exit_code == 2
    (printed,) = result.output.strip().splitlines()
    assert printed.startswith(f"{source}: {problem}")
    assert printed.endswith('expected {"id", "turns": [text, …], "context"?}')
    assert not out.exists()


@pytest.mark.usefixtures("own_settings")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "type a question: "),
        (("  ",), "type a question: "),
        (("x" * 4_001,), "the question has 4001 characters; 4000 at most"),
        (("--jsonl", "in.jsonl"), "give either a question, or --jsonl IN with --out OUT"),
        (
            ("hi", "--jsonl", "in.jsonl", "--out", "out.jsonl"),
            "give either a question, or --jsonl IN with --out OUT",
        ),
        (
            ("--jsonl", "nowhere.jsonl", "--out", "out.jsonl"),
            "nowhere.jsonl: cannot be read (FileNotFoundError)",
        ),
    ],
)
def test_wrong_use_gives_one_line_and_exit_2(arguments: tuple[str, ...], message: str) -> None:
    """What was wrong, in one line."""
    result = run("ask", *arguments)
    assert result.exit_code == 2
    assert result.output.startswith(message)
    assert len(result.output.strip().splitlines()) == 1


@pytest.mark.usefixtures("built")
def test_an_answer_is_printed_with_evidence_caution_other_side_and_source() -> None:
    """What a person reads at the command line holds all that a statement carries."""
    result = run("ask", "does blood pressure go up")
    assert result.exit_code == 0
    assert (
        "blood pressure can rise for about 4 hours after Spravato. [1] (From the medicine's label)"
        in result.output
    )
    assert "This does not say what your own blood pressure will do." in result.output
    assert "[1] The label of Spravato (A regulator, 2025; checked 2026-11-01)" in result.output
    other = run("ask", "does naltrexone block ketamine").output
    assert "On the other side:" in other
    assert "as reported by a news article" in other


@pytest.mark.usefixtures("own_settings")
def test_help_comes_without_an_index() -> None:
    """A crisis is met before anything was ever built, for the chosen country."""
    result = run("ask", "i want to die", "--country", "US")
    assert result.exit_code == 0
    assert "Please call 911 now." in result.output
    assert "Call or text 988" in result.output


@pytest.mark.usefixtures("built")
def test_json_prints_the_row() -> None:
    """`--json` gives the row of the stable interface."""
    assert json.loads(run("ask", "--json", "hello").output).keys() == ROW


def test_broken_prompts_stop_the_command(
    own_settings: Path, prompts_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules that fail to load stop it with the file and the mend, exit 2."""
    (prompts_folder / "messages.yaml").unlink()
    monkeypatch.setenv("ASKWELL_PROMPTS", str(prompts_folder))
    result = run("ask", "hello")
    assert (result.exit_code, result.output.strip()) == (
        2,
        "messages.yaml: file is missing; restore it",
    )
