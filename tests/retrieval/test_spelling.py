"""Slips are mended towards the corpus's own words; everything else stays as it was typed."""

from __future__ import annotations

import pytest

from corpus.types import Corpus
from retrieval.spelling import Speller, open_speller

SPELLER = Speller(["bladder watch each pressure spravato someone wash"] * 3 + ["watch", "blader"])


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("do they watchh me", "do they watch me"),
        ("Sprvato and BLADDR problems", "spravato and bladder problems"),
        ("why do i need somone", "why do i need someone"),
        ("blood presure??", "blood pressure??"),
    ],
)
def test_slips_are_mended(typed: str, mended: str) -> None:
    """One edit, the same first letter, the word that is used most."""
    assert SPELLER.mend(typed) == mended


@pytest.mark.parametrize(
    "typed",
    [
        "my boat is in Poughkeepsie",  # English, though "bladder" and the like are not far
        "jessica says hi",
        "wach my wify",  # too short: many words are one edit away
        "sprevatto",  # two edits away
        "is it ok 4 me",
        "blader",  # the corpus holds it, rarely: it may be right
        "¿está bien? ✓ 50mg",
        "",
    ],
)
def test_what_is_no_slip_stays(typed: str) -> None:
    """Names, other words, short ones, numbers and marks."""
    assert SPELLER.mend(typed) == typed


def test_a_slip_of_the_corpus_is_no_target() -> None:
    """Ways of asking hold slips too; a word used once is not mended towards."""
    assert Speller(["bladdeer"]).mend("bladder bladdeerr") == "bladder bladdeerr"


def test_the_speller_of_a_corpus_knows_its_wordings(small_corpus: Corpus) -> None:
    """Claims, ways of asking and passages."""
    words = [claim.plain.split()[0] for claim in small_corpus.claims]
    assert open_speller(small_corpus).mend(" ".join(words)) == " ".join(words)
