"""Suggestions: at most three, fitting, reasoned, never repeated, always the same."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from chat.assemble import open_needs
from chat.errors import SuggestionWeightsError
from chat.needs import FEATURES
from chat.question_bank import clinic_question, fits_visit, raised_by
from chat.suggest import asked_for, suggest_questions
from chat.turn import Assistant
from chat.types import Turn, VisitContext
from chat.wanted import (
    COMPANY_FEATURES,
    Company,
    Logistic,
    SuggestionWeights,
    WantedTogether,
    load_together,
    load_weights,
    write_suggestion_data,
)
from prompts.matching import normalise_message
from prompts.types import CORE_CATEGORIES, Prompts, Setting, Stage
from retrieval.hashing import HashingEncoder
from retrieval.snapshot import Snapshot

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


def test_a_question_that_nobody_has_judged_has_no_company_and_no_handicap(
    small_prompts: Prompts,
) -> None:
    """New in the list: as usual as the others on average, and wanted with none of them more."""
    bank = tuple(replace(q, goes_with=()) for q in small_prompts.questions[:3])
    first, second, _ = (question.question_id for question in bank)
    counts = WantedTogether(10, {first: 4, second: 2}, {})
    table = Company(bank, counts).features(np.array([0.9, 0.1, 0.5]))
    assert table[2, COMPANY_FEATURES.index("usual share")] == pytest.approx(0.3)
    assert table[2, COMPANY_FEATURES.index("with the nearest")] == pytest.approx(0.3)


def test_a_core_question_is_among_three_where_one_fits(small_prompts: Prompts) -> None:
    """However near others are, the last place goes to the best core question."""
    wanted = [0.9 if q.category not in CORE_CATEGORIES else 0.1 for q in small_prompts.questions]
    found = suggest_questions(small_prompts, "hm", (), VisitContext(), wanted)
    assert any(s.question.category in CORE_CATEGORIES for s in found)


def test_an_encoder_without_weights_is_refused(tmp_path: Path) -> None:
    """With the command that fits them; what was written loads again."""
    with pytest.raises(SuggestionWeightsError, match="evaluate fit-suggestions"):
        load_weights("other-1", tmp_path)
    with pytest.raises(SuggestionWeightsError, match="evaluate fit-suggestions"):
        load_together(tmp_path)
    weights = SuggestionWeights("other-1", flat(FEATURES), flat(FEATURES + COMPANY_FEATURES))
    counts = WantedTogether(3, {"a": 2, "b": 1}, {"a": {"b": 1}})
    write_suggestion_data(weights, counts, tmp_path)
    assert load_weights("other-1", tmp_path) == weights
    assert load_together(tmp_path) == counts


def flat(names: tuple[str, ...]) -> Logistic:
    """A regression in which every feature counts the same."""
    size = len(names)
    return Logistic((0.0,) * size, (1.0,) * size, (0.5,) * size, -1.0)


def test_what_is_wanted_together_raises_its_company(small_prompts: Prompts) -> None:
    """By hand: of four who wanted the first question, three wanted the second; priors add half a share."""
    bank = small_prompts.questions[:3]
    first, second, third = (question.question_id for question in bank)
    low, high = sorted((first, second))
    counts = WantedTogether(10, {first: 4, second: 5, third: 1}, {low: {high: 3}})
    bank = tuple(replace(question, goes_with=()) for question in bank)
    table = Company(bank, counts).features(np.array([0.9, 0.1, 0.0]))
    column = COMPANY_FEATURES.index("with the nearest")
    assert table[:, column] == pytest.approx([1.0, (3 + 2 * 0.5) / 6, (0 + 2 * 0.1) / 6])
    assert table[:, COMPANY_FEATURES.index("usual share")] == pytest.approx([0.4, 0.5, 0.1])


def test_only_what_is_probably_wanted_is_shown(small_prompts: Prompts) -> None:
    """Below the threshold the best one stands alone on turn one, a core one where it is none."""
    bank = small_prompts.questions
    unsure = [0.5 - place / 100 for place in range(len(bank))]
    found = suggest_questions(small_prompts, "hello", (), VisitContext(), unsure)
    assert found[0].question is bank[0]
    assert len(found) == 1 + (bank[0].category not in CORE_CATEGORIES)
    sure = [0.9 - place / 100 for place in range(len(bank))]
    assert len(suggest_questions(small_prompts, "hello", (), VisitContext(), sure)) == 3


def test_features_follow_what_was_said(
    small_prompts: Prompts, small_snapshot: Snapshot, hashing: HashingEncoder
) -> None:
    """Triggers now and earlier, shared words and the priority are counted for each question."""
    needs = open_needs(small_snapshot, hashing, small_prompts)
    context = VisitContext(priority="tracking_benefit")
    table = needs.features(("does my blood pressure go up", "and my heart"), context)
    assert table.shape == (len(small_prompts.questions), len(FEATURES))
    heart = [q.question_id for q in small_prompts.questions].index("screening-heart")
    scale = [q.question_id for q in small_prompts.questions].index("benefit-scale")
    assert table[heart, FEATURES.index("triggers now")] >= 1
    assert table[heart, FEATURES.index("triggers earlier")] >= 1
    assert table[scale, FEATURES.index("priority")] == 1
    assert table[heart, FEATURES.index("priority")] == 0
