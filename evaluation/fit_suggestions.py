"""Fits the weights that say which questions a conversation wants, on judged conversations.

Every question that fits the visit is one row, wanted or not. The second regression learns from
what the first says of conversations that it has not seen (stacking, Wolpert 1992), and what is
wanted together is counted in all. A precision on the same conversations is in sample: only others
say how well the weights carry over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from chat.needs import Needs
from chat.question_bank import fits_visit
from chat.wanted import Company, Logistic, SuggestionWeights, WantedTogether
from evaluation.suggestions_run import JudgedConversation
from prompts.types import BankQuestion

_STRENGTH = 0.1  # of the data against the pull to zero
_FOLDS = 6
_Table = NDArray[np.float64]


def fit_suggestions(
    encoder: str,
    needs: Needs,
    bank: Sequence[BankQuestion],
    conversations: Sequence[JudgedConversation],
) -> tuple[SuggestionWeights, WantedTogether]:
    """Weights from these conversations, rounded as they are stored, and their counts."""
    features = np.stack([needs.features(c.turns, c.context) for c in conversations])
    fits = np.array(
        [[fits_visit(q, c.context.setting, c.context.stage) for q in bank] for c in conversations]
    )
    labels = np.array([[q.question_id in c.wanted for q in bank] for c in conversations])
    counts = count_together(conversations)
    company = Company(bank, counts)
    near = np.zeros(fits.shape)
    for rest, part in KFold(_FOLDS, shuffle=True, random_state=0).split(features):
        first = _fit(features[rest][fits[rest]], labels[rest][fits[rest]])
        near[part] = [first.probabilities(row) for row in features[part]]
    near = np.where(fits, near, 0.0)
    with_company = np.concatenate(
        [features, np.stack([company.features(row) for row in near])], axis=2
    )
    weights = SuggestionWeights(
        encoder, _fit(features[fits], labels[fits]), _fit(with_company[fits], labels[fits])
    )
    return weights, counts


def count_together(conversations: Sequence[JudgedConversation]) -> WantedTogether:
    """How often each question was wanted, and each two of them together."""
    wanted = Counter(q for c in conversations for q in c.wanted)
    together: dict[str, Counter[str]] = {}
    for conversation in conversations:
        for first, second in combinations(sorted(conversation.wanted), 2):
            together.setdefault(first, Counter())[second] += 1
    return WantedTogether(
        len(conversations), dict(wanted), {first: dict(row) for first, row in together.items()}
    )


def _fit(rows: _Table, labels: NDArray[np.bool_]) -> Logistic:
    means, scales = rows.mean(axis=0), rows.std(axis=0)
    scales[scales == 0] = 1.0
    model = LogisticRegression(C=_STRENGTH, max_iter=2_000)
    model.fit((rows - means) / scales, labels)
    return Logistic(
        _rounded(means), _rounded(scales), _rounded(model.coef_[0]), float(model.intercept_[0])
    )


def _rounded(values: _Table) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)
