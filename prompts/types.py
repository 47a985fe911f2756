"""The words: routing rules, fixed messages, help lines, and the question prompt list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from prompts.identifiers import IdentifierRule


class Route(StrEnum):
    """What a message calls for. Declared in order of severity, the most severe first."""

    CRISIS = "crisis"
    EMERGENCY = "emergency"
    MISUSE = "misuse"
    INDIVIDUAL_ADVICE = "individual_advice"
    QUESTION_REQUEST = "question_request"
    INJECTION = "injection"
    SMALL_TALK = "small_talk"
    ANSWER = "answer"


class Setting(StrEnum):
    """Where and how the treatment is given."""

    SPRAVATO = "spravato"
    INFUSION = "infusion"
    AT_HOME = "at_home"


class Stage(StrEnum):
    """How far the person is."""

    DECIDING = "deciding"
    BOOKED = "booked"
    IN_TREATMENT = "in_treatment"
    AFTER = "after"


class Asks(StrEnum):
    """What kind of question it is; the first three are those that change consultations most."""

    OPTIONS = "options"
    BENEFITS_HARMS = "benefits_harms"
    HOW_LIKELY = "how_likely"
    OTHER = "other"


CATEGORIES = (
    "screening",
    "monitoring",
    "tracking_benefit",
    "options",
    "benefits_harms",
    "substance_use",
    "at_home",
    "logistics",
    "cost_access",
    "evidence",
)
CORE_CATEGORIES = CATEGORIES[:3]


@dataclass(frozen=True, slots=True)
class Rule:
    """One reviewable routing rule over normalised text (see `prompts.matching`).

    `unless` are phrases, as patterns; each cancels only a match that it overlaps.
    """

    rule_id: str
    route: Route
    pattern: re.Pattern[str]
    unless: tuple[re.Pattern[str], ...]
    must_match: tuple[str, ...]
    must_not_match: tuple[str, ...]
    message_id: str
    severity: int
    reason: str


@dataclass(frozen=True, slots=True)
class Message:
    """A fixed text that patients read. `{…}` places are filled from the help lines."""

    message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One service of one country: how to reach it, for what, and the claim that supports it."""

    name: str
    reach: str
    purpose: str
    claim_id: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Country:
    """Help for one country. `code` is "international" where no country is chosen."""

    code: str
    name: str
    emergency: str
    crisis: tuple[HelpLine, ...]
    poison: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A question of the list, as the patient would say it to the clinic.

    `evidence` are the ids of the claims that support `why`; `applies_to` is empty for any setting.
    `moments` are messages after which a person would want the question: compared with what was
    said, never shown. `goes_with` are questions that such a person wants as well, closest first.
    """

    question_id: str
    category: str
    stages: tuple[Stage, ...]
    applies_to: tuple[Setting, ...]
    asks: Asks
    text: str
    why: str
    evidence: tuple[str, ...]
    listen_for: str
    follow_up: str
    triggers: tuple[str, ...]
    because: str
    scale: str | None
    goes_with: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionCell:
    """One need: a category at a stage in a setting. The list must have a question for it."""

    category: str
    stage: Stage
    setting: Setting


@dataclass(frozen=True, slots=True)
class Prompts:
    """Everything that `prompts/` holds, loaded and proven against its own examples."""

    rules: tuple[Rule, ...]
    messages: dict[str, Message]
    countries: tuple[Country, ...]
    questions: tuple[BankQuestion, ...]
    cells: tuple[QuestionCell, ...]
    blame_words: dict[str, str]
    evidence_words: dict[str, str]
    topic_words: dict[str, str]
    kind_words: dict[str, str]
    short_evidence_words: dict[str, str]
    identifier_rules: tuple[IdentifierRule, ...]
    digest: str

    @property
    def public_numbers(self) -> frozenset[str]:
        """Digits of the help lines, five or more: they identify nobody."""
        reaches = (
            line.reach for country in self.countries for line in (*country.crisis, *country.poison)
        )
        runs = (re.sub(r"\D", "", run) for text in reaches for run in re.findall(r"[\d -]+", text))
        return frozenset(run.removeprefix("1") for run in runs if len(run) >= 5)

    def country(self, code: str | None) -> Country:
        """Help for a country; the international directory where none, or an unknown one, is set."""
        by_code = {country.code: country for country in self.countries}
        return by_code.get(code or "international", by_code["international"])
