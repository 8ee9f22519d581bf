"""What a search compares: profiles and relatives that stand, persons still looked for; the rest is named as left out."""

from types import SimpleNamespace

import pytest
from casebook import a_profile, assert_refused, frequencies, missing, newest, units

from dokaz.errors import NothingToCompare
from dokaz.identification.comparing import best_profile, dna_evidence, family_of
from dokaz.identification.kinship_input import question
from dokaz.identification.queries import rivals
from dokaz.identification.searching import compute
from dokaz.missing.models import Donor, Family, MissingPerson, Reference
from dokaz.mortuary.models import Profile


def asked(house):
    return question(frequencies(house))


def aside(found):
    return {(each["what"], each["why"]) for each in found.left_out}


@pytest.fixture
def typed(house, unit, person):
    """A unit and a family, both typed."""
    return a_profile(house, unit)


def withdrawn_consent(house, donor):
    from dokaz.missing.acts import withdraw_consent

    with house.filing("family_liaison") as f:
        withdraw_consent(newest(donor), f)


def withdrawn_profile(house, profile):
    from dokaz.mortuary.acts import withdraw_profile

    with house.filing("dna_examiner", reason="tubes were swapped") as f:
        withdraw_profile(newest(profile), f)


def another_attempt(house, unit, genotypes):
    from dokaz.mortuary.acts import profile

    with house.filing("dna_examiner") as f:
        return profile(unit.samples.first(), f, laboratory="L", kit="K", genotypes=genotypes, attempt=2)


def test_a_profile_that_stands_is_searched(house, typed, person):
    found = asked(house)
    assert list(found.records) == [typed.number]
    assert found.references[Family.objects.get().number] == list(Reference.objects.all())
    assert [family.missing for family in found.families] == [(person.number,)]


def test_a_withdrawn_profile_is_not_searched(house, typed, unit):
    again = another_attempt(house, unit, {"TH01": ["6", "9.3"]})
    withdrawn_profile(house, typed)
    found = asked(house)
    assert list(found.records) == [again.number]
    assert (typed.number, "withdrawn") in aside(found)


def test_nothing_is_searched_where_the_only_profile_was_withdrawn(house, typed):
    withdrawn_profile(house, typed)
    table = frequencies(house)
    assert_refused(NothingToCompare, lambda: question(table), match="no DNA profile stands")


def test_rule_8_a_donor_who_withdrew_is_not_searched(house, typed, person):
    """Principle: family DNA serves identification only, as long as the family agrees."""
    from dokaz.missing.acts import enrol_donor, type_reference

    family, (donor,) = Family.objects.get(), Donor.objects.all()
    with house.filing("family_liaison") as f:
        mother = enrol_donor(family, f, member="M", consent="identification")
    with house.filing("dna_examiner") as f:
        type_reference(mother, f, genotypes={"TH01": ["6", "9.3"]})
    withdrawn_consent(house, donor)
    found = asked(house)
    assert [r.donor_id for r in found.references[family.number]] == [mother.id]
    assert (Reference.objects.get(donor=donor).number, "consent_withdrawn") in aside(found)


def test_a_family_whose_only_donor_withdrew_is_not_searched(house, typed):
    withdrawn_consent(house, Donor.objects.get())
    table = frequencies(house)
    assert_refused(NothingToCompare, lambda: question(table), match="no family")


def test_a_person_who_is_no_longer_looked_for_is_not_searched(house, typed, person):
    """The family of a report that is closed misses nobody."""
    from dokaz.missing.acts import mark_duplicate

    (stranger,) = missing(house, "Остап")
    with house.filing("family_liaison", reason="the same passport") as f:
        mark_duplicate(newest(person), f, same_as=newest(stranger))
    found = asked(house)
    assert [family.missing for family in found.families] == [(stranger.number,)]
    assert (Family.objects.order_by("number").first().number, "nobody_missing") in aside(found)


