"""Power and planning: what a family can show, whom or what to type next, and how many false matches a search makes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dokaz.errors import BadQuestion
from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.blind.tables import GenotypeTables, Panel, Target, genotype_tables, panel_of
from dokaz.kinship.exact.programs import ProgramCache
from dokaz.kinship.model.families import KinshipFamily
from dokaz.kinship.model.profiles import Profiles
from dokaz.kinship.simulated_lrs import ENDS, FINE, LRDistribution, simulated_lrs

#: Sets of relatives that are weighed in one question; each takes about half a second for a kit of twenty markers.
MOST_SETS = 500
#: How often relatives' genotypes are drawn at markers of a set at which they are not typed.
_DRAWN_FAMILIES = 100


@dataclass(frozen=True, eq=False)
class ExclusionPower:
    """How often an unrelated person is impossible in the missing person's place.

    Assumes no theta, and no mutation: with it nothing is impossible, and the honest question is the LR distribution of
    `inclusion_power`. A lone allele may hide a silent one, where the marker has one.

    Args:
        markers: Their names.
        per_marker: Probability that an unrelated person is impossible, one per marker.
        total: The same for at least one marker.
        expected_mismatches: Mean number of impossible markers.
        mismatches: Probability of 0, 1, 2 … impossible markers.
    """

    markers: tuple[str, ...]
    per_marker: FloatArray
    total: float
    expected_mismatches: float
    mismatches: FloatArray


@dataclass(frozen=True)
class NextStep:
    """What typing one more relative, or other markers, would add.

    Args:
        what: The relative's id, or the name of the marker set.
        mean_log10_lr: Mean log10 LR of the true missing person.
        inclusion_power: Share of true missing persons who reach the threshold.
        exclusion_power: Probability that an unrelated person is impossible, without mutation.
    """

    what: str
    mean_log10_lr: float
    inclusion_power: float
    exclusion_power: float


@dataclass(frozen=True)
class Mean:
    """A mean over drawn families, with its Monte-Carlo standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class RelativesFound:
    """What a family would show once these relatives were found and typed, on average over the genotypes they may have.

    Args:
        relatives: Their ids, in the pedigree's order.
        log10_lr: Mean log10 LR of the true missing person.
        inclusion_power: Share of true missing persons who reach the threshold.
        false_match_rate: Probability that an unrelated person reaches it.
        exclusion_power: Probability that an unrelated person is impossible at one marker or more, without mutation.
    """

    relatives: tuple[str, ...]
    log10_lr: Mean
    inclusion_power: Mean
    false_match_rate: Mean
    exclusion_power: Mean


@dataclass(frozen=True)
class _Law:
    """Probabilities of what is seen of one missing person, and of an unrelated person, at every marker."""

    panel: Panel
    related: FloatArray
    unrelated: FloatArray

    def parts(self) -> list[tuple[FloatArray, FloatArray]]:
        start = self.panel.genotype_start
        return [
            (self.related[start[m] : start[m + 1]], self.unrelated[start[m] : start[m + 1]])
            for m in range(len(self.panel.columns))
        ]

    def simulated(self, simulations: int, rng: np.random.Generator, tilts: Sequence[float] = FINE) -> LRDistribution:
        return simulated_lrs(self.panel.names, self.parts(), simulations, rng, tilts)


def exclusion_power(family: KinshipFamily, person: str) -> ExclusionPower:
    """Exclusion power of a family for one missing person, exactly.

    Args:
        family: With the profiles it has.
        person: The missing person.

    Raises:
        BadQuestion: the relatives' profiles contradict each other without mutation.

    Source: Vigeland & Egeland 2020 (power for missing-person cases); Poisson binomial by convolution.

    Example:
        A father 1/1 excludes whoever lacks allele 1 (frequency 0.1): 0.9² = 0.81.

        >>> from dokaz.kinship import Marker, MarkerSet, Pedigree
        >>> markers = MarkerSet((Marker("TH01", ("1", "2"), (0.1, 0.9)),))
        >>> relatives = Profiles.of({"father": {"TH01": ("1", "1")}}, markers)
        >>> family = KinshipFamily("F1", Pedigree.of(child=("father", None), father=(None, None)), ("child",), relatives)
        >>> round(exclusion_power(family, "child").total, 12)
        0.81
    """
    law = _law(replace(family, profiles=family.profiles.without_mutation()), person, 0.0)
    values = np.array([float(unrelated[related == 0].sum()) for related, unrelated in law.parts()])
    spread = np.ones(1)
    for value in values:
        spread = np.convolve(spread, [1 - value, value])
    return ExclusionPower(law.panel.names, values, float(1 - np.prod(1 - values)), float(values.sum()), spread)


