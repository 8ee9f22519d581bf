"""Photographs and films as values: which are copies, what is written in them, and where the sun stood."""

from dokaz.imagery.duplicates import WORDS, FoundCopies, Pair, Picture, find_duplicates
from dokaz.imagery.perceptual_hash import PdqHash, pdq

__all__ = [
    "WORDS",
    "FoundCopies",
    "Pair",
    "PdqHash",
    "Picture",
    "find_duplicates",
    "pdq",
]
