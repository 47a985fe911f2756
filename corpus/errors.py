"""Errors of the corpus package.

CorpusError
├── BriefError       a brief, outline or glossary file is wrong: which file, which entry, what to do
└── PassageError     a span points outside its document, or at an unknown document
"""


class CorpusError(Exception):
    """Root of all errors raised by `corpus`."""


class BriefError(CorpusError):
    """A data file of the corpus cannot be used. The message names file, entry and mend."""


class PassageError(CorpusError):
    """A passage was asked for that the corpus does not hold."""
