"""An erasure is ordered and agreed to on pages, and every page of what was erased says so and stays whole."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from pagebook import assert_files_nothing, assert_files_one
from put_right_cases import every_kind

from dokaz.casework.acts import order_erasure
from dokaz.casework.erasure import erasable_fields, says_nothing
from dokaz.casework.models import ErasureOrder, ProposalState
from dokaz.casework.records import ERASED, Record, record_kinds
from dokaz.errors import NothingToErase, WrongState
from dokaz.missing.acts import report
from dokaz.missing.models import MissingPerson
from dokaz.pages.ways import address_of, history_of

PASSPHRASE = "a sentence only she knows"
DAY = dt.date(2026, 5, 1)


@pytest.fixture
def house(house_after: Any) -> Any:
    """A case with a record of every kind."""
    return house_after(every_kind)


@pytest.fixture
def case(house: Any) -> Any:
    return house


def page(client: Any, address: str, **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def form(record: Record, **changed: Any) -> dict[str, Any]:
    return {"fields_to_erase": ["family_name", "note"], "authority": "court", "document": "Invented court 12/26",
            "ordered_on": "2026-05-01", "reason": "outside of the mandate", "passphrase": PASSPHRASE,
            "version_seen": record.version, **changed}  # fmt: skip


@pytest.fixture
def somebody(house: Any) -> MissingPerson:
    with house.filing("family_liaison") as f:
        return report(f, family_name="Неповторненко", given_name="Invented", sex="male")


def test_an_investigator_orders_on_a_page_and_an_administrator_agrees_on_another(
    somebody: MissingPerson, browser: Any
) -> None:
    record, investigator = somebody, browser("investigator", signs=True)
    name = record.family_name
    address = reverse("record_erase", args=[record.kind(), record.number])
    assert address in page(investigator, history_of(record))
    asked = page(investigator, address)
    assert "destroyed for good" in asked and 'value="family_name"' in asked and 'value="number"' not in asked
    with assert_files_one("casework.order_erasure"):
        investigator.post(address, form(record, fields_to_erase=["family_name"]))
    order = ErasureOrder.objects.get()
    assert order.state == ProposalState.PROPOSED
    assert "Ordered to be erased, waits for administrators" in page(investigator, address_of(record))
    administrator = browser("administrator", signs=True)
    waiting = page(administrator, reverse("ledger_people"))
    assert record.number in waiting and "Invented court 12/26" in waiting and "order of a court" in waiting
    assert name not in waiting, "administrators see no content"
    agree = reverse("agree_erasureorder", args=[order.number])
    assert agree in waiting
    administrator.post(agree, {"passphrase": PASSPHRASE, "version_seen": order.version})
    shown = page(investigator, address_of(record))
    assert "Erased by order" in shown and order.number in shown and ERASED in shown and name not in shown
    told = page(investigator, history_of(record))
    assert f"erased by order {order.number}" in told and name not in told
    index = record_index(record)
    assert f"erased by order {order.number}" in page(investigator, reverse("entry", args=[index]))


def record_index(record: Record) -> int:
    from dokaz.casework.journal import history

    return history(record.pk)[0].index


@pytest.mark.parametrize("changed", [
    {"fields_to_erase": []}, {"fields_to_erase": ["state"]}, {"authority": "me"}, {"document": ""}, {"reason": ""},
    {"ordered_on": "2030-01-01"}, {"passphrase": "not hers"},
])  # fmt: skip
def test_what_the_act_refuses_the_page_refuses(somebody: MissingPerson, browser: Any, changed: dict[str, Any]) -> None:
    record, investigator = somebody, browser("investigator", signs=True)
    with assert_files_nothing():
        answer = investigator.post(
            reverse("record_erase", args=[record.kind(), record.number]),
            form(record, fields_to_erase=["family_name"]) | changed,
        )
    assert answer.status_code == 200


def test_the_page_is_there_for_those_only_who_may_order(somebody: MissingPerson, browser: Any) -> None:
    record = somebody
    address = reverse("record_erase", args=[record.kind(), record.number])
    for role in ("family_liaison", "scene", "administrator"):
        assert browser(role).get(address).status_code == 404
    assert address not in page(browser("family_liaison"), history_of(record))


def test_every_page_of_every_kind_stays_whole_when_all_is_erased_that_may_be(case: Any, browser: Any) -> None:
    """Of records of each kind all that may be erased is erased; then every page is opened, in both languages."""
    everything: list[Record] = []
    for kind in record_kinds():
        for record in kind.every.order_by("number")[:2]:
            content = record.content()
            names = [f.name for f in erasable_fields(kind) if not says_nothing(kind, f.name, content[f.name])]
            everything.append(record)
            try:
                with case.filing("administrator", reason="tried") as f:
                    order_erasure(record, f, fields=names, authority="law", document="12", ordered_on=DAY)
            except (NothingToErase, WrongState):
                continue
            assert set(names) <= set(type(record).every.get(pk=record.pk).erased)
    assert ErasureOrder.objects.count() > 20
    readers = [browser(role) for role in ("investigator", "prosecutor", "administrator", "board", "family_liaison")]
    lists = ["overview", "map", "deliveries", "ledger", "ledger_people", "missing", "sites", "inventory", "corrections"]
    opened = 0
    for client in readers:
        for language in ("en", "uk"):
            with translation.override(language):
                addresses = {reverse(name) for name in lists if _there(name)}
                for record in everything:
                    addresses |= {each for each in (address_of(record), history_of(record)) if each}
                for address in sorted(addresses):
                    answer = client.get(address, headers={"accept-language": language})
                    assert answer.status_code in (200, 302, 404), address
                    opened += answer.status_code == 200
    assert opened > 100


def _there(name: str) -> bool:
    from django.urls import NoReverseMatch

    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False
