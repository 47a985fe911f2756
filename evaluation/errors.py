"""What can go wrong with evaluation data.

EvaluationError
└── EvaluationDataError   a file of queries, judgements or labels cannot be used
"""

from __future__ import annotations


class EvaluationError(Exception):
    """Root of this package's errors."""


class EvaluationDataError(EvaluationError):
    """A file of queries, judgements or labels cannot be used; says which, where, what to do."""
