"""What leaves the house. A bundle is filed like everything else, and its receipt stands inside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from dokaz.casework import journal
from dokaz.casework.corrections import Correcting, Why, staying
from dokaz.casework.effects import actor_is, makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import ErasureOrder, JournalEntry, Office, Person
from dokaz.casework.registry import act
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.casework.rules import require_fields
from dokaz.court.models import Bundle
from dokaz.court.redaction import refuse_closed_kinds
from dokaz.court.selection import kinds_of, of_decision
from dokaz.errors import BadFile, WrongState, sentence
from dokaz.identification.models import Decision


@act(
    roles={Role.PROSECUTOR, Role.INVESTIGATOR, Role.AUDITOR},
    signed=ONE_SIGNATURE,
    past=_("wrote a bundle"),
    files=(makes(Bundle, rules=(actor_is("made_by"),)),),
)
def bundle(
    filing: Filing,
    *,
    manifest: bytes,
    purpose: str,
    recipient: str,
    addressee: Person | None = None,
    size: int,
    entries: int,
    files: int,
    withheld: list[dict[str, object]],
    decision: Decision | None = None,
) -> Bundle:
    """File that a bundle was made: for what, for whom, from how many entries, and the hash of its manifest.

    Whoever makes it may read every kind of record that it holds, or withholds that kind whole.

    Args:
        recipient: Who receives it, in words: a court, somebody outside of the investigation.
        addressee: Counsel of the defence who see it here, and no namesake of theirs.
        size: How many entries the log held that it shows.
        decision: Where it shows only what one decision rests on.

    Raises:
        BadFile: the manifest names no entries, or others than are stated.
        ClosedKind: a kind of record that it holds is closed to the office of whoever makes it.
        WrongState: the addressee holds no office of the defence.
        InputsChanged: something that belongs into a bundle of this decision was filed after the log that it shows, or an
            order of erasure was put in force.
    """
    require_fields(sentence("bundle"), sentence("say what the bundle is for"), purpose=purpose)
    _must_be_of_the_defence(addressee)
    refuse_closed_kinds(filing.by.role, kinds_of(_listed(manifest, entries, size)), _of_kinds(withheld))
    if decision is not None and journal.size() > size:
        belongs = of_decision(decision, journal.size(), filed_by=filing.by, addressee=addressee)
        newer = JournalEntry.objects.filter(index__in=[index for index in belongs if index >= size])
        filing.require_unchanged(size, records=list(newer.values_list("record", flat=True)))
    ordered = JournalEntry.objects.filter(kind=ErasureOrder.kind(), act="casework.put_in_force", index__gte=size)
    filing.require_unchanged(size, records=list(ordered.values_list("record", flat=True)))
    made = Bundle(
        number=filing.next_number(Bundle, "BUN"),
        purpose=purpose,
        recipient=recipient,
        addressee=addressee,
        made_by_id=filing.by.person,
        made_at=filing.at,
        size=size,
        entries=entries,
        files=files,
        withheld=withheld,
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
    )
    filing.add(made)
    return made


staying(
    Correcting(
        kind=Bundle,
        closed={Why.LEFT: "purpose recipient addressee made_by made_at size entries files withheld manifest_sha256"},
    ),
)


def _must_be_of_the_defence(addressee: Person | None) -> None:
    if addressee is not None and not Office.held().filter(person=addressee, role=Role.DEFENCE).exists():
        raise WrongState(
            addressee.name,
            sentence("in no office of the defence"),
            [sentence("somebody who was appointed to the defence")],
        )


def _listed(manifest: bytes, count: int, size: int) -> list[int]:
    """The entries that a manifest names, out of a log of ``size``."""
    listed: list[int] | None
    try:
        listed = json.loads(manifest)["entries"]
    except (ValueError, TypeError, KeyError, RecursionError):
        listed = None
    if not isinstance(listed, list) or not all(type(index) is int and 0 <= index < size for index in listed):
        listed = None
    if listed is None or len(listed) != count:
        raise BadFile(sentence("not the manifest of a bundle of {count} entries", count=count), file="bundle.json")
    return listed


def _of_kinds(withheld: list[dict[str, object]]) -> Iterator[tuple[str, list[str]]]:
    """The kinds from all of whose records a rule withholds, and what."""
    for stated in withheld:
        if not stated.get("record"):
            named = stated.get("fields")
            yield str(stated.get("what")), [str(name) for name in named] if isinstance(named, list) else []
