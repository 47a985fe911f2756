"""What a reply refuses to be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chat.turn import Assistant
from chat.types import Answer, Statement, UncitedStatementError
from corpus.types import Evidence


def test_a_statement_without_a_citation_cannot_be_built() -> None:
    """The error quotes the sentence."""
    with pytest.raises(
        UncitedStatementError, match="statement without a citation: 'It helps everyone'"
    ):
        Statement("It helps everyone", None, (), Evidence.LABEL)


def test_an_answer_without_a_statement_cannot_be_built() -> None:
    """An empty answer is no answer."""
    with pytest.raises(UncitedStatementError, match="at least one cited statement"):
        Answer((), "extractive")


def test_a_citation_cannot_be_taken_away_later(assistant: Assistant) -> None:
    """Copying a statement without its citations fails like building it so."""
    reply = assistant.reply("how long will staff watch me after spravato").reply
    assert isinstance(reply, Answer)
    with pytest.raises(UncitedStatementError):
        replace(reply.statements[0], citations=())


def test_citations_of_the_other_side_count(assistant: Assistant) -> None:
    """An answer's citations are numbered 1, 2, … and include those of the contrasts."""
    reply = assistant.reply("does naltrexone block ketamine").reply
    assert isinstance(reply, Answer)
    numbers = [citation.number for citation in reply.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    other = reply.statements[0].contrasts[0].citations[0]
    assert other in reply.citations
