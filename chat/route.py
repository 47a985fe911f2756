"""Routing: the most severe rule that matches. Fixed code, reviewable rules; no index, no model."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from chat.types import Routing
from prompts.matching import matches, normalise_message
from prompts.types import Route, Rule

_HELP_FIRST = (Route.CRISIS, Route.EMERGENCY)


def route_message(message: str, rules: Iterable[Rule]) -> Routing:
    """The most severe route of `message` (ANSWER where no rule matches), with the matched span.

    Help rules read the whole message; adding text can only add matches, never remove one.
    """
    text = normalise_message(message)
    for _, equals in groupby(sorted(rules, key=_rank, reverse=True), key=_rank):
        found = [match for rule in equals for match in matches(rule, text)]
        if found:
            best = min(found, key=lambda match: match.start)
            rule = best.rule
            return Routing(rule.route, rule.rule_id, rule.message_id, (best.start, best.end))
    return Routing(Route.ANSWER)


def _rank(rule: Rule) -> tuple[bool, int]:
    """Help before everything else, then by the rule's own figure; help never waits for the rest."""
    return rule.route in _HELP_FIRST, rule.severity


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
