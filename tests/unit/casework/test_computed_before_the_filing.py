"""What is computed before a filing is filed against the state that it read, and refused if that state has moved."""

from dataclasses import replace

import pytest
from casebook import GENOTYPES, a_grave, a_profile, assert_refused, compare, evidence, frequencies, missing, units
from django.db import connection

from dokaz.casework import journal
from dokaz.errors import ChangedMeanwhile, InputsChanged, WrongKind
from dokaz.graves.acts import open_site, quarantine
from dokaz.graves.models import Grave, RecoveryUnit, Site
from dokaz.identification import acts, searching
from dokaz.identification.comparing import dna_evidence
from dokaz.identification.models import Comparison, Search
from dokaz.missing.acts import draw_pedigree, type_reference, verify, withdraw_consent
from dokaz.missing.models import Donor
from dokaz.mortuary.acts import withdraw_profile
from dokaz.mortuary.models import Profile


@pytest.fixture
def case(house):
    """Two typed units, and a family that misses two brothers."""
    for unit in units(house, 2):
        a_profile(house, unit)
    house.missing = missing(house, "Андрій", "Богдан")
    house.table = frequencies(house)
    return house


def withdraw(house, typed):
    with house.filing("dna_examiner", reason="swapped tubes") as f:
        withdraw_profile(typed, f)


def file_search(house, found):
    with house.filing("dna_examiner") as f:
        return acts.search(f, result=searching.result_of(found))


# --- the filing itself ---------------------------------------------------------------------------------------------------


def test_a_record_filed_since_it_was_read_is_named_with_its_entry(house):
    grave, read = a_grave(house), journal.size()
    with house.filing("scene") as f:
        open_site(f, code="POL", name="Invented field", crs="EPSG:32637")

    def attempt():
        with house.filing("scene") as f:
            f.require_unchanged(read, kinds=[Site])

    refused = assert_refused(InputsChanged, attempt, match="POL")
    assert isinstance(refused, ChangedMeanwhile)
    assert f"entry {read}" in refused.what
    with house.filing("scene") as f:
        f.require_unchanged(read, kinds=[Grave], records=[grave.id, grave.site_id])
        f.require_unchanged(journal.size(), kinds=[Site])


def test_a_new_version_of_a_record_that_was_read_is_a_change_and_that_of_another_is_not(house):
    one, other = units(house, 2)
    read = journal.size()
    with house.filing("scene", reason="a grenade beneath") as f:
        quarantine(RecoveryUnit.objects.get(pk=other.pk), f)
    with house.filing("scene") as f:
        f.require_unchanged(read, records=[one.id])

    def attempt():
        with house.filing("scene") as f:
            f.require_unchanged(read, records=[one.id, other.id])

    assert_refused(InputsChanged, attempt, match=other.number)


def test_what_the_filing_itself_made_is_no_change(house):
    read = journal.size()
    with house.filing("scene") as f:
        open_site(f, code="POL", name="Invented field", crs="EPSG:32637")
        f.require_unchanged(read, kinds=[Site])
    assert Site.objects.count() == 1


# --- a search ------------------------------------------------------------------------------------------------------------


def test_a_search_names_the_state_that_it_read(case):
    read = journal.size()
    assert file_search(case, searching.compute(case.table)).ledger_size == read


def test_a_search_is_refused_if_a_profile_was_withdrawn_after_it_was_computed(case):
    found = searching.compute(case.table)
    withdrawn = Profile.objects.first()
    withdraw(case, withdrawn)
    assert_refused(InputsChanged, lambda: file_search(case, found), match=withdrawn.number)
    assert not Search.objects.exists()
    again = file_search(case, searching.compute(case.table))
    assert again.profiles == 1


def profile(house):
    from dokaz.mortuary.acts import profile as act
    from dokaz.mortuary.models import Sample

    with house.filing("dna_examiner") as f:
        act(Sample.objects.first(), f, laboratory="Second laboratory", kit="Invented kit", genotypes=GENOTYPES)


def reference(house):
    with house.filing("dna_examiner") as f:
        type_reference(Donor.objects.get(), f, genotypes=GENOTYPES, laboratory="Second laboratory", kit="Invented kit")


