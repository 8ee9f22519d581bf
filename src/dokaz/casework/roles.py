"""The offices that people hold in an investigation, and which of them may sign what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody was appointed to do. A person may hold several offices, and always acts in one."""

    SCENE = "scene", _("scene of recovery")
    MORTUARY = "mortuary", _("mortuary")
    FAMILY_LIAISON = "family_liaison", _("family liaison")
    DNA_EXAMINER = "dna_examiner", _("DNA examiner")
    PRINT_EXAMINER = "print_examiner", _("print examiner")
    INVESTIGATOR = "investigator", _("investigator")
    ANALYST = "analyst", _("analyst")
    BOARD = "board", _("board member")
    PROSECUTOR = "prosecutor", _("prosecutor")
    DEFENCE = "defence", _("defence")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


ANY_ROLE: frozenset[str] = frozenset(Role.values)


class Over(StrEnum):
    """What a personal signature covers (docs/ledger-format.md, "Personal signatures")."""

    ENTRY = "entry"
    ASSENT = "assent"


@dataclass(frozen=True)
class SignatureRule:
    """How an act must be signed.

    Args:
        over: The whole entry, or assent to the version that was read.
        count: Number of signatures, by as many different persons.
        roles: The offices in which they may sign.
        may_change: Under assent, the only fields that the act may change.
    """

    over: Literal[Over.ENTRY, Over.ASSENT]
    count: int
    roles: frozenset[str]
    may_change: frozenset[str] = frozenset()


_ADMINISTRATOR = SignatureRule(Over.ENTRY, 1, frozenset({Role.ADMINISTRATOR.value}))
_BOARD = frozenset({Role.BOARD.value})

# The same table stands in docs/ledger-format.md and in the verifier; tests/architecture holds the three together.
SIGNATURE_RULES: dict[str, SignatureRule] = {
    "casework.found": _ADMINISTRATOR,
    "casework.enrol": _ADMINISTRATOR,
    "casework.appoint": _ADMINISTRATOR,
    "casework.dismiss": _ADMINISTRATOR,
    "casework.retire_key": _ADMINISTRATOR,
    "casework.assent": SignatureRule(Over.ENTRY, 1, ANY_ROLE),
    "casework.hand_over": SignatureRule(Over.ENTRY, 1, ANY_ROLE),
    "casework.take_over": SignatureRule(Over.ENTRY, 1, ANY_ROLE),
    "identification.sign_comparison": SignatureRule(
        Over.ASSENT,
        2,
        frozenset({Role.DNA_EXAMINER.value, Role.PRINT_EXAMINER.value, Role.MORTUARY.value}),
        frozenset({"state", "signed_on", "reason"}),
    ),
    "identification.certify": SignatureRule(
        Over.ASSENT, 2, _BOARD, frozenset({"state", "decided_on", "certificate_number", "reason"})
    ),
    "identification.exclude": SignatureRule(Over.ASSENT, 2, _BOARD, frozenset({"state", "decided_on", "reason"})),
    "identification.revoke": SignatureRule(Over.ASSENT, 2, _BOARD, frozenset({"state", "revoked_on", "reason"})),
    "identification.release": SignatureRule(Over.ENTRY, 1, frozenset({Role.MORTUARY.value, Role.FAMILY_LIAISON.value})),
    "court.bundle": SignatureRule(
        Over.ENTRY,
        1,
        frozenset({Role.PROSECUTOR.value, Role.INVESTIGATOR.value, Role.DEFENCE.value, Role.AUDITOR.value}),
    ),
}
