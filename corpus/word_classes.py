"""Word classes that `plain` and `precise` must share: directions, hedges, groups, species, people.

`corpus.wording` compares numbers, units, links and negations, for statements too. This module
compares what only a brief's two wordings can be asked for: nothing may be dropped on the way to
plain words either. A false alarm is answered in `corpus/exemptions.yaml`, with a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.wording import number_values


@dataclass(frozen=True, slots=True)
class WordClass:
    """Words that count as one here: where one wording has such a word, the other must have one.

    `wanted_in` narrows that to one of the two: "plain" may not drop, "precise" must carry it.
    """

    name: str
    pattern: re.Pattern[str]
    wanted_in: str = "both"


def _words(expression: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{expression})\b", re.IGNORECASE)


# "May" with a capital is the month: only the small letter hedges.
_HEDGE = re.compile(
    r"\b(?:may|might|could|can|suggest\w*|possibl[ey]|perhaps|seem\w*|appear\w*|unlikely|likely|"
    r"probabl[ey]|unclear|uncertain|associat\w+|link(?:ed|s)?|tend(?:s|ed|ency)?|trend|options?)\b"
)

CLASSES = (
    WordClass(
        "a word for a rise or for more",
        _words(
            r"ris(?:e|es|en|ing)|rose|rais(?:e|es|ed|ing)|increas\w+|high(?:er|est)|grow\w*|"
            r"grew|(?:went|go|goes|going) up|"
            r"climb\w*|greater|more|larger|bigger|stronger|worsen\w*|worse|longer|better|"
            r"improv\w+|above|over|gain\w*|rapid\w*|faster|exceed\w*|elevat\w+|additional|extra|"
            r"recover\w*|respon(?:se|ses|d|ded|der|ders)|remission|at least|most(?:ly)?|peak\w*"
        ),
    ),
    WordClass(
        "a word for a fall or for less",
        _words(
            r"fall(?:s|en|ing)?|fell|drop(?:s|ped)?|reduc\w+|decreas\w+|low(?:er\w*|est)?|"
            r"less(?:en\w*)?|fewer|small(?:er)?|weak\w*|declin\w+|"
            r"(?:went|go|goes|going|came|comes) down|shrank|shorter|below|"
            r"dampen\w*|eas(?:e|es|ed|ing)|cut(?:s|ting)?|reliev\w+|relief|improv\w+|better|"
            r"suppress\w*|attenuat\w+|fad(?:e|es|ed|ing)|wore off|wear(?:s|ing)? off|at most"
        ),
    ),
    WordClass("a hedge", _HEDGE, wanted_in="plain"),
    WordClass(
        "a word for a cause or a certainty",
        _words(
            r"caus(?:e|es|ed|ing)|prevent\w*|cure[sd]?|proven?|proves|proof|guarantee\w*|ensures?|"
            r"always|certain(?:ly)?|definite\w*|harmless|risk-free"
        ),
        wanted_in="precise",
    ),
    WordClass("placebo", _words(r"placebo|dummy")),
    WordClass("saline", _words(r"saline|salt water|salt solution")),
    WordClass("midazolam", _words(r"midazolam")),
    WordClass("a sham treatment", _words(r"sham|pretend|fake")),
    WordClass(
        "usual care", _words(r"usual care|treatment as usual|care as usual|standard care|usual")
    ),
    WordClass("a waiting list", _words(r"wait(?:ing)?[- ]?list\w*")),
    WordClass("an opioid blocker", _words(r"naltrexone|naloxone|opioid blockers?")),
    WordClass("quetiapine", _words(r"quetiapine")),
    WordClass("lithium", _words(r"lithium")),
    WordClass("electroconvulsive therapy", _words(r"ECT|electroconvulsive\w*")),
    WordClass(
        "animals or laboratory work",
        _words(
            r"rats?|mice|mouse|rodents?|animals?|monkeys?|primates?|laboratory|lab|in vitro|cells?|"
            r"simulat\w+|computer"
        ),
    ),
    WordClass("rats", _words(r"rats?|rodents?|animals?"), wanted_in="plain"),
    WordClass("mice", _words(r"mice|mouse|rodents?|animals?"), wanted_in="plain"),
    WordClass("rats", _words(r"rats?|rodents?"), wanted_in="precise"),
    WordClass("mice", _words(r"mice|mouse|rodents?"), wanted_in="precise"),
    WordClass("healthy people", _words(r"healthy")),
    WordClass(
        "children or young people", _words(r"child\w*|adolescen\w+|teen\w*|young\w*|youths?")
    ),
    WordClass("veterans", _words(r"veterans?|VA|military")),
)

# A figure for how few people there were decides how far a finding carries.
_FEW_PEOPLE = 30
_PEOPLE = re.compile(
    r"\b(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty)"
    r" (?:\w+[- ]){0,2}?"
    r"(?:people|persons|patients|adults|participants|volunteers|veterans|women|men|mothers|"
    r"adolescents|users)\b",
    re.IGNORECASE,
)


def differing_classes(plain: str, precise: str) -> tuple[str, ...]:
    """What the two wordings of a claim do not share, each a short reason; none is best."""
    problems = []
    for word_class in CLASSES:
        in_plain = bool(word_class.pattern.search(plain))
        in_precise = bool(word_class.pattern.search(precise))
        if in_precise and not in_plain and word_class.wanted_in != "precise":
            problems.append(f"plain drops {word_class.name}")
        if in_plain and not in_precise and word_class.wanted_in != "plain":
            problems.append(f"plain adds {word_class.name}")
    said = number_values(plain)
    problems += [
        f"plain drops that it was {n}" for n in sorted(_small_samples(precise) - said, key=float)
    ]
    return tuple(dict.fromkeys(problems))


def _small_samples(precise: str) -> set[str]:
    """Numbers of people, up to 30, that `precise` names, as digits."""
    found = {n for match in _PEOPLE.finditer(precise) for n in number_values(match.group(1))}
    return {n for n in found if n.isdigit() and 1 < int(n) <= _FEW_PEOPLE}
