"""What a field may hold, and what a version consists of: every type, and what only looks like a value of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builder import TO_JUDGE, Fields, Key, sha
from findings import assert_faults, codes, withholding, without
from room import BOX, FIELDS, OPEN, Lab
from story import Story

UUID = "0189aaaa-bbbb-4ccc-8ddd-0123456789ab"
MANY: dict[str, Fields] = {
    "boolean": {"type": "boolean"},
    "choice": {"type": "choice", "values": ["certified", "excluded"]},
    "number_choice": {"type": "choice", "values": [0, 1, 2]},
    "date": {"type": "date"},
    "decimal": {"type": "decimal", "decimals": 7},
    "integer": {"type": "integer"},
    "json": {"type": "json"},
    "list": {"type": "list"},
    "object": {"type": "object"},
    "text": {"type": "text"},
    "time": {"type": "time"},
    "uuid": {"type": "uuid"},
    "nullable": {"type": "text", "null": True, "default": None},
    "record": {"type": "record", "kind": BOX, "null": True, "default": None},
    "records": {"type": "records", "kind": BOX, "default": []},
    "things": {"type": "things", "default": []},
}
THING = {"id": UUID, "kind": BOX, "number": "1"}

GOOD: list[tuple[str, Any]] = [
    ("boolean", True), ("boolean", False),
    ("choice", "certified"), ("choice", "excluded"), ("number_choice", 0), ("number_choice", 1),
    ("date", "2024-02-29"), ("date", "0001-01-01"), ("date", "9999-12-31"),
    ("decimal", "0"), ("decimal", "-12.5000000"), ("decimal", "0.0"), ("decimal", "1234567890.1"),
    ("integer", 0), ("integer", -5), ("integer", 2**53 - 1),
    ("json", 0), ("json", ""), ("json", []), ("json", {"a": [None]}), ("json", False),
    ("list", []), ("list", [None, 1, {"a": []}]),
    ("object", {}), ("object", {"a": None}),
    ("text", ""), ("text", " "), ("text", "Ім’я\n\r\n\tдругий\u200dрядок \u2028"),
    ("time", "2024-05-01T00:00:00Z"), ("time", "2024-12-31T23:59:59Z"),
    ("uuid", UUID), ("nullable", None), ("nullable", ""), ("record", None), ("records", []), ("things", []),
]  # fmt: skip

BAD: list[tuple[str, Any]] = [
    ("boolean", 0), ("boolean", 1), ("boolean", "true"), ("boolean", None), ("boolean", []),
    # Cyrillic с, capitals, spaces, marks that nobody sees and those that turn the direction of writing.
    ("choice", "сertified"), ("choice", "Certified"), ("choice", "CERTIFIED"), ("choice", "certified "),
    ("choice", " certified"), ("choice", "certified\u200b"), ("choice", "\u202ecertified"), ("choice", "certi\u00adfied"),
    ("choice", "certiﬁed"), ("choice", "certified\n"), ("choice", "certified\u0000"), ("choice", ""), ("choice", None),
    ("choice", ["certified"]), ("choice", True), ("choice", 0), ("choice", {"certified": 1}),
    ("number_choice", False), ("number_choice", True), ("number_choice", "1"), ("number_choice", 3), ("number_choice", [1]),
    ("date", "2024-02-30"), ("date", "2023-02-29"), ("date", "24-05-01"), ("date", "2024-5-1"), ("date", "2024-05-01 "),
    ("date", "2024-05-01T00:00:00Z"), ("date", "٢٠٢٤-05-01"), ("date", ""), ("date", None), ("date", 20240501),
    ("date", "2024-05-01\n"), ("date", ["2024-05-01"]),
    ("decimal", 1), ("decimal", "1e3"), ("decimal", "+1"), ("decimal", ".5"), ("decimal", "5."), ("decimal", "01"),
    ("decimal", "1,5"), ("decimal", "NaN"), ("decimal", "١"), ("decimal", ""), ("decimal", " 1"), ("decimal", "1\n"),
    ("decimal", "--1"), ("decimal", True), ("decimal", None), ("decimal", ["1"]),
    ("integer", True), ("integer", False), ("integer", "1"), ("integer", None), ("integer", [1]), ("integer", {}),
    ("json", None),
    ("list", {}), ("list", "[]"), ("list", None), ("list", True), ("list", 0), ("list", ""),
    ("object", []), ("object", "{}"), ("object", None), ("object", 1), ("object", ""),
    ("text", None), ("text", 1), ("text", True), ("text", ["x"]), ("text", {"x": 1}),
    *[("text", f"a{mark}b") for mark in "\0\x08\x0b\x0c\x0e\x1f\x7f\x80\x9f\u061c\u200b\u200e\u200f\u202a\u202e"],
    *[("text", f"a{mark}b") for mark in "\u2060\u2066\u2069\ufeff\ufffe\uffff"], ("json", {"a": [{"b\u202e": 1}]}),
    ("json", {"a": [{"b": "\u202e"}]}), ("list", [["\u202e"]]), ("object", {"\u202e": {}}), ("json", "\u202e"),
    ("time", "2024-05-01"), ("time", "2024-05-01T00:00:00"), ("time", "2024-05-01T00:00:00+00:00"), ("time", None),
    ("time", "2024-05-01T24:00:00Z"), ("time", "2024-05-01T00:00:60Z"), ("time", "2024-05-01t00:00:00z"),
    ("time", "2024-05-01T00:00:00.0Z"), ("time", "2024-05-01T00:00:00Z\n"), ("time", 0), ("time", ["2024-05-01T00:00:00Z"]),
    ("uuid", UUID.upper()), ("uuid", UUID.replace("-", "")), ("uuid", f"{{{UUID}}}"), ("uuid", UUID + " "), ("uuid", ""),
    ("uuid", None), ("uuid", 1), ("uuid", [UUID]), ("uuid", UUID.replace("a", "а")),
    ("nullable", 0), ("nullable", False), ("nullable", []),
    ("record", ""), ("record", "x"), ("record", UUID.upper()), ("record", [UUID]), ("record", False),
    ("record", {"id": UUID}),
    ("records", None), ("records", UUID), ("records", [None]), ("records", ["x"]), ("records", [UUID, UUID]),
    ("records", {UUID: 1}), ("records", [[UUID]]), ("records", [UUID.upper()]),
    ("things", None), ("things", [UUID]), ("things", THING), ("things", [None]), ("things", [[THING]]),
    ("things", [{**THING, "id": "x"}]), ("things", [{**THING, "id": None}]), ("things", [{**THING, "number": 1}]),
    ("things", [{**THING, "kind": None}]), ("things", [{**THING, "kind": [BOX]}]), ("things", [{**THING, "more": ""}]),
    ("things", [{"id": UUID, "kind": BOX}]),
]  # fmt: skip


def named(case: Any) -> str:
    return ascii(case) if not isinstance(case, str) else case.encode("unicode_escape").decode()


def many(**fields: Any) -> Lab:
    lab = Lab(fields=MANY, open_fields=[*OPEN, *MANY])
    lab.make(**fields)
    return lab


@pytest.mark.parametrize(("name", "value"), GOOD, ids=named)
def test_what_a_field_may_hold(tmp_path: Path, name: str, value: Any) -> None:
    assert_faults(many(**{name: value}), tmp_path)


@pytest.mark.parametrize(("name", "value"), BAD, ids=named)
def test_what_a_field_may_not_hold(tmp_path: Path, name: str, value: Any) -> None:
    assert_faults(many(**{name: value}), tmp_path, "value-not-of-its-type")


def test_every_type_is_tried() -> None:
    types = {said["type"] for said in MANY.values()}
    assert types == {MANY[name]["type"] for name, _ in BAD} == {MANY[name]["type"] for name, _ in GOOD}
    assert types >= {said["type"] for said in FIELDS.values()}


def test_what_is_withheld_is_of_any_type(tmp_path: Path) -> None:
    """What no verifier can see; no rule reads it."""
    story = Lab(fields={"photo": {"type": "integer"}})
    box = story.make(photo="a text")
    assert_faults(story, tmp_path / "shown", "value-not-of-its-type")
    assert_faults(story, tmp_path / "withheld", withhold=withholding(box, "photo"))


@pytest.mark.parametrize("state", ["сertified", "Certified", "certified ", "certified\u200b", ["certified"], None])
def test_a_decision_is_nearly_certified(story: Story, tmp_path: Path, state: Any) -> None:
    """What looks like a certificate to a reader, and is none to the rules."""
    story.certify(story.ready_decision(), state=state)
    assert_faults(story, tmp_path, "value-not-of-its-type", "move-not-allowed")


# --- which fields a version has ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(FIELDS.keys() - {"state"}))
def test_a_field_is_missing(tmp_path: Path, name: str) -> None:
    story = Lab()
    story.log.file("lab.make", BOX, story.scene, {"label": "A"}, drop=[name])
    assert_faults(story, tmp_path, "fields-not-of-this-kind")


@pytest.mark.parametrize("name", ["note", "lаbel", "Label", "label_"])
def test_a_field_is_added(tmp_path: Path, name: str) -> None:
    story = Lab()
    story.make(**{name: "x"})
    honest = name.isascii()
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert found >= ({"fields-not-of-this-kind"} if honest else {"entry-malformed"})


def test_a_later_version_drops_a_field(tmp_path: Path) -> None:
    story = Lab()
    box = story.make()
    story.change("lab.change", box, story.scene, {"label": "A"}, drop=["hidden"])
    assert_faults(story, tmp_path, "fields-not-of-this-kind")


def test_a_field_that_rules_read_is_withheld(tmp_path: Path) -> None:
    story = Lab()
    box = story.make(label="A", hidden="x")
    assert_faults(story, tmp_path / "honest", withhold=withholding(box, "hidden"))
    assert_faults(story, tmp_path / "forged", "field-must-be-open", withhold=withholding(box, "label"))


def test_a_field_that_rules_read_is_withheld_in_a_later_version(tmp_path: Path) -> None:
    story = Lab()
    box = story.make(label="A")
    story.alter(box, label="B")
    assert_faults(story, tmp_path, "field-must-be-open", withhold=lambda entry, field: TO_JUDGE
                  if field == "label" and entry["record"] == box and entry["version"] == 2 else None)  # fmt: skip


# --- kinds and acts ----------------------------------------------------------------------------------------------------


def test_a_kind_that_nobody_knows(story: Story, tmp_path: Path) -> None:
    story.log.file("graves.open_site", "graves.Secret", story.scene, {"number": "1"})
    assert_faults(story, tmp_path, "kind-unknown")


def test_an_act_that_nobody_knows(story: Story, tmp_path: Path) -> None:
    story.log.file("graves.undo", "graves.Site", story.scene)
    assert_faults(story, tmp_path, "act-unknown")


def test_an_act_that_nobody_knows_still_needs_whoever_acts(story: Story, tmp_path: Path) -> None:
    story.log.file("graves.undo", "graves.Site", story.scene, sign_with=Key(story.log.rng))
    assert_faults(story, tmp_path, "act-unknown", "signature-wrong")


def test_an_act_makes_what_it_may_only_change(story: Story, tmp_path: Path) -> None:
    fields = {"grave": story.grave, "holder": story.scene.person, "state": "lifted"}
    story.log.file("graves.lift", "graves.RecoveryUnit", story.scene, fields)
    assert_faults(story, tmp_path, "act-makes-none-of-this-kind")


def test_an_act_changes_what_it_may_only_make(story: Story, tmp_path: Path) -> None:
    story.change("graves.open_grave", story.grave, story.scene, {"name": "other"})
    assert_faults(story, tmp_path, "act-changes-none-of-this-kind")


def test_an_act_files_another_kind(story: Story, tmp_path: Path) -> None:
    story.log.file("graves.open_site", "graves.Grave", story.scene, {"site": story.site})
    assert_faults(story, tmp_path, "act-makes-none-of-this-kind")


def test_an_act_that_files_nothing(story: Story, tmp_path: Path) -> None:
    story.log.file("identification.sign_decision", "identification.Doubt", story.board,
                   {"decision": story.certified(), "raised_by": story.board.person})  # fmt: skip
    assert_faults(story, tmp_path, "act-makes-none-of-this-kind")


# --- born, and changed -------------------------------------------------------------------------------------------------


def test_a_record_is_born_in_another_state(story: Story, tmp_path: Path) -> None:
    story.registered(state="surveyed")
    assert_faults(story, tmp_path / "honest")
    story.registered(state="lifted")
    assert_faults(story, tmp_path / "forged", "born-in-another-state")


@pytest.mark.parametrize(("act", "kind", "state"), [
    ("identification.lay_before_board", "identification.Decision", "certified"),
    ("identification.lay_before_board", "identification.Decision", "excluded"),
    ("identification.compare", "identification.Comparison", "signed"),
    ("casework.hand_over", "casework.Transfer", "taken_over"),
    ("missing.report", "missing.MissingPerson", "matched"),
])  # fmt: skip
def test_what_must_be_decided_is_born_decided(story: Story, tmp_path: Path, act: str, kind: str, state: str) -> None:
    unit, missing = story.unit(), story.missing()
    told = {
        "identification.lay_before_board": lambda: story.decide(
            unit, missing, [story.signed_comparison(unit, missing)], state=state),
        "identification.compare": lambda: story.compare(unit, missing, state=state),
        "casework.hand_over": lambda: story.hand_over(unit, state=state),
        "missing.report": lambda: story.log.file(act, kind, story.liaison, {"state": state}),
    }  # fmt: skip
    told[act]()
    assert_faults(story, tmp_path, "born-in-another-state")


BLANK = [
    ("flag", True), ("count", 1), ("label", " "), ("mark", 0), ("mark", False), ("several", "one"), ("other", "one"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BLANK, ids=str)
def test_a_field_is_filled_in_at_birth(tmp_path: Path, name: str, value: Any) -> None:
    story = Lab(blank=["flag", "count", "label", "mark", "several", "other"])
    first = story.make()
    assert_faults(story, tmp_path / "honest")
    story.alter(first, **{name: {"several": [story.make()], "other": story.make()}.get(name, value)})
    assert_faults(story, tmp_path / "later")
    story.make(**{name: {"several": [first], "other": first}.get(name, value)})
    assert_faults(story, tmp_path / "forged", "not-blank-at-birth")


def test_a_field_that_is_blank_at_birth_is_withheld(tmp_path: Path) -> None:
    story = Lab(blank=["hidden"])
    box = story.make()
    assert_faults(story, tmp_path / "honest")
    hidden = lambda version: (lambda entry, name: TO_JUDGE if name == "hidden"  # noqa: E731
                              and (entry["record"], entry["version"]) == (box, version) else None)  # fmt: skip
    assert_faults(story, tmp_path / "forged", "field-must-be-open", withhold=hidden(1))
    story.alter(box, hidden="x")
    assert_faults(story, tmp_path / "later", withhold=hidden(2))


def test_a_field_is_changed_that_the_act_leaves_alone(tmp_path: Path) -> None:
    story = Lab()
    box = story.make()
    story.sign(box, reason="why")
    assert_faults(story, tmp_path / "honest")
    story.sign(box, label="B")
    assert_faults(story, tmp_path / "forged", "change-not-allowed")


def test_a_withheld_field_is_changed_that_the_act_leaves_alone(tmp_path: Path) -> None:
    """Digests are enough to see it: what a field holds need not be shown."""
    story = Lab()
    box = story.make()
    story.sign(box, hidden="other")
    assert_faults(story, tmp_path, "change-not-allowed", withhold=withholding(box, "hidden"))


def test_a_field_gets_a_new_salt(tmp_path: Path) -> None:
    """The same value under another salt is another digest, hence a change."""
    story = Lab()
    box = story.make(label="A")
    salted = {"label": (story.log.salt(), "label", "A")}
    story.change("lab.sign", box, story.board, {"state": "shut"}, openings=salted,
                 assents=story.assents("lab.sign", box, story.board, story.board_too))  # fmt: skip
    assert_faults(story, tmp_path, "change-not-allowed")


def test_a_state_goes_where_it_may_not(story: Story, tmp_path: Path) -> None:
    unit = story.received()
    assert_faults(story, tmp_path / "honest")
    story.change("mortuary.store", unit, story.mortuary, {"state": "stored"})
    assert_faults(story, tmp_path / "forged", "move-not-allowed")


def test_a_state_arrives_where_the_act_does_not_lead(story: Story, tmp_path: Path) -> None:
    story.change("mortuary.store", story.examined(), story.mortuary, {"state": "released"})
    assert_faults(story, tmp_path, "move-not-allowed")


def test_a_state_stays_where_it_must_move(story: Story, tmp_path: Path) -> None:
    story.change("mortuary.store", story.examined(), story.mortuary, {"reason": "later"})
    assert_faults(story, tmp_path, "move-not-allowed")


# --- links -------------------------------------------------------------------------------------------------------------


def test_a_record_points_to_nothing(tmp_path: Path) -> None:
    story = Lab()
    box = story.make()
    story.make(other=box)
    assert_faults(story, tmp_path / "honest")
    story.make(other=story.log.uuid())
    assert_faults(story, tmp_path / "forged", "points-to-nothing")


LINKS: list[tuple[str, Any]] = [
    ("other", lambda story, record: record),
    ("several", lambda story, record: [record]),
    (
        "things",
        lambda story, record: [
            {**(story.thing(record) if record in story.log.records else THING), "id": record, "kind": BOX}
        ],
    ),
]


@pytest.mark.parametrize(("name", "value"), LINKS, ids=["record", "records", "things"])
@pytest.mark.parametrize("target", ["nothing", "another kind", "a later one", "itself"])
def test_a_link_leads_nowhere(tmp_path: Path, name: str, value: Any, target: str) -> None:
    story = Lab()
    record = story.log.uuid()
    first = story.make()
    to = {"nothing": story.log.uuid(), "another kind": story.scene.person, "a later one": story.log.uuid(),
          "itself": record}[target]  # fmt: skip
    story.log.file("lab.make", BOX, story.scene, {name: value(story, first)})
    assert_faults(story, tmp_path / "honest")
    story.log.file("lab.make", BOX, story.scene, {name: value(story, to)}, record=record)
    if target == "a later one":
        story.log.file("lab.make", BOX, story.scene, record=to)
    assert_faults(story, tmp_path / "forged", "points-to-nothing")


def test_the_second_of_several_links_leads_nowhere(tmp_path: Path) -> None:
    story = Lab()
    story.make(several=[story.make(), story.log.uuid()])
    assert_faults(story, tmp_path, "points-to-nothing")


def test_a_thing_says_another_kind(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    story.hand_over(unit, things=[{**story.thing(unit), "kind": "mortuary.Sample"}])
    assert_faults(story, tmp_path, "points-to-nothing")


def test_a_later_version_points_to_itself(tmp_path: Path) -> None:
    story = Lab()
    box = story.make()
    story.alter(box, other=box)
    assert_faults(story, tmp_path, "points-to-nothing")


def test_a_link_that_is_carried_over_is_not_judged_again(tmp_path: Path) -> None:
    story = Lab()
    box = story.make(other=story.log.uuid())
    story.alter(box, label="A")
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    assert codes(bundle) == {"points-to-nothing"}


def test_in_a_part_records_may_lie_outside_and_people_not(tmp_path: Path) -> None:
    story = Lab()
    other = story.make()
    person = story.log.file("casework.enrol", "casework.Person", story.admin, {"name": "Ім’я"})
    story.make(other=other, holder=person)
    assert_faults(story, tmp_path / "whole")
    assert codes(story.log.bundle(tmp_path / "outside", story.prosecutor, only=without(other))) == set()
    found = codes(story.log.bundle(tmp_path / "nobody", story.prosecutor, only=without(person)))
    assert found == {"points-to-nothing"}


def test_in_a_part_a_record_that_is_shown_is_of_its_kind(tmp_path: Path) -> None:
    story = Lab()
    hidden = story.make()
    story.make(other=story.site)
    found = codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=lambda entry: entry["record"] != hidden))
    assert found == {"points-to-nothing"}


def test_a_withheld_link_leads_anywhere(story: Story, tmp_path: Path) -> None:
    """What no verifier can see; no rule reads it."""
    photo = story.log.file("graves.photograph", "graves.Photograph", story.scene, {"grave": story.log.uuid()})
    assert_faults(story, tmp_path / "shown", "points-to-nothing")
    assert_faults(story, tmp_path / "withheld", withhold=withholding(photo, "grave"))


# --- numbers -----------------------------------------------------------------------------------------------------------


def test_two_records_bear_one_number(tmp_path: Path) -> None:
    story = Lab()
    box = story.make(number="1")
    story.make(number="2")
    story.alter(box, label="A")
    story.log.file("graves.open_site", "graves.Site", story.scene, {"number": "1"})
    assert_faults(story, tmp_path / "honest")
    story.make(number="1")
    assert_faults(story, tmp_path / "forged", "number-of-another")


def test_a_record_takes_the_number_of_another_later(tmp_path: Path) -> None:
    story = Lab()
    story.make(number="1")
    story.alter(story.make(number="2"), number="1")
    assert_faults(story, tmp_path, "number-of-another", "change-not-allowed")


def test_digests_are_of_salt_name_and_value(story: Story) -> None:
    """Spelt out once more, from docs/ledger-format.md, "Openings"."""
    salt, name, value = story.log.openings[-1][0]
    text = f'["{salt}","{name}",' + ("null" if value is None else f'"{value}"') + "]"
    assert story.log.entries[-1]["fields"][name] == sha(text.encode())
