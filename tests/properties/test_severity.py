"""Sentences around a message never lower what the classifier makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.assemble import open_safety
from chat.severity import SafetyClassifier, Severity, load_safety_weights, parts_of
from evaluation.safety_run import LabelledMessage, load_messages
from retrieval.hashing import HashingEncoder
from retrieval.protocols import Encoder
from settings import Settings
from tests.conftest import PROJECT

RANK = {Severity.NONE: 0, Severity.CHECK_IN: 1, Severity.EMERGENCY: 2, Severity.CRISIS: 3}
PHRASES = load_messages(PROJECT / "evaluation" / "data" / "safety_phrases.jsonl")
SENTENCES = st.one_of(
    st.sampled_from(
        [
            *("lol.", "Just kidding!", "My sister says it is nothing.", "It was in a movie."),
            *("Thanks!", "“What is the label's figure?”", "Hola."),
            "I had my third session and it was fine. " * 20,
        ]
    ),
    # A mark that follows a message at once is part of it: "bye" and "bye?" are read apart.
    st.text(max_size=60).filter(lambda text: text[:1] not in ".!?\n;…"),
)
AROUND = st.tuples(SENTENCES, SENTENCES, st.sampled_from([". ", "\n", " ... ", "! "]))


@pytest.fixture(scope="module")
def hashing_classifier() -> SafetyClassifier:
    """The weights that ship for the hashing encoder."""
    encoder = HashingEncoder()
    return SafetyClassifier(load_safety_weights(encoder.digest), encoder.encode)


@pytest.fixture(scope="module")
def serving_classifier(serving_encoder: Encoder, models: Path) -> SafetyClassifier:
    """The weights and the tuning that ship."""
    return open_safety(Settings(data=models.parent), serving_encoder)


def short_messages() -> list[LabelledMessage]:
    """Messages of one or two sentences: of a longer one, the whole counts too, and that changes."""
    return [phrase for phrase in PHRASES if len(parts_of(phrase.text)) <= 3]


@given(number=st.integers(0, 10_000), around=AROUND)
def test_sentences_around_never_lower_it(
    hashing_classifier: SafetyClassifier, number: int, around: tuple[str, str, str]
) -> None:
    """Whatever stands before or after, in whatever language, the reading is at least as severe."""
    messages = short_messages()
    message, (before, after, mark) = messages[number % len(messages)].text, around
    alone = RANK[hashing_classifier.judge(message)]
    for text in (f"{before}{mark}{message}", f"{message}{mark}{after}"):
        assert RANK[hashing_classifier.judge(text)] >= alone, text


@pytest.mark.encoder
@settings(max_examples=25)
@given(number=st.integers(0, 10_000), around=AROUND)
def test_nor_with_the_encoder_that_serves(
    serving_classifier: SafetyClassifier, number: int, around: tuple[str, str, str]
) -> None:
    """The same with the tuned encoder."""
    messages = short_messages()
    message, (before, after, mark) = messages[number % len(messages)].text, around
    text = f"{before}{mark}{message}{mark}{after}"
    assert RANK[serving_classifier.judge(text)] >= RANK[serving_classifier.judge(message)], text


def test_a_lowered_message_would_be_seen(hashing_classifier: SafetyClassifier) -> None:
    """The measure tells readings apart: some phrases are raised, ordinary ones are not."""
    ranks = {RANK[hashing_classifier.judge(phrase.text)] for phrase in PHRASES[:400]}
    assert {0, 3} <= ranks
