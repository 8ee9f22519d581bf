"""Questions about the published ledger: its fingerprint, an entry with its signatures checked now, its proof."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass

from dokaz.casework.models import JournalEntry, JournalOpening, Key, Office
from dokaz.casework.registry import acts
from dokaz.casework.roles import Over, SignatureRule
from dokaz.casework.store import Store
from dokaz.errors import TrustError
from dokaz.ledger import Entry, Opening, assent_message, parse
from dokaz.ledger.personal import verify


def fingerprint(store: Store) -> str:
    """The log key's fingerprint, in groups of eight for reading aloud."""
    whole = hashlib.sha256(store.log.verifier_key.public_key).hexdigest()
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
        fault: What is wrong with it, in words; empty if it holds.
    """

    name: str
    role: str
    key: str
    sig: str
    over: str
    fault: str = ""


def _rule_of(entry: Entry) -> SignatureRule | None:
    declared = acts().get(entry.act)
    return declared.signing if declared else None


def message_of(entry: Entry) -> bytes:
    """What the personal signatures of an entry cover."""
    rule = _rule_of(entry)
    if rule is not None and rule.over is Over.ASSENT:
        return assent_message(entry.act, entry.previous, entry.record)
    return entry.body_for_signing()


def check_signatures(entry: Entry) -> list[Checked]:
    """Every signature of an entry, verified against the enrolled keys."""
    keys = {
        k.number: k for k in Key.objects.select_related("person").filter(number__in=[s.key for s in entry.signatures])
    }
    offices = {str(o.pk): o for o in Office.objects.filter(pk__in=[s.office for s in entry.signatures])}
    rule = _rule_of(entry)
    found = []
    for signature in entry.signatures:
        key, office = keys.get(signature.key), offices.get(signature.office)
        fault = ""
        if key is None or office is None or key.person_id != office.person_id:
            fault = "the key or the office is unknown, or they are not of one person"
        else:
            try:
                verify(key.public_key, message_of(entry), signature.sig)
            except TrustError as error:
                fault = error.what
        found.append(
            Checked(
                name=key.person.name if key else signature.key[:12],
                role=str(office.role) if office else "",
                key=signature.key,
                sig=b64encode(signature.sig).decode(),
                over=str(rule.over) if rule else "entry",
                fault=fault,
            )
        )
    return found


def openings_of(entry: Entry) -> dict[str, Opening]:
    """The openings of an entry that the store still has, by their digest."""
    rows = JournalOpening.objects.in_bulk(list(entry.fields))
    return {digest: Opening(row.salt, row.name, parse(row.value.encode())) for digest, row in rows.items()}


def next_version(entry: Entry) -> JournalEntry | None:
    """The entry of the record's next version, which names this one by its hash."""
    return JournalEntry.objects.filter(record=entry.record, version=entry.version + 1).first()
