"""What people fill in in the mortuary."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from dokaz.errors import BadFile, UnreadElement
from dokaz.exchange.reading.genotypes import GenotypeBuilder
from dokaz.exchange.reading.rows import Row
from dokaz.exchange.reading.skeleton import read_element
from dokaz.kinship.model.marker_table import marker_named
from dokaz.mortuary.acts import SeenFinding
from dokaz.mortuary.elements import choices
from dokaz.mortuary.models import Examination, Finding, Mechanism, Profile, Sample, SkeletalSex, Timing
from dokaz.pages.acting import ActForm, RecordForm
from dokaz.pages.fields import IntervalField
from dokaz.pages.refusals import what_and_next


class FindingForm(RecordForm):
    """One finding: where, what, when seen from death."""

    of = Finding
    names = ("region", "mechanism", "timing", "description")
    region = forms.CharField(required=False)
    mechanism = forms.ChoiceField(required=False, choices=[("", "–"), *Mechanism.choices])
    timing = forms.ChoiceField(required=False, choices=Timing.choices, initial=Timing.UNDETERMINED)

    @staticmethod
    def is_empty(values: dict[str, Any]) -> bool:
        """Whether nothing was written into the row."""
        return not any(values.get(name) for name in ("region", "mechanism", "description"))


MOST_FINDINGS = 60
Findings = forms.formset_factory(FindingForm, extra=0, max_num=MOST_FINDINGS)


class ExamineForm(ActForm):
    """What is seen on a unit, with all its findings: observations only."""

    of = Examination
    names = ("sex", "sex_method", "age_years", "stature_cm", "completeness", "elements", "more_elements", "clothing",
             "marks", "teeth", "description", "examined_at")  # fmt: skip
    long = ("clothing", "marks", "teeth", "description")
    sex = forms.TypedChoiceField(
        choices=[(value, f"{value} {label}") for value, label in SkeletalSex.choices],
        coerce=int,
        widget=forms.RadioSelect,
    )
    age_years = IntervalField(label=_("Age at death, years"), help_text=_("youngest and oldest that fit"))
    stature_cm = IntervalField(label=_("Stature, cm"), help_text=_("shortest and tallest that fit"))
    elements = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "grid"}))
    more_elements = forms.CharField(
        label=_("Elements present more than once, or of unknown side"),
        required=False,
        help_text=_("as femur:L*2, tibia:U; two of one element and side are two people"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["elements"].choices = [  # type: ignore[attr-defined]
            (str(read_element(value)), words) for value, words in choices()
        ]
        self.findings = self._rows()

    def _rows(self) -> Any:
        """The findings as typed, and an empty one more where that is asked for."""
        if not self.is_bound:
            return Findings(prefix="findings", initial=[{"timing": Timing.UNDETERMINED}] * 2)
        typed: Any = dict(self.data.items())
        if "more" in typed:
            rows = typed.get("findings-TOTAL_FORMS", "")
            count = min(int(rows) if rows.isdecimal() else 0, MOST_FINDINGS - 1)
            typed["findings-TOTAL_FORMS"] = str(count + 1)
            typed[f"findings-{count}-timing"] = Timing.UNDETERMINED
        return Findings(typed, prefix="findings")

    def is_valid(self) -> bool:
        """Whether everything can be filed; who asks for one more row files nothing yet."""
        return "more" not in self.data and super().is_valid() and self.findings.is_valid()

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
        if self.findings.is_valid():
            rows = (row.cleaned_data for row in self.findings)
            values["findings"] = [
                SeenFinding(row["region"], row["mechanism"], row["timing"] or Timing.UNDETERMINED, row["description"])
                for row in rows
                if not FindingForm.is_empty(row)
            ]
        return values


class SampleForm(ActForm):
    """Take a sample for the laboratory."""

    of = Sample
    names = ("element", "number", "taken_at")
    number = forms.CharField(
        label=_("Number on the tube"), required=False, help_text=_("only if the tube bears one already")
    )


class TypedProfileForm(ActForm):
    """A profile typed in from a laboratory's sheet; its markers are read as those of a delivered table are."""

    of = Profile
    names = ("laboratory", "kit", "typed_on", "genotypes")
    genotypes = forms.CharField(
        help_text=_(
            "One marker a line, as D3S1358 15 17; a single allele once; INC where there was no result. Compare every line "
            "with the sheet before you file it."
        ),
        widget=forms.Textarea(attrs={"rows": 16, "class": "mono", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        builder = GenotypeBuilder()
        try:
            for nth, line in enumerate(values.pop("genotypes", "").splitlines(), 1):
                if words := _marker_and_alleles(line):
                    marker, *alleles = words
                    columns = [f"{marker} {n}" for n in range(1, len(alleles) + 1)]
                    row = Row(gettext("what was typed"), nth, {}, dict(zip(columns, alleles, strict=True)))
                    builder.add(row, marker, list(row.extra.items()))
        except BadFile as refused:
            raise forms.ValidationError([part for part in what_and_next(refused) if part]) from refused
        typed = builder.build()
        if typed.other:
            names = ", ".join(typed.other)
            raise forms.ValidationError(gettext("These are no markers: %(names)s.") % {"names": names})
        return values | typed.as_record()


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
