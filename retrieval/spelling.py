"""Mends slips of the finger in a query, towards words that the corpus uses.

Both searches, and the judgement of their evidence, fail on "bladdr". A word is mended only where it
is neither in the corpus nor in an English dictionary (pyspellchecker's), and where a word of the
corpus with the same first letter is one edit away (Damerau 1964, CACM 7(3):171). Names stay as
they are, mostly: the dictionary knows many, and few lie one edit from a word of the corpus.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from spellchecker import SpellChecker

from corpus.types import Corpus

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 5  # in shorter words one edit reaches too many others: "wifi" is no "wife"
_OFTEN = 3  # how often the corpus uses a word that we mend towards: its own slips are rarer


class Speller:
    """Knows how often the texts of a corpus use each word."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts = Counter(word for text in texts for word in _WORD.findall(text.casefold()))

    def mend(self, text: str) -> str:
        """`text` with slips mended; everything else stays as it was typed."""
        return _WORD.sub(lambda found: self._mended(found.group()), text)

    def _mended(self, typed: str) -> str:
        word = typed.casefold()
        if len(word) < _SHORTEST or word in self._counts or word in self._english:
            return typed
        near = [
            other
            for other in self._english.edit_distance_1(word)
            if other[:1] == word[0] and self._counts[other] >= _OFTEN
        ]
        return max(near, key=lambda other: (self._counts[other], other), default=typed)

    @cached_property
    def _english(self) -> SpellChecker:
        """Read at the first word that the corpus does not hold: it takes a quarter of a second."""
        return SpellChecker(language="en", distance=1)


def open_speller(corpus: Corpus) -> Speller:
    """A speller for what is searched: wordings of claims, ways of asking, and passages."""
    texts = [chunk.text for chunk in corpus.chunks]
    for chunk in corpus.chunks:
        if chunk.claim is not None:
            texts += [chunk.claim.plain, *chunk.claim.asked_as]
    return Speller(texts)
