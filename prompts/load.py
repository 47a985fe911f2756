"""Reads `prompts/` and proves it: each rule against its own examples, each message for its places.

Whether a question's claim ids exist is checked where corpus and prompts meet (`evaluation.check`).
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from prompts.errors import PromptFileError
from prompts.files import (
    BlameFile,
    CellsFile,
    CountryFile,
    IdentifierFile,
    LibraryFile,
    QuestionFile,
    RouteFile,
)
from prompts.identifiers import IdentifierRule
from prompts.matching import matches, normalise_message
from prompts.types import (
    CATEGORIES,
    BankQuestion,
    Country,
    HelpLine,
    Message,
    Prompts,
    QuestionCell,
    Route,
    Rule,
)

# libyaml reads ten times faster, where PyYAML was built with it.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Model = TypeVar("Model", bound=BaseModel)


def load_prompts(root: Path) -> Prompts:
    """Read all rules, messages, help lines and questions.

    Raises `PromptFileError` at the first fault.
    """
    messages = {
        key: Message(key, str(text).strip())
        for key, text in _mapping(root / "messages.yaml").items()
    }
    rules = tuple(
        rule for path in sorted((root / "safety").glob("*.yaml")) for rule in load_rules(path)
    )
    for rule in rules:
        if rule.message_id not in messages and rule.route not in _WITHOUT_MESSAGE:
            raise PromptFileError(
                f"safety rule {rule.rule_id}: message '{rule.message_id}' is not in messages.yaml; "
                "add it"
            )
    _refuse_twice([rule.rule_id for rule in rules], "safety rule")
    countries = tuple(
        _country(entry, root / "help_lines.yaml") for entry in _list(root / "help_lines.yaml")
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
    words = {key: str(value) for key, value in _mapping(root / "evidence_words.yaml").items()}
    library = _parse(LibraryFile, _read(root / "library_words.yaml"), root / "library_words.yaml")
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
        _digest(root),
    )


_WITHOUT_MESSAGE = (Route.QUESTION_REQUEST, Route.INDIVIDUAL_ADVICE)


def load_rules(path: Path) -> tuple[Rule, ...]:
    """Rules of one route. Refuses one whose examples do not behave as they say."""
    file = _parse(RouteFile, _read(path), path)
    rules = []
    for entry in file.rules:
        place = f"{path.name}: rule {entry.id}"
        rule = Rule(
            rule_id=entry.id,
            route=file.route,
            pattern=_compile(entry.pattern, place),
            unless=tuple(_compile(phrase, place) for phrase in entry.unless),
            must_match=entry.must_match,
            must_not_match=entry.must_not_match,
            message_id=entry.message,
            severity=entry.severity,
            reason=entry.reason,
        )
        for phrase in rule.must_match:
            if not any(matches(rule, normalise_message(phrase))):
                raise PromptFileError(
                    f"{place}: must match {phrase!r} and does not; mend the pattern"
                )
        for phrase in rule.must_not_match:
            if any(matches(rule, normalise_message(phrase))):
                raise PromptFileError(
                    f"{place}: must not match {phrase!r} and does; "
                    "mend the pattern or add an `unless` phrase"
                )
        rules.append(rule)
    return tuple(rules)


def load_questions(path: Path) -> tuple[BankQuestion, ...]:
    """The questions of one category, which is the file's name."""
    if path.stem not in CATEGORIES:
        raise PromptFileError(
            f"questions/{path.name}: category is unknown; use one of {', '.join(CATEGORIES)}"
        )
    entries = [_parse(QuestionFile, entry, path) for entry in _list(path)]
    return tuple(
        BankQuestion(
            question_id=entry.id, category=path.stem, **{k: v for k, v in entry if k != "id"}
        )
        for entry in entries
    )


def load_identifier_rules(path: Path) -> tuple[IdentifierRule, ...]:
    """Rules for personal identifiers. Refuses one that does not find what it says it finds."""
    rules = []
    for entry in (_parse(IdentifierFile, row, path) for row in _list(path)):
        place = f"{path.name}: {entry.id}"
        pattern = _compile(entry.pattern if entry.case else f"(?i){entry.pattern}", place)
        rule = IdentifierRule(entry.id, entry.name, pattern)
        for example in entry.must_find:
            found = tuple(match.group("id") for match in pattern.finditer(example.text))
            if found != example.found:
                raise PromptFileError(
                    f"{place}: finds {found!r} in {example.text!r}, not {example.found!r}; "
                    "mend the pattern"
                )
        for text in entry.must_not_find:
            if pattern.search(text):
                raise PromptFileError(f"{place}: must find nothing in {text!r}; mend the pattern")
        rules.append(rule)
    return tuple(rules)


def _cells(path: Path) -> tuple[QuestionCell, ...]:
    rows = [_parse(CellsFile, entry, path) for entry in _list(path)]
    return tuple(
        QuestionCell(row.category, stage, setting)
        for row in rows
        for stage in row.stages
        for setting in row.settings
    )


def _blame_words(path: Path) -> dict[str, str]:
    rows = [_parse(BlameFile, entry, path) for entry in _list(path)]
    return {row.word: row.instead for row in rows}


def _country(entry: object, path: Path) -> Country:
    file = _parse(CountryFile, entry, path)
    crisis = tuple(HelpLine(**line.model_dump()) for line in file.crisis)
    poison = tuple(HelpLine(**line.model_dump()) for line in file.poison)
    return Country(file.code, file.name, file.emergency, crisis, poison)


def _compile(pattern: str, place: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise PromptFileError(f"{place}: pattern does not compile: {error}") from error


def _refuse_twice(ids: list[str], what: str) -> None:
    for entry_id in ids:
        if ids.count(entry_id) > 1:
            raise PromptFileError(f"{what} '{entry_id}' exists twice; give one of them another id")


def _read(path: Path) -> object:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
    except FileNotFoundError as error:
        raise PromptFileError(f"{path.name}: file is missing; restore it") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PromptFileError(
            f"{path.name}: not readable as YAML: {' '.join(str(error).split())}"
        ) from error


def _mapping(path: Path) -> dict[str, object]:
    content = _read(path)
    if not isinstance(content, dict):
        raise PromptFileError(f"{path.name}: expected a map of names to texts")
    return content


def _list(path: Path) -> list[object]:
    content = _read(path)
    if not isinstance(content, list):
        raise PromptFileError(f"{path.name}: expected a list")
    return content


def _parse(model: type[Model], entry: object, path: Path) -> Model:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        name = entry.get("id", "") if isinstance(entry, dict) else ""
        place = " ".join(str(step) for step in first["loc"])
        raise PromptFileError(
            f"{path.name}: {name} {place}: {first['msg'][0].lower()}{first['msg'][1:]}"
        ) from error


def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
