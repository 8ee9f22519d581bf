"""The rules between records, one by one: each is broken in one way, and its honest twin verifies.

The rules stand in a room that is added to the standard constitution, so that each is alone; how the standard uses them is
tried in `test_verify_decisions` and `test_verify_custody`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from findings import assert_faults
from room import BOX, Lab

Tale = Callable[[Lab], Any]


@dataclass(frozen=True)
class Case:
    """A rule, what keeps it, what breaks it, and the fault of that."""

    code: str
    honest: Tale
    forged: Tale
    room: dict[str, Any] = field(default_factory=dict)


def new(rule: str, **parts: Any) -> dict[str, Any]:
    return {"new": [{"rule": rule, **parts}]}


def change(rule: str, **parts: Any) -> dict[str, Any]:
    return {"change": [{"rule": rule, **parts}]}


def sign(rule: str, **parts: Any) -> dict[str, Any]:
    return {"sign": [{"rule": rule, **parts}]}


def made(**fields: Any) -> Tale:
    return lambda lab: lab.make(**fields)


SECOND = {"fields": {"second": {"type": "record", "kind": "casework.Person", "null": True, "default": None}},
          "open_fields": ["holder", "number", "second", "state"]}  # fmt: skip
RESTORES = change("restores", field="state", when={"label": ["back"]})
CITES = {"field": "several", "filed_by": "lab.sign", "newest": True, "same": [], "some": []}


def altered(*labels: str, **fields: Any) -> Tale:
    """A box that was made with the first of these labels, and then given the others."""

    def tell(lab: Lab) -> None:
        box = lab.make(label=labels[0])
        for label in labels[1:]:
            lab.alter(box, label=label, **fields)

    return tell


def back(*states: str, to: str) -> Tale:
    """A box that went through these states, and then goes back."""

    def tell(lab: Lab) -> None:
        box = lab.make(state=states[0])
        for state in states[1:]:
            lab.alter(box, state=state)
        lab.alter(box, state=to, label="back")

    return tell


def pointing(**target: Any) -> Tale:
    """A box that points to another."""
    return lambda lab: lab.make(label="A", mark=1, flag=True, other=lab.make(**target))


def leading(*targets: dict[str, Any]) -> Tale:
    """A box that points to others, each of which points to one of these."""

    def tell(lab: Lab) -> None:
        several = [lab.make(label="on the way", other=lab.make(**fields)) for fields in targets]
        lab.make(label="first", several=several)

    return tell


def pointing_to_changed(before: dict[str, Any], after: dict[str, Any], *, too_late: bool = False) -> Tale:
    """A box that points to another which changed before, or changes after."""

    def tell(lab: Lab) -> None:
        target = lab.make(**before)
        if too_late:
            lab.make(other=target)
        lab.alter(target, **after)
        if not too_late:
            lab.make(other=target)

    return tell


def listed(*, within: str, really: bool) -> Tale:
    def tell(lab: Lab) -> None:
        box, stranger = lab.make(), lab.make()
        shown = box if really else stranger
        value = [shown] if within == "several" else [lab.thing(shown)]
        lab.alter(box, other=lab.make(**{within: value}))

    return tell


def holding(*holders: str) -> Tale:
    """A list of things that these people hold."""

    def tell(lab: Lab) -> None:
        things = [lab.make(holder=getattr(lab, name).person) for name in holders]
        lab.make(label="list", holder=lab.scene.person, things=[*map(lab.thing, things)])

    return tell


HELD = new("each_held_by", field="things", by="holder")


def held_beside(name: str) -> Tale:
    """A box of the scene's that points to one which that person holds."""
    return lambda lab: lab.make(holder=lab.scene.person, other=lab.make(holder=getattr(lab, name).person))


def signed(lab: Lab, *signers: Any, **fields: Any) -> str:
    box = lab.make(**fields)
    lab.sign(box, *signers)
    return box


def citing(*cited: dict[str, Any], label: str = "A", **own: Any) -> Tale:
    """A box that cites others, which were signed."""

    def tell(lab: Lab) -> None:
        several = [signed(lab, **fields) for fields in cited]
        lab.alter(lab.make(label=label, **own), several=several)

    return tell


def citing_unsigned(lab: Lab) -> None:
    lab.alter(lab.make(), several=[signed(lab), lab.make()])


def citing_signed_later(lab: Lab) -> None:
    cited, box = lab.make(), lab.make()
    lab.alter(box, several=[cited])
    lab.sign(cited)


