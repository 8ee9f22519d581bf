"""Checks personal signatures of the journal against the enrolled keys."""

from __future__ import annotations

import uuid

from dokaz.casework.models import Key, Office
from dokaz.casework.published import message_of
from dokaz.casework.registry import acts
from dokaz.errors import Fault, TrustError
from dokaz.ledger import Entry, PersonalSignature, key_id
from dokaz.ledger.personal import verify

_FORGED = "it is not what a person signed: `dokaz rebuild` cures it if the database alone is wrong; else restore a copy"


class SignatureCheck:
    """Is shown every entry once, and says which signatures do not hold; keys and offices are read once."""

    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, uuid.UUID]] = {
            number: (public, person)
            for number, public, person in Key.objects.values_list("number", "public_key", "person_id")
        }
        self._offices: dict[str, uuid.UUID] = {
            str(office): person for office, person in Office.objects.values_list("pk", "person_id")
        }

    def faults_of(self, index: int, entry: Entry) -> list[Fault]:
        """What is wrong with the signatures of one entry."""
        place = f"database, journal entry {index}"
        declared = acts().get(entry.act)
        needed = declared.signing.count if declared is not None and declared.signing is not None else 0
        found = []
        if len(entry.signatures) != needed and declared is not None:
            found.append(Fault(place, f"bears {len(entry.signatures)} signatures, {entry.act} needs {needed}", _FORGED))
        message = message_of(entry) if entry.signatures else b""
        people = set()
        for signature in entry.signatures:
            public, owner = self._keys.get(signature.key, ("", None))
            people.add(owner)
            if owner is None or self._offices.get(signature.office) != owner:
                problem = "is by a key or an office that is unknown, or they are not of one person"
                found.append(Fault(place, f"the signature by key {signature.key[:12]}… {problem}", _FORGED))
                continue
            if not _holds(public, message, signature):
                problem = "does not belong to what the entry says"
                found.append(Fault(place, f"the signature by key {signature.key[:12]}… {problem}", _FORGED))
        if len(people) < len(entry.signatures):
            found.append(Fault(place, "one person signed more than once", _FORGED))
        return found


def _holds(public_key: str, message: bytes, signature: PersonalSignature) -> bool:
    try:
        verify(public_key, message, signature.sig)
        return key_id(bytes.fromhex(public_key)) == signature.key
    except (TrustError, ValueError):
        return False
