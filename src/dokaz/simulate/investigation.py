"""The invented investigation put together: people, families, ground, laboratory, and the traps among them."""

from __future__ import annotations

import numpy as np

from dokaz.errors import SimulationRefused
from dokaz.simulate.figures import FEWEST_REMAINS, MISSING_ELSEWHERE_SHARE, UNREPORTED_SHARE, WITHOUT_REFERENCES_SHARE
from dokaz.simulate.ground import UNITS_PER_GRAVE, Ground, Piece, body_of, pieces_of
from dokaz.simulate.kin import Kin
from dokaz.simulate.laboratory import Laboratory
from dokaz.simulate.people import People
from dokaz.simulate.population import published_population
from dokaz.simulate.traps import Cast, cast_traps, spring_traps
from dokaz.simulate.truth import TrueInvestigation

FOREST, QUARRY, SECONDARY = 0, 1, 2


def invent(*, seed: int, remains: int, mutation_rate: float = 0.0) -> TrueInvestigation:
    """Invent an investigation; the same arguments give the same one.

    Args:       seed: any whole number from 0.
                remains: human recovery units (bodies, parts, bones) to recover, at least 40; artefacts come on top.
                mutation_rate: chance that a transmitted allele moves one repeat; 0: every family is Mendelian.
    Raises:     SimulationRefused: fewer remains than the traps need, or a rate that is none.
    """
    if remains < FEWEST_REMAINS:
        raise SimulationRefused(
            f"{remains} remains cannot hold the traps", next_step=f"ask for {FEWEST_REMAINS} or more"
        )
    if not 0 <= mutation_rate <= 0.1:
        raise SimulationRefused(f"mutation rate {mutation_rate!r} is not 0 to 0.1", next_step="0.001 is a usual one")
    # Every part draws from a stream of its own: a change to one leaves the others as they were.
    for_people, for_kin, for_ground, for_laboratory = (
        np.random.default_rng(stream) for stream in np.random.SeedSequence(seed).spawn(4)
    )
    population = published_population()
    people = People(population, for_people)
    kin = Kin(population, for_kin, mutation_rate=mutation_rate)
    cast = cast_traps(people, kin)
    groups = _fill(cast, remains, people, for_ground)
    _report_the_others(cast, people, kin, for_kin)
    kin.number_all()

    ground = Ground(for_ground)
    for site, pieces in groups:
        ground.grave(site, pieces)
    found = TrueInvestigation(ground.sites, people.all, kin.families, kin.reports, [], cast.traps)
    laboratory = Laboratory(population, for_laboratory)
    found.samples = laboratory.samples
    certain = {person.key for person in cast.people}
    for unit in found.units:
        if unit.person is None:
            continue
        sample = laboratory.sample(unit, sure=unit.person.key in certain)
        if not sample.success and for_laboratory.random() < 0.5:
            laboratory.sample(unit, reason="повторний відбір: перший зразок не дав профілю")
        elif (
            unit.site == ground.sites[SECONDARY].code
            and sample.success
            and unit.person.key not in certain
            and for_laboratory.random() < 0.2
        ):
            laboratory.drop_alleles(sample, 0.15)
    spring_traps(cast, laboratory, found)
    return found


def _fill(cast: Cast, remains: int, people: People, rng: np.random.Generator) -> list[tuple[int, list[Piece]]]:
    """People until the number of remains is reached, in graves: the forest, the quarry, the disturbed secondary grave."""
    secondary = max(6, round(0.10 * remains))
    quarry = max(3, round(0.08 * remains))
    forest = remains - secondary - quarry
    placed = len(cast.first_and_last) + sum(map(len, cast.forest))
    in_forest = cast.forest + _groups(forest - placed, people, rng, primary=True)
    order = rng.permutation(len(in_forest))
    # The military lay in a trench of their own; everybody else as they came.
    in_forest = sorted((in_forest[i] for i in order), key=lambda group: _is_military(group))
    in_secondary = cast.secondary + _groups(secondary - sum(map(len, cast.secondary)), people, rng, primary=False)
    in_secondary = [in_secondary[i] for i in rng.permutation(len(in_secondary))]
    graves = [(FOREST, pieces) for pieces in _trenches(in_forest)]
    first, last = cast.first_and_last
    graves[0] = (FOREST, [first, *graves[0][1], last])
    graves += [(QUARRY, pieces) for pieces in _trenches(_groups(quarry, people, rng, primary=True))]
    return graves + [(SECONDARY, pieces) for pieces in _trenches(in_secondary)]


def _groups(count: int, people: People, rng: np.random.Generator, *, primary: bool) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    while count > 0:
        person = people.make()
        pieces = pieces_of(person, primary=primary, rng=rng)
        if len(pieces) > count:
            pieces = [body_of(person)]
        groups += [pieces] if primary else [[piece] for piece in pieces]
        count -= len(pieces)
    return groups


def _trenches(groups: list[list[Piece]]) -> list[list[Piece]]:
    total = sum(map(len, groups))
    trenches: list[list[Piece]] = [[] for _ in range(max(1, round(total / UNITS_PER_GRAVE)))]
    filled = 0
    for group in groups:
        trenches[min(filled * len(trenches) // total, len(trenches) - 1)] += group
        filled += len(group)
    return [trench for trench in trenches if trench]


def _is_military(group: list[Piece]) -> bool:
    return group[0].person is not None and group[0].person.group == "serviceman" and not group[0].emergency_reason


def _report_the_others(cast: Cast, people: People, kin: Kin, rng: np.random.Generator) -> None:
    """Families of those outside the traps: most with references, some without, some never reported; and of others."""
    in_traps = {person.key for person in cast.people}
    others = [person for person in people.all if person.key not in in_traps]
    for person in others:
        chance = rng.random()
        if chance < UNREPORTED_SHARE:
            continue
        with_references = chance >= UNREPORTED_SHARE + WITHOUT_REFERENCES_SHARE
        kin.report(person, kin.give_family(person) if with_references else None)
    for _ in range(round(MISSING_ELSEWHERE_SHARE * len(kin.reports))):
        elsewhere = people.make()
        kin.report(elsewhere, kin.give_family(elsewhere))
