"""Which language a message is in. That it is not English is judged of long ones only.

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

_SPANISH = frozenset(
    "que de el la los las un una y es mi tu su por para con estoy esta quiero puedo tengo ya yo "
    "ella se le lo muy mas más si nada va fue hay quien hola morir morirme matarme vida pecho "
    "dolor respirar tomo tomó".split()
)


def is_spanish(message: str) -> bool:
    """Whether a message has more common Spanish words than English ones; short ones too.

    For help only, where the English text stands below the Spanish one: an error costs a scroll.
    """
    words = re.findall(r"[^\W\d_]+", message.casefold())
    spanish = sum(word in _SPANISH for word in words)
    english = sum(word in _ENGLISH and word != "me" for word in words)
    return bool(spanish > english)


def is_other_language(message: str, terms: Collection[str]) -> bool:
    """Whether a message reads as another language.

    Only one of six words or more, without a glossary term or an English function word, can.
    """
    words = re.findall(r"[^\W\d_]+", message.casefold())
    if len(words) < _FEWEST_WORDS or any(word in _ENGLISH or word in terms for word in words):
        return False
    language, _ = py3langid.classify(message)
    return bool(language != "en")
