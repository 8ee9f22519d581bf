"""The rules that read what was filed together, or what records list; as in `test_verify_rules`, each broken in one way."""

from __future__ import annotations

from pathlib import Path

import pytest
from findings import assert_faults, codes, without
from room import BOX, Lab
from test_verify_rules import Case, Tale, change, new

PART_OF = change("part_of", acts=["lab.make"], field="other", kind="", if_shown=False, when={"label": ["inner"]})
POINTED_AT = change("part_of", acts=["lab.make"], field="other", kind=BOX, if_shown=False, when={"label": ["inner"]})
CARRIED_OUT = new("carried_out", field="things", act="lab.change")
ONE_LISTS = new("only_one_lists", field="things", where={"state": ["open"]})


def together(*, points: str, act: str = "lab.make") -> Tale:
    """A box is changed in the filing in which another is made, or changed by another act."""

    def tell(lab: Lab) -> None:
        box, old = lab.make(), lab.make()
        stranger = lab.make()
        with lab.log.filing():
            target = {"here": box, "elsewhere": stranger}.get(points)
            if act == "lab.make":
                outer = lab.make(other=target)
            else:
                outer = old
                lab.change(act, old, lab.scene, {"other": target})
            lab.alter(box, label="inner", other=outer if points == "there" else stranger)

    return tell


def apart(*, points: str) -> Tale:
    """As together, in two filings."""

    def tell(lab: Lab) -> None:
        box = lab.make()
        outer = lab.make(other=box if points == "here" else None)
        lab.alter(box, label="inner", other=outer if points == "there" else None)

    return tell


def carrying_out(how: str) -> Tale:
    """A list of two boxes, both of which, or one, are changed with it."""

    def tell(lab: Lab) -> None:
        one, other = lab.make(), lab.make()
        with lab.log.filing():
            lab.make(things=[lab.thing(one), lab.thing(other)])
            lab.alter(one, flag=True)
            if how == "both":
                lab.alter(other, flag=True)
            elif how == "otherwise":
                lab.change("lab.open", other, lab.scene, {"flag": True})
        if how == "later":
            lab.alter(other, flag=True)

    return tell


def listing_twice(what: str, *, before: str = "open", then: str = "") -> Tale:
    """Two lists, the first in a state, one after the other."""

    def tell(lab: Lab) -> None:
        box, other, third = lab.make(), lab.make(), lab.make()
        first = lab.make(things=[lab.thing(box), lab.thing(third)], state=before)
        if then:
            lab.alter(first, state=then)
        lab.make(things=[lab.thing(other), lab.thing(box)] if what == "same" else [lab.thing(other)])

    return tell


def held_by_leaver(*, leaves: bool, also: str = "") -> Tale:
    def tell(lab: Lab) -> None:
        leaver = lab.enrol("scene")
        if also:
            lab.in_office(leaver, also)
        if leaves:
            lab.dismiss(leaver)
        lab.make(holder=leaver.person)

    return tell


CASES: dict[str, Case] = {
    # part_of
    "part_of": Case("rule-part-of", together(points="there"), apart(points="there"), PART_OF),
    "part_of: by this act": Case("rule-part-of", together(points="there"),
                                 together(points="there", act="lab.open"), PART_OF),
    "part_of: about this": Case("rule-part-of", together(points="there"), together(points="elsewhere"), PART_OF),
    "part_of: pointed at": Case("rule-part-of", together(points="here"), apart(points="here"), POINTED_AT),
    "part_of: this is pointed at": Case("rule-part-of", together(points="here"), together(points="elsewhere"), POINTED_AT),
    # carried_out
    "carried_out": Case("rule-carried-out", carrying_out("both"), carrying_out("one"), CARRIED_OUT),
    "carried_out: in this filing": Case("rule-carried-out", carrying_out("both"), carrying_out("later"), CARRIED_OUT),
    "carried_out: by this act": Case("rule-carried-out", carrying_out("both"), carrying_out("otherwise"), CARRIED_OUT),
    # only_one_lists
    "only_one_lists": Case("rule-only-one-lists", listing_twice("other"), listing_twice("same"), ONE_LISTS),
    "only_one_lists: that fulfils": Case("rule-only-one-lists", listing_twice("same", before="shut"),
                                         listing_twice("same", before="open"), ONE_LISTS),
    "only_one_lists: as it is now": Case("rule-only-one-lists", listing_twice("same", then="shut"),
                                         listing_twice("same", before="shut", then="open"), ONE_LISTS),
    # out_of_office
    "out_of_office": Case("rule-out-of-office", held_by_leaver(leaves=True), held_by_leaver(leaves=False),
                          new("out_of_office", fields=["holder"])),
    "out_of_office: any": Case("rule-out-of-office", held_by_leaver(leaves=True), held_by_leaver(leaves=True, also="board"),
                               new("out_of_office", fields=["holder"])),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_forgery_is_refused(tmp_path: Path, name: str) -> None:
    story = Lab(**CASES[name].room)
    CASES[name].forged(story)
    assert_faults(story, tmp_path, CASES[name].code)


@pytest.mark.parametrize("name", CASES)
def test_the_honest_twin_verifies(tmp_path: Path, name: str) -> None:
    story = Lab(**CASES[name].room)
    CASES[name].honest(story)
    assert_faults(story, tmp_path)


def test_in_a_part_what_is_to_be_carried_out_may_lie_outside(tmp_path: Path) -> None:
    story = Lab(**CARRIED_OUT)
    box = story.make()
    story.make(things=[story.thing(box)])
    assert_faults(story, tmp_path / "whole", "rule-carried-out")
    assert codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=without(box))) == set()


@pytest.mark.parametrize(("if_shown", "expected"), [(True, set()), (False, {"rule-part-of"})])
def test_a_part_may_lack_what_something_is_part_of(tmp_path: Path, if_shown: bool, expected: set[str]) -> None:
    story = Lab(**change("part_of", acts=["lab.make"], field="other", kind=BOX, if_shown=if_shown))
    box = story.make()
    with story.log.filing():
        outer = story.make(other=box)
        story.alter(box, label="inner")
    assert_faults(story, tmp_path / "whole")
    assert codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=without(outer))) == expected