def lr_distribution(
    family: KinshipFamily, person: str, *, simulations: int = 10_000, rng: np.random.Generator, theta: float = 0.0
) -> LRDistribution:
    """Simulate the LRs that a family would give.

    Args:
        family: With the profiles it has.
        person: The missing person.
        simulations: How many true and how many unrelated persons.
        rng: Source of randomness; the same one gives the same result.
        theta: Coancestry coefficient.

    Raises:
        BadQuestion: the relatives' profiles are impossible; nobody is to be simulated.
    """
    if simulations < 1:
        raise BadQuestion(f"{simulations!r} simulations", next_step="simulate at least one person")
    return _law(family, person, theta).simulated(simulations, rng)


def next_relatives(
    family: KinshipFamily,
    person: str,
    *,
    at_least_log10_lr: float,
    rng: np.random.Generator,
    candidates: Sequence[str] | None = None,
    simulations: int = 100,
    theta: float = 0.0,
) -> list[NextStep]:
    """Which relative to type next: what each would add on average, given the profiles there are.

    Args:
        family: With the profiles it has.
        person: The missing person.
        at_least_log10_lr: The threshold to reach.
        rng: Source of randomness.
        candidates: Relatives who could be typed; None: every untyped member who is not missing.
        simulations: Genotypes drawn for each candidate, and missing persons for each genotype.
        theta: Coancestry coefficient.

    Returns:
        Best first: by inclusion power, then mean LR.

    Raises:
        BadQuestion: a candidate is typed, missing or unknown.
    """
    if candidates is None:
        candidates = [m.id for m in family.pedigree if m.id not in family.profiles and m.id not in family.missing]
    steps = []
    for candidate in candidates:
        if candidate not in family.pedigree or candidate in family.profiles or candidate == person:
            raise BadQuestion(
                f"{candidate} cannot be typed next", next_step="name an untyped member who is not missing"
            )
        law = _law(family, candidate, theta)
        drawn = _drawn_profiles(law, candidate, family, simulations, rng)
        targets = [Target(family.pedigree, family.profiles.joined(one), person) for one in drawn]
        tables = genotype_tables(targets, law.panel, ProgramCache(theta))
        results = [_law_of(tables, k, theta).simulated(simulations, rng, ENDS) for k in range(simulations)]
        powers = [_exclusion_or_nothing(replace(family, profiles=t.profiles), person) for t in targets[:20]]
        steps.append(_step(candidate, results, at_least_log10_lr, float(np.mean(powers))))
    return sorted(steps, key=lambda s: (-s.inclusion_power, -s.mean_log10_lr, s.what))


