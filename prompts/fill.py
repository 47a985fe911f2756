"""Fixed messages with their places filled: the emergency number and the lines of one country."""

from __future__ import annotations

from collections.abc import Sequence

from prompts.types import Country, HelpLine, Prompts


def fill_message(prompts: Prompts, message_id: str, country_code: str | None) -> str:
    """The text of a message for a country (the international directory where none is chosen).

    Paragraphs are separated by a blank line; a paragraph whose list is empty is left out.
    """
    country = prompts.country(country_code)
    places = {
        "{emergency}": country.emergency,
        "{crisis_lines}": list_lines(country.crisis),
        "{poison_lines}": list_lines(country.poison),
    }
    paragraphs = []
    for paragraph in prompts.messages[message_id].text.split("\n\n"):
        filled = paragraph
        for place, text in places.items():
            filled = filled.replace(place, text)
        if filled.strip():
            paragraphs.append(filled.strip())
    return "\n\n".join(paragraphs)


def list_lines(lines: Sequence[HelpLine]) -> str:
    """Help lines as a Markdown list, one service a row."""
    return "\n".join(f"- {line.name}: {line.reach} ({line.purpose})" for line in lines)


def all_help(countries: Sequence[Country]) -> tuple[tuple[Country, tuple[HelpLine, ...]], ...]:
    """Every country with all of its lines, the crisis lines first."""
    return tuple((country, (*country.crisis, *country.poison)) for country in countries)
