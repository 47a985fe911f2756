"""How well the judgement of evidence tells what can be answered: AUROC, and risk against coverage.

Risk at a coverage is the share of unanswerable questions among those that would be answered if the
most probable share of all questions were (El-Yaniv and Wiener 2010, JMLR 11:1605).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import roc_auc_score


@dataclass(frozen=True, slots=True)
class AbstentionCurve:
    """`points` are (coverage, risk), by falling probability; `auroc` is 0.5 for a guess."""

    auroc: float
    points: tuple[tuple[float, float], ...]

    def risk_at(self, coverage: float) -> float:
        """Risk at the first point of at least this coverage."""
        return next(risk for covered, risk in self.points if covered >= coverage)


def abstention_curve(
    probabilities: Sequence[float], is_answerable: Sequence[bool]
) -> AbstentionCurve:
    """The curve of questions with the probability that the corpus answers each.

    Raises `ValueError` unless there are questions of both kinds.
    """
    ordered = sorted(zip(probabilities, is_answerable, strict=True), key=lambda pair: -pair[0])
    points, wrong = [], 0
    for place, (_, answerable) in enumerate(ordered, start=1):
        wrong += not answerable
        points.append((place / len(ordered), wrong / place))
    if wrong in (0, len(ordered)):
        raise ValueError("an abstention curve needs answerable and unanswerable questions")
    return AbstentionCurve(float(roc_auc_score(is_answerable, probabilities)), tuple(points))


def plot_curve(curve: AbstentionCurve, path: Path) -> None:
    """Draw risk against coverage into an image file."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(*zip(*curve.points, strict=True))
    axes.set(
        xlabel="share of questions answered",
        ylabel="unanswerable among them",
        title=f"AUROC {curve.auroc:.3f}",
    )
    figure.savefig(path, dpi=150)
