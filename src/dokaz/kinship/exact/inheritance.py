"""Linked SNPs by every inheritance: which chromosome each parent passed to each child, from marker to marker.

Given who inherited which founder allele, markers are independent, and a marker of few alleles is summed over its founder
alleles outright. So the cost grows with the number of markers, not with what they tie together: thousands of SNPs on a
chromosome are as exact as two. It grows as 2 to the power of the passings, so that large families are left to elimination.

Source: Lander & Green 1987 (inheritance vectors); Kruglyak, Daly, Reeve-Daly, Lander 1996 (symmetry of founders).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.exact.evidence import check_one_x
from dokaz.kinship.exact.reduced_pedigree import (
    MATERNAL,
    PATERNAL,
    ReducedPedigree,
    founder_sides,
    reduced_pedigree,
    refuse_inbred_founders,
    whole_founder,
)
from dokaz.kinship.kernels.inheritance_sum import fill_seen, sum_along, sum_founder_alleles
from dokaz.kinship.model.markers import MarkerSet
from dokaz.kinship.model.pedigree import Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles

#: Passings of an allele that are not fixed by symmetry: two to this power are the inheritances that are listed.
MOST_PASSINGS = 12
#: Alleles of a marker, and combinations of founder alleles that are tied together.
MOST_ALLELES, MOST_COMBINATIONS = 4, 2**16
#: Two linked markers of few alleles are no faster this way.
FEWEST_MARKERS = 3


@dataclass(frozen=True, eq=False)
class Inheritances:
    """Every way in which a reduced pedigree passes its founder alleles on.

    Args:
        slots: The founder alleles of each genome (from the father, from the mother; twice the one that a man has on X),
            shape (inheritances, genomes, 2).
        founders: Number of founder alleles.
        flips: Which bits of an inheritance's number a recombination flips, in any one of the passings.
    """

    slots: IntArray
    founders: int
    flips: IntArray


@lru_cache(maxsize=4096)
def inheritances(tree: ReducedPedigree) -> Inheritances | None:
    """List the inheritances of a reduced pedigree.

    A founder's two chromosomes may change places, so at a marker only this counts: whether a child received the same as
    the founder's first child. Where the first child's changes from one marker to the next, that flips for all others.

    Returns:
        None: there are more than 2 to the power of `MOST_PASSINGS`.
    """
    passings: list[tuple[int, int]] = []
    others: dict[int, int] = {}
    for child, parents in enumerate(tree.parents):
        for side, parent in enumerate(parents):
            if parent is None or _has_one(tree, parent):
                continue
            is_founder = len(whole_founder(tree.genomes[parent], tree.x_linked)) == 2
            if is_founder and parent not in others:
                others[parent] = 0
                continue
            if is_founder:
                others[parent] |= 1 << len(passings)
            passings.append((child, side))
    if len(passings) > MOST_PASSINGS:
        return None
    number = np.arange(2 ** len(passings))
    slots = np.zeros((number.size, len(tree.genomes), 2), dtype=np.int64)
    founders = 0
    for child, genome in enumerate(tree.genomes):
        for side in founder_sides(genome, tree.x_linked):
            slots[:, child, side] = founders
            founders += 1
        for side, parent in enumerate(tree.parents[child]):
            if parent is not None:
                passed = (number >> passings.index((child, side))) & 1 if (child, side) in passings else 0
                slots[:, child, side] = slots[number, parent, passed]
        if _has_one(tree, child):
            slots[:, child, PATERNAL] = slots[:, child, MATERNAL]
    flips = [*(1 << k for k in range(len(passings))), *(bits for bits in others.values() if bits)]
    return Inheritances(slots, founders, np.array(flips, dtype=np.int64))


def _has_one(tree: ReducedPedigree, genome: int) -> bool:
    return tree.x_linked and tree.genomes[genome].sex is Sex.MALE


def are_few_alleles(markers: MarkerSet, columns: Sequence[int]) -> bool:
    """Whether linked markers are of the kind that this module sums: few alleles, none silent, none that mutates."""
    chosen = [markers.markers[column] for column in columns]
    return len(chosen) >= FEWEST_MARKERS and all(
        len(m.alleles) <= MOST_ALLELES and not m.has_silent and m.mutation is None for m in chosen
    )


def given_inheritance(
    pedigree: Pedigree, profiles: Profiles, columns: Sequence[int], person: str | None, *, x_linked: bool
) -> tuple[list[FloatArray], IntArray] | None:
    """Probability of what relatives show at each marker, and of a person's genotype, given each inheritance.

    Args:
        pedigree: The family.
        profiles: Of its members; people outside it are ignored.
        columns: The markers, which `are_few_alleles`.
        person: Whose genotype is asked for; None: nobody's.
        x_linked: Whether they lie on X.

    Returns:
        One table a marker, shape (genotypes or 1, inheritances), and the flips of these; None where there are too many
        inheritances, or combinations of founder alleles that are tied together.

    Raises:
        NotMeaningful: inbred founders; unknown sex on X.
    """
    places = list(columns)
    typed = [p for p in pedigree.ids if p in profiles and profiles.typed[profiles.rows[p], places].any()]
    tree = reduced_pedigree(pedigree, frozenset(typed if person is None else [*typed, person]), x_linked)
    refuse_inbred_founders(tree, 0.0, is_linked=True)
    found = inheritances(tree)
    if found is None:
        return None
    holders = [i for i, genome in enumerate(tree.genomes) if not set(genome.people).isdisjoint(typed)]
    asked = [i for i, genome in enumerate(tree.genomes) if person in genome.people]
    slots = np.ascontiguousarray(found.slots[:, [*holders, *asked]])
    sizes = np.array([len(profiles.markers.markers[column].alleles) for column in places])
    largest_tied = min(found.founders, 2 * slots.shape[1])
    if int(sizes.max()) ** largest_tied > MOST_COMBINATIONS:
        return None
    tables: list[FloatArray] = [np.empty(0)] * len(places)
    for size in sorted(set(sizes.tolist())):
        where = np.flatnonzero(sizes == size)
        these = [places[k] for k in where]
        frequencies = np.array([profiles.markers.markers[column].all_frequencies for column in these]).T.copy()
        seen = np.ones((len(holders), size * size, len(these)))
        for k, i in enumerate(holders):
            for member in tree.genomes[i].people:
                if member in typed:
                    row = profiles.rows[member]
                    if _has_one(tree, i):
                        exact = profiles.typed[row, these] & np.isnan(profiles.dropout[row, these])
                        check_one_x(profiles, row, np.array(these)[exact].tolist())
                    fill_seen(
                        np.ascontiguousarray(profiles.alleles[row, these]),
                        profiles.typed[row, these],
                        profiles.dropout[row, these],
                        profiles.dropin[row, these],
                        frequencies,
                        _has_one(tree, i),
                        seen[k],
                    )
        genotypes = size * (size + 1) // 2 if asked else 1
        out = np.empty((len(slots), genotypes, len(these)))
        sum_founder_alleles(slots, found.founders, frequencies, seen, bool(asked), out)
        for k, m in enumerate(where):
            tables[m] = out[:, :, k].T
    return tables, found.flips


def ln_along(given: Sequence[FloatArray], flips: IntArray, rows: IntArray, fractions: Sequence[float]) -> FloatArray:
    """Natural logarithm of the probability of sequences of observations along linked markers.

    Args:
        given: For each marker the probability of each observation given the inheritance, shape (observations,
            inheritances).
        flips: Of these; see `Inheritances`.
        rows: Which observation each sequence has, shape (sequences, markers).
        fractions: Recombination fractions between the markers.
    """
    starts = np.cumsum([0, *(len(table) for table in given)]).astype(np.int64)
    ln = np.empty(len(rows))
    sum_along(np.concatenate(given), flips, starts, np.ascontiguousarray(rows), np.array(fractions, dtype=float), ln)
    return ln


def ln_likelihood_along(
    pedigree: Pedigree, profiles: Profiles, columns: Sequence[int], fractions: Sequence[float], *, x_linked: bool
) -> float | None:
    """Natural logarithm of the probability of what was seen at linked markers; None where this way is closed."""
    if not are_few_alleles(profiles.markers, columns):
        return None
    if not any(p in profiles and profiles.typed[profiles.rows[p], list(columns)].any() for p in pedigree.ids):
        return 0.0
    given = given_inheritance(pedigree, profiles, columns, None, x_linked=x_linked)
    if given is None:
        return None
    tables, flips = given
    return float(ln_along(tables, flips, np.zeros((1, len(tables)), dtype=np.int64), fractions)[0])
