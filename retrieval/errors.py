"""Errors of the retrieval package.

RetrievalError
├── EncoderError        weights are missing, or are not the pinned ones
├── CalibrationError    no calibration for this encoder
└── SnapshotError       no snapshot, a broken one, or another build holds the lock
"""


class RetrievalError(Exception):
    """Root of all errors raised by `retrieval`."""


class EncoderError(RetrievalError):
    """The encoder cannot be used. The message says what to install or set."""


class CalibrationError(RetrievalError):
    """The encoder has no calibration. The message names the command that makes one."""


class SnapshotError(RetrievalError):
    """A snapshot is missing, damaged or being written. The message says what to run."""
