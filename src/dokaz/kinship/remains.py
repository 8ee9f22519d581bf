"""Remains with remains: one person twice, or close relatives among the dead; and contamination by staff."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import numpy.typing as npt

from dokaz.errors import BadQuestion
from dokaz.kinship.likelihood import ln_likelihood
from dokaz.kinship.markers import Chromosome, MarkerSet
from dokaz.kinship.observed import Observations, aligned, observations
from dokaz.kinship.pedigree import Member, Pedigree, Sex
from dokaz.kinship.plans import Library
from dokaz.kinship.profiles import NO_ALLELE, Profiles
from dokaz.kinship.rankkernel import rank_pairs
from dokaz.kinship.tables import Target, genotype_tables, panel_of

FloatArray = npt.NDArray[np.float64]

#: More pairs than this above the threshold are refused: the threshold is too low to help anybody.
MOST_PAIRS = 5_000_000


class Relation(Enum):
    """How the persons of two profiles may be related, the first to the second."""

    SAME_PERSON = "same person"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"


_PEDIGREES = {
    # The person of the first profile is 1, the one of the second is 2. Identical twins hold one genotype.
    Relation.SAME_PERSON: Pedigree((Member("1"), Member("2")), (frozenset({"1", "2"}),)),
    Relation.PARENT: Pedigree((Member("1", sex=Sex.MALE), Member("2", father="1"))),
    Relation.CHILD: Pedigree((Member("1", father="2"), Member("2", sex=Sex.MALE))),
    Relation.SIBLING: Pedigree(
        (
            Member("1", "f", "m"),
            Member("2", "f", "m"),
            Member("f", sex=Sex.MALE),
            Member("m", sex=Sex.FEMALE),
        )
    ),
}

_APART = Pedigree.unrelated(("1", "2"))


@dataclass(frozen=True)
class Match:
    """Two profiles that one of the relations explains far better than chance. A rank, not an identification.

    Args:
        first, second: Ids of the profiles.
        relation: The one with the highest LR.
        log10_lr: Of every relation asked for, against being unrelated.
        markers_compared: Markers at which both are typed.
        markers_different: Those at which they do not show the same.
        sexes_differ: Both sexes are known and differ: the same person only if one of them is wrong.
    """

    first: str
    second: str
    relation: Relation
    log10_lr: dict[Relation, float]
    markers_compared: int
    markers_different: tuple[str, ...]
    sexes_differ: bool


def match_directly(
    profiles: Profiles,
    others: Profiles | None = None,
    *,
    relations: Sequence[Relation] = tuple(Relation),
    theta: float = 0.0,
    at_least_log10_lr: float = 4.0,
) -> list[Match]:
    """Compare all profiles with each other, or with another set such as the staff of a laboratory.

    Assumes autosomal markers in linkage equilibrium; markers on X and lineage markers are not used. Mutation, silent
    alleles and dropout act as markers and profiles state them, on either side. A parent mutates as a father.

    Args:
        profiles: Profiles of remains.
        others: Profiles to compare them with; None: with each other.
        relations: Which ones to ask for.
        theta: Coancestry coefficient.
        at_least_log10_lr: Pairs for which no relation reaches this are left out.

    Returns:
        Strongest first; ties in order of id.

    Raises:
        BadQuestion: no relation asked for; far too many pairs reach the threshold.

    Source: Thompson 1975 (pairwise relationships); Egeland, Kling, Mostad 2016, section 2.4 (with mutation).
    """
    if not relations:
        raise BadQuestion("no relation to compare by", next_step="name one, such as Relation.SAME_PERSON")
    markers = MarkerSet(tuple(m for m in profiles.markers if m.chromosome is Chromosome.AUTOSOMAL))
    first = aligned(profiles, markers, "the profiles")
    second = first if others is None else aligned(others, markers, "the other profiles")
    table, codes, seen = _tables(first, second, relations, theta)
    pairs = _pairs(table.astype(np.float32), codes, seen, others is None, at_least_log10_lr)
    matches = []
    for i, j in pairs:
        values = {
            relation: float(sum(table[r, codes[i, m], seen.rows[j, m]] for m in range(codes.shape[1])))
            for r, relation in enumerate(relations)
        }
        best = max(relations, key=lambda relation: values[relation])
        if values[best] >= at_least_log10_lr:
            matches.append(_match(first, int(i), second, int(j), best, values))
    matches.sort(key=lambda match: (-match.log10_lr[match.relation], match.first, match.second))
    return matches


def contamination(
    profiles: Profiles, staff: Profiles, *, theta: float = 0.0, at_least_log10_lr: float = 4.0
) -> list[Match]:
    """Profiles that may show a member of staff rather than the sample: the elimination set.

    Args:
        profiles: Profiles of remains.
        staff: Profiles of everybody who could have touched a sample.
        theta, at_least_log10_lr: As in `match_directly`.
    """
    return match_directly(
        profiles, staff, relations=(Relation.SAME_PERSON,), theta=theta, at_least_log10_lr=at_least_log10_lr
    )


def _tables(
    first: Profiles, second: Profiles, relations: Sequence[Relation], theta: float
) -> tuple[FloatArray, npt.NDArray[np.int32], Observations]:
    """log10 LR of each observation of a marker with every observation of the second profiles.

    Every distinct observation of a marker is given to a stand-in, so that as few stand-ins as the richest marker has
    observations cover all markers at once.
    """
    panel = panel_of(first.markers)
    shown = observations(first, panel)
    seen = shown if second is first else observations(second, panel)
    codes = (shown.rows - shown.row_start[:-1].astype(np.int32)).astype(np.int32)
    richest = int(np.diff(shown.row_start).max()) if len(panel.columns) else 1
    width = first.alleles.shape[2]
    shape = (richest, len(first.markers))
    alleles = np.full((*shape, width), NO_ALLELE, dtype=np.int16)
    typed, dropout, dropin = np.zeros(shape, dtype=bool), np.full(shape, np.nan), np.zeros(shape)
    for m, column in enumerate(panel.columns):
        rows, example = np.unique(codes[:, m], return_index=True)
        alleles[rows, column] = first.alleles[example, column]
        typed[rows, column] = first.typed[example, column]
        dropout[rows, column] = first.dropout[example, column]
        dropin[rows, column] = first.dropin[example, column]
    library = Library(theta)
    table = np.zeros((len(relations), richest, seen.count))
    marker_of = np.repeat(np.arange(len(panel.columns)), np.diff(seen.row_start))
    stand_ins = []
    for k in range(richest):
        one = slice(k, k + 1)
        stand_ins.append(
            Profiles(("1",), (Sex.UNKNOWN,), first.markers, alleles[one], typed[one], dropout[one], dropin[one])
        )
    for r, relation in enumerate(relations):
        targets = [Target(_PEDIGREES[relation], stand_in, "2") for stand_in in stand_ins]
        own = _own(relation, stand_ins, theta) if _mutates(first.markers) else np.zeros((richest, len(panel.columns)))
        for start in range(0, richest, 256):
            tables = genotype_tables(targets[start : start + 256], panel, library)
            if theta > 0:
                # Unrelated persons are both founders, whatever the relation makes of the first.
                apart = [Target(_APART, target.profiles, "2") for target in targets[start : start + 256]]
                tables = replace(tables, beside=genotype_tables(apart, panel, library).inside)
            both_typed = typed[start : start + 256][:, list(panel.columns)][:, marker_of]
            values = seen.log10_lr_rows(tables, theta).T + own[start : start + 256][:, marker_of]
            # A marker at which either is untyped says nothing, with theta too.
            values[:, seen.row_start[:-1]] = 0.0
            table[r, start : start + 256] = np.where(both_typed, values, 0.0)
    return table, codes, seen


def _mutates(markers: MarkerSet) -> bool:
    return any(marker.mutation is not None for marker in markers)


def _own(relation: Relation, stand_ins: Sequence[Profiles], theta: float) -> FloatArray:
    """log10 of how much likelier a profile is as a descendant than as a founder: not 1 where mutation shifts alleles.

    The tables give the second profile given the first; unrelated persons are both founders.
    """
    if relation in (Relation.SAME_PERSON, Relation.PARENT):
        return np.zeros((len(stand_ins), len(stand_ins[0].markers)))
    founder = Pedigree.unrelated(("1",))
    rows = []
    for stand_in in stand_ins:
        inside = ln_likelihood(_PEDIGREES[relation], stand_in, theta=theta)
        with np.errstate(invalid="ignore"):
            rows.append((inside - ln_likelihood(founder, stand_in, theta=theta)) / np.log(10))
    return np.array(rows)


def _pairs(
    table: npt.NDArray[np.float32],
    codes: npt.NDArray[np.int32],
    seen: Observations,
    within: bool,
    threshold: float,
) -> npt.NDArray[np.int64]:
    marker_of = np.repeat(np.arange(codes.shape[1], dtype=np.int64), np.diff(seen.row_start))
    count = codes.shape[0]
    parts = max(1, min(count // 50, 8 * (os.cpu_count() or 1)))
    bounds = [count * k // parts for k in range(parts + 1)]

    def work(start: int, stop: int) -> npt.NDArray[np.int64]:
        room = 4096
        while True:
            pairs = np.empty((room, 2), dtype=np.int64)
            found = rank_pairs(table, codes, marker_of, seen.rows, within, threshold - 1e-3, start, stop, pairs)
            if found <= room:
                return pairs[:found]
            if found > MOST_PAIRS:
                raise BadQuestion(
                    f"more than {MOST_PAIRS:,} pairs reach log10 LR {threshold:g}", next_step="raise the threshold"
                )
            room = found

    with ThreadPoolExecutor(min(parts, os.cpu_count() or 1)) as pool:
        return np.concatenate(list(pool.map(work, bounds[:-1], bounds[1:])))


def _match(first: Profiles, i: int, second: Profiles, j: int, best: Relation, values: dict[Relation, float]) -> Match:
    both = first.typed[i] & second.typed[j]
    different = []
    for m in np.flatnonzero(both):
        a, b = first.alleles[i, m], second.alleles[j, m]
        if set(a[a != NO_ALLELE]) != set(b[b != NO_ALLELE]):
            different.append(first.markers.names[int(m)])
    sexes = {first.sexes[i], second.sexes[j]}
    differ = len(sexes) == 2 and Sex.UNKNOWN not in sexes
    return Match(first.ids[i], second.ids[j], best, values, int(both.sum()), tuple(different), differ)
