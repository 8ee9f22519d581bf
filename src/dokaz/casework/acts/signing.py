"""Signing towards an act that several people decide; nobody signs the same version of a record twice."""

from __future__ import annotations

from base64 import b64decode, b64encode

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import Assent, Key, Person, Record
from dokaz.casework.queries import assents_for
from dokaz.casework.registry import act, act_named
from dokaz.casework.roles import ANY_ROLE, ONE_SIGNATURE, Over, Role
from dokaz.errors import BadChoice, NotInOffice, SignatureNeeded, SignedAlready, sentence
from dokaz.ledger import Base, PersonalSignature


@act(roles=ANY_ROLE, signed=ONE_SIGNATURE, past=_("signed"), part_of="*", files=(makes(Assent),))
def assent(record: Record, filing: Filing, *, to: str) -> Assent:
    """Sign the version of a record that one has read, towards an act that several people must sign; part of that act.

    Args:
        to: Name of that act, as ``identification.certify``.

    Raises:
        SignatureNeeded: the key is not unlocked.
        NotInOffice: the act is signed in other offices.
        SignedAlready: this person signed this version for this act before.
    """
    towards = act_named(to)
    # Whoever founds a log with others signs what one of them has founded.
    if to != "casework.found" and (towards.signing is None or towards.signing.over is not Over.ASSENT):
        raise BadChoice("act", to, [sentence("an act that several people sign")])
    if filing.by.role not in towards.roles:
        raise NotInOffice(to, Role(filing.by.role), [Role(role) for role in sorted(towards.roles)])
    if filing.by.key is None:
        raise SignatureNeeded(to)
    keys = set(Key.objects.filter(person=filing.by.person).values_list("number", flat=True))
    if any(a.key in keys for a in assents_for(record, to)):
        raise SignedAlready(record.number, Person.objects.get(pk=filing.by.person).name)
    office = str(filing.by.office)
    signed = filing.by.key.assent(
        to, record.entry_hash, str(record.id), log=filing.store.log.id, office=office, base=filing.base
    )
    given = Assent(
        number=filing.next_number(Assent, "ASS"),
        act=to,
        record=record.id,
        leaf=record.entry_hash,
        key=filing.by.key_id,
        office=filing.by.office,
        base_size=signed.base.size,
        base_root=signed.base.root,
        sig=b64encode(signed.sig).decode(),
    )
    filing.add(given)
    return given


def assents_given(record: Record, act_name: str) -> list[PersonalSignature]:
    """The assents given under a record's newest version towards an act, as its entry carries them."""
    return [
        PersonalSignature(a.key, str(a.office), Base(a.base_size, a.base_root), b64decode(a.sig))
        for a in assents_for(record, act_name)
    ]
