"""What people fill in about who lies here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import Attachment
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.acts import CHECK_LABELS
from dokaz.identification.lines import Line
from dokaz.identification.models import Bearing, Comparison, Conclusion, Discipline, Release, Subject
from dokaz.identification.searching import DEFAULT_THRESHOLD_LOG10_LR
from dokaz.missing.models import Frequencies, MissingPerson
from dokaz.mortuary.models import Profile
from dokaz.pages.acting import ActForm
from dokaz.pages.fields import DayField, PersonField, RecordField
from dokaz.pages.refusals import in_words


def _long(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class FrequenciesField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A table of allele frequencies, by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number}: {obj.name}"


class SearchForm(ActForm):
    """Search every profile against every family."""

    frequencies = FrequenciesField(
        queryset=Frequencies.objects.order_by("number"),
        label=_("Allele frequencies"),
        empty_label=None,
        help_text=_(
            "of the population that the missing come from; every likelihood ratio names the table that it used"
        ),
    )
    threshold_log10_lr = forms.DecimalField(
        label=_("Keep candidates from log10 LR"),
        initial=DEFAULT_THRESHOLD_LOG10_LR,
        max_digits=6,
        decimal_places=2,
        help_text=_("4 means 10 000 times likelier if related as stated than if not; lower keeps more chance matches"),
    )


class PairForm(forms.Form):
    """Which unit is compared with which missing person, and in what."""

    unit = RecordField(
        RecoveryUnit,
        unknown=_("No unit bears this number."),
        label=_("Recovery unit"),
        help_text=_("number on the label"),
    )
    missing = RecordField(
        MissingPerson,
        unknown=_("No report of a missing person bears this number."),
        label=_("Missing person"),
        help_text=_("number of the report, as MP-000012"),
    )
    discipline = forms.ChoiceField(label=_("Discipline"), choices=Discipline.choices, initial=Discipline.DNA)


class ProfileField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A DNA profile, with how much of it there is."""

    def label_from_instance(self, obj: Any) -> str:
        return gettext("%(number)s: %(count)s markers, %(laboratory)s, attempt %(attempt)s") % {
            "number": obj.number,
            "count": obj.markers_typed,
            "laboratory": obj.laboratory,
            "attempt": obj.attempt,
        }


class ComparisonChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Comparisons, each in a line."""

    def label_from_instance(self, obj: Any) -> str:
        return (
            f"{obj.number}: {obj.get_discipline_display()}, {obj.get_conclusion_display()}, {obj.get_state_display()}"
        )


class AttachmentChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Attached files, each with the record to which it is attached."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.of[0]['number']}: {obj.description} ({obj.number}, {obj.file_name})"


class CompareForm(ActForm):
    """Compare, and conclude."""

    profile = ProfileField(queryset=Profile.objects.none(), label=_("DNA profile"), empty_label=None)
    frequencies = FrequenciesField(
        queryset=Frequencies.objects.order_by("number"), label=_("Allele frequencies"), empty_label=None
    )
    conclusion = forms.ChoiceField(label=_("Conclusion"), choices=Conclusion.choices, widget=forms.RadioSelect)
    statement = forms.CharField(
        label=_("In your own words"),
        widget=_long(4),
        help_text=_("what was compared with what, and why you conclude so; a number alone concludes nothing"),
    )
    rests_on = AttachmentChoice(
        queryset=Attachment.objects.none(),
        label=_("Files that were compared"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "attached to the unit, its examinations or the report; teeth and friction ridges rest on one of each side"
        ),
    )
    supersedes = ComparisonChoice(
        queryset=Comparison.objects.none(),
        label=_("Takes the place of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("once two people have signed this one; what it takes the place of stays readable"),
    )
    why_better = forms.CharField(label=_("Why it takes their place"), required=False, widget=_long())

    def __init__(
        self, *args: Any, unit: RecoveryUnit, discipline: str, earlier: Any, attached: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        files: Any = self.fields["rests_on"]
        files.queryset = attached
        if not attached and discipline == Discipline.DNA:
            del self.fields["rests_on"]
        older: Any = self.fields["supersedes"]
        older.queryset = earlier
        if not earlier:
            del self.fields["supersedes"], self.fields["why_better"]
        if discipline != Discipline.DNA:
            del self.fields["profile"], self.fields["frequencies"]
            return
        profiles: Any = self.fields["profile"]
        profiles.queryset = Profile.objects.filter(sample__unit=unit, withdrawn=False).order_by("number")


class LineForm(forms.Form):
    """One line of evidence: one that the program proposes, to be taken in or not, or one in the examiner's words."""

    proposed = forms.CharField(required=False, widget=forms.HiddenInput)
    is_taken = forms.BooleanField(label=_("Take it in"), required=False, initial=True)
    about = forms.ChoiceField(label=_("About"), choices=[("", "–"), *Subject.choices], required=False)
    bearing = forms.ChoiceField(label=_("Bearing"), choices=Bearing.choices, initial=Bearing.NEUTRAL, required=False)
    statement = forms.CharField(label=_("What is compared with what"), required=False, widget=_long(2))
    source = forms.CharField(label=_("Record it rests on"), required=False)
    explanation = forms.CharField(label=_("If it speaks against: why it may still be this person"), required=False)
    distinguishes = forms.CharField(label=_("Tells apart from"), required=False)

    def __init__(self, *args: Any, proposals: Mapping[str, Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposals.get(self["proposed"].value() or "")
        for name in ("about", "source") if self.proposal else ("is_taken",):
            del self.fields[name]

    @property
    def finding(self) -> str:
        """What the program proposes, in words."""
        return in_words(self.proposal.words) if self.proposal else ""

    @property
    def subject(self) -> str:
        """What the proposed line is about, and the record that it rests on."""
        return f"{Subject(self.proposal.about).label} ({self.proposal.source})" if self.proposal else ""

    @property
    def line(self) -> Line | None:
        """The line of evidence; None for an empty row."""
        values = self.cleaned_data
        if not (values["is_taken"] if self.proposal else values.get("statement", "").strip()):
            return None
        proposal = self.proposal or Line(values["about"], Bearing.NEUTRAL.value, source=values["source"].strip())
        return replace(
            proposal,
            bearing=values["bearing"] or proposal.bearing,
            statement=values["statement"].strip(),
            explanation=values["explanation"].strip(),
            distinguishes=tuple(values["distinguishes"].split()),
        )


MOST_LINES = 40
EMPTY_LINES = 3
LineFormSet = forms.formset_factory(LineForm, extra=1, max_num=MOST_LINES, absolute_max=MOST_LINES)


class SignForm(ActForm):
    """Sign what one has read."""

    is_signed = True


class LayForm(ActForm):
    """Lay a question before the board."""

    question = forms.ChoiceField(
        label=_("The question"),
        choices=[("identify", _("These remains are this person")), ("exclude", _("These remains are not this person"))],
        widget=forms.RadioSelect,
        initial="identify",
    )
    comparisons = ComparisonChoice(
        queryset=Comparison.objects.none(),
        label=_("It rests on"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("what speaks against it in any other comparison of the two goes before the board all the same"),
    )
    ruling = forms.CharField(
        label=_("Reasons in writing"),
        required=False,
        widget=_long(),
        help_text=_("where more than the rule is needed: secondary identifiers, an explained contradiction"),
    )

    def __init__(self, *args: Any, pair: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["comparisons"]
        chosen.queryset = pair


class ReasonForm(ActForm):
    """An act that takes nothing but a reason."""

    asks_why = "required"


class DoubtForm(ActForm):
    """Raise grounds for a second look."""

    grounds = forms.CharField(label=_("What was found"), widget=_long(4))
    evidence = forms.CharField(
        label=_("Records that it rests on"), required=False, help_text=_("numbers, divided by spaces or commas")
    )

    def clean_evidence(self) -> list[str]:
        """The numbers, each once."""
        return list(dict.fromkeys(self.cleaned_data["evidence"].replace(",", " ").split()))


class AnswerForm(ActForm):
    """Say why a decision that was doubted still holds."""

    is_signed = True
    answer = forms.CharField(label=_("Why the decision still holds"), widget=_long(4))


class RevokeForm(ActForm):
    """Sign that a decision no longer stands."""

    is_signed = True
    asks_why = "required"
    why_label = gettext_lazy("Why it no longer stands")


class NotifyForm(ActForm):
    """Take note that the family was told."""

    notified_on = DayField(label=_("Told on"), help_text=_("in person, before anybody else learns of it"))


class ReleaseForm(ActForm):
    """Give remains back."""

    is_signed = True
    of, names = Release, ("released_to", "document_seen", "to_place", "family_choice", "identity_checked_by")
    released_to = forms.CharField(label=_("Given to"), help_text=_("name, and how they are related"))
    family_choice = forms.ChoiceField(
        label=_("The family's choice"),
        choices=[("partial_now", _("what is there now")), ("wait", _("they waited for all parts"))],
        widget=forms.RadioSelect,
        help_text=_("asked in person and recorded: take what has been found, or wait for the rest"),
    )
    identity_checked_by = PersonField(
        label=_("Label and remains checked by"),
        roles=CHECK_LABELS,
        others_only=True,
        help_text=_("somebody else than you, immediately before the release"),
    )


class ReturnForm(ActForm):
    """Take remains back into one's hands."""

    is_signed = True
    of, names = Release, ("returned_by", "return_document", "place")
    returned_by = forms.CharField(label=_("Brought back by"), help_text=_("name, and how they are related"))
    return_document = forms.CharField(label=_("Document seen"), help_text=_("kind and number"))
    place = forms.CharField(label=_("Where they lie now"))


class CloseReviewForm(ActForm):
    """Close a review."""

    outcome = forms.CharField(label=_("What the review found"), widget=_long(4))
