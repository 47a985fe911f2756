"""Fixed messages with the help of one country, or of the international directory."""

from __future__ import annotations

import re

import pytest

from prompts.fill import all_help, fill_message
from prompts.types import Prompts


def test_a_message_holds_the_numbers_of_the_chosen_country(small_prompts: Prompts) -> None:
    """Emergency number, crisis lines and poison lines are those of the country."""
    assert fill_message(small_prompts, "crisis_intent", "US") == (
        "Please call 911 now.\n\n- Lifeline: Call or text 988 (any crisis)\n\n- Poison Control: Call 1-800-222-1222 (overdose)"
    )


@pytest.mark.parametrize("country", [None, "XX"])
def test_without_a_country_help_is_the_directory(
    small_prompts: Prompts, country: str | None
) -> None:
    """Unset and unknown countries get the international directory, and an empty list leaves no gap."""
    assert fill_message(small_prompts, "crisis_intent", country) == (
        "Please call your local emergency number now.\n\n- A directory: See findahelpline.com (lines by country)"
    )


def test_all_help_names_every_line(real_prompts: Prompts) -> None:
    """No country's line is left out of the list of all help, crisis lines first."""
    for country, lines in all_help(real_prompts.countries):
        assert lines == country.crisis + country.poison
    assert {country.code for country, _ in all_help(real_prompts.countries)} >= {
        "international",
        "US",
        "CA",
        "GB",
        "AU",
        "NZ",
    }


def test_no_place_stays_unfilled_in_what_ships(real_prompts: Prompts) -> None:
    """Every message of every country reads without a brace."""
    for message_id in real_prompts.messages:
        for country in (None, *(c.code for c in real_prompts.countries)):
            text = fill_message(real_prompts, message_id, country)
            assert text
            assert not re.search(r"[{}]", text), (message_id, country)