def citing_changed(lab: Lab) -> None:
    cited = signed(lab)
    lab.change("lab.open", cited, lab.scene, {"label": "changed"})
    lab.alter(lab.make(), several=[cited])


def deciding(*signers: str) -> Tale:
    """A box is signed that cites one which two of the board had signed."""

    def tell(lab: Lab) -> None:
        cited = signed(lab, lab.board, lab.board_too)
        lab.sign(lab.make(several=[cited], label="last"), *(getattr(lab, name) for name in signers))

    return tell


def deciding_with_a_second_key(lab: Lab) -> None:
    cited = signed(lab, lab.board, lab.board_too)
    lab.sign(lab.make(several=[cited], label="last"), lab.enrol("board", person=lab.board.person), lab.board_too)


def signing_in(label: str, *signers: str) -> Tale:
    return lambda lab: lab.sign(lab.make(label=label), *(getattr(lab, name) for name in signers))


def pointed_at(**pointer: Any) -> Tale:
    """A box at which another points."""

    def tell(lab: Lab) -> None:
        box = lab.make()
        lab.make(other=box, label="pointer", **pointer)
        lab.alter(box, flag=True)

    return tell


def pointed_at_by_none(lab: Lab) -> None:
    box, elsewhere = lab.make(), lab.make()
    lab.make(other=elsewhere, state="shut")
    lab.alter(box, flag=True)


def pointed_at_no_longer(lab: Lab) -> None:
    box, elsewhere = lab.make(), lab.make()
    pointer = lab.make(other=box, state="shut")
    lab.change("lab.open", pointer, lab.scene, {"other": elsewhere})
    lab.alter(box, flag=True)


def twins(first: dict[str, Any], second: dict[str, Any], *, then: dict[str, Any] | None = None) -> Tale:
    """Two boxes; the first is changed before the second is made."""

    def tell(lab: Lab) -> None:
        one = lab.make(**first)
        if then:
            lab.alter(one, **then)
        lab.make(**second)

    return tell


STATED = new("holds", where={"mark": "stated"})
EXISTS = change("exists", kind=BOX, field="other", if_shown=False, where={"state": ["shut"]})
ONLY_ONE = new("only_one", same=["label"], where={"state": ["open"]})
NONE = new("none", kind=BOX, same=["label"], where={"state": ["open"]})
ANOTHER = change("another", where={"label": ["key"]})

