"""How near a conversation is to each question of the list, as features.

What a question says, the moments in which people want it, and the claims that it rests on are
vectors that come with the snapshot; a text that the snapshot does not hold (the list changed since
the build) is encoded once, when the snapshot is opened. `chat.wanted` weighs the features.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from chat.question_bank import raised_by
from chat.types import VisitContext
from prompts.matching import normalise_message
from prompts.types import CORE_CATEGORIES, BankQuestion
from retrieval.lexical import content_words
from retrieval.protocols import Vectors

Encode = Callable[[Sequence[str]], Vectors]
_NEAR = ("wording", "moment", "moments", "votes", "evidence")
FEATURES = (
    *("triggers now", "triggers earlier", "shared words", "priority", "core"),
    *(f"{name} now" for name in _NEAR),
    *(f"{name} in all" for name in _NEAR),
)
_VOTERS, _VOTE_SHARPNESS = 60, 0.1


def phrases_of(bank: Sequence[BankQuestion]) -> tuple[str, ...]:
    """Every text of the list whose vector suggestions need."""
    return tuple(dict.fromkeys(t for q in bank for t in (*_wordings(q), *q.moments)))


class Needs:
    """Reads a conversation as features of every question of the list, in the list's order."""

    def __init__(
        self,
        bank: Sequence[BankQuestion],
        known: Mapping[str, Vectors],
        claims: Mapping[str, Vectors],
        encode: Encode,
    ) -> None:
        """`known` are vectors of texts; `claims` those of each claim, shape (texts, dimensions)."""
        missing = [text for text in phrases_of(bank) if text not in known]
        known = dict(known) | dict(zip(missing, encode(missing), strict=True))
        self._bank = tuple(bank)
        self._encode = encode
        self._words = [frozenset(content_words(" ".join(_wordings(q)[::2]))) for q in bank]
        self._wordings = _grouped([[known[t] for t in _wordings(q)] for q in bank])
        self._moments = _grouped([[known[t] for t in q.moments] for q in bank])
        self._evidence = _grouped(
            [[row for e in q.evidence for row in claims.get(e, ())] for q in bank]
        )

    def features(self, messages: Sequence[str], context: VisitContext) -> NDArray[np.float64]:
        """Shape (questions, len(FEATURES)). The last of `messages` is what was just said."""
        said_now, said_in_all = messages[-1], " ".join(messages)
        texts_to_encode = tuple(dict.fromkeys((said_now, said_in_all)))
        vectors = dict(zip(texts_to_encode, self._encode(texts_to_encode), strict=True))
        texts = [normalise_message(message) for message in messages]
        words = {word for message in messages for word in content_words(message)}
        said = np.array(
            [
                (
                    min(3, len(raised_by(question, texts[-1]))),
                    min(3, sum(len(raised_by(question, text)) for text in texts[:-1])),
                    len(words & self._words[place]),
                    float(context.priority == question.category),
                    float(question.category in CORE_CATEGORIES),
                )
                for place, question in enumerate(self._bank)
            ]
        )
        near = {text: self._nearness(vector) for text, vector in vectors.items()}
        return np.hstack([said, near[said_now], near[said_in_all]])

    def _nearness(self, message: Vectors) -> NDArray[np.float64]:
        """Shape (questions, 5), in the order of `_NEAR`.

        A vote is the share of the 60 nearest moments of all questions, weighed by nearness, that
        are this question's.
        """
        moments, owners = self._moments
        votes = np.zeros(len(self._bank))
        if len(moments):
            scores = moments @ message
            first = np.argsort(-scores)[:_VOTERS]
            shares = np.exp((scores[first] - scores[first[0]]) / _VOTE_SHARPNESS)
            np.add.at(votes, owners[first], shares / shares.sum())
        best = _best(self._moments, message, len(self._bank), 3)
        return np.stack(
            [
                _best(self._wordings, message, len(self._bank), 1)[:, 0],
                best[:, 0],
                best.mean(axis=1),
                votes,
                _best(self._evidence, message, len(self._bank), 1)[:, 0],
            ],
            axis=1,
        )


_Group = tuple[Vectors, NDArray[np.int64]]


def _grouped(rows: Sequence[Sequence[Vectors]]) -> _Group:
    """Rows of all questions in one matrix, with the place of the question of each."""
    owners = np.repeat(np.arange(len(rows)), [len(group) for group in rows])
    flat = [row for group in rows for row in group]
    return (np.stack(flat) if flat else np.zeros((0, 1), dtype=np.float32)), owners


def _best(group: _Group, message: Vectors, questions: int, k: int) -> NDArray[np.float64]:
    """The `k` highest cosines of each question, best first; 0 where it has fewer texts."""
    rows, owners = group
    best = np.zeros((questions, k))
    if len(rows):
        scores = rows @ message
        order = np.lexsort((-scores, owners))
        places = np.arange(len(order)) - np.searchsorted(owners[order], owners[order])
        kept = places < k
        best[owners[order][kept], places[kept]] = scores[order][kept]
    return best


def _wordings(question: BankQuestion) -> tuple[str, str, str]:
    """What a question says, why, and by what words it comes up."""
    return question.text, question.why, ", ".join(question.triggers)
