"""The log is kept by the constitution that stands in it; two administrators put another one in force."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dokaz.casework import constitution as laws_of
from dokaz.casework import journal, registry
from dokaz.casework.acts import agree, appoint, propose_constitution
from dokaz.casework.effects import makes
from dokaz.casework.models import Constitution, Person
from dokaz.casework.queries import constitution_in_force
from dokaz.casework.roles import Role
from dokaz.errors import BadChoice, NotInOffice, OtherConstitution, SignedAlready, WrongState
from dokaz.graves.acts import open_site
from dokaz.graves.models import CRS_NOT_STATED, Site
from dokaz.ledger import canonical

STANDARD = Path(__file__).parents[3] / "verifier" / "src" / "dokaz_verify" / "standard.json"
VERIFY = Path(sys.executable).parent / "dokaz-verify"


def verified(house):
    said = subprocess.run([VERIFY, house.store.path, "--json"], capture_output=True, text=True, check=False)
    return json.loads(said.stdout)


def a_site(house, code="LIS"):
    with house.filing("scene") as f:
        return open_site(f, code=code, name="Invented forest", crs=CRS_NOT_STATED)


@pytest.fixture
def one_act_more(monkeypatch):
    """A version of the program whose graves have one act more."""

    def clear():
        laws_of.constitution.cache_clear()
        laws_of.constitution_hash.cache_clear()

    def take_up_quickly(filing: object, *, code: str) -> None:
        filing.add(Site(number=code, name=code, crs=CRS_NOT_STATED))

    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))
    take_up_quickly.__module__ = "dokaz.graves.acts"
    registry.act(roles={Role.SCENE}, past="took up", files=(makes(Site),))(take_up_quickly)
    clear()
    yield
    monkeypatch.undo()
    clear()


def test_the_verifier_knows_the_constitution_that_is_filed():
    assert STANDARD.read_bytes() == canonical(laws_of.constitution())


def test_the_founding_files_it(house):
    founded = Constitution.objects.get()
    assert founded.rules == laws_of.constitution()
    assert founded.sha256 == laws_of.constitution_hash()
    assert journal.history(founded.id)[0].index == 1
    assert constitution_in_force() == founded
    assert verified(house)["constitution"]["standard"]


def test_another_version_files_nothing_until_two_administrators_have_agreed(real_house, one_act_more):
    with pytest.raises(OtherConstitution):
        a_site(real_house)
    with real_house.filing("administrator") as f:
        proposed = propose_constitution(f)
    with real_house.filing("administrator") as f:
        assert agree(proposed, f) is False
    with pytest.raises(SignedAlready), real_house.filing("administrator") as f:
        agree(proposed, f)
    with pytest.raises(OtherConstitution):
        a_site(real_house)
    with real_house.filing("administrator", 2) as f:
        assert agree(proposed, f) is True
    assert constitution_in_force() == Constitution.objects.get(pk=proposed.pk)
    a_site(real_house)
    # The verifier knows only the standard one: an act more that files sites is a change, which its reader may accept.
    said = verified(real_house)
    assert [fault["code"] for fault in said["faults"]] == ["constitution-changed"]
    assert said["constitution"]["changed"] == ["graves.take_up_quickly"]


def test_what_is_in_force_is_not_proposed_again(house):
    with pytest.raises(WrongState), house.filing("administrator") as f:
        propose_constitution(f)


def test_only_administrators_propose_it(house):
    with pytest.raises(NotInOffice), house.filing("scene") as f:
        propose_constitution(f)


def test_differences_are_named():
    old = {"kinds": {"a.A": 1, "a.B": 1}, "acts": {"a.x": 1}}
    new = {"kinds": {"a.A": 1, "a.B": 2}, "acts": {"a.y": 1}}
    assert laws_of.differences(old, new) == ["~ a.B", "- a.x", "+ a.y"]


def test_nobody_appoints_themselves(house):
    before = journal.size()
    with pytest.raises(BadChoice), house.filing("administrator") as f:
        appoint(Person.objects.get(pk=house.acting("administrator").person), f, role=Role.AUDITOR)
    assert journal.size() == before
