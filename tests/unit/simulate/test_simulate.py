"""The invented investigation: the same twice, near the field's figures, readable, and with its traps."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dokaz import kinship
from dokaz.errors import SimulationRefused
from dokaz.exchange.deliveries.custody import Custody, read_custody
from dokaz.exchange.deliveries.examinations import Examinations, read_examinations
from dokaz.exchange.deliveries.families import DeliveredFamily, Families, read_families
from dokaz.exchange.deliveries.frequencies import FrequencyTable, read_frequencies
from dokaz.exchange.deliveries.missing import MissingPersons, read_missing
from dokaz.exchange.deliveries.profiles import DeliveredProfile, read_profiles
from dokaz.exchange.deliveries.samples import DeliveredSample, read_samples
from dokaz.exchange.deliveries.survey import SurveyedUnit, read_survey
from dokaz.exchange.reading.photographs import ReadPhotograph, read_photograph
from dokaz.simulate import simulate
from dokaz.simulate.figures import DEMOGRAPHY, DNA_SUCCESS, REFERENCES_PER_MISSING
from dokaz.simulate.ground import WHOLE_BODY
from dokaz.simulate.investigation import invent
from dokaz.simulate.population import published_population


@dataclass(frozen=True)
class Delivered:
    """Everything that the readers made of one delivery, and the truth beside it."""

    directory: Path
    truth: dict[str, Any]
    units: dict[str, SurveyedUnit]
    photographs: dict[str, ReadPhotograph]
    examinations: Examinations
    samples: list[DeliveredSample]
    custody: Custody
    profiles: list[DeliveredProfile]
    later: tuple[DeliveredProfile, ...]
    families: Families
    missing: MissingPersons
    frequencies: FrequencyTable

    def trap(self, name: str) -> dict[str, Any]:
        return next(trap for trap in self.truth["traps"] if trap["id"] == name)

    def profile_of(self, unit: str, profiles: tuple[DeliveredProfile, ...] | None = None) -> DeliveredProfile:
        numbers = {sample.number for sample in self.samples if sample.unit == unit}
        return next(p for p in (profiles or self.profiles) if p.sample in numbers and p.genotypes.autosomal)

    def log10_lr(
        self, unit: str, family: DeliveredFamily, missing: str, profiles: tuple[DeliveredProfile, ...] | None = None
    ) -> float:
        """What the kinship engine says of a unit's profile and a missing person, with the delivered frequencies."""
        markers = self.frequencies.marker_set()
        relatives = {t.member: t.genotypes.autosomal for t in family.typed}
        pedigree = kinship.Pedigree(
            tuple(kinship.Member(m.id, m.father or None, m.mother or None, kinship.Sex[m.sex.upper()])
                  for m in family.members)
        )  # fmt: skip
        asked = kinship.KinshipFamily(family.id, pedigree, family.missing, kinship.Profiles.of(relatives, markers))
        seen = kinship.Profiles.of({"V": self.profile_of(unit, profiles).genotypes.autosomal}, markers)
        found = kinship.search(seen, [asked], pairings={"V": family.missing})
        return float(found.log10_lr[0, family.missing.index(missing)])

    def family(self, name: str) -> DeliveredFamily:
        return next(family for family in self.families.families if family.id == name)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    directory = tmp_path_factory.mktemp("simulated") / "incoming"
    simulate(directory, seed=20, remains=120)

    def of(name: str) -> bytes:
        return (directory / name).read_bytes()

    surveys = [read_survey(of(f), file=f) for f in ("survey_KLN1.csv", "survey_KLN2.csv", "survey_STV1.tsv")]
    tables = ("profiles_north.csv", "profiles_south_genemapper.txt")
    return Delivered(
        directory=directory,
        truth=json.loads(of("truth.json")),
        units={unit.number: unit for survey in surveys for unit in survey.units},
        photographs={p.name: read_photograph(p.read_bytes(), file=p.name) for p in (directory / "photographs").iterdir()},
        examinations=read_examinations(of("examinations.csv"), file="examinations.csv"),
        samples=[s for f in ("samples.csv", "samples_later.csv") for s in read_samples(of(f), file=f).samples],
        custody=read_custody(of("custody.csv"), file="custody.csv"),
        profiles=[profile for f in tables for profile in read_profiles(of(f), file=f).profiles],
        later=read_profiles(of("profiles_north_later.csv"), file="profiles_north_later.csv").profiles,
        families=read_families(
            of("families.ped"), of("family_genotypes.csv"), of("relatives.csv"),
            ped_file="families.ped", genotypes_file="family_genotypes.csv", donors_file="relatives.csv",
        ),
        missing=read_missing(of("missing_persons.csv"), file="missing_persons.csv"),
        frequencies=read_frequencies(of("allele_frequencies.csv"), file="allele_frequencies.csv"),
    )  # fmt: skip


