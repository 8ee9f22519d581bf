"""The kinds of delivery that the rooms declare, and the form in which each is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dokaz.casework.delivery_kinds import AskedFile, DeliveryKind, Offices, Sent
from dokaz.casework.filing import Actor, Filing
from dokaz.exchange.reading.sent_files import SentFile
from dokaz.pages.acting import ActForm, Acting, acting_of
from dokaz.pages.fields import PhotographsField
from dokaz.vault import Staging

ONLY_TRY = "only_try"


class DeliveryForm(ActForm):
    """The files of one delivery, and what may be said beside them."""

    def __init__(self, *args: Any, kind: DeliveryKind[Any], **kwargs: Any) -> None:
        self.is_signed = kind.is_signed
        super().__init__(*args, **kwargs)
        self.kind = kind
        asked: dict[str, forms.Field] = {one.name: _file_field(one) for one in kind.files}
        asked |= {
            one.name: forms.CharField(label=str(one.label), help_text=str(one.help), required=False)
            for one in kind.texts
        }
        asked[ONLY_TRY] = forms.BooleanField(
            label=_("Only try it"), required=False, help_text=_("say row by row what would be filed, and file nothing")
        )
        # What the act itself asks for, the passphrase, comes last.
        self.fields = asked | self.fields

    @property
    def is_only_tried(self) -> bool:
        """Whether nothing is to be filed."""
        return bool(self.cleaned_data[ONLY_TRY])

    def sent(self, staging: Staging) -> Sent:
        """What was sent, once the form holds."""
        values = self.cleaned_data
        files = {
            one.name: [_sent(file) for file in (values[one.name] if one.is_many else [values[one.name]])]
            for one in self.kind.files
        }
        return Sent(files, staging, {one.name: values[one.name] for one in self.kind.texts})


def _file_field(asked: AskedFile) -> forms.FileField:
    if not asked.is_many:
        return forms.FileField(label=str(asked.label), help_text=str(asked.help))
    field = PhotographsField(label=asked.label, help_text=asked.help, required=False)
    field.widget.attrs["accept"] = asked.accept
    return field


def _sent(file: Any) -> SentFile:
    return SentFile(file.name, Path(file.temporary_file_path()))


def is_open_to(kind: DeliveryKind[Any], acting: Acting) -> bool:
    """Whether a person may bring a delivery in the office in which they act."""
    if acting.role not in kind.offices:
        return False
    return not kind.needs_all or set(kind.offices) <= {str(one.role) for one in acting.offices}


def is_read_by(kind: DeliveryKind[Any], acting: Acting) -> bool:
    """Whether one may bring a delivery, or all the rooms that its records open in are open to the office."""
    return is_open_to(kind, acting) or acting.opens_delivery(kind.name)


def offices_in(request: HttpRequest, filing: Filing) -> Offices:
    """The person who files, in each office that they hold."""
    by = filing.by
    offices: Mapping[str, Actor] = {
        str(one.role): replace(by, office=one.id, role=str(one.role)) for one in acting_of(request).offices
    }
    return offices
