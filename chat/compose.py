"""What a composer is: it drafts statements for a query from what was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from chat.types import Statement
from retrieval.types import Ranking


class Composer(Protocol):
    """Drafts an answer. Every statement carries its citations; grounding judges them afterwards."""

    @property
    def name(self) -> str:
        """Shown in the turn, so that a reader can tell which composer answered."""
        ...

    def draft(
        self, ranking: Ranking, *, general_only: bool = False, told: frozenset[str] = frozenset()
    ) -> Iterator[Statement]:
        """Statements in reading order, as they are ready.

        With `general_only` (a request for individual advice) nothing that gives a dose is used.
        Claims in `told` were shown before in this conversation and are left out, unless nothing
        else is found.
        """
        ...
