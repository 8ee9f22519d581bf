"""An act files what it declares, and a filing refuses the rest: another kind, another state, another field."""

import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured

from dokaz.casework import constitution, journal, registry
from dokaz.casework.effects import changes, holds, makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import Person
from dokaz.casework.roles import Role
from dokaz.errors import BeyondTheAct
from dokaz.graves.acts import open_grave, open_site, register_unit
from dokaz.graves.models import CRS_NOT_STATED, Grave, RecoveryUnit, Site, State


@pytest.fixture
def an_act(monkeypatch):
    """Declares an act of the graves for the length of a test."""
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))

    def declare(work, *files):
        work.__module__ = "dokaz.graves.acts"
        return registry.act(roles={Role.SCENE}, past="did", files=files)(work)

    return declare


def a_site():
    return Site(number="LIS", name="Invented forest", crs=CRS_NOT_STATED)


def test_another_kind_is_refused(house, an_act):
    def take_up(filing: Filing) -> None:
        filing.add(a_site())

    before = journal.size()
    with pytest.raises(BeyondTheAct) as refused, house.filing("scene") as f:
        an_act(take_up, makes(Grave))(filing=f)
    assert "graves.Site" in str(refused.value)
    assert journal.size() == before


def test_a_change_is_not_declared_by_a_birth(house, an_act):
    with house.filing("scene") as f:
        site = open_site(f, code="LIS", name="Invented forest", crs=CRS_NOT_STATED)

    def rename(site: Site, filing: Filing) -> None:
        site.name = "Another"
        filing.add(site)

    with pytest.raises(BeyondTheAct), house.filing("scene") as f:
        an_act(rename, makes(Site))(site, filing=f)
    site = Site.objects.get()
    with pytest.raises(BeyondTheAct, match="name"), house.filing("scene") as f:
        an_act(rename, changes(Site, "description"))(site, filing=f)
    site = Site.objects.get()
    with house.filing("scene", reason="a slip") as f:
        an_act(rename, changes(Site, "name"))(site, filing=f)
    assert Site.objects.get().name == "Another"


def test_a_record_is_born_in_a_declared_state_and_with_blank_fields(house, unit_of_a_grave, an_act):
    def register(grave: Grave, filing: Filing, *, state: str, lifted_by: str) -> None:
        filing.add(
            RecoveryUnit(id=uuid.uuid4(), number="LIS-01-0009-B-1", grave=grave, type="B", state=state, lifted_by=lifted_by,
                         holder_id=filing.by.person)
        )  # fmt: skip

    act = an_act(register, makes(RecoveryUnit, State.IN_SITU, blank="lifted_by"))
    grave = unit_of_a_grave.grave
    for state, lifted_by in ((State.LIFTED, ""), (State.IN_SITU, "Somebody")):
        with pytest.raises(BeyondTheAct), house.filing("scene") as f:
            act(grave, filing=f, state=state, lifted_by=lifted_by)
    with house.filing("scene") as f:
        act(grave, filing=f, state=State.IN_SITU, lifted_by="")


def test_a_state_is_left_and_reached_as_declared_only(house, unit_of_a_grave, an_act):
    def move(unit: RecoveryUnit, filing: Filing, *, to: str) -> None:
        unit.state = to
        filing.add(unit)

    act = an_act(move, changes(RecoveryUnit, "", {State.SURVEYED: State.LIFTED}))
    was = unit_of_a_grave.state
    with pytest.raises(BeyondTheAct, match=f"{was}→stored"), house.filing("scene") as f:
        act(unit_of_a_grave, filing=f, to=State.STORED)


@pytest.fixture
def unit_of_a_grave(house):
    with house.filing("scene") as f:
        site = open_site(f, code="LIS", name="Invented forest", crs="EPSG:32637")
        return register_unit(open_grave(site, f, code="01"), f, type="B")


@pytest.mark.parametrize(
    "wrong",
    [
        makes(Site, blank="height"),
        changes(Site, "height"),
        makes(RecoveryUnit, "afloat"),
        changes(RecoveryUnit, "", {State.LIFTED: "afloat"}),
        makes(Site, rules=(holds(height="2"),)),
    ],
)
def test_a_declaration_that_names_what_there_is_not_is_refused(wrong):
    act = registry.Act("graves.x", frozenset({"scene"}), None, "did", "", "", (wrong,))
    kinds = {kind.kind(): {"fields": constitution._fields(kind)} for kind in (Site, RecoveryUnit, Person)}
    with pytest.raises(ImproperlyConfigured):
        constitution._fields_that_rules_read({"graves.x": constitution._act(act)}, kinds)


def test_what_an_act_files_of_a_kind_is_declared_once():
    twice = registry.Act("graves.x", frozenset({"scene"}), None, "did", "", "", (makes(Site), makes(Site)))
    with pytest.raises(ImproperlyConfigured):
        constitution._act(twice)
