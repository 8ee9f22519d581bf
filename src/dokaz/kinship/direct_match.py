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
from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.blind.observations import observations
from dokaz.kinship.blind.tables import Target, genotype_tables, panel_of
from dokaz.kinship.exact.likelihood import ln_likelihood
from dokaz.kinship.exact.programs import ProgramCache
from dokaz.kinship.kernels.ranking import rank_pairs
from dokaz.kinship.linked_siblings import linked_sibling_lr, sibling_pedigrees
from dokaz.kinship.model.markers import Chromosome, Linked, MarkerSet
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex
from dokaz.kinship.model.profiles import NO_ALLELE, Profiles, aligned

#: More pairs than this above the threshold are refused: the threshold is too low to help anybody.
MOST_PAIRS = 5_000_000


class Relation(Enum):
    """How the persons of two profiles may be related, the first to the second."""

    SAME_PERSON = "same person"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"


def pedigree_of(relation: Relation, first: Sex = Sex.UNKNOWN, second: Sex = Sex.UNKNOWN) -> Pedigree:
    """Two persons, called 1 and 2, in this relation; a parent of unknown sex is taken for a father.

    Args:
        relation: Of the first to the second.
        first, second: Their sexes.
    """
    one, two = Member("1", sex=first), Member("2", sex=second)
    if relation is Relation.SAME_PERSON:
        # Identical twins hold one genotype.
        return Pedigree((one, two), (frozenset({"1", "2"}),))
    if relation is Relation.SIBLING:
        return sibling_pedigrees(first, second)[0]
    parent, child = (one, two) if relation is Relation.PARENT else (two, one)
    if parent.sex is Sex.FEMALE:
        return Pedigree((parent, replace(child, mother=parent.id)))
    return Pedigree((replace(parent, sex=Sex.MALE), replace(child, father=parent.id)))


@dataclass(frozen=True)
class Match:
    """Two profiles that one of the relations explains far better than chance. A rank, not an identification.

    Args:
        first, second: Ids of the profiles.
        relation: The one with the highest LR.
        log10_lr: Of every relation asked for, against being unrelated.
        markers_compared: Markers at which both are typed, but for those left out.
        markers_different: Those at which they do not show the same.
        left_out: For each relation, markers on X at which both are typed and that were not used: a sex is unknown, or, for
            one person, the sexes differ.
        sexes_differ: Both sexes are known and differ: the same person only if one of them is wrong.
    """

    first: str
    second: str
    relation: Relation
    log10_lr: dict[Relation, float]
    markers_compared: int
    markers_different: tuple[str, ...]
    left_out: dict[Relation, tuple[str, ...]]
    sexes_differ: bool


def match_directly(
    profiles: Profiles,
    others: Profiles | None = None,
    *,
    relations: Sequence[Relation] = tuple(Relation),
    theta: float = 0.0,
    at_least_log10_lr: float = 4.0,
    linked: Sequence[Linked] = (),
) -> list[Match]:
    """Compare all profiles with each other, or with another set such as the staff of a laboratory.

    Lineage markers are not used. Linkage changes the LR of siblings only (`linked_siblings`). Markers on X count where both
    sexes are known, and for one person where they are the same. Mutation, silent alleles and dropout act as markers and
    profiles state them, on either side. A parent mutates as a father at autosomal markers, as their sex on X.

    Args:
        profiles: Profiles of remains.
        others: Profiles to compare them with; None: with each other.
        relations: Which ones to ask for.
        theta: Coancestry coefficient.
        at_least_log10_lr: Pairs for which no relation reaches this are left out.
        linked: Groups of linked markers, as in `likelihood_ratio`; others are inherited independently.

    Returns:
        Strongest first; ties in order of id.

    Raises:
        BadQuestion: no relation asked for; far too many pairs reach the threshold; as `likelihood_ratio` of what is linked.

    Source: Thompson 1975 (pairwise relationships); Egeland, Kling, Mostad 2016, section 2.4 (with mutation).
    """
    if not relations:
        raise BadQuestion("no relation to compare by", next_step="name one, such as Relation.SAME_PERSON")
    first = aligned(profiles, _used(profiles.markers, Chromosome.AUTOSOMAL, Chromosome.X), "the profiles")
    second = first if others is None else aligned(others, first.markers, "the other profiles")
    groups = _groups(first.markers, linked) if Relation.SIBLING in relations else ()
    scores = _scores(first, second, relations, theta, bool(groups))
    unchanged = [k for k, relation in enumerate(relations) if not groups or relation is not Relation.SIBLING]
    pairs = _pairs(replace(scores, table=scores.table[unchanged]), others is None, at_least_log10_lr)
    if groups:
        siblings = _linked_pairs(scores, groups, relations.index(Relation.SIBLING), others is None, at_least_log10_lr)
        pairs = np.unique(np.concatenate([pairs, siblings]), axis=0)
    matches = []
    for i, j in pairs:
        at = scores.codes[i, scores.marker_of[scores.rows[j]]]
        values = {r: float(scores.table[k, at, scores.rows[j]].sum()) for k, r in enumerate(relations)}
        if groups:
            of_one = _log10_lr_of_siblings(
                scores, groups, relations.index(Relation.SIBLING), int(i), scores.rows[j : j + 1]
            )
            values[Relation.SIBLING] = float(of_one[0])
        best = max(relations, key=lambda relation: values[relation])
        if values[best] >= at_least_log10_lr:
            matches.append(_match(first, int(i), second, int(j), best, values))
    matches.sort(key=lambda match: (-match.log10_lr[match.relation], match.first, match.second))
    return matches


