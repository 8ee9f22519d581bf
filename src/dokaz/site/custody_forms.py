"""What people fill in when things change hands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dokaz.casework.queries import custodial_kinds
from dokaz.pages.acting import ActForm
from dokaz.pages.fields import MomentField, PersonField


class HandOverForm(ActForm):
    """Give things into another person's hands."""

    is_signed = True
    things = forms.CharField(
        label=_("What is handed over"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono", "spellcheck": "false"}),
        help_text=_("numbers of units and samples, divided by spaces or lines"),
    )
    to = PersonField(label=_("To whom"), others_only=True)
    from_place = forms.CharField(label=_("From where"))
    to_place = forms.CharField(label=_("To where"))
    handed_at = MomentField(label=_("Handed over"))
    condition = forms.CharField(
        label=_("Condition, seals, packing"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_things(self) -> list[Any]:
        """The things behind the numbers, each once."""
        numbers = list(dict.fromkeys(self.cleaned_data["things"].replace(",", " ").split()))
        found: dict[str, Any] = {}
        for kind in custodial_kinds():
            found |= {one.number: one for one in kind.objects.select_related("holder").filter(number__in=numbers)}
        unknown = [one for one in numbers if one not in found]
        if unknown:
            raise forms.ValidationError(
                gettext("No unit or sample has the number %(numbers)s.") % {"numbers": ", ".join(unknown[:10])}
            )
        return [found[one] for one in numbers]


class TakeOverForm(ActForm):
    """Confirm that one has received what was handed over."""

    is_signed = True
