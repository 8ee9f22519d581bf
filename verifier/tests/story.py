"""A small investigation, filed act by act: every act of the constitution, so that each attack changes one thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from books import Books
from builder import STANDARD, Fields, Key, Log, Who, b64
from hands import Hands
from power import Power
from searches import told_of_a_place


class Story(Power, Hands, Books):
    """An investigation with its people: two of each office that signs in pairs, and three on the board.

    Args:
        constitution: By which the log is founded; the standard one if none is given.
        filled_by: By which records are filled in, where the log is founded by something that cannot be used.
        log: The log that it is filed in; a new one if none is given.
        founders: How many administrators found it.
    """

    def __init__(
        self,
        seed: int = 1,
        *,
        constitution: Any = STANDARD,
        filled_by: Any = None,
        log: Log | None = None,
        founders: int = 2,
    ) -> None:
        self.rules = constitution
        self.log = log or Log(seed, constitution if filled_by is None else filled_by)
        self.profiles: dict[str, str] = {}
        self.families: dict[str, str] = {}
        self.admin, *others = self._found(founders)
        self.admin_too = others[0] if others else self.admin
        self.dna, self.dna_too = self.enrol("dna_examiner"), self.enrol("dna_examiner")
        self.prints, self.mortuary = self.enrol("print_examiner"), self.enrol("mortuary")
        self.board, self.board_too, self.board_third = (self.enrol("board") for _ in range(3))
        self.scene, self.liaison, self.prosecutor = map(self.enrol, ("scene", "family_liaison", "prosecutor"))
        self.site = self.log.file("graves.open_site", "graves.Site", self.scene)
        self.grave = self.log.file("graves.open_grave", "graves.Grave", self.scene, {"site": self.site})

    # --- remains ---

    def registered(self, **changed: Any) -> str:
        fields = {"grave": self.grave, **changed}
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

    def received(self) -> str:
        """Remains that a mortuary has taken in."""
        unit = self.kept()
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

    def typed(self, unit: str) -> str:
        """A profile of remains, which are brought to the mortuary first if they are not there."""
        if unit not in self.profiles:
            if self.log.records[unit].fields["state"] == "lifted":
                if self.log.records[unit].fields["holder"] != self.mortuary.person:
                    self.pass_on(unit)
                self.change("mortuary.receive", unit, self.mortuary, {"state": "received"})
            if self.log.records[unit].fields["state"] == "received":
                self.examine(unit)
            self.profiles[unit] = self.profile(self.sample(unit))
        return self.profiles[unit]

    def withdraw_profile(self, profile: str) -> None:
        self.change("mortuary.withdraw_profile", profile, self.dna, {"withdrawn": True, "reason": "tubes were swapped"})

    # --- the missing ---

    def missing(self) -> str:
        fields = {"family_name": "Петренко", "given_name": "Олена", "born": "1979-03-02"}
        return self.log.file("missing.report", "missing.MissingPerson", self.liaison, fields)

    def family_of(self, missing: str) -> str:
        """The pedigree in which a missing person stands."""
        if missing not in self.families:
            self.families[missing] = self.log.file("missing.draw_pedigree", "missing.Family", self.liaison)
        return self.families[missing]

    def typed_pair(self) -> tuple[str, str]:
        """Remains with a profile and a missing person with a pedigree: what a comparison of DNA needs."""
        unit, missing = self.unit(), self.missing()
        self.typed(unit)
        self.family_of(missing)
        return unit, missing

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
        if fields["discipline"] == "dna" and fields["conclusion"] != "inconclusive":
            if "profile" not in fields:
                fields["profile"] = self.typed(unit)
            if "family" not in fields:
                fields["family"] = self.family_of(missing)
        if fields["discipline"] in ("teeth", "friction_ridge") and "rests_on" not in fields:
            fields["rests_on"] = [self.chart_of(unit), self.chart_of(missing)]
        return self.log.file("identification.compare", "identification.Comparison", by, fields)

    def chart_of(self, record: str) -> str:
        """A file attached to a record."""
        held = self.log.records[record]
        of = [{"kind": held.kind, "id": record, "number": held.fields["number"]}]
        chart = self.log.keep(b"an invented chart")
        said = {"of": of, "sha256": chart, "bytes": 17}
        return self.log.file("casework.attach", "casework.Attachment", self.mortuary, said, files=[chart])

    def supersede(self, comparison: str, by: str, **changed: Any) -> None:
        fields = {"state": "superseded", "superseded_by": by, **changed}
        self.change("identification.supersede", comparison, self.dna, fields)

    def superseded(self, comparison: str) -> None:
        """Another comparison of the same pair, which two people signed, stands in the place of this one."""
        held = self.log.records[comparison].fields
        pair = held["recovery_unit"], held["missing_person"]
        self.supersede(comparison, self.signed_comparison(*pair, supersedes=[comparison], why_better="a second run"))

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

    def certify(self, decision: str, signers: Sequence[Who] = (), *, matches: bool = False, **changed: Any) -> None:
        """Certify; with ``matches``, carry it over to the missing person's file."""
        signers = signers or (self.board, self.board_too)
        given = self.assents("identification.certify", decision, *signers)
        with self.log.filing():
            fields = self.certificate_fields(**changed)
            self.change("identification.certify", decision, signers[-1], fields, assents=given)
            if matches:
                self.apply_decision(self.log.records[decision].fields["missing_person"], by=signers[-1])

    def apply_decision(self, missing: str, *, by: Who | None = None, state: str = "matched") -> None:
        self.change("missing.apply_decision", missing, by or self.board, {"state": state})

    def exclude(self, decision: str, signers: Sequence[Who] = (), **changed: Any) -> None:
        fields = {"state": "excluded", "decided_on": "2024-05-03", **changed}
        self.under_assents("identification.exclude", decision, signers or (self.board, self.board_too), fields)

    def revoke(self, decision: str, signers: Sequence[Who] = (), *, reopens: bool = False, **changed: Any) -> str:
        """Revoke; with ``reopens``, open a review, which it returns."""
        fields = {"state": "revoked", "revoked_on": "2024-05-04", "reason": "second look", **changed}
        signers = signers or (self.board, self.board_too)
        given = self.assents("identification.revoke", decision, *signers)
        with self.log.filing():
            self.change("identification.revoke", decision, signers[-1], fields, assents=given)
            return self.reopen(decision, by=signers[-1]) if reopens else ""

    def notify(self, decision: str, **changed: Any) -> None:
        fields = {"state": "family_notified", "family_notified_on": "2024-05-03", **changed}
        self.change("identification.notify_family", decision, self.liaison, fields)

    def release_record(self, decision: str, **changed: Any) -> str:
        fields = {
            "decision": decision,
            "recovery_unit": self.log.records[decision].fields["recovery_unit"],
            "released_by": self.mortuary.person,
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
            self.mark_released(unit)

    def mark_released(self, unit: str, by: Who | None = None, **changed: Any) -> None:
        fields = {"state": "released", "holder": None, "place": "Ізюм, цвинтар", **changed}
        self.change("graves.mark_released", unit, by or self.mortuary, fields)

    def take_return(self, release: str, **changed: Any) -> None:
        """The signature alone of whoever takes remains back."""
        fields = {"returned_at": self.log.now, "returned_to": self.mortuary.person, **changed}
        self.change("identification.take_return", release, self.mortuary, fields)

    def mark_returned(self, unit: str, by: Who | None = None, **changed: Any) -> None:
        by = by or self.mortuary
        fields = {"state": "received", "holder": by.person, "place": "mortuary", **changed}
        self.change("graves.mark_returned", unit, by, fields)

    def returned(self, release: str) -> None:
        """Remains of a revoked decision come back."""
        with self.log.filing():
            self.take_return(release)
            self.mark_returned(self.log.records[release].fields["recovery_unit"])

    def reopen(self, decision: str, *, by: Who | None = None, **changed: Any) -> str:
        fields = {"because_of": decision, **changed}
        return self.log.file("identification.reopen", "identification.Review", by or self.board, fields)

    def signed_comparison(self, unit: str, missing: str, *, signers: Sequence[Who] = (), **comparison: Any) -> str:
        compared = self.compare(unit, missing, **comparison)
        self.sign_comparison(compared, signers)
        return compared

    def ready_decision(self, *, question: str = "identify", **comparison: Any) -> str:
        """A decision before the board that rests on one signed comparison of the same remains and person."""
        unit, missing = self.kept(), self.missing()
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
        self.hand_about(unit, at_scene)
        self.pass_on(unit)
        self.change("mortuary.receive", unit, at_mortuary, {"state": "received"})
        self.examine(unit)
        sample = self.sample(unit)
        self.change("casework.put_away", sample, at_mortuary, {"kept_in": self.shelf, "place": "A3"})
        self.change("mortuary.store", unit, at_mortuary, {"state": "stored"})
        self.pass_on(sample, by=self.mortuary, to=self.dna)
        self.withdraw_profile(self.profile(sample))
        self.end_work(at_mortuary)
        told_of_a_place(self)
        self.tell_of_books()
        missing = self._tell_of_the_missing()
        self._decide(unit, missing, sample)
        log.file("court.bundle", "court.Bundle", self.prosecutor, {"made_by": self.prosecutor.person})
        self.retire(self.prints)
        self.dismiss(self.board_third)
        self._tell_of_power()
        return log

    def _tell_of_power(self) -> None:
        """A key is lost and another given, one is stolen; what was proposed is withdrawn."""
        self.renew_key(self.stranger("print_examiner", person=self.prints.person))
        self.retire_own(self.dna)
        left, key = self.stranger("board", person=self.scene.person), self.stranger("", person=self.dna.person)
        self.propose_office(left)
        self.enter_key(key)
        self.replace_log_key()
        log_key = self.propose_log_key(Key(self.log.rng))
        donor = self.donor()
        self.erase(donor, "name", "note")
        order = self.order_erasure(donor, self.erases(donor, "born"))
        for proposed in (self.propose(self.log.constitution), left.office, key.key_record, log_key, order):
            self.withdraw(proposed)

    def _tell_of_the_missing(self) -> str:
        log, missing, again = self.log, self.missing(), self.missing()
        self.change("missing.verify", missing, self.liaison, {"state": "verified"})
        self.change("missing.mark_duplicate", again, self.liaison, {"state": "duplicate", "same_as": missing})
        self._split_a_report()
        self.chart_of(missing)
        donor = self.donor()
        family = log.records[donor].fields["family"]
        self.change("missing.draw_pedigree", family, self.liaison, {"members": {"a": 1}, "reason": "a brother"})
        self.reference(donor)
        self.withdraw_consent(donor)
        frequencies = log.file("missing.adopt_frequencies", "missing.Frequencies", self.dna)
        log.file("identification.search", "identification.Search", self.dna, {"frequencies": frequencies})
        return missing

    def _split_a_report(self) -> None:
        """A report turns out to be of two people."""
        act, kind, person = "missing.split_report", "missing.MissingPerson", self.missing()
        with self.log.filing():
            for _each in range(2):
                self.log.file(act, kind, self.liaison, {"state": "reported", "split_from": person})
            self.change(act, person, self.liaison, {"state": "split", "reason": "a neighbour knew both"})

    def _decide(self, unit: str, missing: str, sample: str) -> None:
        log = self.log
        first = self.signed_comparison(unit, missing, profile=self.profile(sample))
        self.superseded(first)
        good = self.signed_comparison(unit, missing)
        taken_back = self.decide(unit, missing, [good])
        self.change("identification.withdraw", taken_back, self.board, {"state": "withdrawn", "reason": "too early"})
        decision = self.decide(unit, missing, [good])
        self.certify(decision, matches=True)
        self.notify(decision)
        self.release(decision)
        log.file("identification.doubt", "identification.Doubt", self.dna,
                 {"decision": decision, "raised_by": self.dna.person})  # fmt: skip
        review = self.revoke(decision, reopens=True)
        self.returned(next(e["record"] for e in log.entries if e["kind"] == "identification.Release"))
        self.change("identification.close_review", review, self.board, {"closed_on": "2024-05-05", "outcome": "stands"})
        by_prints = self.compare(unit, missing, by=self.prints, discipline="friction_ridge", conclusion="discordant")
        self.sign_comparison(by_prints, (self.prints, self.enrol("print_examiner")))
        excluded = self.decide(unit, missing, [by_prints], question="exclude")
        self.exclude(excluded, (self.board_too, self.board_third))


def sig(text: str) -> str:
    """Some text where a signature is due."""
    return b64(text.encode().ljust(64, b"."))