def relatives_to_find(
    family: KinshipFamily,
    person: str,
    candidates: Sequence[str],
    *,
    at_least_log10_lr: float,
    rng: np.random.Generator,
    at_most: int = 2,
    families: int = 100,
    simulations: int = 100,
    theta: float = 0.0,
    progress: Callable[[int, int], object] | None = None,
) -> list[RelativesFound]:
    """Which relatives to find, before any of them is typed: what each set of them would give.

    Genotypes of all candidates are drawn together, given whoever is typed already; each set is weighed on the same
    draws, so that sets differ by what they are and not by chance. Markers are independent; all are typed fully.

    Args:
        family: With the profiles it has, if any.
        person: The missing person.
        candidates: Relatives who could be typed.
        at_least_log10_lr: The threshold to reach.
        rng: Source of randomness; the same one gives the same answer.
        at_most: Relatives in a set, 1 or more.
        families: How often genotypes are drawn, 2 or more.
        simulations: Missing persons, and unrelated persons, drawn for each family and set.
        theta: Coancestry coefficient.
        progress: Told how many sets are done, of how many.

    Returns:
        Small sets first; of one size the best first: by inclusion power, then mean LR.

    Raises:
        BadQuestion: a candidate is typed, missing, unknown or named twice; too few families, too many sets; the
            relatives' profiles are impossible.

    Source: Vigeland, Marsico, Herrera Piñero, Egeland 2020 (prioritising family members before typing).
    """
    names = [m.id for m in family.pedigree if m.id in candidates]
    wrong = [c for c in candidates if c not in names or c in family.profiles or c in family.missing or c == person]
    if wrong or len(names) != len(candidates) or not names:
        raise BadQuestion(
            f"{', '.join(wrong or candidates) or 'nobody'} cannot be typed",
            next_step="name untyped members who are not missing, each once",
        )
    if at_most < 1 or families < 2 or simulations < 1:
        raise BadQuestion(
            f"{families!r} families of {simulations!r} persons, sets of {at_most!r}",
            next_step="draw two families or more, one person or more, for sets of one relative or more",
        )
    _ = _law(family, person, theta)
    sizes = range(1, min(at_most, len(names)) + 1)
    total = sum(math.comb(len(names), size) for size in sizes)
    if total > MOST_SETS:
        raise BadQuestion(
            f"{total:,} sets of relatives", next_step=f"name fewer relatives, or smaller sets: at most {MOST_SETS}"
        )
    complete = _drawn_together(family, names, families, rng, theta)
    found: list[RelativesFound] = []
    for size in sizes:
        of_size = []
        for chosen in itertools.combinations(names, size):
            drawn = [profiles.only((*family.profiles.ids, *chosen)) for profiles in complete]
            of_size.append(_found(family, person, chosen, drawn, at_least_log10_lr, simulations, rng, theta))
            if progress is not None:
                progress(len(found) + len(of_size), total)
        found += sorted(of_size, key=lambda s: (-s.inclusion_power.value, -s.log10_lr.value, s.relatives))
    return found


def _drawn_together(
    family: KinshipFamily, relatives: Sequence[str], count: int, rng: np.random.Generator, theta: float
) -> list[Profiles]:
    """Profiles of several untyped relatives, drawn one after another, each given those before."""
    panel, drawn = panel_of(family.profiles.markers), [family.profiles] * count
    for relative in relatives:
        targets = [Target(family.pedigree, before, relative) for before in drawn]
        tables = genotype_tables(targets, panel, ProgramCache(theta))
        drawn = [
            before.joined(_drawn_profiles(_law_of(tables, k, theta), relative, family, 1, rng)[0])
            for k, before in enumerate(drawn)
        ]
    return drawn


def _found(
    family: KinshipFamily,
    person: str,
    chosen: tuple[str, ...],
    drawn: Sequence[Profiles],
    threshold: float,
    simulations: int,
    rng: np.random.Generator,
    theta: float,
) -> RelativesFound:
    def tables_of(profiles: Sequence[Profiles], at_theta: float) -> GenotypeTables:
        targets = [Target(family.pedigree, one, person) for one in profiles]
        return genotype_tables(targets, panel_of(profiles[0].markers), ProgramCache(at_theta))

    tables, count = tables_of(drawn, theta), len(drawn)
    results = [_law_of(tables, k, theta).simulated(simulations, rng) for k in range(count)]
    markers = drawn[0].without_mutation().markers
    stable = tables_of([replace(profiles, markers=markers) for profiles in drawn], 0.0)
    return RelativesFound(
        chosen,
        _mean([float(result.expected_if_true.sum()) for result in results]),
        _mean([result.inclusion_power(threshold) for result in results]),
        _mean([result.false_match_rate(threshold) for result in results]),
        _mean([_excluded(_law_of(stable, k, 0.0)) for k in range(count)]),
    )


