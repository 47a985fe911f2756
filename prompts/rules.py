"""Routing and identifier rules, each proved on its own examples.

Proving all of them takes about a second. Where `load_prompts` may keep a note of it, rules whose
files have not changed since are taken as proved.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

from prompts import identifiers, matching
from prompts.errors import PromptFileError
from prompts.files import IdentifierFile, RouteFile
from prompts.identifiers import IdentifierRule
from prompts.matching import matches, normalise_message
from prompts.read import parse_entry, read_list, read_yaml
from prompts.types import Rule


def load_rules(path: Path, *, prove: bool = True) -> tuple[Rule, ...]:
    """Rules of one route. With `prove`, refuses one whose examples do not behave as they say."""
    file = parse_entry(RouteFile, read_yaml(path), path)
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
        if prove:
            _prove(rule, place)
        rules.append(rule)
    return tuple(rules)


def load_identifier_rules(path: Path) -> tuple[IdentifierRule, ...]:
    """Rules for personal identifiers. Refuses one that does not find what it says it finds."""
    rules = []
    for entry in (parse_entry(IdentifierFile, row, path) for row in read_list(path)):
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


def _prove(rule: Rule, place: str) -> None:
    for phrase in rule.must_match:
        if not any(matches(rule, normalise_message(phrase))):
            raise PromptFileError(f"{place}: must match {phrase!r} and does not; mend the pattern")
    for phrase in rule.must_not_match:
        if any(matches(rule, normalise_message(phrase))):
            raise PromptFileError(
                f"{place}: must not match {phrase!r} and does; "
                "mend the pattern or add an `unless` phrase"
            )


def _compile(pattern: str, place: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise PromptFileError(f"{place}: pattern does not compile: {error}") from error


def proof_name(files_digest: str) -> str:
    """Names what a proof depends on: the files, the code that matches, and this Python."""
    digest = hashlib.sha256(f"{files_digest} {sys.version}".encode())
    for module in (matching, identifiers, sys.modules[__name__]):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:16]
