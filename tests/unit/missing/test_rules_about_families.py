"""What holds of reports, pedigrees, donors and their profiles, whoever calls the act."""

import datetime as dt

import pytest
from casebook import assert_refused, missing, newest

from dokaz.errors import (
    BadChoice,
    BadDate,
    DonorLeftOut,
    EmptyField,
    ImpossibleParent,
    InTheFuture,
    MemberTwice,
    NoConsent,
    NoSuchRecord,
    OutOfRange,
    OwnAncestor,
    ReportTwice,
    TooManyAlleles,
    UnknownParent,
    WrongKind,
    WrongState,
)
from dokaz.missing.acts import (
    adopt_frequencies,
    draw_pedigree,
    enrol_donor,
    mark_duplicate,
    report,
    type_reference,
    verify,
    withdraw_consent,
)
from dokaz.missing.models import Donor, Family, Frequencies, MissingPerson, Reference

LATER = dt.date(2027, 1, 1)


def reported(house, **fields):
    with house.filing("family_liaison") as f:
        return report(f, **{"family_name": "Вигаданий", **fields})


# --- reports ----------------------------------------


def test_a_report_keeps_what_the_family_said(house):
    said = {
        "family_name": "Вигаданий",
        "given_name": "Андрій",
        "patronymic": "Іванович",
        "sex": "male",
        "born": "1987-04",
        "last_seen_on": "2022-03-09",
        "last_seen_place": "Ізюм",
        "stature_cm": "180.5",
        "marks": "a scar",
        "teeth": "46 missing",
        "clothing": "a blue coat",
        "occupation": "driver",
        "reported_on": dt.date(2026, 5, 1),
        "reported_by": "his mother",
        "liaison": "liaison 1",
        "note": "a note",
        "family_of_pedigree": "FAM-7",
        "member_of_pedigree": "C1",
    }
    made = MissingPerson.objects.get(pk=reported(house, **said).pk)
    assert {name: getattr(made, name) for name in said} == said
    assert (made.number, made.state, made.same_as) == ("MP-000001", "reported", None)
    assert reported(house, number="MP-77").number == "MP-77"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"family_name": " "}, EmptyField),
        ({"sex": "man"}, BadChoice),
        ({"born": "12.04.1987"}, BadDate),
        ({"last_seen_on": "2022-13"}, BadDate),
        ({"born": "2027"}, InTheFuture),
        ({"last_seen_on": "2027-01-01"}, InTheFuture),
        ({"reported_on": LATER}, InTheFuture),
        ({"stature_cm": 29}, OutOfRange),
        ({"stature_cm": 261}, OutOfRange),
        ({"stature_cm": "tall"}, WrongKind),
    ],
)
def test_a_report_that_cannot_be_is_refused(house, fields, error):
    assert_refused(error, lambda: reported(house, **fields))
    assert reported(house).state == "reported"


@pytest.mark.parametrize("stature_cm", [30, 260, None])
def test_infants_and_giants_are_reported_and_so_is_nothing(house, stature_cm):
    assert reported(house, stature_cm=stature_cm).stature_cm == str(stature_cm or "")


def test_a_report_is_verified_once(house):
    person = reported(house)

    def verified():
        with house.filing("family_liaison") as f:
            verify(newest(person), f)

    verified()
    assert newest(person).state == "verified"
    assert_refused(WrongState, verified)


def duplicate(house, one, other, reason="the same passport"):
    with house.filing("family_liaison", reason=reason) as f:
        mark_duplicate(newest(one), f, same_as=newest(other))


def test_a_report_points_to_the_one_that_was_made_before(house):
    one, other = reported(house), reported(house)
    assert_refused(EmptyField, lambda: duplicate(house, one, other, reason=""))
    duplicate(house, one, other)
    assert (newest(one).state, newest(one).same_as_id) == ("duplicate", other.id)
    assert newest(other).state == "reported"


def test_a_report_is_no_duplicate_of_a_duplicate(house):
    """Following the pointers would lead to a report that is closed, and a third one in a circle."""
    one, other, third = reported(house), reported(house), reported(house)
    duplicate(house, one, other)
    assert_refused(WrongState, lambda: duplicate(house, third, one))
    assert_refused(WrongState, lambda: duplicate(house, one, third))
    duplicate(house, third, other)
    assert newest(third).same_as_id == other.id


def test_a_report_is_no_duplicate_of_itself(house):
    one = reported(house)
    assert_refused(WrongState, lambda: duplicate(house, one, one))


# --- pedigrees ----------------------------------------


