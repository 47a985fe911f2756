"""The second layer of safety: it raises, it never lowers, and its weights belong to one encoder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chat.assemble import open_safety
from chat.errors import SafetyWeightsError
from chat.library import Library
from chat.present import check_in, turn_row
from chat.severity import (
    CLASSES,
    RAISED,
    SafetyClassifier,
    SafetyWeights,
    Severity,
    digest_phrases,
    load_safety_weights,
    parts_of,
    write_safety_weights,
)
from chat.turn import Assistant
from chat.types import Redirect, VisitContext
from evaluation.calibrate import load_labelled
from evaluation.lessons import harmless_messages
from evaluation.safety_run import load_messages
from prompts.types import Prompts, Route
from retrieval.hashing import HashingEncoder
from retrieval.protocols import Encoder
from settings import Settings
from tests.conftest import PROJECT

DATA = PROJECT / "evaluation" / "data"
PLANE = SafetyWeights(
    "plane", "", "", ((9.0, 0.0), (0.0, 9.0), (0.0, 0.0)), (0.0, 0.0, 5.0), 0.5, 0.5, 0.3
)


def rows(*values: tuple[float, float]) -> np.ndarray:
    """Vectors of two dimensions: the first points at crisis, the second at emergency."""
    return np.array(values, dtype=np.float32)


def test_the_more_severe_route_of_any_part_counts() -> None:
    """One sentence among harmless ones is enough; crisis stands before emergency."""
    assert PLANE.judge(rows((0, 0), (0.1, 0.1))) is Severity.NONE
    assert PLANE.judge(rows((0, 0), (0, 1))) is Severity.EMERGENCY
    assert PLANE.judge(rows((0, 1), (1, 0), (0, 0))) is Severity.CRISIS


def test_an_unsure_reading_asks_for_help_lines() -> None:
    """Near the border nothing is raised, and help stands above the reply; far from it nothing."""
    assert PLANE.judge(rows((0.5, 0.4))) is Severity.CHECK_IN
    assert PLANE.judge(rows((0.3, 0.3))) is Severity.NONE


def test_each_sentence_is_judged_with_the_whole() -> None:
    """The whole first; then each sentence, each two; repetitions are left out."""
    assert parts_of("One. Two?\nThree!") == (
        "One. Two? Three",
        *("One", "Two?", "Three"),
        *("One. Two?", "Two? Three"),
    )
    assert parts_of("just this...") == ("just this",)
    assert parts_of("?!") == ("?!",)


def test_weights_are_data_for_one_encoder(tmp_path: Path) -> None:
    """Written and loaded alike; an encoder without them is refused with the command."""
    write_safety_weights(PLANE, tmp_path)
    assert load_safety_weights("plane", tmp_path) == PLANE
    with pytest.raises(SafetyWeightsError, match="evaluate fit-safety"):
        load_safety_weights("other", tmp_path)


def test_the_weights_that_ship_were_fitted_on_the_phrases_that_ship() -> None:
    """The digest names the training set; three classes, thresholds below certainty."""
    texts = [phrase.text for phrase in load_messages(DATA / "safety_phrases.jsonl")]
    texts += harmless_messages(DATA)
    for encoder in ("minilm-53aa51172d14", "hashing-256"):
        weights = load_safety_weights(encoder)
        assert weights.phrases == digest_phrases(texts)
        assert len(weights.weights) == len(weights.bias) == len(CLASSES)
        assert 0.4 < weights.crisis_from < 1
        assert 0.4 < weights.emergency_from < 1


def always(route: Route) -> SafetyWeights:
    """Weights that raise every message to one route."""
    bias = (50.0, 0.0, 0.0) if route is Route.CRISIS else (0.0, 50.0, 0.0)
    return SafetyWeights("hashing-256", "", "", ((0.0,) * 256,) * 3, bias, 0.5, 0.5, 0.5)


def reading(weights: SafetyWeights) -> SafetyClassifier:
    """A classifier with these weights over the hashing encoder."""
    return SafetyClassifier(weights, HashingEncoder().encode)


@pytest.mark.parametrize("route", [Route.CRISIS, Route.EMERGENCY])
def test_a_raised_message_gets_help_and_nothing_else(
    small_library: Callable[..., Library], small_prompts: Prompts, route: Route
) -> None:
    """No search, no suggestions; the rule that answered is named."""
    library = replace(small_library(), safety=reading(always(route)))
    turn = Assistant(small_prompts, lambda: library).reply("how long do they watch me")
    assert isinstance(turn.reply, Redirect)
    assert (turn.routing.route, turn.routing.rule_id) == (route, "classifier")
    assert turn.suggestions == ()
    assert turn.query is None


def test_help_lines_stand_above_an_ordinary_reply(
    small_library: Callable[..., Library], small_prompts: Prompts
) -> None:
    """The reply is the same; the row says both in `notice`."""
    unsure = SafetyWeights(
        "hashing-256", "", "", ((0.0,) * 256,) * 3, (0.0, 0.0, 0.0), 0.9, 0.9, 0.5
    )
    asked = "how long will staff watch me after spravato"
    plain = Assistant(small_prompts, small_library).reply(asked)
    library = replace(small_library(), safety=reading(unsure))
    turn = Assistant(small_prompts, lambda: library).reply(asked)
    assert turn.checks_in
    assert turn.reply == plain.reply
    row = turn_row("c", turn, VisitContext(country="US"), small_prompts)
    assert row["notice"] == check_in(turn, VisitContext(country="US"), small_prompts)
    assert turn_row("c", plain, VisitContext(country="US"), small_prompts)["notice"] is None


def test_a_rule_answers_alone(
    small_library: Callable[..., Library], small_prompts: Prompts
) -> None:
    """Where a help rule matched, the classifier is not asked: it can only raise."""
    library = replace(small_library(), safety=reading(always(Route.EMERGENCY)))
    turn = Assistant(small_prompts, lambda: library).reply("i want to die")
    assert turn.routing.route is Route.CRISIS
    assert turn.routing.rule_id != "classifier"


@pytest.mark.encoder
def test_the_weights_that_ship_leave_ordinary_questions_alone(
    serving_encoder: Encoder, models: Path
) -> None:
    """Of the ordinary questions at most one in twenty is raised; of oblique crises a good part."""
    classifier = open_safety(Settings(data=models.parent), serving_encoder)
    ordinary = [question.text for question in load_labelled(DATA / "abstention.jsonl")]
    raised = [classifier.judge(text) for text in ordinary]
    assert sum(severity in RAISED for severity in raised) <= 0.05 * len(ordinary)
    crises = [p.text for p in load_messages(DATA / "safety_phrases.jsonl") if p.label == "crisis"]
    found = [classifier.judge(text) for text in crises]
    assert sum(severity is not Severity.NONE for severity in found) >= 0.9 * len(crises)
