"""A history as drafts: what each entry is to say before it is placed and signed, so that it can be changed and filed anew.

A log that was changed in one place is signed anew from there on by everybody who goes on working in it: the drafts name who
acts; bases, versions, leaves, digests and assents follow from the place. Nothing here knows what is allowed.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from builder import Fields, Key, Log, Who, assent_message, canonical, same, sha, signed
from story import Story


class Told(Story):
    """A story that remembers every key that signs in it, as the builder needs it to sign anew."""

    def __init__(self, seed: int = 1) -> None:
        self.known: dict[tuple[str, str], Who] = {}
        super().__init__(seed)

    def _found(self, founders: int = 2) -> list[Who]:
        return [self._know(who) for who in super()._found(founders)]

    def stranger(self, role: str, *, person: str = "") -> Who:
        return self._know(super().stranger(role, person=person))

    def in_office(self, who: Who, role: str, **changed: Any) -> Who:
        return self._know(super().in_office(who, role, **changed))

    def begin_work(self, who: Who, **more: Any) -> Who:
        return self._know(super().begin_work(who, **more))

    def _know(self, who: Who) -> Who:
        self.known[who.key.id, who.office] = who
        return who


@dataclass
class Draft:
    """What an entry is to say.

    Args:
        by: Who acts: their key and office.
        fields: What changes; of a new record, all.
        filing: Entries of one number, one after the other, are of one filing.
        assents: Records of the assents under which it is filed.
        header: Members of the entry that are overridden at the very end.
        signs: Whose key signs; that of ``by`` if it is ``None``; nobody's if it is empty.
        to: Of an assent: the act and the record that are agreed to, worked out when it is filed.
        head: It is signed on the head of so many entries, and not on the newest.
        is_kept_back: It is made, and not filed.
        shares: A field that has the opening of another: its name, and the record and the name of that one.
    """

    act: str
    kind: str
    record: str
    by: Who
    fields: Fields
    files: list[str]
    at: str
    filing: int
    assents: list[str]
    header: Fields = field(default_factory=dict)
    signs: Key | str | None = None
    to: tuple[str, str] | None = None
    drop: list[str] = field(default_factory=list)
    head: int | None = None
    is_kept_back: bool = False
    shares: tuple[str, str, str] | None = None


@dataclass
class Drafts:
    """The drafts of a log, and who can sign in it."""

    seed: int
    rows: list[Draft]
    people: list[Who]
    constitution: Fields
    files: dict[str, bytes]
    later_key: Key | None = None

    @classmethod
    def of(cls, story: Told) -> Drafts:
        """Everything that was told."""
        log = story.log
        rows: list[Draft] = []
        before: dict[str, Fields] = {}
        filed: dict[str, str] = {}
        filing = 0
        for index, entry in enumerate(log.entries):
            now = {name: value for _, name, value in log.openings[index]}
            old = before.get(entry["record"], {})
            changed = {n: v for n, v in now.items() if n not in old or not same(old[n], v)}
            before[entry["record"]] = now
            filing += index == 0 or entry["base"] != log.entries[index - 1]["base"]
            to = None
            if entry["kind"] == "casework.Assent":
                filed[now["sig"]] = entry["record"]
                to = (now["act"], now["record"])
                changed = {name: changed[name] for name in ("number", "reason")}
            given = [filed[each["sig"]] for each in entry["assents"]]
            files = [name.removeprefix("sha256:") for name in entry["files"]]
            by = story.known[entry["actor"], entry["office"]]
            rows.append(
                Draft(
                    entry["act"], entry["kind"], entry["record"], by, changed, files, entry["at"], filing, given, to=to
                )
            )
        return cls(log.seed, rows, list(story.known.values()), log.constitution, log.files, log.later_key)

    def copied(self) -> Drafts:
        """The same, to be changed: values and lists are copied, keys and constitutions are not."""
        rows = [
            replace(
                row,
                fields=row.fields.copy() if "rules" in row.fields else copy.deepcopy(row.fields),
                files=list(row.files),
                assents=list(row.assents),
                header=dict(row.header),
                drop=list(row.drop),
            )
            for row in self.rows
        ]
        return replace(self, rows=rows)

    def filed(self) -> Log:
        """The log that these drafts make."""
        log = Log(self.seed, self.constitution, files=dict(self.files))
        given: dict[str, Fields] = {}
        base: Fields = log.head()
        last = None
        for row in self.rows:
            if row.filing != last:
                base, last = log.head(), row.filing
            if row.head is not None:
                base = log.head(min(row.head, log.size))
            fields = dict(row.fields)
            if row.to is not None:
                fields |= _assent(log, row, base)
                given[row.record] = {"base": base, **{name: fields[name] for name in ("key", "office", "sig")}}
            fields |= _ordered(log, row)
            assents = _distinct(given[record] for record in row.assents if record in given)
            entry, openings = log.version(
                row.act, row.kind, row.by, fields, record=row.record, files=row.files, assents=assents, drop=row.drop,
                base=base, at=row.at, openings=_shared(log, row),
            )  # fmt: skip
            entry |= row.header
            if row.signs != "":
                entry = signed(entry, row.signs if isinstance(row.signs, Key) else row.by.key)
            if not row.is_kept_back:
                log.append(entry, openings)
                log.erased |= _carried_out(row.kind, openings)
        # Whoever runs it signs with the newest key that the log names, where they hold it.
        keys = [one.fields for one in log.records.values() if one.kind == "casework.CheckpointKey"]
        named = [fields.get("key") for fields in keys if fields.get("state") == "in_force"]
        if self.later_key is not None and log.vkey_of(self.later_key) in named[-1:]:
            log.later_key = self.later_key
        return log


def _assent(log: Log, row: Draft, base: Fields) -> Fields:
    """The fields of an assent to the newest version of a record; what the draft states itself stays."""
    act, record = row.to or ("", "")
    held = log.records.get(record)
    said = {"act": act, "record": record, "leaf": held.leaf if held else "0" * 64, "key": row.by.key.id,
            "office": row.by.office, "base_root": base["root"], "base_size": base["size"]}  # fmt: skip
    said |= {name: value for name, value in row.fields.items() if name in said}
    message = assent_message(said["act"], said["leaf"], said["record"], log=log.id, office=said["office"],
                             base={"root": said["base_root"], "size": said["base_size"]})  # fmt: skip
    return {**said, "sig": row.by.key.sign(message)}


def _ordered(log: Log, row: Draft) -> Fields:
    """What an order names, by the digests that it has in this log; of what is not there, as the draft has it."""
    named = row.fields.get("erases")
    if row.kind != "casework.ErasureOrder" or not isinstance(named, list):
        return {}
    held = {(entry["record"], entry["version"]): entry["fields"] for entry in log.entries}
    return {
        "erases": [
            each | {"digest": held.get((each["record"], each["version"]), {}).get(each["field"], each["digest"])}
            if isinstance(each, dict) and each.keys() == {"digest", "field", "record", "version"}
            else each
            for each in named
        ]
    }


def _carried_out(kind: str, openings: Sequence[Any]) -> set[str]:
    """What whoever runs the system destroys, once an order says that it is in force."""
    said = {name: value for _salt, name, value in openings}
    named = said.get("erases")
    if kind != "casework.ErasureOrder" or said.get("state") != "in_force" or not isinstance(named, list):
        return set()
    return {each["digest"] for each in named if isinstance(each, dict) and isinstance(each.get("digest"), str)}


def _shared(log: Log, row: Draft) -> dict[str, tuple[str, str, Any]]:
    name, record, theirs = row.shares or ("", "", "")
    held = log.records[record].openings if record in log.records else []
    found = [opening for opening in held if opening[1] == theirs]
    return {name: found[0]} if found else {}


def _distinct(assents: Iterable[Fields]) -> Sequence[Fields]:
    return list({sha(canonical(each)): each for each in assents}.values())
