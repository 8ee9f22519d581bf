"""What is delivered: files as somebody sent them, kept whole, and what was taken from them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import Delivery
from dokaz.casework.registry import act
from dokaz.casework.roles import ANY_ROLE
from dokaz.casework.rules import require_fields
from dokaz.errors import sentence
from dokaz.exchange.reading.remarks import Remark, must_be_remarks
from dokaz.vault import Readable, StagedFile


@act(roles=ANY_ROLE, past=_("took the delivery"), files=(makes(Delivery),))
def deliver(
    filing: Filing,
    *,
    form: str,
    files: Sequence[tuple[str, StagedFile | Readable]],
    taken: dict[str, int],
    remarks: Sequence[Remark] = (),
) -> Delivery:
    """Keep delivered files byte for byte, with what was taken from them; the first act of every import.

    Args:
        form: survey, profiles, families, …
        files: Name and content of each.
        taken: How many records of what were made from them.
        remarks: What the reader found odd or left aside, as ``exchange.reading.remarks`` writes it.

    Raises:
        EmptyField: a file has no name, or there is none.
        BadChoice: a remark is none that a page can say.
    """
    require_fields(sentence("delivery"), sentence("an import names its files"), files=list(files))
    for name, _content in files:
        require_fields(sentence("delivery"), sentence("an import names its files"), file=name)
    must_be_remarks(remarks)
    kept = []
    for name, content in files:
        stored = filing.keep(content)
        kept.append({"name": name, "sha256": stored.sha256, "bytes": stored.size})
    delivery = Delivery(
        number=filing.next_number(Delivery, "DEL"), form=form, files=kept, taken=taken, remarks=list(remarks)
    )
    filing.add(delivery, files=[str(each["sha256"]) for each in kept])
    return delivery
