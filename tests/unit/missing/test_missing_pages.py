"""The room of the missing in a browser: reports, families, donors, consent."""

from __future__ import annotations

import pytest
from casebook import assert_refused, missing
from pagebook import assert_files_nothing, assert_files_one


@pytest.mark.parametrize("role", ["family_liaison", "dna_examiner", "investigator", "board", "prosecutor", "auditor"])
def test_readers_open_every_page(house, browser, role):
    from dokaz.missing.models import Family

    (person,) = missing(house, "Іван")
    client = browser(role)
    for page in ["/missing/", f"/missing/{person.number}/", f"/families/{Family.objects.get().number}/"]:
        assert client.get(page).status_code == 200, page


@pytest.mark.parametrize("role", ["defence", "administrator", "scene", "mortuary"])
def test_rule_6_to_others_the_room_does_not_exist(house, browser, role):
    (person,) = missing(house, "Іван")
    client = browser(role)
    for page in ["/missing/", f"/missing/{person.number}/", "/missing/report/"]:
        assert client.get(page).status_code == 404, page


def test_a_report_is_taken_down_verified_and_found_by_its_name(house, browser):
    from dokaz.missing.models import MissingPerson

    client = browser("family_liaison")
    told = {
        "family_name": "Шевченко",
        "given_name": "Марія",
        "sex": "female",
        "born": "1987-04",
        "last_seen_on": "2022-03",
    }
    with assert_files_one("missing.report"):
        assert client.post("/missing/report/", told).status_code == 302
    person = MissingPerson.objects.get()
    with assert_files_one("missing.verify"):
        client.post(f"/missing/{person.number}/verify/", {})
    assert person.number in client.get("/missing/", {"q": "шевченко марія"}).content.decode()
    assert person.number not in client.get("/missing/", {"q": "Петренко"}).content.decode()
    assert person.number in client.get("/missing/", {"state": "verified", "order": "-name"}).content.decode()
    assert person.number not in client.get("/missing/", {"state": "identified"}).content.decode()


def test_reports_are_listed_as_the_alphabet_goes_and_back(house, browser):
    client = browser("family_liaison")
    for name in ("Яценко", "Їжакевич", "Адаменко", "Іваненко", "Ґалаґан", "Гайова", "Єременко"):
        assert client.post("/missing/report/", {"family_name": name, "sex": "female"}).status_code == 302
    names = ["Адаменко", "Гайова", "Ґалаґан", "Єременко", "Іваненко", "Їжакевич", "Яценко"]
    for order, expected in (("name", names), ("-name", names[::-1])):
        page = client.get("/missing/", {"order": order}).context["page"]
        assert [one.family_name for one in page] == expected


def test_a_date_that_is_none_is_refused(house, browser):
    client = browser("family_liaison")
    with assert_files_nothing():
        answer = client.post("/missing/report/", {"family_name": "A", "sex": "male", "born": "1987-13"})
    assert answer.status_code == 200


def test_verifying_twice_is_refused_at_the_form(house, browser):
    from dokaz.missing.acts import verify

    (person,) = missing(house, "Іван")
    with house.filing("family_liaison") as f:
        verify(person, f)
    client = browser("investigator")
    with assert_files_nothing():
        page = client.post(f"/missing/{person.number}/verify/", {}).content.decode()
    assert "this act needs" in page


def test_a_person_reported_twice_points_to_the_other_report_and_back(house, browser):
    first, second = missing(house, "Іван", "Ivan")
    client = browser("family_liaison")
    with assert_files_nothing():
        page = client.post(
            f"/missing/{second.number}/duplicate/", {"same_as": "MP-999999", "reason": "x"}
        ).content.decode()
    assert "There is no report MP-999999" in page
    with assert_files_nothing():
        client.post(f"/missing/{second.number}/duplicate/", {"same_as": first.number, "reason": ""})
    with assert_files_one("missing.mark_duplicate"):
        client.post(f"/missing/{second.number}/duplicate/", {"same_as": first.number, "reason": "one passport"})
    assert first.number in client.get(f"/missing/{second.number}/").content.decode()
    page = client.get(f"/missing/{first.number}/").content.decode()
    assert second.number in page
    assert "one passport" in page