def test_the_attempt_that_shows_most_is_searched_and_the_newest_among_equals(house, typed, unit):
    less = another_attempt(house, unit, {"TH01": ["6", "9.3"]})
    failed = another_attempt(house, unit, {})
    found = asked(house)
    assert list(found.records) == [typed.number]
    assert {(less.number, "shows_less"), (failed.number, "no_marker")} <= aside(found)
    equal = another_attempt(house, unit, typed.genotypes)
    found = asked(house)
    assert list(found.records) == [equal.number]
    assert (typed.number, "shows_less") in aside(found)
    more = another_attempt(house, unit, {**typed.genotypes, "SE33": ["20", "21"]})
    found = asked(house)
    assert list(found.records) == [more.number]
    assert ("SE33", "marker_without_frequencies") in aside(found)


def test_the_newest_profile_of_a_donor_is_searched(house, typed):
    from dokaz.missing.acts import type_reference

    with house.filing("dna_examiner") as f:
        newer = type_reference(newest(Donor.objects.get()), f, genotypes={"TH01": ["6", "6"]})
    (found,) = asked(house).references.values()
    assert [r.id for r in found] == [newer.id]


def test_a_family_that_misses_nobody_is_named_as_left_out(house, typed):
    from dokaz.missing.acts import draw_pedigree

    with house.filing("family_liaison") as f:
        lone = draw_pedigree(f, members=[{"id": "M", "father": None, "mother": None, "sex": "female", "born": None,
                                          "missing": None}])  # fmt: skip
    assert (lone.number, "nobody_missing") in aside(asked(house))


def test_a_family_without_a_typed_relative_is_named_as_left_out(house, typed):
    from dokaz.missing.acts import draw_pedigree, report

    with house.filing("family_liaison") as f:
        person = report(f, family_name="Вигадана")
        untyped = draw_pedigree(f, members=[{"id": "C", "father": None, "mother": None, "sex": "female", "born": None,
                                             "missing": person.number}])  # fmt: skip
    assert (untyped.number, "no_relative") in aside(asked(house))


# --- the comparison of one pair ----------------------------------------


def test_the_best_profile_of_a_unit_was_not_withdrawn(house, unit, typed):
    less = another_attempt(house, unit, {"TH01": ["6", "9.3"]})
    assert best_profile(unit) == typed
    withdrawn_profile(house, typed)
    assert best_profile(unit) == less
    withdrawn_profile(house, less)
    assert_refused(NothingToCompare, lambda: best_profile(unit), match=unit.number)


def test_the_newest_of_equal_profiles_is_the_best(house, unit, typed):
    equal = another_attempt(house, unit, typed.genotypes)
    another_attempt(house, unit, {})
    assert best_profile(unit) == equal


def test_a_withdrawn_profile_gives_no_evidence(house, unit, typed, person):
    another_attempt(house, unit, typed.genotypes)
    withdrawn_profile(house, typed)
    table = frequencies(house)
    assert_refused(NothingToCompare, lambda: dna_evidence(newest(typed), newest(person), table), match=typed.number)
    made = dna_evidence(Profile.objects.get(attempt=2), newest(person), table)
    assert float(made.log10_lr) > 0


def test_a_person_whose_family_cannot_be_compared_has_no_evidence(house, unit, typed, person):
    (stranger,) = missing(house, "Остап")
    family = Family.objects.order_by("number").last()
    withdrawn_consent(house, family.donors.get())
    table = frequencies(house)
    assert_refused(
        NothingToCompare,
        lambda: dna_evidence(typed, newest(stranger), table),
        match=f"{family.number} cannot be compared",
    )
    assert dna_evidence(typed, newest(person), table).family.number != family.number


