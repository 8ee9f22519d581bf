"""What each act may do: the rules of docs/ledger-format.md that stand around the table of acts.

They answer what a board, a laboratory and a defence would ask of a decision: Was it the board's? Did its members sign
the version that now stands? Did somebody look who had not made the comparison? Was there a primary identifier, of the
same remains and the same missing person? And can what was signed have been changed afterwards?
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dokaz_verify.acts import (
    ACTS,
    ASSENT,
    CERTIFY,
    CHANGEABLE_AFTER_ASSENT,
    CLOSED_KINDS,
    COMPARISON,
    DECISION,
    EXCLUDE,
    FIRST,
    FOUND,
    INVESTIGATION,
    KEY,
    LATER,
    OFFICE,
    PERSON,
    PRIMARY,
    REVOKE,
    SIGN_COMPARISON,
    STATES_AFTER_ASSENT,
    TAKE_OVER,
    Act,
)
from dokaz_verify.entries import Entry
from dokaz_verify.faults import Faults
from dokaz_verify.history import History
from dokaz_verify.manifest import is_uuid
from dokaz_verify.people import Signer

FOUNDING = (INVESTIGATION, PERSON, KEY, OFFICE)


@dataclass
class Rules:
    """The rules, applied to one entry after another in the order of the log."""

    history: History
    faults: Faults
    signed_by: dict[str, list[Signer]] = field(default_factory=dict)

    def check(self, entry: Entry, signers: list[Signer]) -> None:
        """Apply every rule to an entry.

        Args:
            entry: The entry; all those before it were checked and taken into the history.
            signers: Who signed it.
        """
        self.signed_by[entry.leaf] = signers
        rule = ACTS.get(entry.act)
        self._kind(entry, rule)
        if entry.act == FOUND:
            self._founding(entry)
        if rule is not None and rule.over == ASSENT:
            self._assented(entry, rule)
        else:
            self._after_assent(entry)
        if entry.kind in (COMPARISON, DECISION):
            self._state(entry)
        if entry.act == SIGN_COMPARISON:
            self._comparison(entry, signers)
        elif entry.act in (CERTIFY, EXCLUDE, REVOKE):
            self._decision(entry, signers)
        elif entry.act == TAKE_OVER:
            self._custody(entry, signers)

    def _kind(self, entry: Entry, rule: Act | None) -> None:
        """An act files its own kinds; who may act, what was agreed and handed over is filed by no other act."""
        if rule is not None and rule.kinds and entry.kind not in rule.kinds:
            self.faults.add("kind-not-of-this-act", entry=entry)
        elif entry.kind in CLOSED_KINDS:
            allowed = FIRST[entry.kind] if entry.version == 1 else LATER[entry.kind]
            if entry.act not in allowed:
                self.faults.add("kind-is-closed", entry=entry)
        before = self.history.before(entry)
        if before and entry.kind == KEY:
            self._changes_only(entry, before, frozenset({"retired_at", "reason"}))
        elif before and entry.kind == OFFICE:
            self._changes_only(entry, before, frozenset({"until", "reason"}))

    def _founding(self, entry: Entry) -> None:
        """A log is founded once: investigation, person, key, office; the last two are that person's."""
        if entry.index >= len(FOUNDING):
            self.faults.add("founded-twice", entry=entry)
            return
        opened = self.history.opened(entry)
        founder = self.history.entries.get(1)
        if (
            entry.kind != FOUNDING[entry.index]
            or entry.version != 1
            or (entry.index >= 2 and (founder is None or opened.get("person") != founder.record))
            or (entry.index == 3 and entry.record != entry.office)
        ):
            self.faults.add("founding-wrong", entry=entry)

    def _assented(self, entry: Entry, rule: Act) -> None:
        """What people agreed to is what was filed: only what the act is for differs from what they read."""
        before = self.history.before(entry)
        if before is None:
            if entry.version == 1:
                self.faults.add("assent-to-nothing", entry=entry)
            return
        self._changes_only(entry, before, rule.may_change)
        state = self.history.opened(entry).get("state")
        if state != rule.state:
            self.faults.add("state-not-of-this-act", entry=entry, found=_shown(state), due=rule.state)

    def _after_assent(self, entry: Entry) -> None:
        """What several people signed stays as they signed it, whatever becomes of it later."""
        before = self.history.before(entry)
        earlier = self.history.versions.get(entry.record, [])
        if before is None or not any(_under_assent(version) for version in earlier):
            return
        self._changes_only(entry, before, CHANGEABLE_AFTER_ASSENT)
        was, state = (self.history.opened(version).get("state") for version in (before, entry))
        if state != was and STATES_AFTER_ASSENT.get((_text(was), _text(state))) not in ("", entry.act):
            self.faults.add("state-set-without-assent", entry=entry, found=_shown(state))

    def _state(self, entry: Entry) -> None:
        """The states that several people sign are set by the acts that they sign, and by no others."""
        before = self.history.before(entry)
        state = self.history.opened(entry).get("state")
        if before is not None and self.history.opened(before).get("state") == state:
            return
        for name, rule in ACTS.items():
            if rule.state and state == rule.state and entry.act != name:
                self.faults.add("state-set-without-assent", entry=entry, found=_shown(state))

    def _comparison(self, entry: Entry, signers: list[Signer]) -> None:
        """One of the two who sign a comparison is of its discipline."""
        due = PRIMARY.get(_text(self.history.opened(entry).get("discipline")))
        if due and all(signer.role != due for signer in signers):
            self.faults.add("discipline-not-signed", entry=entry, due=due)

    def _decision(self, entry: Entry, signers: list[Signer]) -> None:
        """A decision rests on signed comparisons, and one of its signers made none of them."""
        earlier = self.history.versions.get(entry.record, [])
        if entry.act == REVOKE and not any(version.act in (CERTIFY, EXCLUDE) for version in earlier):
            self.faults.add("nothing-to-revoke", entry=entry)
        listed = self.history.opened(entry).get("comparisons")
        if (
            not isinstance(listed, list)
            or not listed
            or not all(map(is_uuid, listed))
            or len(set(listed)) != len(listed)
        ):
            self.faults.add("comparisons-not-stated", entry=entry)
            return
        examiners: set[str] = set()
        primary = False
        for record in listed:
            versions = [v for v in self.history.versions.get(record, []) if v.kind == COMPARISON]
            signed = [version for version in versions if version.act == SIGN_COMPARISON]
            if not signed:
                self.faults.add("comparison-not-signed", entry=entry, comparison=record)
                continue
            if entry.act != REVOKE and versions[-1] is not signed[-1]:
                self.faults.add("comparison-changed-since", entry=entry, comparison=record)
            examiners |= {signer.person for version in signed for signer in self.signed_by[version.leaf]}
            primary = primary or self._carries(versions[-1], entry)
        if signers and all(signer.person in examiners for signer in signers):
            self.faults.add("sits-alone", entry=entry)
        if entry.act == CERTIFY and not primary:
            self.faults.add("no-primary-identifier", entry=entry)

    def _carries(self, comparison: Entry, decision: Entry) -> bool:
        """Whether a comparison is a primary identifier of just these remains as just this missing person."""
        found, sought = self.history.opened(comparison), self.history.opened(decision)
        return (
            found.get("discipline") in tuple(PRIMARY)
            and found.get("conclusion") == "concordant"
            and found.get("state") == "signed"
            and all(is_uuid(sought.get(n)) and found.get(n) == sought[n] for n in ("recovery_unit", "missing_person"))
        )

    def _custody(self, entry: Entry, signers: list[Signer]) -> None:
        """A thing is handed over by one person and taken over by another; then the transfer is closed."""
        before = self.history.before(entry)
        if entry.version != 2:
            self.faults.add("transfer-is-closed", entry=entry)
        elif before is not None:
            givers = {signer.person for signer in self.signed_by[before.leaf]}
            if any(signer.person in givers for signer in signers):
                self.faults.add("took-over-from-oneself", entry=entry)

    def _changes_only(self, entry: Entry, before: Entry, allowed: frozenset[str]) -> None:
        """The fields in which two versions differ are open on both sides, the same, and among those allowed."""
        new, gone = set(entry.fields) - set(before.fields), set(before.fields) - set(entry.fields)
        names = self.history.names
        for digest in sorted(new | gone):
            if digest not in names:
                self.faults.add("change-is-hidden", entry=entry, digest=digest)
            elif names[digest] not in allowed:
                self.faults.add("change-not-allowed", entry=entry, name=names[digest])
        if all(digest in names for digest in new | gone):
            appeared, vanished = ({names[digest] for digest in digests} for digests in (new, gone))
            for name in sorted(appeared ^ vanished):
                self.faults.add("field-came-or-went", entry=entry, name=name)


def _under_assent(entry: Entry) -> bool:
    rule = ACTS.get(entry.act)
    return rule is not None and rule.over == ASSENT


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _shown(value: object) -> str:
    return "–" if value is None else str(value)
