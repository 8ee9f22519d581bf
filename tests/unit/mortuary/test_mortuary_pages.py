"""The mortuary room in a browser: receive, examine, sample; profiles with every attempt."""

from __future__ import annotations

import pytest
from casebook import a_grave, a_profile, units
from pagebook import assert_files_nothing, assert_files_one

LISTS = ["/mortuary/", "/mortuary/samples/", "/mortuary/profiles/"]


def lifted(house, *, taken_over=True):
    """A unit out of the ground, in the hands of the mortuary if it was taken over."""
    from dokaz.casework.acts import hand_over, take_over
    from dokaz.casework.models import Person
    from dokaz.graves.acts import lift, register_unit
    from dokaz.graves.models import Grave, RecoveryUnit

    grave = Grave.objects.filter(number="LIS-01").first() or a_grave(house)
    with house.filing("scene") as f:
        unit = register_unit(grave, f, type="B")
        lift(unit, f, emergency_reason="shelling")
        mortuary = Person.objects.get(pk=house.acting("mortuary").person)
        transfer = hand_over([unit], f, to=mortuary, from_place="LIS-01", to_place="Mortuary 1")
    if taken_over:
        with house.filing("mortuary") as f:
            take_over(transfer, f)
    return RecoveryUnit.objects.get(pk=unit.pk)


@pytest.mark.parametrize("role", ["mortuary", "dna_examiner", "board", "investigator", "auditor"])
def test_readers_open_every_page(house, browser, role):
    (unit,) = units(house)
    profile = a_profile(house, unit)
    examination = unit.examinations.get()
    client = browser(role)
    for page in [*LISTS, f"/samples/{profile.sample.number}/", f"/profiles/{profile.number}/",
                 f"/examinations/{examination.number}/"]:  # fmt: skip
        assert client.get(page).status_code == 200, page


@pytest.mark.parametrize("role", ["defence", "administrator", "family_liaison"])
def test_to_others_the_room_does_not_exist(house, browser, role):
    (unit,) = units(house)
    profile = a_profile(house, unit)
    client = browser(role)
    for page in [*LISTS, f"/profiles/{profile.number}/", f"/units/{unit.number}/examine/"]:
        assert client.get(page).status_code == 404, page


def test_rule_6_family_liaison_does_not_read_examinations_on_the_page_of_a_unit(house, browser):
    (unit,) = units(house)
    number = unit.examinations.get().number
    assert number in browser("mortuary").get(f"/units/{unit.number}/").content.decode()
    assert number not in browser("family_liaison").get(f"/units/{unit.number}/").content.decode()


def test_a_unit_is_received_once_it_was_taken_over(house, browser):
    unit = lifted(house, taken_over=False)
    client = browser("mortuary")
    with assert_files_nothing():
        page = client.post(f"/units/{unit.number}/receive/", {}).content.decode()
    assert "take it over by a transfer first" in page
    other = lifted(house)
    with assert_files_one("mortuary.receive"):
        assert client.post(f"/units/{other.number}/receive/", {}).status_code == 302


def test_a_sample_is_handed_over_from_its_page(house, browser):
    """Custody is of all things: its button and its table are on the page of whatever lies somewhere."""
    (unit,) = units(house)
    number = unit.samples.get().number
    page = browser("mortuary").get(f"/samples/{number}/").content.decode()
    assert f"/custody/hand-over/?thing={number}" in page
    assert "It has not changed hands since it was found." in page
    assert "/custody/hand-over/" not in browser("dna_examiner").get(f"/samples/{number}/").content.decode()


def test_what_comes_next_is_said_by_the_latest_room_that_knows(house, browser):
    (unit,) = units(house)
    client = browser("investigator")

    def said():
        return client.get(f"/units/{unit.number}/").content.decode()

    assert "The laboratory types the sample." in said()
    a_profile(house, unit)
    assert "An examiner compares it with a missing person." in said()
    on_its_way = lifted(house, taken_over=False)
    assert "mortuary 1 confirms having received it." in client.get(f"/units/{on_its_way.number}/").content.decode()


