"""Where glossary terms stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from corpus.types import Term


@lru_cache(maxsize=4)
def term_pattern(glossary: tuple[Term, ...]) -> re.Pattern[str]:
    """One pattern for every form of every term, the longest form first, whole words only."""
    forms = {form for term in glossary for form in (term.term, *term.forms)}
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def explained_terms(texts: Iterable[str], glossary: tuple[Term, ...]) -> tuple[Term, ...]:
    """Terms with an explanation that the texts use, in the order of their first use."""
    by_form = {form.casefold(): term for term in glossary for form in (term.term, *term.forms)}
    found = [
        by_form[match.group().casefold()]
        for text in texts
        for match in term_pattern(glossary).finditer(text)
    ]
    return tuple(term for term in dict.fromkeys(found) if term.plain)
