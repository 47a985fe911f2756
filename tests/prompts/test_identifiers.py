"""Personal identifiers: found, masked, and told apart from doses, dates, scores and help lines."""

from __future__ import annotations

import pytest

from prompts.identifiers import find_identifiers, mask_identifiers
from prompts.types import Prompts

FOUND = [
    ("call me on 415-555-2671 please", "call me on [a phone number] please"),
    ("my number is 07911 123456", "my number is [a phone number]"),
    ("ring +44 20 7946 0958 after six", "ring [a phone number] after six"),
    ("text 0412 345 678", "text [a phone number]"),
    ("im Jane Doe dob 4/5/1980 mrn 99812345", "im [a name] dob [a date of birth] mrn [a record or insurance number]"),
    ("mail jo@example.org", "mail [an e-mail address]"),
    ("i live at 12 Baker Street", "i live at [a street address]"),
]  # fmt: skip
NOT_FOUND = [
    "my bp was 140/90 and phq 15, dose 56 mg twice",
    "call 988 or 1-800-222-1222 or 13 11 14 or 116 123",
    "SUSTAIN-3 ran 2016-2022 with n=1148",
    "my phq scores were 15 12 10 8 7 6 5",
    "the label of 10/2020 and the study of 2019-03-05",
    "it costs 5,000 dollars, medicare pays 80 percent",
    "I am on Spravato",
]


@pytest.mark.parametrize(("message", "masked"), FOUND)
def test_identifiers_are_masked(real_prompts: Prompts, message: str, masked: str) -> None:
    """Each is replaced by what it is; everything else stays."""
    found = find_identifiers(message, real_prompts.identifier_rules, real_prompts.public_numbers)
    assert mask_identifiers(message, found) == masked


@pytest.mark.parametrize("message", NOT_FOUND)
def test_what_identifies_nobody_is_left(real_prompts: Prompts, message: str) -> None:
    """Doses, readings, scores, dates of studies, prices and help lines."""
    assert (
        find_identifiers(message, real_prompts.identifier_rules, real_prompts.public_numbers) == ()
    )
