"""Who acts, in which office, and what reads as absent."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client


def test_the_overview_names_the_person_and_the_office(browser):
    page = browser("scene").get("/").content.decode()
    assert "scene 1" in page
    assert "scene of recovery" in page


def test_a_user_who_is_no_person_is_told_whom_to_ask(house):
    client = Client()
    user = User.objects.create(username="stranger")
    client.force_login(user)
    session = client.session
    session["second_factor"] = user.pk
    session.save()
    assert "Ask the administrator" in client.get("/").content.decode()
    assert client.get("/acting/").status_code == 404


def test_the_defence_is_told_that_nothing_was_disclosed(browser):
    page = browser("defence").get("/").content.decode()
    assert "disclosed" in page
    assert "recovery" not in page


def test_a_person_may_change_to_another_of_their_offices_and_to_no_other(house, browser):
    from casebook import also

    second = also(house, "scene1", "investigator")
    client = browser("scene")
    assert "scene of recovery</option>" in client.get("/").content.decode()
    answer = client.post("/acting/", {"office": str(second.office), "next": "/account/second-factor/"})
    assert answer.headers["Location"] == "/account/second-factor/"
    assert client.session["office"] == str(second.office)
    others = house.acting("mortuary").office
    client.post("/acting/", {"office": str(others)})
    assert client.session["office"] == str(second.office)


def test_changing_the_office_never_leads_elsewhere(house, browser):
    client = browser("scene")
    answer = client.post("/acting/", {"office": str(house.acting("scene").office), "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"


def test_a_dismissed_person_acts_as_nobody(house, browser):
    from dokaz.casework.acts import dismiss
    from dokaz.casework.models import Office

    client = browser("scene")
    with house.filing("administrator", reason="left") as f:
        dismiss(Office.objects.get(pk=house.acting("scene").office), f)
    assert "no office" in client.get("/").content.decode()
