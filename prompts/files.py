"""The fields of the prompt files, as they are written. `prompts.load` turns them into values."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from prompts.types import CATEGORIES, Asks, Route, Setting, Stage

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleFile(_Strict):
    """One routing rule."""

    id: Text
    severity: Annotated[int, Field(ge=1, le=100)]
    pattern: Text
    unless: tuple[Text, ...]
    must_match: tuple[Text, ...] = Field(min_length=1)
    must_not_match: tuple[Text, ...] = Field(min_length=1)
    message: Text
    reason: Text


class RouteFile(_Strict):
    """The rules of one route."""

    route: Route
    rules: tuple[RuleFile, ...]


class LineFile(_Strict):
    """One help line."""

    name: Text
    reach: Text
    purpose: Text
    claim_id: Text
    link: str | None = None


class CountryFile(_Strict):
    """Help for one country."""

    code: Text
    name: Text
    emergency: Text
    crisis: tuple[LineFile, ...]
    poison: tuple[LineFile, ...]


class QuestionFile(_Strict):
    """One question of the list."""

    id: Text
    stages: tuple[Stage, ...] = Field(min_length=1)
    applies_to: tuple[Setting, ...]
    asks: Asks
    text: Text
    why: Text
    evidence: tuple[Text, ...] = Field(min_length=1)
    listen_for: Text
    follow_up: Text
    triggers: tuple[Text, ...] = Field(min_length=1)
    because: Text
    scale: str | None
    goes_with: tuple[Text, ...] = ()
    moments: tuple[Text, ...] = ()


class CellsFile(_Strict):
    """Needs of one category."""

    category: Annotated[str, Field(pattern=f"^({'|'.join(CATEGORIES)})$")]
    stages: tuple[Stage, ...] = Field(min_length=1)
    settings: tuple[Setting, ...] = Field(min_length=1)


class BlameFile(_Strict):
    """A word that blames, and what to write."""

    word: Text
    instead: Text


class FoundFile(_Strict):
    """A text and the identifiers in it."""

    text: Text
    found: tuple[Text, ...] = Field(min_length=1)


class IdentifierFile(_Strict):
    """One rule for identifiers."""

    id: Text
    name: Text
    case: bool = False
    pattern: Text
    must_find: tuple[FoundFile, ...] = Field(min_length=1)
    must_not_find: tuple[Text, ...] = Field(min_length=1)


class LibraryFile(_Strict):
    """Words of the library."""

    topics: dict[str, Text]
    kinds: dict[str, Text]
    evidence: dict[str, Text]
