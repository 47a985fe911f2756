"""Keeps the statements that their passages carry, and drops the others."""

from __future__ import annotations

from chat.types import Statement
from corpus.types import Corpus
from corpus.wording import unsupported_parts


def is_grounded(statement: Statement, corpus: Corpus) -> bool:
    """Whether every cited passage stands in the corpus as quoted and the text says no more."""
    for citation in statement.citations:
        passage = citation.passage
        if corpus.passage(passage.doc_id, passage.span) != passage.text:
            return False
    support = " ".join(citation.passage.text for citation in statement.citations)
    if unsupported_parts(statement.text, support):
        return False
    return all(is_grounded(other, corpus) for other in statement.contrasts)
