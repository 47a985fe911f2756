"""The values that the corpus is made of. All frozen; every span points into one normalised text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from corpus.errors import PassageError


class Evidence(StrEnum):
    """What a claim rests on, weakest readings included. What a patient reads is in `prompts`."""

    LABEL = "label"
    GUIDELINE = "guideline"
    OFFICIAL_INFORMATION = "official-information"
    HUMAN_TRIAL = "human-trial"
    HUMAN_OBSERVATIONAL = "human-observational"
    REVIEW = "review"
    ANIMAL = "animal"
    IN_VITRO = "in-vitro"
    EXPERT_OPINION = "expert-opinion"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points of one `Document.text`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise PassageError(f"span {self.start}:{self.end} is empty or reversed")


@dataclass(frozen=True, slots=True)
class Source:
    """Who says it, where, of what kind, and when we read it."""

    source_id: str
    title: str
    publisher: str
    authors: tuple[str, ...]
    year: int | None
    url: str
    doi: str | None
    kind: str
    population: str
    rights: str
    checked_on: date
    review_by: date
    notes: str
    read_against_source: date | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One sourced statement. `plain` is shown, `precise` is its passage, `asked_as` only searched.

    `claim_id` is `source_id#id`, so it is unique in the corpus and equals the id of its chunk.
    """

    claim_id: str
    plain: str
    precise: str
    where: str
    evidence: Evidence
    topics: tuple[str, ...]
    caution: str | None
    contrasts: tuple[str, ...]
    asked_as: tuple[str, ...]
    second_hand: bool
    expires_on: date | None
    gives_dose: bool

    @property
    def source_id(self) -> str:
        """The source that the claim belongs to."""
        return self.claim_id.partition("#")[0]

    def is_served(self, on: date) -> bool:
        """Whether the claim may be shown on this day: an expired claim never is."""
        return self.expires_on is None or on <= self.expires_on


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document under one heading; chunks never cross its borders."""

    heading: str
    span: Span


@dataclass(frozen=True, slots=True)
class Document:
    r"""One normalised text (NFC, newlines as \n) of one source."""

    doc_id: str
    source: Source
    text: str
    sections: tuple[Section, ...]

    @property
    def digest(self) -> str:
        """sha256 of the text, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit that is indexed: one claim, or some whole sentences of a document."""

    chunk_id: str
    doc_id: str
    span: Span
    text: str
    heading: str
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """An answer to a common question, made of claims in reading order, the direct answer first.

    `corrects` names the false premise that the first claim sets right, or is None.
    """

    outline_id: str
    asked_as: tuple[str, ...]
    direct: str
    claims: tuple[str, ...]
    corrects: str | None = None

    @property
    def claim_ids(self) -> tuple[str, ...]:
        """The direct answer, then the rest."""
        return (self.direct, *self.claims)


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry. `forms` occur in texts; `synonyms` are lay words, for retrieval only."""

    term: str
    is_name: bool
    forms: tuple[str, ...]
    plain: str | None
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exemption:
    """A finding of the check that was looked at and may stand, with the reason."""

    place: str
    problem: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """All that is known: documents, claims, outlines and glossary, compiled and cross-checked."""

    documents: tuple[Document, ...]
    chunks: tuple[Chunk, ...]
    outlines: tuple[Outline, ...]
    glossary: tuple[Term, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim, in the order of its document."""
        return tuple(chunk.claim for chunk in self.chunks if chunk.claim is not None)

    def document(self, doc_id: str) -> Document:
        """The document with this id. Raises `PassageError` if the corpus has none."""
        for document in self.documents:
            if document.doc_id == doc_id:
                return document
        raise PassageError(f"document '{doc_id}' is not in this corpus")

    def passage(self, doc_id: str, span: Span) -> str:
        """The verbatim text at a span. Raises `PassageError` if the document has no such place."""
        text = self.document(doc_id).text
        if span.end > len(text):
            raise PassageError(
                f"{doc_id}: span {span.start}:{span.end} ends after the text ({len(text)})"
            )
        return text[span.start : span.end]
