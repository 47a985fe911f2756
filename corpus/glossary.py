"""Where glossary terms stand in a text, and which ones its lay words mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from corpus.types import Term


def term_pattern(glossary: tuple[Term, ...]) -> re.Pattern[str]:
    """One pattern for every form of every term, the longest form first, whole words only."""
    return _compiled(_Same(glossary)).forms


def split_terms(text: str, glossary: tuple[Term, ...]) -> tuple[tuple[str, Term | None], ...]:
    """`text` in pieces that join to it again, each with the term that it is, if it is one."""
    if not glossary:
        return ((text, None),)
    compiled = _compiled(_Same(glossary))
    pieces: list[tuple[str, Term | None]] = []
    end = 0
    for match in compiled.forms.finditer(text):
        if match.start() > end:
            pieces.append((text[end : match.start()], None))
        pieces.append((match.group(), compiled.term_of_form[match.group().casefold()]))
        end = match.end()
    if end < len(text):
        pieces.append((text[end:], None))
    return tuple(pieces)


def meant_terms(text: str, glossary: tuple[Term, ...]) -> tuple[Term, ...]:
    """Terms that `text` names in lay words, in the order in which they occur."""
    if not glossary:
        return ()
    compiled = _compiled(_Same(glossary))
    found = [
        compiled.term_of_lay_word[match.group().casefold()]
        for match in compiled.lay_words.finditer(text)
    ]
    return tuple(dict.fromkeys(found))


class _Same:
    """A glossary as a cache key: the same object, since comparing hundreds of terms costs more."""

    __slots__ = ("glossary",)

    def __init__(self, glossary: tuple[Term, ...]) -> None:
        self.glossary = glossary

    def __hash__(self) -> int:
        return id(self.glossary)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.glossary is self.glossary


@dataclass(frozen=True, slots=True)
class _Compiled:
    forms: re.Pattern[str]
    term_of_form: dict[str, Term]
    lay_words: re.Pattern[str]
    term_of_lay_word: dict[str, Term]


@lru_cache(maxsize=8)
def _compiled(key: _Same) -> _Compiled:
    forms = {form: term for term in key.glossary for form in (term.term, *term.forms)}
    lay_words = {word: term for term in key.glossary for word in term.synonyms}
    return _Compiled(
        _any_of(forms),
        {form.casefold(): term for form, term in forms.items()},
        _any_of(lay_words),
        {word.casefold(): term for word, term in lay_words.items()},
    )


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    """Whole forms, the longest first. A form in capitals ("NICE") is no ordinary word in small."""
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    parts = [
        f"(?-i:{re.escape(form)})" if form.isupper() else re.escape(form) for form in longest_first
    ]
    nothing = r"(?!)"
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts) or nothing})(?!\w)", re.IGNORECASE)
