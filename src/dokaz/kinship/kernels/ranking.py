"""Compiled look-ups of a blind search: sums of table rows, and the best few of every profile and missing person.

A block's table holds the observations as rows and the missing persons of the block side by side, so that a profile's
LRs for the whole block are a sum of a few contiguous rows: no gather, only additions that the processor does 8 or 16 at
a time. The table of a block fits the second-level cache; what bounds the sum is reading it from there.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dokaz.kinship.arrays import BoolArray, FloatArray, IntArray
from dokaz.kinship.kernels.compiled import compiled


@compiled(nogil=True)
def fill_exact_rows(
    related: FloatArray,
    unrelated: FloatArray,
    unrelated_row: IntArray,
    possible: BoolArray,
    informative: BoolArray,
    marker_of: IntArray,
    first: IntArray,
    second: IntArray,
    out: FloatArray,
) -> None:
    """log10 LR of every observation without dropout for every missing person.

    Args:
        related, unrelated, unrelated_row, possible, informative: As in `tables.GenotypeTables`.
        marker_of, first, second: Of each row: marker, genotype, second genotype.
        out: Shape (rows, missing); rows without a genotype are 0 where the relatives' profiles are possible.
    """
    for r in range(first.size):
        g, h, m = first[r], second[r], marker_of[r]
        for f in range(related.shape[0]):
            if g < 0:
                # Nothing was seen; the relatives may still contradict each other.
                out[r, f] = 0.0 if possible[f, m] else math.nan
                continue
            above, below = related[f, g], unrelated[unrelated_row[f], g]
            if h >= 0:
                above += related[f, h]
                below += unrelated[unrelated_row[f], h]
            if not possible[f, m] or below == 0.0:
                out[r, f] = math.nan
            elif not informative[f, m]:
                out[r, f] = 0.0
            elif above == 0.0:
                out[r, f] = -math.inf
            else:
                out[r, f] = math.log10(above / below)


@compiled(nogil=True)
def _insert(scores: npt.NDArray[np.float32], names: IntArray, score: float, name: int) -> None:
    """Into a short list, best first; the earlier stays ahead among equals."""
    k = scores.size - 1
    if not score > scores[k]:
        return
    while k > 0 and score > scores[k - 1]:
        scores[k], names[k] = scores[k - 1], names[k - 1]
        k -= 1
    scores[k], names[k] = score, name


@compiled(nogil=True, fastmath={"nsz", "contract"})
def rank_block(
    table: npt.NDArray[np.float32],
    rows: npt.NDArray[np.uint16],
    row_start: IntArray,
    sexes: npt.NDArray[np.int8],
    missing_sexes: npt.NDArray[np.int8],
    threshold: float,
    profile_scores: npt.NDArray[np.float32],
    profile_columns: IntArray,
    column_scores: npt.NDArray[np.float32],
    column_profiles: IntArray,
) -> None:
    """Every profile against every missing person of a block.

    Args:
        table: log10 LR, shape (rows, missing of the block).
        rows: Row of each profile at each marker, within the marker; shape (profiles, markers).
        row_start: Where each marker's rows start in the table.
        sexes, missing_sexes: 0 unknown; others are compared with their like and with the unknown.
        threshold: Lower scores are not kept.
        profile_scores, profile_columns: The best of each profile, shape (profiles, k); changed.
        column_scores, column_profiles: The best of each missing person of the block, shape (missing, k); changed.
    """
    width = table.shape[1]
    markers = rows.shape[1]
    flat = table.reshape(-1)
    total = np.empty(width, dtype=np.float32)
    limit = np.float32(threshold)
    for p in range(rows.shape[0]):
        for b in range(width):
            total[b] = 0.0
        m = 0
        while m + 4 <= markers:
            r0 = (row_start[m] + rows[p, m]) * width
            r1 = (row_start[m + 1] + rows[p, m + 1]) * width
            r2 = (row_start[m + 2] + rows[p, m + 2]) * width
            r3 = (row_start[m + 3] + rows[p, m + 3]) * width
            t0, t1, t2, t3 = flat[r0 : r0 + width], flat[r1 : r1 + width], flat[r2 : r2 + width], flat[r3 : r3 + width]
            for b in range(width):
                total[b] += (t0[b] + t1[b]) + (t2[b] + t3[b])
            m += 4
        while m < markers:
            r0 = (row_start[m] + rows[p, m]) * width
            t0 = flat[r0 : r0 + width]
            for b in range(width):
                total[b] += t0[b]
            m += 1
        above = 0
        for b in range(width):
            above += total[b] >= limit
        if above == 0:
            continue
        sex = sexes[p]
        for b in range(width):
            score = total[b]
            if score >= limit and (sex == 0 or missing_sexes[b] == 0 or sex == missing_sexes[b]):
                _insert(profile_scores[p], profile_columns[p], score, b)
                _insert(column_scores[b], column_profiles[b], score, p)


@compiled(nogil=True)
def exact_totals(
    table: FloatArray,
    rows: npt.NDArray[np.uint16],
    row_start: IntArray,
    profiles: IntArray,
    columns: IntArray,
    out: FloatArray,
) -> None:
    """Sum of the rows in double precision for chosen pairs; columns within the block, profiles within `rows`."""
    for i in range(profiles.size):
        total = 0.0
        for m in range(rows.shape[1]):
            total += table[row_start[m] + rows[profiles[i], m], columns[i]]
        out[i] = total


@compiled(nogil=True)
def rank_pairs(
    tables: npt.NDArray[np.float32],
    codes: npt.NDArray[np.int32],
    marker_of: IntArray,
    other_rows: npt.NDArray[np.int32],
    within: bool,
    threshold: float,
    first_row: int,
    last_row: int,
    pairs: IntArray,
) -> int:
    """Pairs of profiles for whom any relation reaches a threshold.

    Args:
        tables: log10 LR, shape (relations, observations of a marker, rows of the second profiles).
        codes: Which observation each first profile shows, among those of the marker; shape (profiles, markers).
        marker_of: Marker of each row of the second profiles.
        other_rows: Row of each second profile at each marker.
        within: Compare each pair of one set once, instead of two sets.
        threshold: log10 LR.
        first_row, last_row: First profiles to compare.
        pairs: Receives (first, second); shape (most, 2).

    Returns:
        How many pairs reach the threshold, which may exceed the room in `pairs`.
    """
    relations, width, markers = tables.shape[0], tables.shape[2], other_rows.shape[1]
    # One profile's scores against every observation: small enough to stay in the first-level cache.
    mine = np.empty((relations, width), dtype=np.float32)
    count = 0
    for i in range(first_row, last_row):
        for r in range(relations):
            for t in range(width):
                mine[r, t] = tables[r, codes[i, marker_of[t]], t]
        for j in range(i + 1 if within else 0, other_rows.shape[0]):
            reached = False
            for r in range(relations):
                total = np.float32(0.0)
                for m in range(markers):
                    total += mine[r, other_rows[j, m]]
                if total >= threshold:
                    reached = True
            if reached:
                if count < pairs.shape[0]:
                    pairs[count, 0], pairs[count, 1] = i, j
                count += 1
    return count
