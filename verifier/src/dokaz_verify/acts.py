"""The table of acts: who must sign what, in which office, and what the act may change.

This is the table of docs/ledger-format.md, "Personal signatures", row by row, and nothing else. An act that is not in
it carries no signature. The rules that no table can hold are in ``rules``.
"""

from __future__ import annotations

from dataclasses import dataclass

ENTRY, ASSENT = "entry", "assent"

INVESTIGATION, PERSON, KEY = "casework.Investigation", "casework.Person", "casework.Key"
OFFICE, ASSENTED, TRANSFER = "casework.Office", "casework.Assent", "casework.Transfer"
COMPARISON, DECISION, BUNDLE = "identification.Comparison", "identification.Decision", "court.Bundle"

FOUND, ENROL, APPOINT = "casework.found", "casework.enrol", "casework.appoint"
DISMISS, RETIRE_KEY, GIVE_ASSENT = "casework.dismiss", "casework.retire_key", "casework.assent"
HAND_OVER, TAKE_OVER = "casework.hand_over", "casework.take_over"
SIGN_COMPARISON, CERTIFY = "identification.sign_comparison", "identification.certify"
EXCLUDE, REVOKE, RELEASE = "identification.exclude", "identification.revoke", "identification.release"
FILE_BUNDLE = "court.bundle"


@dataclass(frozen=True)
class Act:
    """A row of the table.

    Args:
        kinds: Kinds of record that the act files; empty: any.
        over: What a signature covers: the ``entry``, or ``assent`` to the version before it.
        signatures: How many, each of another person.
        roles: Roles of the offices in which they are given; empty: any.
        may_change: Under assent, the names of the fields that may differ from the version before.
        state: Under assent, the state that the act sets.
    """

    kinds: frozenset[str]
    over: str
    signatures: int
    roles: frozenset[str]
    may_change: frozenset[str] = frozenset()
    state: str = ""


def _row(kinds: str, over: str, signatures: int, roles: str, may_change: str = "", state: str = "") -> Act:
    words = (frozenset(text.split()) for text in (kinds, roles, may_change))
    return Act(next(words), over, signatures, next(words), next(words), state)


ACTS: dict[str, Act] = {
    FOUND: _row(f"{INVESTIGATION} {PERSON} {KEY} {OFFICE}", ENTRY, 1, "administrator"),
    ENROL: _row(f"{PERSON} {KEY}", ENTRY, 1, "administrator"),
    APPOINT: _row(OFFICE, ENTRY, 1, "administrator"),
    DISMISS: _row(OFFICE, ENTRY, 1, "administrator"),
    RETIRE_KEY: _row(KEY, ENTRY, 1, "administrator"),
    GIVE_ASSENT: _row(ASSENTED, ENTRY, 1, ""),
    HAND_OVER: _row(TRANSFER, ENTRY, 1, ""),
    TAKE_OVER: _row(TRANSFER, ENTRY, 1, ""),
    SIGN_COMPARISON: _row(
        COMPARISON, ASSENT, 2, "dna_examiner print_examiner mortuary", "state signed_on reason", "signed"
    ),
    CERTIFY: _row(DECISION, ASSENT, 2, "board", "state decided_on certificate_number reason", "certified"),
    EXCLUDE: _row(DECISION, ASSENT, 2, "board", "state decided_on reason", "excluded"),
    REVOKE: _row(DECISION, ASSENT, 2, "board", "state revoked_on reason", "revoked"),
    RELEASE: _row("", ENTRY, 1, "mortuary family_liaison"),
    FILE_BUNDLE: _row(BUNDLE, ENTRY, 1, "prosecutor investigator auditor"),
}

# Kinds that say who may act and what was agreed: only the acts of the table file them.
CLOSED_KINDS = frozenset({KEY, OFFICE, ASSENTED, TRANSFER, BUNDLE})

# The acts that file a kind's first version, and those that may follow it, where the format leaves no other.
FIRST = {
    KEY: {FOUND, ENROL},
    OFFICE: {FOUND, APPOINT},
    ASSENTED: {GIVE_ASSENT},
    TRANSFER: {HAND_OVER},
    BUNDLE: {FILE_BUNDLE},
}
LATER: dict[str, set[str]] = {
    KEY: {RETIRE_KEY},
    OFFICE: {DISMISS},
    ASSENTED: set(),
    TRANSFER: {TAKE_OVER},
    BUNDLE: set(),
}

# What may still change in a record after an act under assent, by acts that are not: what became of it, not what it
# says.
CHANGEABLE_AFTER_ASSENT = frozenset({"state", "reason", "superseded_by", "family_notified_on", "released_on"})

# From which state to which, and by which act (empty: by any). Revoked and excluded stay so until the board acts again.
STATES_AFTER_ASSENT = {
    ("signed", "superseded"): "",
    ("certified", "family_notified"): "",
    ("family_notified", "released"): RELEASE,
}

# A comparison by one of these can carry an identification, and one of its signers is of the discipline's own role.
PRIMARY = {"dna": "dna_examiner", "friction_ridge": "print_examiner", "teeth": "mortuary"}
