"""What a conversation wants: features of nearness, company by hand, weights that are data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chat.assemble import open_needs
from chat.errors import SuggestionWeightsError
from chat.needs import FEATURES
from chat.types import VisitContext
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
from prompts.types import Prompts
from retrieval.hashing import HashingEncoder
from retrieval.snapshot import Snapshot


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
