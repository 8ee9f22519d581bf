"""The door: a password and a second factor, neither of which can be left out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.stage import Stage, sign_in
from journeys.watching import Watch, violations

pytestmark = pytest.mark.browser


def assert_at_the_door(page: Page) -> None:
    assert page.locator("nav.rail").count() == 0


def new_person(stage: Stage, login: str, role: str = "analyst") -> None:
    from dokaz.cli.demo_people import ADMINISTRATOR

    stage.ask("new_person", name=f"Вигадана особа {login}", roles=[role], login=login, passphrase=stage.password,
              chief=ADMINISTRATOR, chief_passphrase=stage.password)  # fmt: skip


def test_a_password_alone_opens_nothing_and_a_wrong_code_is_refused(stage: Stage, stranger: Page, screenshots) -> None:
    new_person(stage, "newcomer")
    watch = Watch(stranger, stage.address)
    watch.go("/units/")
    assert "/account/login/" in stranger.url
    stranger.screenshot(path=screenshots / "account_login.png")
    assert violations(stranger) + watch.faults() == []
    stranger.get_by_label("Username").fill("newcomer")
    stranger.get_by_label("Password").fill("not the password")
    stranger.get_by_role("button", name="Sign in", exact=True).click()
    expect(stranger.locator(".wrong").first).to_be_visible()
    stranger.get_by_label("Username").fill("newcomer")
    stranger.get_by_label("Password").fill(stage.password)
    stranger.get_by_role("button", name="Sign in", exact=True).click()
    code = stranger.locator("input[name=code]")
    expect(code).to_be_visible()
    stranger.screenshot(path=screenshots / "mfa_authenticate.png")
    assert violations(stranger) + watch.faults() == []
    right = stage.ask("code", login="newcomer")
    code.fill(f"{(int(right) + 1) % 1_000_000:06d}")
    stranger.get_by_role("button", name="Sign in", exact=True).click()
    expect(stranger.locator(".wrong").first).to_contain_text("code")
    assert_at_the_door(stranger)
    watch.go("/units/")
    assert_at_the_door(stranger)
    assert "/account/" in stranger.url


def test_whoever_has_no_second_factor_must_set_one_up_first(stage: Stage, stranger: Page, screenshots) -> None:
    new_person(stage, "unready")
    stage.ask("forget_second_factor", login="unready")
    watch = Watch(stranger, stage.address)
    watch.go("/account/login/")
    stranger.get_by_label("Username").fill("unready")
    stranger.get_by_label("Password").fill(stage.password)
    stranger.get_by_role("button", name="Sign in", exact=True).click()
    for path in ("/", "/units/", "/ledger/", "/account/second-factor/"):
        watch.go(path)
        assert stranger.url.endswith("/account/second-factor/activate/")
    expect(stranger.locator("img.totp")).to_be_visible()
    stranger.screenshot(path=screenshots / "mfa_activate_totp.png")
    assert violations(stranger) + watch.faults() == []


def test_recovery_codes_are_made_and_shown(browser: Browser, stage: Stage, screenshots) -> None:
    new_person(stage, "forgetful")
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        watch = Watch(page, stage.address)
        sign_in(page, stage, "forgetful")
        watch.go("/account/recovery-codes/new/")
        page.locator("main form button.first").last.click()
        expect(page).to_have_url(stage.address + "/account/recovery-codes/")
        page.screenshot(path=screenshots / "mfa_view_recovery_codes.png")
        assert violations(page) + watch.faults() == []


def test_a_page_is_gone_once_its_reader_has_signed_out(browser: Browser, stage: Stage) -> None:
    new_person(stage, "leaver", "investigator")
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        sign_in(page, stage, "leaver")
        page.goto(stage.address + "/units/")
        expect(page.locator("h1")).to_contain_text("Recovery units")
        page.get_by_role("button", name="Sign out").click()
        page.goto(stage.address + "/units/")
        assert "/account/login/" in page.url
        assert_at_the_door(page)
