"""Grounding: a statement stays only if its passages stand and carry it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chat.ground import is_grounded
from chat.turn import Assistant
from chat.types import Answer, Statement
from corpus.types import Corpus, Span


@pytest.fixture
def statement(assistant: Assistant) -> Statement:
    """A sound statement about two hours."""
    reply = assistant.reply("how long will staff watch me after spravato").reply
    assert isinstance(reply, Answer)
    return reply.statements[0]


def test_a_sound_statement_is_grounded(statement: Statement, small_corpus: Corpus) -> None:
    """The mutants below start from one that passes."""
    assert is_grounded(statement, small_corpus)


@pytest.mark.parametrize(
    "text",
    [
        "Staff must watch you for at least 3 hours.",
        "Staff must watch you for 2 mg.",
        "Staff must not watch you.",
        "See https://example.org/more for 2 hours.",
    ],
)
def test_an_unsupported_part_is_not_grounded(
    statement: Statement, small_corpus: Corpus, text: str
) -> None:
    """A number, unit, negation or link that the passage lacks drops the statement."""
    assert not is_grounded(replace(statement, text=text), small_corpus)


def test_a_misquoted_passage_is_not_grounded(statement: Statement, small_corpus: Corpus) -> None:
    """A citation must quote what stands at its span."""
    citation = statement.citations[0]
    span = Span(citation.passage.span.start, citation.passage.span.end - 1)
    for passage in (
        replace(citation.passage, text="Other words about 2 hours."),
        replace(citation.passage, span=span),
    ):
        assert not is_grounded(
            replace(statement, citations=(replace(citation, passage=passage),)), small_corpus
        )


def test_a_contrast_is_judged_too(statement: Statement, small_corpus: Corpus) -> None:
    """A statement whose other side is not carried is dropped with it."""
    other = replace(statement, text="Staff must watch you for at least 4 hours.")
    assert not is_grounded(replace(statement, contrasts=(other,)), small_corpus)
    assert is_grounded(replace(statement, contrasts=(statement,)), small_corpus)
