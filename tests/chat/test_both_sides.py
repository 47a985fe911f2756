"""What is shown together: a claim with its other side, and neither after its last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from chat.library import Library
from chat.turn import Assistant
from chat.types import (
    Abstention,
    Answer,
    Turn,
)
from corpus.types import Corpus
from prompts.types import Prompts
from retrieval.types import Query
from tests.conftest import TODAY

WATCHED = "how long will staff watch me after spravato"
BOTH_SIDES = "does naltrexone block ketamine"


def claims_of(turn: Turn) -> list[str | None]:
    """The claims that the answer states, in order."""
    assert isinstance(turn.reply, Answer), turn.reply
    return [statement.claim_id for statement in turn.reply.statements]


def test_both_sides_are_shown_together(assistant: Assistant) -> None:
    """A claim brings the claim that speaks against it, and that is not repeated below."""
    turn = assistant.reply(BOTH_SIDES)
    assert isinstance(turn.reply, Answer)
    first = turn.reply.statements[0]
    assert {first.claim_id, first.contrasts[0].claim_id} == {"first-trial#f1", "second-trial#f1"}
    assert first.contrasts[0].claim_id not in claims_of(turn)


def test_every_shown_claim_has_its_other_side(assistant: Assistant, small_corpus: Corpus) -> None:
    """Whatever is asked, a claim with contrasts never stands alone."""
    against = {claim.claim_id: set(claim.contrasts) for claim in small_corpus.claims}
    for claim in small_corpus.claims:
        for phrase in claim.asked_as:
            reply = assistant.reply(phrase).reply
            if isinstance(reply, Answer):
                shown = {s.claim_id for top in reply.statements for s in (top, *top.contrasts)}
                assert all(against[str(claim_id)] <= shown for claim_id in shown), phrase


def test_a_follow_up_keeps_both_sides_together(assistant: Assistant, small_corpus: Corpus) -> None:
    """What was told before may be left out, but not the other side of what is shown now."""
    against = {claim.claim_id: set(claim.contrasts) for claim in small_corpus.claims}
    first = assistant.reply(BOTH_SIDES)
    for message in ("why?", "how common is it?", "and in rats?", "tell me more"):
        reply = assistant.reply(message, (first.without_ranking(),)).reply
        if isinstance(reply, Answer):
            shown = {s.claim_id for top in reply.statements for s in (top, *top.contrasts)}
            assert all(against[str(claim_id)] <= shown for claim_id in shown), message


def test_an_expired_claim_vanishes(
    small_prompts: Prompts, small_library: Callable[..., Library]
) -> None:
    """On its last day it is stated; on the next it is neither stated nor shown as a near passage."""

    def on(day: date) -> Turn:
        library = small_library(day)
        return Assistant(small_prompts, lambda: library).reply(
            "how many spravato clinics are there"
        )

    assert "clinic-label#f5" in claims_of(on(date(2026, 12, 31)))
    late = on(date(2027, 1, 1)).reply
    cited = (
        late.citations
        if isinstance(late, Answer)
        else late.nearest
        if isinstance(late, Abstention)
        else ()
    )
    assert not any("40 certified" in citation.passage.text for citation in cited)


def test_an_expired_contrast_vanishes(
    small_corpus: Corpus, small_prompts: Prompts, small_library: Callable[..., Library]
) -> None:
    """The clock holds for the other side too."""
    from chat.extractive import ExtractiveComposer
    from tests.corpus.test_check import with_claim

    library = small_library()
    spoiled = with_claim(small_corpus, "second-trial#f1", expires_on=date(2026, 11, 22))
    composer = ExtractiveComposer(spoiled, library.calibration, 6, lambda: TODAY)
    ranking = library.retriever.search(Query("q", BOTH_SIDES, ""), 30)
    drafted = list(composer.draft(ranking))
    assert [s.contrasts for s in drafted if s.claim_id == "first-trial#f1"] == [()]
