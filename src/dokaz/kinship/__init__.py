"""Likelihood ratios given pedigrees, blind search, joint assignment, power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dokaz.kinship.model.markers import Chromosome, FrequencyAdded, Marker, MarkerSet, UnseenAllelePolicy
from dokaz.kinship.model.mutation import Mutation, MutationKind, MutationModel
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles
from dokaz.kinship.model.results import Assumptions, BlindSearch, LikelihoodRatio

if TYPE_CHECKING:
    from dokaz.kinship.blind.candidates import find_candidates
    from dokaz.kinship.blind.search import search
    from dokaz.kinship.direct_match import Relation, contamination, match_directly
    from dokaz.kinship.exact.likelihood import likelihood_ratio, ln_likelihood
    from dokaz.kinship.joint.identify import identify_jointly
    from dokaz.kinship.model.families import KinshipFamily

#: Functions that need compiled code are imported when first used, so that the types stay quick to import. No module of
#: this package may have the name of one of them: importing it would put the module in the function's place.
_LAZY = {
    "ln_likelihood": "dokaz.kinship.exact.likelihood",
    "likelihood_ratio": "dokaz.kinship.exact.likelihood",
    "KinshipFamily": "dokaz.kinship.model.families",
    "search": "dokaz.kinship.blind.search",
    "find_candidates": "dokaz.kinship.blind.candidates",
    "identify_jointly": "dokaz.kinship.joint.identify",
    "Relation": "dokaz.kinship.direct_match",
    "contamination": "dokaz.kinship.direct_match",
    "match_directly": "dokaz.kinship.direct_match",
}

__all__ = [
    "Assumptions",
    "Chromosome",
    "KinshipFamily",
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
    "Relation",
    "BlindSearch",
    "Sex",
    "UnseenAllelePolicy",
    "contamination",
    "find_candidates",
    "identify_jointly",
    "ln_likelihood",
    "likelihood_ratio",
    "match_directly",
    "search",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        import importlib

        try:
            value = getattr(importlib.import_module(_LAZY[name]), name)
        except ModuleNotFoundError as error:
            raise AttributeError(f"dokaz.kinship.{name} cannot be imported: {error}") from None
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
