"""What this room shows on pages of units and of its own records: examinations, samples, profiles marker by marker."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dokaz.graves.models import RecoveryUnit
from dokaz.mortuary.elements import in_words, on_scheme, place_in_words
from dokaz.mortuary.models import Examination, Finding, Profile, Sample
from dokaz.mortuary.queries import attempts, side_by_side
from dokaz.pages.acting import Acting
from dokaz.pages.custody import WHERE
from dokaz.pages.list_page import row_of, table_of
from dokaz.pages.named import column_of, fact_of, label_of
from dokaz.pages.parts import Fact, ListColumn
from dokaz.pages.pictures.homunculus import homunculus
from dokaz.pages.templatetags.dokaz import number
from dokaz.pages.ways import address_of

FINDINGS = (
    column_of(Finding, "number"),
    column_of(Finding, "region", value=lambda finding: place_in_words(finding.region, finding.region_stated)),
    column_of(Finding, "mechanism"),
    column_of(Finding, "timing"),
    column_of(Finding, "description"),
)


def seen(examination: Examination) -> list[Fact]:
    """Sex, age and stature as an examination found them."""
    low, high = examination.age_low_years, examination.age_high_years
    age = _("%(low)s to %(high)s years") % {"low": low, "high": high} if low else ""
    low, high = examination.stature_low_cm, examination.stature_high_cm
    stature = _("%(low)s to %(high)s cm") % {"low": low, "high": high} if low else ""
    sex = f"{examination.sex} {examination.get_sex_display()}" if examination.sex is not None else ""
    return [
        Fact(label_of(Examination, "sex"), sex, examination.sex_method),
        Fact(_("Age at death"), age),
        Fact(_("Stature"), stature),
    ]


def examinations_of(unit: RecoveryUnit, acting: Acting) -> dict[str, Any]:
    """The examinations of a unit, the newest first."""
    made = unit.examinations.order_by("-number").select_related("examiner").prefetch_related("findings")
    examinations = [
        (one, address_of(one), seen(one), [row_of(FINDINGS, each, acting) for each in one.findings.all()])
        for one in made
    ]
    return {"examinations": examinations, "columns": FINDINGS, "caption": _("Findings, as seen")}


def findings_of(examination: Examination, acting: Acting) -> dict[str, Any]:
    """What an examination found, one thing a line."""
    found = examination.findings.order_by("number")
    return table_of(acting, _("Findings, as seen"), FINDINGS, found, empty=_("No finding is on file."))


def elements_of(examination: Examination, acting: Acting) -> dict[str, Any]:
    """The elements that an examination found, in words and on the scheme of a skeleton."""
    shown = on_scheme(examination.elements, examination.completeness)
    title = _("Elements of %(number)s") % {"number": examination.unit.number}
    return {
        "elements": [in_words(one) for one in examination.elements],
        "scheme": homunculus(shown, title=title) if shown else "",
    }


def as_is(record: Any, acting: Acting) -> dict[str, Any]:
    """What the template finds in the record itself."""
    return {}


def _profiles_of(sample: Sample) -> SafeString | str:
    """Every attempt at a sample's profile, and how many markers it shows."""
    made = sorted(sample.profiles.all(), key=lambda one: one.number)
    shown = [
        (
            number(one.number, address_of(one)),
            ngettext("%(n)s marker", "%(n)s markers", one.markers_typed) % {"n": one.markers_typed},
        )
        for one in made
    ]
    if not shown:
        return format_html('<span class="soft">{}</span>', _("not typed yet"))
    return format_html_join(", ", '{} <span class="soft">{}</span>', shown)


UNIT_OF_SAMPLE = column_of(Sample, "unit")
#: What lists say of samples; they fetch the holder and the profiles with them.
SAMPLES = (
    column_of(Sample, "number", "number"),
    column_of(Sample, "element", value=lambda sample: place_in_words(sample.element, sample.element_stated)),
    UNIT_OF_SAMPLE,
    column_of(Sample, "taken_at", "taken"),
    WHERE,
    ListColumn(gettext_lazy("Profiles"), value=_profiles_of),
)


def samples_of(unit: RecoveryUnit, acting: Acting) -> dict[str, Any]:
    """The samples of a unit and what the laboratory made of them."""
    taken = unit.samples.order_by("number").select_related("holder").prefetch_related("profiles")
    columns = [column for column in SAMPLES if column is not UNIT_OF_SAMPLE]
    return table_of(acting, _("Samples"), columns, taken, empty=_("No sample has been taken."))


def attempts_at(sample: Sample, acting: Acting) -> dict[str, Any]:
    """Every attempt at a sample's profile, side by side."""
    made = attempts(sample)
    return {"attempts": made, "rows": side_by_side(made)}


def markers_of(profile: Profile, acting: Acting) -> dict[str, Any]:
    """Every marker of a profile, beside the other attempts at the same sample."""
    made = [profile, *(one for one in attempts(profile.sample) if one.pk != profile.pk)]
    return {"attempts": made, "rows": side_by_side(made)}


def why_withdrawn(profile: Profile, acting: Acting) -> dict[str, Any] | None:
    """What was found wrong with a profile."""
    return {} if profile.withdrawn else None


def details(examination: Examination, acting: Acting) -> list[Fact]:
    """Everything that an examination says beside its findings and elements."""
    return [
        fact_of(examination, "examined_at", examination.examiner.name),
        *seen(examination),
        *(fact_of(examination, name) for name in ("completeness", "clothing", "marks", "teeth")),
    ]
