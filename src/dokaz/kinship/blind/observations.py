"""Profiles as rows of look-up tables: every distinct observation of a marker is one row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.blind.tables import GenotypeTables, LinkedGroup, Panel
from dokaz.kinship.kernels.observation import fill_genotype_rows
from dokaz.kinship.kernels.ranking import fill_exact_rows
from dokaz.kinship.model.pedigree import Sex
from dokaz.kinship.model.profiles import Profiles


@dataclass(frozen=True, eq=False)
class Observations:
    """What a set of profiles shows, each distinct observation of a marker as one row.

    Row 0 of every marker is "untyped". A row without dropout is one genotype (two, where a silent allele may hide);
    with dropout it is a probability for each genotype, a linear map of the genotype tables. Linked groups follow the
    markers, each distinct combination of observations one row.

    Args:
        panel: The markers.
        rows: Row of each profile at each marker, counted over all markers; shape (profiles, markers).
        row_start: Where each marker's rows start; one more than markers.
        first, second: Genotypes of a row, numbered over all markers; -1: none. Of single markers only.
        dense_rows: For each marker the rows under a dropout model.
        dense: For each marker the probability of such an observation given a genotype, shape (rows, genotypes), for
            persons with two alleles; then for men on X.
        groups: What is shown at linked markers.
    """

    panel: Panel
    rows: npt.NDArray[np.int32]
    row_start: IntArray
    first: IntArray
    second: IntArray
    dense_rows: tuple[IntArray, ...]
    dense: tuple[tuple[FloatArray, FloatArray], ...]
    groups: tuple[LinkedObservations, ...] = ()

    @property
    def count(self) -> int:
        """Number of rows over all markers and linked groups."""
        return int(self.row_start[-1])

    def log10_lr_rows(self, tables: GenotypeTables, theta: float) -> FloatArray:
        """log10 LR of every observation of a single marker for every missing person, shape (rows, missing).

        Returns:
            -inf where inconsistent; NaN where the relatives' profiles, or the observation itself, are impossible.
        """
        informative = tables.informative if theta == 0 else np.ones_like(tables.informative)
        out = np.zeros((self.first.size, tables.related.shape[0]))
        markers = len(self.panel.columns)
        marker_of = np.repeat(np.arange(markers), np.diff(self.row_start[: markers + 1]))
        fill_exact_rows(
            tables.related,
            tables.unrelated,
            tables.unrelated_row,
            tables.possible,
            informative,
            marker_of,
            self.first,
            self.second,
            out,
        )
        for m, dense_rows in enumerate(self.dense_rows):
            if not dense_rows.size:
                continue
            part = slice(self.panel.genotype_start[m], self.panel.genotype_start[m + 1])
            for male, weights in enumerate(self.dense[m]):
                who = np.flatnonzero(tables.male == bool(male)) if self.panel.x_linked[m] else np.arange(out.shape[1])
                if (male and not self.panel.x_linked[m]) or not who.size:
                    continue
                related = weights @ tables.related[who, part].T
                if tables.unrelated.shape[0] == 2 and theta == 0:
                    unrelated = (weights @ tables.unrelated[:, part].T)[:, tables.unrelated_row[who]]
                else:
                    unrelated = weights @ tables.unrelated[tables.unrelated_row[who], part].T
                with np.errstate(divide="ignore", invalid="ignore"):
                    values = np.where(unrelated > 0, np.log10(related) - np.log10(unrelated), np.nan)
                values[:, ~tables.possible[who, m]] = np.nan
                values[~np.isnan(values) & ~informative[who, m]] = 0.0
                out[np.ix_(dense_rows, who)] = values
        return out

    def probabilities(self, m: int, genotypes: FloatArray, *, one_allele: bool) -> FloatArray:
        """Probability of every observation of a marker, given what is known of the genotype.

        Args:
            m: Number of the marker.
            genotypes: Probability of each genotype, shape (genotypes of the marker, cases).
            one_allele: Whether it is a man's X.

        Returns:
            Shape (rows of the marker, cases).
        """
        rows = slice(int(self.row_start[m]), int(self.row_start[m + 1]))
        zero = self.panel.genotype_start[m]
        out = np.zeros((rows.stop - rows.start, genotypes.shape[1]))
        for shown in (self.first[rows], self.second[rows]):
            exact = shown >= 0
            out[exact] += genotypes[shown[exact] - zero]
        out[0] = genotypes.sum(axis=0)
        out[self.dense_rows[m] - rows.start] = self.dense[m][int(one_allele)] @ genotypes
        return out


@dataclass(frozen=True, eq=False)
class LinkedObservations:
    """What profiles show at linked markers: every distinct combination of observations as one row.

    Args:
        group: The markers.
        seen: What is shown at each of them.
        observed: For each row its observation at each marker, counted within the marker; row 0 is "untyped" at all.
        profiles: All of them.
        example: For each row but the first a profile that shows it, by its place among the profiles.
    """

    group: LinkedGroup
    seen: Observations
    observed: IntArray
    profiles: Profiles
    example: IntArray

    @cached_property
    def examples(self) -> Profiles:
        """A profile for each row, called by its number."""
        names = tuple(str(row) for row in range(1, len(self.observed)))
        whole, at = self.profiles, self.example
        arrays = (whole.alleles[at], whole.typed[at], whole.dropout[at], whole.dropin[at])
        return Profiles(names, (Sex.UNKNOWN,) * len(names), whole.markers, *arrays)

    @cached_property
    def steps(self) -> tuple[tuple[IntArray, IntArray], ...]:
        """For each marker but the first, every distinct combination up to it: which one up to the marker before it
        continues, and with which observation. The last step holds the rows.
        """
        steps = []
        before = self.observed[:, 0]
        for m in range(1, self.observed.shape[1]):
            shorter, place = np.unique(self.observed[:, : m + 1], axis=0, return_inverse=True)
            _, first = np.unique(place.reshape(-1), return_index=True)
            steps.append((before[first], shorter[:, m]))
            before = place.reshape(-1).astype(np.int64)
        return tuple(steps)


def _together(profiles: Profiles, group: LinkedGroup) -> tuple[LinkedObservations, IntArray]:
    """What profiles show at linked markers, and the row of each."""
    seen = observations(profiles, group.panel)
    codes = seen.rows - seen.row_start[:-1].astype(np.int32)
    with_none = np.concatenate([np.zeros((1, codes.shape[1]), dtype=codes.dtype), codes])
    observed, example, row_of = np.unique(with_none, axis=0, return_index=True, return_inverse=True)
    together = LinkedObservations(group, seen, observed.astype(np.int64), profiles, example[1:] - 1)
    return together, row_of.reshape(-1)[1:]


def observations(profiles: Profiles, panel: Panel) -> Observations:
    """Number the distinct observations of profiles.

    Args:
        profiles: Over the panel's markers.
        panel: The markers.
    """
    count = len(profiles)
    rows = np.zeros((count, len(panel.columns)), dtype=np.int32)
    starts = [0]
    first: list[IntArray] = []
    second: list[IntArray] = []
    dense_rows: list[IntArray] = []
    dense: list[tuple[FloatArray, FloatArray]] = []
    for m, column in enumerate(panel.columns):
        start = starts[-1]
        silent, genotype_zero = int(panel.silents[m]), int(panel.genotype_start[m])
        typed = profiles.typed[:, column]
        uncertain = typed & ~np.isnan(profiles.dropout[:, column])
        exact = typed & ~uncertain
        a, b = profiles.alleles[exact, column, 0].astype(np.int64), profiles.alleles[exact, column, 1].astype(np.int64)
        low, high = np.minimum(a, b), np.maximum(a, b)
        keys, place = np.unique(high * (high + 1) // 2 + low, return_inverse=True)
        rows[exact, m] = start + 1 + place.reshape(-1)
        # The larger allele of genotype number g.
        top = ((np.sqrt(8.0 * keys + 1) - 1) // 2).astype(np.int64)
        homozygous = keys - top * (top + 1) // 2 == top
        hidden = np.where(homozygous & (silent >= 0), genotype_zero + silent * (silent + 1) // 2 + top, -1)
        example = np.zeros(0, dtype=np.intp)
        if uncertain.any():
            shown = [values[uncertain, column] for values in (profiles.alleles, profiles.dropout, profiles.dropin)]
            _, example, number = np.unique(np.column_stack(shown), axis=0, return_index=True, return_inverse=True)
            rows[uncertain, m] = start + 1 + keys.size + number.reshape(-1)
        nothing = np.full(example.size, -1)
        first.append(np.concatenate([[-1], genotype_zero + keys, nothing]).astype(np.int64))
        second.append(np.concatenate([[-1], hidden, nothing]).astype(np.int64))
        dense_rows.append(start + 1 + keys.size + np.arange(example.size, dtype=np.int64))
        dense.append(_dense(profiles, np.flatnonzero(uncertain)[example], panel, m))
        starts.append(start + 1 + keys.size + example.size)
        rows[~typed, m] = start
    groups = []
    for group in panel.groups:
        together, row_of = _together(profiles, group)
        groups.append(together)
        rows = np.concatenate([rows, (starts[-1] + row_of[:, None]).astype(np.int32)], axis=1)
        starts.append(starts[-1] + len(together.observed))
    return Observations(
        panel,
        rows,
        np.array(starts, dtype=np.int64),
        np.concatenate([*first, np.zeros(0, dtype=np.int64)]),
        np.concatenate([*second, np.zeros(0, dtype=np.int64)]),
        tuple(dense_rows),
        tuple(dense),
        tuple(groups),
    )


def _dense(profiles: Profiles, rows: IntArray, panel: Panel, m: int) -> tuple[FloatArray, FloatArray]:
    """Probability of what samples show under a dropout model given each genotype: with two alleles, and with one."""
    column, start, size = panel.columns[m], panel.frequency_start[m], panel.sizes[m]
    frequencies = panel.frequencies[start : start + size]
    weights = np.zeros((2, rows.size, size * (size + 1) // 2))
    shown = (profiles.alleles[rows, column], profiles.dropout[rows, column], profiles.dropin[rows, column])
    for one_allele in (False, True) if panel.x_linked[m] else (False,):
        fill_genotype_rows(*shown, frequencies, int(panel.silents[m]), one_allele, weights[int(one_allele)])
    return weights[0], weights[1]
