"""Which messages lean on the conversation, and what they become."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chat.standalone import is_underspecified, standalone_query
from chat.turn import Assistant
from chat.types import Turn


@pytest.fixture
def before(assistant: Assistant) -> Turn:
    """A turn about blood pressure."""
    return assistant.reply("does blood pressure go up").without_ranking()


@pytest.mark.parametrize("message", ["why?", "is that common?", "how long does it last", "really"])
def test_a_follow_up_without_words_of_its_own_takes_the_query_before(
    before: Turn, message: str
) -> None:
    """What names nothing new carries the whole question before it."""
    query = standalone_query(message, (before,), 2)
    assert query.text == f"does blood pressure go up {message}"
    assert query.asked == message


@pytest.mark.parametrize("message", ["and at night?", "what about with alcohol?"])
def test_a_follow_up_with_words_of_its_own_takes_the_subject(before: Turn, message: str) -> None:
    """What names something new carries the subject words alone."""
    query = standalone_query(message, (before,), 2)
    assert query.text == f"{message} (blood pressure)"
    assert query.asked == message


@pytest.mark.parametrize(
    "message",
    [
        "what is the first dose of esketamine in the clinic",
        "naltrexone and ketamine together in one person",
    ],
)
def test_a_question_of_its_own_stands_alone(before: Turn, message: str) -> None:
    """A new subject is not mixed with the old one."""
    assert standalone_query(message, (before,), 2).text == message


def test_it_with_nothing_before_is_ketamine_treatment() -> None:
    """The first message has a subject too."""
    assert standalone_query("does it hurt", (), 1).text == "does it hurt (ketamine treatment)"
    assert (
        standalone_query("does spravato hurt when it dries", (), 1).text
        == "does spravato hurt when it dries"
    )


def test_a_redirect_is_no_subject(assistant: Assistant, before: Turn) -> None:
    """A follow-up after a greeting leans on the question before the greeting."""
    greeting = assistant.reply("hello", (before,))
    assert standalone_query("why?", (before, greeting), 3).text == "does blood pressure go up why?"
    assert standalone_query("why?", (replace(greeting),), 2).text == "why?"


@pytest.mark.parametrize(
    "message",
    [
        "is that normal",
        "what about the second one then",
        "do i take it before or after",
        "how long?",
    ],
)
def test_a_first_message_that_only_points_asks_nothing(before: Turn, message: str) -> None:
    """Nothing was said that it could point at; after an answer it is a follow-up."""
    assert is_underspecified(message, ())
    assert not is_underspecified(message, (before,))


@pytest.mark.parametrize(
    "message",
    [
        *("does it hurt", "is it safe", "how does it work", "is it addictive", "does it work"),
        *("who watches me", "bladder?", "how long does spravato last", "what does it cost"),
    ],
)
def test_a_short_question_that_names_something_is_asked(message: str) -> None:
    """Short is not unclear."""
    assert not is_underspecified(message, ())


def test_the_same_few_words_over_and_over_ask_nothing(before: Turn) -> None:
    """Noise, whatever came before; a question that says a word twice is one."""
    assert is_underspecified("lamp therapy lamp lamp therapy the lamp of lamp", (before,))
    assert not is_underspecified("is spravato nasal spray safer than ketamine nasal spray", ())


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("no i meant the pulse", "the pulse: does blood pressure go up"),
        ("sorry, I meant pulse, not blood pressure", "pulse: does go up"),
        ("I should have said at home", "at home: does blood pressure go up"),
        ("i meant the spray. does it itch", "does it itch (the spray)"),
    ],
)
def test_a_correction_asks_the_question_before_of_what_is_meant(
    before: Turn, message: str, text: str
) -> None:
    """What is not meant is left out; a question of its own after it is asked instead."""
    assert standalone_query(message, (before,), 2).text == text


def test_a_treatment_that_was_not_meant_is_left_out(assistant: Assistant) -> None:
    """The spray instead of the drip: the name before would lead the search astray."""
    before = assistant.reply("does spravato raise blood pressure").without_ranking()
    assert standalone_query("no, i meant the drip", (before,), 2).text == (
        "the drip: does raise blood pressure"
    )


def test_what_points_back_takes_the_words_that_say_something(before: Turn) -> None:
    """More than the subject: what "it" is about."""
    assert standalone_query("will pills help prevent it", (before,), 2).text == (
        "will pills help prevent it (blood pressure go)"
    )


def test_meaning_something_without_a_question_before_is_no_correction() -> None:
    """The first message stands as it is."""
    assert standalone_query("i meant the spray", (), 1).text.startswith("i meant the spray")
