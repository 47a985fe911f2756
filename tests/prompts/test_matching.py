"""How messages are read: tables of what matches beside what does not."""

from __future__ import annotations

import re

import pytest

from prompts.matching import matches, normalise_message
from prompts.types import Route, Rule


def rule(pattern: str, *unless: str) -> Rule:
    """A rule with this pattern and these exceptions."""
    return Rule(
        "r",
        Route.CRISIS,
        re.compile(pattern),
        tuple(map(re.compile, unless)),
        (),
        (),
        "m",
        90,
        "why",
    )


def found(pattern: str, message: str, *unless: str) -> list[str]:
    """What was typed at each match."""
    return [
        message[m.start : m.end]
        for m in matches(rule(pattern, *unless), normalise_message(message))
    ]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("I CAN'T", "i cant"),
        ("I can’t", "i cant"),
        ("k1ll my$elf", "kill myself"),
        ("d!e", "die"),
        ("morir café", "morir cafe"),
        ("end—it", "end it"),
        ("Why? Now.", "why . now . "),
        ("3.5 mg", "3 5 mg"),
        ("ki\u200bll", "kill"),
        ("10 mg at 2", "10 mg at 2"),
        ("50%", "50%"),
    ],
)
def test_a_message_is_normalised(message: str, text: str) -> None:
    """Case, accents, marks, invisible characters and leetspeak are read through; numbers stay."""
    assert normalise_message(message).text == text


def test_an_unless_phrase_cancels_only_the_match_it_overlaps() -> None:
    """The second, uncancelled match remains, and it is the one that is shown."""
    assert found(r"\bkill myself\b", "I kill myself laughing", r"\bkill myself laughing\b") == []
    assert found(
        r"\bkill myself\b",
        "I kill myself laughing but I will kill myself",
        r"\bkill myself laughing\b",
    ) == ["kill myself"]


def test_a_cancelled_match_does_not_hide_one_inside_it() -> None:
    """A match that starts inside a cancelled one counts."""
    assert found(r"\bwant .{0,10}die\b|\bto die\b", "want so to die", r"\bwant so\b") == ["to die"]


def test_the_span_is_that_of_the_typed_words() -> None:
    """What matched in the normalised text is pointed at in the message."""
    assert found(r"\bkill myself\b", "  I’ll K1LL   my$elf!") == ["K1LL   my$elf"]