def received(house):
    from dokaz.mortuary.acts import receive

    unit = lifted(house)
    with house.filing("mortuary") as f:
        receive(unit, f)
    return unit


FINDINGS = {
    "findings-TOTAL_FORMS": "2",
    "findings-INITIAL_FORMS": "2",
    "findings-0-region": "left femur, shaft",
    "findings-0-mechanism": "projectile",
    "findings-0-timing": "perimortem",
    "findings-1-timing": "undetermined",
}


def test_an_examination_is_filed_with_its_findings_in_one_step(house, browser):
    from dokaz.mortuary.models import Examination

    unit = received(house)
    told = {"sex": "5", "age_years_0": "20", "age_years_1": "35", "elements": ["cranium", "femur:left"],
            "more_elements": "tibia:L*2", "completeness": ">=75", **FINDINGS}  # fmt: skip
    client = browser("mortuary")
    with assert_files_one("mortuary.examine"):
        answer = client.post(f"/units/{unit.number}/examine/", told, follow=True)
    filed = Examination.objects.get()
    assert (filed.age_low_years, filed.age_high_years) == ("20", "35")
    assert filed.elements == ["cranium", "femur:left", "tibia:left*2"]
    assert filed.findings.get().mechanism == "projectile"
    page = answer.content.decode()
    assert "left femur, shaft" in page
    assert "tibia, left side × 2" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"age_years_0": "40", "age_years_1": "30"}, "ends before it begins"),
        ({"age_years_0": "40"}, "both ends"),
        ({"more_elements": "wing:L"}, "not a known element"),
        ({"findings-1-region": "skull"}, "choose a class"),
        ({"findings-0-region": ""}, "say where on the unit"),
    ],
)
def test_what_does_not_hold_is_said_at_the_form_and_writes_nothing(house, browser, change, said):
    unit = received(house)
    client = browser("mortuary")
    with assert_files_nothing():
        answer = client.post(f"/units/{unit.number}/examine/", {"sex": "5", **FINDINGS, **change})
    assert said in answer.content.decode()


def test_one_more_row_keeps_what_was_typed(house, browser):
    unit = received(house)
    client = browser("mortuary")
    with assert_files_nothing():
        page = client.post(f"/units/{unit.number}/examine/", {"sex": "5", **FINDINGS, "more": "1"})
    assert "findings-2-region" in page.content.decode()
    assert "left femur, shaft" in page.content.decode()


def test_sampling_before_an_examination_is_refused(house, browser):
    unit = received(house)
    client = browser("mortuary")
    with assert_files_nothing():
        page = client.post(f"/units/{unit.number}/sample/", {"element": "femur"}).content.decode()
    assert "this act needs" in page


def test_a_sample_is_taken_and_the_unit_goes_into_store(house, browser):
    (unit,) = units(house)
    client = browser("mortuary")
    with assert_files_one("mortuary.sample"):
        assert client.post(f"/units/{unit.number}/sample/", {"element": "tooth 46"}).status_code == 302
    with assert_files_one("mortuary.store"):
        assert client.post(f"/units/{unit.number}/store/", {}).status_code == 302


def test_attempts_stand_side_by_side_and_a_withdrawn_profile_stays_readable(house, browser):
    from dokaz.mortuary.acts import profile

    (unit,) = units(house)
    first = a_profile(house, unit)
    with house.filing("dna_examiner") as f:
        second = profile(first.sample, f, laboratory="L", kit="K", attempt=2, genotypes={"TH01": ["7", "8"]})
    client = browser("dna_examiner")
    page = client.get(f"/samples/{first.sample.number}/").content.decode()
    assert "differ" in page
    with assert_files_one("mortuary.withdraw_profile"):
        client.post(f"/profiles/{second.number}/withdraw/", {"reason": "swapped tubes", "version_seen": "1"})
    page = client.get(f"/profiles/{second.number}/").content.decode()
    assert "swapped tubes" in page
    assert "7, 8" in page
    assert client.get("/mortuary/profiles/").content.decode().count(second.number) == 0
    assert second.number in client.get("/mortuary/profiles/?which=all").content.decode()


