"""What the linkage of lists refuses."""

from __future__ import annotations

from dokaz.errors.base import DokazError, EngineError


class LinkageError(DokazError):
    """Base of what the linkage of lists refuses."""


class BadPeople(EngineError, LinkageError):
    """Lists that cannot be linked: one has nobody on it, or they have no field in common."""


class BadSettings(EngineError, LinkageError):
    """Weights that cannot be: of another form, without a field, no chances."""


class BadFacts(EngineError, LinkageError):
    """Facts about entries that cannot be: of an entry that is not there, of an entry and itself."""