def test_evidence_names_its_inputs_and_who_else_fits(house):
    one, other = units(house, 2)
    person, brother = missing(house, "Андрій", "Богдан")
    profile, second = a_profile(house, one), a_profile(house, other)
    made = dna_evidence(profile, newest(person), frequencies(house))
    assert made.profile == profile and made.family == Family.objects.get()
    others = {(each["missing"], each["unit"]) for each in made.other_candidates}
    assert others == {(brother.number, one.number), (person.number, other.number)}
    assert made.inputs["profile"] == {"number": profile.number, "version": 1, "entry": profile.entry_hash}
    assert [each["number"] for each in made.inputs["references"]] == [Reference.objects.get().number]
    assert {each["state"] for each in made.per_marker} == {"typed"}
    assert sum(float(each["log10_lr"]) for each in made.per_marker) == pytest.approx(float(made.log10_lr))
    assert second.number not in str(made.inputs)


def test_whoever_fits_about_as_well_is_named_however_many_they_are(house):
    """Twelve brothers: more than a search keeps of each profile, and than are shown of those who fit less well."""
    (one,) = units(house, 1)
    brothers = missing(house, *(f"Брат{nth}" for nth in range(12)))
    profile = a_profile(house, one)
    made = dna_evidence(profile, newest(brothers[0]), frequencies(house))
    named = {each["missing"] for each in made.other_candidates if each["unit"] == one.number}
    assert named == {brother.number for brother in brothers[1:]}
    assert {number for number, _lr in rivals([SimpleNamespace(recovery_unit=one, **vars(made))])} == named


def test_parts_of_one_body_push_no_rival_out(house):
    """Ten parts fit the person as well as the body does; the brother is still named, and each part once."""
    parts = units(house, 11)
    person, brother = missing(house, "Андрій", "Богдан")
    profile, *_others = [a_profile(house, part) for part in parts]
    another_attempt(house, parts[1], profile.genotypes)
    made = dna_evidence(profile, newest(person), frequencies(house))
    assert (brother.number, parts[0].number) in {(each["missing"], each["unit"]) for each in made.other_candidates}
    shown = [each["unit"] for each in made.other_candidates if each["missing"] == person.number]
    assert len(shown) == len(set(shown)) == 8 and parts[0].number not in shown


def test_a_rival_below_what_a_search_keeps_is_named(house):
    """Of a weak match too: a search drops whoever fits worse than a stranger, a comparison does not."""
    (one,) = units(house, 1)
    person, brother = missing(house, "Андрій", "Богдан")
    profile, table = a_profile(house, one), frequencies(house)
    found = compute(table, threshold_log10_lr=1000.0)
    assert found.candidates.of_profile(profile.number) == []
    made = dna_evidence(profile, newest(person), table, found=found)
    assert [each["missing"] for each in made.other_candidates] == [brother.number]


def test_evidence_says_of_each_marker_why_it_was_not_compared(house, unit, person):
    another_attempt(house, unit, {"TH01": ["6", "9.3"], "D3S1358": ["14", "14"]})
    table = frequencies_with(house, D3S1358="14")
    made = dna_evidence(best_profile(unit), newest(person), table)
    states = {each["marker"]: (each["state"], each["log10_lr"]) for each in made.per_marker}
    assert states["FGA"] == ("not_in_remains", None)
    assert states["D3S1358"] == ("inconsistent", "-inf")
    assert states["TH01"][0] == "typed"
    assert made.log10_lr == "-inf"


def frequencies_with(house, **more):
    from casebook import GENOTYPES

    from dokaz.missing.acts import adopt_frequencies

    with house.filing("dna_examiner") as f:
        markers = {m: dict.fromkeys(alleles, "0.1") | {"rest": "0.7"} for m, alleles in GENOTYPES.items()}
        for marker, allele in more.items():
            markers[marker][allele] = "0.1"
        return adopt_frequencies(f, name="Another table", source="invented", markers=markers)


def test_the_family_of_a_person_is_the_one_that_the_report_names(house, person):
    from dokaz.missing.acts import report

    assert family_of(person) == Family.objects.get()
    with house.filing("family_liaison") as f:
        alone = report(f, family_name="Вигадана")
        named = report(f, family_name="Вигадана", family_of_pedigree=Family.objects.get().number)
    assert_refused(NothingToCompare, lambda: family_of(alone), match=alone.number)
    assert family_of(named) == Family.objects.get()
    assert MissingPerson.objects.count() == 3
