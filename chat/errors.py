"""What can go wrong in a conversation.

ChatError
├── SuggestionWeightsError   the encoder has no weights for suggestions
├── SafetyWeightsError       the encoder has no weights for the second layer of safety
└── TuningError              the file of a tuning is damaged, or not the one that weights need
"""

from __future__ import annotations


class ChatError(Exception):
    """Root of this package's errors."""


class SuggestionWeightsError(ChatError):
    """The encoder has no weights for suggestions; names the command that fits them."""


class SafetyWeightsError(ChatError):
    """The encoder has no weights for the second layer of safety; names the command that fits."""


class TuningError(ChatError):
    """The file of a tuning is damaged, or not the one that weights were fitted with."""
