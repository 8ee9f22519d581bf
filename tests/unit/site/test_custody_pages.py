"""Pages of custody: what is handed over is taken over in part, refused, taken back or called back; shelves; lists."""

from __future__ import annotations

import pytest
from casebook import a_grave, a_unit, newest
from pagebook import PASSPHRASE, assert_files_nothing, assert_files_one

from dokaz.casework.acts import dismiss, hand_over
from dokaz.casework.models import Discrepancy, Office, Person, StoragePlace, Transfer
from dokaz.graves.models import RecoveryUnit


def person(house, who):
    return Person.objects.get(pk=house.people[who].person)


@pytest.fixture
def things(house):
    grave = a_grave(house)
    with house.filing("scene") as f:
        return [a_unit(grave, f) for _ in range(2)]


@pytest.fixture
def handed(house, things):
    with house.filing("scene") as f:
        return hand_over([newest(t) for t in things], f, to=person(house, "mortuary1"), from_place="LIS-01",
                         to_place="Mortuary 1", courier="Nova, 2041")  # fmt: skip


def held_by(house, thing):
    return next((who for who, actor in house.people.items() if actor.person == newest(thing).holder_id), None)


def signed(**values):
    return {"passphrase": PASSPHRASE, **values}


def test_only_people_who_could_receive_are_offered(house, browser, things):
    page = browser("scene").get("/custody/hand-over/").content.decode()
    assert "mortuary 1" in page and "board 1" not in page and "prosecutor 1" not in page


def test_what_was_scanned_is_taken_over_and_the_rest_is_noted(house, browser, things, handed):
    one, other = things
    client = browser("mortuary", signs=True)
    page = client.get(f"/custody/{handed.number}/").content.decode()
    assert "Something differs" in page and "Nova, 2041" in page
    scanned = f"dokaz:{one.number}:{one.pk}\nLIS-99-0001-B-X"
    there = f"/custody/{handed.number}/take-over-in-part/"
    with assert_files_nothing():
        assert "refuse it" in client.post(there, signed(arrived="LIS-99-0001-B-X")).content.decode()
    assert client.post(there, signed(arrived=scanned, seal_broken=one.number, note="torn")).status_code == 302
    assert (held_by(house, one), held_by(house, other)) == ("mortuary1", "scene1")
    noted = {(each.sort, each.label) for each in Discrepancy.objects.all()}
    assert noted == {("missing", other.number), ("extra", "LIS-99-0001-B-X"), ("seal_broken", one.number)}
    page = client.get(f"/custody/{handed.number}/").content.decode()
    assert "did not arrive" in page and "Somebody finds out" in page
    assert "open discrepancies" in client.get("/inventory/").content.decode()
    assert client.get("/custody/discrepancies/?state=open").content.decode().count("DSC-00000") >= 3


def test_a_discrepancy_is_settled_on_its_page(house, browser, handed):
    client = browser("mortuary", signs=True)
    assert client.post(f"/custody/{handed.number}/take-over/", signed(condition="dry")).status_code == 302
    assert newest(handed).condition_at_receipt == "dry"
    said = signed(sort="damaged", label=newest(handed).things[0]["number"], note="torn")
    assert client.post(f"/custody/{handed.number}/discrepancy/", said).status_code == 302
    noted = Discrepancy.objects.get()
    page = client.get(f"/custody/discrepancies/{noted.number}/").content.decode()
    assert "Settle it" in page
    assert client.post(f"/custody/discrepancies/{noted.number}/settle/", {"outcome": "an old tear"}).status_code == 302
    assert (newest(noted).state, newest(noted).outcome) == ("settled", "an old tear")


@pytest.mark.parametrize(
    ("role", "address", "state"), [("scene", "take-back", "taken_back"), ("mortuary", "refuse", "refused")]
)
def test_a_hand_over_ends_before_it_is_confirmed(house, browser, things, handed, role, address, state):
    client, there = browser(role, signs=True), f"/custody/{handed.number}/{address}/"
    assert address in client.get(f"/custody/{handed.number}/").content.decode()
    with assert_files_nothing():
        client.post(there, signed())
    with assert_files_one(f"casework.{'take_back' if role == 'scene' else 'refuse'}"):
        assert client.post(there, signed(reason="the road is shelled")).status_code == 302
    assert newest(handed).state == state and held_by(house, things[0]) == "scene1"
    page = client.get(f"/custody/{handed.number}/").content.decode()
    assert "the road is shelled" in page and "still holds the things" in page
    with assert_files_nothing():
        assert "take-over" not in page
        client.post(f"/custody/{handed.number}/take-over/", signed())


