"""The sheet as JSON that loads again, in another browser or after months."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from visit.errors import SheetFileError
from visit.types import VisitSheet

_LARGEST = 400_000  # characters; a full sheet with long notes stays far below
_MOST_QUESTIONS, _LONGEST_QUESTION, _LONGEST_NOTE = 300, 1_000, 4_000
_NOT_A_SHEET = (
    "this file is not a saved sheet, or was changed; choose the .json file that you saved here"
)
_SHEET = TypeAdapter(VisitSheet)


class _SheetFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal["askwell-sheet"]
    version: Literal[1]
    sheet: dict[str, object]


def dump_sheet(sheet: VisitSheet) -> str:
    """The sheet as a JSON text; equal sheets give equal texts."""
    content = {"format": "askwell-sheet", "version": 1, "sheet": asdict(sheet)}
    return json.dumps(content, ensure_ascii=False, indent=1, default=str)


def load_sheet(text: str) -> VisitSheet:
    """The sheet that `dump_sheet` wrote. Raises `SheetFileError` for anything else."""
    if len(text) > _LARGEST:
        raise SheetFileError("this file is too large for a saved sheet; choose another file")
    try:
        sheet = _parsed(text)
    except (ValidationError, RecursionError) as error:
        raise SheetFileError(_NOT_A_SHEET) from error
    if not _within_limits(sheet):
        raise SheetFileError(_NOT_A_SHEET)
    return sheet


def _parsed(text: str) -> VisitSheet:
    return _SHEET.validate_python(_SheetFile.model_validate_json(text).sheet)


def _within_limits(sheet: VisitSheet) -> bool:
    """Whether a person could have written it on the page: nothing empty, nothing endless."""
    texts = [q.text for q in sheet.questions] + [t for p in sheet.earlier for t, _ in p.answered]
    notes = [sheet.notes, *(q.answer for q in sheet.questions)]
    notes += [answer for past in sheet.earlier for _, answer in past.answered]
    return (
        len(texts) <= _MOST_QUESTIONS
        and all(text.strip() and len(text) <= _LONGEST_QUESTION for text in texts)
        and all(len(note) <= _LONGEST_NOTE for note in notes)
    )
