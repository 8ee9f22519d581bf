"""The constitution of a log: its form, what it adds to the standard and what it changes, and what replaced it.

A log may add rooms; whatever else differs from the standard is a fault, unless the reader names that constitution by its
hash.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builder import STANDARD, TO_JUDGE, canonical, sha, standard
from findings import assert_faults, codes, verdict
from room import BOX, Lab, digest, with_room
from story import Story
from test_verify_report import run, told

Rules = dict[str, Any]
CERTIFY, COMPARISON = "identification.certify", "identification.Comparison"


def rule_of(rules: Rules, act: str, kind: str, name: str, sort: str = "change") -> Rules:
    """A rule of an act, to be changed in place."""
    found = rules["acts"][act]["files"][kind][sort]["rules"]
    return next(rule for rule in found if rule["rule"] == name)


# --- what a log may add ------------------------------------------------------------------------------------------------


def test_the_standard_constitution_is_called_so(story: Story, tmp_path: Path) -> None:
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    assert "the standard one of Dokaz" in told(bundle)
    assert verdict(bundle).constitution == sha(canonical(STANDARD))


def test_a_room_is_added_and_the_report_says_so(tmp_path: Path) -> None:
    story = Lab()
    story.sign(story.make())
    assert_faults(story, tmp_path)
    found = verdict(tmp_path / "bundle")
    assert found.differences.added == ("lab.Box", "lab.change", "lab.make", "lab.open", "lab.sign")
    assert found.differences.changed == ()
    text = told(tmp_path / "bundle")
    assert (
        "the standard one with additions" in text and "added: lab.Box, lab.change, lab.make, lab.open, lab.sign" in text
    )
    assert found.constitution == digest(story.log.constitution)


def test_an_added_room_is_held_to_its_own_rules(tmp_path: Path) -> None:
    story = Lab(new=[{"rule": "holds", "where": {"label": "stated"}}])
    story.make(label="A")
    assert_faults(story, tmp_path / "honest")
    story.make()
    assert_faults(story, tmp_path / "forged", "rule-holds")


ADDED: dict[str, Callable[[Rules], Any]] = {
    "a kind that no act files": lambda r: r["kinds"].update({"lab.Shelf": {"fields": {}, "open": []}}),
    "an act that files nothing": lambda r: r["acts"].update(
        {"lab.look": {"assents": 0, "files": {}, "offices": ["scene"], "signed_by": "session"}}
    ),
    "an added kind in an act of the standard": lambda r: r["acts"]["graves.lift"]["files"].update(
        {BOX: {"new": {"blank": [], "rules": [], "states": ["open"]}}}
    ),
    "a field that is open besides": lambda r: r["kinds"]["graves.Grave"]["open"].append("name"),
}


@pytest.mark.parametrize("name", ADDED)
def test_what_may_be_added(tmp_path: Path, name: str) -> None:
    rules = with_room()
    ADDED[name](rules)
    assert_faults(Story(constitution=rules), tmp_path)


# --- what a log may not change -----------------------------------------------------------------------------------------

CHANGED: dict[str, tuple[Callable[[Rules], Any], str]] = {
    "one person certifies": (lambda r: r["acts"][CERTIFY].update(assents=1), CERTIFY),
    "an analyst certifies": (lambda r: r["acts"][CERTIFY]["offices"].append("analyst"), CERTIFY),
    "a session certifies": (lambda r: r["acts"][CERTIFY].update(signed_by="session"), CERTIFY),
    "nothing must be cited": (
        lambda r: r["acts"][CERTIFY]["files"]["identification.Decision"]["change"]["rules"].pop(1), CERTIFY),
    "an older comparison will do": (
        lambda r: rule_of(r, CERTIFY, "identification.Decision", "cites").update(newest=False), CERTIFY),
    "a rule counts at times": (
        lambda r: rule_of(r, CERTIFY, "identification.Decision", "holds").update(when={"reason": ["x"]}), CERTIFY),
    "a certificate may be filled in": (
        lambda r: r["acts"][CERTIFY]["files"]["identification.Decision"]["change"]["fields"].append("comparisons"),
        CERTIFY),
    "what is signed may be taken back": (
        lambda r: r["acts"]["identification.supersede"]["files"][COMPARISON]["change"]["moves"].update(
            signed=["proposed", "superseded"]), "identification.supersede"),
    "a comparison is born signed": (
        lambda r: r["acts"]["identification.compare"]["files"][COMPARISON]["new"]["states"].append("signed"),
        "identification.compare"),
    "a date stands from the beginning": (
        lambda r: r["acts"]["identification.compare"]["files"][COMPARISON]["new"]["blank"].remove("signed_on"),
        "identification.compare"),
    "an act files one more kind": (
        lambda r: r["acts"]["graves.lift"]["files"].update(r["acts"][CERTIFY]["files"]), "graves.lift"),
    "an act files later versions too": (
        lambda r: r["acts"]["casework.assent"]["files"]["casework.Assent"].update(
            change={"fields": ["act"], "moves": {}, "rules": []}), "casework.assent"),
    "an act is taken away": (lambda r: r["acts"].pop("identification.revoke"), "identification.revoke"),
    "a field is added": (
        lambda r: r["kinds"][COMPARISON]["fields"].update(note={"type": "text", "default": ""}), COMPARISON),
    "a field is taken away": (lambda r: r["kinds"][COMPARISON]["fields"].pop("lines"), COMPARISON),
    "a field may be null": (
        lambda r: r["kinds"][COMPARISON]["fields"]["examiner"].update({"null": True, "default": None}), COMPARISON),
    "a field has another type": (
        lambda r: r["kinds"][COMPARISON]["fields"].update(discipline={"type": "text"}), COMPARISON),
    "a field has another default": (
        lambda r: r["kinds"]["casework.Office"]["fields"]["reason"].update(default="x"), "casework.Office"),
    "a choice has one value more": (
        lambda r: r["kinds"][COMPARISON]["fields"]["conclusion"]["values"].append("сoncordant"), COMPARISON),
    "a field may be withheld": (lambda r: r["kinds"][COMPARISON]["open"].remove("conclusion"), COMPARISON),
    "a default is 0 and not false": (
        lambda r: r["kinds"]["mortuary.Profile"]["fields"]["withdrawn"].update(default=0), "mortuary.Profile"),
    "a choice has true for 1": (
        lambda r: r["kinds"]["mortuary.Examination"]["fields"]["sex"].update(values=[0, True, 2, 3, 4, 5]),
        "mortuary.Examination"),
    "a condition has 0 for false": (
        lambda r: rule_of(r, "identification.compare", COMPARISON, "refers", "new").update(where={"withdrawn": [0]}),
        "identification.compare"),
    "an added act files a kind of the standard": (
        lambda r: r["acts"].update({"lab.certify": {**r["acts"][CERTIFY], "assents": 0}}), "lab.certify"),
    "an added act files one of each": (
        lambda r: r["acts"]["lab.make"]["files"].update(
            {"casework.Office": r["acts"]["casework.appoint"]["files"]["casework.Office"]}), "lab.make"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_what_may_not_be_changed(tmp_path: Path, name: str) -> None:
    rules = with_room()
    change, due = CHANGED[name]
    change(rules)
    story = Story(constitution=rules)
    assert_faults(story, tmp_path / "refused", "constitution-changed")
    found = verdict(tmp_path / "refused" / "bundle")
    assert found.differences.changed == (due,)
    assert f"changed from the standard: {due}" in told(tmp_path / "refused" / "bundle")
    assert_faults(story, tmp_path / "accepted", accept=digest(rules))


def test_a_kind_is_taken_away(tmp_path: Path) -> None:
    rules = standard()
    for name, act in rules["acts"].items():
        act["files"].pop("identification.Search", None)
        assert name
    del rules["kinds"]["identification.Search"]
    story = Story(constitution=rules)
    assert_faults(story, tmp_path, "constitution-changed")
    changed = verdict(tmp_path / "bundle").differences.changed
    assert changed == ("identification.Search", "identification.search", "identification.void_search")


def test_a_log_under_lax_rules_is_accepted_by_their_hash_alone(tmp_path: Path) -> None:
    rules = standard()
    rules["acts"][CERTIFY]["assents"] = 1
    story = Story(constitution=rules)
    story.certify(story.ready_decision(), (story.board,))
    assert_faults(story, tmp_path / "honest", accept=digest(rules))
    bundle = tmp_path / "honest" / "bundle"
    assert codes(bundle) == {"constitution-changed"} == codes(bundle, constitution=digest(with_room()))
    spaced = " ".join(digest(rules)[i : i + 8] for i in range(0, 64, 8)).upper()
    for given in (digest(rules), spaced):
        out = run(bundle, "--constitution", given)
        assert out.returncode == 0 and "its own" in out.stdout
    assert run(bundle).returncode == 1


def test_what_the_reader_accepts_is_still_what_the_log_is_held_to(tmp_path: Path) -> None:
    rules = standard()
    rules["acts"][CERTIFY]["assents"] = 3
    story = Story(constitution=rules)
    story.certify(story.ready_decision())
    assert_faults(story, tmp_path, "signatures-not-as-many", accept=digest(rules))


# --- its place ---------------------------------------------------------------------------------------------------------


def test_the_constitution_bears_the_hash_of_another(tmp_path: Path) -> None:
    class Lying(Story):
        def told_constitution(self, rules: Rules) -> Rules:
            return {**super().told_constitution(rules), "sha256": digest(with_room())}

    assert_faults(Lying(), tmp_path, "constitution-not-of-this-hash")


def test_the_constitution_is_withheld(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "constitution-malformed",
                  withhold=lambda entry, name: TO_JUDGE if name == "rules" else None)  # fmt: skip


def test_the_constitution_is_left_out(story: Story, tmp_path: Path) -> None:
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   only=lambda entry: entry["kind"] != "casework.Constitution"))  # fmt: skip
    assert found == {"constitution-missing", "founding-missing"}


def test_another_record_stands_in_its_place(story: Story, tmp_path: Path) -> None:
    log = story.log
    log.entries[1], log.entries[2] = log.entries[2], log.entries[1]
    log.openings[1], log.openings[2] = log.openings[2], log.openings[1]
    log.rebuild()
    assert "constitution-missing" in codes(log.bundle(tmp_path / "bundle", story.prosecutor))


def test_somebody_shows_other_rules_under_the_same_digest(story: Story, tmp_path: Path) -> None:
    lax = standard()
    lax["acts"][CERTIFY]["assents"] = 0

    def forge(entries: list[Rules], openings: list[Rules]) -> None:
        for opening in openings[1]["openings"]:
            if opening[1] == "rules":
                opening[2] = lax

    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_lines=forge))
    assert {"opening-of-nothing", "constitution-malformed"} <= found


# --- its form ----------------------------------------------------------------------------------------------------------

RULE = {"rule": "holds", "where": {"label": "stated"}}


def box(rules: Rules) -> Rules:
    kind: Rules = rules["kinds"][BOX]
    return kind


def new(rules: Rules) -> Rules:
    effect: Rules = rules["acts"]["lab.make"]["files"][BOX]["new"]
    return effect


def altered(rules: Rules) -> Rules:
    effect: Rules = rules["acts"]["lab.change"]["files"][BOX]["change"]
    return effect


def ruled(**rule: Any) -> Callable[[Rules], Any]:
    """A room whose first act has this rule."""
    return lambda rules: new(rules).update(rules=[rule])


MALFORMED: dict[str, Callable[[Rules], Any]] = {
    "another version": lambda r: r.update(v=1),
    "version true": lambda r: r.update(v=True),
    "one member more": lambda r: r.update(note=""),
    "no acts": lambda r: r.pop("acts"),
    "acts in a list": lambda r: r.update(acts=[]),
    "kinds in a list": lambda r: r.update(kinds=[]),
    "a kind without fields": lambda r: box(r).pop("fields"),
    "a kind with one member more": lambda r: box(r).update(note=""),
    "a kind that is none": lambda r: r["kinds"].update({BOX: []}),
    "fields in a list": lambda r: box(r).update(fields=[]),
    "open fields that are no list": lambda r: box(r).update(open="label"),
    "open fields that are no names": lambda r: box(r).update(open=[["label"]]),
    "a type that there is not": lambda r: box(r)["fields"].update(label={"type": "number"}),
    "a type that is no name": lambda r: box(r)["fields"].update(label={"type": ["text"]}),
    "a field without type": lambda r: box(r)["fields"].update(label={"default": ""}),
    "a field that is none": lambda r: box(r)["fields"].update(label="text"),
    "a field with one member more": lambda r: box(r)["fields"].update(label={"type": "text", "kind": BOX}),
    "a choice without values": lambda r: box(r)["fields"].update(label={"type": "choice"}),
    "a choice whose values are text": lambda r: box(r)["fields"].update(label={"type": "choice", "values": "abc"}),
    "a record without kind": lambda r: box(r)["fields"].update(other={"type": "record", "null": True}),
    "a record whose kind is no name": lambda r: box(r)["fields"].update(other={"type": "record", "kind": [BOX]}),
    "records without kind": lambda r: box(r)["fields"].update(several={"type": "records"}),
    "a decimal without decimals": lambda r: box(r)["fields"].update(label={"type": "decimal"}),
    "null is 1": lambda r: box(r)["fields"]["other"].update({"null": 1}),
    "an act that is none": lambda r: r["acts"].update({"lab.make": []}),
    "an act without offices": lambda r: r["acts"]["lab.make"].pop("offices"),
    "an act with one member more": lambda r: r["acts"]["lab.make"].update(note=""),
    "offices that are text": lambda r: r["acts"]["lab.make"].update(offices="board"),
    "offices that are no names": lambda r: r["acts"]["lab.make"].update(offices=[[]]),
    "assents below zero": lambda r: r["acts"]["lab.make"].update(assents=-1),
    "assents true": lambda r: r["acts"]["lab.make"].update(assents=True),
    "signed by nobody": lambda r: r["acts"]["lab.make"].update(signed_by="nobody"),
    "files in a list": lambda r: r["acts"]["lab.make"].update(files=[]),
    "files of a kind that there is not": lambda r: r["acts"]["lab.make"]["files"].update({"lab.Shelf": {}}),
    "effects in a list": lambda r: r["acts"]["lab.make"]["files"].update({BOX: []}),
    "an effect of another sort": lambda r: r["acts"]["lab.make"]["files"][BOX].update(old=new(r)),
    "a new one with what changes have": lambda r: new(r).update(moves={}),
    "a new one without states": lambda r: new(r).pop("states"),
    "states that are text": lambda r: new(r).update(states="open"),
    "states that are no names": lambda r: new(r).update(states=[{}]),
    "blank that is no list": lambda r: new(r).update(blank=1),
    "blank that holds no names": lambda r: new(r).update(blank=[[]]),
    "a change without moves": lambda r: altered(r).pop("moves"),
    "fields that are no list": lambda r: altered(r).update(fields="label"),
    "fields that are no names": lambda r: altered(r).update(fields=[{}]),
    "moves that are no table": lambda r: altered(r).update(moves=["open"]),
    "moves to no list": lambda r: altered(r).update(moves={"open": "shut"}),
    "moves to no names": lambda r: altered(r).update(moves={"open": [[]]}),
    "rules that are no list": lambda r: new(r).update(rules={}),
    "rules that are a number": lambda r: new(r).update(rules=1),
    "a rule that is none": lambda r: new(r).update(rules=["holds"]),
    "a rule without name": lambda r: new(r).update(rules=[{"where": {}}]),
    "a rule whose name is a list": lambda r: new(r).update(rules=[{**RULE, "rule": ["holds"]}]),
    "a rule that nobody knows": ruled(rule="forgives", where={}),
    "a rule with one part more": ruled(**RULE, field="label"),
    "a rule without its part": ruled(rule="holds"),
    "conditions that are a list": ruled(rule="holds", where=["label"]),
    "a condition that is text": ruled(rule="holds", where={"label": "A"}),
    "a condition that is a number": ruled(rule="holds", where={"label": 1}),
    "a condition that is a table": ruled(rule="holds", where={"label": {}}),
    "when is a list": ruled(**RULE, when=[]),
    "when is a text": ruled(**RULE, when={"label": "A"}),
    "fields of a rule are text": ruled(rule="actor_is", fields="holder"),
    "the field of a rule is a list": ruled(rule="each_held_by", field=["things"], by="holder"),
    "within is a list": ruled(rule="listed", field="other", within=["several"]),
    "agrees has a list": ruled(rule="agrees", field="other", same=["label"]),
    "agrees has a table of lists": ruled(rule="agrees", field="other", same={"label": ["label"]}),
    "only_one has a table": ruled(rule="only_one", same={"label": "label"}, where={}),
    "if_shown is 1": ruled(rule="refers", field="other", if_shown=1, where={}),
    "newest is 1": ruled(rule="cites", field="several", filed_by="lab.sign", newest=1, same=[], some=[]),
    "filed_by is a list": ruled(rule="independent", field="several", filed_by=["lab.sign"]),
    "some is a table": ruled(rule="cites", field="several", filed_by="lab.sign", newest=True, same=[], some={}),
    "some holds a list": ruled(rule="cites", field="several", filed_by="lab.sign", newest=True, same=[], some=[[]]),
    "offices of a rule are a list": ruled(rule="signed_in", field="label", offices=["board"]),
    "offices of a rule are lists": ruled(rule="signed_in", field="label", offices={"A": ["board"]}),
    "the kind of a rule is a list": ruled(rule="exists", kind=[BOX], field="other", where={}),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_constitution_is_not_of_the_form(tmp_path: Path, name: str) -> None:
    rules = with_room()
    MALFORMED[name](rules)
    founded = Story(constitution=rules, filled_by=with_room())
    bundle = founded.log.bundle(tmp_path / "bundle", founded.prosecutor)
    assert codes(bundle) == {"constitution-malformed"} == codes(bundle, constitution=digest(rules))


@pytest.mark.parametrize("value", [None, 1, "x", [], [[]], {}, True, {"acts": {}, "kinds": {}, "v": 2}])
def test_something_else_is_called_a_constitution(tmp_path: Path, value: Any) -> None:
    founded = Story(constitution=value, filled_by=standard())
    found = codes(founded.log.bundle(tmp_path / "bundle", founded.prosecutor))
    assert ("constitution-malformed" in found) != ("constitution-changed" in found)


@pytest.mark.parametrize("rule", [
    {"rule": "holds", "where": {}},
    {"rule": "held", "where": {"nothing": "stated"}},
    {"rule": "actor_is", "fields": []},
    {"rule": "actor_is_not", "fields": ["nothing"]},
    {"rule": "another", "where": {"label": [[]]}},
    {"rule": "restores", "field": "nothing"},
    {"rule": "refers", "field": "label", "if_shown": True, "where": {"label": [1, True, None, {}]}},
    {"rule": "agrees", "field": "things", "same": {"label": "nothing"}},
    {"rule": "listed", "field": "several", "within": "label"},
    {"rule": "each_held_by", "field": "label", "by": "nothing"},
    {"rule": "part_of", "acts": [], "field": "mark", "kind": "", "if_shown": False},
    {"rule": "part_of", "acts": ["lab.make"], "field": "mark", "kind": "lab.Box", "if_shown": False},
    {"rule": "carried_out", "field": "mark", "act": "nothing"},
    {"rule": "only_one_lists", "field": "mark", "where": {"mark": [[]]}},
    {"rule": "out_of_office", "fields": ["mark", "nothing"]},
    {"rule": "cites", "field": "things", "filed_by": "", "newest": True, "same": ["nothing"], "some": [{}]},
    {"rule": "cites", "field": "label", "filed_by": "x", "newest": False, "same": [], "some": [{"own_": []}]},
    {"rule": "independent", "field": "label", "filed_by": ""},
    {"rule": "signed_in", "field": "mark", "offices": {}},
    {"rule": "exists", "kind": "lab.Shelf", "field": "label", "if_shown": False, "where": {}},
    {"rule": "only_one", "same": [], "where": {}},
    {"rule": "only_one", "same": ["mark", "nothing", "things"], "where": {"mark": [[]]}},
], ids=str)  # fmt: skip
def test_a_rule_that_reads_something_odd_stops_nobody(tmp_path: Path, rule: Rules) -> None:
    """Whatever a log states as a rule, the verifier comes to an end, and says something."""
    story = Lab(new=[rule], change=[rule], sign=[rule])
    for mark in (None, [], {"a": [1]}, True, 1, "x"):
        first = story.make(mark=mark, label="A", holder=story.scene.person)
        story.make(mark=mark, other=first, several=[first], things=[story.thing(first)])
        story.alter(first, mark=[mark], label="")
    story.sign(first)
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    assert all(code.startswith(("rule-", "cite", "sits-alone", "record-needed")) for code in codes(bundle))


# --- another one is put in force ---------------------------------------------------------------------------------------


def test_two_administrators_put_a_room_in_force(story: Story, tmp_path: Path) -> None:
    proposed = story.propose(with_room())
    story.adopt(proposed)
    story.log.file("lab.make", BOX, story.scene)
    assert_faults(story, tmp_path)
    found = verdict(tmp_path / "bundle")
    assert found.constitution == digest(with_room()) and "lab.make" in found.differences.added


def test_a_room_is_used_before_it_is_in_force(story: Story, tmp_path: Path) -> None:
    proposed = story.propose(with_room())
    story.log.file("lab.make", BOX, story.scene, {"number": "1"})
    story.adopt(proposed)
    assert_faults(story, tmp_path, "kind-unknown")


def test_one_administrator_puts_rules_in_force(story: Story, tmp_path: Path) -> None:
    story.adopt(story.propose(with_room()), (story.admin,))
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_board_members_put_rules_in_force(story: Story, tmp_path: Path) -> None:
    story.adopt(story.propose(with_room()), (story.board, story.board_too))
    assert_faults(story, tmp_path, "role-may-not-act", "role-may-not-sign")


def test_other_rules_are_put_in_force_than_were_read(story: Story, tmp_path: Path) -> None:
    proposed = story.propose(standard())
    story.adopt(proposed, rules=with_room(), sha256=digest(with_room()))
    assert_faults(story, tmp_path, "change-not-allowed")


def test_the_rules_put_in_force_have_another_hash(story: Story, tmp_path: Path) -> None:
    story.adopt(story.propose(with_room(), sha256=digest(standard())))
    assert_faults(story, tmp_path, "constitution-not-of-this-hash")


def test_a_proposal_may_say_a_false_hash_as_long_as_it_is_none(story: Story, tmp_path: Path) -> None:
    """It is judged when it is put in force."""
    story.propose(with_room(), sha256=digest(standard()))
    assert_faults(story, tmp_path)


def test_rules_are_born_in_force(story: Story, tmp_path: Path) -> None:
    story.propose(with_room(), state="in_force")
    assert_faults(story, tmp_path, "born-in-another-state")


def test_lax_rules_are_put_in_force_later(story: Story, tmp_path: Path) -> None:
    lax = standard()
    lax["acts"][CERTIFY]["assents"] = 1
    story.adopt(story.propose(lax))
    story.certify(story.ready_decision(), (story.board,))
    assert_faults(story, tmp_path / "refused", "constitution-changed")
    assert_faults(story, tmp_path / "accepted", accept=digest(lax))


def test_lax_rules_do_not_reach_back(story: Story, tmp_path: Path) -> None:
    lax = standard()
    lax["acts"][CERTIFY]["assents"] = 1
    story.certify(story.ready_decision(), (story.board,))
    story.adopt(story.propose(lax))
    assert_faults(story, tmp_path, "signatures-not-as-many", accept=digest(lax))


def test_malformed_rules_are_put_in_force(story: Story, tmp_path: Path) -> None:
    rules = with_room()
    new(rules).update(rules=[{"rule": "forgives"}])
    proposed = story.propose(rules)
    assert_faults(story, tmp_path / "proposed")
    story.adopt(proposed)
    assert_faults(story, tmp_path / "in force", "constitution-malformed")