def impossible_without_mutation(match: Match, profiles: Profiles, others: Profiles | None = None) -> tuple[str, ...]:
    """Markers at which the likeliest relation of a match is impossible where no allele mutates.

    Args:
        match: From `match_directly`.
        profiles, others: As there.
    """
    if match.relation is Relation.SAME_PERSON:
        return ()  # no allele is passed on
    left_out = match.left_out[match.relation]
    used = _used(profiles.markers, Chromosome.AUTOSOMAL, Chromosome.X)
    first = aligned(profiles, MarkerSet(tuple(m for m in used if m.name not in left_out)), "the profiles")
    second = first if others is None else aligned(others, first.markers, "the other profiles")
    sexes = first.sexes[first.row_of(match.first)], second.sexes[second.row_of(match.second)]
    one, two = first.only([match.first]), second.only([match.second])
    pair = one.renamed({match.first: "1"}).joined(two.renamed({match.second: "2"})).without_mutation()
    ln = ln_likelihood(pedigree_of(match.relation, *sexes), pair)
    return tuple(name for name, value in zip(pair.markers.names, ln, strict=True) if np.isneginf(value))


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


def _used(markers: MarkerSet, *chromosomes: Chromosome) -> MarkerSet:
    return MarkerSet(tuple(m for m in markers if m.chromosome in chromosomes))


@dataclass(frozen=True, eq=False)
class _Scores:
    """log10 LR of each pair of observations at a marker: one of a first profile, one of a second.

    Args:
        table: Shape (pedigrees, observations of a marker by first profiles, rows of the second profiles); the pedigrees are
            the relations, then, where markers are linked, those of `sibling_pedigrees` but for full siblings.
        codes: Which observation each first profile shows; shape (first profiles, markers).
        rows: Row of each second profile at each marker; shape (second profiles, markers).
        marker_of: Marker of each row.
    """

    table: FloatArray
    codes: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    marker_of: IntArray


@dataclass(frozen=True)
class _LinkedGroup:
    """Linked markers: their places among the scores, autosomal ones first."""

    places: tuple[int, ...]
    fractions: tuple[float, ...]
    x_linked: bool


def _groups(markers: MarkerSet, linked: Sequence[Linked]) -> tuple[_LinkedGroup, ...]:
    order = [*_used(markers, Chromosome.AUTOSOMAL).names, *_used(markers, Chromosome.X).names]
    terms = [group.term for group in panel_of(markers, linked).groups]
    return tuple(
        _LinkedGroup(tuple(order.index(markers.names[c]) for c in term.columns), term.fractions, term.x_linked)
        for term in terms
    )


def _linked_pairs(
    scores: _Scores, groups: Sequence[_LinkedGroup], full: int, within: bool, threshold: float
) -> IntArray:
    """Pairs who as siblings reach a threshold."""
    found, count = [np.empty((0, 2), dtype=np.int64)], 0
    for i in range(scores.codes.shape[0]):
        start = i + 1 if within else 0
        reached = np.flatnonzero(_log10_lr_of_siblings(scores, groups, full, i, scores.rows[start:]) >= threshold)
        found.append(np.column_stack([np.full(reached.size, i), reached + start]))
        count += reached.size
        if count > MOST_PAIRS:
            raise _too_many(threshold)
    return np.concatenate(found)


