"""Access has no default: every address and every role against the table in docs/access.md."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from casebook import compare, missing, units
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver

from dokaz.casework.records import record_kinds
from dokaz.casework.roles import Role
from dokaz.casework.rooms import _must_fit, may_read, record_kind, rooms

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


# --- what a declaration may not be ---------------------------------------------------------------------------------------


def changed(name: str, **fields: Any) -> list[Any]:
    """The rooms, one of them with other fields."""
    return [replace(room, **fields) if room.name == name else room for room in rooms()]


def page_of(name: str) -> Any:
    """A declared page."""
    return next(page for room in rooms() for page in room.pages if page.name == name)


def assert_refused_declaration(found: list[Any], match: str) -> None:
    """The rooms do not come up."""
    with pytest.raises(ImproperlyConfigured, match=match):
        _must_fit(found)


def test_the_rooms_as_they_are_fit():
    assert _must_fit(list(rooms())) is None


def test_a_page_cannot_take_the_name_or_the_address_of_another():
    court = next(room for room in rooms() if room.name == "court")
    assert_refused_declaration(changed("court", pages=(*court.pages, page_of("missing"))), "page missing twice")
    elsewhere = replace(page_of("missing"), name="other")
    assert_refused_declaration(changed("court", pages=(*court.pages, elsewhere)), "address missing/ twice")


def test_a_kind_of_record_cannot_be_opened_by_another_room():
    court = next(room for room in rooms() if room.name == "court")
    kind = next(each for room in rooms() if room.name == "missing" for each in room.records)
    opened = replace(kind, open_to=frozenset(Role.values))
    assert_refused_declaration(changed("court", records=(*court.records, opened)), "kind of record .* twice")


@pytest.mark.parametrize("readers", ["not_for_defence", frozenset({"sceen"}), None, ["scene"]])
def test_readers_are_a_set_of_roles(readers):
    graves = next(room for room in rooms() if room.name == "graves")
    page = replace(graves.pages[0], open_to=readers)
    assert_refused_declaration(changed("graves", pages=(page, *graves.pages[1:])), "no set of roles")


def test_a_list_is_not_open_to_whom_its_records_are_closed():
    missing_room = next(room for room in rooms() if room.name == "missing")
    person, *others = missing_room.records
    narrow = replace(person, open_to=frozenset({Role.INVESTIGATOR}))
    assert_refused_declaration(changed("missing", records=(narrow, *others)), "may not read missing.MissingPerson")


def test_a_bundle_follows_and_keeps_open_only_fields_that_there_are():
    graves = next(room for room in rooms() if room.name == "graves")
    wrong = replace(graves.records[0], goes_with=("nmae",))
    assert_refused_declaration(changed("graves", records=(wrong, *graves.records[1:])), "has no field nmae")


def test_a_page_is_open_to_some_of_those_to_whom_its_room_is_open():
    court = next(room for room in rooms() if room.name == "court")
    wide = replace(page_of("bundle_new"), open_to=frozenset({"scene"}))
    others = tuple(page for page in court.pages if page.name != "bundle_new")
    assert_refused_declaration(changed("court", pages=(wide, *others)), "bundle_new is open to offices that its room")
