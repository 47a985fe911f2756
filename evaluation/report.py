"""Figures of a part beside those of the last accepted run; a regression is named, not hidden."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluation.errors import EvaluationDataError
from evaluation.metrics import Share

Figures = dict[str, dict[str, float]]
_SLACK = 0.005  # shares move by this much without a reason


def figures_of(part: str, shares: Sequence[Share]) -> Figures:
    """A part's shares by name, as the baseline holds them."""
    return {part: {share.name: round(share.share, 4) for share in shares if share.of}}


def load_baseline(path: Path) -> Figures:
    """The figures of the last accepted run; none where there is no file.

    Raises `EvaluationDataError` for a damaged file.
    """
    if not path.exists():
        return {}
    try:
        parts = json.loads(path.read_text(encoding="utf-8"))
        return {part: dict(figures) for part, figures in parts.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise EvaluationDataError(
            f"{path.name}: not a table of figures; restore it, or write it with --accept"
        ) from error


def regressions(now: Figures, baseline: Figures) -> tuple[str, ...]:
    """One line for each figure that fell, or that is no longer measured."""
    lines = []
    for part, figures in now.items():
        for name, before in baseline.get(part, {}).items():
            value = figures.get(name)
            if value is None:
                lines.append(f"{part}: '{name}' is no longer measured (it was {before:.1%})")
            elif value < before - _SLACK:
                lines.append(f"{part}: '{name}' fell from {before:.1%} to {value:.1%}")
    return tuple(lines)


def accept(path: Path, now: Figures) -> None:
    """Make these figures the baseline of their parts; other parts keep theirs."""
    kept: Mapping[str, Mapping[str, float]] = load_baseline(path)
    path.write_text(json.dumps({**kept, **now}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
