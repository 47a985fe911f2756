"""What can go wrong with a sheet.

VisitError
├── SheetFileError   a saved sheet cannot be loaded
└── FontError        the font that the PDF needs is not installed
"""

from __future__ import annotations


class VisitError(Exception):
    """Root of this package's errors."""


class SheetFileError(VisitError):
    """A saved sheet cannot be loaded; says what is wrong and what to do."""


class FontError(VisitError):
    """The font that the PDF needs is not installed."""
