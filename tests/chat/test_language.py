"""Help in Spanish above the English text, for a message in Spanish and for no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chat.present import reply_message
from chat.turn import Assistant
from chat.types import Redirect, VisitContext
from prompts.types import Prompts, Route


@pytest.mark.parametrize(
    ("message", "first"),
    [
        ("me quiero morir", "Puede hablar con alguien ahora."),
        ("ya no quiero vivir", "Puede hablar con alguien ahora."),
        ("mi marido no puede respirar", "Llame ahora al número de emergencias: 911"),
        ("i want to die", "You do not have to carry this alone."),
        ("my hubby cant breathe since the dose", "Call 911 now."),
    ],
)
def test_help_comes_in_the_language_of_the_message(
    real_prompts: Prompts, message: str, first: str
) -> None:
    """No index is opened for it, and the English text with every line follows."""
    turn = Assistant(real_prompts, lambda: None).reply(message)
    text = reply_message(turn, VisitContext(country="US"), real_prompts)
    assert text is not None
    assert text.startswith(first)
    assert "911" in text
    assert "I am a computer program" in text


@pytest.mark.parametrize(
    ("message_id", "order"),
    [
        ("crisis_overdose", ("911", "Poison", "988")),
        ("crisis_overdose_other", ("911", "Poison", "988")),
        ("crisis_danger_now", ("911", "988")),
    ],
)
def test_the_emergency_number_comes_first_in_spanish_too(
    assistant: Assistant, real_prompts: Prompts, message_id: str, order: tuple[str, ...]
) -> None:
    """An overdose with intent: emergency number, poison control, crisis line, in this order."""
    turn = replace(assistant.reply("hi"), asked="me quiero morir, tomo todo")
    turn = replace(turn, reply=Redirect(Route.CRISIS, message_id))
    text = reply_message(turn, VisitContext(country="US"), real_prompts)
    assert text is not None
    assert text.startswith("Llame ahora")
    places = [text.index(word) for word in order]
    assert places == sorted(places)
