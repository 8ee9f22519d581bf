"""What the kinship engine refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dokaz.errors.base import DokazError, EngineError


class KinshipError(DokazError):
    """Base of what the kinship engine refuses."""


class BadMarker(EngineError, KinshipError):
    """A marker that is not one: frequencies that do not sum to 1, an allele named twice, an unknown chromosome."""


@dataclass(eq=False)
class AlleleWithoutFrequency(KinshipError):
    """An allele was seen that the frequency table does not hold, and no policy says what to do about it.

    ``who`` shows it; empty where only the marker was asked.
    """

    template = "{place}: allele {allele!r} has no frequency"
    next_template = "check the typing kit, or give a minimum frequency for unseen alleles (--min-frequency)"
    marker: str
    allele: str
    who: str = ""

    @property
    def values(self) -> Mapping[str, object]:
        return {**vars(self), "place": f"{self.who}, {self.marker}" if self.who else self.marker}


class BadMutationModel(EngineError, KinshipError):
    """A mutation model that is undefined for these alleles or rates."""


class BadPedigree(EngineError, KinshipError):
    """A pedigree that cannot be: a person who is their own ancestor, a female father, an unknown parent."""


class BadProfile(EngineError, KinshipError):
    """A genotype that cannot be: three alleles without a drop-in model, two alleles on a man's X."""


class BadQuestion(EngineError, KinshipError):
    """Hypotheses that cannot be compared: a typed person missing from one of them, nothing in common."""


class NotMeaningful(EngineError, KinshipError):
    """A combination of options that has no agreed meaning (theta with inbred founders), refused by name."""


class TooComplex(EngineError, KinshipError):
    """An exact likelihood whose cheapest elimination still exceeds the stated limit of table entries."""


@dataclass(eq=False)
class UnknownPopulation(KinshipError):
    """A frequency table is asked for by a name that none of the shipped ones has."""

    template = "no frequency table is called {name!r}"
    next_template = "one of: {known}"
    name: str
    known: Sequence[str]
