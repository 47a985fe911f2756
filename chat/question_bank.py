"""The question list, matched against what a person said; also their own words as a question."""

from __future__ import annotations

import re
from functools import cache

from prompts.matching import NormalisedText, normalise_message
from prompts.types import BankQuestion, Setting, Stage


def fits_visit(question: BankQuestion, setting: Setting | None, stage: Stage | None) -> bool:
    """Whether the question makes sense in this setting and at this stage; unset fits all."""
    if setting and question.applies_to and setting not in question.applies_to:
        return False
    return stage is None or stage in question.stages


def raised_by(question: BankQuestion, text: NormalisedText) -> tuple[str, ...]:
    """The triggers of `question` that a normalised message holds as whole words, longest first."""
    found = [
        trigger for trigger in question.triggers if _trigger_pattern(trigger).search(text.text)
    ]
    return tuple(sorted(found, key=lambda trigger: (-len(trigger), trigger)))


@cache
def _trigger_pattern(trigger: str) -> re.Pattern[str]:
    words = re.escape(normalise_message(trigger).text.strip(" ."))
    return re.compile(rf"(?<!\w){words}(?:s|es|ed|ing)?(?!\w)")


def clinic_question(message: str) -> str:
    """The person's own words as something to say at the clinic, unchanged in quotation marks."""
    return f"I would like to ask you this, in my own words: “{' '.join(message.split())}”"
