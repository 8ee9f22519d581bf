"""Things that go from hand to hand, as a story tells it."""

from __future__ import annotations

from typing import Any

from builder import Fields, Log, Who


class Hands:
    """Hand-overs: each step alone, and the whole of it."""

    log: Log
    scene: Who
    mortuary: Who
    shelf: str

    def change(self, act: str, record: str, by: Who, fields: Fields, **more: Any) -> None:
        raise NotImplementedError

    def unit(self) -> str:
        raise NotImplementedError

    def enrol(self, role: str, *, person: str = "") -> Who:
        raise NotImplementedError

    def dismiss(self, who: Who, **changed: Any) -> None:
        raise NotImplementedError

    def thing(self, record: str) -> Fields:
        held = self.log.records[record]
        return {"id": record, "kind": held.kind, "number": held.fields["number"]}

    def hand_over(self, *things: str, by: Who | None = None, to: Who | None = None, **changed: Any) -> str:
        giver, receiver = by or self.scene, to or self.mortuary
        fields = {"giver": giver.person, "receiver": receiver.person, "things": [*map(self.thing, things)], **changed}
        return self.log.file("casework.hand_over", "casework.Transfer", giver, fields)

    def take_over(self, transfer: str, *, by: Who | None = None, **changed: Any) -> None:
        """The receiver's signature alone, under everything that is listed."""
        taken = self.log.records[transfer].fields["things"]
        fields = {"state": "taken_over", "taken_at": self.log.now, "taken": taken, "reason": "", **changed}
        self.change("casework.take_over", transfer, by or self.mortuary, fields)

    def change_hands(self, thing: str, transfer: str, *, by: Who | None = None, **changed: Any) -> None:
        taker = by or self.mortuary
        fields = {"holder": taker.person, "place": "store", "kept_in": None, "transfer": transfer, **changed}
        self.change("casework.change_hands", thing, taker, fields)

    def confirm(self, transfer: str, *, by: Who | None = None, **changed: Any) -> None:
        """Taken over, and written on each thing that arrived."""
        with self.log.filing():
            self.take_over(transfer, by=by, **changed)
            for thing in self.log.records[transfer].fields["taken"]:
                self.change_hands(thing["id"], transfer, by=by)

    def pass_on(self, *things: str, by: Who | None = None, to: Who | None = None) -> str:
        """The whole of it: handed over, taken over, and written on each thing."""
        transfer = self.hand_over(*things, by=by, to=to)
        self.confirm(transfer, by=to)
        return transfer

    def kept(self) -> str:
        """Remains in the hands of the mortuary."""
        unit = self.unit()
        self.pass_on(unit)
        return unit

    def hand_about(self, unit: str, at_scene: Who) -> None:
        """A shelf; hand-overs that came to nothing; one that arrived in part; things of somebody who has left."""
        log, other = self.log, self.unit()
        self.shelf = log.file("casework.set_up_storage", "casework.StoragePlace", at_scene, {"name": "A3"})
        self.change("casework.put_away", unit, at_scene, {"kept_in": self.shelf, "place": "A3"})
        self.change("casework.take_back", self.hand_over(unit), self.scene, {"state": "taken_back", "reason": "late"})
        self.change("casework.refuse", self.hand_over(unit), self.mortuary, {"state": "refused", "reason": "full"})
        in_part = self.hand_over(unit, other)
        self.confirm(in_part, taken=[self.thing(unit)])
        said = {"transfer": in_part, "noted_by": self.mortuary.person, "sort": "missing", "label": "2"}
        noted = log.file("casework.note_discrepancy", "casework.Discrepancy", self.mortuary, {**said, "state": "open"})
        self.change("casework.settle_discrepancy", noted, self.scene, {"state": "settled", "outcome": "left behind"})
        self.pass_on(unit, by=self.mortuary, to=self.scene)
        investigator = self.enrol("investigator")
        leaver = self.enrol("scene")
        self.pass_on(other, to=leaver)
        stuck = self.hand_over(other, by=leaver)
        self.dismiss(leaver)
        self.change("casework.call_back", stuck, investigator, {"state": "taken_back", "reason": "they left"})
        self.confirm(self.hand_over_for(other, giver=leaver, by=investigator))

    def hand_over_for(self, *things: str, giver: Who, by: Who, to: Who | None = None, **changed: Any) -> str:
        receiver = to or self.mortuary
        fields = {"giver": giver.person, "deputy": by.person, "receiver": receiver.person,
                  "things": [*map(self.thing, things)], "reason": "they left", **changed}  # fmt: skip
        return self.log.file("casework.hand_over_for", "casework.Transfer", by, fields)
