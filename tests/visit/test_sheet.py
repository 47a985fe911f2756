"""Changes to a sheet: order, the top three, the choice question, answers, the next visit."""

from __future__ import annotations

from datetime import date

import pytest

from prompts.types import Asks
from visit.sheet import (
    add_question,
    answer_question,
    covered_categories,
    lacks_choice_question,
    move_question,
    next_visit,
    open_questions,
    own_question,
    remove_question,
    with_choice_question,
)
from visit.types import SheetQuestion, VisitSheet

CHOICE = SheetQuestion("choice", "What are my options?", "options", Asks.OPTIONS)


def sheet_of(*names: str) -> VisitSheet:
    """A sheet with these questions, added in order."""
    sheet = VisitSheet()
    for name in names:
        sheet = add_question(sheet, SheetQuestion(name, f"{name}?", "screening"))
    return sheet


def ids(sheet: VisitSheet) -> tuple[list[str], list[str]]:
    """Ids of the top and of the rest."""
    return [q.item_id for q in sheet.top], [q.item_id for q in sheet.more]


def test_three_come_first_and_nothing_stands_twice() -> None:
    """The fourth goes behind; adding one again changes nothing."""
    sheet = sheet_of("a", "b", "c", "d", "a")
    assert ids(sheet) == (["a", "b", "c"], ["d"])
    with pytest.raises(ValueError, match="twice"):
        VisitSheet(top=(CHOICE,), more=(CHOICE,))


def test_moving_crosses_the_third_place() -> None:
    """Up from fourth swaps the third out; beyond the ends nothing happens; unknown ids neither."""
    sheet = sheet_of("a", "b", "c", "d")
    assert ids(move_question(sheet, "d", -1)) == (["a", "b", "d"], ["c"])
    assert ids(move_question(sheet, "d", -9)) == (["d", "a", "b"], ["c"])
    assert move_question(sheet, "zzz", 1) == sheet


def test_removing_a_top_question_does_not_promote_another() -> None:
    """The patient decides what is first."""
    assert ids(remove_question(sheet_of("a", "b", "c", "d"), "b")) == (["a", "c"], ["d"])


def test_the_top_gets_one_question_on_choices() -> None:
    """Beside one or two questions it joins; in a full top it takes the third place."""
    assert ids(with_choice_question(sheet_of("a"), CHOICE)) == (["a", "choice"], [])
    full = with_choice_question(sheet_of("a", "b", "c", "d"), CHOICE)
    assert ids(full) == (["a", "b", "choice"], ["c", "d"])
    assert with_choice_question(full, CHOICE) == full
    assert with_choice_question(VisitSheet(), CHOICE) == VisitSheet()


def test_a_choice_question_behind_the_top_moves_up() -> None:
    """It is not added a second time."""
    sheet = add_question(sheet_of("a", "b", "c"), CHOICE)
    assert ids(with_choice_question(sheet, CHOICE)) == (["a", "b", "choice"], ["c"])


@pytest.mark.parametrize("by", ["remove", "move"])
def test_a_declined_choice_question_is_not_put_back(by: str) -> None:
    """Taking it off the top is the patient's answer."""
    sheet = with_choice_question(sheet_of("a", "b", "c"), CHOICE)
    left = remove_question(sheet, "choice") if by == "remove" else move_question(sheet, "choice", 1)
    assert left.choice_declined
    assert lacks_choice_question(left)
    assert with_choice_question(left, CHOICE) == left


def test_coverage_counts_the_core_categories() -> None:
    """Screening twice, the other two not yet."""
    assert covered_categories(sheet_of("a", "b")) == {
        "screening": 2,
        "monitoring": 0,
        "tracking_benefit": 0,
    }


def test_answers_are_kept_and_open_questions_carried_on() -> None:
    """After the visit the answered ones stand under their day, the open ones move up."""
    sheet = sheet_of("a", "b", "c", "d")
    sheet = VisitSheet(top=sheet.top, more=sheet.more, visit_date=date(2026, 12, 1))
    sheet = answer_question(answer_question(sheet, "a", " Yes. "), "c", "Weekly.")
    assert [q.item_id for q in open_questions(sheet)] == ["b", "d"]
    later = next_visit(sheet)
    assert ids(later) == (["b", "d"], [])
    assert later.visit_date is None
    assert later.earlier[0].visit_date == date(2026, 12, 1)
    assert later.earlier[0].answered == (("a?", "Yes."), ("c?", "Weekly."))
    assert next_visit(sheet_of("a")) == sheet_of("a")


def test_an_emptied_answer_opens_the_question_again() -> None:
    """Blank is no answer."""
    sheet = answer_question(sheet_of("a"), "a", "yes")
    assert open_questions(answer_question(sheet, "a", "  ")) == sheet_of("a").top


def test_an_own_question_needs_words() -> None:
    """White space alone is refused; words are only tidied of it."""
    assert own_question("  will it\nhelp? ").text == "will it help?"
    with pytest.raises(ValueError, match="type a question"):
        own_question(" \n")
