"""The question list, matched against what a person said. Also the person's own words as a question."""

from __future__ import annotations

import re
from collections.abc import Iterable

from prompts.matching import normalise_message
from prompts.types import BankQuestion, Setting, Stage


def fits_visit(question: BankQuestion, setting: Setting | None, stage: Stage | None) -> bool:
    """Whether the question makes sense in this setting and at this stage; unset fits all."""
    if setting and question.applies_to and setting not in question.applies_to:
        return False
    return stage is None or stage in question.stages


def raised_by(question: BankQuestion, message: str) -> tuple[str, ...]:
    """The triggers of `question` that `message` holds, as whole words, the longest first."""
    text = f" {normalise_message(message).text} "
    found = []
    for trigger in question.triggers:
        words = re.escape(normalise_message(trigger).text.strip(" ."))
        if words and re.search(rf"(?<!\w){words}(?:s|es|ed|ing)?(?!\w)", text):
            found.append(trigger)
    return tuple(sorted(found, key=lambda trigger: (-len(trigger), trigger)))


def clinic_question(message: str) -> str:
    """The person's own words as something to say at the clinic, unchanged inside quotation marks."""
    return f"I would like to ask you this, in my own words: “{' '.join(message.split())}”"


def supported_by(question: BankQuestion, claim_ids: Iterable[str]) -> bool:
    """Whether the question rests on one of these claims."""
    return not set(question.evidence).isdisjoint(claim_ids)
