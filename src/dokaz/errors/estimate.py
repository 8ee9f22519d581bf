"""What the estimation of the unlisted refuses."""

from __future__ import annotations

from dokaz.errors.base import DokazError, EngineError


class EstimateError(DokazError):
    """Base of what the estimation of the unlisted refuses."""


class BadOverlaps(EngineError, EstimateError):
    """A table of overlapping lists that cannot be: a negative count, a list without a name, people on no list."""


class NotEstimable(EngineError, EstimateError):
    """A number that these lists do not give by this method: too few lists, no overlap, no finite estimate, no mixing."""
