"""Figures that the invented investigation follows, each with where it comes from; the rest are marked as assumed."""

from __future__ import annotations

#: Izyum 2022, of 447: women, men, children, servicemen, and bodies whose sex could not be told.
DEMOGRAPHY = {"woman": 215, "man": 194, "child": 5, "serviceman": 22, "undetermined": 11}
#: Izyum 2022: bodies with signs of torture, of 447.
TORTURE_SHARE = 30 / 447
#: Izyum a year later, of 447: never reported to anybody, and reported but without relatives who could give DNA.
UNREPORTED_SHARE, WITHOUT_REFERENCES_SHARE = 57 / 447, 58 / 447

#: Srebrenica 2016: typed relatives for each missing person.
REFERENCES_PER_MISSING = 2.88
#: Fragmentation index (whole bodies among all cases): primary graves 0.90 to 0.92, secondary graves 0.01 to 0.59.
PRIMARY_FRAGMENTED_SHARE = 0.041
SECONDARY_WHOLE_SHARE = 0.30

#: Share of samples that gave a profile, by element, among more than 25,000.
DNA_SUCCESS = {"femur": 0.869, "teeth": 0.827, "humerus": 0.462, "radius": 0.245, "ulna": 0.228}
#: Assumed: no figure at hand.
DNA_SUCCESS_ASSUMED = {"tibia": 0.60, "os coxae": 0.50}

#: Komar 2003, n = 59: how often an estimated interval held the truth; sex was always right.
AGE_INTERVAL_RIGHT, STATURE_INTERVAL_RIGHT = 0.424, 0.294

#: Assumed: reports of people who lie elsewhere or live, for each person recovered and reported.
MISSING_ELSEWHERE_SHARE = 0.12
#: Assumed: artefacts for each human recovery unit.
ARTEFACT_SHARE = 0.05
#: Assumed: relatives overstate stature by about this much, centimetres (mean, standard deviation).
STATURE_OVERSTATED_CM = (2.5, 2.0)
#: Fewer remains than this cannot hold all the traps.
FEWEST_REMAINS = 40
