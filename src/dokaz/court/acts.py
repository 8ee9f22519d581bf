"""What leaves the house. A bundle is filed like everything else, and its receipt stands inside it."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts import require_fields
from dokaz.casework.filing import Filing, act
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.court.models import Bundle


@act(
    roles={Role.PROSECUTOR, Role.INVESTIGATOR, Role.DEFENCE, Role.AUDITOR},
    signed=ONE_SIGNATURE,
    past=_("wrote a bundle"),
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
) -> Bundle:
    """File that a bundle was made: for what, for whom, from how many entries, and the hash of its manifest."""
    require_fields("bundle", "say what the bundle is for", purpose=purpose)
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