def test_rule_15_each_number_of_the_overview_names_its_unit_and_equals_its_list(house, browser):
    made = units(house, 3)
    a_profile(house, made[0])
    a_profile(house, made[1])  # the same genotype: one distinct profile
    client = browser("investigator")
    page = client.get("/").content.decode()
    for said in ("3 Recovered recovery units", "3 Examined recovery units", "1 Profiled distinct DNA profiles"):
        assert said in page, said
    assert "1–3" in client.get("/units/?stage=recovered").content.decode()
    assert "1–2" in client.get("/units/?stage=profiled").content.decode()


def test_what_waits_is_counted_and_the_list_holds_as_many(house, browser):
    received(house)
    lifted(house, taken_over=False)
    page = browser("mortuary").get("/").content.decode()
    assert "recovery units to examine" in page
    assert "your office" in page
    client = browser("mortuary")
    for waits in ("receive", "examine", "sample", "lift"):
        assert client.get(f"/units/?waits={waits}").status_code == 200
    assert "1–1" in client.get("/units/?waits=examine").content.decode()


SHEET = "D3S1358 17 15\nTH01\t9.3\nPenta D 9; 12\nFGA INC\nAMEL X Y"


def typed(genotypes, **change):
    return {
        "laboratory": "Invented laboratory",
        "kit": "GlobalFiler",
        "typed_on": "2026-05-01",
        "genotypes": genotypes,
    } | change


def test_a_profile_is_typed_in(house, browser):
    (unit,) = units(house)
    number = unit.samples.get().number
    client = browser("dna_examiner")
    assert f"/samples/{number}/profile/" in client.get(f"/samples/{number}/").content.decode()
    with assert_files_one("mortuary.profile"):
        assert client.post(f"/samples/{number}/profile/", typed(SHEET)).status_code == 302
    (profile,) = unit.samples.get().profiles.all()
    assert profile.genotypes == {
        "D3S1358": ["15", "17"], "TH01": ["9.3", "9.3"], "Penta D": ["12", "9"], "AMEL": ["X", "Y"]
    }  # fmt: skip
    assert (profile.laboratory, profile.kit, profile.attempt) == ("Invented laboratory", "GlobalFiler", 1)
    assert profile.lone_alleles == ["TH01"]
    client.post(f"/samples/{number}/profile/", typed("TH01 6 9.3"))
    assert [p.attempt for p in unit.samples.get().profiles.order_by("number")] == [1, 2]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"genotypes": "D3S1385 15 17"}, "D3S1385"),
        ({"genotypes": "TH01 6 9.3\nTH01 6 7"}, "given twice for this sample"),
        ({"genotypes": "TH01 6 7 8"}, "possibly a mixture"),
        ({"genotypes": "TH01 6 x"}, "column TH01 2"),
        ({"genotypes": " \n"}, "required"),
        ({"kit": ""}, "required"),
        ({"typed_on": "2031-05-01"}, "future"),
    ],
)
def test_a_typed_profile_that_cannot_be_is_refused(house, browser, change, says):
    (unit,) = units(house)
    client = browser("dna_examiner")
    with assert_files_nothing():
        answer = client.post(
            f"/samples/{unit.samples.get().number}/profile/",
            typed("TH01 6 9.3", **change) if "genotypes" not in change else typed(**change),
        )
    assert answer.status_code == 200
    assert says in answer.content.decode()


def test_nobody_else_types_in_a_profile(house, browser):
    (unit,) = units(house)
    assert browser("mortuary").get(f"/samples/{unit.samples.get().number}/profile/").status_code == 404