def member(id, father=None, mother=None, sex="male", born=None, number=None):
    return {"id": id, "father": father, "mother": mother, "sex": sex, "born": born, "missing": number}


def drawn(house, *members, **other):
    with house.filing("family_liaison", reason=other.pop("reason", "")) as f:
        return draw_pedigree(f, members=list(members), **other)


F, M = member("F"), member("M", sex="female")


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ([], EmptyField),
        ([F, F], MemberTwice),
        ([member(" ")], EmptyField),
        ([member("F", sex="man")], BadChoice),
        ([member("F", born="yesterday")], BadDate),
        ([member("F", born="2027")], InTheFuture),
        ([member("C", father="F")], UnknownParent),
        ([M, member("C", mother="X")], UnknownParent),
        ([M, member("C", father="M")], ImpossibleParent),
        ([F, member("C", mother="F")], ImpossibleParent),
        ([member("U", sex="unknown"), member("C", father="U"), member("D", mother="U")], ImpossibleParent),
        ([member("C", father="C")], OwnAncestor),
        ([member("A", father="B"), member("B", father="A")], OwnAncestor),
        ([member("A", father="B"), member("B", mother="D"), member("D", father="A", sex="female")], OwnAncestor),
        ([member("C", father="A"), member("A", father="B"), member("B", father="A")], OwnAncestor),
        ([member("C", number="MP-999999")], NoSuchRecord),
        ([F, member("C", number="MP-999999")], NoSuchRecord),
    ],
)
def test_a_pedigree_that_cannot_be_is_refused(house, members, error):
    assert_refused(error, lambda: drawn(house, *members))
    assert not Family.objects.exists()


def test_a_pedigree_that_can_be_is_kept_as_it_was_stated(house):
    person = reported(house)
    members = [F, M, member("C", "F", "M", born="1990~", number=person.number), member("U", sex="unknown")]
    made = Family.objects.get(pk=drawn(house, *members, name="Вигадані").pk)
    assert (made.number, made.name, made.members) == ("FAM-000001", "Вигадані", members)
    assert drawn(house, F, number="FAM-77").number == "FAM-77"


def test_a_cousin_marriage_is_no_circle(house):
    """Common ancestors are met twice on the way up."""
    grandparents = [F, M]
    children = [member("A", "F", "M"), member("B", "F", "M", sex="female")]
    assert drawn(house, *grandparents, *children, member("C", "A", "B")).members[-1]["id"] == "C"


def test_one_report_is_one_member(house):
    person = reported(house)
    twice = [member("C", number=person.number), member("D", number=person.number)]
    assert_refused(ReportTwice, lambda: drawn(house, *twice))
    assert drawn(house, *twice[:1]).members[0]["missing"] == person.number


def test_a_pedigree_is_corrected_with_a_reason_and_keeps_its_donors(house):
    missing(house, "Андрій")
    (family,) = Family.objects.all()
    corrected = [*family.members, member("U")]
    assert_refused(EmptyField, lambda: drawn(house, *corrected, family=newest(family)))
    without = [m for m in family.members if m["id"] != "F"]
    without = [{**m, "father": None} for m in without]
    assert_refused(DonorLeftOut, lambda: drawn(house, *without, family=newest(family), reason="no father"))
    drawn(house, *corrected, family=newest(family), reason="an uncle")
    assert (newest(family).members, newest(family).number, newest(family).version) == (corrected, family.number, 2)
    assert Family.objects.count() == 1


def test_a_donor_who_withdrew_may_leave_the_pedigree(house):
    missing(house, "Андрій")
    (family,) = Family.objects.all()
    withdrawn(house, Donor.objects.get())
    without = [{**m, "father": None} for m in family.members if m["id"] != "F"]
    drawn(house, *without, family=newest(family), reason="not the father")
    assert [m["id"] for m in newest(family).members] == ["M", "C0"]


# --- donors and their profiles ----------------------------------------


def withdrawn(house, donor):
    with house.filing("family_liaison") as f:
        withdraw_consent(newest(donor), f)


def enrolled(house, **fields):
    with house.filing("family_liaison") as f:
        return enrol_donor(newest(Family.objects.get()), f, **{"member": "M", "consent": "identification", **fields})


@pytest.fixture
def family(house):
    """A missing son, a father who gave a sample, a mother who did not."""
    missing(house, "Андрій")
    return Family.objects.get()


def test_nobody_is_enrolled_without_consent(house, family):
    assert_refused(BadChoice, lambda: enrolled(house, consent=""))
    assert_refused(BadChoice, lambda: enrolled(house, consent="any purpose"))
    assert enrolled(house).consent == "identification"


