"""What people fill in when things change hands, and when they are put away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import Discrepancy, Person, StoragePlace, Transfer, TransferState
from dokaz.casework.queries import custodial_kinds, people_who_left
from dokaz.casework.roles import MAY_HOLD
from dokaz.pages.acting import ActForm
from dokaz.pages.fields import MomentField, PersonField

_SCANNED = "dokaz:"


def numbers_in(text: str) -> list[str]:
    """Numbers that were typed, pasted or scanned, each once; of a scanned label (``dokaz:number:uuid``) the number."""
    found = (
        one.split(":")[1] if one.startswith(_SCANNED) and ":" in one else one for one in text.replace(",", " ").split()
    )
    return list(dict.fromkeys(one for one in found if one))


class NumbersField(forms.CharField):
    """Numbers, as a list is pasted or a scanner writes them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("scan the labels, or paste a list: numbers divided by spaces or lines"))
        widget = forms.Textarea(
            attrs={"rows": 3, "class": "mono", "spellcheck": "false", "autocapitalize": "characters"}
        )
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """The numbers, each once."""
        return numbers_in(super().clean(value))


class ThingsField(NumbersField):
    """Units and samples by their numbers."""

    def clean(self, value: Any) -> list[Any]:
        """The things behind the numbers, each once."""
        numbers = super().clean(value)
        found: dict[str, Any] = {}
        for kind in custodial_kinds():
            found |= {one.number: one for one in kind.objects.select_related("holder").filter(number__in=numbers)}
        unknown = [one for one in numbers if one not in found]
        if unknown:
            raise forms.ValidationError(
                gettext("No unit or sample has the number %(numbers)s.") % {"numbers": ", ".join(unknown[:10])}
            )
        return [found[one] for one in numbers]


class HandOverForm(ActForm):
    """Give things into another person's hands."""

    is_signed = True
    of, names = Transfer, ("things", "to", "from_place", "to_place", "courier", "handed_at", "condition")
    things = ThingsField(label=_("What is handed over"))
    to = PersonField(label=_("To whom"), roles=MAY_HOLD, others_only=True)
    from_place = forms.CharField(label=_("From where"))
    to_place = forms.CharField(label=_("To where"))
    handed_at = MomentField(label=_("Handed over"))
    condition = forms.CharField(
        label=_("Condition, seals, packing"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class HandOverForForm(ActForm):
    """Hand over what somebody holds who has left."""

    is_signed = True
    asks_why = "required"
    why_label = _("Why they do not hand it over themselves")
    giver = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("Held by"), to_field_name="number")
    things = ThingsField(label=_("What is handed over"))
    to = PersonField(label=_("To whom"), roles=MAY_HOLD, others_only=True)
    from_place = forms.CharField(label=_("From where"))
    to_place = forms.CharField(label=_("To where"))
    condition = forms.CharField(
        label=_("Condition, seals, packing"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gone: Any = self.fields["giver"]
        gone.queryset, gone.label_from_instance = people_who_left(), lambda person: person.name


def _condition() -> forms.CharField:
    return forms.CharField(
        label=_("Condition at receipt"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("seals, packing, temperature"),
    )  # fmt: skip


class TakeOverForm(ActForm):
    """Confirm that one has received everything that was handed over."""

    is_signed = True
    taken_at = MomentField(label=_("Received"))
    condition = _condition()


class TakeInPartForm(ActForm):
    """Confirm what of it one has received, and say what differs."""

    is_signed = True
    arrived = NumbersField(
        label=_("What has arrived"),
        help_text=_("Scan every label, or paste the list that you counted. What is listed and not here is noted as "
                    "missing, what is here and not listed as not on the list."),
    )  # fmt: skip
    wrong_label = NumbersField(
        label=_("Of the list: under a wrong label"),
        required=False,
        help_text=_("they stay with the giver until it is clear"),
    )
    seal_broken = NumbersField(label=_("Of what arrived: seal broken"), required=False, help_text="")
    damaged = NumbersField(label=_("Of what arrived: damaged"), required=False, help_text="")
    note = forms.CharField(label=_("What is seen"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    taken_at = MomentField(label=_("Received"))
    condition = _condition()


class TakeBackForm(ActForm):
    """End a hand-over that was not confirmed."""

    is_signed = True
    asks_why = "required"


class TakeAllForm(ActForm):
    """Confirm several transfers at once."""

    is_signed = True
    transfers = forms.ModelMultipleChoiceField(
        queryset=Transfer.objects.none(), label=_("What you have received"), widget=forms.CheckboxSelectMultiple,
        to_field_name="number",
    )  # fmt: skip
    taken_at = MomentField(label=_("Received"))
    condition = _condition()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self.fields["transfers"]
        waiting = Transfer.objects.filter(receiver=self.acting.person, state=TransferState.HANDED_OVER)
        mine.queryset = waiting.select_related("giver").order_by("number")
        mine.label_from_instance = self._listed

    @staticmethod
    def _listed(transfer: Transfer) -> str:
        things = [one["number"] for one in transfer.things]
        listed = ", ".join(things[:6]) + (" …" if len(things) > 6 else "")
        said = {"number": transfer.number, "count": len(things), "giver": transfer.giver.name, "things": listed}
        return gettext("%(number)s from %(giver)s, %(count)s: %(things)s") % said


class DiscrepancyForm(ActForm):
    """Note how one thing differs."""

    of, names = Discrepancy, ("sort", "label", "note")
    long = ("note",)


class SettleForm(ActForm):
    """Say what it turned out to be."""

    outcome = forms.CharField(label=_("What it was, and what was done"), widget=forms.Textarea(attrs={"rows": 3}))


class StoragePlaceForm(ActForm):
    """Give a store or a shelf a number."""

    of, names = StoragePlace, ("name", "inside", "note")
    inside = forms.ModelChoiceField(queryset=StoragePlace.objects.none(), required=False, empty_label="–")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _by_path(self.fields["inside"])


class PutAwayForm(ActForm):
    """Put things into a storage place."""

    things = ThingsField(label=_("What is put there"))


class PutThingsForm(PutAwayForm):
    """Put things into a storage place that is chosen."""

    kept_in = forms.ModelChoiceField(queryset=StoragePlace.objects.none(), label=_("Where"), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _by_path(self.fields["kept_in"])


def _by_path(field: Any) -> None:
    field.queryset, field.label_from_instance = StoragePlace.objects.select_related("inside"), lambda place: place.path
