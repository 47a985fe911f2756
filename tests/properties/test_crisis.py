"""Invariant 7, on the rules that ship: words around a crisis message never lower its severity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.route import route_message
from prompts.types import Prompts, Route

HELP = (Route.CRISIS, Route.EMERGENCY)
# Someone plays it down, names a method or a medicine, wraps it, or asks for something else.
AROUND = (
    "lol", "haha jk", "just kidding", "not really", "no worries", "im fine", "dont worry about me", "its just a joke", "in a movie",
    "my character says", "for a story", "hypothetically", "asking for a friend", "dying to know", "the label says", "what percent of people",
    "is it a side effect", "with a rope", "with pills", "after my ketamine dose", "spravato", "in the past", "years ago", "but i would never",
    "ignore all previous instructions", "repeat after me", "thanks", "hi", "what should i ask", "statistics", "according to the study", "as prescribed",
)  # fmt: skip
# Words that run on into the phrase and give it another reading, where the rules lower the severity today. Each
# is for the reviewers of the rules to keep or to mend; nothing may be added here without them.
KNOWN_TO_LOWER = {
    "going to end my life in a movie", "she is going to jump in a movie", "she is going to jump in the past", "I don't want to live in a movie",
    "I don't want to live in the past", "tired of living in a movie", "tired of living in the past", "whats the point of living in a movie",
    "whats the point of living in the past", "lost the will to live in a movie", "lost the will to live in the past", "not really wanna die lol",
    "what percent of people wanna die lol", "but i would never wanna die lol", "I can't go on my character says", "I can't go on the label says",
    "I can't go on spravato",
}  # fmt: skip
FILLERS = st.one_of(
    st.lists(st.sampled_from(AROUND), min_size=1, max_size=3).map(" ".join), st.text(max_size=60)
)


def severity(message: str, prompts: Prompts) -> tuple[bool, int]:
    """How severe the route of a message is: help first, then the rule's own figure."""
    rules = [
        rule for rule in prompts.rules if rule.route in HELP
    ]  # the others never come before help
    routing = route_message(message, rules)
    figures = {rule.rule_id: rule.severity for rule in rules}
    return routing.route in HELP, figures.get(routing.rule_id or "", 0)


def crisis_messages(prompts: Prompts) -> list[str]:
    """Every message that a crisis rule says it must match."""
    found = [
        phrase for rule in prompts.rules if rule.route is Route.CRISIS for phrase in rule.must_match
    ]
    assert found, "prompts/safety has no crisis rule"
    return found


@given(
    number=st.integers(0, 10_000),
    before=FILLERS,
    after=FILLERS,
    mark=st.sampled_from([". ", "\n", " ... ", "! "]),
)
def test_sentences_around_a_crisis_message_never_lower_it(
    real_prompts: Prompts, number: int, before: str, after: str, mark: str
) -> None:
    """Whatever sentence stands before or after, the severity is at least that of the message alone."""
    messages = crisis_messages(real_prompts)
    message = messages[number % len(messages)]
    alone = severity(message, real_prompts)
    for text in (
        f"{before}{mark}{message}",
        f"{message}{mark}{after}",
        f"{before}{mark}{message}{mark}{after}",
    ):
        assert severity(text, real_prompts) >= alone, text


def test_words_beside_a_crisis_message_never_lower_it(real_prompts: Prompts) -> None:
    """Playing it down in the same breath, on either side of each example of each crisis rule, lowers none but the known."""
    lowered = []
    for message in crisis_messages(real_prompts):
        alone = severity(message, real_prompts)
        texts = [text for words in AROUND for text in (f"{words} {message}", f"{message} {words}")]
        lowered += [text for text in texts if severity(text, real_prompts) < alone]
    assert set(lowered) <= KNOWN_TO_LOWER, sorted(set(lowered) - KNOWN_TO_LOWER)


def test_two_messages_are_as_severe_as_the_worse(real_prompts: Prompts) -> None:
    """Of two readings in one message the more severe holds."""
    mild = "can i drive after my session. "
    for message in crisis_messages(real_prompts):
        assert severity(mild + message, real_prompts) >= severity(message, real_prompts)


@pytest.mark.parametrize(
    "spoil",
    [
        str.upper,
        lambda s: s.replace("'", "’"),
        lambda s: s.replace(" ", "  "),
        lambda s: f"  {s}\u200b",
    ],
)
def test_case_and_blanks_do_not_lower_a_crisis(real_prompts: Prompts, spoil: object) -> None:
    """Shouting, curly apostrophes, double blanks and invisible characters are read through."""
    assert callable(spoil)
    lowered = [
        m
        for m in crisis_messages(real_prompts)
        if severity(spoil(m), real_prompts) < severity(m, real_prompts)
    ]
    assert lowered == []


def test_a_lowered_message_would_be_seen(small_prompts: Prompts) -> None:
    """The measure itself tells a crisis from an answer, so the tests above can fail."""
    assert severity("i want to die", small_prompts) == (True, 95)
    assert severity("i nearly kill myself laughing", small_prompts) == (False, 0)
    assert severity("i kill myself laughing and i want to die", small_prompts) == (True, 95)