def test_a_consent_that_is_known_only_by_its_withdrawal_is_written_down(house, family):
    donor = enrolled(house, consent="", withdrawn=True)
    assert donor.withdrawn and donor.consent == ""


@pytest.mark.parametrize("who", ["C0", "F", "X"])
def test_a_donor_is_a_member_who_is_not_missing_and_no_donor_yet(house, family, who):
    assert_refused(BadChoice, lambda: enrolled(house, member=who))
    assert enrolled(house).member == "M"


def test_a_donor_who_withdrew_may_be_enrolled_again(house, family):
    withdrawn(house, Donor.objects.get())
    assert enrolled(house, member="F").member == "F"


@pytest.mark.parametrize("field", ["consented_on", "sampled_on"])
def test_nobody_consents_or_is_sampled_in_the_future(house, family, field):
    assert_refused(InTheFuture, lambda: enrolled(house, **{field: LATER}))
    day = dt.date(2026, 5, 1)
    assert getattr(enrolled(house, **{field: day}), field) == day


def test_a_donor_is_kept_as_enrolled(house, family):
    said = {
        "member": "M",
        "consent": "identification",
        "consented_on": dt.date(2026, 5, 1),
        "name": "Донорка",
        "born": "1962",
        "relationship": "mother",
        "relationship_stated": "mother, she says",
        "sample": "swab 7",
        "sampled_on": dt.date(2026, 5, 2),
        "liaison": "liaison 1",
        "note": "a note",
    }
    made = Donor.objects.get(pk=enrolled(house, **said).pk)
    assert {name: getattr(made, name) for name in said} == said
    assert (made.family_id, made.withdrawn, made.number) == (family.id, False, "DON-000002")


def typed(house, donor, **fields):
    with house.filing("dna_examiner") as f:
        return type_reference(newest(donor), f, **{"genotypes": {"TH01": ["9.3", "6"]}, **fields})


def test_a_donor_without_consent_is_not_typed(house, family):
    donor = Donor.objects.get()
    withdrawn(house, donor)
    assert_refused(NoConsent, lambda: typed(house, donor))
    assert typed(house, enrolled(house)).donor.member == "M"


def test_a_consent_is_withdrawn_once(house, family):
    donor = Donor.objects.get()
    withdrawn(house, donor)
    assert newest(donor).withdrawn and newest(donor).withdrawn_on is not None
    assert_refused(WrongState, lambda: withdrawn(house, donor))


@pytest.mark.parametrize("alleles", [["6"], ["6", "7", "8"], []])
def test_a_reference_is_the_profile_of_one_person(house, family, alleles):
    donor = Donor.objects.get()
    assert_refused(TooManyAlleles, lambda: typed(house, donor, genotypes={"TH01": alleles}))
    assert_refused(InTheFuture, lambda: typed(house, donor, typed_on=LATER))


def test_a_reference_is_kept_as_typed(house, family):
    said = {
        "laboratory": "L",
        "kit": "K",
        "sample": "swab 7",
        "typed_on": dt.date(2026, 5, 2),
        "lone_alleles": ["FGA"],
        "lineage": {"DYS19": ["14"]},
        "no_result": ["SE33"],
    }
    made = Reference.objects.get(pk=typed(house, Donor.objects.get(), **said).pk)
    assert {name: getattr(made, name) for name in said} == said
    assert made.genotypes == {"TH01": ["6", "9.3"]}
    assert made.number == "REF-000002"


# --- frequencies ----------------------------------------


def adopted(house, **fields):
    table = {"name": "Table", "source": "invented", "markers": {"TH01": {"6": "0.4", "9.3": "0.6"}}}
    with house.filing("dna_examiner") as f:
        return adopt_frequencies(f, **{**table, **fields})


@pytest.mark.parametrize("field", ["name", "source"])
def test_a_table_of_frequencies_names_itself_and_its_source(house, field):
    assert_refused(EmptyField, lambda: adopted(house, **{field: " "}))
    assert_refused(EmptyField, lambda: adopted(house, markers={}))
    made = Frequencies.objects.get(pk=adopted(house, population="invented", sample_sizes={"TH01": 200}).pk)
    assert (made.number, made.name, made.source, made.population) == ("FRQ-000001", "Table", "invented", "invented")
    assert made.markers == {"TH01": {"6": "0.4", "9.3": "0.6"}}
    assert (made.mutation, made.sample_sizes) == ({}, {"TH01": 200})
