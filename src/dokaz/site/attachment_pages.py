"""Attachments: the part of a record's page that lists them, the form that adds one, the page of one, and its file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dokaz.casework.acts import AttachedFile, attach, takes_attachments
from dokaz.casework.apart import apart
from dokaz.casework.filing import Actor, Filing
from dokaz.casework.models import Attachment
from dokaz.casework.queries import attached_to
from dokaz.casework.records import Record, is_void, kind_named
from dokaz.casework.registry import name_of
from dokaz.casework.store import current_store
from dokaz.errors import TrustError
from dokaz.exchange.reading.attached_files import PICTURED, UNKNOWN, read_attached
from dokaz.exchange.reading.limits import ATTACHED_BYTES, OF_A_PICTURE
from dokaz.exchange.reading.sent_files import SentFile
from dokaz.pages.act_links import ActLink
from dokaz.pages.acting import ActForm, Acting, act_on, acting_of, posted
from dokaz.pages.drawn_page import DrawnPage
from dokaz.pages.fields import FilesField
from dokaz.pages.named import fact_of
from dokaz.pages.parts import Fact
from dokaz.pages.record_page import RecordPage
from dokaz.pages.templatetags.dokaz import count
from dokaz.pages.thumbnails import small_copy
from dokaz.pages.ways import page_of
from dokaz.site.asking import asked

_SAID = {
    "width_px": gettext_lazy("width, pixels"),
    "height_px": gettext_lazy("height, pixels"),
    "clock": gettext_lazy("what the camera's clock showed"),
    "camera": gettext_lazy("camera"),
    "latitude_deg": gettext_lazy("latitude, degrees"),
    "longitude_deg": gettext_lazy("longitude, degrees"),
    "made_at": gettext_lazy("made, by the clock of the device"),
    "seconds": gettext_lazy("length, seconds"),
    "pdf_version": gettext_lazy("version of PDF"),
    "unread": gettext_lazy("damaged, or no file of this kind: what is written in it could not be read"),
}


class AttachForm(ActForm):
    """Files, and what is said of them."""

    of = Attachment
    names = ("attached", "description", "source", "taken")
    attached = FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "PDF, TIFF, HEIC, DNG, PNG, film, sound or whatever it is: kept byte for byte, never opened here."
        ),
    )


def attached_part(record: Record, acting: Acting) -> dict[str, Any] | None:
    """What is attached to a record, for whoever may read it."""
    if not acting.reads(record):
        return None
    return {"rows": [(one, page_of(one)) for one in attached_to(record)]}


def links_to_attach(record: Record, acting: Acting) -> list[ActLink]:
    """The button that leads to the form."""
    if not takes_attachments(type(record)) or is_void(record) or not acting.reads(record):
        return []
    address = reverse("record_attach", args=[record.kind(), record.number])
    links = [ActLink(name_of(attach), gettext_lazy("Attach files"), address)]
    return [link for link in links if acting.may(link.act)]


def record_attach(request: HttpRequest, kind: str, number: str) -> HttpResponseBase:
    """Attach files to a record."""
    model, acting = kind_named(kind), acting_of(request)
    if model is None or not takes_attachments(model) or not acting.may(name_of(attach)):
        raise Http404
    record: Record = get_object_or_404(model.every, number=number)
    if not acting.reads(record) or is_void(record):
        raise Http404
    form = AttachForm(posted(request), request.FILES or None, acting=acting, record=record)

    def perform(filing: Filing, values: dict[str, Any]) -> int:
        files = values.pop("attached")
        for file in files:
            attach(record, filing, file=file, **values)
        return len(files)

    if act_on(request, form, perform, message=_attached, prepare=_staged):
        return redirect(page_of(record))
    lead = _(
        "Whoever may read the record may read what is attached to it. It keeps its place in the history and in bundles."
    )
    return asked(request, record, form, title=_("Attach files"), lead=lead, verb=_("Attach"))


def _attached(n: int) -> str:
    return ngettext("%(n)s file is attached.", "%(n)s files are attached.", n) % {"n": n}


@contextmanager
def _staged(_actor: Actor, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The files, on the disk before the filing that names them; they are looked at in a process of its own."""
    store = current_store()
    with store.vault.staging() as staging:
        ready = []
        for sent in [SentFile(one.name, Path(one.temporary_file_path())) for one in values["attached"]]:
            sent.must_be_at_most(ATTACHED_BYTES)
            found = apart(read_attached, sent.content, within=OF_A_PICTURE, turns=store.turns, file=sent.name)
            with sent.opened() as content:
                ready.append(AttachedFile(sent.name, staging.put(content), found.media_type, found.said))
        yield values | {"attached": ready}


def _found(request: HttpRequest, number: str) -> Attachment:
    found: Attachment = get_object_or_404(Attachment.every, number=number)
    if not acting_of(request).reads(found):
        raise Http404
    return found


def attachment_file(request: HttpRequest, number: str) -> HttpResponseBase:
    """The file itself, byte for byte, to be saved: no browser opens it here, whatever it says that it is."""
    found = _found(request, number)
    try:
        stream = current_store().vault.open(found.sha256)
    except TrustError as missing:
        raise Http404 from missing
    answer = FileResponse(stream, as_attachment=True, filename=found.file_name, content_type=UNKNOWN)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def attachment_picture(request: HttpRequest, number: str) -> HttpResponseBase:
    """A small copy of a picture, made anew from its dots."""
    found = _found(request, number)
    if found.media_type not in PICTURED:
        raise Http404
    return small_copy(found.sha256, found.file_name)


def _of(subject: Record) -> list[Fact]:
    return [Fact(_("Attached to"), subject.number, str(subject._meta.verbose_name), page_of(subject), "number")]


def _facts(attachment: Attachment, acting: Acting) -> list[Fact]:
    subject = attachment.subject
    size = ngettext("%(n)s byte", "%(n)s bytes", attachment.bytes) % {"n": count(attachment.bytes)}
    return [
        *(_of(subject) if subject is not None else ()),
        *(fact_of(attachment, name) for name in ("description", "source", "taken", "file_name")),
        Fact(_("Kind of file"), attachment.media_type, size),
        fact_of(attachment, "sha256"),
    ]  # fmt: skip


def _more(attachment: Attachment, acting: Acting) -> dict[str, Any]:
    said = [Fact(capfirst(_SAID[name]), attachment.said[name]) for name in _SAID if name in attachment.said]
    return {"pictured": attachment.media_type in PICTURED, "said": said}


def pages_for(open_to: frozenset[str]) -> tuple[Any, ...]:
    """The pages; which attachments are open to an office, its records decide."""
    return (
        RecordPage(
            name="attachment",
            at="attachments/<str:number>/",
            open_to=open_to,
            shows=Attachment,
            parent=lambda one: one.subject,
            title=lambda one: one.description,
            facts=_facts,
            is_open=lambda one, acting: acting.reads(one),
            template="site/attachment.html",
            more=_more,
            stop="ledger",
        ),
        DrawnPage(name="attachment_file", at="attachments/<str:number>/file/", open_to=open_to, draw=attachment_file),
        DrawnPage(name="attachment_picture", at="attachments/<str:number>/picture/", open_to=open_to,
                  draw=attachment_picture),
        DrawnPage(name="record_attach", at="records/<str:kind>/<str:number>/attach/", open_to=open_to, draw=record_attach,
                  stop="ledger"),
    )  # fmt: skip
