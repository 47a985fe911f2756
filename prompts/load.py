"""Reads `prompts/` and proves it: each rule against its own examples, each message for its places.

Whether a question's claim ids exist is checked where corpus and prompts meet (`evaluation.check`).
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from prompts.errors import PromptFileError
from prompts.files import (
    BlameFile,
    CellsFile,
    CountryFile,
    LibraryFile,
    QuestionFile,
)
from prompts.read import parse_entry, read_list, read_mapping, read_yaml
from prompts.rules import load_identifier_rules, load_rules, proof_name
from prompts.types import (
    CATEGORIES,
    BankQuestion,
    Country,
    HelpLine,
    Message,
    Prompts,
    QuestionCell,
    Route,
)


def load_prompts(root: Path, proofs: Path | None = None) -> Prompts:
    """Read all rules, messages, help lines and questions.

    `proofs` is a folder that remembers which files were proved; without it they are proved anew.
    Raises `PromptFileError` at the first fault.
    """
    digest = _digest(root)
    proof = proofs / proof_name(digest) if proofs else None
    prove = proof is None or not proof.exists()
    messages = {
        key: Message(key, str(text).strip())
        for key, text in read_mapping(root / "messages.yaml").items()
    }
    rules = tuple(
        rule
        for path in sorted((root / "safety").glob("*.yaml"))
        for rule in load_rules(path, prove=prove)
    )
    for rule in rules:
        if rule.message_id not in messages and rule.route not in _WITHOUT_MESSAGE:
            raise PromptFileError(
                f"safety rule {rule.rule_id}: message '{rule.message_id}' is not in messages.yaml; "
                "add it"
            )
    _refuse_twice([rule.rule_id for rule in rules], "safety rule")
    countries = tuple(
        _country(entry, root / "help_lines.yaml") for entry in read_list(root / "help_lines.yaml")
    )
    if "international" not in {country.code for country in countries}:
        raise PromptFileError("help_lines.yaml: country 'international' is missing; add it")
    questions = tuple(
        q for path in sorted((root / "questions").glob("*.yaml")) for q in load_questions(path)
    )
    known = [question.question_id for question in questions]
    _refuse_twice(known, "question")
    for question in questions:
        for other in question.goes_with:
            if other not in known:
                raise PromptFileError(
                    f"question {question.question_id}: goes_with '{other}' is unknown; "
                    "use the id of a question"
                )
    words = {key: str(value) for key, value in read_mapping(root / "evidence_words.yaml").items()}
    library = parse_entry(
        LibraryFile, read_yaml(root / "library_words.yaml"), root / "library_words.yaml"
    )
    if proof is not None and prove:
        _note(proof)
    return Prompts(
        rules,
        messages,
        countries,
        questions,
        _cells(root / "question_cells.yaml"),
        _blame_words(root / "blame_words.yaml"),
        words,
        library.topics,
        library.kinds,
        library.evidence,
        load_identifier_rules(root / "identifiers.yaml"),
        digest,
    )


_WITHOUT_MESSAGE = (Route.QUESTION_REQUEST, Route.INDIVIDUAL_ADVICE)


def load_questions(path: Path) -> tuple[BankQuestion, ...]:
    """The questions of one category, which is the file's name."""
    if path.stem not in CATEGORIES:
        raise PromptFileError(
            f"questions/{path.name}: category is unknown; use one of {', '.join(CATEGORIES)}"
        )
    entries = [parse_entry(QuestionFile, entry, path) for entry in read_list(path)]
    return tuple(
        BankQuestion(
            question_id=entry.id, category=path.stem, **{k: v for k, v in entry if k != "id"}
        )
        for entry in entries
    )


def _cells(path: Path) -> tuple[QuestionCell, ...]:
    rows = [parse_entry(CellsFile, entry, path) for entry in read_list(path)]
    return tuple(
        QuestionCell(row.category, stage, setting)
        for row in rows
        for stage in row.stages
        for setting in row.settings
    )


def _blame_words(path: Path) -> dict[str, str]:
    rows = [parse_entry(BlameFile, entry, path) for entry in read_list(path)]
    return {row.word: row.instead for row in rows}


def _country(entry: object, path: Path) -> Country:
    file = parse_entry(CountryFile, entry, path)
    crisis = tuple(HelpLine(**line.model_dump()) for line in file.crisis)
    poison = tuple(HelpLine(**line.model_dump()) for line in file.poison)
    return Country(file.code, file.name, file.emergency, crisis, poison)


def _refuse_twice(ids: list[str], what: str) -> None:
    for entry_id in ids:
        if ids.count(entry_id) > 1:
            raise PromptFileError(f"{what} '{entry_id}' exists twice; give one of them another id")


def _note(proof: Path) -> None:
    """Remember a proof. Where nothing can be written, the next start proves again: no harm."""
    with suppress(OSError):
        proof.parent.mkdir(parents=True, exist_ok=True)
        proof.touch()


def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
