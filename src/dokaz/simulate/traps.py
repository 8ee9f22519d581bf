"""What trips real teams, laid on purpose: each trap says what is wrong, and stands in ``truth.json`` by its id."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dokaz.simulate.ground import Piece, body_of, fragment_of, part_of
from dokaz.simulate.kin import Kin
from dokaz.simulate.laboratory import Laboratory
from dokaz.simulate.names import Name
from dokaz.simulate.people import People, father_of
from dokaz.simulate.truth import Relative, Trap, TrueFamily, TrueInvestigation, TruePerson, TrueSample

SEVERED_PART, CHANCE_MATCH, HALF_BROTHER = "severed-part", "chance-match", "half-brother"
NOT_THE_FATHER, TWO_BROTHERS, REPORTED_TWICE = "not-the-father", "two-brothers", "reported-twice"
SWAPPED_SAMPLES, EMERGENCY_LIFT, DROPOUT = "swapped-samples", "emergency-lift", "dropout"

#: Where each trap shows.
FILES = {
    SEVERED_PART: ("survey_KLN1.csv", "profiles_north.csv"),
    CHANCE_MATCH: ("profiles_north.csv", "examinations.csv", "family_genotypes.csv"),
    HALF_BROTHER: ("families.ped", "family_genotypes.csv"),
    NOT_THE_FATHER: ("families.ped", "family_genotypes.csv", "profiles_north.csv"),
    TWO_BROTHERS: ("families.ped", "profiles_north.csv"),
    REPORTED_TWICE: ("missing_persons.csv", "families.ped"),
    SWAPPED_SAMPLES: ("profiles_north.csv", "profiles_north_later.csv", "samples_later.csv"),
    EMERGENCY_LIFT: ("survey_KLN1.csv",),
    DROPOUT: ("profiles_south_genemapper.txt",),
}
EMERGENCY_REASON = "обстріл: тіло вилучено без фотографування, одна точка з GPS-навігатора"


@dataclass(slots=True)
class Cast:
    """The people of the traps, and where their remains have to lie: groups of pieces that stay together."""

    traps: list[Trap] = field(default_factory=list)
    first_and_last: list[Piece] = field(default_factory=list)
    forest: list[list[Piece]] = field(default_factory=list)
    secondary: list[list[Piece]] = field(default_factory=list)
    swapped: list[TruePerson] = field(default_factory=list)
    fragment: TruePerson | None = None

    @property
    def people(self) -> list[TruePerson]:
        """Everybody in a trap; their samples give full profiles, so that each trap is there under every seed."""
        return [person for trap in self.traps for person in trap.people]


def cast_traps(people: People, kin: Kin) -> Cast:
    """Invent the people of the traps, with their families and reports."""
    cast = Cast()
    _severed_part(cast, people, kin)
    _chance_match(cast, people, kin)
    _half_brother(cast, people, kin)
    _not_the_father(cast, people, kin)
    _two_brothers(cast, people, kin)
    _reported_twice(cast, people, kin)
    _swapped_samples(cast, people, kin)
    _emergency_lift(cast, people, kin)
    _dropout(cast, people, kin)
    for trap in cast.traps:
        trap.files += FILES[trap.id]
    return cast


def spring_traps(cast: Cast, laboratory: Laboratory, found: TrueInvestigation) -> None:
    """Do to the typed samples what the traps need, once everything lies in the ground and was sampled."""
    units = {unit.number: unit for unit in found.units}
    first, second = (_first_sample(laboratory, person.units[0]) for person in cast.swapped)
    first.genotype, second.genotype = second.genotype, first.genotype
    first.shown, second.shown = second.shown, first.shown
    for person in cast.swapped:
        laboratory.sample(units[person.units[0]], reason="повторний відбір після сумніву", later=True, sure=True)
    assert cast.fragment is not None
    fragment = next(n for n in cast.fragment.units if units[n].kind == "GB")
    laboratory.drop_alleles(_first_sample(laboratory, fragment), 0.35)


def _severed_part(cast: Cast, people: People, kin: Kin) -> None:
    person = people.make(group="man", ages=(32, 52))
    family = kin.give_family(person, ("MO", "SI1", "SI2"))
    kin.report(person, family)
    arm = part_of(person, "upper limb", "L")
    cast.first_and_last += [body_of(person, [arm]), arm]
    cast.traps.append(Trap(
        SEVERED_PART, "A severed part lies metres from its body",
        "The left arm lies at the other end of the trench, beside other bodies. Proximity would give it to one of them; "
        "DNA and the missing elements give it to the body at the near end.", [person], [family]))  # fmt: skip


def _chance_match(cast: Cast, people: People, kin: Kin) -> None:
    sought = people.make(group="man", ages=(22, 26))
    family = kin.give_family(sought, ("MO",))
    kin.report(sought, family)
    mother = _relative(family, "MO")
    woman = people.make(group="woman", ages=(66, 74))
    assert mother.genotype is not None
    woman.genotype = kin.child(kin.founder(), mother.genotype)
    cast.forest.append([body_of(woman)])
    cast.traps.append(Trap(
        CHANCE_MATCH, "A chance DNA match that sex and age contradict",
        "The body of a woman of about seventy shares an allele at every marker with the only typed relative, the mother, "
        "of a missing man of about twenty-four. They are not related; he is not among the dead here.",
        [woman, sought], [family]))  # fmt: skip


def _half_brother(cast: Cast, people: People, kin: Kin) -> None:
    person = people.make(group="man", ages=(30, 45))
    family = kin.give_family(person, ("FA", "MO", "SI1"))
    kin.report(person, family)
    brother, mother = _relative(family, "SI1"), _relative(family, "MO")
    assert mother.genotype is not None
    brother.genotype = kin.child(kin.founder(), mother.genotype)
    cast.forest.append([body_of(person)])
    cast.traps.append(Trap(
        HALF_BROTHER, "A half sibling stated as a full one",
        "The pedigree states SI1 as a child of FA. SI1 is a child of MO by another man: SI1 and FA exclude each other, "
        "while the missing person is a child of both stated parents.", [person], [family]))  # fmt: skip


def _not_the_father(cast: Cast, people: People, kin: Kin) -> None:
    person = people.make(group="woman", ages=(30, 45))
    family = kin.give_family(person, ("FA", "MO", "SI1"))
    kin.report(person, family)
    mother = _relative(family, "MO")
    assert mother.genotype is not None
    person.genotype = kin.child(kin.founder(), mother.genotype)
    cast.forest.append([body_of(person)])
    cast.traps.append(Trap(
        NOT_THE_FATHER, "The stated father is not the father of the missing person",
        "FA is the father of SI1 but not of the missing person: her remains are excluded by FA although they are hers.",
        [person], [family]))  # fmt: skip


def _two_brothers(cast: Cast, people: People, kin: Kin) -> None:
    elder = people.make(group="man", ages=(28, 31))
    family = kin.give_family(elder, ("FA", "MO"))
    father, mother = _relative(family, "FA"), _relative(family, "MO")
    assert father.genotype is not None and mother.genotype is not None
    surname = elder.name.surname
    younger = people.make(group="man", ages=(28, 31), genotype=kin.child(father.genotype, mother.genotype),
                          family=(surname, surname), father=father_of(elder))  # fmt: skip
    while younger.name.given_name == elder.name.given_name:
        younger.name = replace(younger.name, given_name=people.another_name("male"))
    family.members.append(Relative("MP2", younger.name, "male", younger.born, "FA", "MO", missing=True))
    kin.report(elder, family)
    kin.report(younger, family, member="MP2")
    cast.forest.append([body_of(elder), body_of(younger)])
    cast.traps.append(Trap(
        TWO_BROTHERS, "Two brothers whom DNA cannot tell apart",
        "Two brothers are missing and only their parents gave samples: each body fits each brother equally well. DNA names "
        "the pair; teeth, old fractures or a child of one of them would have to say who is who.",
        [elder, younger], [family]))  # fmt: skip


def _reported_twice(cast: Cast, people: People, kin: Kin) -> None:
    person = people.make(group="man", sex="male", ages=(44, 54))
    person.name = Name("Ковальчук", "Олександр", "Дмитрович")
    by_mother = kin.give_family(person, ("MO", "SI1"))
    by_wife = kin.give_second_family(person, ("SP", "CH1", "CH2"))
    kin.report(person, by_mother)
    kin.report(person, by_wife, called=Name("Ковальчюк", "Олександер", "Дмитровичь"))
    cast.forest.append([body_of(person)])
    cast.traps.append(Trap(
        REPORTED_TWICE, "One person reported missing twice",
        "His mother reported him to one office, his wife to another, which wrote the name by ear. One body fits both "
        "families; he is one person.", [person], [by_mother, by_wife]))  # fmt: skip


def _swapped_samples(cast: Cast, people: People, kin: Kin) -> None:
    pair = [people.make(group="man", ages=(38, 42)) for _ in range(2)]
    families = []
    for person in pair:
        families.append(kin.give_family(person, ("FA", "MO", "SI1")))
        kin.report(person, families[-1])
    cast.swapped += pair
    cast.forest.append([body_of(person) for person in pair])
    cast.traps.append(Trap(
        SWAPPED_SAMPLES, "An identification that a second look revokes",
        "The samples of two men of like age, examined on one day, changed places at the table. The first profiles lead "
        "each body to the other man's family; the re-samples in the later file contradict them.",
        pair, families))  # fmt: skip


def _emergency_lift(cast: Cast, people: People, kin: Kin) -> None:
    person = people.make(group="serviceman")
    family = kin.give_family(person, ("MO", "SI1"))
    kin.report(person, family)
    body = body_of(person)
    cast.forest.append([Piece("B", body.description, body.elements, person, EMERGENCY_REASON)])
    cast.traps.append(Trap(
        EMERGENCY_LIFT, "A body lifted under shelling",
        "No photograph and one rough point: the recorded reason takes their place, and stays visible.",
        [person], [family]))  # fmt: skip


def _dropout(cast: Cast, people: People, kin: Kin) -> None:
    person = people.make(group="man", ages=(30, 50))
    family = kin.give_family(person, ("FA", "MO", "SI1"))
    kin.report(person, family)
    leg = part_of(person, "lower limb", "R")
    bone = fragment_of(person, "femur", "L")
    cast.secondary += [[leg], [bone]]
    cast.fragment = person
    cast.traps.append(Trap(
        DROPOUT, "A bone fragment that lost alleles",
        "The fragment's profile shows one allele at markers where its owner has two. Read as homozygous they exclude it "
        "from his family, and from the leg metres away that is his.", [person], [family]))  # fmt: skip


def _relative(family: TrueFamily, key: str) -> Relative:
    return next(member for member in family.members if member.id == key)


def _first_sample(laboratory: Laboratory, unit: str) -> TrueSample:
    return next(sample for sample in laboratory.samples if sample.unit == unit)
