"""What the loader of the prompts refuses, in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts import rules
from prompts.errors import PromptFileError
from prompts.load import load_prompts
from prompts.types import Prompts, Route
from tests.corpus.test_load import spoil


def refusal(folder: Path) -> str:
    """The message with which the prompts are refused."""
    with pytest.raises(PromptFileError) as caught:
        load_prompts(folder)
    return str(caught.value)


def test_whole_prompts_load(small_prompts: Prompts) -> None:
    """Rules of several routes, messages, countries and questions are all there."""
    assert {rule.route for rule in small_prompts.rules} >= {
        Route.CRISIS,
        Route.SMALL_TALK,
        Route.INJECTION,
    }
    assert len(small_prompts.questions) == 8
    assert small_prompts.country("US").emergency == "911"


@pytest.mark.parametrize(
    ("place", "old", "new", "message"),
    [
        ("safety/crisis.yaml", "i want to die, I want", "i feel fine, I want", "crisis.yaml: rule crisis_intent: must match 'i feel fine' and does not; mend the pattern"),
        ("safety/crisis.yaml", "i nearly kill myself laughing", "i will kill myself", "crisis.yaml: rule crisis_intent: must not match 'i will kill myself' and does; mend the pattern or add an `unless` phrase"),
        ("safety/crisis.yaml", "(?:want to die", "(?:want to die(", "crisis.yaml: rule crisis_intent: pattern does not compile: "),
        ("safety/crisis.yaml", "must_not_match: [i nearly kill myself laughing, dying to know]", "must_not_match: []", "crisis.yaml:  rules 0 must_not_match: tuple should have at least 1 item"),
        ("safety/crisis.yaml", "id: crisis_passive", "id: crisis_intent", "safety rule 'crisis_intent' exists twice; give one of them another id"),
        ("safety/crisis.yaml", "message: crisis_intent", "message: gone", "safety rule crisis_intent: message 'gone' is not in messages.yaml; add it"),
        ("safety/crisis.yaml", "route: crisis", "route: panic", "crisis.yaml:  route: input should be 'crisis', "),
        ("safety/crisis.yaml", "severity: 95", "severity: 101", "crisis.yaml:  rules 0 severity: input should be less than or equal to 100"),
        ("help_lines.yaml", "code: international", "code: XX", "help_lines.yaml: country 'international' is missing; add it"),
        ("help_lines.yaml", "  emergency: '911'\n", "", "help_lines.yaml:  emergency: field required"),
        ("questions/screening.yaml", "asks: other", "asks: all", "screening.yaml: screening-heart asks: input should be 'options', "),
        ("questions/screening.yaml", "id: screening-drugs", "id: screening-heart", "question 'screening-heart' exists twice; give one of them another id"),
        ("questions/screening.yaml", "evidence: ['clinic-label#f2']", "evidence: []", "screening.yaml: screening-heart evidence: tuple should have at least 1 item"),
        ("messages.yaml", "greeting: Hello.", "greeting: [", "messages.yaml: not readable as YAML: "),
    ],
)  # fmt: skip
def test_a_spoiled_file_is_refused_by_file_entry_and_mend(
    prompts_folder: Path, place: str, old: str, new: str, message: str
) -> None:
    """The refusal names the file, the rule or question, and the fault."""
    spoil(prompts_folder, place, old, new)
    assert refusal(prompts_folder).startswith(message)


@pytest.mark.parametrize("name", ["messages.yaml", "help_lines.yaml", "evidence_words.yaml"])
def test_a_missing_file_is_refused(prompts_folder: Path, name: str) -> None:
    """The app does not start without its words."""
    (prompts_folder / name).unlink()
    assert refusal(prompts_folder) == f"{name}: file is missing; restore it"


def test_questions_of_an_unknown_category_are_refused(prompts_folder: Path) -> None:
    """The file's name is the category."""
    (prompts_folder / "questions" / "screening.yaml").rename(
        prompts_folder / "questions" / "parking.yaml"
    )
    assert refusal(prompts_folder).startswith(
        "questions/parking.yaml: category is unknown; use one of screening, monitoring, "
    )


def test_any_change_changes_the_digest(prompts_folder: Path, small_prompts: Prompts) -> None:
    """A turn's version tells which words produced it."""
    assert load_prompts(prompts_folder).digest == small_prompts.digest
    spoil(prompts_folder, "messages.yaml", "I only read English.", "I read English only.")
    assert load_prompts(prompts_folder).digest != small_prompts.digest


def test_rules_that_were_proved_are_not_proved_again(
    prompts_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second start takes the note; a changed file is proved anew, and a fault leaves no note."""
    proved: list[str] = []
    real = rules._prove
    monkeypatch.setattr(
        rules, "_prove", lambda rule, place: (proved.append(rule.rule_id), real(rule, place))
    )
    proofs = tmp_path / "proofs"
    load_prompts(prompts_folder, proofs)
    first = len(proved)
    assert first > 0
    load_prompts(prompts_folder, proofs)
    assert len(proved) == first
    spoil(prompts_folder, "messages.yaml", "I only read English.", "I read English only.")
    load_prompts(prompts_folder, proofs)
    assert len(proved) == 2 * first
    rule_file = next((prompts_folder / "safety").glob("*.yaml"))
    rule_file.write_text(rule_file.read_text().replace("must_match: [", "must_match: [zzz, ", 1))
    notes = len(list(proofs.iterdir()))
    with pytest.raises(PromptFileError, match="zzz"):
        load_prompts(prompts_folder, proofs)
    assert len(list(proofs.iterdir())) == notes


def test_a_folder_that_cannot_be_written_changes_nothing(
    prompts_folder: Path, tmp_path: Path
) -> None:
    """The rules are proved at each start then."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert load_prompts(prompts_folder, blocked / "proofs").rules
