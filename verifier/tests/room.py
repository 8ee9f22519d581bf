"""A room that is added to the standard constitution: one kind with fields of every sort, under rules of a test's own."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from builder import Fields, Who, canonical, sha, standard
from story import Story

BOX = "lab.Box"
STATES = ["open", "shut", "lost"]
FIELDS: dict[str, Fields] = {
    "number": {"type": "text"},
    "reason": {"type": "text", "default": ""},
    "state": {"type": "choice", "values": STATES, "default": "open"},
    "holder": {"type": "record", "kind": "casework.Person", "null": True, "default": None},
    "other": {"type": "record", "kind": BOX, "null": True, "default": None},
    "several": {"type": "records", "kind": BOX, "default": []},
    "things": {"type": "things", "default": []},
    "label": {"type": "text", "default": ""},
    "flag": {"type": "boolean", "default": False},
    "count": {"type": "integer", "default": 0},
    "mark": {"type": "json", "null": True, "default": None},
    "hidden": {"type": "text", "default": ""},
}
OPEN = sorted(FIELDS.keys() - {"hidden"})


def with_room(
    *,
    new: Sequence[Fields] = (),
    change: Sequence[Fields] = (),
    sign: Sequence[Fields] = (),
    blank: Sequence[str] = (),
    fields: dict[str, Fields] | None = None,
    open_fields: Sequence[str] = OPEN,
) -> dict[str, Any]:
    """The standard constitution and a room.

    ``lab.make`` files boxes, ``lab.change`` changes them, ``lab.sign`` too, under two assents; no rule holds ``lab.open``.
    """
    rules = standard()
    moves = dict.fromkeys(STATES, STATES)
    changing = sorted(FIELDS.keys() - {"number"})
    act = {"assents": 0, "offices": ["analyst", "board", "scene"], "signed_by": "session"}
    rules["kinds"][BOX] = {"fields": {**FIELDS, **(fields or {})}, "open": list(open_fields)}
    rules["acts"] |= {
        "lab.make": {**act, "files": {BOX: {"new": {"blank": list(blank), "rules": list(new), "states": STATES}}}},
        "lab.change": {
            **act,
            "files": {BOX: {"change": {"fields": changing, "moves": moves, "rules": list(change)}}},
        },
        "lab.open": {**act, "files": {BOX: {"change": {"fields": changing, "moves": moves, "rules": []}}}},
        "lab.sign": {
            **act,
            "assents": 2,
            "files": {BOX: {"change": {"fields": ["reason", "state"], "moves": moves, "rules": list(sign)}}},
            "signed_by": "person",
        },
    }
    return copy.deepcopy(rules)


def digest(constitution: dict[str, Any]) -> str:
    """The hash of a constitution, which is its name."""
    return sha(canonical(constitution))


class Lab(Story):
    """An investigation with that room."""

    def __init__(self, **room: Any) -> None:
        super().__init__(constitution=with_room(**room))

    def make(self, *, by: Who | None = None, **fields: Any) -> str:
        return self.log.file("lab.make", BOX, by or self.scene, fields)

    def alter(self, box: str, *, by: Who | None = None, **fields: Any) -> None:
        self.change("lab.change", box, by or self.scene, fields)

    def sign(self, box: str, *signers: Who, **fields: Any) -> None:
        said = {"state": "shut", **fields}
        self.under_assents("lab.sign", box, signers or (self.board, self.board_too), said)
