"""The place where a comparison or a decision is signed: what is said, who did, who may, and why one may not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dokaz.casework.models import Assent, JournalEntry, Key, Office, Record
from dokaz.casework.queries import assents_for
from dokaz.casework.registry import act_named, signature_rule
from dokaz.casework.roles import Role
from dokaz.pages.acting import Acting
from dokaz.pages.parts import Signer, Signing


def signers(assents: list[Assent]) -> list[Signer]:
    """Who gave these signatures, in which office, when."""
    names = dict(Key.objects.filter(number__in=[a.key for a in assents]).values_list("number", "person__name"))
    offices = Office.objects.in_bulk([a.office for a in assents])
    at = dict(JournalEntry.objects.filter(leaf__in=[a.entry_hash for a in assents]).values_list("leaf", "at"))
    return [
        Signer(names.get(a.key, a.key[:12]), str(offices[a.office].get_role_display()), at.get(a.entry_hash))
        for a in sorted(assents, key=lambda a: at.get(a.entry_hash) or dt.datetime.min.replace(tzinfo=dt.UTC))
    ]


def signed_by(record: Record, act: str) -> list[Signer]:
    """Who signed an act that was filed on a record, oldest signature first; nobody if it was not."""
    filed = JournalEntry.objects.filter(record=record.id, act=act).order_by("-version").first()
    if filed is None:
        return []
    before = JournalEntry.objects.filter(record=record.id, version=filed.version - 1).values_list("leaf", flat=True)
    return signers(list(Assent.objects.filter(record=record.id, act=act, leaf__in=before)))


def panel(
    record: Record,
    act: str,
    acting: Acting,
    *,
    statement: str | Promise,
    verb: str | Promise,
    form: Any,
    action: str,
    hindrance: str = "",
    offices: Collection[str] = (),
) -> Signing:
    """What the signing panel of a record shows to this reader.

    Args:
        act: What the signatures are given towards, as ``identification.certify``.
        hindrance: Why nobody can sign now, in words.
        offices: In which of the act's offices this record is signed; in all of them, if none is named.
    """
    rule, offices = signature_rule(act), offices or act_named(act).roles
    given = assents_for(record, act)
    own = set(Key.objects.filter(person=acting.person).values_list("number", flat=True))
    why_not = hindrance
    if not why_not and acting.role not in offices:
        why_not = _("You act as %(role)s; this is not signed in that office.") % {"role": acting.role_label}
    if not why_not and any(a.key in own for a in given):
        why_not = _("You have signed this version. The second signature must be another person's.")
    return Signing(
        statement=statement,
        needed=rule.count,
        version=record.version,
        leaf=record.entry_hash,
        given=signers(given),
        roles=[Role(role).label for role in sorted(offices)],
        can_sign=not why_not,
        why_not=why_not,
        action=action,
        form=form,
        verb=verb,
    )
