"""What leaves the house. A bundle is filed like everything else, and its receipt stands inside it."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext_lazy as _

from dokaz.casework import journal
from dokaz.casework.effects import actor_is, makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import JournalEntry
from dokaz.casework.registry import act
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.casework.rules import require_fields
from dokaz.court.models import Bundle
from dokaz.court.selection import of_decision
from dokaz.errors import sentence
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
    size: int,
    entries: int,
    files: int,
    withheld: list[dict[str, object]],
    decision: Decision | None = None,
) -> Bundle:
    """File that a bundle was made: for what, for whom, from how many entries, and the hash of its manifest.

    Args:
        size: How many entries the log held that it shows.
        decision: Where it shows only what one decision rests on.

    Raises:
        InputsChanged: something that belongs into a bundle of this decision was filed after the log that it shows.
    """
    require_fields(sentence("bundle"), sentence("say what the bundle is for"), purpose=purpose)
    if decision is not None and journal.size() > size:
        belongs = of_decision(decision, journal.size(), filed_by=filing.by)
        newer = JournalEntry.objects.filter(index__in=[index for index in belongs if index >= size])
        filing.require_unchanged(size, records=list(newer.values_list("record", flat=True)))
    made = Bundle(
        number=filing.next_number(Bundle, "BUN"),
        purpose=purpose,
        recipient=recipient,
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
