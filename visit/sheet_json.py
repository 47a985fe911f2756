"""The sheet as JSON that loads again, in another browser or after months."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from visit.errors import SheetFileError
from visit.types import VisitSheet

_LARGEST = 400_000  # characters; a full sheet with long notes stays far below
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
        file = _SheetFile.model_validate_json(text)
        return _SHEET.validate_python(file.sheet)
    except (ValidationError, RecursionError) as error:
        raise SheetFileError(
            "this file is not a saved sheet, or was changed; "
            "choose the .json file that you saved here"
        ) from error
