"""Terms are found as whole words and in their own capitals; lay words lead to the term."""

from __future__ import annotations

from corpus.glossary import meant_terms, split_terms
from corpus.types import Term

GLOSSARY = (
    Term("dissociation", False, ("dissociated",), "Feeling cut off.", ("floaty", "out of body")),
    Term("NICE", True, (), "A body in England.", ()),
    Term("blood pressure", False, (), None, ("bp",)),
)


def test_pieces_join_to_the_text_and_name_their_term() -> None:
    """Every character stays; each form is the term's."""
    text = "People dissociated; dissociation passed. NICE says so."
    pieces = split_terms(text, GLOSSARY)
    assert "".join(piece for piece, _ in pieces) == text
    assert [term.term for _, term in pieces if term] == ["dissociation", "dissociation", "NICE"]


def test_a_name_in_capitals_is_not_the_ordinary_word() -> None:
    """ "Nice" is no institute, and a form inside another word is no term."""
    assert all(term is None for _, term in split_terms("A nice predissociation.", GLOSSARY))


def test_lay_words_mean_their_term() -> None:
    """In order of occurrence, each once."""
    found = meant_terms("my BP was up and i felt floaty, really floaty", GLOSSARY)
    assert [term.term for term in found] == ["blood pressure", "dissociation"]


def test_without_a_glossary_nothing_is_found() -> None:
    """The text comes back whole."""
    assert split_terms("Anything.", ()) == (("Anything.", None),)
    assert meant_terms("anything", ()) == ()
