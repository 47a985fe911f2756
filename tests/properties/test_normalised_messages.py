"""The map back from the normalised message to what was typed."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from prompts.matching import matches, normalise_message
from prompts.types import Prompts

MESSAGES = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            [
                "k1ll ",
                "d!e",
                "’",
                "\u200b",
                "e\u0301",
                "İ",
                "ß",
                "ﬁ",
                "½",
                "3.5",
                "...",
                "🙂",
                "\n",
                "I ",
                "$elf",
                "９",
            ]
        ),
        max_size=15,
    ).map("".join),
)


@given(message=MESSAGES)
@example(message="İ’m go\u200bing to k1ll myself… ½")
def test_every_character_knows_where_it_came_from(message: str) -> None:
    """`origins` has one rising place of the message for each normalised character."""
    text = normalise_message(message)
    assert len(text.origins) == len(text.text)
    assert list(text.origins) == sorted(text.origins)
    assert all(0 <= place < len(message) for place in text.origins)
    assert "  " not in text.text


@given(message=MESSAGES, data=st.data())
def test_a_span_maps_back_into_the_message(message: str, data: st.DataObject) -> None:
    """Any span of the normalised text is a span of the message that is not empty."""
    text = normalise_message(message)
    if text.text:
        start = data.draw(st.integers(0, len(text.text) - 1))
        end = data.draw(st.integers(start + 1, len(text.text)))
        left, right = text.original_span(start, end)
        assert 0 <= left < right <= len(message)


@given(before=MESSAGES, after=MESSAGES)
def test_a_match_points_at_the_words_that_were_typed(
    small_prompts: Prompts, before: str, after: str
) -> None:
    """Around any text, the span of the match holds exactly the typed words of the rule."""
    rule = next(rule for rule in small_prompts.rules if rule.rule_id == "crisis_intent")
    message = f"{before} . I want to D1E . {after}"
    place = len(before) + len(" . I ")
    spans = [(match.start, match.end) for match in matches(rule, normalise_message(message))]
    assert (place, place + len("want to D1E")) in spans