CASES: dict[str, Case] = {
    # holds
    "holds: a value": Case("rule-holds", made(label="A"), made(label="B"), new("holds", where={"label": ["A"]})),
    "holds: one of two": Case("rule-holds", made(label="B"), made(label="C"), new("holds", where={"label": ["A", "B"]})),
    "holds: a look-alike": Case("rule-holds", made(label="c"), made(label="с"), new("holds", where={"label": ["c"]})),
    "holds: true, not 1": Case("rule-holds", made(mark=True), made(mark=1), new("holds", where={"mark": [True]})),
    "holds: 0, not false": Case("rule-holds", made(mark=0), made(mark=False), new("holds", where={"mark": [0]})),
    "holds: null": Case("rule-holds", made(), made(mark=0), new("holds", where={"mark": [None]})),
    "holds: true within a list": Case("rule-holds", made(mark=[True]), made(mark=[1]),
                                      new("holds", where={"mark": [[True]]})),
    "holds: stated": Case("rule-holds", made(label="A"), made(label=""), new("holds", where={"label": "stated"})),
    "holds: stated, not null": Case("rule-holds", made(mark=0), made(), STATED),
    "holds: stated, no empty list": Case("rule-holds", made(mark=[0]), made(mark=[]), STATED),
    "holds: stated, no empty table": Case("rule-holds", made(mark=False), made(mark={}), STATED),
    "holds: blank": Case("rule-holds", made(label=""), made(label=" "), new("holds", where={"label": "blank"})),
    "holds: blank, not 0": Case("rule-holds", made(), made(mark=0), new("holds", where={"mark": "blank"})),
    "holds: blank, not false": Case("rule-holds", made(mark={}), made(mark=False), new("holds", where={"mark": "blank"})),
    "holds: each field": Case("rule-holds", made(label="A", count=1), made(label="A"),
                              new("holds", where={"label": ["A"], "count": [1]})),
    "holds: in a later version": Case("rule-holds", altered("", "A"), altered("A", ""),
                                      change("holds", where={"label": "stated"})),
    # when
    "when: it counts": Case("rule-holds", made(flag=True, label="A"), made(flag=True),
                            new("holds", where={"label": "stated"}, when={"flag": [True]})),
    "when: it does not count": Case("rule-holds", made(), made(flag=True),
                                    new("holds", where={"label": "stated"}, when={"flag": [True]})),
    "when: each condition": Case("rule-holds", made(flag=True), made(flag=True, count=1),
                                 new("holds", where={"label": "stated"}, when={"flag": [True], "count": [1]})),
    # held
    "held": Case("rule-held", altered("A", "B"), altered("B", "A"), change("held", where={"label": ["A"]})),
    "held: blank": Case("rule-held", altered("", "A"), altered("A", ""), change("held", where={"label": "blank"})),
    # actor_is, actor_is_not
    "actor_is": Case("rule-actor-is", lambda lab: lab.make(holder=lab.scene.person),
                     lambda lab: lab.make(holder=lab.board.person), new("actor_is", fields=["holder"])),
    "actor_is: nobody": Case("rule-actor-is", lambda lab: lab.make(holder=lab.scene.person), made(),
                             new("actor_is", fields=["holder"])),
    "actor_is: each field": Case("rule-actor-is",
                                 lambda lab: lab.make(holder=lab.scene.person, second=lab.scene.person),
                                 lambda lab: lab.make(holder=lab.scene.person, second=lab.board.person),
                                 new("actor_is", fields=["holder", "second"]) | SECOND),
    "actor_is: not who let their key": Case("rule-actor-is",
                                            lambda lab: lab.make(by=lab.begin_work(lab.scene), holder=lab.scene.person),
                                            lambda lab: lab.make(by=lab.begin_work(lab.board), holder=lab.scene.person),
                                            new("actor_is", fields=["holder"])),
    "actor_is_not": Case("rule-actor-is-not", lambda lab: lab.make(holder=lab.board.person),
                         lambda lab: lab.make(holder=lab.scene.person), new("actor_is_not", fields=["holder"])),
    "actor_is_not: no field": Case("rule-actor-is-not", made(),
                                   lambda lab: lab.make(holder=lab.board.person, second=lab.scene.person),
                                   new("actor_is_not", fields=["holder", "second"]) | SECOND),
    "actor_is_not: in another office": Case("rule-actor-is-not", made(),
                                            lambda lab: lab.make(by=lab.in_office(lab.scene, "board"),
                                                                 holder=lab.scene.person),
                                            new("actor_is_not", fields=["holder"])),
    # restores
    "restores": Case("rule-restores", back("open", "lost", to="open"), back("open", "lost", to="shut"), RESTORES),
    "restores: the last, not the first": Case("rule-restores", back("open", "shut", "lost", to="shut"),
                                              back("open", "shut", "lost", to="open"), RESTORES),
    "restores: through many versions": Case("rule-restores", back("open", "lost", "lost", "lost", to="open"),
                                            back("open", "lost", "lost", to="lost"), RESTORES),
    "restores: what it never held": Case("rule-restores", back("open", "shut", to="open"), back("open", to="shut"),
                                         RESTORES),
    "restores: an empty text": Case("rule-restores", altered("", "A", ""), altered("", "A", "B"),
                                    change("restores", field="label", when={"label": ["", "B"]})),
    # refers
    "refers": Case("rule-refers", pointing(state="open"), pointing(state="lost"),
                   new("refers", field="other", if_shown=False, where={"state": ["open"]})),
    "refers: null points to nothing": Case("rule-refers", made(), pointing(),
                                           new("refers", field="other", if_shown=False, where={"label": ["A"]})),
    "refers: the newest version": Case("rule-refers", pointing_to_changed({"state": "lost"}, {"state": "open"}),
                                       pointing_to_changed({"state": "open"}, {"state": "lost"}),
                                       new("refers", field="other", if_shown=False, where={"state": ["open"]})),
    "refers: the version of that time": Case("rule-refers",
                                             pointing_to_changed({"state": "open"}, {"state": "lost"}, too_late=True),
                                             pointing_to_changed({"state": "lost"}, {"state": "open"}, too_late=True),
                                             new("refers", field="other", if_shown=False, where={"state": ["open"]})),
    "refers: each field": Case("rule-refers", pointing(state="open", label="A"), pointing(state="open"),
                               new("refers", field="other", if_shown=False, where={"state": ["open"], "label": ["A"]})),
    "refers: by a path": Case("rule-refers", leading({"state": "open"}, {"state": "open"}),
                              leading({"state": "open"}, {"state": "lost"}),
                              new("refers", field="several.other", if_shown=False, where={"state": ["open"]})),
    "refers: where a path ends": Case("rule-refers", leading({"label": "A"}), leading({"label": "on the way"}),
                                      new("refers", field="several.other", if_shown=False, where={"label": ["A"]})),
    # agrees
    "agrees: by a path": Case("rule-agrees", leading({"label": "first"}), leading({"label": "on the way"}),
                              new("agrees", field="several.other", same={"label": "label"})),
    "agrees": Case("rule-agrees", pointing(label="A"), pointing(label="B"),
                   new("agrees", field="other", same={"label": "label"})),
    "agrees: each pair": Case("rule-agrees", pointing(label="A", count=0), pointing(label="A", count=1),
                              new("agrees", field="other", same={"label": "label", "count": "count"})),
    "agrees: across names": Case("rule-agrees", pointing(reason="A"), pointing(label="A"),
                                 new("agrees", field="other", same={"label": "reason"})),
    "agrees: 1, not true": Case("rule-agrees", pointing(mark=1), pointing(mark=True),
                                new("agrees", field="other", same={"mark": "mark"})),
    "agrees: true, not 1": Case("rule-agrees", pointing(mark=True), pointing(count=1),
                                new("agrees", field="other", same={"flag": "mark"})),
    # listed
    "listed: among records": Case("rule-listed", listed(within="several", really=True),
                                  listed(within="several", really=False),
                                  change("listed", field="other", within="several")),
    "listed: among things": Case("rule-listed", listed(within="things", really=True),
                                 listed(within="things", really=False),
                                 change("listed", field="other", within="things")),
    # each_held_by
    "each_held_by": Case("rule-each-held-by", holding("scene", "scene"), holding("scene", "board"), HELD),
    "each_held_by: a record": Case("rule-each-held-by", held_beside("scene"), held_beside("board"),
                                   new("each_held_by", field="other", by="holder")),
    # another
    "another": Case("rule-another", lambda lab: (lab.make(label="key"), lab.alter(lab.make(label="key"), flag=True)),
                    lambda lab: lab.alter(lab.make(label="key"), flag=True), ANOTHER),
    "another: the newest version": Case("rule-another",
                                        lambda lab: (lab.change("lab.open", lab.make(), lab.scene, {"label": "key"}),
                                                     lab.alter(lab.make(), flag=True)),
                                        lambda lab: (lab.change("lab.open", lab.make(label="key"), lab.scene,
                                                                {"label": "A"}),
                                                     lab.alter(lab.make(), flag=True)), ANOTHER),
    # cites
    "cites: something": Case("cites-nothing", citing({}), citing(), change("cites", **CITES)),
    "cites: what was filed by the act": Case("cited-not-signed", citing({}), citing_unsigned, change("cites", **CITES)),
    "cites: before": Case("cited-not-signed", citing({}, {}), citing_signed_later, change("cites", **CITES)),
    "cites: the newest": Case("cited-changed-since", citing({}), citing_changed, change("cites", **CITES)),
    "cites: the same": Case("cited-of-others", citing({"label": "A"}, {"label": "A"}),
                            citing({"label": "A"}, {"label": "B"}), change("cites", **{**CITES, "same": ["label"]})),
    "cites: the same in each field": Case("cited-of-others", citing({"label": "A", "count": 1}, count=1),
                                          citing({"label": "A", "count": 1}, count=2),
                                          change("cites", **{**CITES, "same": ["label", "count"]})),
    "cites: the same with its type": Case("cited-of-others", citing({"mark": 1}, mark=1), citing({"mark": True}, mark=1),
                                          change("cites", **{**CITES, "same": ["mark"]})),
    "cites: one that carries": Case("cited-none-carries", citing({}, {"flag": True}), citing({}, {}),
                                    change("cites", **{**CITES, "some": [{"flag": [True]}]})),
    "cites: one that carries in all": Case("cited-none-carries", citing({"flag": True, "count": 1}),
                                           citing({"flag": True}, {"count": 1}),
                                           change("cites", **{**CITES, "some": [{"flag": [True], "count": [1]}]})),
    "cites: one of two ways": Case("cited-none-carries", citing({"count": 2}), citing({"count": 3}),
                                   change("cites", **{**CITES, "some": [{"flag": [True]}, {"count": [2]}]})),
    "cites: what is one's own": Case("cited-none-carries", citing({"flag": True}, label="yes"),
                                     citing({"flag": True, "label": "yes"}, label="no"),
                                     change("cites", **{**CITES, "some": [{"flag": [True], "own_label": ["yes"]}]})),
    # independent
    "independent": Case("sits-alone", deciding("board", "board_third"), deciding("board", "board_too"),
                        sign("independent", field="several", filed_by="lab.sign", when={"label": ["last"]})),
    "independent: persons, not keys": Case("sits-alone", deciding("board_third", "board_too"), deciding_with_a_second_key,
                                           sign("independent", field="several", filed_by="lab.sign",
                                                when={"label": ["last"]})),
    # signed_in
    "signed_in": Case("rule-signed-in", signing_in("B", "board", "board_too"), signing_in("B", "board", "scene"),
                      sign("signed_in", field="label", offices={"A": "scene", "B": "board"})),
    "signed_in: nobody": Case("rule-signed-in", signing_in("B", "board", "board_too"),
                              signing_in("A", "board", "board_too"),
                              sign("signed_in", field="label", offices={"A": "scene", "B": "board"})),
    "signed_in: a value that is not named": Case("rule-signed-in", signing_in("C", "board", "board_too"),
                                                 signing_in("A", "board", "board_too"),
                                                 sign("signed_in", field="label", offices={"A": "scene"})),
    # exists
    "exists": Case("rule-exists", pointed_at(state="shut"), pointed_at_by_none, EXISTS),
    "exists: as it is due": Case("rule-exists", pointed_at(state="shut", flag=True), pointed_at(state="open"), EXISTS),
    "exists: and still points here": Case("rule-exists", pointed_at(state="shut"), pointed_at_no_longer, EXISTS),
    # unless_pointed_at
    "unless_pointed_at: as it is": Case("rule-unless-pointed-at", pointed_at(state="shut"), pointed_at(state="open"),
                                        change("unless_pointed_at", kind=BOX, where={"state": ["open"]})),
    # none
    "none": Case("rule-none", twins({"label": "A"}, {"label": "B"}), twins({"label": "A"}, {"label": "A"}), NONE),
    "none: that fulfils": Case("rule-none", twins({"label": "A", "state": "lost"}, {"label": "A"}),
                               twins({"label": "A"}, {"label": "A"}), NONE),
    "none: where it counts": Case("rule-none", twins({"label": "A"}, {"label": "A", "count": 1}),
                                  twins({"label": "A"}, {"label": "A"}),
                                  new("none", kind=BOX, same=["label"], where={}, when={"count": [0]})),
    # only_one
    "only_one: as it looks": Case("rule-only-one", twins({"label": "A-1"}, {"label": "A 1"}),
                                  twins({"label": "A-1"}, {"label": "\u0430\u2010\u00ad1 "}), ONLY_ONE),
    "only_one": Case("rule-only-one", twins({"label": "A"}, {"label": "B"}), twins({"label": "A"}, {"label": "A"}),
                     ONLY_ONE),
    "only_one: that fulfils": Case("rule-only-one", twins({"label": "A", "state": "lost"}, {"label": "A"}),
                                   twins({"label": "A"}, {"label": "A", "state": "lost"}), ONLY_ONE),
    "only_one: as it is now": Case("rule-only-one", twins({"label": "A"}, {"label": "A"}, then={"state": "lost"}),
                                   twins({"label": "A", "state": "lost"}, {"label": "A"}, then={"state": "open"}),
                                   ONLY_ONE),
    "only_one: that says so now": Case("rule-only-one", twins({"label": "A"}, {"label": "A"}, then={"label": "B"}),
                                       twins({"label": "B"}, {"label": "A"}, then={"label": "A"}), ONLY_ONE),
    "only_one: in all fields": Case("rule-only-one", twins({"label": "A", "count": 1}, {"label": "A", "count": 2}),
                                    twins({"label": "A", "count": 1}, {"label": "A", "count": 1}),
                                    new("only_one", same=["label", "count"], where={})),
    "only_one: with its type": Case("rule-only-one", twins({"mark": 1}, {"mark": True}), twins({"mark": 1}, {"mark": 1}),
                                    new("only_one", same=["mark"], where={})),
    "only_one: a text, not a list": Case("rule-only-one", twins({"mark": ["a"]}, {"mark": "['a']"}),
                                         twins({"mark": ["a"]}, {"mark": ["a"]}), new("only_one", same=["mark"], where={})),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_forgery_is_refused(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    story = Lab(**case.room)
    case.forged(story)
    assert_faults(story, tmp_path, case.code)


@pytest.mark.parametrize("name", CASES)
def test_the_honest_twin_verifies(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    story = Lab(**case.room)
    case.honest(story)
    assert_faults(story, tmp_path)
