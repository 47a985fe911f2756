"""A composer that says more than its passages: what is not grounded never reaches the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from chat.library import Library
from chat.turn import Assistant
from chat.types import (
    Abstention,
    AbstentionReason,
    Answer,
    Statement,
)
from prompts.types import Prompts
from retrieval.types import Ranking

WATCHED = "how long will staff watch me after spravato"
BOTH_SIDES = "does naltrexone block ketamine"


class Inventing:
    """A composer that drafts one sound statement and two that its passage does not carry."""

    name = "inventing"

    def __init__(self, library: Library) -> None:
        self._library = library

    def draft(
        self, ranking: Ranking, *, general_only: bool = False, told: frozenset[str] = frozenset()
    ) -> Iterator[Statement]:
        sound = next(iter(self._library.composer.draft(ranking)))
        yield replace(sound, text="Staff must watch you for at least 9 hours.")
        yield sound
        yield replace(sound, text="Staff must not watch you.")


def test_what_its_passage_does_not_carry_is_dropped(
    small_prompts: Prompts, small_library: Callable[..., Library]
) -> None:
    """Of three drafted statements only the sound one is streamed and answered."""
    library = small_library()
    inventing = replace(library, composer=Inventing(library))
    turn = Assistant(small_prompts, lambda: inventing).reply(WATCHED)
    assert isinstance(turn.reply, Answer)
    assert [s.text for s in turn.reply.statements] == [
        "The US label says staff must watch you for at least 2 hours after each Spravato dose."
    ]


class OnlyInventing(Inventing):
    """Nothing it drafts is carried."""

    def draft(
        self, ranking: Ranking, *, general_only: bool = False, told: frozenset[str] = frozenset()
    ) -> Iterator[Statement]:
        yield next(super().draft(ranking))


def test_nothing_grounded_means_no_answer(
    small_prompts: Prompts, small_library: Callable[..., Library]
) -> None:
    """An abstention, never an empty answer."""
    library = small_library()
    inventing = replace(library, composer=OnlyInventing(library))
    reply = Assistant(small_prompts, lambda: inventing).reply(WATCHED).reply
    assert isinstance(reply, Abstention)
    assert reply.reason is AbstentionReason.NO_EVIDENCE
