"""What a profile says about a genotype: silent alleles, dropout, drop-in, and lumping of the unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokaz.kinship.arrays import BoolArray, FloatArray
from dokaz.kinship.model.markers import Marker
from dokaz.kinship.model.mutation import lumped_classes
from dokaz.kinship.model.profiles import NO_ALLELE, Profiles


@dataclass(frozen=True, eq=False)
class Locus:
    """A marker with the alleles that cannot be told apart made one.

    Args:
        marker: Where it came from.
        classes: Lumped number of each allele (visible ones, then the silent one).
        frequencies: Of the lumped alleles.
        matrices: Mutation over the lumped alleles: mothers, fathers.
        silent: Lumped number of the silent allele; -1: there is none.
    """

    marker: Marker
    classes: npt.NDArray[np.intp]
    frequencies: FloatArray
    matrices: FloatArray
    silent: int

    @property
    def size(self) -> int:
        """Number of lumped alleles."""
        return int(self.frequencies.size)


_loci: dict[tuple[int, bytes], tuple[Marker, Locus]] = {}


def locus_of(marker: Marker, seen: BoolArray) -> Locus:
    """Lump the alleles that nobody showed, as far as that is exact.

    Args:
        marker: The marker.
        seen: One flag a visible allele.
    """
    key = (id(marker), seen.tobytes())
    known = _loci.get(key)
    if known is not None and known[0] is marker:
        return known[1]
    alone = np.append(seen, True) if marker.has_silent else seen
    female, male = marker.matrices or (None, None)
    classes = lumped_classes(female, male, alone)
    size = int(classes.max()) + 1
    frequencies = np.zeros(size)
    np.add.at(frequencies, classes, np.array(marker.all_frequencies))
    matrices = np.empty((2, size, size))
    for sex, matrix in enumerate((female, male)):
        if matrix is None:
            matrices[sex] = np.eye(size)
        else:
            first_of = np.array([int(np.flatnonzero(classes == c)[0]) for c in range(size)])
            for c in range(size):
                matrices[sex, :, c] = matrix[first_of][:, classes == c].sum(axis=1)
    locus = Locus(marker, classes, frequencies, matrices, int(classes[-1]) if marker.has_silent else -1)
    if len(_loci) > 100_000:
        _loci.clear()
    _loci[key] = (marker, locus)
    return locus


def seen_alleles(profiles: Profiles, rows: Sequence[int], column: int) -> BoolArray:
    """Which visible alleles of a marker these profiles show."""
    seen = np.zeros(len(profiles.markers.markers[column].alleles), dtype=bool)
    alleles = profiles.alleles[list(rows), column]
    seen[alleles[alleles != NO_ALLELE]] = True
    return seen


def observation(profiles: Profiles, row: int, column: int, locus: Locus, *, one_allele: bool) -> FloatArray:
    """Probability of what was seen, given the two alleles a person holds.

    Without a dropout model the genotype is what was seen, except that a silent allele is never seen: a lone allele is
    a homozygote, or stands beside a silent allele. With one, a visible allele held in n copies is missed with
    probability d**n; no drop-in has probability 1 - c, each drop-in contributes c times its frequency.

    Args:
        one_allele: A man's X; only the diagonal is meant.

    Returns:
        Shape (alleles, alleles), symmetric.

    Source: Haned, Slooten, Gill 2012; Gill & Haned 2013 (semi-continuous model).
    """
    shown = [int(locus.classes[a]) for a in profiles.alleles[row, column] if a != NO_ALLELE]
    size = locus.size
    if np.isnan(profiles.dropout[row, column]):
        table = np.zeros((size, size))
        first, second = shown
        table[first, second] = table[second, first] = 1.0
        if first == second and locus.silent >= 0 and not one_allele:
            table[first, locus.silent] = table[locus.silent, first] = 1.0
        return table
    dropout, dropin = float(profiles.dropout[row, column]), float(profiles.dropin[row, column])
    is_shown = np.zeros(size, dtype=bool)
    is_shown[shown] = True
    visible = np.ones(size, dtype=bool)
    if locus.silent >= 0:
        visible[locus.silent] = False
    single = np.where(visible, np.where(is_shown, 1 - dropout, dropout), 1.0)
    double = np.where(visible, np.where(is_shown, 1 - dropout**2, dropout**2), 1.0)
    table = np.outer(single, single)
    np.fill_diagonal(table, single if one_allele else double)
    added = {a: dropin * locus.frequencies[a] for a in shown}
    for i in range(size):
        for j in range(i, size):
            extra = [a for a in shown if a not in (i, j)]
            factor = float(np.prod([added[a] for a in extra])) if extra else 1 - dropin
            table[i, j] *= factor
            if i != j:
                table[j, i] *= factor
    return table
