"""Sessions and the founding (docs/ledger-format.md, "People"): who may act by a key that was delegated, and from where all
appointments come.

As in `test_verify_people`: each forgery has the fault that it must raise, and its honest neighbour verifies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builder import Key, Who, signed
from dokaz_verify import verify
from dokaz_verify.report import as_json, as_text
from dokaz_verify.store import verify_store
from findings import assert_faults, codes, withholding
from story import Story
from test_verify_people import acts_as

# --- sessions ----------------------------------------------------------------------------------------------------------


def test_a_session_does_routine_work(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.scene)
    acts_as(story, session)
    story.end_work(session)
    assert_faults(story, tmp_path / "honest")
    acts_as(story, session)
    assert_faults(story, tmp_path / "forged", "session-ended")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2024-05-01T20:59:59Z", set()),
        ("2024-05-01T21:00:00Z", {"session-ended"}),
        ("2024-05-01T21:00:01Z", {"session-ended"}),
    ],
)
def test_a_session_is_in_force_until_its_time(story: Story, tmp_path: Path, at: str, expected: set[str]) -> None:
    session = story.begin_work(story.scene, until="2024-05-01T21:00:00Z")
    story.log.wait(days=2)
    story.log.file("casework.deliver", "casework.Delivery", session, at=at)
    assert_faults(story, tmp_path, *expected)


def test_a_session_is_begun_for_more_than_a_day(story: Story, tmp_path: Path) -> None:
    story.begin_work(story.scene, until=story.log.later(hours=23))
    assert_faults(story, tmp_path / "honest")
    story.begin_work(story.scene, until=story.log.later(hours=25))
    assert_faults(story, tmp_path / "forged", "session-too-long")


def test_a_session_acts_before_it_begins(story: Story, tmp_path: Path) -> None:
    session = replace(story.scene, key=Key(story.log.rng))
    story.log.file("casework.deliver", "casework.Delivery", session)
    story.begin_work(story.scene, public_key=session.key.public.hex())
    assert_faults(story, tmp_path, "key-unknown")


def test_a_session_outlives_the_key_that_opened_it(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.scene)
    story.retire(story.scene)
    acts_as(story, session)
    assert_faults(story, tmp_path, "key-retired")


def test_a_session_does_not_suffer_from_another_key(story: Story, tmp_path: Path) -> None:
    again = replace(story.enrol("scene", person=story.scene.person), office=story.scene.office)
    session = story.begin_work(again)
    acts_as(story, session)
    assert_faults(story, tmp_path)


def test_a_session_outlives_its_office(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.scene)
    story.dismiss(story.scene)
    acts_as(story, session)
    assert_faults(story, tmp_path, "office-ended")


def test_a_session_is_used_in_another_office_of_the_person(story: Story, tmp_path: Path) -> None:
    other = story.in_office(story.scene, "mortuary")
    both = story.begin_work(story.scene, offices=[story.scene.office, other.office])
    acts_as(story, both)
    acts_as(story, replace(both, office=story.scene.office))
    assert_faults(story, tmp_path / "honest")
    session = story.begin_work(other)
    acts_as(story, replace(session, office=story.scene.office))
    assert_faults(story, tmp_path / "forged", "session-not-in-this-office")


def test_a_session_is_used_in_the_office_of_another_person(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.liaison, offices=[story.scene.office])
    acts_as(story, replace(session, office=story.scene.office))
    assert_faults(story, tmp_path, "key-and-office-of-two")


def test_somebody_opens_a_session_for_another(story: Story, tmp_path: Path) -> None:
    acts_as(story, story.begin_work(story.scene))
    assert_faults(story, tmp_path / "honest")
    acts_as(story, story.begin_work(story.scene, by=story.board))
    assert_faults(story, tmp_path / "forged", "session-of-another", "rule-actor-is")


def test_a_session_opens_a_session(story: Story, tmp_path: Path) -> None:
    acts_as(story, story.begin_work(story.scene, by=story.begin_work(story.scene)))
    assert_faults(story, tmp_path, "session-of-another", "not-signed-in-person")


def test_a_session_names_the_key_of_another(story: Story, tmp_path: Path) -> None:
    story.begin_work(story.scene, delegated_by=story.board.key_record)
    assert_faults(story, tmp_path, "session-of-another")


def test_a_session_names_another_key_of_the_same_person(story: Story, tmp_path: Path) -> None:
    again = story.enrol("scene", person=story.scene.person)
    story.begin_work(again, delegated_by=story.scene.key_record)
    assert_faults(story, tmp_path, "session-of-another")


def test_a_session_is_filed_by_a_key_that_nobody_enrolled(story: Story, tmp_path: Path) -> None:
    story.begin_work(story.scene, by=story.scene.with_key(Key(story.log.rng)))
    assert_faults(story, tmp_path, "session-of-another", "key-unknown", "rule-actor-is")


def test_two_sessions_have_one_key(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.scene)
    story.begin_work(story.scene, public_key=session.key.public.hex())
    assert_faults(story, tmp_path, "key-in-two-records")


def test_a_session_has_the_key_of_a_person(story: Story, tmp_path: Path) -> None:
    story.begin_work(story.scene, public_key=story.board.key.public.hex())
    assert_faults(story, tmp_path, "key-in-two-records")


def test_a_person_is_enrolled_with_the_key_of_a_session(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.scene)
    story.enter_key(replace(session, key_record=story.log.uuid()))
    assert_faults(story, tmp_path, "key-in-two-records")


def test_a_session_ends_twice(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.scene)
    story.end_work(replace(session, key=story.scene.key))
    story.end_work(replace(session, key=story.scene.key), ended_at="2024-05-20T00:00:00Z")
    assert_faults(story, tmp_path, "rule-held")


def test_a_session_is_prolonged(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.scene)
    story.end_work(session, ended_at=None, until="2099-01-01T00:00:00Z", reason="longer")
    acts_as(story, session)
    assert_faults(story, tmp_path, "change-not-allowed", "rule-holds", "session-ended")


def test_a_session_is_ended_by_another(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.scene)
    story.end_work(replace(session, key=story.board.key, office=story.board.office))
    assert_faults(story, tmp_path, "rule-actor-is")


def test_a_session_signs_what_is_signed_in_person(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.scene)
    story.hand_over(story.unit())
    assert_faults(story, tmp_path / "honest")
    story.hand_over(story.unit(), by=session)
    assert_faults(story, tmp_path / "forged", "not-signed-in-person")


@pytest.mark.parametrize("name", ["delegated_by", "offices", "person", "until"])
def test_a_session_hides_what_it_rests_on(story: Story, tmp_path: Path, name: str) -> None:
    session = story.begin_work(story.scene)
    acts_as(story, session)
    hidden = withholding(session.key_record, name)
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, withhold=hidden))
    assert {"field-must-be-open", "key-unknown"} <= found


# --- the founding ------------------------------------------------------------------------------------------------------


def test_the_log_is_founded_a_second_time(story: Story, tmp_path: Path) -> None:
    usurper = story.stranger("administrator")
    story.log.file("casework.found", "casework.Key", usurper, story.key_fields(usurper), record=usurper.key_record)
    assert_faults(story, tmp_path, "founded-twice", "key-unknown", "office-unknown", "points-to-nothing")


def test_an_administrator_founds_again(story: Story, tmp_path: Path) -> None:
    story.log.file("casework.found", "casework.Investigation", story.admin, {"name": "other"})
    assert_faults(story, tmp_path, "founded-twice")


def test_the_founding_is_left_out(story: Story, tmp_path: Path) -> None:
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   only=lambda entry: entry["act"] != "casework.found"))  # fmt: skip
    assert {"founding-missing", "constitution-missing"} <= found


@pytest.mark.parametrize("index", range(8))
def test_one_entry_of_the_founding_is_left_out(story: Story, tmp_path: Path, index: int) -> None:
    founding = story.log.entries[index]
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, only=lambda entry: entry is not founding))
    assert "founding-missing" in found


class Founded(Story):
    """A log that was founded otherwise."""

    def __init__(self, change: Callable[[list[tuple[str, str, Any]]], Any], **more: Any) -> None:
        self.change_founding = change
        super().__init__(**more)

    def founding_rows(self, *admins: Who) -> list[tuple[str, str, Any]]:
        rows = super().founding_rows(*admins)
        self.change_founding(rows)
        return rows


def swap(one: int, other: int) -> Callable[[list[Any]], None]:
    def do(rows: list[Any]) -> None:
        rows[one], rows[other] = rows[other], rows[one]

    return do


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (swap(0, 2), {"founding-wrong"}),
        (swap(2, 3), {"founding-wrong", "points-to-nothing"}),
        (swap(3, 4), {"founding-wrong"}),
        (lambda rows: rows.insert(3, ("casework.Person", "00000000-0000-4000-8000-000000000000", {})),
         {"founding-wrong", "founding-missing"}),
        (lambda rows: rows.append(("casework.Person", "00000000-0000-4000-8000-000000000000", {})), {"founding-missing"}),
        (lambda rows: rows.pop(), {"founding-missing"}),
        (lambda rows: rows.pop(5), {"founding-wrong", "founding-missing", "points-to-nothing"}),
        (swap(5, 6), {"founding-wrong", "points-to-nothing"}),
    ],
)  # fmt: skip
def test_the_founding_is_in_another_order(tmp_path: Path, change: Any, expected: set[str]) -> None:
    story = Founded(change)
    assert expected <= codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_the_founding_is_for_somebody_else(tmp_path: Path) -> None:
    story = Founded(lambda rows: rows[4][2].update(person=rows[0][1]))
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert {"founding-wrong", "key-and-office-of-two", "points-to-nothing"} <= found


def test_the_founding_sets_up_another_office_than_it_names(tmp_path: Path) -> None:
    story = Founded(lambda rows: rows.__setitem__(4, (rows[4][0], "00000000-0000-4000-8000-000000000000", rows[4][2])))
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert {"founding-wrong", "office-unknown"} <= found


def test_a_founder_who_is_no_administrator(tmp_path: Path) -> None:
    story = Founded(lambda rows: rows[4][2].update(role="board"))
    assert "role-may-not-act" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_a_second_founder_who_is_no_administrator(tmp_path: Path) -> None:
    story = Founded(lambda rows: rows[7][2].update(role="board"))
    assert "founding-wrong" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_one_person_founds_as_two_administrators(tmp_path: Path) -> None:
    """The second key and office are of the first person: nobody else founded it."""
    story = Founded(lambda rows: [rows[at][2].update(person=rows[2][1]) for at in (6, 7)])
    assert "founding-wrong" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_one_key_founds_as_two_administrators(tmp_path: Path) -> None:
    story = Founded(lambda rows: rows[6][2].update({n: rows[3][2][n] for n in ("public_key", "possession")}))
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert {"key-in-two-records", "key-not-possessed"} & found


class Unsigned(Story):
    """Two are said to have founded it; one signs."""

    def sign_founding(self, admin: Who, **changed: Any) -> None:
        pass


def test_the_second_administrator_does_not_sign_the_founding(tmp_path: Path) -> None:
    assert_faults(Unsigned(), tmp_path, "founding-not-signed")


def test_the_second_administrator_signs_the_founding_too_late(tmp_path: Path) -> None:
    story = Unsigned()
    Story.sign_founding(story, story.admin_too)
    assert_faults(story, tmp_path, "founding-not-signed")


@pytest.mark.parametrize("what", ["act", "leaf", "record"])
def test_the_second_administrator_signs_something_else_than_the_founding(tmp_path: Path, what: str) -> None:
    class Elsewhere(Story):
        def sign_founding(self, admin: Who, **_: Any) -> None:
            founded = self.log.entries[1 if what == "record" else 0]["record"]
            act = "casework.put_in_force" if what == "act" else "casework.found"
            self.assent(admin, act, founded, leaf="0" * 64 if what == "leaf" else "")

    assert_faults(Elsewhere(), tmp_path, "founding-not-signed")


def test_the_first_administrator_signs_the_founding_for_the_second(tmp_path: Path) -> None:
    class Alone(Unsigned):
        def founding_rows(self, *admins: Who) -> list[tuple[str, str, Any]]:
            self.first = admins[0]
            return super().founding_rows(*admins)

        def sign_founding(self, admin: Who, **_: Any) -> None:
            Story.sign_founding(self, admin.with_key(self.first.key))

    assert_faults(Alone(), tmp_path, "key-and-office-of-two")


def test_a_log_that_one_administrator_founded_is_a_trial(tmp_path: Path) -> None:
    for founders, is_trial in ((1, True), (2, False), (3, False)):
        story = Story(founders=founders)
        bundle = story.log.bundle(tmp_path / f"bundle{founders}", story.prosecutor)
        assert_faults(story, tmp_path / f"again{founders}")
        assert verify(bundle).is_trial is is_trial
        assert verify_store(story.log.store(tmp_path / f"store{founders}")).is_trial is is_trial
        assert ("TRIAL" in "".join(as_text(verify(bundle), "en"))) is is_trial
        assert ("ПРОБНИЙ" in "".join(as_text(verify(bundle), "uk"))) is is_trial
        assert ('"trial": true' in as_json(verify(bundle), "en")) is is_trial


def test_a_trial_says_so_whatever_else_is_wrong(tmp_path: Path) -> None:
    story = Story(founders=1)
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    (bundle / "README.txt").write_text("changed")
    assert "TRIAL" in "".join(as_text(verify(bundle), "en"))


def test_a_trial_becomes_no_log_of_an_investigation(tmp_path: Path) -> None:
    """A second administrator is enrolled later, and signs what was founded: it was founded by one all the same."""
    story = Story(founders=1)
    other = story.enrol("administrator")
    story.sign_founding(other)
    assert_faults(story, tmp_path)
    assert verify(story.log.bundle(tmp_path / "bundle", story.prosecutor)).is_trial


def test_a_part_hides_who_founded_the_log_with_others(story: Story, tmp_path: Path) -> None:
    """Whoever leaves the second founder out shows neither a trial nor a whole founding."""
    hidden = story.log.entries[5:9]
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor, only=lambda entry: entry not in hidden)
    assert "founding-missing" in codes(bundle)


def test_the_founding_is_of_a_later_version(story: Story, tmp_path: Path) -> None:
    log = story.log
    entry = {**log.entries[0], "version": 2, "previous": ["0" * 64]}
    log.entries[0] = signed(entry, story.admin.key)
    log.rebuild()
    found = codes(log.bundle(tmp_path / "bundle", story.prosecutor))
    assert {"founding-wrong", "version-skipped"} <= found


def test_an_entry_of_the_founding_is_filed_by_another_act(story: Story, tmp_path: Path) -> None:
    log = story.log
    log.entries[2] = signed({**log.entries[2], "act": "casework.enrol"}, story.admin.key)
    log.rebuild()
    found = codes(log.bundle(tmp_path / "bundle", story.prosecutor))
    assert "founding-missing" in found


def test_the_bundle_names_another_investigation(story: Story, tmp_path: Path) -> None:
    other = story.log.uuid()
    assert_faults(story, tmp_path, "manifest-differs", change_manifest=lambda m: m.update(investigation=other))
