"""How hard a text is to read: Flesch-Kincaid grade (Kincaid et al. 1975), by pinned textstat."""

from __future__ import annotations

import re
import warnings

from corpus.glossary import term_pattern
from corpus.types import Term

with warnings.catch_warnings():
    # textstat 0.7.4 is pinned for its figures; it still reads its word list through pkg_resources.
    warnings.simplefilter("ignore")
    import textstat

LONGEST_SENTENCE_WORDS = 20
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]?\s+(?=[A-Z0-9\"'(])")


def grade(text: str, glossary: tuple[Term, ...] = ()) -> float:
    """Flesch-Kincaid grade of `text`, names and glossary terms replaced by a one-syllable word.

    Pass no glossary for the raw grade.
    """
    return float(textstat.flesch_kincaid_grade(_with_placeholders(text, glossary)))


def longest_sentence(text: str) -> int:
    """Words in the longest sentence."""
    return max(len(sentence.split()) for sentence in _SENTENCE_END.split(text))


def _with_placeholders(text: str, glossary: tuple[Term, ...]) -> str:
    return term_pattern(glossary).sub("drug", text) if glossary else text