def assert_near(share: float, expected: float, n: int) -> None:
    """Within four standard errors of a proportion: wrong once in sixteen thousand seeds."""
    assert abs(share - expected) < 4 * math.sqrt(expected * (1 - expected) / n), f"{share:.3f}, not {expected:.3f}"


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    def written(name: str, seed: int) -> dict[str, str]:
        simulate(tmp_path / name, seed=seed, remains=40)
        files = (p for p in (tmp_path / name).rglob("*") if p.is_file())
        return {str(p.relative_to(tmp_path / name)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    first = written("a", 5)
    assert written("b", 5) == first
    other = written("c", 6)
    assert other["profiles_north.csv"] != first["profiles_north.csv"]


def test_a_directory_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SimulationRefused, match="not an empty directory"):
        simulate(tmp_path, seed=1, remains=40)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("wrong", [{"remains": 39}, {"seed": -1}, {"mutation_rate": 1.0}])
def test_arguments_out_of_range_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(SimulationRefused):
        simulate(tmp_path / "new", **{"seed": 1, "remains": 40, **wrong})


def test_every_unit_that_was_asked_for_is_delivered_and_everything_else_refers_to_one(delivered: Delivered) -> None:
    human = {number for number, unit in delivered.units.items() if unit.kind != "A"}
    assert len(human) == 120
    assert set(delivered.truth["units"]) == set(delivered.units)
    assert {e.unit for e in delivered.examinations.examinations} == human
    assert {s.unit for s in delivered.samples} == human
    assert {m.number for m in delivered.custody.moves} == set(delivered.units)
    assert {p.sample for p in delivered.profiles} | {p.sample for p in delivered.later} == {
        s.number for s in delivered.samples
    }


def test_every_photograph_that_a_survey_names_is_there(delivered: Delivered) -> None:
    named = {name for unit in delivered.units.values() for name in unit.photographs}
    assert named <= set(delivered.photographs)
    assert all(unit.photographs or unit.emergency_reason for unit in delivered.units.values())


def test_photographs_say_when_and_where_and_a_few_do_not(delivered: Delivered) -> None:
    for unit in delivered.units.values():
        for name in unit.photographs:
            photograph = delivered.photographs[name]
            if photograph.taken_at is None or photograph.position is None:
                continue
            assert unit.surveyed_at is not None and unit.lifted_at is not None
            assert unit.surveyed_at <= photograph.taken_at <= unit.lifted_at
            assert abs(photograph.position.latitude - unit.points[0].latitude) < 2e-4
    silent = [p for p in delivered.photographs.values() if p.problems]
    assert 0 < len(silent) < 0.1 * len(delivered.photographs)
    assert {p.format for p in delivered.photographs.values()} == {"JPEG", "PNG"}


def test_pictures_are_small_but_for_an_overview_a_grave(delivered: Delivered) -> None:
    small = [p for p in delivered.photographs.values() if p.format == "JPEG" and p.width <= 800]
    assert max(p.bytes for p in small) <= 60_000
    assert any(p.width * p.height > 8_000_000 for p in delivered.photographs.values())


def test_files_come_in_the_variety_that_teams_deliver(delivered: Delivered) -> None:
    assert (delivered.directory / "missing_persons.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with pytest.raises(UnicodeDecodeError):
        (delivered.directory / "survey_KLN2.csv").read_bytes().decode()
    assert b";" in (delivered.directory / "survey_KLN2.csv").read_bytes()
    described = (delivered.directory / "README.txt").read_text(encoding="utf-8")
    for path in delivered.directory.iterdir():
        assert path.name in described or path.name == "README.txt"


def test_every_missing_person_with_a_family_is_a_missing_member_of_it(delivered: Delivered) -> None:
    places = {(family.id, member) for family in delivered.families.families for member in family.missing}
    assert {(p.family, p.member) for p in delivered.missing.persons if p.family} == places
    assert delivered.families.remarks == ()


def test_demography_fragmentation_and_references_are_near_the_fields_figures() -> None:
    found = invent(seed=3, remains=2000)
    dead = {unit.person.key: unit.person for unit in found.units if unit.person}.values()
    total = sum(DEMOGRAPHY.values())
    for group, count in DEMOGRAPHY.items():
        assert_near(sum(p.group == group for p in dead) / len(dead), count / total, len(dead))
    primary = [u for site in found.sites[:2] for g in site.graves for u in g.units if u.person]
    whole = sum(u.description == WHOLE_BODY for u in primary) / len(primary)
    assert 0.88 <= whole <= 0.94
    secondary = [u for g in found.sites[2].graves for u in g.units if u.person]
    assert 0.01 <= sum(u.description == WHOLE_BODY for u in secondary) / len(secondary) <= 0.59
    references = [sum(m.sampled for m in family.members) for family in found.families]
    assert float(np.mean(references)) == pytest.approx(REFERENCES_PER_MISSING, abs=0.15)


def test_dna_succeeds_by_element_as_often_as_in_twenty_five_thousand_samples() -> None:
    found = invent(seed=4, remains=6000)
    trapped = {number for trap in found.traps for person in trap.people for number in person.units}
    tried = Counter(s.element.split(":")[0] for s in found.samples if s.unit not in trapped)
    good = Counter(s.element.split(":")[0] for s in found.samples if s.success and s.unit not in trapped)
    for element, expected in DNA_SUCCESS.items():
        if tried[element] >= 20:
            assert_near(good[element] / tried[element], expected, tried[element])
    assert tried["femur"] > 1000 and tried["teeth"] > 100


def test_examiners_are_right_about_sex_and_often_wrong_about_age_and_stature(delivered: Delivered) -> None:
    right_age = []
    for examination in delivered.examinations.examinations:
        person = delivered.truth["persons"][delivered.truth["units"][examination.unit]["person"]]
        if examination.sex in (1, 2, 4, 5):
            assert (examination.sex >= 4) == (person["sex"] == "male")
        if examination.age_years:
            low, high = map(float, examination.age_years)
            right_age.append(low <= person["age_years"] <= high)
    assert_near(sum(right_age) / len(right_age), 0.424, len(right_age))


def test_children_take_one_allele_from_each_parent_but_for_rare_mutations() -> None:
    rng = np.random.default_rng(1)
    population = published_population()
    father, mother = population.draw(2, rng)
    child = population.child(father, mother, rng)
    assert all(c[0] in f and c[1] in m for c, f, m in zip(child, father, mother, strict=True))
    moved = sum(
        int(c[0] not in f) + int(c[1] not in m)
        for _ in range(200)
        for c, f, m in [*zip(population.child(father, mother, rng, mutation_rate=0.05), father, mother, strict=True)]
    )
    assert 200 < moved < 600  # of 9,200 transmissions 460 move, some of them to the parent's other allele


# --- the traps -----------------------------------------------------------------------------------------------------


def test_every_trap_names_what_it_is_about(delivered: Delivered) -> None:
    traps = {trap["id"]: trap for trap in delivered.truth["traps"]}
    assert set(traps) == {"severed-part", "chance-match", "half-brother", "not-the-father", "two-brothers",
                          "reported-twice", "swapped-samples", "emergency-lift", "dropout"}  # fmt: skip
    for trap in traps.values():
        assert trap["units"] and trap["families"] and trap["missing"] and trap["story"]
        assert set(trap["units"]) <= set(delivered.units)
        assert all((delivered.directory / name).exists() for name in trap["files"])


def test_trap_a_severed_part_lies_metres_from_its_body_and_has_its_profile(delivered: Delivered) -> None:
    body, part = delivered.trap("severed-part")["units"]
    first, second = (delivered.units[number].points[0] for number in (body, part))
    assert math.hypot(float(first.easting) - float(second.easting), float(first.northing) - float(second.northing)) > 4
    assert delivered.profile_of(body).genotypes.autosomal == delivered.profile_of(part).genotypes.autosomal
    elements = {e.unit: {str(x) for x in e.elements} for e in delivered.examinations.examinations}
    assert not elements[body] & elements[part]


def test_trap_a_chance_match_is_contradicted_by_sex_and_age(delivered: Delivered) -> None:
    trap = delivered.trap("chance-match")
    unit, family = trap["units"][0], delivered.family(trap["families"][0])
    assert delivered.log10_lr(unit, family, "MP") > 2
    sought = next(m for m in delivered.missing.persons if m.number == trap["missing"][0])
    examination = next(e for e in delivered.examinations.examinations if e.unit == unit)
    assert sought.sex == "male" and examination.sex in (1, 2)
    assert delivered.profile_of(unit).genotypes.sex == "female"
    assert delivered.truth["missing"][sought.number]["units"] == []


def test_trap_a_half_brother_stated_as_full_excludes_the_stated_father(delivered: Delivered) -> None:
    trap = delivered.trap("half-brother")
    typed = {t.member: t.genotypes.autosomal for t in delivered.family(trap["families"][0]).typed}
    against_father = [m for m in typed["SI1"] if not set(typed["SI1"][m]) & set(typed["FA"][m])]
    against_mother = [m for m in typed["SI1"] if not set(typed["SI1"][m]) & set(typed["MO"][m])]
    assert len(against_father) >= 3 and not against_mother


def test_trap_the_stated_father_excludes_his_daughters_remains(delivered: Delivered) -> None:
    trap = delivered.trap("not-the-father")
    family = delivered.family(trap["families"][0])
    assert delivered.log10_lr(trap["units"][0], family, "MP") == -math.inf
    without_him = replace(family, typed=tuple(t for t in family.typed if t.member == "MO"))
    assert delivered.log10_lr(trap["units"][0], without_him, "MP") > 2


def test_trap_two_brothers_fit_each_place_equally(delivered: Delivered) -> None:
    trap = delivered.trap("two-brothers")
    family = delivered.family(trap["families"][0])
    for unit in trap["units"]:
        first, second = (delivered.log10_lr(unit, family, member) for member in ("MP", "MP2"))
        assert first == pytest.approx(second) and first > 6
    assert len({delivered.truth["units"][unit]["person"] for unit in trap["units"]}) == 2


def test_trap_one_person_reported_twice_fits_both_families(delivered: Delivered) -> None:
    trap = delivered.trap("reported-twice")
    names = {
        (person.family_name, person.given_name, person.patronymic)
        for person in delivered.missing.persons
        if person.number in trap["missing"]
    }
    offices = {person.liaison for person in delivered.missing.persons if person.number in trap["missing"]}
    assert len(names) == len(offices) == len(trap["families"]) == 2
    for name in trap["families"]:
        assert delivered.log10_lr(trap["units"][0], delivered.family(name), "MP") > 2


def test_trap_swapped_samples_lead_to_the_wrong_family_until_the_later_file(delivered: Delivered) -> None:
    trap = delivered.trap("swapped-samples")
    (first, second), families = trap["units"], [delivered.family(name) for name in trap["families"]]
    assert delivered.log10_lr(first, families[1], "MP") > 6
    assert delivered.log10_lr(second, families[0], "MP") > 6
    assert delivered.log10_lr(first, families[0], "MP", delivered.later) > 6
    assert delivered.log10_lr(first, families[1], "MP", delivered.later) == -math.inf


def test_trap_a_body_lifted_under_shelling_has_a_reason_and_no_photograph(delivered: Delivered) -> None:
    unit = delivered.units[delivered.trap("emergency-lift")["units"][0]]
    assert unit.emergency_reason and not unit.photographs and len(unit.points) == 1


def test_trap_a_fragment_lost_alleles_and_reads_as_excluded(delivered: Delivered) -> None:
    trap = delivered.trap("dropout")
    leg, bone = trap["units"] if delivered.units[trap["units"][0]].kind == "BP" else reversed(trap["units"])
    family = delivered.family(trap["families"][0])
    assert delivered.log10_lr(leg, family, "MP") > 6
    assert delivered.log10_lr(bone, family, "MP") < delivered.log10_lr(leg, family, "MP") - 3
    sample = delivered.profile_of(bone).sample
    assert delivered.truth["samples"][sample]["dropped"]
