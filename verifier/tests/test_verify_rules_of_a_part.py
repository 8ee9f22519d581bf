"""The rules between records in a bundle that shows a part of the log, and more than one rule at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from findings import assert_faults, codes, verdict, without
from room import BOX, Lab
from test_verify_rules import ANOTHER, CITES, HELD, change, citing_changed, new, signed


@pytest.mark.parametrize(("if_shown", "expected"), [(True, set()), (False, {"record-needed"})])
def test_a_part_may_lack_what_a_rule_needs_not(tmp_path: Path, if_shown: bool, expected: set[str]) -> None:
    story = Lab(**new("refers", field="other", if_shown=if_shown, where={"state": ["open"]}))
    target = story.make()
    story.make(other=target)
    assert codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=without(target))) == expected


@pytest.mark.parametrize("if_shown", [True, False])
def test_the_whole_lacks_nothing(tmp_path: Path, if_shown: bool) -> None:
    story = Lab(**new("refers", field="other", if_shown=if_shown, where={"state": ["open"]}))
    story.make(other=story.log.uuid())
    assert_faults(story, tmp_path, "record-needed", "points-to-nothing")


@pytest.mark.parametrize(
    ("rule", "parts"), [("agrees", {"same": {"label": "label"}}), ("listed", {"within": "several"})]
)
def test_a_part_shows_what_a_rule_reads(tmp_path: Path, rule: str, parts: dict[str, Any]) -> None:
    story = Lab(**change(rule, field="other", **parts))
    box = story.make()
    target = story.make(several=[box])
    story.alter(box, other=target)
    assert_faults(story, tmp_path / "whole")
    found = codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=without(target)))
    assert found == {"record-needed"}


@pytest.mark.parametrize("rule", ["agrees", "listed", "refers"])
def test_a_field_that_is_null_points_to_nothing(tmp_path: Path, rule: str) -> None:
    parts = {"agrees": {"same": {"label": "label"}}, "listed": {"within": "several"},
             "refers": {"if_shown": False, "where": {"state": ["open"]}}}[rule]  # fmt: skip
    story = Lab(**new(rule, field="other", **parts))
    story.make(label="A")
    assert_faults(story, tmp_path)


def test_in_a_part_another_may_lie_outside(tmp_path: Path) -> None:
    story = Lab(**ANOTHER)
    other = story.make(label="key")
    story.alter(story.make(), flag=True)
    assert_faults(story, tmp_path / "whole")
    assert codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=without(other))) == set()


def test_in_a_part_things_may_lie_outside(tmp_path: Path) -> None:
    story = Lab(**HELD)
    mine, outside = story.make(holder=story.scene.person), story.make(holder=story.board.person)
    story.make(things=[story.thing(mine), story.thing(outside)], holder=story.scene.person)
    assert_faults(story, tmp_path / "whole", "rule-each-held-by")
    assert codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=without(outside))) == set()
    found = codes(story.log.bundle(tmp_path / "shown", story.prosecutor, only=without(mine)))
    assert found == {"rule-each-held-by"}


def test_a_thing_is_listed_under_its_own_number(tmp_path: Path) -> None:
    story = Lab()
    one, other = story.thing(story.make()), story.thing(story.make())
    story.make(things=[one, other])
    assert_faults(story, tmp_path / "honest")
    story.make(things=[{**one, "number": other["number"]}])
    assert_faults(story, tmp_path / "forged", "thing-of-another-number")


def test_the_whole_shows_every_thing(tmp_path: Path) -> None:
    story = Lab(**HELD)
    story.make(things=[{"id": story.log.uuid(), "kind": BOX, "number": "1"}], holder=story.scene.person)
    assert_faults(story, tmp_path, "rule-each-held-by", "points-to-nothing")


def test_a_part_shows_what_is_cited(tmp_path: Path) -> None:
    story = Lab(**change("cites", **CITES))
    cited = signed(story)
    story.alter(story.make(), several=[cited])
    only = without(cited)
    assert codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=only)) == {"cited-not-signed"}


def test_cites_an_older_version_where_it_need_not_be_the_newest(tmp_path: Path) -> None:
    story = Lab(**change("cites", **{**CITES, "newest": False}))
    citing_changed(story)
    assert_faults(story, tmp_path)


def test_two_rules_are_both_held(tmp_path: Path) -> None:
    story = Lab(new=[{"rule": "holds", "where": {"label": "stated"}}, {"rule": "holds", "where": {"count": [1]}}])
    story.make()
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    assert verdict(bundle).counts == {"rule-holds": 2}
