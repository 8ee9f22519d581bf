"""What family liaison officers fill in."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from dokaz.errors import UnreadDate
from dokaz.exchange.reading.dates import read_partial_date
from dokaz.exchange.reading.sexes import SEXES
from dokaz.missing.models import Donor, Family, MissingPerson
from dokaz.missing.pedigrees import PedigreeMember
from dokaz.missing.queries import members_who_can_give, pedigrees_of
from dokaz.missing.splitting import WhatIsReported
from dokaz.pages.acting import ActForm
from dokaz.pages.fields import RecordField
from dokaz.pages.refusals import what_and_next


class PartialDateField(forms.CharField):
    """A date as far as the family knows it; read as files of reports are, kept in Extended Date/Time Format."""

    def clean(self, value: str) -> str:
        text = super().clean(value)
        try:
            return read_partial_date(text).edtf if text else ""
        except UnreadDate as unread:
            raise forms.ValidationError(". ".join(what_and_next(unread))) from None


class ReportForm(ActForm):
    """A report of a missing person, in the words and the script of the family."""

    of = MissingPerson
    names = ("family_name", "given_name", "patronymic", "sex", "born", "last_seen_on", "last_seen_place", "stature_cm",
             "marks", "clothing", "teeth", "occupation", "reported_on", "reported_by", "note")  # fmt: skip
    long = ("marks", "clothing", "teeth", "note")
    born = PartialDateField(required=False)
    last_seen_on = PartialDateField(required=False)
    stature_cm = forms.DecimalField(required=False, min_value=30, max_value=250)


#: Of each of two people, what the form asks.
_OF_EACH = ("family_name", "given_name", "patronymic", "sex", "born", "last_seen_on", "last_seen_place", "stature_cm",
            "marks", "clothing", "teeth", "occupation", "reported_by", "note")  # fmt: skip


class SplitReportForm(ActForm):
    """What is known of each of two people who were reported as one; and which of them each pedigree means."""

    asks_why = "required"
    why_label = gettext_lazy("How it was found that these are two people")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert isinstance(self.record, MissingPerson)
        told = ReportForm(acting=self.acting).fields
        fields = dict[str, forms.Field]()
        for who, label in (("first", _("First person")), ("second", _("Second person"))):
            for name in _OF_EACH:
                field = copy.deepcopy(told[name])
                field.label = f"{label}: {field.label}"
                field.initial = getattr(self.record, name)
                fields[f"{who}_{name}"] = field
        for family in pedigrees_of(self.record):
            fields[f"pedigree_{family.number}"] = forms.ChoiceField(
                label=gettext("Whom pedigree %(number)s means") % {"number": family.number},
                choices=[("", _("decided later")), ("first", _("First person")), ("second", _("Second person"))],
                widget=forms.RadioSelect,
                required=False,
            )
        self.fields = fields | self.fields

    def clean(self) -> dict[str, Any]:
        """The two people, and of each pedigree whom it means."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return values
        for who in ("first", "second"):
            said = {name: values.pop(f"{who}_{name}") for name in _OF_EACH}
            said["stature_cm"] = str(said["stature_cm"]) if said["stature_cm"] is not None else None
            values[who] = WhatIsReported(**said)
        names = [name for name in values if name.startswith("pedigree_")]
        values["pedigrees"] = {name.removeprefix("pedigree_"): who for name in names if (who := values.pop(name))}
        return values


class VerifyForm(ActForm):
    """Confirm with the family that the report stands."""


class DuplicateForm(ActForm):
    """Close a report because the same person was reported before."""

    asks_why = "required"
    why_label = gettext_lazy("How it was found that both are one person")
    same_as = RecordField(
        MissingPerson, unknown=_("There is no report %(number)s."), label=_("Number of the other report")
    )


class FoundAliveForm(ActForm):
    """Close a report because the person is alive."""

    asks_why = "required"
    why_label = gettext_lazy("By whom and how it was confirmed")


class ReopenForm(ActForm):
    """Open a report again that was closed by mistake."""

    asks_why = "required"
    why_label = gettext_lazy("Why it was a mistake")


class DonorForm(ActForm):
    """Take a relative in as a donor."""

    of = Donor
    names = ("member", "name", "relationship", "relationship_stated", "consent", "consented_on")
    member = forms.ChoiceField()

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = members_who_can_give(family)
        self.fields["member"].choices = [(m["id"], _called(m)) for m in members]  # type: ignore[attr-defined]
        if not members:
            self.fields["member"].help_text = gettext(
                "Every member who is not missing is a donor already. To add a relative, correct the pedigree first."
            )


def _called(member: dict[str, Any]) -> str:
    sex = {"male": gettext("male"), "female": gettext("female")}.get(member.get("sex", ""), gettext("sex unknown"))
    return ", ".join(str(part) for part in (member["id"], sex, member.get("born")) if part)


class WithdrawForm(ActForm):
    """Take note that a donor no longer agrees."""

    asks_why = "optional"


class PedigreeForm(ActForm):
    """State a family's pedigree, one member a line."""

    name = forms.CharField(label=_("Name of the family"), required=False)
    members = forms.CharField(
        label=_("Members"),
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono", "spellcheck": "false"}),
        help_text=_(
            "One member a line: name in the pedigree, father, mother, sex (m, f or ?), year of birth, number of the report "
            "if missing. A dash stands for what is not known. Example: C1 F M m 1990 MP-000001"
        ),
    )

    def clean_members(self) -> list[PedigreeMember]:
        """The members as the record holds them."""
        lines = [(nth, line.split()) for nth, line in enumerate(self.cleaned_data["members"].splitlines(), 1)]
        return [_member(nth, parts) for nth, parts in lines if parts]


class CorrectPedigreeForm(PedigreeForm):
    """Correct a stated pedigree."""

    asks_why = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].disabled = True


def _is_date(text: str) -> bool:
    try:
        return text == "-" or bool(read_partial_date(text))
    except UnreadDate:
        return False


def _member(nth: int, parts: list[str]) -> PedigreeMember:
    name, father, mother, sex, born, missing = (parts + ["-"] * 6)[:6]
    if len(parts) < 4 or len(parts) > 6 or sex not in SEXES or not _is_date(born):
        raise forms.ValidationError(
            gettext("Line %(line)d is not: name, father, mother, sex, year of birth, number of the report.")
            % {"line": nth}
        )
    return {
        "id": name,
        "father": None if father == "-" else father,
        "mother": None if mother == "-" else mother,
        "sex": SEXES[sex],
        "born": None if born == "-" else read_partial_date(born).edtf,
        "missing": None if missing == "-" else missing,
    }
