"""What estimates from bones and teeth refuse."""

from __future__ import annotations

from dokaz.errors.base import DokazError, EngineError


class PhysicalError(DokazError):
    """Base of what estimates from bones and teeth refuse."""


class BadScore(EngineError, PhysicalError):
    """A score, measurement or chart that cannot be: a stage that a method does not have, a length below zero."""


class NoSuchMethod(EngineError, PhysicalError):
    """A method that is not here, or has no figures for this sex, population or phase."""


class OutsideValidity(EngineError, PhysicalError):
    """A measurement or a prior outside the range for which a method was published."""


class ContradictingLinks(EngineError, PhysicalError):
    """Fragments that are linked as one person, and cannot be."""


class NotComputable(EngineError, PhysicalError):
    """A figure that these observations do not give: too few pairs, a credible set without end."""


class CorrelationUnstated(EngineError, PhysicalError):
    """Likelihood ratios that were to be multiplied without saying why that is allowed."""
