"""Fits the weights that say which questions a conversation wants, on judged conversations.

Every question that fits the visit is one row, wanted or not; the weights are a logistic regression
over standardised features. A precision on the same conversations is therefore in sample: only the
test half says how well the weights carry over.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from chat.needs import Needs, SuggestionWeights
from chat.question_bank import fits_visit
from evaluation.suggestions_run import JudgedConversation
from prompts.types import BankQuestion

_STRENGTH = 0.1  # of the data against the pull to zero: 15 features, some thirty conversations


def fit_suggestions(
    encoder: str,
    needs: Needs,
    bank: Sequence[BankQuestion],
    conversations: Sequence[JudgedConversation],
) -> SuggestionWeights:
    """Weights from these conversations, rounded as they are stored."""
    rows, labels = [], []
    for conversation in conversations:
        features = needs.features(conversation.turns, conversation.context)
        for place, question in enumerate(bank):
            if fits_visit(question, conversation.context.setting, conversation.context.stage):
                rows.append(features[place])
                labels.append(question.question_id in conversation.wanted)
    table: NDArray[np.float64] = np.array(rows)
    means, scales = table.mean(axis=0), table.std(axis=0)
    scales[scales == 0] = 1.0
    model = LogisticRegression(C=_STRENGTH, max_iter=2_000)
    model.fit((table - means) / scales, np.array(labels))
    return SuggestionWeights(
        encoder,
        _rounded(means),
        _rounded(scales),
        _rounded(model.coef_[0]),
        round(float(model.intercept_[0]), 4),
    )


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)
