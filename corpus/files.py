"""The fields of the data files, as they are written. `corpus.load` turns them into values."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceFile(_Strict):
    """Where a brief comes from."""

    source_id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    title: Text
    publisher: Text
    authors: tuple[Text, ...]
    year: int | None
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    doi: str | None
    kind: Text
    population: Text
    rights: Text
    checked_on: date
    review_by: date
    notes: str
    read_against_source: date | None


class ClaimFile(_Strict):
    """One claim of a brief."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    plain: Text
    precise: Text
    where: Text
    evidence: Text
    topics: tuple[Text, ...] = Field(min_length=1)
    caution: Text | None
    contrasts: tuple[Text, ...]
    asked_as: tuple[Text, ...]
    second_hand: bool
    expires_on: date | None
    gives_dose: bool


class BriefFile(_Strict):
    """A whole brief: its source and its claims."""

    source: SourceFile
    claims: tuple[ClaimFile, ...] = Field(min_length=1)


class OutlineFile(_Strict):
    """One outline."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    asked_as: tuple[Text, ...] = Field(min_length=3)
    direct: Text
    claims: tuple[Text, ...]
    corrects: Text | None = None


class TermFile(_Strict):
    """One glossary entry."""

    term: Text
    kind: Annotated[str, StringConstraints(pattern=r"^(term|name)$")]
    forms: tuple[Text, ...]
    plain: Text | None
    synonyms: tuple[Text, ...]


class ExemptionFile(_Strict):
    """One exemption from the check."""

    place: Text
    problem: Text
    reason: Text
