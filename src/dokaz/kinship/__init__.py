"""Likelihood ratios given pedigrees, blind search, joint assignment, power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dokaz.kinship.markers import Chromosome, FrequencyAdded, Marker, MarkerSet, UnseenAllelePolicy
from dokaz.kinship.mutation import Mutation, MutationKind, MutationModel
from dokaz.kinship.pedigree import Member, Pedigree, Sex
from dokaz.kinship.profiles import Profiles
from dokaz.kinship.results import Assumptions, LikelihoodRatio, Search

if TYPE_CHECKING:
    from dokaz.kinship.likelihood import likelihood, likelihood_ratio
    from dokaz.kinship.search import Family, search

#: Functions that need compiled code are imported when first used, so that the types stay quick to import.
_LAZY = {
    "likelihood": "dokaz.kinship.likelihood",
    "likelihood_ratio": "dokaz.kinship.likelihood",
    "Family": "dokaz.kinship.search",
    "search": "dokaz.kinship.search",
    "identify_jointly": "dokaz.kinship.joint",
}

__all__ = [
    "Assumptions",
    "Chromosome",
    "Family",
    "FrequencyAdded",
    "LikelihoodRatio",
    "Marker",
    "MarkerSet",
    "Member",
    "Mutation",
    "MutationKind",
    "MutationModel",
    "Pedigree",
    "Profiles",
    "Search",
    "Sex",
    "UnseenAllelePolicy",
    "likelihood",
    "likelihood_ratio",
    "search",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        import importlib

        try:
            return getattr(importlib.import_module(_LAZY[name]), name)
        except ModuleNotFoundError as error:
            raise AttributeError(f"dokaz.kinship.{name} is not built yet: {error}") from None
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