def _log10_lr_of_siblings(
    scores: _Scores, groups: Sequence[_LinkedGroup], full: int, i: int, rows: npt.NDArray[np.int32]
) -> FloatArray:
    """log10 LR of being siblings, of one first profile with second profiles, in which `groups` are linked."""
    at = scores.codes[i, scores.marker_of[rows]]
    alone = [m for m in range(rows.shape[1]) if not any(m in group.places for group in groups)]
    total: FloatArray = scores.table[full][at[:, alone], rows[:, alone]].sum(axis=1)
    pedigrees = [full, *range(scores.table.shape[0] - 3, scores.table.shape[0])]
    for group in groups:
        lr = [10 ** scores.table[pedigrees][:, at[:, m], rows[:, m]] for m in group.places]
        with np.errstate(divide="ignore"):
            total = total + np.log10(linked_sibling_lr(lr, group.fractions, x_linked=group.x_linked))
    return total


def _scores(
    first: Profiles, second: Profiles, relations: Sequence[Relation], theta: float, linked_siblings: bool
) -> _Scores:
    """Autosomal markers, then those on X, where the same alleles mean one thing for a man and another for a woman."""

    def block(markers: MarkerSet, one: Sex, two: Sex) -> _Scores:
        pedigrees = [
            None if relation is Relation.SAME_PERSON and one is not two else pedigree_of(relation, one, two)
            for relation in relations
        ]
        more = sibling_pedigrees(one, two)[1:] if linked_siblings else ()
        return _block(first, second, markers, [*pedigrees, *more], theta, one, two)

    autosomal = _used(first.markers, Chromosome.AUTOSOMAL)
    on_x = _used(first.markers, Chromosome.X)
    blocks = [block(autosomal, Sex.UNKNOWN, Sex.UNKNOWN)]
    if not len(on_x):
        return blocks[0]
    sexes = (Sex.MALE, Sex.FEMALE)
    of_x = [[block(on_x, one, two) for two in sexes] for one in sexes]
    heights = [of_x[0][0].table.shape[1], of_x[1][0].table.shape[1]]
    is_woman = np.array([sex is Sex.FEMALE for sex in first.sexes], dtype=bool)[:, None]
    codes = np.where(is_woman, of_x[1][0].codes + heights[0], of_x[0][0].codes)
    is_woman = np.array([sex is Sex.FEMALE for sex in second.sexes], dtype=bool)[:, None]
    rows = np.where(is_woman, of_x[0][1].rows + of_x[0][0].table.shape[2], of_x[0][0].rows)
    x_table = np.concatenate([np.concatenate([b.table for b in row], axis=2) for row in of_x], axis=1)
    plain = blocks[0]
    height = max(plain.table.shape[1], x_table.shape[1])
    tables = [np.pad(t, ((0, 0), (0, height - t.shape[1]), (0, 0))) for t in (plain.table, x_table)]
    x_markers = np.concatenate([b.marker_of for b in of_x[0]]) + len(autosomal)
    return _Scores(
        np.concatenate(tables, axis=2),
        np.concatenate([plain.codes, codes], axis=1).astype(np.int32),
        np.concatenate([plain.rows, rows + plain.table.shape[2]], axis=1).astype(np.int32),
        np.concatenate([plain.marker_of, x_markers]),
    )


def _block(
    first: Profiles,
    second: Profiles,
    markers: MarkerSet,
    pedigrees: Sequence[Pedigree | None],
    theta: float,
    one: Sex,
    two: Sex,
) -> _Scores:
    """Markers of one kind, for first profiles of one sex and second profiles of one; unknown: for all. No pedigree: 0.

    Every distinct observation of a marker is given to a stand-in, so that as few stand-ins as the richest marker has
    observations cover all markers at once.
    """
    first, second = (_of_sex(aligned(p, markers, ""), sex) for p, sex in ((first, one), (second, two)))
    panel = panel_of(markers)
    shown, seen = observations(first, panel), observations(second, panel)
    codes = (shown.rows - shown.row_start[:-1].astype(np.int32)).astype(np.int32)
    richest = int(np.diff(shown.row_start).max()) if len(panel.columns) else 1
    shape = (richest, len(markers))
    alleles = np.full((*shape, first.alleles.shape[2]), NO_ALLELE, dtype=np.int16)
    typed, dropout, dropin = np.zeros(shape, dtype=bool), np.full(shape, np.nan), np.zeros(shape)
    for m, column in enumerate(panel.columns):
        rows, example = np.unique(codes[:, m], return_index=True)
        alleles[rows, column] = first.alleles[example, column]
        typed[rows, column] = first.typed[example, column]
        dropout[rows, column] = first.dropout[example, column]
        dropin[rows, column] = first.dropin[example, column]
    cache = ProgramCache(theta)
    table = np.zeros((len(pedigrees), richest, seen.count))
    marker_of = np.repeat(np.arange(len(panel.columns)), np.diff(seen.row_start))
    stand_ins = []
    for k in range(richest):
        at = slice(k, k + 1)
        stand_ins.append(Profiles(("1",), (Sex.UNKNOWN,), markers, alleles[at], typed[at], dropout[at], dropin[at]))
    apart = Pedigree.unrelated({"1": one, "2": two})
    for r, pedigree in enumerate(pedigrees):
        if pedigree is None:
            continue
        own = np.zeros((richest, len(panel.columns)))
        if _mutates(markers) and not pedigree["1"].is_founder:
            own = _own(pedigree, Pedigree.unrelated({"1": one}), stand_ins, theta)
        for start in range(0, richest, 256):
            some = slice(start, start + 256)
            tables = genotype_tables([Target(pedigree, one_, "2") for one_ in stand_ins[some]], panel, cache)
            if theta > 0:
                # Unrelated persons are both founders, whatever the relation makes of the first.
                strangers = [Target(apart, one_, "2") for one_ in stand_ins[some]]
                tables = replace(tables, unrelated=genotype_tables(strangers, panel, cache).related)
            both_typed = typed[some][:, list(panel.columns)][:, marker_of]
            values = seen.log10_lr_rows(tables, theta).T + own[some][:, marker_of]
            # A marker at which either is untyped says nothing, with theta too.
            values[:, seen.row_start[:-1]] = 0.0
            table[r, some] = np.where(both_typed, values, 0.0)
    return _Scores(table, codes, seen.rows, marker_of)


