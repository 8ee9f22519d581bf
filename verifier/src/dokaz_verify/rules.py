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
from unicodedata import category, normalize

from dokaz_verify import canonical
from dokaz_verify.constitution import KIND as CONSTITUTION
from dokaz_verify.constitution import Constitution, fulfils, same
from dokaz_verify.entries import Entry
from dokaz_verify.erasure import is_held, is_row, may_be_erased
from dokaz_verify.faults import Faults
from dokaz_verify.fields import IN_FORCE, LINKS, Laws
from dokaz_verify.founding import KINDS as OF_FOUNDING
from dokaz_verify.history import History
from dokaz_verify.people import OFFICE, PERSON, Signer

_OWN = "own_"
# Cyrillic and Greek capitals that look like Latin ones, and letters that look like digits.
_ALIKE = str.maketrans("АВЕЗІЈКМНОРСТУХЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧOI", "ABE31JKMH0PCTYXSABEZH1KMN0PTYX01")


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
    # Who filed the first version of a record.
    made_by: dict[str, Signer] = field(default_factory=dict)
    # For rules that look a record up by what it says: (kind, fields) to values to records.
    saying: dict[tuple[str, tuple[str, ...]], dict[bytes, set[str]]] = field(default_factory=dict)
    numbered: dict[tuple[str, str], str] = field(default_factory=dict)
    # Which records pointed to a record at some time.
    pointing: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # For rules that look a record up by what it lists: (kind, field) to the record that is listed to the records.
    listing: dict[tuple[str, str], dict[str, set[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, rule in (each for _since, laws in self.laws.eras for each in _all_rules(laws)):
            if rule["rule"] in ("only_one", "none"):
                self.saying[rule.get("kind", kind), tuple(rule["same"])] = defaultdict(set)
            elif rule["rule"] == "another":
                self.saying[kind, ()] = defaultdict(set)
            elif rule["rule"] == "as_agreed":
                self.saying[rule["kind"], ("leaf",)] = defaultdict(set)
            elif rule["rule"] == "exists":
                self.saying[rule["kind"], (rule["field"],)] = defaultdict(set)
            elif rule["rule"] == "out_of_office":
                self.saying[OFFICE, ("person",)] = defaultdict(set)
            elif rule["rule"] == "only_one_lists":
                self.listing[kind, rule["field"]] = defaultdict(set)

    def check(self, entry: Entry, actor: Signer, signers: list[Signer]) -> None:
        """Apply every rule to an entry.

        Args:
            entry: The entry; all those before it were checked and taken into the history.
            actor: Who acted.
            signers: Who assented to it.
        """
        self.signed_by[entry.leaf] = signers
        if entry.version == 1:
            self.made_by[entry.record] = actor
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
            other = self.numbered.setdefault((entry.kind, looks(number)), entry.record)
            if other != entry.record:
                self.faults.add("number-of-another", entry=entry, name=number, other=other)
        for (kind, names), found in self.saying.items():
            if kind == entry.kind:
                found[self._said(entry, names)].add(entry.record)
        for (kind, name), lists in self.listing.items():
            if kind == entry.kind:
                for listed in _ids(self.history.value(entry, name)):
                    lists[listed].add(entry.record)

    # --- what an act may file ----------------------------------------------------------------------------------------

    def _fields(self, entry: Entry, laws: Constitution) -> None:
        """A version has the fields of its kind, no more and no less; those that rules read are shown; links lead back."""
        due = laws.kinds[entry.kind]["fields"]
        if entry.fields.keys() != due.keys():
            names = sorted(entry.fields.keys() ^ due.keys())
            self.faults.add("fields-not-of-this-kind", entry=entry, name=", ".join(names))
        for name in laws.open_fields(entry.kind):
            if name in entry.fields and not self.history.is_open(entry, name):
                self.faults.add("field-must-be-open", entry=entry, name=name)
        before = self.history.before(entry)
        is_back = before is not None and self._is_void(before) and not self._is_void(entry)
        for name, digest in entry.fields.items():
            said = due.get(name, {})
            if said.get("type") in LINKS and (is_back or self.history.first.get(digest) == entry.index):
                self._links(entry, name, said)

    def _links(self, entry: Entry, name: str, said: dict[str, Any]) -> None:
        value = self.history.values.get(entry.fields[name])
        listed = value if isinstance(value, list) else [value]
        for each in listed:
            record, kind = (each["id"], each["kind"]) if isinstance(each, dict) else (each, said.get("kind"))
            if record is None:
                continue
            if said["type"] != "things":
                self.pointing[record].add(entry.record)
            target = self.history.newest(record)
            if target is not None and self._is_void(target):
                self.faults.add("points-to-void", entry=entry, name=name, other=record)
            found = self.history.born.get(record)
            if found is None:
                # Who signs and who is meant is shown in every bundle; other records may lie outside of a part.
                if self.whole or entry.kind in OF_FOUNDING or kind == PERSON:
                    self.faults.add("points-to-nothing", entry=entry, name=name, other=record, due=kind)
            elif found[1] != kind or found[0] >= entry.index or record == entry.record:
                self.faults.add("points-to-nothing", entry=entry, name=name, other=record, due=kind)
            elif isinstance(each, dict):
                thing = self.history.newest(record)
                if thing is not None and not same(self.history.value(thing, "number"), each["number"]):
                    told = {"name": name, "other": record, "found": each["number"]}
                    self.faults.add("thing-of-another-number", entry=entry, **told)

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
        if self._is_void(before) and self._is_void(entry):
            self.faults.add("void-and-changed", entry=entry)
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

    def _actor_is_not(self, entry: Entry, rule: dict[str, Any], actor: Signer, signers: list[Signer]) -> None:
        for name in rule["fields"]:
            if self.history.value(entry, name) in {each.person for each in (actor, *signers)}:
                self.faults.add("rule-actor-is-not", entry=entry, name=name)

    def _restores(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        name = rule["field"]
        held = [self.history.value(version, name) for version in self.history.versions.get(entry.record, [])]
        earlier = [value for value in held if not same(value, held[-1])]
        if not earlier or not same(self.history.value(entry, name), earlier[-1]):
            self.faults.add("rule-restores", entry=entry, name=name)

    def _refers(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        for target in self._targets(entry, rule["field"], is_needed=self.whole or not rule["if_shown"]):
            self._must_hold("rule-refers", entry, target, rule["where"], by=rule["field"], other=target.record)

    def _agrees(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        self._alike(entry, entry, rule)

    def _agreed(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        self._alike(entry, self.history.before(entry), rule)

    def _alike(self, entry: Entry, of: Entry | None, rule: dict[str, Any]) -> None:
        if of is None:
            return
        for target in self._targets(entry, rule["field"]):
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
        for target in self._targets(entry, rule["field"]):
            if entry.record not in _ids(self.history.value(target, rule["within"])):
                self.faults.add("rule-listed", entry=entry, name=rule["field"], other=target.record)

    def _each_held_by(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        due = self.history.value(entry, rule["by"])
        for record in _ids(self.history.value(entry, rule["field"])):
            thing = self.history.newest(record)
            # A part of the log shows the things that it is about; others may have been handed over with them.
            if (thing is None and self.whole) or (thing and not same(self.history.value(thing, "holder"), due)):
                self.faults.add("rule-each-held-by", entry=entry, other=record, name=rule["by"])

    def _erases(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        """Each row names a field of a version that was filed before, and that may be erased."""
        rows = self.history.value(entry, rule["field"])
        for row in rows if isinstance(rows, list) else []:
            if not is_row(row):
                self.faults.add("rule-erases", entry=entry, name="–", of="–", version="–")
                continue
            versions = self.history.versions.get(row["record"], [])
            of = next((each for each in versions if is_held(row, each, self.history)), None)
            if of is None:
                # An order may be about records that a bundle of a part does not show.
                is_wrong = self.whole or row["record"] in self.history.born
            else:
                is_wrong = not may_be_erased(of, row["field"], self.laws.at(entry.index))
            if is_wrong:
                told = {"name": row["field"], "of": row["record"], "version": row["version"]}
                self.faults.add("rule-erases", entry=entry, **told)

    def _part_of(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        for each in self.history.filings.get(entry.base, ()):
            if each.act in rule["acts"] and (
                each.kind == rule["kind"] and self.history.value(each, rule["field"]) == entry.record
                if rule["kind"]
                else each.record == self.history.value(entry, rule["field"])
            ):
                return
        if self.whole or not rule["if_shown"]:
            self.faults.add("rule-part-of", entry=entry, due=", ".join(rule["acts"]))

    def _carried_out(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        done = {each.record for each in self.history.filings.get(entry.base, ()) if each.act == rule["act"]}
        for record in _ids(self.history.value(entry, rule["field"])):
            if record not in done and (self.whole or record in self.history.born):
                self.faults.add("rule-carried-out", entry=entry, other=record, due=rule["act"])

    def _only_one_lists(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        listing = self.listing[entry.kind, rule["field"]]
        for listed in _ids(self.history.value(entry, rule["field"])):
            for record in sorted(listing.get(listed, set()) - {entry.record}):
                if self._fulfils(record, rule["where"]):
                    self.faults.add("rule-only-one-lists", entry=entry, name=rule["field"], found=listed, other=record)

    def _out_of_office(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        for name in rule["fields"]:
            person = self.history.value(entry, name)
            for record in sorted(self.saying[OFFICE, ("person",)].get(_key([person]), set())):
                office = self.history.newest(record)
                until = self.history.value(office, "until") if office else None
                if office and (until is None or until > entry.at):
                    self.faults.add("rule-out-of-office", entry=entry, name=name, other=record)

    def _targets(self, entry: Entry, path: str, *, is_needed: bool = True) -> list[Entry]:
        """The records to which a field, or a path of fields, points, as they stand now; a fault where one is missing."""
        reached = [entry]
        for name in path.split("."):
            pointed = [record for of in reached for record in _ids(self.history.value(of, name))]
            found = {record: self.history.newest(record) for record in pointed}
            if is_needed:
                for record in (record for record, newest in found.items() if newest is None):
                    self.faults.add("record-needed", entry=entry, name=path, other=record)
            reached = [newest for newest in found.values() if newest is not None]
        return reached

    def _cites(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        cited = _ids(self.history.value(entry, rule["field"]))
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

    def _independent(self, entry: Entry, rule: dict[str, Any], actor: Signer, signers: list[Signer]) -> None:
        cited = _ids(self.history.value(entry, rule["field"]))
        versions = [v for record in cited for v in self.history.versions.get(record, [])]
        theirs = {s.person for v in versions if v.act == rule["filed_by"] for s in self.signed_by[v.leaf]}
        if all(signer.person in theirs for signer in signers or [actor]):
            self.faults.add("sits-alone", entry=entry)

    def _signed_in(self, entry: Entry, rule: dict[str, Any], _actor: Signer, signers: list[Signer]) -> None:
        found = self.history.value(entry, rule["field"])
        due = rule["offices"].get(found) if isinstance(found, str) else None
        if due and any(signer.role != due for signer in signers):
            self.faults.add("rule-signed-in", entry=entry, name=rule["field"], found=_shown(found), due=due)

    def _exists(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        where = {**rule["where"], rule["field"]: [entry.record]}
        pointing = self.saying[rule["kind"], (rule["field"],)].get(_key([entry.record]), set())
        is_needed = self.whole or not rule["if_shown"]
        if is_needed and not any(self._fulfils(record, where) for record in pointing):
            self.faults.add("rule-exists", entry=entry, name=rule["field"], of=rule["kind"])

    def _another(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        others = self.saying[entry.kind, ()].get(canonical.write([]), set()) - {entry.record}
        if self.whole and not any(self._fulfils(record, rule["where"]) for record in others):
            due = "; ".join(f"{name}: {_due(each)}" for name, each in rule["where"].items())
            self.faults.add("rule-another", entry=entry, due=due)

    def _as_agreed(self, entry: Entry, rule: dict[str, Any], actor: Signer, _signers: list[Signer]) -> None:
        before = self.history.before(entry)
        if before is None:
            return
        offices = self.laws.at(entry.index).acts[entry.act]["offices"]
        besides = {"reason", *rule["besides"]}
        changed = {name: d for name, d in entry.fields.items() if d != before.fields.get(name) and name not in besides}
        for record in sorted(self.saying[rule["kind"], ("leaf",)].get(_key([before.leaf]), set())):
            newest, by = self.history.newest(record), self.made_by[record]
            if newest is None or self.history.value(newest, "state") != "made":
                continue
            is_of_two = by.person != actor.person and by.role in offices
            if is_of_two and same(self.history.value(newest, "digests"), changed):
                return
        self.faults.add("rule-as-agreed", entry=entry)

    def _unless_pointed_at(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        for record in sorted(self.pointing.get(entry.record, set()) - {entry.record}):
            newest = self.history.newest(record)
            if newest is None or newest.kind != (rule["kind"] or newest.kind) or self._is_void(newest):
                continue
            if entry.record in self._pointed_at(newest) and self._fulfils(record, rule["where"]):
                self.faults.add("rule-unless-pointed-at", entry=entry, other=record)

    def _pointed_at(self, entry: Entry) -> set[str]:
        """The records to which a version points, or which it lists."""
        fields = self.laws.at(entry.index).kinds[entry.kind]["fields"]
        found: set[str] = set()
        for name in (name for name, said in fields.items() if said["type"] in ("record", "records")):
            value = self.history.value(entry, name)
            found.update(value if isinstance(value, list) else [value] if isinstance(value, str) else [])
        return found

    def _is_void(self, entry: Entry) -> bool:
        return self.history.value(entry, "voided") is True

    def _only_one(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        for other in self._saying_so(entry, entry.kind, rule):
            self.faults.add("rule-only-one", entry=entry, name=", ".join(rule["same"]), other=other)

    def _none(self, entry: Entry, rule: dict[str, Any], _actor: Signer, _signers: list[Signer]) -> None:
        for other in self._saying_so(entry, rule["kind"], rule):
            self.faults.add("rule-none", entry=entry, name=", ".join(rule["same"]), other=other)

    def _saying_so(self, entry: Entry, kind: str, rule: dict[str, Any]) -> list[str]:
        names = tuple(rule["same"])
        said = self._said(entry, names)
        found = [self.history.newest(each) for each in self.saying[kind, names].get(said, set()) - {entry.record}]
        now = sorted(each.record for each in found if each is not None and self._said(each, names) == said)
        return [record for record in now if self._fulfils(record, rule["where"])]

    def _said(self, entry: Entry, names: tuple[str, ...]) -> bytes:
        return _key([self.history.value(entry, name) for name in names])

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
    """The records in a list of things or of records, or the one that a field names."""
    rows = listed if isinstance(listed, list) else [listed]
    found = [each.get("id") if isinstance(each, dict) else each for each in rows]
    return [each for each in found if isinstance(each, str)]


def looks(text: str) -> str:
    """A text as a reader sees it: two numbers that look alike are one (docs/ledger-format.md, "Numbers")."""
    seen = "".join(
        "-" if category(sign) == "Pd" else sign for sign in normalize("NFKC", text) if category(sign) != "Cf"
    )
    return " ".join(seen.upper().translate(_ALIKE).split())


def _key(values: list[Any]) -> bytes:
    """Under which records that say the same are found."""
    return canonical.write([looks(value) if isinstance(value, str) else value for value in values])


def _shown(value: object) -> str:
    return "–" if value is None else str(value)


def _due(condition: object) -> str:
    return ", ".join(map(str, condition)) if isinstance(condition, list) else str(condition)
