"""A follow-up about the answer itself gets that answer again; any other one does not repeat it."""

from __future__ import annotations

import pytest

from chat.retell import SIMPLER_NOTICE, SOURCE_NOTICE, told_claims
from chat.turn import Assistant
from chat.types import Abstention, Answer, Turn


@pytest.fixture
def before(assistant: Assistant) -> Turn:
    """A turn with an answer about blood pressure."""
    turn = assistant.reply("does blood pressure go up").without_ranking()
    assert isinstance(turn.reply, Answer)
    return turn


@pytest.mark.parametrize(
    "message",
    [
        "explain simpler",
        "can you say that in plain english?",
        "i dont get it",
        "too technical",
        "tldr",
    ],
)
def test_simpler_gets_the_main_point_again(
    assistant: Assistant, before: Turn, message: str
) -> None:
    """The first statements as they stood, under a notice; no new search."""
    turn = assistant.reply(message, (before,))
    assert isinstance(turn.reply, Answer)
    assert isinstance(before.reply, Answer)
    assert turn.reply.notice == SIMPLER_NOTICE
    assert turn.reply.statements == before.reply.statements[:2]
    assert turn.ranking is None


@pytest.mark.parametrize(
    "message",
    [
        "source?",
        "where does that come from?",
        "says who",
        "how do you know that",
        "what's your source",
    ],
)
def test_source_gets_the_whole_answer_again(
    assistant: Assistant, before: Turn, message: str
) -> None:
    """Every statement with its citations, under a notice."""
    turn = assistant.reply(message, (before,))
    assert isinstance(turn.reply, Answer)
    assert isinstance(before.reply, Answer)
    assert turn.reply.notice == SOURCE_NOTICE
    assert turn.reply.citations == before.reply.citations


@pytest.mark.parametrize(
    "message",
    [
        "does it come from blood pressure tablets",
        "is there a simpler way to get home than a taxi when nobody can pick me up after spravato",
        "how long does it last",
    ],
)
def test_another_question_is_searched(assistant: Assistant, before: Turn, message: str) -> None:
    """Words of the same kind inside a question of its own do not repeat the answer."""
    turn = assistant.reply(message, (before,))
    assert turn.query is not None


def test_with_no_answer_before_there_is_nothing_to_tell_again(assistant: Assistant) -> None:
    """The first message, or one after an abstention, is read as it stands."""
    assert not isinstance(assistant.reply("source?").reply, Answer)
    refused = assistant.reply("how tall is the eiffel tower").without_ranking()
    assert isinstance(refused.reply, Abstention)
    assert not isinstance(assistant.reply("source?", (refused,)).reply, Answer)


def test_what_was_told_is_not_told_again(before: Turn) -> None:
    """A follow-up leaves out what it has just been told; a new question does not."""
    assert isinstance(before.reply, Answer)
    first = before.reply.statements[0].claim_id
    assert first in told_claims("is that common?", (before,))
    assert (
        told_claims("what is the first dose of esketamine in the clinic", (before,)) == frozenset()
    )
