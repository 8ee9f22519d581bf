"""Who may act: keys, offices, sessions, and the signatures that people gave.

Every entry names a key and an office, and is signed with that key. Both must be of one person, entered earlier in the log,
and still in force. Otherwise whoever runs the system could act in anybody's name, or appoint somebody after the fact. The
chain of appointments ends in the founding, whose keys are the roots of all others. A person may delegate
routine acts to the key of a session; what the constitution calls an act in person is signed with their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from dokaz_verify.canonical import Malformed
from dokaz_verify.entries import Assent, Base, Entry, assent_message, possession_message
from dokaz_verify.faults import Faults
from dokaz_verify.fields import IN_FORCE, Laws
from dokaz_verify.history import History
from dokaz_verify.manifest import is_count, is_hash, is_text, is_time, is_uuid
from dokaz_verify.notes import decode_base64, is_key, signature_holds

INVESTIGATION, PERSON, KEY = "casework.Investigation", "casework.Person", "casework.Key"
OFFICE, SESSION, ASSENT = "casework.Office", "casework.SessionKey", "casework.Assent"
ADMINISTRATOR, DISMISS = "administrator", "casework.dismiss"


@dataclass
class _Key:
    record: str
    person: str
    public_key: bytes
    in_force: bool = False
    retired: bool = False


@dataclass
class _Session:
    record: str
    person: str
    delegated_by: str
    offices: tuple[str, ...]
    public_key: bytes
    until: str
    ended: bool = False


@dataclass
class _Office:
    person: str
    role: str
    in_force: bool = False
    until: str | None = None
    dismissed: bool = False


def _a_day_after(at: str) -> str:
    return (datetime.fromisoformat(at) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Signer:
    """A person who signed, and the role in which they did."""

    person: str
    role: str


@dataclass
class People:
    """The keys, offices, sessions and assents filed so far, while the log is gone through in its order."""

    history: History
    laws: Laws
    faults: Faults
    log: str
    is_trial: bool = False
    keys: dict[str, _Key] = field(default_factory=dict)
    offices: dict[str, _Office] = field(default_factory=dict)
    sessions: dict[str, _Session] = field(default_factory=dict)
    assents: set[tuple[str, str, str, str, str, Base, bytes]] = field(default_factory=set)

    # --- who there is ------------------------------------------------------------------------------------------------

    def admit(self, entry: Entry) -> None:
        """Let an entry count for those that follow it, if it is about who may act."""
        admit = {KEY: self._key, OFFICE: self._office, SESSION: self._session, ASSENT: self._assent}.get(entry.kind)
        if admit is not None:
            admit(entry)

    def _key(self, entry: Entry) -> None:
        person, public = self._need(entry, "person", is_uuid), self._need(entry, "public_key", is_hash)
        if not (person and public):
            return
        raw = bytes.fromhex(public)
        key_id = sha256(raw).hexdigest()
        known = self.keys.get(key_id)
        if not is_key(raw):
            self.faults.add("key-is-no-key", entry=entry, key=public)
            return
        # A later version retires the key, but for the one that puts it in force.
        is_another = known.in_force if known is not None else entry.version > 1
        if known is None:
            if key_id in self.sessions:
                self.faults.add("key-in-two-records", entry=entry, key=key_id, other=self.sessions[key_id].record)
            self._possessed(entry, public, raw, person)
            known = self.keys[key_id] = _Key(entry.record, person, raw)
        elif known.record != entry.record:
            self.faults.add("key-in-two-records", entry=entry, key=key_id, other=known.record)
            return
        retired_at = self.history.value(entry, "retired_at")
        if is_another and (known.retired or not is_time(retired_at)):
            self.faults.add("key-not-retired-once", entry=entry)
        if retired_at is not None and key_id == entry.actor and self._administrators() == {known.person}:
            self.faults.add("key-retires-itself", entry=entry, key=key_id)
        known.in_force = known.in_force or self.history.value(entry, "state") == IN_FORCE
        known.retired = known.retired or retired_at is not None

    def _administrators(self) -> set[str]:
        """The people who can act as administrators now."""
        held = {o.person for o in self.offices.values() if o.role == ADMINISTRATOR and o.in_force and not o.dismissed}
        return held & {key.person for key in self.keys.values() if key.in_force and not key.retired}

    def _possessed(self, entry: Entry, public: str, raw: bytes, person: str) -> None:
        """Whoever enrolled the key held it: it signed that it is this person's, in this log."""
        said = self._need(entry, "possession", is_text)
        try:
            sig = decode_base64(said or "")
        except Malformed as error:
            self.faults.malformed("assent-malformed", error, index=entry.index)
            return
        if not signature_holds(raw, sig, possession_message(public, person, log=self.log)):
            self.faults.add("key-not-possessed", entry=entry, key=public)

    def _office(self, entry: Entry) -> None:
        person, role = self._need(entry, "person", is_uuid), self._need(entry, "role", is_text)
        until = self._need(entry, "until", lambda found: found is None or is_time(found))
        known = self.offices.get(entry.record)
        begins = known is None or (not known.in_force and self.history.value(entry, "state") == IN_FORCE)
        self._need(entry, "since", lambda found: is_time(found) and (not begins or found == entry.at))
        if not (person and role):
            return
        known = self.offices.setdefault(entry.record, _Office(person, role))
        if known.in_force and (known.dismissed or until is None):
            self.faults.add("office-not-ended-once", entry=entry)
        known.in_force = known.in_force or self.history.value(entry, "state") == IN_FORCE
        # What was once ended stays ended, whatever a later version says.
        known.until = until if known.until is None else min(known.until, until or known.until)
        known.dismissed = known.dismissed or entry.act == DISMISS

    def _session(self, entry: Entry) -> None:
        person, public = self._need(entry, "person", is_uuid), self._need(entry, "public_key", is_hash)
        delegated_by, until = self._need(entry, "delegated_by", is_uuid), self._need(entry, "until", is_time)
        offices = self._need(entry, "offices", lambda found: isinstance(found, list))
        if not (person and public and delegated_by and until and offices is not None):
            return
        raw = bytes.fromhex(public)
        key_id = sha256(raw).hexdigest()
        known = self.sessions.get(key_id)
        owner = self.keys.get(key_id)
        if not is_key(raw):
            self.faults.add("key-is-no-key", entry=entry, key=public)
        elif owner is not None or (known is not None and known.record != entry.record):
            other = owner.record if owner is not None else known.record if known is not None else ""
            self.faults.add("key-in-two-records", entry=entry, key=key_id, other=other)
        elif known is None:
            by = self.keys.get(entry.actor)
            if by is None or by.record != delegated_by or by.person != person:
                self.faults.add("session-of-another", entry=entry, key=key_id)
            if not entry.at <= until <= _a_day_after(entry.at):
                self.faults.add("session-too-long", entry=entry, key=key_id)
            self.sessions[key_id] = _Session(entry.record, person, delegated_by, tuple(offices), raw, until)
        else:
            known.ended = True

    def _assent(self, entry: Entry) -> None:
        """An assent is its signer's own, and its signature holds."""
        need = self._need
        act, record = need(entry, "act", is_text), need(entry, "record", is_uuid)
        office, leaf = need(entry, "office", is_uuid), need(entry, "leaf", is_hash)
        key, sig = need(entry, "key", is_hash), need(entry, "sig", is_text)
        size, root = need(entry, "base_size", is_count), need(entry, "base_root", is_hash)
        if not (act and record and office and leaf and key and sig and root) or size is None:
            return
        base = Base(size, root)
        if (key, office) != (entry.actor, entry.office) or base != entry.base:
            self.faults.add("assent-of-another", entry=entry, key=key)
        try:
            raw = decode_base64(sig)
        except Malformed as error:
            self.faults.malformed("assent-malformed", error, index=entry.index)
            return
        known = self.keys.get(key)
        message = assent_message(act, leaf, record, log=self.log, office=office, base=base)
        if known and not signature_holds(known.public_key, raw, message):
            self.faults.add("signature-wrong", entry=entry, key=key)
        self.assents.add((act, record, leaf, key, office, base, raw))

    def _need(self, entry: Entry, name: str, test: Any) -> Any:
        """The value of a field that is always opened, or ``None`` after noting what is wrong with it."""
        if not self.history.is_open(entry, name):
            self.faults.add("field-must-be-open", entry=entry, name=name)
            return None
        found = self.history.value(entry, name)
        if not test(found):
            self.faults.add("field-holds-something-else", entry=entry, name=name)
            return None
        return found

    # --- who acted, and who agreed -----------------------------------------------------------------------------------

    def check_actor(self, entry: Entry) -> Signer:
        """Whoever acted held a key and an office of the act then, and signed the entry.

        Returns:
            The person, empty where nobody is known to have acted.
        """
        if entry.log != self.log:
            self.faults.add("log-is-another", entry=entry, found=entry.log)
        act = self.laws.at(entry.index).acts.get(entry.act)
        key = self.keys.get(entry.actor) or self.sessions.get(entry.actor)
        if isinstance(key, _Session):
            self._session_in_force(entry, key)
            if act is not None and act["signed_by"] == "person":
                self.faults.add("not-signed-in-person", entry=entry)
            self._in_force(entry, entry.office, person=key.person, key_id=entry.actor)
        else:
            self._key_in_force(entry, entry.actor)
            self._in_force(entry, entry.office, person=key.person if key else "", key_id=entry.actor)
        if key is None:
            return Signer("", "")
        if not signature_holds(key.public_key, entry.signature, entry.own_message):
            self.faults.add("signature-wrong", entry=entry, key=entry.actor)
        office = self.offices.get(entry.office)
        role = office.role if office else ""
        if act is not None and role and role not in act["offices"]:
            self.faults.add("role-may-not-act", entry=entry, role=role, due=", ".join(act["offices"]))
        return Signer(key.person, role)

    def check_assents(self, entry: Entry) -> list[Signer]:
        """The assents are as many as the act needs, of different people in its offices, filed before, and they hold.

        Returns:
            Those who gave them, as far as they are known.
        """
        act = self.laws.at(entry.index).acts.get(entry.act)
        needed = act["assents"] if act else 0
        if self.is_trial and act and act["offices"] == [ADMINISTRATOR]:
            needed = min(needed, 1)
        if len(entry.assents) != needed:
            self.faults.add("signatures-not-as-many", entry=entry, needed=needed, found=len(entry.assents))
        signers: list[Signer] = []
        for given in entry.assents:
            signer = self._assented(entry, given)
            if signer is None:
                continue
            if act and signer.role not in act["offices"]:
                due = ", ".join(act["offices"])
                self.faults.add("role-may-not-sign", entry=entry, role=signer.role, due=due, person=signer.person)
            if any(signer.person == other.person for other in signers):
                self.faults.add("same-person-twice", entry=entry, person=signer.person)
            signers.append(signer)
        return signers

    def _assented(self, entry: Entry, given: Assent) -> Signer | None:
        key, office = self.keys.get(given.key), self.offices.get(given.office)
        self._key_in_force(entry, given.key)
        self._in_force(entry, given.office, person=key.person if key else "", key_id=given.key)
        if key is None:
            return None
        leaf = entry.previous[0] if entry.previous else ""
        if (entry.act, entry.record, leaf, given.key, given.office, given.base, given.sig) not in self.assents:
            self.faults.add("assent-not-filed", entry=entry, key=given.key)
        message = assent_message(entry.act, leaf, entry.record, log=self.log, office=given.office, base=given.base)
        if not signature_holds(key.public_key, given.sig, message):
            self.faults.add("signature-wrong", entry=entry, key=given.key)
        return Signer(key.person, office.role if office else "")

    def _key_in_force(self, entry: Entry, key_id: str) -> None:
        key = self.keys.get(key_id)
        if key is None:
            self.faults.add("key-unknown", entry=entry, key=key_id)
        elif key.retired:
            self.faults.add("key-retired", entry=entry, key=key_id)
        elif not key.in_force:
            self.faults.add("not-put-in-force", entry=entry, what=key_id)

    def _session_in_force(self, entry: Entry, session: _Session) -> None:
        delegating = next((key for key in self.keys.values() if key.record == session.delegated_by), None)
        if session.ended or session.until <= entry.at:
            self.faults.add("session-ended", entry=entry, key=entry.actor)
        if delegating is None or delegating.retired:
            self.faults.add("key-retired", entry=entry, key=entry.actor)
        if entry.office not in session.offices:
            self.faults.add("session-not-in-this-office", entry=entry, key=entry.actor, office=entry.office)

    def _in_force(self, entry: Entry, office_id: str, *, person: str, key_id: str) -> None:
        """An office is known, of the person whose key it is, and in force when the entry was filed."""
        office = self.offices.get(office_id)
        if office is None:
            self.faults.add("office-unknown", entry=entry, office=office_id)
            return
        if not office.in_force:
            self.faults.add("not-put-in-force", entry=entry, what=office_id)
        if office.dismissed or (office.until is not None and office.until <= entry.at):
            self.faults.add("office-ended", entry=entry, office=office_id, role=office.role)
        if person and person != office.person:
            self.faults.add("key-and-office-of-two", entry=entry, key=key_id, office=office_id)
