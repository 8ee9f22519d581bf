"""Access has no default: every address and every role against the table in docs/access.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from casebook import compare, missing, units
from django.http import Http404
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver

from dokaz.casework.records import record_kinds
from dokaz.casework.roles import Role
from dokaz.casework.rooms import may_read, record_kind, rooms

TABLE = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")
OPEN_TO_EVERYBODY = ("account/", "language/")


def tables(of: str) -> dict[str, frozenset[str]]:
    """What the page says: address, kind or panel, and the roles to which it is open."""
    found = {}
    for part in re.findall(rf"^\| {of} \|.*?(?=\n\n|\Z)", TABLE, re.DOTALL | re.M):
        heads, _rule, *lines = part.split("\n")
        roles = [head.strip().replace(" ", "_") for head in heads.strip("|").split("|")[1:-1]]
        for line in filter(None, lines):
            name, *marks = (cell.strip() for cell in line.strip("|").split("|"))
            found[name.strip("`")] = frozenset(role for role, mark in zip(roles, marks, strict=False) if mark == "x")
    return found


def addresses() -> dict[str, Any]:
    """Every address of the pages, and what answers it."""
    found = {}
    for pattern in get_resolver().url_patterns:
        assert isinstance(pattern, URLPattern), "an address outside the rooms' declarations"
        found[str(pattern.pattern)] = pattern.callback
    return found


def test_every_address_is_in_the_table_and_every_line_of_the_table_is_an_address():
    asked = {f"/{route}" for route in addresses() if not route.startswith(OPEN_TO_EVERYBODY)}
    assert set(tables("page")) == asked


class _As:
    """A reader in a role; whatever a page asks of them besides is not reached."""

    def __init__(self, role: str) -> None:
        self.role = role


class _Answered(Exception):
    """The page was reached."""


@pytest.mark.parametrize("role", Role.values)
def test_every_address_is_open_to_the_roles_of_the_table_and_to_no_other(role, monkeypatch):
    def reached(*_given: Any, **_named: Any) -> None:
        raise _Answered

    for kind in {type(page) for room in rooms() for page in room.pages}:
        monkeypatch.setattr(kind, "answer", reached)
    table, found = tables("page"), {}
    for route, view in addresses().items():
        if route.startswith(OPEN_TO_EVERYBODY):
            continue
        request: Any = RequestFactory().get(f"/{route}")
        request.acting = _As(role)
        try:
            view(request)
        except Http404:
            found[f"/{route}"] = False
        except _Answered:
            found[f"/{route}"] = True
    assert found == {route: role in open_to for route, open_to in table.items()}


def test_to_somebody_without_an_office_nothing_is_open_but_the_first_page(monkeypatch):
    opened = []
    for room in rooms():
        for page in room.pages:
            if getattr(page, "to_nobody", False):
                opened.append(page.name)
    assert opened == ["overview"]
    request: Any = RequestFactory().get("/units/")
    request.acting = None
    with pytest.raises(Http404):
        addresses()["units/"](request)


def test_every_kind_of_record_is_declared_and_open_to_the_roles_of_the_table():
    table = tables("content of records")
    assert set(table) == {kind.kind() for kind in record_kinds()}
    for kind in record_kinds():
        assert {role for role in Role.values if may_read(role, kind)} == table[kind.kind()], kind.kind()


def test_a_kind_that_no_room_declares_may_be_read_by_nobody(monkeypatch):
    kind = next(iter(record_kinds()))
    monkeypatch.setattr("dokaz.casework.rooms._kinds", dict)
    assert record_kind(kind) is None
    assert not any(may_read(role, kind) for role in Role.values)


def test_panels_are_open_to_the_roles_of_the_table():
    declared = {panel.name: panel.open_to for room in rooms() for panel in room.panels}
    assert {name: open_to & set(Role.values) for name, open_to in declared.items()} == tables("panel")


@pytest.mark.parametrize("role", sorted({*Role.values} - {"administrator"}))
def test_a_page_that_is_closed_reads_like_one_that_does_not_exist(house, browser, role):
    (unit,), (person,) = units(house), missing(house, "Іван")
    made = compare(house, unit, person)
    client = browser(role)
    for page, there in (("/missing/{}/", person), ("/units/{}/", unit), ("/identification/comparison/{}/", made)):
        open_to = tables("page")[page.replace("{}", "<str:number>")]
        answers = client.get(page.format(there.number)), client.get(page.format("NONE-1"))
        assert [answer.status_code for answer in answers] == ([200, 404] if role in open_to else [404, 404]), page
        if role not in open_to:
            texts = {re.sub(r"NONE-1|" + there.number, "", answer.content.decode()) for answer in answers}
            assert len({re.sub(r'value="[^"]{32,}"', "", text) for text in texts}) == 1
