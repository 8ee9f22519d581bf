"""A small investigation, filed act by act: every kind of act once, so that each attack changes one thing of a sound log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from builder import Key, Log, Who, assent_signature


class Story:
    """An investigation with its people: two of each role that signs in pairs, and three on the board."""

    def __init__(self, seed: int = 1) -> None:
        self.log = Log(seed)
        self.admin = self._found()
        self.dna, self.dna_too = self.enrol("dna_examiner"), self.enrol("dna_examiner")
        self.prints, self.mortuary = self.enrol("print_examiner"), self.enrol("mortuary")
        self.board, self.board_too, self.board_third = (self.enrol("board") for _ in range(3))
        self.scene, self.liaison, self.prosecutor = map(self.enrol, ("scene", "family_liaison", "prosecutor"))

    # --- people ---

    def _found(self) -> Who:
        log = self.log
        admin = Who(log.uuid(), Key(log.rng), log.uuid(), "administrator", log.uuid())
        rows: list[tuple[str, str, dict[str, Any]]] = [
            ("casework.Investigation", log.uuid(), {"name": "Ізюм", "mandate": "ЄРДР 1"}),
            ("casework.Person", admin.person, {"name": "Адміністраторка"}),
            ("casework.Key", admin.key_record, self.key_fields(admin)),
            ("casework.Office", admin.office, self.office_fields(admin)),
        ]
        for kind, record, fields in rows:
            log.file("casework.found", kind, admin, {**fields, "reason": ""}, record=record, sign=[admin])
        return admin

    @staticmethod
    def key_fields(who: Who) -> dict[str, Any]:
        return {"person": who.person, "public_key": who.key.public.hex(), "retired_at": None, "reason": ""}

    @staticmethod
    def office_fields(who: Who) -> dict[str, Any]:
        return {"person": who.person, "role": who.role, "until": None, "reason": ""}

    def enrol(self, role: str, *, person: str = "") -> Who:
        """A person with a key and an office; with ``person``, a second key for somebody enrolled before."""
        log, admin = self.log, self.admin
        who = Who(person or log.uuid(), Key(log.rng), log.uuid(), role, log.uuid())
        if not person:
            log.file("casework.enrol", "casework.Person", admin, {"name": "Ім’я"}, record=who.person, sign=[admin])
        self.enter_key(who)
        self.appoint(who)
        return who

    def enter_key(self, who: Who) -> None:
        fields = self.key_fields(who)
        self.log.file("casework.enrol", "casework.Key", self.admin, fields, record=who.key_record, sign=[self.admin])

    def appoint(self, who: Who, **more: Any) -> None:
        fields = {**self.office_fields(who), **more}
        self.log.file("casework.appoint", "casework.Office", self.admin, fields, record=who.office, sign=[self.admin])

    def dismiss(self, who: Who) -> None:
        fields = {"until": "2026-05-01T00:00:00Z", "reason": "left"}
        self.log.file("casework.dismiss", "casework.Office", self.admin, fields, record=who.office, sign=[self.admin])

    def retire(self, who: Who) -> None:
        fields = {"retired_at": "2026-05-01T00:00:00Z", "reason": "lost"}
        self.log.file(
            "casework.retire_key", "casework.Key", self.admin, fields, record=who.key_record, sign=[self.admin]
        )

    # --- things ---

    def unit(self) -> str:
        photo = self.log.keep(b"\xff\xd8 a photograph " + self.log.rng.randbytes(8))
        fields = {"number": "IZ-1-0001-B-7", "state": "lifted", "reason": ""}
        return self.log.file("graves.lift", "graves.RecoveryUnit", self.scene, fields, files=[photo])

    def missing(self) -> str:
        fields = {"name": "Петренко Олена", "born_on": "1979-03-02", "reason": ""}
        return self.log.file("missing.report", "missing.MissingPerson", self.liaison, fields)

    def hand_over(self, unit: str, *, by: Who | None = None) -> str:
        giver = by or self.scene
        fields = {"things": [unit], "taken_at": None, "state": "handed_over"}
        return self.log.file("casework.hand_over", "casework.Transfer", giver, fields, sign=[giver])

    def take_over(self, transfer: str, *, by: Who | None = None) -> None:
        taker = by or self.mortuary
        fields = {"taken_at": "2026-05-01T10:00:00Z", "state": "taken_over"}
        self.log.file("casework.take_over", "casework.Transfer", taker, fields, record=transfer, sign=[taker])

    # --- identification ---

    def compare(self, unit: str, missing: str, *, discipline: str = "dna", conclusion: str = "concordant") -> str:
        fields = {
            "recovery_unit": unit,
            "missing_person": missing,
            "discipline": discipline,
            "conclusion": conclusion,
            "log10_lr": "8.25",
            "state": "concordant",
            "signed_on": None,
            "superseded_by": None,
            "reason": "",
        }
        return self.log.file("identification.compare", "identification.Comparison", self.dna, fields)

    def assent(self, who: Who, act: str, record: str, *, leaf: str = "", **changed: Any) -> dict[str, Any]:
        """File an assent to an act on the newest version of a record; returns the signature for the act's entry."""
        leaf = leaf or self.log.records[record].leaf
        signature = assent_signature(who, act, leaf, record)
        fields = {"act": act, "record": record, "leaf": leaf, "reason": "", **signature, **changed}
        self.log.file("casework.assent", "casework.Assent", who, fields, sign=[who])
        return signature

    def act_under_assent(
        self, act: str, record: str, signers: Sequence[Who], fields: dict[str, Any], **more: Any
    ) -> None:
        """Collect the assents, and file the act."""
        kind = self.log.records[record].kind
        signatures = [self.assent(who, act, record) for who in signers]
        by = signers[-1] if signers else self.board
        self.log.file(act, kind, by, fields, record=record, signatures=signatures, **more)

    def sign_comparison(self, comparison: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        fields = {"state": "signed", "signed_on": "2026-05-02", **changed}
        signers = signers or (self.dna, self.dna_too)
        self.act_under_assent("identification.sign_comparison", comparison, signers, fields)

    def decide(self, unit: str, missing: str, comparisons: Sequence[str]) -> str:
        fields = {
            "recovery_unit": unit,
            "missing_person": missing,
            "comparisons": list(comparisons),
            "state": "before_the_board",
            "decided_on": None,
            "certificate_number": "",
            "family_notified_on": None,
            "revoked_on": None,
            "reason": "",
        }
        return self.log.file("identification.bring", "identification.Decision", self.board, fields)

    def certify(self, decision: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        fields = {"state": "certified", "decided_on": "2026-05-03", "certificate_number": "C-1", **changed}
        signers = signers or (self.board, self.board_too)
        self.act_under_assent("identification.certify", decision, signers, fields)

    def exclude(self, decision: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        fields = {"state": "excluded", "decided_on": "2026-05-03", **changed}
        self.act_under_assent("identification.exclude", decision, signers or (self.board, self.board_too), fields)

    def revoke(self, decision: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        fields = {"state": "revoked", "revoked_on": "2026-05-04", "reason": "second look", **changed}
        self.act_under_assent("identification.revoke", decision, signers or (self.board, self.board_too), fields)

    def ready_decision(self, **comparison: Any) -> str:
        """A decision before the board that rests on one signed comparison of the same remains and person."""
        unit, missing = self.unit(), self.missing()
        compared = self.compare(unit, missing, **comparison)
        self.sign_comparison(compared)
        return self.decide(unit, missing, [compared])

    # --- the whole of it ---

    def tell(self) -> Log:
        """Every act of the table, and some that are not in it."""
        log = self.log
        unit, missing = self.unit(), self.missing()
        self.take_over(self.hand_over(unit))
        compared = self.compare(unit, missing)
        self.sign_comparison(compared)
        decision = self.decide(unit, missing, [compared])
        self.certify(decision)
        log.file(
            "identification.notify",
            "identification.Decision",
            self.liaison,
            {"state": "family_notified", "family_notified_on": "2026-05-03"},
            record=decision,
        )
        release = {"recovery_unit": unit, "to": "родина", "reason": ""}
        log.file("identification.release", "identification.Release", self.mortuary, release, sign=[self.mortuary])
        self.revoke(decision)
        log.file(
            "identification.supersede",
            "identification.Comparison",
            self.dna,
            {"state": "superseded", "superseded_by": log.uuid()},
            record=compared,
        )
        by_prints = self.compare(unit, missing, discipline="friction_ridge", conclusion="discordant")
        self.sign_comparison(by_prints, (self.prints, self.mortuary))
        self.exclude(self.decide(unit, missing, [by_prints]), (self.board_too, self.board_third))
        earlier = {"manifest_sha256": "0" * 64, "number": "BND-000000", "reason": ""}
        log.file("court.bundle", "court.Bundle", self.prosecutor, earlier, sign=[self.prosecutor])
        self.retire(self.prints)
        self.dismiss(self.board_third)
        return log
