"""What people fill in in the mortuary."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from dokaz.errors import BadFile, UnreadElement
from dokaz.exchange.deliveries.profiles import read_profiles
from dokaz.exchange.reading.genotypes import marker_named
from dokaz.exchange.reading.skeleton import read_element
from dokaz.mortuary.elements import choices
from dokaz.mortuary.models import Mechanism, Sex, Timing
from dokaz.pages.acting import ActForm
from dokaz.pages.fields import DayField, IntervalField, MomentField
from dokaz.pages.refusals import what_and_next


def _long(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PlainForm(ActForm):
    """An act that asks for nothing."""


class ExamineForm(ActForm):
    """What is seen on a unit: observations only."""

    sex = forms.TypedChoiceField(
        label=_("Sex, as the skeleton shows it"),
        help_text=_("0 to 5, Buikstra and Ubelaker (1994)"),
        choices=[(value, f"{value} {label}") for value, label in Sex.choices],
        coerce=int,
        widget=forms.RadioSelect,
    )
    sex_method = forms.CharField(label=_("By which traits"), required=False, help_text=_("pelvis, skull, metrics, …"))
    age_years = IntervalField(most=120, label=_("Age at death, years"), help_text=_("youngest and oldest that fit"))
    stature_cm = IntervalField(most=260, label=_("Stature, cm"), help_text=_("shortest and tallest that fit"))
    completeness = forms.ChoiceField(
        label=_("Completeness"),
        required=False,
        choices=[
            ("", _("not recorded")),
            (">=75", _("at least 75 percent")),
            ("25-75", _("25 to 75 percent")),
            ("<25", _("under 25 percent")),
        ],
    )
    elements = forms.MultipleChoiceField(
        label=_("Elements present"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "grid"})
    )
    more_elements = forms.CharField(
        label=_("Elements present more than once, or of unknown side"),
        required=False,
        help_text=_("as femur:L*2, tibia:U; two of one element and side are two people"),
    )
    clothing = forms.CharField(label=_("Clothing and belongings"), required=False, widget=_long())
    marks = forms.CharField(label=_("Marks, scars, old fractures"), required=False, widget=_long())
    teeth = forms.CharField(label=_("Teeth"), required=False, widget=_long(), help_text=_("ISO 3950 numbers"))
    description = forms.CharField(label=_("Description"), required=False, widget=_long(3))
    examined_at = MomentField(label=_("Examined"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["elements"].choices = [  # type: ignore[attr-defined]
            (str(_canonical(value)), words) for value, words in choices()
        ]

    def clean_more_elements(self) -> list[str]:
        """Elements as the skeleton's vocabulary writes them."""
        found = []
        for text in self.cleaned_data["more_elements"].replace(";", ",").split(","):
            if not text.strip():
                continue
            try:
                found.append(str(read_element(text)))
            except UnreadElement as unread:
                problem, next_step = what_and_next(unread)
                raise forms.ValidationError(
                    gettext("“%(text)s”: %(problem)s; %(next)s.")
                    % {"text": text.strip(), "problem": problem, "next": next_step}
                ) from unread
        return found

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        values["elements"] = [*values.get("elements", []), *values.pop("more_elements", [])]
        return values


def _canonical(element: str) -> Any:
    return read_element(element)


class FindingForm(forms.Form):
    """One finding: where, what, when seen from death."""

    element = forms.CharField(label=_("Where"), required=False, help_text=_("element and region"))
    mechanism = forms.ChoiceField(label=_("What"), required=False, choices=[("", "–"), *Mechanism.choices])
    timing = forms.ChoiceField(label=_("When"), required=False, choices=Timing.choices, initial=Timing.UNDETERMINED)
    description = forms.CharField(label=_("Description"), required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.is_empty(values):
            return values
        if not values.get("element"):
            self.add_error("element", gettext("Say where on the unit it is."))
        if not values.get("mechanism"):
            self.add_error("mechanism", gettext("Choose a class, or “other”."))
        return values

    @staticmethod
    def is_empty(values: dict[str, Any]) -> bool:
        """Whether nothing was written into the row."""
        return not any(values.get(name) for name in ("element", "mechanism", "description"))


MOST_FINDINGS = 60
Findings = forms.formset_factory(FindingForm, extra=0, max_num=MOST_FINDINGS)


class SampleForm(ActForm):
    """Take a sample for the laboratory."""

    element = forms.CharField(label=_("Which bone or tooth"), help_text=_("left femur, tooth 46, …"))
    number = forms.CharField(
        label=_("Number on the tube"), required=False, help_text=_("only if the tube bears one already")
    )
    taken_at = MomentField(label=_("Taken"))


class TypedProfileForm(ActForm):
    """A profile typed in from a laboratory's sheet: made into the table that a laboratory delivers, and read as that is."""

    laboratory = forms.CharField(label=_("Laboratory"))
    kit = forms.CharField(label=_("Kit"))
    typed_on = DayField(label=_("Typed on"), required=False)
    genotypes = forms.CharField(
        label=_("Markers and alleles"),
        help_text=_(
            "One marker a line, as D3S1358 15 17; a single allele once; INC where there was no result. Compare every line "
            "with the sheet before you file it."
        ),
        widget=forms.Textarea(attrs={"rows": 16, "class": "mono", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, sample: str, attempt: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sample, self.attempt, self.table = sample, attempt, b""

    @property
    def file(self) -> str:
        """What the table is called."""
        return f"{self.sample}-{self.attempt}.csv"

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return values
        head, row = ["sample_name", "attempt", "lab", "kit", "date"], [self.sample, str(self.attempt)]
        row += [values["laboratory"], values["kit"], str(values["typed_on"] or "")]
        for marker, *alleles in filter(None, map(_marker_and_alleles, values["genotypes"].splitlines())):
            # Two cells at least: a single allele leaves the second empty.
            cells = [*alleles, *[""] * (2 - len(alleles))]
            head += [f"{marker} {n}" for n in range(1, len(cells) + 1)]
            row += cells
        table = io.StringIO(newline="")
        csv.writer(table).writerows([head, row])
        self.table = table.getvalue().encode()
        try:
            unknown = read_profiles(self.table, file=self.file).unknown_markers
        except BadFile as refused:
            raise forms.ValidationError([part for part in what_and_next(refused) if part]) from refused
        if unknown:
            raise forms.ValidationError(gettext("These are no markers: %(names)s.") % {"names": ", ".join(unknown)})
        return values


def _marker_and_alleles(line: str) -> list[str]:
    """The cells of one typed line; a marker's name may be of two words (Penta D)."""
    words = line.replace(";", " ").split()
    if len(words) > 1 and not marker_named(words[0]) and marker_named(" ".join(words[:2])):
        return [" ".join(words[:2]), *words[2:]]
    return words


class WithdrawProfileForm(ActForm):
    """Mark a profile as found wrong."""

    asks_why = "required"
    why_label = gettext_lazy("What was found wrong")
    why_help = gettext_lazy("swapped tubes, contamination, …; the profile stays readable")
