"""Where glossary terms stand in a text, and which ones its lay words mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from corpus.types import Term


@lru_cache(maxsize=4)
def term_pattern(glossary: tuple[Term, ...]) -> re.Pattern[str]:
    """One pattern for every form of every term, the longest form first, whole words only."""
    return _any_of({form for term in glossary for form in (term.term, *term.forms)})


def split_terms(text: str, glossary: tuple[Term, ...]) -> tuple[tuple[str, Term | None], ...]:
    """`text` in pieces that join to it again, each with the term that it is, if it is one."""
    if not glossary:
        return ((text, None),)
    pieces: list[tuple[str, Term | None]] = []
    end = 0
    owners = _owners(glossary)
    for match in term_pattern(glossary).finditer(text):
        if match.start() > end:
            pieces.append((text[end : match.start()], None))
        pieces.append((match.group(), owners[match.group().casefold()]))
        end = match.end()
    if end < len(text):
        pieces.append((text[end:], None))
    return tuple(pieces)


def meant_terms(text: str, glossary: tuple[Term, ...]) -> tuple[Term, ...]:
    """Terms that `text` names in lay words, in the order in which they occur."""
    owners = _lay_owners(glossary)
    if not owners:
        return ()
    found = [owners[m.group().casefold()] for m in _lay_pattern(glossary).finditer(text)]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4)
def _owners(glossary: tuple[Term, ...]) -> dict[str, Term]:
    return {form.casefold(): term for term in glossary for form in (term.term, *term.forms)}


@lru_cache(maxsize=4)
def _lay_owners(glossary: tuple[Term, ...]) -> dict[str, Term]:
    return {lay.casefold(): term for term in glossary for lay in term.synonyms}


@lru_cache(maxsize=4)
def _lay_pattern(glossary: tuple[Term, ...]) -> re.Pattern[str]:
    return _any_of(_lay_owners(glossary))


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
