"""What people fill in about what leaves the house."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dokaz.court.redaction import Redaction
from dokaz.errors import BadRedaction
from dokaz.identification.models import Decision
from dokaz.pages.acting import ActForm
from dokaz.pages.fields import RecordField


class BundleForm(ActForm):
    """Make a bundle."""

    is_signed = True
    purpose = forms.CharField(
        label=_("Purpose"), help_text=_("stands on the first page, as: disclosure in case 12/2026")
    )
    recipient = forms.CharField(
        label=_("For whom"),
        required=False,
        help_text=_("a defence counsel who signs in here sees bundles made out to their name"),
    )
    decision = RecordField(
        Decision,
        unknown=_("No decision bears this number."),
        label=_("Only what this decision rests on"),
        required=False,
        help_text=_("number of a decision, as DEC-000012; left empty, everything goes out"),
    )
    redactions = forms.CharField(
        label=_("What is withheld"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "mono", "spellcheck": "false"}),
        help_text=_(
            "one rule a line: kind:field,field=code, as missing.Donor:name,relationship=B.2; *files* stands for files"
        ),
    )
    authority = forms.CharField(
        label=_("Who allowed it to be withheld"), required=False, help_text=_("the order, its number and date")
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        authority, rules = values.pop("authority", ""), []
        for nth, line in enumerate(values.get("redactions", "").splitlines(), 1):
            if not line.strip():
                continue
            try:
                rules.append(Redaction.parse(line.strip(), authority))
            except BadRedaction as refused:
                said = gettext("Line %(line)d: %(what)s. %(next)s") % {
                    "line": nth, "what": refused.what, "next": refused.next_step}  # fmt: skip
                self.add_error("redactions", said)
        values["redactions"] = rules
        return values