def consent(house):
    with house.filing("family_liaison", reason="by letter") as f:
        withdraw_consent(Donor.objects.get(), f)


def pedigree(house):
    alone = {"id": "A", "father": None, "mother": None, "sex": "male", "born": "1960", "missing": None}
    with house.filing("family_liaison") as f:
        draw_pedigree(f, members=[alone], name="Інші")


def report(house):
    with house.filing("family_liaison") as f:
        verify(house.missing[0], f)


@pytest.mark.parametrize("change", [profile, reference, consent, pedigree, report])
def test_a_search_is_refused_whatever_of_the_records_that_it_read_moved_after_it_was_computed(case, change):
    found = searching.compute(case.table)
    change(case)
    assert_refused(InputsChanged, lambda: file_search(case, found))
    assert not Search.objects.exists()


def test_a_search_is_not_refused_because_somebody_worked_at_a_grave(case):
    found = searching.compute(case.table)
    a_grave(case, "02")
    assert file_search(case, found).profiles == 2


@pytest.mark.parametrize("what", ["search", "comparison"])
def test_a_page_computes_before_it_opens_its_filing(case, browser, monkeypatch, what):
    inside = []
    compute = searching.compute

    def watched(*args, **kwargs):
        inside.append(connection.in_atomic_block)
        return compute(*args, **kwargs)

    monkeypatch.setattr(f"dokaz.identification.{'searching' if what == 'search' else 'comparing'}.compute", watched)
    client = browser("dna_examiner")
    if what == "search":
        form = {"frequencies": str(case.table.pk), "threshold_log10_lr": "0"}
        answer = client.post("/identification/search/new/", form)
    else:
        unit, person = RecoveryUnit.objects.first(), case.missing[0]
        form = {"profile": str(Profile.objects.get(sample__unit=unit).pk), "frequencies": str(case.table.pk),
                "conclusion": "concordant", "statement": "fits", "line-TOTAL_FORMS": "0",
                "line-INITIAL_FORMS": "0"}  # fmt: skip
        address = f"/identification/compare/?unit={unit.number}&missing={person.number}&discipline=dna"
        answer = client.post(address, form)
    assert answer.status_code == 302, answer.content.decode()
    assert inside == [False]


# --- a comparison --------------------------------------------------------------------------------------------------------


def file_comparison(house, unit, person, computed):
    with house.filing("dna_examiner") as f:
        return acts.compare(f, missing_person=person, recovery_unit=unit, discipline="dna", conclusion="inconclusive",
                            statement="The examiner's words.", evidence=computed)  # fmt: skip


def test_a_comparison_is_refused_if_its_profile_or_its_family_moved_after_it_was_computed(case):
    unit, person = RecoveryUnit.objects.first(), case.missing[0]
    typed = Profile.objects.get(sample__unit=unit)
    computed = dna_evidence(typed, person, case.table)
    with case.filing("dna_examiner") as f:
        type_reference(Donor.objects.get(), f, genotypes=GENOTYPES, laboratory="Second laboratory", kit="Invented kit")
    assert_refused(InputsChanged, lambda: file_comparison(case, unit, person, computed))
    computed = dna_evidence(typed, person, case.table)
    withdraw(case, typed)
    assert_refused(InputsChanged, lambda: file_comparison(case, unit, person, computed), match=typed.number)
    assert not Comparison.objects.exists()


def test_a_comparison_is_not_refused_because_another_profile_was_filed(case):
    one, two = RecoveryUnit.objects.all()
    computed = dna_evidence(Profile.objects.get(sample__unit=one), case.missing[0], case.table)
    withdraw(case, Profile.objects.get(sample__unit=two))
    made = file_comparison(case, one, case.missing[0], computed)
    assert made.inputs["ledger_size"] < journal.size() - 1


def test_a_likelihood_ratio_that_names_no_state_of_the_ledger_is_refused(case):
    unit, person = RecoveryUnit.objects.first(), case.missing[0]
    computed = replace(evidence(case, unit, person), inputs={"engine": "by hand"})
    assert_refused(WrongKind, lambda: file_comparison(case, unit, person, computed), match="ledger_size")
    assert compare(case, unit, person).log10_lr == "8.25"
