"""Reads YAML files of `prompts/` into checked entries; a fault names the file and the place."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from prompts.errors import PromptFileError

# libyaml reads ten times faster, where PyYAML was built with it.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path) -> object:
    """The content of a file. Raises `PromptFileError`."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
    except FileNotFoundError as error:
        raise PromptFileError(f"{path.name}: file is missing; restore it") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PromptFileError(
            f"{path.name}: not readable as YAML: {' '.join(str(error).split())}"
        ) from error


def read_mapping(path: Path) -> dict[str, object]:
    """A file that maps names to texts. Raises `PromptFileError`."""
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise PromptFileError(f"{path.name}: expected a map of names to texts")
    return content


def read_list(path: Path) -> list[object]:
    """A file that is a list. Raises `PromptFileError`."""
    content = read_yaml(path)
    if not isinstance(content, list):
        raise PromptFileError(f"{path.name}: expected a list")
    return content


def parse_entry(model: type[Model], entry: object, path: Path) -> Model:
    """An entry as its model. Raises `PromptFileError` with the file, the entry and the field."""
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        name = entry.get("id", "") if isinstance(entry, dict) else ""
        place = " ".join(str(step) for step in first["loc"])
        raise PromptFileError(
            f"{path.name}: {name} {place}: {first['msg'][0].lower()}{first['msg'][1:]}"
        ) from error
