"""Shares with their lower bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import binomtest


@dataclass(frozen=True, slots=True)
class Share:
    """One promise on one set: how many held, a lower bound on the share, which did not.

    The bound is Clopper and Pearson's exact one (1934), one-sided at 95 %.
    """

    name: str
    held: int
    of: int
    lower_bound: float
    failed: tuple[str, ...]

    @property
    def share(self) -> float:
        """Share that held; 1 for an empty set."""
        return self.held / self.of if self.of else 1.0

    def __str__(self) -> str:
        return (
            f"{self.name:48} {self.held:4} of {self.of:4} {self.share:6.1%} "
            f"(at least {self.lower_bound:.1%}); not: {' '.join(self.failed) or 'none'}"
        )


def share_of(name: str, judged: Sequence[tuple[str, bool]]) -> Share:
    """The share of (id, held) pairs that held."""
    held = sum(good for _, good in judged)
    bound = (
        float(binomtest(held, len(judged), alternative="greater").proportion_ci(0.95).low)
        if judged
        else 0.0
    )
    return Share(name, held, len(judged), bound, tuple(name for name, good in judged if not good))