def test_somebody_else_sees_no_button_and_is_refused(house, browser, handed):
    client = browser("dna_examiner", signs=True)
    page = client.get(f"/custody/{handed.number}/").content.decode()
    for address in ("take-over", "take-over-in-part", "refuse", "take-back"):
        there = f"/custody/{handed.number}/{address}/"
        assert there not in page
        with assert_files_nothing():
            client.post(there, signed(reason="x", arrived=handed.things[0]["number"]))
    assert browser("board").get(f"/custody/{handed.number}/take-over/").status_code == 404


def test_what_somebody_holds_who_left_is_handed_over_from_the_inventory(house, browser, things, handed):
    with house.filing("administrator", reason="left") as f:
        dismiss(Office.objects.get(pk=house.people["scene1"].office), f)
    client = browser("investigator", signs=True)
    page = client.get("/inventory/").content.decode()
    gone = person(house, "scene1")
    assert f"?giver={gone.number}" in page
    assert "call-back" in client.get(f"/custody/{handed.number}/").content.decode()
    there = f"/custody/{handed.number}/call-back/"
    assert client.post(there, signed(reason="the giver left")).status_code == 302
    page = client.get(f"/custody/hand-over-for/?giver={gone.number}").content.decode()
    assert things[0].number in page and things[1].number in page
    said = signed(giver=gone.number, things=" ".join(thing.number for thing in things), reason="they left",
                  to=str(house.people["mortuary2"].person), from_place="LIS-01", to_place="Mortuary 2")  # fmt: skip
    assert client.post("/custody/hand-over-for/", said).status_code == 302
    made = Transfer.objects.get(state="handed_over")
    assert made.deputy_id == house.people["investigator1"].person
    page = client.get(f"/custody/{made.number}/").content.decode()
    assert "Handed over for the giver by" in page and "they left" in page


def test_several_transfers_are_taken_over_at_once(house, browser, things):
    for thing in things:
        with house.filing("scene") as f:
            hand_over([newest(thing)], f, to=person(house, "mortuary1"), from_place="LIS-01", to_place="Mortuary 1")
    client = browser("mortuary", signs=True)
    assert "/custody/take-over/" in client.get("/inventory/").content.decode()
    page = client.get("/custody/take-over/").content.decode()
    numbers = list(Transfer.objects.values_list("number", flat=True))
    assert all(number in page for number in numbers)
    assert client.post("/custody/take-over/", signed(transfers=numbers)).status_code == 302
    assert {held_by(house, thing) for thing in things} == {"mortuary1"}
    other = browser("dna_examiner", signs=True)
    with assert_files_nothing():
        other.post("/custody/take-over/", signed(transfers=numbers))


def test_things_are_chosen_from_a_list_and_handed_over_or_put_away(house, browser, things):
    client = browser("scene")
    page = client.get("/units/").content.decode()
    assert 'formaction="/custody/hand-over/"' in page and 'formaction="/storage/put-away/"' in page
    chosen = "&".join(f"thing={thing.number}" for thing in things)
    page = client.get(f"/custody/hand-over/?{chosen}").content.decode()
    assert all(thing.number in page for thing in things) and 'value="LIS-01"' in page
    assert "formaction" not in browser("board").get("/units/").content.decode().replace('formaction="/labels/"', "")


def test_a_thing_says_on_which_shelf_it_lies(house, browser, things):
    client = browser("scene", signs=True)
    assert "Set up a storage place" in client.get("/storage/").content.decode()
    assert client.post("/storage/new/", signed(name="Cold room")).status_code == 302
    room = StoragePlace.objects.get()
    assert client.post("/storage/new/", {"name": "A3", "inside": str(room.pk)}).status_code == 302
    shelf = StoragePlace.objects.get(name="A3")
    numbers = " ".join(thing.number for thing in things)
    assert client.post(f"/storage/{shelf.number}/put/", {"things": numbers}).status_code == 302
    page = client.get(f"/units/{things[0].number}/").content.decode()
    assert "Cold room › A3" in page and f"/storage/{shelf.number}/" in page
    page = client.get(f"/storage/{shelf.number}/").content.decode()
    assert all(thing.number in page for thing in things)
    assert shelf.number in client.get(f"/storage/{room.number}/").content.decode()
    stranger = browser("mortuary", signs=True)
    with assert_files_nothing():
        stranger.post("/storage/put-away/", signed(things=numbers, kept_in=str(room.pk)))
    assert {unit.kept_in_id for unit in RecoveryUnit.objects.all()} == {shelf.pk}
