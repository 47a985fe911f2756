"""How a routing rule reads a message: normalised text whose characters know where they came from.

Normalising lowers the case, strips accents, apostrophes and invisible characters, undoes leetspeak
inside words, turns every other mark into one blank and keeps sentence ends as " . ". A pattern is
written for that form. The result keeps a map back, so that a match has a span in what was typed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from prompts.types import Rule

_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)
_APOSTROPHES = "'’‘`´ʼ＇"
_ENDS = ".!?\n…"
_KEPT = "%/+"


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """`text` for matching; `origins[i]` is the place of its character i in the original."""

    text: str
    origins: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open span in the original for a half-open span of `text`."""
        return self.origins[start], self.origins[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matched, and where (span in the original message)."""

    rule: Rule
    start: int
    end: int


def normalise_message(message: str) -> NormalisedText:
    """Normalise one message, as described at the top of this module."""
    characters: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(message):
        for piece in _pieces(message, place, character):
            if piece == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(piece)
            origins.append(place)
    return NormalisedText("".join(characters), tuple(origins))


def matches(rule: Rule, text: NormalisedText) -> Iterable[Match]:
    """Matches of a rule that no `unless` phrase overlaps."""
    cancels: list[tuple[int, int]] | None = None
    # Overlapping readings count: a cancelled match must not hide another that starts inside it.
    position = 0
    while (found := rule.pattern.search(text.text, position)) is not None:
        if cancels is None:  # most rules match nothing, and then what would cancel is not sought
            cancels = [c.span() for phrase in rule.unless for c in phrase.finditer(text.text)]
        start, end = found.span()
        if end > start and not any(start < c_end and c_start < end for c_start, c_end in cancels):
            yield Match(rule, *text.original_span(start, end))
        position = start + 1


def _pieces(message: str, place: int, character: str) -> str:
    """What one original character becomes: zero or more normalised characters."""
    if character in _APOSTROPHES or unicodedata.category(character) in ("Cf", "Mn"):
        return ""
    if _inside_word(message, place):
        character = character.translate(_LEET)
    if character in _ENDS:
        return " " if _between_digits(message, place) else " . "
    if character.isspace():
        return " "
    plain = "".join(
        c
        for c in unicodedata.normalize("NFKD", character.casefold())
        if unicodedata.category(c) != "Mn"
    )
    return "".join(c if c.isalnum() or c in _KEPT or ord(c) > 0x2190 else " " for c in plain)


def _inside_word(message: str, place: int) -> bool:
    """A digit or sign with a letter on at least one side and no digit beside it ("k1ll", "di3")."""
    if message[place].isalpha():
        return False
    before = message[place - 1 : place] if place else ""
    after = message[place + 1 : place + 2]
    if before.isdigit() or after.isdigit():
        return False
    if message[place] == "!":
        return before.isalpha() and after.isalpha()
    return (
        before.isalpha()
        and (after.isalpha() or message[place].isdigit() or message[place] in "@$")
        and not (before.isalpha() and not after.isalpha() and message[place] in "$")
    )


def _between_digits(message: str, place: int) -> bool:
    return (
        message[place] == "."
        and message[place - 1 : place].isdigit()
        and message[place + 1 : place + 2].isdigit()
    )
