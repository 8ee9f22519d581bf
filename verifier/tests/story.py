"""A small investigation, filed act by act: every act of the constitution, so that each attack changes one thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from builder import STANDARD, Fields, Key, Log, Who, assent_message, b64, canonical, possession_message, sha


class Story:
    """An investigation with its people: two of each office that signs in pairs, and three on the board.

    Args:
        constitution: By which the log is founded; the standard one if none is given.
        filled_by: By which records are filled in, where the log is founded by something that cannot be used.
        log: The log that it is filed in; a new one if none is given.
    """

    def __init__(
        self, seed: int = 1, *, constitution: Any = STANDARD, filled_by: Any = None, log: Log | None = None
    ) -> None:
        self.rules = constitution
        self.log = log or Log(seed, constitution if filled_by is None else filled_by)
        self.admin = self._found()
        self.dna, self.dna_too = self.enrol("dna_examiner"), self.enrol("dna_examiner")
        self.prints, self.mortuary = self.enrol("print_examiner"), self.enrol("mortuary")
        self.board, self.board_too, self.board_third = (self.enrol("board") for _ in range(3))
        self.scene, self.liaison, self.prosecutor = map(self.enrol, ("scene", "family_liaison", "prosecutor"))
        self.site = self.log.file("graves.open_site", "graves.Site", self.scene)
        self.grave = self.log.file("graves.open_grave", "graves.Grave", self.scene, {"site": self.site})

    # --- people ---

    def _found(self) -> Who:
        log = self.log
        admin = Who(log.uuid(), Key(log.rng), log.uuid(), "administrator", log.uuid())
        with log.filing():
            for kind, record, fields in self.founding_rows(admin):
                log.file("casework.found", kind, admin, fields, record=record)
        return admin

    def founding_rows(self, admin: Who) -> list[tuple[str, str, Fields]]:
        """What the first filing of a log holds: kind, record and fields, in their order."""
        return [
            ("casework.Investigation", self.log.uuid(), {"name": "Ізюм", "mandate": "ЄРДР 1"}),
            ("casework.Constitution", self.log.uuid(), self.told_constitution(self.rules)),
            ("casework.Person", admin.person, {"name": "Адміністраторка"}),
            ("casework.Key", admin.key_record, self.key_fields(admin)),
            ("casework.Office", admin.office, self.office_fields(admin)),
        ]

    def told_constitution(self, rules: Any) -> Fields:
        """What the record of the first constitution holds."""
        return {"rules": rules, "sha256": sha(canonical(rules)), "state": "in_force"}

    def key_fields(self, who: Who) -> Fields:
        """What a key's record holds: whose it is, and that they hold it."""
        public = who.key.public.hex()
        possession = who.key.sign(possession_message(public, who.person, log=self.log.id))
        return {"person": who.person, "public_key": public, "possession": possession}

    @staticmethod
    def office_fields(who: Who) -> Fields:
        return {"person": who.person, "role": who.role}

    def stranger(self, role: str, *, person: str = "") -> Who:
        """Somebody of whom the log knows nothing yet."""
        log = self.log
        return Who(person or log.uuid(), Key(log.rng), log.uuid(), role, log.uuid())

    def enrol(self, role: str, *, person: str = "") -> Who:
        """A person with a key and an office; with ``person``, a second key and office for somebody enrolled before."""
        who = self.stranger(role, person=person)
        with self.log.filing():
            if not person:
                self.enter_person(who)
            self.enter_key(who)
        self.appoint(who)
        return who

    def enter_person(self, who: Who) -> None:
        self.log.file("casework.enrol", "casework.Person", self.admin, {"name": "Ім’я"}, record=who.person)

    def enter_key(self, who: Who, **changed: Any) -> None:
        fields = {**self.key_fields(who), **changed}
        self.log.file("casework.enrol", "casework.Key", self.admin, fields, record=who.key_record)

    def appoint(self, who: Who, **changed: Any) -> None:
        fields = {**self.office_fields(who), **changed}
        self.log.file("casework.appoint", "casework.Office", self.admin, fields, record=who.office)

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

    # --- the constitution ---

    def propose(self, rules: dict[str, Any], **changed: Any) -> str:
        """Lay other rules before the administrators."""
        fields = {"rules": rules, "sha256": sha(canonical(rules)), "state": "proposed", **changed}
        return self.log.file("casework.propose_constitution", "casework.Constitution", self.admin, fields)

    def adopt(self, proposed: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        """Put other rules in force; from now on the log is filled in by them."""
        signers = signers or (self.admin, self.enrol("administrator"))
        fields = {"state": "in_force", "reason": "a new room", **changed}
        self.under_assents("casework.adopt_constitution", proposed, signers, fields)
        self.log.constitution = self.log.records[proposed].fields["rules"]

    # --- remains ---

    def change(self, act: str, record: str, by: Who, fields: Fields, **more: Any) -> None:
        """File the next version of a record."""
        self.log.file(act, self.log.records[record].kind, by, fields, record=record, **more)

    def registered(self, **changed: Any) -> str:
        fields = {"grave": self.grave, "holder": self.scene.person, **changed}
        return self.log.file("graves.register_unit", "graves.RecoveryUnit", self.scene, fields)

    def lift(self, unit: str, by: Who | None = None, **changed: Any) -> None:
        photo = self.log.keep(b"\xff\xd8 a photograph " + self.log.rng.randbytes(8))
        by = by or self.scene
        fields = {"state": "lifted", "lifted_at": self.log.now, "holder": by.person, **changed}
        self.change("graves.lift", unit, by, fields, files=[photo])

    def unit(self) -> str:
        """Remains that were lifted, with a photograph."""
        unit = self.registered()
        self.lift(unit)
        return unit

    def thing(self, record: str) -> Fields:
        held = self.log.records[record]
        return {"id": record, "kind": held.kind, "number": held.fields["number"]}

    def hand_over(self, *things: str, by: Who | None = None, to: Who | None = None, **changed: Any) -> str:
        giver, receiver = by or self.scene, to or self.mortuary
        fields = {"giver": giver.person, "receiver": receiver.person, "things": [*map(self.thing, things)], **changed}
        return self.log.file("casework.hand_over", "casework.Transfer", giver, fields)

    def take_over(self, transfer: str, *, by: Who | None = None, **changed: Any) -> None:
        fields = {"state": "taken_over", "taken_at": self.log.now, "reason": "", **changed}
        self.change("casework.take_over", transfer, by or self.mortuary, fields)

    def change_hands(self, thing: str, transfer: str, *, by: Who | None = None, **changed: Any) -> None:
        taker = by or self.mortuary
        fields = {"holder": taker.person, "place": "store", "transfer": transfer, **changed}
        self.change("casework.change_hands", thing, taker, fields)

    def pass_on(self, *things: str, by: Who | None = None, to: Who | None = None) -> str:
        """The whole of it: handed over, taken over, and written on each thing."""
        transfer = self.hand_over(*things, by=by, to=to)
        with self.log.filing():
            self.take_over(transfer, by=to)
            for thing in things:
                self.change_hands(thing, transfer, by=to)
        return transfer

    def received(self) -> str:
        """Remains that a mortuary has taken in."""
        unit = self.unit()
        self.pass_on(unit)
        self.change("mortuary.receive", unit, self.mortuary, {"state": "received"})
        return unit

    def examine(self, unit: str, **changed: Any) -> None:
        log, by = self.log, self.mortuary
        with log.filing():
            fields = {"unit": unit, "examiner": by.person, **changed}
            seen = log.file("mortuary.examine", "mortuary.Examination", by, fields)
            log.file("mortuary.examine", "mortuary.Finding", by, {"examination": seen})
            if log.records[unit].fields["state"] == "received":
                self.change("mortuary.examine", unit, by, {"state": "examined"})

    def examined(self) -> str:
        unit = self.received()
        self.examine(unit)
        return unit

    def sample(self, unit: str, **changed: Any) -> str:
        log, by = self.log, self.mortuary
        with log.filing():
            fields = {"unit": unit, "holder": by.person, "taken_by": by.person, **changed}
            sample = log.file("mortuary.sample", "mortuary.Sample", by, fields)
            if log.records[unit].fields["state"] == "examined":
                self.change("mortuary.sample", unit, by, {"state": "sampled"})
        return sample

    def profile(self, sample: str) -> str:
        return self.log.file("mortuary.profile", "mortuary.Profile", self.dna, {"sample": sample})

    def withdraw_profile(self, profile: str) -> None:
        self.change("mortuary.withdraw_profile", profile, self.dna, {"withdrawn": True, "reason": "tubes were swapped"})

    # --- the missing ---

    def missing(self) -> str:
        fields = {"family_name": "Петренко", "given_name": "Олена", "born": "1979-03-02"}
        return self.log.file("missing.report", "missing.MissingPerson", self.liaison, fields)

    def donor(self) -> str:
        family = self.log.file("missing.draw_pedigree", "missing.Family", self.liaison)
        return self.log.file("missing.enrol_donor", "missing.Donor", self.liaison, {"family": family})

    def withdraw_consent(self, donor: str) -> None:
        fields = {"withdrawn": True, "withdrawn_on": "2024-05-02", "reason": "asked"}
        self.change("missing.withdraw_consent", donor, self.liaison, fields)

    def reference(self, donor: str) -> str:
        return self.log.file("missing.type_reference", "missing.Reference", self.dna, {"donor": donor})

    # --- identification ---

    def compare(self, unit: str, missing: str, *, by: Who | None = None, **changed: Any) -> str:
        by = by or self.dna
        fields = {
            "recovery_unit": unit,
            "missing_person": missing,
            "discipline": "dna",
            "conclusion": "concordant",
            "examiner": by.person,
            "log10_lr": "8.25",
            **changed,
        }
        return self.log.file("identification.compare", "identification.Comparison", by, fields)

    def supersede(self, comparison: str, by: str, **changed: Any) -> None:
        fields = {"state": "superseded", "superseded_by": by, "reason": "a second run", **changed}
        self.change("identification.supersede", comparison, self.dna, fields)

    def superseded(self, comparison: str) -> None:
        """Another comparison of the same pair stands in the place of this one."""
        held = self.log.records[comparison].fields
        self.supersede(comparison, self.compare(held["recovery_unit"], held["missing_person"]))

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

    def sign_comparison(self, comparison: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        fields = {"state": "signed", "signed_on": "2024-05-02", **changed}
        self.under_assents("identification.sign_comparison", comparison, signers or (self.dna, self.dna_too), fields)

    def decide(self, unit: str, missing: str, comparisons: Sequence[str], **changed: Any) -> str:
        """Lay a decision before the board."""
        fields = {
            "recovery_unit": unit,
            "missing_person": missing,
            "comparisons": list(comparisons),
            "laid_by": self.board.person,
            "question": "identify",
            **changed,
        }
        return self.log.file("identification.lay_before_board", "identification.Decision", self.board, fields)

    certificate: int = 0

    def certificate_fields(self, **changed: Any) -> Fields:
        self.certificate += 1
        number = f"C-{self.certificate}"
        return {"state": "certified", "decided_on": "2024-05-03", "certificate_number": number, "reason": "", **changed}

    def certify(self, decision: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        signers = signers or (self.board, self.board_too)
        self.under_assents("identification.certify", decision, signers, self.certificate_fields(**changed))

    def exclude(self, decision: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        fields = {"state": "excluded", "decided_on": "2024-05-03", **changed}
        self.under_assents("identification.exclude", decision, signers or (self.board, self.board_too), fields)

    def revoke(self, decision: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        fields = {"state": "revoked", "revoked_on": "2024-05-04", "reason": "second look", **changed}
        self.under_assents("identification.revoke", decision, signers or (self.board, self.board_too), fields)

    def notify(self, decision: str, **changed: Any) -> None:
        fields = {"state": "family_notified", "family_notified_on": "2024-05-03", **changed}
        self.change("identification.notify_family", decision, self.liaison, fields)

    def release_record(self, decision: str, **changed: Any) -> str:
        fields = {
            "decision": decision,
            "recovery_unit": self.log.records[decision].fields["recovery_unit"],
            "identity_checked_by": self.scene.person,
            **changed,
        }
        return self.log.file("identification.release", "identification.Release", self.mortuary, fields)

    def release(self, decision: str) -> None:
        with self.log.filing():
            self.release_record(decision)
            fields = {"state": "released", "released_on": "2024-05-04"}
            self.change("identification.release", decision, self.mortuary, fields)
            unit = self.log.records[decision].fields["recovery_unit"]
            self.change("graves.mark_released", unit, self.mortuary, {"state": "released"})

    def reopen(self, decision: str, **changed: Any) -> str:
        fields = {"because_of": decision, **changed}
        return self.log.file("identification.reopen", "identification.Review", self.board, fields)

    def signed_comparison(self, unit: str, missing: str, **comparison: Any) -> str:
        compared = self.compare(unit, missing, **comparison)
        self.sign_comparison(compared)
        return compared

    def ready_decision(self, *, question: str = "identify", **comparison: Any) -> str:
        """A decision before the board that rests on one signed comparison of the same remains and person."""
        unit, missing = self.unit(), self.missing()
        said = {"conclusion": "concordant" if question == "identify" else "discordant", **comparison}
        return self.decide(unit, missing, [self.signed_comparison(unit, missing, **said)], question=question)

    def certified(self) -> str:
        decision = self.ready_decision()
        self.certify(decision)
        return decision

    # --- the whole of it ---

    def tell(self) -> Log:
        """Every act of the standard constitution, and all that each of them files."""
        self.adopt(self.propose(self.log.constitution))
        log, at_scene, at_mortuary = self.log, self.begin_work(self.scene), self.begin_work(self.mortuary)
        log.file("casework.deliver", "casework.Delivery", at_scene)
        own, self.scene = self.scene, at_scene
        unit = self.unit()
        self.scene = own
        log.file("graves.photograph", "graves.Photograph", at_scene, {"unit": unit})
        self.change("graves.quarantine", unit, at_scene, {"state": "quarantined", "reason": "a booby trap"})
        self.change("graves.end_quarantine", unit, at_scene, {"state": "lifted", "reason": "cleared"})
        part = {"split_from": unit, "grave": self.grave, "holder": self.scene.person, "state": "lifted"}
        log.file("graves.split", "graves.RecoveryUnit", at_scene, part)
        self.pass_on(unit)
        self.change("mortuary.receive", unit, at_mortuary, {"state": "received"})
        self.examine(unit)
        sample = self.sample(unit)
        self.change("mortuary.store", unit, at_mortuary, {"state": "stored"})
        self.pass_on(sample, by=self.mortuary, to=self.dna)
        self.withdraw_profile(self.profile(sample))
        self.end_work(at_mortuary)
        missing = self._tell_of_the_missing()
        self._decide(unit, missing, sample)
        log.file("court.bundle", "court.Bundle", self.prosecutor, {"made_by": self.prosecutor.person})
        self.retire(self.prints)
        self.dismiss(self.board_third)
        return log

    def _tell_of_the_missing(self) -> str:
        log, missing, again = self.log, self.missing(), self.missing()
        self.change("missing.verify", missing, self.liaison, {"state": "verified"})
        self.change("missing.mark_duplicate", again, self.liaison, {"state": "duplicate", "same_as": missing})
        donor = self.donor()
        family = log.records[donor].fields["family"]
        self.change("missing.draw_pedigree", family, self.liaison, {"members": {"a": 1}, "reason": "a brother"})
        self.reference(donor)
        self.withdraw_consent(donor)
        frequencies = log.file("missing.adopt_frequencies", "missing.Frequencies", self.dna)
        log.file("identification.search", "identification.Search", self.dna, {"frequencies": frequencies})
        return missing

    def _decide(self, unit: str, missing: str, sample: str) -> None:
        log = self.log
        first = self.signed_comparison(unit, missing, profile=self.profile(sample))
        self.superseded(first)
        good = self.signed_comparison(unit, missing)
        taken_back = self.decide(unit, missing, [good])
        self.change("identification.withdraw", taken_back, self.board, {"state": "withdrawn", "reason": "too early"})
        decision = self.decide(unit, missing, [good])
        self.certify(decision)
        self.change("missing.apply_decision", missing, self.board, {"state": "matched"})
        self.notify(decision)
        self.release(decision)
        log.file("identification.doubt", "identification.Doubt", self.dna,
                 {"decision": decision, "raised_by": self.dna.person})  # fmt: skip
        self.revoke(decision)
        review = self.reopen(decision)
        self.change("identification.close_review", review, self.board, {"closed_on": "2024-05-05", "outcome": "stands"})
        by_prints = self.compare(unit, missing, by=self.prints, discipline="friction_ridge", conclusion="discordant")
        self.sign_comparison(by_prints, (self.prints, self.mortuary))
        excluded = self.decide(unit, missing, [by_prints], question="exclude")
        self.exclude(excluded, (self.board_too, self.board_third))


def sig(text: str) -> str:
    """Some text where a signature is due."""
    return b64(text.encode().ljust(64, b"."))
