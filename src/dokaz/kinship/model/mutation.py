"""How an allele changes between parent and child: the models of the field, as matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from dokaz.errors import BadMutationModel
from dokaz.kinship.arrays import BoolArray, FloatArray, IntArray
from dokaz.kinship.model.sequence_alleles import allele_order, is_sequence, length_of

#: Row sums of a stated matrix may miss 1 by this much (matrices are printed with 15 digits, and some with 8).
ROW_SUM_TOLERANCE = 1e-6
#: No allele has as many repeats; refuses names such as "inf" and "1e99".
_MOST_REPEATS = 1e6


class MutationKind(Enum):
    """The mutation models; each is defined in `MutationModel.matrix`."""

    EQUAL = "equal"
    PROPORTIONAL = "proportional"
    STEPWISE = "stepwise"
    ONESTEP = "onestep"
    DAWID = "dawid"
    CUSTOM = "custom"


@dataclass(frozen=True)
class MutationModel:
    """How alleles mutate in one parent's sex.

    Args:
        kind: Which model.
        rate: Probability, 0 to 1, that an allele is transmitted changed (averaged over alleles in `proportional` and
            `dawid`); in `stepwise`, changed to an allele of the same microvariant group.
        rate2: `stepwise` only: probability of changing to another microvariant group (9 to 9.3), shared equally.
        range: `stepwise`, `dawid`: probability of n + 1 steps relative to n steps.
        stated: The matrix as given, rows the parent's allele; required for `custom`. Given with another kind, it is
            what is used, and the kind is only its name.
        stationary: Transform the matrix so that the allele frequencies are its stationary distribution, keeping the
            overall rate (method PM).

    Raises:
        BadMutationModel: a rate outside 0 to 1, a missing parameter, a matrix that is not a transition matrix.

    Source: Egeland, Kling, Mostad 2016, ch. 5 (equal, proportional, stepwise); Dawid, Mortera, Pascali 2001 and
    Egeland & Vigeland 2025 (dawid); Simonsson & Mostad 2016 (stationary).

    Example:
        >>> MutationModel(MutationKind.EQUAL, rate=0.1).matrix(("1", "2", "3"), (0.2, 0.3, 0.5)).round(3).tolist()
        [[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]]
    """

    kind: MutationKind
    rate: float = 0.0
    rate2: float = 0.0
    range: float = 0.1
    stated: tuple[tuple[float, ...], ...] | None = None
    stationary: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.kind, MutationKind):
            raise BadMutationModel(
                f"{self.kind!r} is no kind of mutation", next_step="write MutationKind.EQUAL or another"
            )
        if self.kind is MutationKind.CUSTOM and self.stated is None:
            raise BadMutationModel("custom mutation model without a matrix", next_step="give the matrix, row by row")
        for name, value in (("rate", self.rate), ("rate2", self.rate2)):
            if not 0 <= value <= 1:
                raise BadMutationModel(f"mutation {name} {value!r} lies outside 0 to 1", next_step="give a probability")
        if self.rate + self.rate2 > 1:
            raise BadMutationModel(
                f"mutation rate {self.rate!r} and rate2 {self.rate2!r} sum to more than 1",
                next_step="lower one of them",
            )
        if not self.range >= 0:
            raise BadMutationModel(f"mutation range {self.range!r} is negative", next_step="give a range, such as 0.1")
        if self.kind is MutationKind.DAWID and not 0 < self.range < 1:
            raise BadMutationModel(
                f"dawid mutation range {self.range!r} lies outside 0 to 1", next_step="give a range between 0 and 1"
            )
        if self.stated is not None:
            _checked_matrix(self.stated)

    @property
    def in_words(self) -> str:
        """What an answer calls it: the kind and, unless a matrix is stated, the rate."""
        if self.stated is None and not self.rate + self.rate2:
            return "none"
        named = self.kind.value if self.stated is not None else f"{self.kind.value} with rate {self.rate:g}"
        return f"{named}, stationary" if self.stationary else named

    def matrix(self, alleles: Sequence[str], frequencies: Sequence[float], *, silent: bool = False) -> FloatArray:
        """The transition matrix over the alleles of a marker.

        Args:
            alleles: Names of the visible alleles, in the marker's order.
            frequencies: Their frequencies (with the silent one last, if there is one).
            silent: Append a silent allele, which neither mutates nor arises in the named models.

        Returns:
            Square matrix, row the parent's allele, column the child's; rows sum to 1.

        Raises:
            BadMutationModel: the model is undefined for these alleles (microvariants in `onestep`, a rate that would
                make a probability negative, a stated matrix of another size).
        """
        size = len(alleles) + silent
        if self.stated is not None:
            matrix = np.array(self.stated, dtype=float)
            if matrix.shape != (size, size):
                raise BadMutationModel(
                    f"mutation matrix has {matrix.shape[0]} alleles, the marker {size}",
                    next_step="state the matrix over the marker's alleles, in their order",
                )
        else:
            visible = np.asarray(frequencies, dtype=float)[: len(alleles)]
            matrix = np.eye(size)
            if len(alleles) > 1:
                matrix[: len(alleles), : len(alleles)] = self._named(alleles, visible)
        if self.stationary:
            return stationary_matrix(matrix, np.asarray(frequencies, dtype=float))
        return matrix

    def _named(self, alleles: Sequence[str], frequencies: FloatArray) -> FloatArray:
        if self.kind is MutationKind.EQUAL:
            return _equal(len(alleles), self.rate)
        if self.kind is MutationKind.PROPORTIONAL:
            return _proportional(frequencies / frequencies.sum(), self.rate)
        if any(map(is_sequence, alleles)):
            return self._between_sequences(alleles, frequencies)
        if self.kind is MutationKind.STEPWISE:
            return _stepwise(_ladder(alleles), self.rate, self.rate2, self.range)
        steps = _whole_repeats(alleles, self.kind.value)
        if self.kind is MutationKind.ONESTEP:
            return _onestep(steps, self.rate)
        return _dawid(steps, frequencies / frequencies.sum(), self.rate, self.range)

    def _between_sequences(self, alleles: Sequence[str], frequencies: FloatArray) -> FloatArray:
        """A model of lengths among sequences: the length changes as the model says, to its sequences by their frequencies.

        A sequence never changes into another of its length, so that added up by length this is the model of lengths.
        """
        lengths = [length_of(allele) for allele in alleles]
        if not all(lengths):
            raise BadMutationModel(
                f"{self.kind.value} mutation: allele {alleles[lengths.index('')]!r} does not state its length",
                next_step="write the length allele before the sequence (CE16_…), or use the equal or proportional model",
            )
        ladder = sorted(dict.fromkeys(lengths), key=allele_order)
        position = np.array([ladder.index(length) for length in lengths])
        sums: FloatArray = np.bincount(position, weights=frequencies, minlength=len(ladder)).astype(float)
        of_lengths = self._named(ladder, sums) if len(ladder) > 1 else np.eye(1)
        size = np.bincount(position, minlength=len(ladder))
        share = np.where(sums[position] > 0, frequencies / np.where(sums > 0, sums, 1)[position], 1 / size[position])
        matrix: FloatArray = of_lengths[np.ix_(position, position)] * share[None, :]
        matrix[position[:, None] == position[None, :]] = 0.0
        np.fill_diagonal(matrix, np.diag(of_lengths)[position])
        return matrix


def _equal(size: int, rate: float) -> FloatArray:
    matrix = np.full((size, size), rate / (size - 1))
    np.fill_diagonal(matrix, 1 - rate)
    return matrix


def _proportional(frequencies: FloatArray, rate: float) -> FloatArray:
    weight = rate / float(frequencies @ (1 - frequencies))
    matrix: FloatArray = (1 - weight) * np.eye(frequencies.size) + weight * frequencies[None, :]
    if matrix.min() < 0:
        highest = float(frequencies @ (1 - frequencies) / (1 - frequencies.min()))
        raise BadMutationModel(
            f"proportional mutation with rate {rate!r} is undefined here", next_step=f"give at most {highest:.6g}"
        )
    return matrix


def _stepwise(tenths: IntArray, rate: float, rate2: float, step_range: float) -> FloatArray:
    """Alleles of one microvariant group mutate in whole steps with `rate`; to other groups, evenly, with `rate2`.

    An allele alone in its group has nothing to step to and keeps that probability; where all alleles are of one group,
    there is no rate2.
    """
    size = tenths.size
    group = np.mod(tenths, 10)
    matrix = np.zeros((size, size))
    for i in range(size):
        same = group == group[i]
        others = ~same
        stepped = same.copy()
        stepped[i] = False
        if stepped.any():
            # Summed with the smallest exponent taken out: range**distance alone underflows on long ladders.
            distance = np.abs(tenths[stepped] - tenths[i]) / 10
            weights = step_range ** (distance - distance.min()) if step_range > 0 else (distance == 1).astype(float)
            if weights.sum() > 0:
                matrix[i, stepped] = rate * weights / weights.sum()
        if others.any():
            matrix[i, others] = rate2 / others.sum()
        matrix[i, i] = 1 - (rate if stepped.any() else 0.0) - (rate2 if others.any() else 0.0)
    return matrix


def _onestep(steps: IntArray, rate: float) -> FloatArray:
    near = np.abs(steps[:, None] - steps[None, :]) == 1
    count = near.sum(axis=1)
    matrix = np.where(near, rate / np.maximum(count, 1)[:, None], 0.0)
    np.fill_diagonal(matrix, np.where(count > 0, 1 - rate, 1.0))
    return matrix


def _dawid(steps: IntArray, frequencies: FloatArray, rate: float, step_range: float) -> FloatArray:
    if not np.array_equal(np.sort(steps), steps):
        raise BadMutationModel("dawid mutation needs alleles in rising order", next_step="sort the marker's alleles")
    size = steps.size
    # The step size is the distance in rank, so that a gap in the ladder does not stop mutation across it.
    distance = np.abs(np.arange(size)[:, None] - np.arange(size)[None, :])
    series = (1 - step_range**size) / (1 - step_range)
    scale = rate * (1 - step_range) / (2 * step_range * (size - series))
    matrix: FloatArray = scale / frequencies[:, None] * step_range**distance
    np.fill_diagonal(matrix, 0.0)
    diagonal = 1 - matrix.sum(axis=1)
    if diagonal.min() < 0:
        highest = rate / float(matrix.sum(axis=1).max())
        raise BadMutationModel(
            f"dawid mutation with rate {rate!r} is undefined here", next_step=f"give at most {highest:.6g}"
        )
    np.fill_diagonal(matrix, diagonal)
    return matrix


def stationary_matrix(matrix: FloatArray, frequencies: FloatArray) -> FloatArray:
    """Make the allele frequencies stationary by scaling each allele's mutability, keeping the overall rate.

    Assumes that the matrix has one stationary distribution.

    Args:
        matrix: Transition matrix, row the parent's allele.
        frequencies: Allele frequencies, all above 0.

    Raises:
        BadMutationModel: no such matrix exists, or a frequency is 0.

    Source: Simonsson & Mostad 2016, method PM.
    """
    size = frequencies.size
    if frequencies.min() <= 0:
        raise BadMutationModel("a stationary model needs every frequency above 0", next_step="give a minimum frequency")
    keep = np.diag(matrix)
    rate = 1 - float(keep @ frequencies)
    if rate == 0:
        return matrix
    system = matrix.T - np.eye(size)
    system[-1] = 1.0
    target = np.zeros(size)
    target[-1] = 1.0
    own = np.linalg.solve(system, target)
    lost = 1 - float(keep @ own)
    scale = rate * own / (lost * frequencies) if lost > 0 else frequencies
    if lost <= 0 or not (scale * (1 - keep) <= 1).all():
        raise BadMutationModel(
            "the mutation model cannot be made stationary by method PM", next_step="use the model as given"
        )
    return np.asarray(np.eye(size) + scale[:, None] * (matrix - np.eye(size)))


def _ladder(alleles: Sequence[str]) -> IntArray:
    """Repeat numbers in tenths: 9.3 is 93."""
    tenths = []
    for allele in alleles:
        try:
            value = float(allele)
        except ValueError:
            value = math.nan
        if not abs(value) < _MOST_REPEATS:
            raise BadMutationModel(
                f"stepwise mutation: allele {allele!r} is not a repeat number",
                next_step="use the equal or proportional model",
            )
        number = round(value * 10)
        if abs(value * 10 - number) > 1e-6:
            raise BadMutationModel(
                f"stepwise mutation: microvariant {allele!r} has more than one decimal",
                next_step="name it with one decimal",
            )
        tenths.append(number)
    return np.array(tenths, dtype=np.int64)


def _whole_repeats(alleles: Sequence[str], kind: str) -> IntArray:
    tenths = _ladder(alleles)
    for allele, value in zip(alleles, tenths, strict=True):
        if value % 10:
            raise BadMutationModel(
                f"{kind} mutation: allele {allele!r} is not a whole number of repeats",
                next_step="use the stepwise model, which has a rate for microvariants",
            )
    return tenths // 10


def _checked_matrix(rows: tuple[tuple[float, ...], ...]) -> None:
    size = len(rows)
    for i, row in enumerate(rows):
        if len(row) != size:
            raise BadMutationModel(
                f"mutation matrix row {i + 1} has {len(row)} values, not {size}", next_step="give a square matrix"
            )
        if not all(0 <= value <= 1 for value in row):
            worst = next(value for value in row if not 0 <= value <= 1)
            raise BadMutationModel(
                f"mutation matrix row {i + 1} holds {worst!r}", next_step="give probabilities between 0 and 1"
            )
        if abs(sum(row) - 1) > ROW_SUM_TOLERANCE:
            raise BadMutationModel(
                f"mutation matrix row {i + 1} sums to {sum(row)!r}", next_step="make every row sum to 1"
            )


@dataclass(frozen=True)
class Mutation:
    """How a marker mutates in mothers (`female`) and in fathers (`male`)."""

    female: MutationModel
    male: MutationModel

    @classmethod
    def alike(cls, model: MutationModel) -> Mutation:
        """The same model in both sexes."""
        return cls(female=model, male=model)

    @property
    def in_words(self) -> str:
        """What an answer calls it.

        Example:
            >>> Mutation.alike(MutationModel(MutationKind.EQUAL, rate=0.001)).in_words
            'equal with rate 0.001'
        """
        mothers, fathers = self.female.in_words, self.male.in_words
        return mothers if mothers == fathers else f"{mothers} (mothers), {fathers} (fathers)"


def lumped_classes(female: FloatArray | None, male: FloatArray | None, seen: BoolArray) -> npt.NDArray[np.intp]:
    """Which alleles may be treated as one without changing any likelihood.

    Alleles that were seen stay alone. The others start as one class, which is split until every member of a class has
    the same probability of mutating into each class (strong lumpability, so exact for every founder distribution).

    Args:
        female, male: Mutation matrices, or None for no mutation.
        seen: One flag an allele: must this one stay alone?

    Returns:
        The class number of each allele, 0 up, in order of first appearance.

    Source: Kemeny & Snell 1976, theorem 6.3.2.
    """
    size = seen.size
    if female is None or male is None:
        matrices: list[FloatArray] = []
    else:
        matrices = [female] if male is female else [female, male]
    key = [(int(i) + 1,) if seen[i] else (0,) for i in range(size)]
    while True:
        numbers: dict[tuple[float, ...], int] = {}
        classes = np.array([numbers.setdefault(k, len(numbers)) for k in key], dtype=np.intp)
        if not matrices or len(numbers) == size:
            return classes
        sums = [np.stack([m[:, classes == c].sum(axis=1) for c in range(len(numbers))], axis=1) for m in matrices]
        # Entries that differ in the 13th digit only differ by how the file was printed.
        rounded = [tuple(float(f"{x:.12e}") for s in sums for x in s[i]) for i in range(size)]
        finer = [(float(classes[i]), *rounded[i]) if not seen[i] else (float(classes[i]),) for i in range(size)]
        if len(set(finer)) == len(numbers):
            return classes
        key = finer  # type: ignore[assignment]
