"""The offices that people hold in an investigation, and the ways in which an act is signed."""

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


#: Who appoints, who examines and who decides: two administrators appoint to these.
APPOINTED_BY_TWO: frozenset[str] = frozenset(
    {Role.ADMINISTRATOR, Role.BOARD, Role.DNA_EXAMINER, Role.PRINT_EXAMINER, Role.MORTUARY}
)

ANY_ROLE: frozenset[str] = frozenset(Role.values)

#: In which offices remains, samples and exhibits are held; in the others people read, decide or keep the doors.
MAY_HOLD: frozenset[str] = frozenset(
    {Role.SCENE, Role.MORTUARY, Role.FAMILY_LIAISON, Role.DNA_EXAMINER, Role.PRINT_EXAMINER, Role.INVESTIGATOR}
)


class Over(StrEnum):
    """What a personal signature covers (docs/ledger-format.md, "Personal signatures")."""

    ENTRY = "entry"
    ASSENT = "assent"


@dataclass(frozen=True)
class SignatureRule:
    """How an act must be signed, by people in the offices to which it is open.

    Args:
        over: The whole entry, or assent to the version that was read.
        count: Number of signatures, by as many different persons.
    """

    over: Literal[Over.ENTRY, Over.ASSENT]
    count: int


# The one who acts signs the whole entry.
ONE_SIGNATURE = SignatureRule(Over.ENTRY, 1)


def assents(count: int) -> SignatureRule:
    """So many people sign the version that they read; then the act changes what it declares, and nothing else."""
    return SignatureRule(Over.ASSENT, count)
