"""Does one text say more than another? Numbers, negations, links, species, word by word.

Used when a brief is checked (`plain` against `precise`) and when a statement is grounded.
"""

from __future__ import annotations

import re

_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15",
    "twenty": "20", "thirty": "30",
    "half": "50%", "twice": "2x", "double": "2x", "doubled": "2x", "third": "3rd", "quarter": "25%",
    "twenty-six": "26", "forty": "40", "fifty": "50",
}  # fmt: skip
# "one" is mostly a pronoun or article in plain prose, "third" mostly an ordinal: a missing one
# proves nothing.
_WEAK = {"1", "3rd"}
_NUMBER = re.compile(r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(\s?%)?")
_OUT_OF = re.compile(
    r"(?<![\w.,])(\d[\d,]*(?:\.\d+)?) (?:in|out of)(?: every)? (100|1,000|1000|10,000)\b"
)
_SCALE_NAMES = re.compile(
    r"\b(?:PHQ-[29]|GAD-7|QIDS-SR16|HAM-D-17|DAST-10|WHO-5|PHASE-\d|[A-Z]+-\d+)\b", re.IGNORECASE
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|without|cannot|neither|nor|none|nobody|nothing|\w+n't)\b|\bun(?:able|known)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://\S+|\bwww\.\S+|\b10\.\d{4,}/\S+", re.IGNORECASE)
_UNIT = re.compile(r"\b(mg/kg|mg|mmhg|ml|mcg|micrograms?|milligrams?)\b", re.IGNORECASE)
_SPECIES = re.compile(
    r"\b(rats?|mice|mouse|rodents?|animals?|laboratory|lab|in vitro|cells?)\b", re.IGNORECASE
)


def unsupported_parts(text: str, passage: str) -> tuple[str, ...]:
    """What `text` holds that `passage` does not: numbers, units, links, negation either way.

    Percentages may become "x in 100" (rounded) or "x in 1,000". Each item is a short reason.
    """
    problems = [
        f"number {n} is not in the passage"
        for n in sorted(_numbers(text) - _supported_numbers(passage))
    ]
    problems += [
        f"unit {u} is not in the passage"
        for u in sorted(_found(_UNIT, text) - _found(_UNIT, passage))
    ]
    problems += [
        f"link {u} is not in the passage"
        for u in sorted(_found(_LINK, text) - _found(_LINK, passage))
    ]
    if bool(_NEGATION.search(text)) != bool(_NEGATION.search(passage)):
        where = "text" if _NEGATION.search(text) else "passage"
        problems.append(f"only the {where} holds a negation")
    return tuple(problems)


def drops_species(text: str, passage: str) -> bool:
    """Whether the passage speaks of animals or laboratory work and `text` does not."""
    return bool(_SPECIES.search(passage)) and not _SPECIES.search(text)


def echoes(phrase: str, text: str) -> bool:
    """Whether `phrase` repeats eight words of `text` in a row, or half a short text."""
    words = re.findall(r"[\w-]+", phrase.casefold())
    said = " ".join(re.findall(r"[\w-]+", text.casefold()))
    run = min(8, max(5, len(said.split()) // 2))
    return any(
        f" {' '.join(words[start : start + run])} " in f" {said} "
        for start in range(len(words) - run + 1)
    )


def number_values(text: str) -> frozenset[str]:
    """Every number of `text` as digits or a share ("62.8%"), number words included."""
    weak = {_WORDS[w] for w in re.findall(r"[a-z]+", text.casefold()) if _WORDS.get(w) in _WEAK}
    return frozenset(_numbers(text) | weak)


def _found(pattern: re.Pattern[str], text: str) -> set[str]:
    return {match.group().casefold().rstrip(".,;)") for match in pattern.finditer(text)}


def _numbers(text: str) -> set[str]:
    """Numbers as canonical strings; a share becomes "62.8%", weak number words are left out."""
    text = _SCALE_NAMES.sub(" ", text)
    shares = set()
    for match in _OUT_OF.finditer(text):
        base = int(match.group(2).replace(",", ""))
        shares.add(_share(float(match.group(1).replace(",", "")) * 100 / base))
    text = _OUT_OF.sub(" ", text)
    found = set()
    for match in _NUMBER.finditer(text):
        value = match.group(1).replace(",", "")
        found.add(_share(float(value)) if match.group(2) else value)
    words = {_WORDS[w] for w in re.findall(r"[a-z]+(?:-[a-z]+)?", text.casefold()) if w in _WORDS}
    return shares | found | (words - _WEAK)


def _supported_numbers(passage: str) -> set[str]:
    supported = _numbers(passage)
    for word, value in _WORDS.items():
        if re.search(rf"\b{word}\b", passage, re.IGNORECASE):
            supported.add(value)
    for number in tuple(supported):
        if number.endswith("%"):
            percent = float(number[:-1])
            supported |= {
                _share(round(percent)),
                _share(int(percent + 0.5)),
                _share(round(percent, 1)),
                number[:-1],
            }
    # "48% to 61%" and "48 to 61%" are the same range, written two ways.
    for match in re.finditer(r"(\d+(?:\.\d+)?)\s*(?:to|-|–)\s*(\d+(?:\.\d+)?)\s?%", passage):
        supported |= {_share(float(match.group(1))), _share(round(float(match.group(1))))}
    return supported


def _share(percent: float) -> str:
    return f"{percent:g}%"
