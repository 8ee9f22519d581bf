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
    from dokaz.kinship.haplotypes import compare_mtdna, compare_y, rarity_of
    from dokaz.kinship.joint.identify import identify_jointly
    from dokaz.kinship.lineage_match import LineFamily, compare_lines
    from dokaz.kinship.model.families import KinshipFamily
    from dokaz.kinship.model.marker_table import linked_groups
    from dokaz.kinship.model.published_frequencies import published, published_names
    from dokaz.kinship.power import (
        compare_marker_sets,
        exclusion_power,
        lr_distribution,
        next_relatives,
        relatives_to_find,
    )
    from dokaz.kinship.reference_check import check_references

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
    "check_references": "dokaz.kinship.reference_check",
    "compare_lines": "dokaz.kinship.lineage_match",
    "LineFamily": "dokaz.kinship.lineage_match",
    "compare_mtdna": "dokaz.kinship.haplotypes",
    "compare_y": "dokaz.kinship.haplotypes",
    "rarity_of": "dokaz.kinship.haplotypes",
    "compare_marker_sets": "dokaz.kinship.power",
    "exclusion_power": "dokaz.kinship.power",
    "lr_distribution": "dokaz.kinship.power",
    "next_relatives": "dokaz.kinship.power",
    "relatives_to_find": "dokaz.kinship.power",
    "linked_groups": "dokaz.kinship.model.marker_table",
    "published": "dokaz.kinship.model.published_frequencies",
    "published_names": "dokaz.kinship.model.published_frequencies",
}

__all__ = [
    "Assumptions",
    "BlindSearch",
    "Chromosome",
    "FrequencyAdded",
    "KinshipFamily",
    "LikelihoodRatio",
    "LineFamily",
    "Marker",
    "MarkerSet",
    "Member",
    "Mutation",
    "MutationKind",
    "MutationModel",
    "Pedigree",
    "Profiles",
    "Relation",
    "Sex",
    "UnseenAllelePolicy",
    "check_references",
    "compare_lines",
    "compare_marker_sets",
    "compare_mtdna",
    "compare_y",
    "contamination",
    "exclusion_power",
    "find_candidates",
    "identify_jointly",
    "likelihood_ratio",
    "linked_groups",
    "ln_likelihood",
    "lr_distribution",
    "match_directly",
    "next_relatives",
    "published",
    "published_names",
    "rarity_of",
    "relatives_to_find",
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
