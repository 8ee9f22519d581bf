"""Files are attached to records: one act for all kinds, and how an attachment is put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from dokaz.casework.corrections import Correcting, Why, putting_right
from dokaz.casework.effects import filed_with, makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import Assent, Attachment, Correction, Delivery, Proposal, SessionKey
from dokaz.casework.records import Record, is_void
from dokaz.casework.registry import act
from dokaz.casework.roles import ANY_ROLE, Role
from dokaz.casework.rules import require_fields, require_readable
from dokaz.errors import RecordIsVoid, WrongKind, sentence
from dokaz.vault import Readable, StagedFile

#: The offices in which people file; others read what was filed, or keep the doors.
MAY_ATTACH: frozenset[str] = ANY_ROLE - {Role.ADMINISTRATOR, Role.AUDITOR, Role.DEFENCE}
# What signs, puts in force or is a file already: a document about it is attached to what it is about.
_TAKES_NONE = (Assent, Attachment, Correction, Delivery, Proposal, SessionKey)


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that is sent to be attached.

    Args:
        name: As whoever sends it calls it.
        media_type: What it is by its first bytes.
        said: What is written in it about itself: a claim of whoever made it.
    """

    name: str
    content: Readable | StagedFile
    media_type: str = "application/octet-stream"
    said: Mapping[str, str] | None = None


def takes_attachments(kind: type[Record]) -> bool:
    """Whether files can be attached to records of a kind."""
    return not issubclass(kind, _TAKES_NONE)


@act(roles=MAY_ATTACH, past=_("attached a file"), files=(makes(Attachment, rules=(filed_with("sha256"),)),))
def attach(
    record: Record, filing: Filing, *, file: AttachedFile, description: str, source: str = "", taken: str = ""
) -> Attachment:
    """Attach a file to a record, byte for byte as it was handed in.

    Args:
        description: What it is.
        source: Who made it or handed it in.
        taken: When it was made, as they state it.

    Raises:
        EmptyField: the file has no name, or nobody says what it is.
        WrongKind: nothing is attached to records of this kind; the file is empty.
        NotInOffice: the record is closed to the office.
        RecordIsVoid: the record is void.
    """
    if not takes_attachments(type(record)):
        raise WrongKind("record", record.number, sentence("no attachment, delivery, proposal or signature"))
    require_readable(record, filing)
    if is_void(record):
        raise RecordIsVoid(record.number)
    require_fields(record.number, sentence("say what it is, and what the file is called"), description=description,
                   file_name=file.name)  # fmt: skip
    stored = filing.keep(file.content)
    if not stored.size:
        raise WrongKind("file", file.name, sentence("a file that is not empty"))
    attachment = Attachment(
        number=filing.next_number(Attachment, "ATT"),
        of=[{"kind": record.kind(), "id": str(record.id), "number": record.number}],
        description=description.strip(),
        source=source.strip(),
        taken=taken.strip(),
        file_name=file.name,
        sha256=stored.sha256,
        bytes=stored.size,
        media_type=file.media_type,
        said=dict(file.said or {}),
    )
    filing.add(attachment, files=[stored.sha256])
    return attachment


def _attachment(attachment: Attachment, filing: Filing, changed: frozenset[str]) -> None:
    subject = attachment.subject
    # Where nothing changes, one that was void counts again: nothing comes to belong to a record that is void.
    if not changed and subject is not None and is_void(subject):
        raise RecordIsVoid(subject.number)
    require_fields(attachment.number, sentence("say what it is"), description=attachment.description)


correct_attachment, void_attachment, _none = putting_right(
    "dokaz.casework.acts",
    "attachment",
    Correcting(
        kind=Attachment,
        closed={Why.BELONGS: "of", Why.FILE: "file_name sha256 bytes media_type said"},
        check=_attachment,
    ),
    roles=MAY_ATTACH,
)
