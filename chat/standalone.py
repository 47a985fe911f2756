"""Follow-ups: a message that leans on what came before becomes a query that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.types import Redirect, Turn
from retrieval.lexical import content_words
from retrieval.types import Query

_DEFAULT_SUBJECT = "ketamine treatment"
_LEANS = re.compile(
    r"^(?:and|but|so|or|also|what about|how about|what if|why|how come|really|how so|is that|is it|"
    r"does it|does that|are they|do they|can it|will it|how often|how long|how much|how common|"
    r"tell me more|more|go on|continue|interesting|what else|anything else|explain|source|"
    r"in what way|compared|even|for how|since when)\b|"
    r"\b(?:it|its|that|those|they|them|this|these|there|same)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:ketamine|esketamine|spravato|naltrexone|naloxone|opioids?|morphine|ketorolac|phq|madrs|"
    r"taps|rems|nmda|placebo|blood pressure|breathing|dissociat\w+|sedat\w+|monitor\w*|screen\w*|"
    r"depress\w+|sickle|bladder|lozenges?|troches?)\b",
    re.IGNORECASE,
)
# Without a subject, these words point at the visit that the person prepares for.
_POINTS_AT_TREATMENT = re.compile(
    r"\b(?:it|its|they|them|the room|sessions?|clinics?|appointments?|treatments?|visits?|nurses?|"
    r"staff|the spray|infusions?)\b",
    re.IGNORECASE,
)
# Words that ask for more of the same and name nothing new.
_LEANING_WORDS = re.compile(
    r"\b(?:why|not|how|more|common|often|long|safe|dangerous|bad|normal|likely|source|sources|explain|"
    r"simpler|simple|really|sure|true|serious|happen|happens|mean|means|work|works|last|detail|"
    r"details|example|percent|many|much|usual|usually|rare)\b",
    re.IGNORECASE,
)
_LONGEST_FOLLOW_UP_WORDS = 8
_LONGEST_POINTING_WORDS = 12  # a longer message that opens like a follow-up, or points at something
_OPENS = re.compile(r"^(?:and|but|even|what about|how about|so)\b", re.IGNORECASE)
_POINTS = re.compile(r"\b(?:it|that|this|they|them|those|these)\b", re.IGNORECASE)
# "No, I meant the spray, not the lozenges": what is meant, and what is not.
_MEANT = re.compile(
    r"\b(?:i (?:meant|mean)|(?:should have|shouldve|should've) said|i was asking about)\s+"
    r"(?P<new>[^,;.]+?)(?:,?\s+(?:and )?not\s+(?P<old>[^,;.]+))?(?:[,;.]\s*(?P<rest>.*))?$",
    re.IGNORECASE,
)
_TREATMENTS = re.compile(
    r"\b(?:spravato|esketamine|ketamine|infusions?|drips?|lozenges?|troches?|nasal spray|spray|"
    r"shots?|injections?|tablets?|ect|tms|rtms)\b",
    re.IGNORECASE,
)
_MOST_WORDS_BEFORE = 12
_LONGEST_CORRECTION_WORDS = 20
# Words that point at something said before; alone in a first message they ask nothing.
_POINTING_WORDS = re.compile(
    r"\b(?:first|second|third|last|next|other|another|one|ones|same|thing|things|place|places|"
    r"normal|before|after|take|right|true|okay|ok|different|difference|two|both|either|kind|way|"
    r"time|times|again|then|now|long|often|many|much|it|that|this|those|these|better|worse|"
    r"happens?|means?|sure|about|instead|too|yet|still|already|anything|something|everything)\b",
    re.IGNORECASE,
)
_FEWEST_WORDS_OF_SENSE = 6  # a shorter message may repeat itself and still ask something


def standalone_query(
    message: str, history: Sequence[Turn], turn_id: int, asked: str | None = None
) -> Query:
    """The query for `message`; `asked` (default: the message) is kept unchanged beside it.

    A follow-up with words of its own ("and with high blood pressure?") takes the subject words of
    the query before it, or the words that say something where it points back ("does it hurt?"); one
    without ("why?", "is that common?") takes that query whole. A correction ("no, I meant the
    spray, not the drip") asks that query of what is meant. With nothing before it, "it" or "the
    clinic" without a subject is about ketamine treatment.
    """
    asked = message if asked is None else asked
    text = " ".join(message.split())
    before = _last_query(history)
    meant = _MEANT.search(text)
    if before is not None and meant is not None and len(text.split()) <= _LONGEST_CORRECTION_WORDS:
        text = _corrected(before.text, meant)
    elif before is not None and leans_on_conversation(text):
        if content_words(_LEANING_WORDS.sub(" ", text)):
            subjects = dict.fromkeys(
                match.group().casefold() for match in _SUBJECT.finditer(before.text)
            )
            points = _POINTS.search(text)
            text = (
                f"{text} ({(points and _named(before.text)) or ', '.join(subjects) or before.text})"
            )
        else:
            text = f"{before.text} {text}"
    elif content_words(text) and not _SUBJECT.search(text) and _POINTS_AT_TREATMENT.search(text):
        text = f"{text} ({_DEFAULT_SUBJECT})"
    return Query(f"t{turn_id}", text, asked)


def _corrected(before: str, meant: re.Match[str]) -> str:
    """The question before, about what is meant instead; with `rest`, that alone is asked of it."""
    new, old, rest = (meant.group(name) or "" for name in ("new", "old", "rest"))
    if content_words(_LEANING_WORDS.sub(" ", rest)):
        return f"{rest} ({new})"
    dropped = set(content_words(old))
    kept = " ".join(
        word
        for word in before.split()
        if not _TREATMENTS.search(word) and not dropped & set(content_words(word))
    )
    return f"{new}: {kept} {rest}".strip()


def _named(text: str) -> str:
    """The words of a query that say something, as they stand there."""
    words = [word for word in text.split() if content_words(word)]
    return " ".join(words[:_MOST_WORDS_BEFORE])


def is_underspecified(message: str, history: Sequence[Turn]) -> bool:
    """Whether there is nothing to search for: nothing named, or the same few words over and over.

    With something said before, a message that only points is a follow-up.
    """
    words = content_words(message)
    if len(words) >= _FEWEST_WORDS_OF_SENSE and len(set(words)) <= len(words) // 2:
        return True
    return _last_query(history) is None and not content_words(_POINTING_WORDS.sub(" ", message))


def leans_on_conversation(message: str) -> bool:
    """Whether a message is a follow-up: short, and it opens or points like one."""
    words = len(message.split())
    if (
        words <= _LONGEST_FOLLOW_UP_WORDS
        and _LEANS.search(message)
        and len(set(_SUBJECT.findall(message))) < 2
    ):
        return True
    if words <= _LONGEST_POINTING_WORDS and not _SUBJECT.search(message):
        return bool(_OPENS.search(message) or _POINTS.search(message)) or words <= 2
    return words <= 2 and not _SUBJECT.search(message)


def _last_query(history: Sequence[Turn]) -> Query | None:
    for turn in reversed(history):
        if turn.query is not None and not isinstance(turn.reply, Redirect):
            return turn.query
    return None
