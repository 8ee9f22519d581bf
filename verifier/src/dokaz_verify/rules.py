"""Holds every entry against the constitution: what an act may file, and the rules between records.

The rules are data (``constitution.RULES``); here is what each of them means. They answer what a board, a laboratory and
a defence would ask of a decision: Was it the board's? Did its members sign the version that now stands? Did somebody look
who had not made the comparison? Was there a primary identifier, of the same remains and the same missing person? And can
what was signed have been changed afterwards?
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from dokaz_verify import canonical
from dokaz_verify.constitution import KIND as CONSTITUTION
from dokaz_verify.constitution import Constitution, fulfils, same
from dokaz_verify.entries import Entry
from dokaz_verify.faults import Faults
from dokaz_verify.fields import IN_FORCE, Laws
from dokaz_verify.history import History
from dokaz_verify.people import FOUND, INVESTIGATION, KEY, OFFICE, PERSON, Signer

FOUNDING = (INVESTIGATION, "casework.Constitution", PERSON, KEY, OFFICE)
_OWN = "own_"


@dataclass
class Rules:
    """The rules, applied to one entry after another in the order of the log.

    Args:
        whole: Whether the bundle shows the whole log: then a record that is not there is nowhere.
    """

    history: History
    laws: Laws
    faults: Faults
    whole: bool
    signed_by: dict[str, list[Signer]] = field(default_factory=dict)
    # For rules that look a record up by what it says: (kind, fields) to values to records.
    saying: dict[tuple[str, tuple[str, ...]], dict[bytes, set[str]]] = field(default_factory=dict)
    numbered: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, rule in (each for _since, laws in self.laws.eras for each in _all_rules(laws)):
            if rule["rule"] == "only_one":
                self.saying[kind, tuple(rule["same"])] = defaultdict(set)
            elif rule["rule"] == "another":
                self.saying[kind, ()] = defaultdict(set)
            elif rule["rule"] == "exists":
                self.saying[rule["kind"], (rule["field"],)] = defaultdict(set)

    def check(self, entry: Entry, actor: Signer, signers: list[Signer]) -> None:
        """Apply every rule to an entry.

        Args:
            entry: The entry; all those before it were checked and taken into the history.
            actor: Who acted.
            signers: Who assented to it.
        """
        self.signed_by[entry.leaf] = signers
        if entry.act == FOUND:
            self._founding(entry)
        if entry.kind == CONSTITUTION and self.history.value(entry, "state") == IN_FORCE:
            found = self.laws.at(entry.index + 1)
            if self.history.value(entry, "sha256") != found.digest:
                self.faults.add("constitution-not-of-this-hash", entry=entry, digest=found.digest)
        laws = self.laws.at(entry.index)
        if entry.kind not in laws.kinds:
            self.faults.add("kind-unknown", entry=entry)
            return
        self._fields(entry, laws)
        if entry.act not in laws.acts:
            self.faults.add("act-unknown", entry=entry)
            return
        effect = laws.effect(entry.act, entry.kind, entry.version)
        before = self.history.before(entry)
        if effect is None:
            code = "act-makes-none-of-this-kind" if entry.version == 1 else "act-changes-none-of-this-kind"
            self.faults.add(code, entry=entry)
            return
        if entry.version == 1:
            self._born(entry, effect, laws)
        elif before is not None:
            self._changed(entry, before, effect)
        for rule in effect["rules"]:
            if all(fulfils(self.history.value(entry, name), due) for name, due in rule.get("when", {}).items()):
                getattr(self, f"_{rule['rule']}")(entry, rule, actor, signers)

    def take(self, entry: Entry) -> None:
        """Let an entry be found by what it says, once it was checked; no two records of a kind bear one number."""
        number = self.history.value(entry, "number")
        if isinstance(number, str):
            other = self.numbered.setdefault((entry.kind, number), entry.record)
            if other != entry.record:
                self.faults.add("number-of-another", entry=entry, name=number, other=other)
        for (kind, names), found in self.saying.items():
            if kind == entry.kind:
                found[self._said(entry, names)].add(entry.record)

    # --- what an act may file ----------------------------------------------------------------------------------------

    def _founding(self, entry: Entry) -> None:
        """A log is founded once: investigation, constitution, person, key, office; the last two are that person's."""
        if entry.index >= len(FOUNDING):
            self.faults.add("founded-twice", entry=entry)
            return
        founder = self.history.entries.get(2)
        if (
            entry.kind != FOUNDING[entry.index]
            or entry.version != 1
            or (entry.index >= 3 and (founder is None or self.history.value(entry, "person") != founder.record))
            or (entry.index == 4 and entry.record != entry.office)
            or entry.base.size != 0
        ):
            self.faults.add("founding-wrong", entry=entry)

    def _fields(self, entry: Entry, laws: Constitution) -> None:
        """A version has the fields of its kind, no more and no less; those that rules read are shown; links lead back."""
        due = laws.kinds[entry.kind]["fields"]
        if entry.fields.keys() != due.keys():
            names = sorted(entry.fields.keys() ^ due.keys())
            self.faults.add("fields-not-of-this-kind", entry=entry, name=", ".join(names))
        for name in laws.open_fields(entry.kind):
            if name in entry.fields and not self.history.is_open(entry, name):
                self.faults.add("field-must-be-open", entry=entry, name=name)
        for name, digest in entry.fields.items():
            said = due.get(name, {})
            if self.history.first.get(digest) == entry.index and said.get("type") in ("record", "records", "things"):
                self._links(entry, name, said)

    def _links(self, entry: Entry, name: str, said: dict[str, Any]) -> None:
        value = self.history.values.get(entry.fields[name])
        listed = value if isinstance(value, list) else [value]
        for each in listed:
            record, kind = (each["id"], each["kind"]) if isinstance(each, dict) else (each, said.get("kind"))
            if record is None:
                continue
            found = self.history.born.get(record)
            if found is None:
                # Who signs and who is meant is shown in every bundle; other records may lie outside of a part.
                if self.whole or entry.kind in FOUNDING or kind == PERSON:
                    self.faults.add("points-to-nothing", entry=entry, name=name, other=record, due=kind)
            elif found[1] != kind or found[0] >= entry.index or record == entry.record:
                self.faults.add("points-to-nothing", entry=entry, name=name, other=record, due=kind)

    def _born(self, entry: Entry, effect: dict[str, Any], laws: Constitution) -> None:
        if "state" in entry.fields and self.history.value(entry, "state") not in effect["states"]:
            found = _shown(self.history.value(entry, "state"))
            self.faults.add("born-in-another-state", entry=entry, found=found, due=", ".join(effect["states"]))
        for name in effect["blank"]:
            said = laws.kinds[entry.kind]["fields"].get(name, {})
            digest = entry.fields.get(name, "")
            if digest not in self.history.opened:
                self.faults.add("field-must-be-open", entry=entry, name=name)
            elif self.history.values.get(digest) != said.get("default"):
                self.faults.add("not-blank-at-birth", entry=entry, name=name)

    def _changed(self, entry: Entry, before: Entry, effect: dict[str, Any]) -> None:
        """What differs from the version before is what the act may change, and the state moves as it may."""
        names = entry.fields.keys() | before.fields.keys()
        changed = {name for name in names if entry.fields.get(name) != before.fields.get(name)}
        for name in sorted(changed - set(effect["fields"])):
            self.faults.add("change-not-allowed", entry=entry, name=name)
        if "state" in effect["fields"]:
            was, now = self.history.value(before, "state"), self.history.value(entry, "state")
            if not isinstance(was, str) or now not in effect["moves"].get(was, ()):
                self.faults.add("move-not-allowed", entry=entry, found=_shown(now), was=_shown(was))

    # --- the rules between records -----------------------------------------------------------------------------------

    def _holds(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        self._must_hold("rule-holds", entry, entry, rule["where"])

    def _held(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        before = self.history.before(entry)
        if before is not None:
            self._must_hold("rule-held", entry, before, rule["where"])

    def _must_hold(self, code: str, entry: Entry, of: Entry, where: dict[str, Any], **values: str) -> None:
        for name, due in where.items():
            found = self.history.value(of, name)
            if not fulfils(found, due):
                told: dict[str, Any] = {"found": _shown(found), "due": _due(due), **values}
                self.faults.add(code, entry=entry, name=name, **told)

    def _actor_is(self, entry: Entry, rule: dict[str, Any], actor: Signer, _signers: list[Signer]) -> None:
        for name in rule["fields"]:
            if self.history.value(entry, name) != actor.person:
                self.faults.add("rule-actor-is", entry=entry, name=name)

    def _actor_is_not(self, entry: Entry, rule: dict[str, Any], actor: Signer, _signers: list[Signer]) -> None:
        for name in rule["fields"]:
            if self.history.value(entry, name) == actor.person:
                self.faults.add("rule-actor-is-not", entry=entry, name=name)

    def _restores(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        name = rule["field"]
        held = [self.history.value(version, name) for version in self.history.versions.get(entry.record, [])]
        earlier = [value for value in held if not same(value, held[-1])]
        if not earlier or not same(self.history.value(entry, name), earlier[-1]):
            self.faults.add("rule-restores", entry=entry, name=name)

    def _refers(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        target = self._target(entry, rule["field"], is_needed=self.whole or not rule["if_shown"])
        if target is not None:
            self._must_hold("rule-refers", entry, target, rule["where"], by=rule["field"], other=target.record)

    def _agrees(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        self._alike(entry, entry, rule)

    def _agreed(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        self._alike(entry, self.history.before(entry), rule)

    def _alike(self, entry: Entry, of: Entry | None, rule: dict[str, Any]) -> None:
        target = self._target(entry, rule["field"])
        if of is None or target is None:
            return
        for own, theirs in rule["same"].items():
            if not same(self.history.value(of, own), self.history.value(target, theirs)):
                self.faults.add("rule-agrees", entry=entry, name=own, by=rule["field"], other=target.record)

    def _not_before(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        now = self.history.value(entry, rule["field"])
        held = [self.history.value(version, rule["field"]) for version in self.history.versions.get(entry.record, [])]
        if any(same(now, value) for value in held):
            self.faults.add("rule-not-before", entry=entry, name=rule["field"])

    def _filed_with(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        named = self.history.value(entry, rule["field"])
        each = named if isinstance(named, list) else [{"sha256": named}]
        hashes = {f"sha256:{one.get('sha256')}" for one in each if isinstance(one, dict)}
        if hashes != set(entry.files):
            self.faults.add("rule-filed-with", entry=entry, name=rule["field"])

    def _listed(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        target = self._target(entry, rule["field"])
        if target is not None and entry.record not in _ids(self.history.value(target, rule["within"])):
            self.faults.add("rule-listed", entry=entry, name=rule["field"], other=target.record)

    def _each_held_by_actor(self, entry: Entry, rule: dict[str, Any], actor: Signer, _signers: list[Signer]) -> None:
        for record in _ids(self.history.value(entry, rule["field"])):
            thing = self.history.newest(record)
            # A part of the log shows the things that it is about; others may have been handed over with them.
            if (thing is None and self.whole) or (thing and self.history.value(thing, "holder") != actor.person):
                self.faults.add("rule-each-held-by-actor", entry=entry, other=record)

    def _target(self, entry: Entry, name: str, *, is_needed: bool = True) -> Entry | None:
        """The record to which a field points, as it stands now; ``None``: it points to nothing, or a fault was noted."""
        record = self.history.value(entry, name)
        if record is None:
            return None
        found = self.history.newest(record) if isinstance(record, str) else None
        if found is None and is_needed:
            self.faults.add("record-needed", entry=entry, name=name, other=_shown(record))
        return found

    def _cited(self, entry: Entry, name: str) -> list[str]:
        listed = self.history.value(entry, name)
        return listed if isinstance(listed, list) and all(isinstance(each, str) for each in listed) else []

    def _cites(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        cited = self._cited(entry, rule["field"])
        if not cited:
            self.faults.add("cites-nothing", entry=entry, name=rule["field"])
            return
        carried = not rule["some"]
        for record in cited:
            versions = self.history.versions.get(record, [])
            filed = [version for version in versions if version.act == rule["filed_by"]]
            if not filed:
                self.faults.add("cited-not-signed", entry=entry, other=record, due=rule["filed_by"])
                continue
            if rule["newest"] and versions[-1] is not filed[-1]:
                self.faults.add("cited-changed-since", entry=entry, other=record)
            for name in rule["same"]:
                if not same(self.history.value(versions[-1], name), self.history.value(entry, name)):
                    self.faults.add("cited-of-others", entry=entry, other=record, name=name)
            carried = carried or any(self._carries(entry, versions[-1], some) for some in rule["some"])
        if not carried:
            self.faults.add("cited-none-carries", entry=entry, name=rule["field"])

    def _carries(self, entry: Entry, cited: Entry, some: dict[str, Any]) -> bool:
        return all(
            fulfils(
                self.history.value(entry, name.removeprefix(_OWN))
                if name.startswith(_OWN)
                else self.history.value(cited, name),
                due,
            )
            for name, due in some.items()
        )

    def _independent(self, entry: Entry, rule: dict[str, Any], _actor: Signer, signers: list[Signer]) -> None:
        versions = [v for record in self._cited(entry, rule["field"]) for v in self.history.versions.get(record, [])]
        theirs = {s.person for v in versions if v.act == rule["filed_by"] for s in self.signed_by[v.leaf]}
        if all(signer.person in theirs for signer in signers):
            self.faults.add("sits-alone", entry=entry)

    def _signed_in(self, entry: Entry, rule: dict[str, Any], _actor: Signer, signers: list[Signer]) -> None:
        found = self.history.value(entry, rule["field"])
        due = rule["offices"].get(found) if isinstance(found, str) else None
        if due and all(signer.role != due for signer in signers):
            self.faults.add("rule-signed-in", entry=entry, name=rule["field"], found=_shown(found), due=due)

    def _exists(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        where = {**rule["where"], rule["field"]: [entry.record]}
        pointing = self.saying[rule["kind"], (rule["field"],)].get(canonical.write([entry.record]), set())
        is_needed = self.whole or not rule["if_shown"]
        if is_needed and not any(self._fulfils(record, where) for record in pointing):
            self.faults.add("rule-exists", entry=entry, name=rule["field"], of=rule["kind"])

    def _another(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        others = self.saying[entry.kind, ()].get(canonical.write([]), set()) - {entry.record}
        if self.whole and not any(self._fulfils(record, rule["where"]) for record in others):
            due = "; ".join(f"{name}: {_due(each)}" for name, each in rule["where"].items())
            self.faults.add("rule-another", entry=entry, due=due)

    def _only_one(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        names = tuple(rule["same"])
        said = self._said(entry, names)
        for record in sorted(self.saying[entry.kind, names].get(said, set()) - {entry.record}):
            newest = self.history.newest(record)
            if newest and self._said(newest, names) == said and self._fulfils(record, rule["where"]):
                self.faults.add("rule-only-one", entry=entry, name=", ".join(names), other=record)

    def _said(self, entry: Entry, names: tuple[str, ...]) -> bytes:
        return canonical.write([self.history.value(entry, name) for name in names])

    def _fulfils(self, record: str, where: dict[str, Any]) -> bool:
        newest = self.history.newest(record)
        return newest is not None and all(fulfils(self.history.value(newest, name), due) for name, due in where.items())


def _all_rules(constitution: Constitution) -> list[tuple[str, dict[str, Any]]]:
    return [
        (kind, rule)
        for act in constitution.acts.values()
        for kind, effects in act["files"].items()
        for effect in effects.values()
        for rule in effect["rules"]
    ]


def _ids(listed: object) -> list[str]:
    """The records in a list of things, or of records."""
    rows = listed if isinstance(listed, list) else []
    return [each["id"] if isinstance(each, dict) else each for each in rows]


def _shown(value: object) -> str:
    return "–" if value is None else str(value)


def _due(condition: object) -> str:
    return ", ".join(map(str, condition)) if isinstance(condition, list) else str(condition)
