"""What was told before: told again on request, else not repeated.

A follow-up may ask for the last answer in simpler words, or where it comes from. Neither needs a
search. A statement is already as plain as its source allows, so simpler means the main point alone;
its source is one tap away, so that is said, and the answer stands there again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.ground import is_grounded
from chat.standalone import leans_on_conversation
from chat.types import Answer, Turn
from corpus.types import Corpus

SIMPLER_NOTICE, SOURCE_NOTICE = "simpler_notice", "source_notice"
_MAIN_POINT = 2  # statements
_LONGEST_WORDS = 12  # a longer message asks something besides
_SIMPLER = re.compile(
    r"\bsimpl(?:er|y|ify)\b|\b(?:in )?(?:plain|easy|easier|normal|basic) (?:english|words|terms)\b|"
    r"\bdumb it down\b|\blike i ?['’]?m (?:5|five|ten|10|a kid|a child|12)\b|\beli5\b|"
    r"\b(?:do not|don['’]?t|didn['’]?t|did not|can['’]?t) (?:really )?(?:get|understand|follow)"
    r"(?: (?:it|that|this|any of (?:it|that)))?\W*$|"
    r"\btoo (?:long|complicated|technical|many words)\b|\bshort(?:er)? version\b|\btl;?dr\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"^\W*(?:the |your |any |which |what )?(?:sources?|references?|citations?|proof)\b[^.]{0,20}$|"
    r"\bwhere (?:do(?:es)?|did|is|are|was) (?:it|that|this|those|these|you|all that|the info\w*)"
    r"(?: \w+)?(?: come| get| find| read)?(?: \w+)? ?from\b|"
    r"\bwhere(?:['’]?s| is) (?:this|that|it) (?:written|from|said|published)\b|"
    r"\bwhich (?:document|paper|study|page|book|source)\b[^.]{0,20}$|"
    r"\bwhere (?:did|do) you (?:get|find|read|hear)\b|\bwho (?:says|said) (?:so|that|this)\b|"
    r"\bsays who\b|\bwhat(?:['’]?s| is| are) (?:the|your) sources?\b|\bhow do you know\b",
    re.IGNORECASE,
)


def retell(message: str, history: Sequence[Turn], corpus: Corpus) -> Answer | None:
    """The last answer again, under a notice, where `message` asks about that answer itself.

    What the corpus no longer holds is left out; None where nothing is left, or nothing was said.
    """
    if not history or len(message.split()) > _LONGEST_WORDS:
        return None
    last = history[-1].reply
    if not isinstance(last, Answer):
        return None
    statements = tuple(s for s in last.statements if is_grounded(s, corpus))
    if _SIMPLER.search(message):
        statements, notice = statements[:_MAIN_POINT], SIMPLER_NOTICE
    elif _SOURCE.search(message):
        notice = SOURCE_NOTICE
    else:
        return None
    return Answer(statements, last.composer, notice) if statements else None


def told_claims(message: str, history: Sequence[Turn]) -> frozenset[str]:
    """Claims that a follow-up has just been told; another question starts afresh."""
    if not leans_on_conversation(message):
        return frozenset()
    answers = [turn.reply for turn in history if isinstance(turn.reply, Answer)]
    return frozenset(s.claim_id for answer in answers for s in answer.statements if s.claim_id)
