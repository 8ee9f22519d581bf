"""What the transcription of log books refuses."""

from __future__ import annotations

from dokaz.errors.base import DokazError, EngineError


class TranscriptionError(DokazError):
    """Base of what the transcription of log books refuses."""


class BadNotation(EngineError, TranscriptionError):
    """A typed text whose marks cannot be read: one that is not closed, marks nothing, or is within an abbreviation."""


class BadTranscription(EngineError, TranscriptionError):
    """A page, region, text or list of fields that cannot be: a name given twice, two cells in one place, a torn word."""


class NotSettled(EngineError, TranscriptionError):
    """A settlement that leaves a difference open, or decides what does not differ."""


class NotProposed(EngineError, TranscriptionError):
    """A photograph in which a program finds nothing to propose: no ruling, no program, an answer that makes no sense."""
