"""What can go wrong in a conversation.

ChatError
├── SuggestionWeightsError   the encoder has no weights for suggestions
└── SafetyWeightsError       the encoder has no weights for the second layer of safety
"""

from __future__ import annotations


class ChatError(Exception):
    """Root of this package's errors."""


class SuggestionWeightsError(ChatError):
    """The encoder has no weights for suggestions; names the command that fits them."""


class SafetyWeightsError(ChatError):
    """The encoder has no weights for the second layer of safety; names the command that fits."""
