"""What one text says beyond another: tables of pairs that agree and pairs that do not."""

from __future__ import annotations

import pytest

from corpus.wording import drops_species, echoes, number_values, unsupported_parts

AGREE = [
    ("About 63 in 100 people got better.", "62.8% of people improved."),
    ("About half of them got better.", "50% improved."),
    ("Staff watch you for two hours.", "Monitoring lasts at least 2 hours."),
    ("It had 1,200 people.", "It had 1200 people."),
    ("They found no change.", "No change was found."),
    ("5 in 1,000 had it.", "It occurred in 0.5%."),
    ("The PHQ-9 asks this.", "The questionnaire asks this."),
    ("Between 48 in 100 and 61 in 100 got better.", "48 to 61% improved."),
]
DISAGREE = [
    (
        "About 73 in 100 people got better.",
        "62.8% of people improved.",
        "number 73% is not in the passage",
    ),
    ("It takes 3 hours.", "It takes 2 hours.", "number 3 is not in the passage"),
    ("It takes twelve hours.", "It takes 2 hours.", "number 12 is not in the passage"),
    ("You get 56 mg.", "You get 56.", "unit mg is not in the passage"),
    ("See https://a.org/x.", "See the page.", "link https://a.org/x is not in the passage"),
    ("It does not help.", "It helps.", "only the text holds a negation"),
    ("It helps.", "It doesn't help.", "only the passage holds a negation"),
    ("It helps.", "It was unable to help.", "only the passage holds a negation"),
]


@pytest.mark.parametrize(("text", "passage"), AGREE)
def test_a_supported_text_has_no_unsupported_parts(text: str, passage: str) -> None:
    """The same fact in other figures or words passes."""
    assert unsupported_parts(text, passage) == ()


@pytest.mark.parametrize(("text", "passage", "problem"), DISAGREE)
def test_an_unsupported_part_is_named(text: str, passage: str, problem: str) -> None:
    """What the passage lacks is named."""
    assert problem in unsupported_parts(text, passage)


def test_species_must_not_be_dropped() -> None:
    """A passage on rats needs a text that says so."""
    assert drops_species("It raised growth.", "In rats it raised growth.")
    assert not drops_species("In animals it raised growth.", "In rats it raised growth.")
    assert not drops_species("It raised growth.", "In people it raised growth.")


def test_a_way_of_asking_that_repeats_the_claim_is_an_echo() -> None:
    """Eight words in a row are copied, not asked; a few shared words are not an echo."""
    claim = "The US label says staff must watch you for at least 2 hours after each Spravato dose."
    assert echoes("is it true staff must watch you for at least 2 hours", claim)
    assert not echoes("how long do staff watch me after the spray", claim)


def test_numbers_are_read_from_digits_and_words() -> None:
    """ "One" counts here, since a sample of one matters."""
    assert number_values("One person of 12 had 62.8%.") == {"1", "12", "62.8%"}
