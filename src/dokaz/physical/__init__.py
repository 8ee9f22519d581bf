"""What bones and teeth say: age, sex and stature as distributions, pairs, numbers of people, charts, and their weight."""

from dokaz.physical.age import age_from_phase, stage_of_composite
from dokaz.physical.commingling import BodySide, Fragment, LeastNumber, least_number
from dokaz.physical.distributions import Distribution
from dokaz.physical.evidence import (
    LineRatio,
    Together,
    sex_ratio,
    taken_together,
    teeth_ratio,
    trait_ratio,
)
from dokaz.physical.growth import age_from_indicator, indicators
from dokaz.physical.methods import Estimate, PublishedMethod
from dokaz.physical.numbers_of_people import PairedElement
from dokaz.physical.pairing import PairTest, ReferencePairs, could_be_pair, fewest_pairs, held_out
from dokaz.physical.sex import SexEstimate, sex_from
from dokaz.physical.stature import as_reported, at_death, stature_from, statures_from
from dokaz.physical.teeth import ChartComparison, ToothCode, compare_charts, share_as_similar

__all__ = [
    "ChartComparison",
    "Distribution",
    "Estimate",
    "Fragment",
    "LeastNumber",
    "LineRatio",
    "PublishedMethod",
    "PairTest",
    "PairedElement",
    "ReferencePairs",
    "SexEstimate",
    "BodySide",
    "Together",
    "ToothCode",
    "age_from_indicator",
    "age_from_phase",
    "as_reported",
    "at_death",
    "compare_charts",
    "could_be_pair",
    "fewest_pairs",
    "held_out",
    "indicators",
    "least_number",
    "sex_from",
    "sex_ratio",
    "share_as_similar",
    "stage_of_composite",
    "stature_from",
    "statures_from",
    "taken_together",
    "teeth_ratio",
    "trait_ratio",
]
