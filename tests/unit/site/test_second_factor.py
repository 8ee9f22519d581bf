"""The second factor: forgiving about clocks, never about a code that was used."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

PASSWORD = "a sentence only she knows"
NOON = 1_800_000_000 // 30 * 30


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``clock(NOON)``: what time the server believes it is."""
    import time

    def set_to(moment: float) -> None:
        monkeypatch.setattr(time, "time", lambda: moment)

    set_to(NOON)
    return set_to


@pytest.fixture
def newcomer(house: Any) -> Any:
    from dokaz.casework.models import Person
    from dokaz.site.sign_ins import open_sign_in

    return open_sign_in(Person.objects.get(pk=house.acting("investigator").person), "newcomer", PASSWORD)


def code_at(secret: str, moment: int) -> str:
    from allauth.mfa.totp.internal import auth as totp

    return str(totp.format_hotp_value(totp.hotp_value(secret, moment // 30)))


def enters(code: str) -> bool:
    """Whether a new browser is let in with the password and this code."""
    from django.core.cache import cache

    cache.clear()  # another worker of the server: what one remembers in its memory the other does not know
    client = Client()
    client.post("/account/login/", {"login": "newcomer", "password": PASSWORD})
    answer = client.post(_door(), {"code": code})
    inside = "_auth_user_id" in client.session
    assert inside == (answer.status_code == 302)
    return inside


def _door() -> str:
    from django.urls import reverse

    return reverse("mfa_authenticate")


@pytest.mark.django_db
@pytest.mark.parametrize(("off", "enters_with_it"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_telephone_may_be_half_a_minute_off(clock: Any, newcomer: Any, off: int, enters_with_it: bool) -> None:
    assert enters(code_at(newcomer.secret, NOON + off)) is enters_with_it


@pytest.mark.django_db
def test_a_code_opens_the_door_once_whichever_worker_answers(clock: Any, newcomer: Any) -> None:
    code = code_at(newcomer.secret, NOON)
    assert enters(code)
    assert not enters(code)
    clock(NOON + 31)
    assert not enters(code)
    assert enters(code_at(newcomer.secret, NOON + 30))


@pytest.mark.django_db
def test_an_earlier_code_is_void_once_a_later_one_was_used(clock: Any, newcomer: Any) -> None:
    assert enters(code_at(newcomer.secret, NOON + 30))
    assert not enters(code_at(newcomer.secret, NOON))
    assert User.objects.get(username="newcomer").last_login is not None


@pytest.mark.django_db
def test_whoever_has_a_second_factor_and_asks_for_one_again_is_led_back_to_it(clock: Any, newcomer: Any) -> None:
    client = Client()
    user = User.objects.get(username="newcomer")
    client.force_login(user)
    session = client.session
    session["second_factor"] = user.pk
    session.save()
    answer = client.get("/account/second-factor/activate/", follow=True)
    assert answer.redirect_chain[-1][0] == "/account/second-factor/"
    assert answer.status_code == 200
