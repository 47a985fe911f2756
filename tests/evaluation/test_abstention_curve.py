"""AUROC and risk against coverage, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.abstention_curve import abstention_curve, plot_curve


def test_by_hand() -> None:
    """Of three answerable and one not, ranked third: two of three pairs right; risk 0, 0, 1/3, 1/4."""
    curve = abstention_curve([0.9, 0.8, 0.7, 0.1], [True, True, False, True])
    assert curve.auroc == pytest.approx(2 / 3)
    assert [risk for _, risk in curve.points] == pytest.approx([0, 0, 1 / 3, 1 / 4])
    assert curve.risk_at(0.5) == 0
    assert curve.risk_at(0.7) == pytest.approx(1 / 3)


@pytest.mark.parametrize("kinds", [[True, True], [False, False], []])
def test_one_kind_alone_has_no_curve(kinds: list[bool]) -> None:
    """Nothing to tell apart."""
    with pytest.raises(ValueError, match="answerable and unanswerable"):
        abstention_curve([0.5] * len(kinds), kinds)


def test_it_is_drawn(tmp_path: Path) -> None:
    """An image file."""
    path = tmp_path / "curve.png"
    plot_curve(abstention_curve([0.9, 0.1], [True, False]), path)
    assert path.read_bytes()[:4] == b"\x89PNG"