def _mean(values: Sequence[float]) -> Mean:
    return Mean(float(np.mean(values)), float(np.std(values, ddof=1)) / math.sqrt(len(values)))


def compare_marker_sets(
    family: KinshipFamily,
    person: str,
    sets: Mapping[str, Sequence[str]],
    *,
    at_least_log10_lr: float,
    rng: np.random.Generator,
    simulations: int = 10_000,
    theta: float = 0.0,
) -> list[NextStep]:
    """Which markers to type next: what each set would give if everyone who has a profile were typed at all of it.

    Where a relative is not typed, a genotype is drawn given those who are; the mean is over such draws.

    Args:
        family: With the profiles it has; its markers hold frequencies, whether or not anybody is typed.
        person: The missing person.
        sets: Names of markers by name of the set (a kit).
        at_least_log10_lr, rng, theta: As in `next_relatives`.
        simulations: Missing persons simulated for each set.

    Returns:
        Best first: by inclusion power, then mean LR.

    Raises:
        BadQuestion: a marker is not among the family's.
    """
    steps = []
    for name, markers in sets.items():
        p = family.profiles
        unknown = [marker for marker in markers if marker not in p.markers]
        if unknown or not markers:
            raise BadQuestion(
                f"{name} names {', '.join(unknown) or 'no marker'}, which has no frequencies here",
                next_step="name markers of this file; a marker that nobody is typed at needs its frequencies in it",
            )
        places = [p.markers.names.index(p.markers[marker].name) for marker in markers]
        over_set = replace(family, profiles=p.at(places))
        drawn = _completed(over_set, _DRAWN_FAMILIES, rng, theta)
        each = max(1, simulations // len(drawn))
        results = [_law(full, person, theta).simulated(each, rng, ENDS) for full in drawn]
        exclusion = float(np.mean([_exclusion_or_nothing(full, person) for full in drawn[:20]]))
        steps.append(_step(name, results, at_least_log10_lr, exclusion))
    return sorted(steps, key=lambda s: (-s.inclusion_power, -s.mean_log10_lr, s.what))


def _completed(family: KinshipFamily, count: int, rng: np.random.Generator, theta: float) -> list[KinshipFamily]:
    """The family with everyone who has a profile typed everywhere, drawn several times; itself where nothing is missing."""
    everyone = family.profiles
    if everyone.typed.all():
        return [family]
    panel = panel_of(everyone.markers)
    drawn = [everyone] * count
    for row, person in enumerate(everyone.ids):
        columns = [m for m, column in enumerate(panel.columns) if not everyone.typed[row, column]]
        if not columns:
            continue
        # Where the person is not typed, leaving them out changes nothing; where they are, nothing is drawn.
        others = [p.only([other for other in p.ids if other != person]) for p in drawn]
        targets = [Target(family.pedigree, other, person) for other in others]
        tables = genotype_tables(targets, panel, ProgramCache(theta))
        for k, before in enumerate(drawn):
            law = _law_of(tables, k, theta)
            alleles, typed = before.alleles.copy(), before.typed.copy()
            dropout, dropin = before.dropout.copy(), before.dropin.copy()
            for m, (related, _) in enumerate(law.parts()):
                column = panel.columns[m]
                if m in columns:
                    if not related.any():
                        raise BadQuestion(
                            f"{family.name}: the relatives' profiles are impossible at {panel.names[m]}",
                            next_step="run the reference check, and correct the family or allow mutation",
                        )
                    low, high = _genotypes(related, 1, rng)
                    alleles[row, column] = -1
                    alleles[row, column, :2] = low[0], high[0]
                    typed[row, column], dropout[row, column], dropin[row, column] = True, np.nan, 0.0
            drawn[k] = Profiles(before.ids, before.sexes, before.markers, alleles, typed, dropout, dropin)
    return [replace(family, profiles=profiles) for profiles in drawn]


def _exclusion_or_nothing(family: KinshipFamily, person: str) -> float:
    # A drawn relative may hold a mutation, without which the family is impossible.
    return _excluded(_law(replace(family, profiles=family.profiles.without_mutation()), person, 0.0, refuse=False))


def _excluded(law: _Law) -> float:
    """Probability that an unrelated person is impossible at one marker or more, of those at which the family is not."""
    missed = [1 - float(unrelated[related == 0].sum()) for related, unrelated in law.parts() if related.any()]
    return 1 - math.prod(missed)


def _step(what: str, results: Sequence[LRDistribution], threshold: float, exclusion: float) -> NextStep:
    return NextStep(
        what,
        float(np.mean([result.expected_if_true.sum() for result in results])),
        float(np.mean([result.inclusion_power(threshold) for result in results])),
        exclusion,
    )


def _law(family: KinshipFamily, person: str, theta: float, *, refuse: bool = True) -> _Law:
    panel = panel_of(family.profiles.markers)
    tables = genotype_tables([Target(family.pedigree, family.profiles, person)], panel, ProgramCache(theta))
    if refuse and not tables.possible.all():
        wrong = [name for name, fine in zip(panel.names, tables.possible[0], strict=True) if not fine]
        raise BadQuestion(
            f"{family.name}: the relatives' profiles are impossible at {', '.join(wrong)}",
            next_step="run the reference check, and correct the family or allow mutation",
        )
    return _law_of(tables, 0, theta)


def _law_of(tables: GenotypeTables, target: int, theta: float) -> _Law:
    """The same of one of several targets."""
    related, unrelated = tables.related[target].copy(), tables.unrelated[tables.unrelated_row[target]]
    for m in np.flatnonzero(~tables.informative[target]):
        part = slice(tables.panel.genotype_start[m], tables.panel.genotype_start[m + 1])
        related[part] = unrelated[part] if theta == 0 else related[part]
    return _as_seen(tables.panel, related, unrelated)


def _as_seen(panel: Panel, related: FloatArray, unrelated: FloatArray) -> _Law:
    """What typing shows of genotypes: a lone allele, whether or not it hides a silent one.

    Two silent alleles show nothing, and so neither exclude nor include anybody: they are left out.
    """
    tables = related.copy(), unrelated.copy()
    for m in np.flatnonzero(panel.silents >= 0):
        silent = int(panel.silents[m])
        visible = np.arange(silent)
        start = int(panel.genotype_start[m])
        lone, beside_silent = start + visible * (visible + 3) // 2, start + silent * (silent + 1) // 2 + visible
        for table in tables:
            table[lone] += table[beside_silent]
            table[beside_silent] = 0.0
            table[start + silent * (silent + 3) // 2] = 0.0
    return _Law(panel, *tables)


def _drawn_profiles(
    law: _Law, person: str, family: KinshipFamily, count: int, rng: np.random.Generator
) -> list[Profiles]:
    """Profiles of an untyped relative, drawn given those who are typed."""
    markers = family.profiles.markers
    width = family.profiles.alleles.shape[2]
    alleles = np.full((count, len(markers), width), -1, dtype=np.int16)
    typed = np.zeros((count, len(markers)), dtype=bool)
    for m, (related, _) in enumerate(law.parts()):
        low, high = _genotypes(related, count, rng)
        column = law.panel.columns[m]
        alleles[:, column, 0], alleles[:, column, 1] = low, high
        typed[:, column] = True
    sex = (family.pedigree.sex_of(person),)
    nothing, zero = np.full((1, len(markers)), np.nan), np.zeros((1, len(markers)))
    return [
        Profiles((person,), sex, markers, alleles[k : k + 1], typed[k : k + 1], nothing.copy(), zero.copy())
        for k in range(count)
    ]


def _genotypes(table: FloatArray, count: int, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Genotypes drawn from a table over them: the smaller and the larger allele."""
    g = rng.choice(table.size, size=count, p=table / table.sum())
    high = ((np.sqrt(8.0 * g + 1) - 1) // 2).astype(np.int64)
    return g - high * (high + 1) // 2, high
