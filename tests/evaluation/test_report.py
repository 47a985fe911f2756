"""A figure that falls is a regression; accepting one part leaves the others alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.errors import EvaluationDataError
from evaluation.metrics import share_of
from evaluation.report import accept, figures_of, load_baseline, regressions

GOOD = share_of("held", [("a", True), ("b", True), ("c", True), ("d", False)])
WORSE = share_of("held", [("a", True), ("b", False), ("c", False), ("d", False)])


def test_bounds_are_those_of_the_table() -> None:
    """Three of four: the exact one-sided bound is 0.2486; all of 20: 0.05 ** (1 / 20)."""
    assert GOOD.lower_bound == pytest.approx(0.2486, abs=1e-3)
    assert share_of("x", [(str(n), True) for n in range(20)]).lower_bound == pytest.approx(
        0.05 ** (1 / 20)
    )
    assert GOOD.failed == ("d",)
    assert share_of("none", []).lower_bound == 0.0


def test_a_fall_is_named_and_a_rise_is_not() -> None:
    """With both figures; a figure that vanished is named too."""
    before = figures_of("answers", [GOOD])
    assert regressions(figures_of("answers", [WORSE]), before) == (
        "answers: 'held' fell from 75.0% to 25.0%",
    )
    assert regressions(before, figures_of("answers", [WORSE])) == ()
    assert regressions({"answers": {}}, before) == (
        "answers: 'held' is no longer measured (it was 75.0%)",
    )
    assert regressions({}, before) == ()


def test_accepting_a_part_keeps_the_others(tmp_path: Path) -> None:
    """The file holds every part; none is an empty baseline; a damaged one is refused."""
    path = tmp_path / "baseline.json"
    assert load_baseline(path) == {}
    accept(path, figures_of("answers", [GOOD]))
    accept(path, figures_of("abstention", [WORSE]))
    assert load_baseline(path) == {"answers": {"held": 0.75}, "abstention": {"held": 0.25}}
    path.write_text("[1]")
    with pytest.raises(EvaluationDataError, match=r"baseline\.json: not a table of figures"):
        load_baseline(path)
