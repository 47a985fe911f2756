"""The tuning of an encoder: low-rank changes to its weights, by which safety reads a message.

`cli.py evaluate tune` writes the file, `retrieval.export` merges it. Search and suggestions use the
encoder as it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

TUNINGS = Path(__file__).parent / "tunings"


@dataclass(frozen=True, slots=True)
class Tuning:
    """The file, and the sha256 of its bytes, in hex."""

    path: Path
    digest: str


def find_tuning(encoder: str, folder: Path = TUNINGS) -> Tuning | None:
    """The tuning of an encoder; None where it has none."""
    path = tuning_path(encoder, folder)
    if not path.exists():
        return None
    return Tuning(path, hashlib.sha256(path.read_bytes()).hexdigest())


def tuning_path(encoder: str, folder: Path = TUNINGS) -> Path:
    """Where the tuning of an encoder lies, if it has one."""
    return folder / f"{encoder}.safetensors"
