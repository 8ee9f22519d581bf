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
    story.retire(story.scene)
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
    story.begin_work(story.scene, delegated_by=again.key_record)
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


@pytest.mark.parametrize("index", range(5))
def test_one_entry_of_the_founding_is_left_out(story: Story, tmp_path: Path, index: int) -> None:
    founding = story.log.entries[index]
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, only=lambda entry: entry is not founding))
    assert "founding-missing" in found


class Founded(Story):
    """A log that was founded otherwise."""

    def __init__(self, change: Callable[[list[tuple[str, str, Any]]], Any], **more: Any) -> None:
        self.change_founding = change
        super().__init__(**more)

    def founding_rows(self, admin: Who) -> list[tuple[str, str, Any]]:
        rows = super().founding_rows(admin)
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
         {"founding-wrong", "founded-twice"}),
        (lambda rows: rows.append(("casework.Person", "00000000-0000-4000-8000-000000000000", {})), {"founded-twice"}),
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
