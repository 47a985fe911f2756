"""How near a conversation is to the moments of each question: vectors of the list, and features.

The vectors come with the snapshot, so that a suggestion costs one product; a text that the snapshot
does not hold (the list changed since the build) is encoded once, when the snapshot is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from prompts.types import BankQuestion
from retrieval.protocols import Vectors

Encode = Callable[[Sequence[str]], Vectors]


def phrases_of(bank: Sequence[BankQuestion]) -> tuple[str, ...]:
    """Every text of the list whose vector suggestions need."""
    return tuple(dict.fromkeys(text for question in bank for text in _texts(question)))


class QuestionVectors:
    """The list as vectors: what a question says, and the moments in which it is wanted."""

    def __init__(
        self,
        bank: Sequence[BankQuestion],
        phrases: Sequence[str],
        vectors: Vectors,
        encode: Encode,
    ) -> None:
        known = dict(zip(phrases, vectors, strict=True))
        missing = [text for text in phrases_of(bank) if text not in known]
        if missing:
            known |= dict(zip(missing, encode(missing), strict=True))
        self._wordings = np.stack(
            [np.stack([known[t] for t in _wordings(question)]) for question in bank]
        )
        rows = [[known[text] for text in question.moments] for question in bank]
        width = self._wordings.shape[2]
        self._moments = (
            np.stack([row for group in rows for row in group])
            if any(rows)
            else np.zeros((0, width), dtype=np.float32)
        )
        self._owners = np.repeat(np.arange(len(bank)), [len(group) for group in rows])
        self._count = len(bank)

    def nearness(self, message: Vectors) -> NDArray[np.float64]:
        """Shape (questions, 4): nearest wording, nearest moment, mean of its nearest three, votes.

        A vote is the share of the 60 nearest moments of all questions, weighed by nearness, that
        are this question's.
        """
        wording = (self._wordings @ message).max(axis=1)
        nearest = np.zeros(self._count)
        three = np.zeros(self._count)
        votes = np.zeros(self._count)
        if len(self._moments):
            scores = self._moments @ message
            for question in range(self._count):
                own = np.sort(scores[self._owners == question])[::-1]
                if len(own):
                    nearest[question], three[question] = own[0], own[:3].mean()
            first = np.argsort(-scores)[:60]
            weights = np.exp(scores[first] / 0.1)
            np.add.at(votes, self._owners[first], weights / weights.sum())
        return np.stack([wording, nearest, three, votes], axis=1)


def _texts(question: BankQuestion) -> tuple[str, ...]:
    return (*_wordings(question), *question.moments)


def _wordings(question: BankQuestion) -> tuple[str, str, str]:
    """What a question says, why, and by what words it comes up."""
    return question.text, question.why, ", ".join(question.triggers)
