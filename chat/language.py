"""Is a message in another language than English? Only long ones are judged: short texts mislead.

py3langid (Lui and Baldwin 2011, 2012) is asked last, after signs of English were looked for.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import py3langid

_FEWEST_WORDS = 6
_ENGLISH = frozenset(
    "the a is are my i you to of and in it do does what how will can for with not if or me this "
    "that when why am be have".split()
)


def is_other_language(message: str, terms: Collection[str]) -> bool:
    """Whether a message reads as another language.

    Only one of six words or more, without a glossary term or an English function word, can.
    """
    words = re.findall(r"[^\W\d_]+", message.casefold())
    if len(words) < _FEWEST_WORDS or any(word in _ENGLISH or word in terms for word in words):
        return False
    language, _ = py3langid.classify(message)
    return bool(language != "en")
