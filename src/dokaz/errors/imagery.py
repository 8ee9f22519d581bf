"""What the engine of photographs and films refuses."""

from __future__ import annotations

from dokaz.errors.base import DokazError, EngineError


class ImageryError(DokazError):
    """Base of what the engine of photographs and films refuses."""


class BadShadow(EngineError, ImageryError):
    """A measurement of a shadow that cannot be: without an error, at a pole, of no length."""


class NoSuchShadow(EngineError, ImageryError):
    """At no minute of the day does the sun cast the shadow that was measured."""
