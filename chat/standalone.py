"""Follow-ups: a message that leans on what came before becomes a query that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.types import Redirect, Turn
from retrieval.types import Query

_DEFAULT_SUBJECT = "ketamine treatment"
_LEANS = re.compile(
    r"^(?:and|but|so|or|also|what about|how about|what if|why|how come|really|how so|is that|is it|does it|does that|are they|"
    r"do they|can it|will it|how often|how long|how much|how common|tell me more|more|explain|source|in what way|compared|even|for how|since when)\b|"
    r"\b(?:it|its|that|those|they|them|this|these|there|same)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:ketamine|esketamine|spravato|naltrexone|naloxone|opioids?|morphine|ketorolac|phq|madrs|taps|rems|nmda|placebo|"
    r"blood pressure|breathing|dissociat\w+|sedat\w+|monitor\w*|screen\w*|depress\w+|sickle|bladder|lozenges?|troches?)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(it|its|this|that|they|them)\b", re.IGNORECASE)
_LONGEST_FOLLOW_UP_WORDS = 8


def standalone_query(message: str, history: Sequence[Turn], turn_id: int, asked: str | None = None) -> Query:
    """The query for `message`; `asked` (default: the message) is kept unchanged beside it.

    A message that leans on the conversation is joined with the query before it; "it" with nothing
    before it is ketamine treatment.
    """
    asked = message if asked is None else asked
    text = " ".join(message.split())
    before = _last_query(history)
    if before is not None and _leans_on_conversation(text):
        text = f"{before.text} {text}"
    elif before is None and not _SUBJECT.search(text) and _PRONOUN.search(text):
        text = f"{text} ({_DEFAULT_SUBJECT})"
    return Query(f"t{turn_id}", text, asked)


def _leans_on_conversation(text: str) -> bool:
    words = len(text.split())
    if words <= _LONGEST_FOLLOW_UP_WORDS and _LEANS.search(text) and len(set(_SUBJECT.findall(text))) < 2:
        return True
    return words <= 2 and not _SUBJECT.search(text)


def _last_query(history: Sequence[Turn]) -> Query | None:
    for turn in reversed(history):
        if turn.query is not None and not isinstance(turn.reply, Redirect):
            return turn.query
    return None
