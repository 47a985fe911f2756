"""What plain words may neither drop nor add: one mutant for each class, and pairs that agree."""

from __future__ import annotations

import pytest

from corpus.word_classes import CLASSES, differing_classes

AGREE = [
    ("Blood pressure went up by 8.", "Blood pressure increased by 8 mmHg."),
    ("Scores fell more than on placebo.", "Scores decreased more with ketamine than with placebo."),
    ("It may ease symptoms for a day.", "It may reduce symptoms for a day."),
    ("In rats, growth rose.", "Growth increased in rats."),
    ("In animals, growth rose.", "Growth increased in mice."),
    ("Of 12 people, half felt better.", "Half of 12 patients improved."),
    ("The page is from May 2024.", "The page is dated May 2024."),
    ("Twelve people took part.", "There were 12 participants."),
]
MUTANTS = [
    ("Blood pressure changed by 8.", "Blood pressure increased by 8.", "plain drops a word for a rise or for more"),
    ("Blood pressure rose.", "Blood pressure changed.", "plain adds a word for a rise or for more"),
    ("Scores changed.", "Scores fell.", "plain drops a word for a fall or for less"),
    ("Scores fell.", "Scores changed.", "plain adds a word for a fall or for less"),
    ("It helps.", "It may help.", "plain drops a hedge"),
    ("It was seen with use.", "It was associated with use.", "plain drops a hedge"),
    ("Ketamine causes cramps.", "Cramps were reported with ketamine.", "plain adds a word for a cause or a certainty"),
    ("It did better.", "It did better than placebo.", "plain drops placebo"),
    ("It did better than placebo.", "It did better.", "plain adds placebo"),
    ("It did better.", "It did better than saline.", "plain drops saline"),
    ("It did better.", "It did better than midazolam.", "plain drops midazolam"),
    ("It did better.", "It did better than sham stimulation.", "plain drops a sham treatment"),
    ("It did better.", "It did better than treatment as usual.", "plain drops usual care"),
    ("It did better.", "It did better than a waiting list.", "plain drops a waiting list"),
    ("The effect was smaller.", "The effect was smaller after naltrexone.", "plain drops an opioid blocker"),
    ("It did better.", "It did better than quetiapine.", "plain drops quetiapine"),
    ("It did better.", "It did better than lithium.", "plain drops lithium"),
    ("It did better.", "It did better than ECT.", "plain drops electroconvulsive therapy"),
    ("Growth rose.", "Growth rose in rats.", "plain drops animals or laboratory work"),
    ("In a lab, growth rose.", "Growth rose.", "plain adds animals or laboratory work"),
    ("In mice, growth rose.", "In rats, growth rose.", "plain adds mice"),
    ("In a lab, growth rose.", "In rats, growth rose.", "plain drops rats"),
    ("It was tried in people.", "It was tried in healthy people.", "plain drops healthy people"),
    ("It was tried.", "It was tried in adolescents.", "plain drops children or young people"),
    ("It was tried.", "It was tried in veterans.", "plain drops veterans"),
    ("In a small trial, people did better.", "In a trial of 12 patients, people did better.", "plain drops that it was 12"),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "precise"), AGREE)
def test_two_wordings_of_one_fact_agree(plain: str, precise: str) -> None:
    """Other words of the same class are no finding."""
    assert differing_classes(plain, precise) == ()


@pytest.mark.parametrize(("plain", "precise", "problem"), MUTANTS)
def test_a_dropped_or_added_class_is_found(plain: str, precise: str, problem: str) -> None:
    """Each planted change is named."""
    assert problem in differing_classes(plain, precise)


def test_every_class_has_a_mutant() -> None:
    """A class that nothing tests could be deleted unseen."""
    named = " ".join(problem for *_, problem in MUTANTS)
    assert [c.name for c in CLASSES if c.name not in named] == []
