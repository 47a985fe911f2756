"""Suggestions: at most three, fitting, reasoned, never repeated, always the same."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from chat.question_bank import clinic_question, fits_visit, raised_by
from chat.suggest import asked_for, suggest_questions
from chat.turn import Assistant
from chat.types import Turn, VisitContext
from prompts.matching import normalise_message
from prompts.types import CORE_CATEGORIES, Prompts, Setting, Stage

PRESSURE = "does my blood pressure go up"


def ids(
    prompts: Prompts,
    message: str,
    context: VisitContext = VisitContext(),
    history: tuple[Turn, ...] = (),
) -> list[str]:
    """The ids of the suggestions."""
    return [s.question.question_id for s in suggest_questions(prompts, message, history, context)]


def test_what_was_said_raises_its_questions(small_prompts: Prompts) -> None:
    """A trigger leads, with the reason that the question gives, and at most two of one category."""
    found = suggest_questions(small_prompts, PRESSURE, (), VisitContext())
    assert len(found) == 3
    assert all("blood pressure" in s.question.triggers for s in found)
    assert {s.because for s in found} == {"You spoke of it."}
    categories = [s.question.category for s in found]
    assert max(categories.count(category) for category in categories) <= 2


def test_the_order_of_the_files_does_not_matter(small_prompts: Prompts) -> None:
    """Suggestions are the same whichever category is read first; inside one, the first question wins a tie."""
    by_file = [
        [q for q in small_prompts.questions if q.category == c]
        for c in sorted({q.category for q in small_prompts.questions})
    ]
    results = {
        tuple(
            s.question.question_id
            for s in suggest_questions(
                replace(small_prompts, questions=tuple(q for file in files for q in file)),
                PRESSURE,
                (),
                VisitContext(),
            )
        )
        for files in permutations(by_file)
    }
    assert len(results) == 1


def test_no_question_is_suggested_twice_in_a_conversation(
    assistant: Assistant, small_prompts: Prompts
) -> None:
    """Turn after turn brings at most three, new ones only, until the fitting ones are used up."""
    history: tuple[Turn, ...] = ()
    offered: list[str] = []
    for _ in range(5):
        turn = assistant.reply(PRESSURE, history)
        assert len(turn.suggestions) <= 3
        offered += [s.question.question_id for s in turn.suggestions]
        history = (*history, turn.without_ranking())
    assert len(offered) == len(set(offered)) > 3
    assert set(offered) <= {question.question_id for question in small_prompts.questions}


def test_the_setting_is_respected(small_prompts: Prompts) -> None:
    """A question for infusions is not offered for Spravato, and without a setting it may be."""
    every = {
        c: ids(small_prompts, f"{PRESSURE} at home on a drip, how long", VisitContext(setting=c))
        for c in (Setting.SPRAVATO, Setting.INFUSION)
    }
    assert "monitoring-infusion" not in every[Setting.SPRAVATO]
    assert "monitoring-infusion" in every[Setting.INFUSION]
    assert "monitoring-hours" not in every[Setting.INFUSION]


def test_the_stage_is_respected(small_prompts: Prompts) -> None:
    """After treatment, only questions of that stage come."""
    assert ids(small_prompts, PRESSURE, VisitContext(stage=Stage.AFTER)) == ["benefit-scale"]


def test_what_matters_most_comes_with_its_reason(small_prompts: Prompts) -> None:
    """The chosen priority leads where nothing was raised."""
    first = suggest_questions(small_prompts, "hm", (), VisitContext(priority="tracking_benefit"))[0]
    assert (first.question.question_id, first.because) == (
        "benefit-scale",
        "You said that this matters most to you.",
    )


def test_every_suggestion_has_a_reason(assistant: Assistant) -> None:
    """With a ranking behind it, too."""
    turn = assistant.reply("does naltrexone block ketamine")
    assert turn.suggestions
    assert all(s.because for s in turn.suggestions)


@pytest.mark.parametrize(
    ("message", "raised"),
    [
        ("my heart races", True),
        ("two hearts", True),
        ("heartless", False),
        ("my Blood-Pressure!", True),
        ("blood", False),
    ],
)
def test_triggers_are_whole_words(small_prompts: Prompts, message: str, raised: bool) -> None:
    """A trigger inside another word raises nothing; endings and marks do not hide it."""
    question = next(q for q in small_prompts.questions if q.question_id == "screening-heart")
    assert bool(raised_by(question, normalise_message(message))) is raised


def test_asking_for_questions_without_a_topic_gives_the_core(small_prompts: Prompts) -> None:
    """At most two of each core category."""
    found = asked_for(small_prompts.questions, "what should i ask", VisitContext())
    assert {q.category for q in found} == set(CORE_CATEGORIES)
    assert all(sum(q.category == c for q in found) <= 2 for c in CORE_CATEGORIES)
    assert all(
        fits_visit(q, Setting.INFUSION, None)
        for q in asked_for(
            small_prompts.questions, "what should i ask", VisitContext(setting=Setting.INFUSION)
        )
    )


def test_the_bank_that_ships_suggests_by_the_rules(real_prompts: Prompts) -> None:
    """For each question's own triggers: three at most, none twice, the same each time."""
    for question in real_prompts.questions:
        message = f"what about {question.triggers[0]}"
        found = ids(real_prompts, message)
        assert found == ids(real_prompts, message)
        assert len(found) == len(set(found)) <= 3


def test_a_clinic_question_keeps_the_words() -> None:
    """Only blanks are closed up."""
    assert (
        clinic_question(" Can I,  $5 *really*? ")
        == "I would like to ask you this, in my own words: “Can I, $5 *really*?”"
    )


def test_the_most_wanted_question_leads_and_each_has_a_reason(small_prompts: Prompts) -> None:
    """The most wanted one first, then the others in order, each with a reason."""
    shares = {"monitoring-hours": 0.9, "benefit-scale": 0.8, "screening-heart": 0.65}
    wanted = [shares.get(q.question_id, 0.1) for q in small_prompts.questions]
    found = suggest_questions(small_prompts, "hm", (), VisitContext(), wanted)
    assert [s.question.question_id for s in found] == list(shares)
    assert [s.because for s in found] == [
        "It is close to what you wrote.",
        "It goes with what you wrote.",
        "You may want to ask this as well.",
    ]


def test_a_core_question_is_among_three_where_one_fits(small_prompts: Prompts) -> None:
    """However near others are, the last place goes to the best core question."""
    wanted = [0.9 if q.category not in CORE_CATEGORIES else 0.1 for q in small_prompts.questions]
    found = suggest_questions(small_prompts, "hm", (), VisitContext(), wanted)
    assert any(s.question.category in CORE_CATEGORIES for s in found)


def test_only_what_is_probably_wanted_is_shown(small_prompts: Prompts) -> None:
    """Below the threshold the best one stands alone on turn one, a core one where it is none."""
    bank = small_prompts.questions
    unsure = [0.5 - place / 100 for place in range(len(bank))]
    found = suggest_questions(small_prompts, "hello", (), VisitContext(), unsure)
    assert found[0].question is bank[0]
    assert len(found) == 1 + (bank[0].category not in CORE_CATEGORIES)
    sure = [0.9 - place / 100 for place in range(len(bank))]
    assert len(suggest_questions(small_prompts, "hello", (), VisitContext(), sure)) == 3
