"""Errors of the prompts package.

PromptError
└── PromptFileError      a rule, message, help line or question file is wrong: file, entry, mend
"""


class PromptError(Exception):
    """Root of all errors raised by `prompts`."""


class PromptFileError(PromptError):
    """A file of `prompts/` cannot be used. The message names the file, the entry and the mend."""
