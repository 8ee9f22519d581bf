"""Wrong passwords, codes and passphrases: few are allowed, nobody can have others wait, and the auditor sees it all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from casebook import lay_keys
from django.test import Client
from pagebook import assert_files_nothing
from test_second_factor import NOON, clock, code_at, newcomer  # noqa: F401 - fixtures

from dokaz.casework import attempts
from dokaz.casework.models import SecurityEvent

What = SecurityEvent.What
PASSWORD = "a sentence only she knows"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def events() -> list[tuple[str, str, str]]:
    return [(e.what, e.who, e.address) for e in SecurityEvent.objects.order_by("pk")]


def try_password(login: str = "newcomer", password: str = "not this one", address: str = HERE) -> Any:
    """A stranger at the door."""
    return Client(REMOTE_ADDR=address).post("/account/login/", {"login": login, "password": password})


def assert_let_to_the_second_factor(answer: Any) -> None:
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/second-factor/authenticate/")


def assert_made_to_wait(answer: Any) -> None:
    assert answer.status_code == 200
    assert "too many wrong tries" in answer.content.decode()


def later(minutes: int) -> None:
    """What happened so far happened so many minutes earlier."""
    for event in SecurityEvent.objects.all():
        event.at -= dt.timedelta(minutes=minutes)
        event.save()


# --- passwords ------------------------------------------------------------------------------------------------------------


def test_after_five_wrong_passwords_even_the_right_one_waits(clock: Any, newcomer: Any) -> None:  # noqa: F811
    for _ in range(5):
        assert "too many" not in try_password().content.decode()
    assert_made_to_wait(try_password(password=PASSWORD))
    later(minutes=6)
    assert_let_to_the_second_factor(try_password(password=PASSWORD))


def test_a_stranger_cannot_lock_out_whoever_comes_from_elsewhere(clock: Any, newcomer: Any) -> None:  # noqa: F811
    for _ in range(60):
        try_password()
    assert_made_to_wait(try_password())
    assert_let_to_the_second_factor(try_password(password=PASSWORD, address=ELSEWHERE))


def test_a_stranger_who_tries_one_login_after_the_other_waits_too(
    clock: Any, newcomer: Any, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    monkeypatch.setattr(attempts, "PASSWORDS_FROM_AN_ADDRESS", attempts.Allowed(8, 5))
    for nth in range(8):
        assert "too many" not in try_password(login=f"login{nth}").content.decode()
    assert_made_to_wait(try_password(login="another"))
    assert_let_to_the_second_factor(try_password(password=PASSWORD, address=ELSEWHERE))


def test_right_passwords_do_not_count(clock: Any, newcomer: Any) -> None:  # noqa: F811
    for _ in range(7):
        assert_let_to_the_second_factor(try_password(password=PASSWORD))
    assert events() == []


def test_a_try_counts_from_before_it_is_made(clock: Any, newcomer: Any) -> None:  # noqa: F811
    """So that a hundred at once are no more than five."""
    tried = [attempts.try_password("newcomer", address=HERE) for _ in range(5)]
    assert_made_to_wait(try_password(password=PASSWORD))
    for one in tried:
        one.was_right()
    assert_let_to_the_second_factor(try_password(password=PASSWORD))


def test_the_log_cannot_be_filled_by_whoever_waits(clock: Any, newcomer: Any) -> None:  # noqa: F811
    for _ in range(30):
        try_password()
    assert events() == [(What.PASSWORD_WRONG, "newcomer", HERE)] * 5 + [(What.PASSWORD_HELD, "newcomer", HERE)]


# --- codes ----------------------------------------------------------------------------------------------------------------


def try_code(code: str, address: str = HERE) -> Client:
    client = Client(REMOTE_ADDR=address)
    assert_let_to_the_second_factor(client.post("/account/login/", {"login": "newcomer", "password": PASSWORD}))
    client.answer = client.post("/account/second-factor/authenticate/", {"code": code})  # type: ignore[attr-defined]
    return client


def test_codes_are_limited_for_the_person_from_wherever_they_are_tried(clock: Any, newcomer: Any) -> None:  # noqa: F811
    for nth in range(5):
        assert "_auth_user_id" not in try_code("000000", address=f"203.0.113.{nth}").session
    right = code_at(newcomer.secret, NOON)
    held = try_code(right)
    assert "_auth_user_id" not in held.session
    assert_made_to_wait(held.answer)  # type: ignore[attr-defined]
    later(minutes=16)
    assert "_auth_user_id" in try_code(right).session
    assert [what for what, _, _ in events()] == [What.CODE_WRONG] * 5 + [What.CODE_HELD, What.SIGNED_IN]
    assert events()[-1] == (What.SIGNED_IN, "newcomer", HERE)


# --- passphrases ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def handed_over(house: Any) -> Any:
    """A transfer that waits for the mortuary."""
    from casebook import a_grave

    from dokaz.casework.acts import hand_over
    from dokaz.casework.models import Person
    from dokaz.graves.acts import lift, register_unit
    from dokaz.graves.places import Point

    grave = a_grave(house)
    with house.filing("scene") as f:
        unit = register_unit(grave, f, type="B", points=[Point("385201.00", "5450002.00")])
        lift(unit, f, emergency_reason="shelling")
        to = Person.objects.get(pk=house.acting("mortuary").person)
        return hand_over([unit], f, to=to, from_place="LIS-01", to_place="Mortuary 1")


def take_over(client: Client, transfer: Any, passphrase: str) -> Any:
    from django.urls import reverse

    return client.post(reverse("take_over", args=[transfer.number]), {"passphrase": passphrase})


def test_after_five_wrong_passphrases_even_the_right_one_waits_and_nothing_is_signed(
    house: Any, browser: Any, handed_over: Any
) -> None:
    client = browser("mortuary", signs=True)
    with assert_files_nothing():
        for _ in range(5):
            assert "too many" not in take_over(client, handed_over, "not this one").content.decode()
        assert "too many wrong tries" in take_over(client, handed_over, PASSWORD).content.decode()
    from dokaz.casework.models import Person

    number = Person.objects.get(pk=house.acting("mortuary").person).number
    assert [(what, who) for what, who, _ in events()] == [(What.PASSPHRASE_WRONG, number)] * 5 + [
        (What.PASSPHRASE_HELD, number)
    ]
    later(minutes=16)
    assert take_over(client, handed_over, PASSWORD).status_code == 302


def test_whoever_runs_commands_has_nobody_wait_at_the_pages(house: Any, browser: Any, handed_over: Any) -> None:
    from dokaz.casework.models import Person

    number = Person.objects.get(pk=house.acting("mortuary").person).number
    for _ in range(9):
        attempts.note(What.PASSPHRASE_WRONG, number)
    assert take_over(browser("mortuary", signs=True), handed_over, PASSWORD).status_code == 302


def test_a_wrong_passphrase_on_the_command_line_is_noted(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dokaz.cli.frame import acting
    from dokaz.errors import WrongPassphrase

    lay_keys(house)
    monkeypatch.setenv("DOKAZ_PASSPHRASE", "not this one")
    with pytest.raises(WrongPassphrase):
        acting(house.store, "scene 1", "scene")
    ((what, _, address),) = events()
    assert (what, address) == (What.PASSPHRASE_WRONG, "")


# --- the empty desk -------------------------------------------------------------------------------------------------------


def test_whoever_asks_for_nothing_for_half_an_hour_is_signed_out(browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    client = browser("scene")
    assert client.get("/units/").status_code == 200
    begun = time.time()
    monkeypatch.setattr("dokaz.site.middleware.time.time", lambda: begun + 29 * 60)
    assert client.get("/units/").status_code == 200
    monkeypatch.setattr("dokaz.site.middleware.time.time", lambda: begun + 58 * 60)
    assert client.get("/units/").status_code == 200
    monkeypatch.setattr("dokaz.site.middleware.time.time", lambda: begun + 89 * 60)
    answer = client.get("/units/", follow=True)
    assert answer.redirect_chain[0][0] == "/account/login/?next=/units/"
    assert "30 minutes without a request" in answer.content.decode()
    assert client.get("/units/").status_code == 302
    assert events()[-1][:2] == (What.SIGNED_OUT_IDLE, "scene1")


# --- what the auditor reads -----------------------------------------------------------------------------------------------


def test_the_auditor_reads_who_tried_and_from_where(house: Any, browser: Any, clock: Any, newcomer: Any) -> None:  # noqa: F811
    try_password()
    auditor = browser("auditor")
    page = auditor.get("/ledger/security/").content.decode()
    for shown in ("wrong password", "newcomer", HERE):
        assert shown in page
    assert HERE not in auditor.get("/ledger/security/?what=signed_in").content.decode()
    assert HERE not in auditor.get("/ledger/security/?q=nobody").content.decode()
    assert "/ledger/security/" in auditor.get("/ledger/").content.decode()
    assert "/ledger/security/" not in browser("scene").get("/ledger/").content.decode()
    assert browser("scene").get("/ledger/security/").status_code == 404


def test_a_changed_password_and_a_new_second_factor_are_noted(house: Any, browser: Any) -> None:
    from django.contrib.auth.models import User

    client = browser("scene")
    user = User.objects.get(username="scene1")
    user.set_password(PASSWORD)
    user.last_login = dt.datetime.now(dt.UTC)
    user.save()
    client.force_login(user)
    session = client.session
    session["second_factor"] = user.pk
    session.save()
    new = "another sentence that she chose"
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (What.PASSWORD_CHANGED, "scene1", "127.0.0.1") in events()


def test_whoever_guesses_the_old_password_of_an_open_session_is_stopped_by_a_page_of_ours(browser: Any) -> None:
    from django.contrib.auth.models import User
    from django.core.cache import cache

    cache.clear()
    client = browser("scene")
    user = User.objects.get(username="scene1")
    user.set_password(PASSWORD)
    user.last_login = dt.datetime.now(dt.UTC)
    user.save()
    client.force_login(user)
    session = client.session
    session["second_factor"] = user.pk
    session.save()
    guess = {
        "oldpassword": "not this one",
        "password1": "another sentence of hers",
        "password2": "another sentence of hers",
    }
    answers = [client.post("/account/password/", guess) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "Wait a minute" in answers[-1].content.decode()