def _of_sex(profiles: Profiles, sex: Sex) -> Profiles:
    """The same profiles, those of another sex as if untyped; all of them where it is unknown."""
    if sex is Sex.UNKNOWN:
        return profiles
    is_of_sex = np.array([theirs is sex for theirs in profiles.sexes], dtype=bool)
    return replace(profiles, typed=profiles.typed & is_of_sex[:, None])


def _mutates(markers: MarkerSet) -> bool:
    return any(marker.mutation is not None for marker in markers)


def _own(pedigree: Pedigree, founder: Pedigree, stand_ins: Sequence[Profiles], theta: float) -> FloatArray:
    """log10 of how much likelier a profile is as a descendant than as a founder: not 0 where mutation shifts alleles.

    The tables give the second profile given the first; unrelated persons are both founders.
    """
    rows = []
    for stand_in in stand_ins:
        descendant = ln_likelihood(pedigree, stand_in, theta=theta)
        with np.errstate(invalid="ignore"):
            rows.append((descendant - ln_likelihood(founder, stand_in, theta=theta)) / np.log(10))
    return np.array(rows)


def _pairs(scores: _Scores, within: bool, threshold: float) -> IntArray:
    table, count = scores.table.astype(np.float32), scores.codes.shape[0]
    parts = max(1, min(count // 50, 8 * (os.cpu_count() or 1)))
    bounds = [count * k // parts for k in range(parts + 1)]

    def work(start: int, stop: int) -> IntArray:
        room = 4096
        while True:
            pairs = np.empty((room, 2), dtype=np.int64)
            found = rank_pairs(
                table, scores.codes, scores.marker_of, scores.rows, within, threshold - 1e-3, start, stop, pairs
            )
            if found <= room:
                return pairs[:found]
            if found > MOST_PAIRS:
                raise _too_many(threshold)
            room = found

    with ThreadPoolExecutor(min(parts, os.cpu_count() or 1)) as pool:
        return np.concatenate(list(pool.map(work, bounds[:-1], bounds[1:])))


def _too_many(threshold: float) -> BadQuestion:
    return BadQuestion(f"more than {MOST_PAIRS:,} pairs reach log10 LR {threshold:g}", next_step="raise the threshold")


def _match(first: Profiles, i: int, second: Profiles, j: int, best: Relation, values: dict[Relation, float]) -> Match:
    both = first.typed[i] & second.typed[j]
    names = first.markers.names
    on_x = [names[m] for m in np.flatnonzero(both) if first.markers.markers[m].chromosome is Chromosome.X]
    sexes = {first.sexes[i], second.sexes[j]}
    differ = len(sexes) == 2 and Sex.UNKNOWN not in sexes
    left_out = {
        relation: tuple(on_x) if Sex.UNKNOWN in sexes or (differ and relation is Relation.SAME_PERSON) else ()
        for relation in values
    }
    different = []
    for m in np.flatnonzero(both):
        a, b = first.alleles[i, m], second.alleles[j, m]
        if names[m] not in left_out[best] and set(a[a != NO_ALLELE]) != set(b[b != NO_ALLELE]):
            different.append(names[m])
    compared = int(both.sum()) - len(left_out[best])
    return Match(first.ids[i], second.ids[j], best, values, compared, tuple(different), left_out, differ)
