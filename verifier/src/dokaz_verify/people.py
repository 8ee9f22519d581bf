"""Who may act: keys, offices, and the signatures that people gave.

Every entry names a key and an office. Both must be of one person, entered earlier in the log, and still in force.
Otherwise whoever runs the system could act in anybody's name, or appoint somebody after the fact. The chain of
appointments ends in the founding (indices 0 to 3), whose key is the root of all others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from dokaz_verify.acts import ACTS, DISMISS, ENTRY, KEY, OFFICE, Act
from dokaz_verify.canonical import Malformed
from dokaz_verify.entries import Entry, Signature, assent_message
from dokaz_verify.faults import Faults
from dokaz_verify.history import History
from dokaz_verify.manifest import is_hash, is_text, is_time, is_uuid
from dokaz_verify.notes import decode_base64, is_small_order, signature_holds


@dataclass
class _Key:
    record: str
    person: str
    public_key: bytes
    retired: bool = False


@dataclass
class _Office:
    person: str
    role: str
    until: str | None = None
    dismissed: bool = False


@dataclass(frozen=True)
class Signer:
    """A person who signed, and the role in which they did."""

    person: str
    role: str


@dataclass
class People:
    """The keys, offices and assents filed so far, while the log is gone through in its order."""

    history: History
    faults: Faults
    keys: dict[str, _Key] = field(default_factory=dict)
    offices: dict[str, _Office] = field(default_factory=dict)
    assents: set[tuple[str, str, str, str, str, bytes]] = field(default_factory=set)

    def admit_key(self, entry: Entry) -> None:
        """Take in a version of a ``casework.Key``."""
        opened = self.history.opened(entry)
        person, public = self._need(entry, opened, "person", is_uuid), self._need(entry, opened, "public_key", is_hash)
        if not (person and public):
            return
        raw = bytes.fromhex(public)
        key_id = sha256(raw).hexdigest()
        known = self.keys.get(key_id)
        if is_small_order(raw):
            self.faults.add("key-is-no-key", entry=entry, key=public)
            return
        if known is None:
            known = self.keys[key_id] = _Key(entry.record, person, raw)
        elif known.record != entry.record:
            self.faults.add("key-in-two-records", entry=entry, key=key_id, other=known.record)
            return
        retired_at = opened.get("retired_at")
        if entry.version > 1 and (known.retired or not is_time(retired_at)):
            self.faults.add("key-not-retired-once", entry=entry)
        known.retired = known.retired or retired_at is not None

    def admit_office(self, entry: Entry) -> None:
        """Take in a version of a ``casework.Office``."""
        opened = self.history.opened(entry)
        person, role = self._need(entry, opened, "person", is_uuid), self._need(entry, opened, "role", is_text)
        until = self._need(entry, opened, "until", lambda found: found is None or is_time(found))
        if not (person and role):
            return
        known = self.offices.setdefault(entry.record, _Office(person, role))
        if entry.version > 1 and (known.dismissed or until is None):
            self.faults.add("office-not-ended-once", entry=entry)
        # What was once ended stays ended, whatever a later version says.
        known.until = until if known.until is None else min(known.until, until or known.until)
        known.dismissed = known.dismissed or entry.act == DISMISS

    def admit_assent(self, entry: Entry) -> None:
        """Take in a ``casework.Assent``: it is its signer's own, and its signature holds."""
        opened = self.history.opened(entry)
        act = self._need(entry, opened, "act", is_text)
        record, office = self._need(entry, opened, "record", is_uuid), self._need(entry, opened, "office", is_uuid)
        leaf, key = self._need(entry, opened, "leaf", is_hash), self._need(entry, opened, "key", is_hash)
        sig = self._need(entry, opened, "sig", is_text)
        if not (act and record and office and leaf and key and sig):
            return
        if (key, office) != (entry.actor, entry.office):
            self.faults.add("assent-of-another", entry=entry, key=key)
        try:
            raw = decode_base64(sig)
        except Malformed as error:
            self.faults.malformed("assent-malformed", error, index=entry.index)
            return
        known = self.keys.get(key)
        if known and not signature_holds(known.public_key, raw, assent_message(act, leaf, record)):
            self.faults.add("signature-wrong", entry=entry, key=key)
        self.assents.add((act, record, leaf, key, office, raw))

    def check_actor(self, entry: Entry) -> None:
        """The person who acted held a key and an office then."""
        self._in_force(entry, entry.actor, entry.office)

    def check_signatures(self, entry: Entry) -> list[Signer]:
        """The signatures are as many as the act needs, of different people in the right offices, and hold.

        Returns:
            The signers, as far as they are known.
        """
        rule = ACTS.get(entry.act)
        needed = rule.signatures if rule else 0
        if len(entry.signatures) != needed:
            self.faults.add("signatures-not-as-many", entry=entry, needed=needed, found=len(entry.signatures))
        signers: list[Signer] = []
        for signature in entry.signatures:
            signer = self._signer(entry, rule, signature)
            if signer is None:
                continue
            if rule and rule.roles and signer.role not in rule.roles:
                due = ", ".join(sorted(rule.roles))
                self.faults.add("role-may-not-sign", entry=entry, role=signer.role, due=due, person=signer.person)
            if any(signer.person == other.person for other in signers):
                self.faults.add("same-person-twice", entry=entry, person=signer.person)
            signers.append(signer)
        return signers

    def _signer(self, entry: Entry, rule: Act | None, signature: Signature) -> Signer | None:
        own = rule is None or rule.over == ENTRY
        if own and (signature.key, signature.office) != (entry.actor, entry.office):
            self.faults.add("signer-is-not-the-actor", entry=entry, key=signature.key)
        # The actor's own standing was checked and reported already.
        quiet = (signature.key, signature.office) == (entry.actor, entry.office)
        self._in_force(entry, signature.key, signature.office, quiet=quiet)
        key, office = self.keys.get(signature.key), self.offices.get(signature.office)
        if key is None:
            return None
        if own:
            message = entry.own_message
        else:
            leaf = entry.previous[0] if entry.previous else ""
            message = assent_message(entry.act, leaf, entry.record)
            given = (entry.act, entry.record, leaf, signature.key, signature.office, signature.sig)
            if given not in self.assents:
                self.faults.add("assent-not-filed", entry=entry, key=signature.key)
        if not signature_holds(key.public_key, signature.sig, message):
            self.faults.add("signature-wrong", entry=entry, key=signature.key)
        return Signer(key.person, office.role if office else "")

    def _in_force(self, entry: Entry, key_id: str, office_id: str, *, quiet: bool = False) -> None:
        """A key and an office are known, of one person, and in force when the entry was filed."""
        if quiet:
            return
        key, office = self.keys.get(key_id), self.offices.get(office_id)
        if key is None:
            self.faults.add("key-unknown", entry=entry, key=key_id)
        elif key.retired:
            self.faults.add("key-retired", entry=entry, key=key_id)
        if office is None:
            self.faults.add("office-unknown", entry=entry, office=office_id)
        elif office.dismissed or (office.until is not None and office.until <= entry.at):
            self.faults.add("office-ended", entry=entry, office=office_id, role=office.role)
        if key and office and key.person != office.person:
            self.faults.add("key-and-office-of-two", entry=entry, key=key_id, office=office_id)

    def _need(self, entry: Entry, opened: dict[str, Any], name: str, test: Any) -> Any:
        """The value of a field that is always opened, or ``None`` after noting what is wrong with it."""
        if name not in opened:
            self.faults.add("field-must-be-open", entry=entry, name=name)
        elif not test(opened[name]):
            self.faults.add("field-holds-something-else", entry=entry, name=name)
        else:
            return opened[name]
        return None


def admit(people: People, entry: Entry) -> None:
    """Let an entry count for those that follow it, if it is about who may act."""
    if entry.kind == KEY:
        people.admit_key(entry)
    elif entry.kind == OFFICE:
        people.admit_office(entry)
    elif entry.kind == "casework.Assent":
        people.admit_assent(entry)
