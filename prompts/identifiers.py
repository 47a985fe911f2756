"""Personal identifiers in a message: found by rules that are data, and by phonenumbers; masked.

A clinic question, a record or a prompt for a model gets the masked text; the person's own words on
the screen stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

_REGIONS = ("US", "GB", "AU", "NZ", "IE")
_DIGITS = re.compile(r"\D")
_BEFORE_A_MEASURE = re.compile(r"\s?(?:mg|mcg|ml|mmhg|%|points?|bpm)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IdentifierRule:
    """One reviewable rule; what the group `id` of its pattern holds is the identifier."""

    rule_id: str
    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in a message: what it is, in words, and its span (half-open).

    `lead` is where the words that introduce it begin ("my name is").
    """

    name: str
    start: int
    end: int
    lead: int


def find_identifiers(
    message: str, rules: Iterable[IdentifierRule], public_numbers: frozenset[str] = frozenset()
) -> tuple[Identifier, ...]:
    """Identifiers of `message` in order, overlapping ones joined.

    `public_numbers` are digits of help lines, which identify nobody.
    """
    found = [
        Identifier(rule.name, *match.span("id"), match.start())
        for rule in rules
        for match in rule.pattern.finditer(message)
    ]
    found += list(_phone_numbers(message, public_numbers))
    joined: list[Identifier] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        if joined and item.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = replace(last, end=max(last.end, item.end))
        else:
            joined.append(item)
    return tuple(joined)


def mask_identifiers(message: str, identifiers: Iterable[Identifier]) -> str:
    """`message` with each identifier replaced by what it is, in brackets."""
    masked = message
    for item in sorted(identifiers, key=lambda item: -item.start):
        masked = f"{masked[: item.start]}[{item.name}]{masked[item.end :]}"
    return masked


def without_identifiers(message: str, identifiers: Iterable[Identifier]) -> str:
    """`message` with identifiers and what introduces them blanked: nothing to search for."""
    kept = list(message)
    for item in identifiers:
        kept[item.lead : item.end] = " " * (item.end - item.lead)
    return "".join(kept)


def _phone_numbers(message: str, public_numbers: frozenset[str]) -> Iterable[Identifier]:
    if len(_DIGITS.sub("", message)) < 7:
        return
    import phonenumbers

    for region in _REGIONS:
        for match in phonenumbers.PhoneNumberMatcher(
            message, region, leniency=phonenumbers.Leniency.STRICT_GROUPING
        ):
            digits = _DIGITS.sub("", match.raw_string)
            is_public = any(digits.endswith(public) for public in public_numbers)
            is_measure = _BEFORE_A_MEASURE.match(message, match.end)
            if not is_public and not is_measure:
                yield Identifier("a phone number", match.start, match.end, match.start)