def test_the_pedigree_shows_who_is_missing_and_who_was_typed(house, browser):
    (person,) = missing(house, "Іван")
    page = browser("dna_examiner").get(f"/missing/{person.number}/").content.decode()
    assert page.count("data-member=") == 3
    assert "Donor&#x27;s name" in page or "Donor's name" in page


def test_a_family_is_stated_donors_enrolled_and_consent_withdrawn(house, browser):
    from dokaz.missing.acts import report
    from dokaz.missing.models import Donor, Family

    with house.filing("family_liaison") as f:
        person = report(f, family_name="Новий")
    client = browser("family_liaison")
    assert "State the pedigree" in client.get(f"/missing/{person.number}/").content.decode()
    with assert_files_nothing():
        page = client.post(f"/missing/{person.number}/pedigree/", {"members": "C1 F M m"}).content.decode()
    assert "list the parent as a member too" in page
    with assert_files_one("missing.draw_pedigree"):
        client.post(
            f"/missing/{person.number}/pedigree/", {"members": f"F - - m 1960\nM - - f\nC1 F M m 1990 {person.number}"}
        )
    family = Family.objects.get()
    told = {"member": "F", "name": "Батько", "consent": "identification", "consented_on": "2026-05-01"}
    with assert_files_one("missing.enrol_donor"):
        client.post(f"/families/{family.number}/enrol-donor/", told)
    with assert_files_nothing():
        client.post(f"/families/{family.number}/enrol-donor/", {**told, "consent": "suspects"})
        client.post(f"/families/{family.number}/enrol-donor/", {**told, "member": "C1"})
    donor = Donor.objects.get()
    with assert_files_one("missing.withdraw_consent"):
        client.post(f"/donors/{donor.number}/withdraw/", {})
    assert "withdrawn" in client.get(f"/missing/{person.number}/").content.decode()
    assert client.get(f"/donors/{donor.number}/withdraw/").status_code == 404


def test_a_corrected_pedigree_needs_a_reason(house, browser):
    from dokaz.missing.models import Family

    missing(house, "Іван")
    family = Family.objects.get()
    client = browser("family_liaison")
    page = client.get(f"/families/{family.number}/correct/").content.decode()
    assert "F - - m 1960 -" in page
    members = "F - - m 1961\nM - - f\nC0 F M m 1990"
    with assert_files_nothing():
        client.post(f"/families/{family.number}/correct/", {"members": members, "version_seen": "1"})
    with assert_files_one("missing.draw_pedigree"):
        client.post(
            f"/families/{family.number}/correct/", {"members": members, "version_seen": "1", "reason": "born 1961"}
        )
    assert Family.objects.get().members[0]["born"] == "1961"


@pytest.mark.parametrize(
    ("members", "refused"),
    [
        ([("A", "B", None), ("B", "A", None)], "OwnAncestor"),
        ([("A", "A", None)], "OwnAncestor"),
        ([("A", None, None), ("A", None, None)], "MemberTwice"),
        ([("A", "B", None)], "UnknownParent"),
        ([("A", None, "B"), ("B", None, None)], "ImpossibleParent"),
        ([("A", "B", "B"), ("B", None, None)], "ImpossibleParent"),
    ],
)
def test_a_pedigree_that_cannot_be_is_refused(house, members, refused):
    from dokaz import errors
    from dokaz.missing.acts import draw_pedigree

    def attempt():
        with house.filing("family_liaison") as f:
            draw_pedigree(
                f,
                members=[
                    {"id": one, "father": father, "mother": mother, "sex": "male", "born": None, "missing": None}
                    for one, father, mother in members
                ],
            )

    assert_refused(getattr(errors, refused), attempt)


