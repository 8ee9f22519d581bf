"""What profiles say about genotypes at one marker, with the alleles that nobody shows merged into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokaz.errors import BadProfile
from dokaz.kinship.arrays import BoolArray, FloatArray
from dokaz.kinship.kernels.observation import fill_observation
from dokaz.kinship.model.markers import Marker
from dokaz.kinship.model.mutation import lumped_classes
from dokaz.kinship.model.profiles import NO_ALLELE, Profiles


@dataclass(frozen=True, eq=False)
class Locus:
    """A marker with alleles merged that no profile tells apart.

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


def whole_locus(marker: Marker) -> Locus:
    """A marker of which every allele stays apart."""
    return locus_of(marker, np.ones(len(marker.alleles), dtype=bool))


def seen_alleles(profiles: Profiles, rows: Sequence[int], column: int) -> BoolArray:
    """Which visible alleles of a marker these profiles show."""
    seen = np.zeros(len(profiles.markers.markers[column].alleles), dtype=bool)
    alleles = profiles.alleles[list(rows), column]
    seen[alleles[alleles != NO_ALLELE]] = True
    return seen


def observation(samples: Sequence[tuple[Profiles, int]], column: int, locus: Locus, *, one_allele: bool) -> FloatArray:
    """Probability of what was seen of one genome, given the two alleles it holds; see `kernels.observation`.

    Args:
        samples: Profiles and rows; several where identical twins are typed.
        column, locus: The marker.
        one_allele: A man's X; only the diagonal is meant.

    Returns:
        Shape (alleles, alleles), symmetric.
    """
    product = np.ones((locus.size, locus.size))
    table = np.empty_like(product)
    for profiles, row in samples:
        seen = profiles.alleles[row, column]
        shown = np.where(seen == NO_ALLELE, NO_ALLELE, locus.classes[seen]).astype(np.int16)
        dropout, dropin = float(profiles.dropout[row, column]), float(profiles.dropin[row, column])
        fill_observation(shown, dropout, dropin, locus.frequencies, locus.silent, one_allele, table)
        product *= table
    return product


def check_one_x(profiles: Profiles, row: int, columns: Iterable[int]) -> None:
    """Refuse two alleles on the X of a man.

    Raises:
        BadProfile: names the person and the marker.
    """
    for column in columns:
        if profiles.alleles[row, column, 0] != profiles.alleles[row, column, 1]:
            raise BadProfile(
                f"{profiles.ids[row]}, {profiles.markers.names[column]}: a man has two alleles on X",
                next_step="check the sex in the pedigree, or retype",
            )
