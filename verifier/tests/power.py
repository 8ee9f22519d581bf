"""Who may act in a story: founders, people with keys and offices, sessions, and what administrators put in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from builder import Fields, Key, Log, Who, assent_message, canonical, possession_message, sha

# Who appoints, examines and decides: two administrators appoint to these offices.
BY_TWO = ("administrator", "board", "dna_examiner", "mortuary", "print_examiner")


class Power:
    """The people of a log, as they are enrolled, appointed and dismissed."""

    log: Log
    rules: Any
    admin: Who
    admin_too: Who

    # --- people ---

    def _found(self, founders: int = 2) -> list[Who]:
        admins = [self.stranger("administrator") for _ in range(founders)]
        with self.log.filing():
            for kind, record, fields in self.founding_rows(*admins):
                self.log.file("casework.found", kind, admins[0], fields, record=record)
        for admin in admins[1:]:
            self.sign_founding(admin)
        return admins

    def founding_rows(self, *admins: Who) -> list[tuple[str, str, Fields]]:
        """What the first filing of a log holds: kind, record and fields, in their order."""
        return [
            ("casework.Investigation", self.log.uuid(), {"name": "Ізюм", "mandate": "ЄРДР 1"}),
            ("casework.Constitution", self.log.uuid(), self.told_constitution(self.rules)),
            *(row for admin in admins for row in self.administrator_rows(admin)),
        ]

    def administrator_rows(self, admin: Who) -> list[tuple[str, str, Fields]]:
        return [
            ("casework.Person", admin.person, {"name": "Адміністраторка"}),
            ("casework.Key", admin.key_record, self.key_fields(admin)),
            ("casework.Office", admin.office, self.office_fields(admin)),
        ]

    def sign_founding(self, admin: Who, **changed: Any) -> None:
        """A further administrator signs what was founded."""
        self.assent(admin, "casework.found", self.log.entries[0]["record"], **changed)

    def told_constitution(self, rules: Any) -> Fields:
        """What the record of the first constitution holds."""
        return {"rules": rules, "sha256": sha(canonical(rules)), "state": "in_force"}

    def key_fields(self, who: Who) -> Fields:
        """What a key's record holds: whose it is, and that they hold it."""
        public = who.key.public.hex()
        possession = who.key.sign(possession_message(public, who.person, log=self.log.id))
        return {"person": who.person, "public_key": public, "possession": possession, "state": "in_force"}

    @staticmethod
    def office_fields(who: Who) -> Fields:
        return {"person": who.person, "role": who.role, "state": "in_force"}

    def stranger(self, role: str, *, person: str = "") -> Who:
        """Somebody of whom the log knows nothing yet."""
        log = self.log
        return Who(person or log.uuid(), Key(log.rng), log.uuid(), role, log.uuid())

    def enrol(self, role: str, *, person: str = "") -> Who:
        """A person with a key and an office; with ``person``, a second key and office for somebody enrolled before."""
        who = self.stranger(role, person=person)
        if person:
            self.renew_key(who)
        else:
            with self.log.filing():
                self.enter_person(who)
                self.enter_key(who)
        self.appoint(who)
        return who

    def renew_key(self, who: Who, signers: Sequence[Who] = ()) -> None:
        """Somebody enrolled before gets another key in place of theirs, when two administrators have agreed."""
        for record in self.keys_of(who.person):
            held = self.log.records[record].fields
            if held["retired_at"] is None and held["state"] == "in_force":
                self.retire(Who(who.person, who.key, who.office, who.role, record))
        self.enter_key(who)
        self.put_in_force(who.key_record, signers)

    def enter_person(self, who: Who) -> None:
        self.log.file("casework.enrol", "casework.Person", self.admin, {"name": "Ім’я"}, record=who.person)

    def enter_key(self, who: Who, **changed: Any) -> None:
        """File a key: in force if it is the first of its person, else proposed."""
        fields = {**self.key_fields(who), **({"state": "proposed"} if self.keys_of(who.person) else {}), **changed}
        self.log.file("casework.enrol", "casework.Key", self.admin, fields, record=who.key_record)

    def keys_of(self, person: str) -> list[str]:
        """The records of a person's keys."""
        return [record for record, held in self.log.records.items()
                if held.kind == "casework.Key" and held.fields.get("person") == person]  # fmt: skip

    def appoint(self, who: Who, signers: Sequence[Who] = (), **changed: Any) -> None:
        """Appoint somebody: to some offices, when two administrators have agreed."""
        by_two = changed.get("role", who.role) in BY_TWO
        self.propose_office(who, **{"state": "proposed" if by_two else "in_force", **changed})
        if by_two:
            self.put_in_force(who.office, signers)

    def propose_office(self, who: Who, **changed: Any) -> None:
        fields = {**self.office_fields(who), "state": "proposed", **changed}
        self.log.file("casework.appoint", "casework.Office", self.admin, fields, record=who.office)

    @property
    def administrators(self) -> tuple[Who, ...]:
        """Those who put in force what is proposed: two; in a trial the one who founded it."""
        return (self.admin, self.admin_too) if self.admin_too != self.admin else (self.admin,)

    def put_in_force(self, record: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        """Administrators agree to a proposal, and the last of them puts it in force."""
        fields = {"state": "in_force", **changed}
        self.under_assents("casework.put_in_force", record, signers or self.administrators, fields)

    def in_office(self, who: Who, role: str, **changed: Any) -> Who:
        """The same person and key, appointed to one more office."""
        other = Who(who.person, who.key, self.log.uuid(), role, who.key_record)
        self.appoint(other, **changed)
        return other

    def dismiss(self, who: Who, **changed: Any) -> None:
        fields = {"until": self.log.now, "reason": "left", **changed}
        self.log.file("casework.dismiss", "casework.Office", self.admin, fields, record=who.office)

    def retire(self, who: Who, **changed: Any) -> None:
        fields = {"retired_at": self.log.now, "reason": "lost", **changed}
        self.log.file("casework.retire_key", "casework.Key", self.admin, fields, record=who.key_record)

    def retire_own(self, who: Who, **changed: Any) -> None:
        """Somebody stops their own key, with that key."""
        fields = {"retired_at": self.log.now, "reason": "stolen", **changed}
        self.log.file("casework.retire_own_key", "casework.Key", who, fields, record=who.key_record)

    def withdraw(self, proposed: str, **changed: Any) -> None:
        fields = {"state": "withdrawn", "reason": "not now", **changed}
        self.change("casework.withdraw_proposal", proposed, self.admin, fields)

    def begin_work(self, who: Who, *, record: str = "", by: Who | None = None, **changed: Any) -> Who:
        """The same person with the key of a session of their own, for routine acts."""
        key = Key(self.log.rng)
        fields = {
            "person": who.person,
            "delegated_by": who.key_record,
            "offices": [who.office],
            "public_key": key.public.hex(),
            "until": self.log.later(hours=12),
            **changed,
        }
        record = self.log.file("casework.begin_work", "casework.SessionKey", by or who, fields, record=record)
        return Who(who.person, key, who.office, who.role, record)

    def end_work(self, session: Who, **changed: Any) -> None:
        fields = {"ended_at": self.log.now, "reason": "", **changed}
        self.log.file("casework.end_work", "casework.SessionKey", session, fields, record=session.key_record)

    # --- the log's key ---

    def propose_log_key(self, key: Key, /, **changed: Any) -> str:
        fields = {"key": self.log.vkey_of(key), "reason": "routine", "state": "proposed", **changed}
        return self.log.file("casework.propose_log_key", "casework.CheckpointKey", self.admin, fields)

    def replace_log_key(self, signers: Sequence[Who] = (), **changed: Any) -> Key:
        """Two administrators put another key in the place of the one that signs the log; it signs from now on."""
        key = Key(self.log.rng)
        self.put_in_force(self.propose_log_key(key, **changed), signers)
        self.log.later_key = key
        return key

    # --- erasure ---

    def erases(self, record: str, *names: str, versions: Sequence[int] = ()) -> list[Fields]:
        """What an order names of a record: each field with its digest, and the first version that holds it."""
        filed = [entry for entry in self.log.entries if entry["record"] == record]
        rows = {entry["fields"][name]: {"digest": entry["fields"][name], "field": name, "record": record,
                                        "version": entry["version"]}
                for entry in reversed(filed) for name in names}  # fmt: skip
        return [row for row in rows.values() if not versions or row["version"] in versions]

    def order_erasure(self, record: str, rows: Sequence[Fields], *, by: Who | None = None, **changed: Any) -> str:
        kind = next((entry["kind"] for entry in self.log.entries if entry["record"] == record), "missing.Donor")
        fields = {"of_kind": kind, "record": record, "erases": list(rows), "authority": "court",
                  "document": "Court 7/24", "reason": "outside of the mandate", "state": "proposed", **changed}  # fmt: skip
        return self.log.file("casework.order_erasure", "casework.ErasureOrder", by or self.admin, fields)

    def destroy(self, rows: Sequence[Fields]) -> None:
        """The openings are gone, ordered or not."""
        self.log.erased |= {row["digest"] for row in rows}

    def erase(self, record: str, *names: str, versions: Sequence[int] = (), signers: Sequence[Who] = ()) -> str:
        """Fields of a record are ordered to be erased, two administrators put it in force, and it is carried out."""
        rows = self.erases(record, *names, versions=versions)
        order = self.order_erasure(record, rows)
        self.put_in_force(order, signers)
        self.destroy(rows)
        return order

    # --- the constitution ---

    def propose(self, rules: dict[str, Any], **changed: Any) -> str:
        """Lay other rules before the administrators."""
        fields = {"rules": rules, "sha256": sha(canonical(rules)), "state": "proposed", **changed}
        return self.log.file("casework.propose_constitution", "casework.Constitution", self.admin, fields)

    def adopt(self, proposed: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        """Put other rules in force; from now on the log is filled in by them."""
        self.put_in_force(proposed, signers, **{"reason": "a new room", **changed})
        self.log.constitution = self.log.records[proposed].fields["rules"]

    # --- agreeing ---

    def change(self, act: str, record: str, by: Who, fields: Fields, **more: Any) -> None:
        """File the next version of a record."""
        self.log.file(act, self.log.records[record].kind, by, fields, record=record, **more)

    def given(self, who: Who, act: str, record: str, *, leaf: str = "", base: Fields | None = None) -> Fields:
        """An assent as an entry has it, given and not filed."""
        base = base or self.log.head()
        leaf = leaf or self.log.records[record].leaf
        message = assent_message(act, leaf, record, log=self.log.id, office=who.office, base=base)
        return {"base": base, "key": who.key.id, "office": who.office, "sig": who.key.sign(message)}

    def assent_fields(self, act: str, record: str, given: Fields, *, leaf: str = "") -> Fields:
        """What the record of an assent holds."""
        base = {"base_root": given["base"]["root"], "base_size": given["base"]["size"]}
        signature = {name: given[name] for name in ("key", "office", "sig")}
        return {"act": act, "record": record, "leaf": leaf or self.log.records[record].leaf, **base, **signature}

    def file_assent(self, who: Who, act: str, record: str, given: Fields, *, leaf: str = "", **changed: Any) -> None:
        """File an assent that was given."""
        fields = {**self.assent_fields(act, record, given, leaf=leaf), **changed}
        self.log.file("casework.assent", "casework.Assent", who, fields)

    def assent(self, who: Who, act: str, record: str, *, leaf: str = "", **changed: Any) -> Fields:
        """Give an assent to an act on the newest version of a record, and file it; returns it as an entry has it."""
        given = self.given(who, act, record, leaf=leaf)
        self.file_assent(who, act, record, given, leaf=leaf, **changed)
        return given

    def assents(self, act: str, record: str, *signers: Who) -> list[Fields]:
        return [self.assent(who, act, record) for who in signers]

    def under_assents(self, act: str, record: str, signers: Sequence[Who], fields: Fields, **more: Any) -> None:
        """Collect the assents, and file the act; the last who signed files it."""
        self.change(act, record, signers[-1], fields, assents=self.assents(act, record, *signers), **more)