def test_a_report_is_named_once_in_a_pedigree_and_is_known(house):
    from dokaz.errors import NoSuchRecord, ReportTwice
    from dokaz.missing.acts import draw_pedigree

    (person,) = missing(house, "Іван")

    def attempt(*numbers):
        with house.filing("family_liaison") as f:
            draw_pedigree(
                f,
                members=[
                    {"id": str(nth), "father": None, "mother": None, "sex": "male", "born": None, "missing": number}
                    for nth, number in enumerate(numbers)
                ],
            )

    assert_refused(ReportTwice, lambda: attempt(person.number, person.number))
    assert_refused(NoSuchRecord, lambda: attempt("MP-999999"))


def test_rule_6_the_mortuary_reads_a_report_once_it_is_compared_and_never_the_family(house, browser):
    from casebook import compare, units

    from dokaz.missing.models import Family

    (person,) = missing(house, "Іван")
    client = browser("mortuary")
    assert client.get(f"/missing/{person.number}/").status_code == 404
    compare(house, units(house)[0], person)
    page = client.get(f"/missing/{person.number}/").content.decode()
    assert "Іван" in page
    assert Family.objects.get().number not in page
    assert "Donor" not in page


@pytest.mark.parametrize(
    ("edtf", "english", "ukrainian"),
    [
        ("1987", "1987", "1987"),
        ("2022-03", "March 2022", "березень 2022"),
        ("2022-03-30", "30 March 2022", "30 березня 2022"),
        ("1959~", "about 1959", "близько 1959"),
        ("1959-02~", "about February 1959", "близько лютого 1959"),
        ("1959-02?", "February 1959, uncertain", "лютий 1959, непевно"),
        ("2022-03/2022-04-02", "between March 2022 and 2 April 2022", "від березня 2022 до 2 квітня 2022"),
        ("1980~/1985", "between about 1980 and 1985", "від близько 1980 до 1985"),
        ("навесні", "навесні", "навесні"),
        ("", "", ""),
    ],
)
def test_a_date_of_a_family_is_written_out(edtf, english, ukrainian):
    from django.utils import translation

    from dokaz.pages.partial_dates import in_words

    with translation.override("en"):
        assert in_words(edtf) == english
    with translation.override("uk"):
        assert in_words(edtf) == ukrainian


def test_a_report_takes_dates_as_people_write_them(house, browser):
    from dokaz.missing.models import MissingPerson

    told = {"family_name": "Їжак", "sex": "unknown", "born": "12.04.1987", "last_seen_on": "03.2022"}
    assert browser("family_liaison").post("/missing/report/", told).status_code == 302
    person = MissingPerson.objects.get(family_name="Їжак")
    assert (person.born, person.last_seen_on) == ("1987-04-12", "2022-03")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("31.02.1987", "there is no such date"),
        ("in spring", "not a date. write"),
        ("04/05/1987", "cannot be told apart"),
    ],
)
def test_a_report_with_a_date_that_is_none_is_refused(house, browser, written, said):
    client = browser("family_liaison")
    with assert_files_nothing():
        page = client.post("/missing/report/", {"family_name": "Їжак", "sex": "male", "born": written})
    assert said in page.content.decode()


def test_a_report_gets_the_next_number_whatever_digits_the_delivered_ones_have(house, browser):
    from dokaz.missing.acts import report
    from dokaz.missing.models import MissingPerson

    with house.filing("family_liaison") as f:
        for number in ("MP-0398", "MP-0399", "MP-letters"):
            report(f, number=number, family_name="Вигаданий", sex="male")
    for number in ("MP-000400", "MP-000401"):
        assert (
            browser("family_liaison").post("/missing/report/", {"family_name": "Їжак", "sex": "male"}).status_code
            == 302
        )
        assert MissingPerson.objects.filter(number=number).exists()
