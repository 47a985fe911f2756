"""What can go wrong in a conversation.

ChatError
└── SuggestionWeightsError   the encoder has no weights for suggestions
"""

from __future__ import annotations


class ChatError(Exception):
    """Root of this package's errors."""


class SuggestionWeightsError(ChatError):
    """The encoder has no weights for suggestions; names the command that fits them."""
