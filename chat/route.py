"""Routing: the most severe rule that matches. Fixed code, reviewable rules; no index, no model."""

from __future__ import annotations

from collections.abc import Iterable

from chat.types import Routing
from prompts.matching import matches, normalise_message
from prompts.types import Route, Rule

_HELP_FIRST = (Route.CRISIS, Route.EMERGENCY)


def route_message(message: str, rules: Iterable[Rule]) -> Routing:
    """The most severe route of `message` (ANSWER where no rule matches), with the matched span.

    Help rules read the whole message; adding text can only add matches, never remove one.
    """
    text = normalise_message(message)
    found = [match for rule in rules for match in matches(rule, text)]
    if not found:
        return Routing(Route.ANSWER)
    best = max(
        found,
        key=lambda match: (match.rule.route in _HELP_FIRST, match.rule.severity, -match.start),
    )
    return Routing(best.rule.route, best.rule.rule_id, best.rule.message_id, (best.start, best.end))


def without_instructions(message: str, rules: Iterable[Rule]) -> str:
    """`message` with instruction-like spans blanked, for search and composing only."""
    text = normalise_message(message)
    spans = [
        (m.start, m.end)
        for rule in rules
        if rule.route is Route.INJECTION
        for m in matches(rule, text)
    ]
    kept = list(message)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    return " ".join("".join(kept).split())
