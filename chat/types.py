"""One turn of the conversation as values. An `Answer` with an uncited statement cannot be made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from corpus.types import Evidence, Source, Span
from prompts.types import BankQuestion, Route, Setting, Stage
from retrieval.types import Query, Ranking


class UncitedStatementError(Exception):
    """A statement was built without a citation. This is a fault in the composer, never shown."""


@dataclass(frozen=True, slots=True)
class VisitContext:
    """What the person told about the visit. Each part may be unset."""

    setting: Setting | None = None
    stage: Stage | None = None
    priority: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    """Where a message goes. `spans` are the places of the message that matched."""

    route: Route
    rule_id: str | None = None
    message_id: str | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Verbatim text of a document in the snapshot."""

    doc_id: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A number, the passage it points to, and its source."""

    number: int
    passage: Passage
    source: Source
    is_summary: bool
    second_hand: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence (or two) of an answer, with what it rests on and what speaks against it.

    Raises `UncitedStatementError` where `citations` is empty.
    """

    text: str
    claim_id: str | None
    citations: tuple[Citation, ...]
    evidence: Evidence
    caution: str | None = None
    contrasts: tuple[Statement, ...] = ()
    reviewed_on: date | None = None

    def __post_init__(self) -> None:
        if not self.citations:
            raise UncitedStatementError(f"statement without a citation: {self.text[:60]!r}")


@dataclass(frozen=True, slots=True)
class Answer:
    """Cited statements in reading order. Raises `UncitedStatementError` where there is none."""

    statements: tuple[Statement, ...]
    composer: str
    notice: str | None = None
    clinic_question: str | None = None

    def __post_init__(self) -> None:
        if not self.statements:
            raise UncitedStatementError("an answer needs at least one cited statement")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations, by number, those of the other side included."""
        found = {
            c.number: c
            for s in self.statements
            for part in (s, *s.contrasts)
            for c in part.citations
        }
        return tuple(found[number] for number in sorted(found))


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions from the list, asked for as such."""

    questions: tuple[BankQuestion, ...]


class AbstentionReason(StrEnum):
    """Why no answer was given."""

    NO_EVIDENCE = "no_evidence"
    OFF_TOPIC = "off_topic"
    UNDERSPECIFIED = "underspecified"
    NOT_ENGLISH = "not_english"
    NO_INDEX = "no_index"


@dataclass(frozen=True, slots=True)
class Abstention:
    """No answer: why, the nearest passages as such, and a question to take along."""

    reason: AbstentionReason
    nearest: tuple[Citation, ...] = ()
    clinic_question: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """A fixed message instead of an answer."""

    route: Route
    message_id: str


Reply = Answer | QuestionSet | Abstention | Redirect


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question of the list, and what in the conversation raised it."""

    question: BankQuestion
    score: float
    because: str


@dataclass(frozen=True, slots=True)
class Versions:
    """What produced a turn."""

    snapshot: str | None
    prompts: str
    encoder: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One finished turn. `asked` is what was typed, unchanged.

    `identifiers` names the kinds of personal details in it. `checks_in`: help lines stand above the
    reply, since the message may be about a danger.
    """

    turn_id: int
    asked: str
    routing: Routing
    query: Query | None
    ranking: Ranking | None
    reply: Reply
    suggestions: tuple[Suggestion, ...]
    versions: Versions
    identifiers: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict, compare=False)
    checks_in: bool = False

    def without_ranking(self) -> Turn:
        """The turn as it is kept in a conversation's history: without the chunks it looked at."""
        return replace(self, ranking=None)
