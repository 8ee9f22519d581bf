"""Questions about the published ledger: its fingerprint, an entry with its signatures checked now, its proof."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass

from dokaz.casework.models import JournalEntry, JournalOpening, Office
from dokaz.casework.queries import holders_of
from dokaz.casework.roles import Over
from dokaz.casework.store import Store
from dokaz.errors import TrustError
from dokaz.ledger import Entry, Opening, PersonalSignature, parse
from dokaz.ledger.personal import verify


def fingerprint(store: Store) -> str:
    """The log key's fingerprint, in groups of eight for reading aloud."""
    whole = hashlib.sha256(store.log.signers[-1].public_key).hexdigest()
    return " ".join(whole[at : at + 8] for at in range(0, 64, 8))


@dataclass(frozen=True)
class Checked:
    """A personal signature, checked now.

    Args:
        name: Who signed; the beginning of the key's id if the key is unknown.
        role: In which office, as ``board``; empty if it is unknown.
        key: The key's id.
        sig: The signature, base64.
        over: ``entry`` or ``assent``.
        in_session: Whether it was given with the key of a session.
        fault: What is wrong with it, in words; empty if it holds.
    """

    name: str
    role: str
    key: str
    sig: str
    over: str
    in_session: bool = False
    fault: str = ""


def signatures_of(entry: Entry) -> list[tuple[PersonalSignature, bytes, Over]]:
    """Every signature of an entry, its actor's first: with the message that it covers, and what that is over."""
    own = PersonalSignature(entry.actor, entry.office, entry.base, entry.signature)
    return [
        (own, entry.body_for_signing(), Over.ENTRY),
        *((given, entry.assent_message(given), Over.ASSENT) for given in entry.assents),
    ]


def check_signatures(entry: Entry) -> list[Checked]:
    """Every signature of an entry, verified against the enrolled keys and those that were delegated by them."""
    signatures = signatures_of(entry)
    holders = holders_of(given.key for given, _message, _over in signatures)
    offices = {str(o.pk): o for o in Office.objects.filter(pk__in=[given.office for given, _m, _o in signatures])}
    found = []
    for given, message, over in signatures:
        holder, office = holders.get(given.key), offices.get(given.office)
        fault = ""
        if holder is None or office is None or holder.person.id != office.person_id:
            fault = "the key or the office is unknown, or they are not of one person"
        else:
            try:
                verify(holder.public_key, message, given.sig)
            except TrustError as error:
                fault = error.what
        found.append(
            Checked(
                name=holder.person.name if holder else given.key[:12],
                role=str(office.role) if office else "",
                key=given.key,
                sig=b64encode(given.sig).decode(),
                over=str(over),
                in_session=holder is not None and holder.in_session,
                fault=fault,
            )
        )
    return found


def openings_of(entry: Entry) -> dict[str, Opening]:
    """The openings of an entry that the store still has, by their digest."""
    rows = JournalOpening.objects.in_bulk(list(entry.fields.values()))
    return {digest: Opening(row.salt, row.name, parse(row.value.encode())) for digest, row in rows.items()}


def next_version(entry: Entry) -> JournalEntry | None:
    """The entry of the record's next version, which names this one by its hash."""
    return JournalEntry.objects.filter(record=entry.record, version=entry.version + 1).first()
