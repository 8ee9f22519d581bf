"""Pages of this room: the work that waits, examinations, samples, DNA profiles of remains."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dokaz.casework.filing import Filing
from dokaz.casework.queries import under_way
from dokaz.casework.roles import Role
from dokaz.casework.rooms import READERS, room_named
from dokaz.casework.states import Tone
from dokaz.graves.models import RecoveryUnit, State, UnitType
from dokaz.mortuary import acts
from dokaz.mortuary.elements import place_in_words
from dokaz.mortuary.forms import ExamineForm, SampleForm, TypedProfileForm, WithdrawProfileForm
from dokaz.mortuary.models import Examination, Profile, Sample
from dokaz.mortuary.panels import SAMPLES, details
from dokaz.mortuary.queries import is_typed, profiles_in_use
from dokaz.pages.act_page import ActPage
from dokaz.pages.acting import Acting
from dokaz.pages.custody import BY_HOLDER, BY_PLACE, HAND_ON, WHERE, where_it_is
from dokaz.pages.list_page import Empty, Filter, ListPage
from dokaz.pages.lists import once_per_filing
from dokaz.pages.named import column_of, fact_of, label_of
from dokaz.pages.parts import Fact, ListColumn, Pick, Text
from dokaz.pages.record_page import RecordPage

OPEN_TO = READERS - {Role.FAMILY_LIAISON}

_STATES = (State.LIFTED, State.RECEIVED, State.EXAMINED, State.SAMPLED, State.STORED)


# --- units in the mortuary ---------------------------------------------------------------------------------------------


def next_step(unit: RecoveryUnit) -> Text | None:
    """What comes next for a unit in the mortuary; artefacts are kept as they are."""
    if unit.state not in _STATES[1:]:
        return None
    if unit.type == UnitType.ARTEFACT:
        return ""
    if unit.state == State.RECEIVED:
        return _("It is examined.")
    if unit.state == State.EXAMINED:
        return _("A sample is taken for DNA.")
    return None if is_typed(unit) else _("The laboratory types the sample.")


def _is_held(unit: RecoveryUnit, acting: Acting) -> bool:
    return unit.holder_id == acting.person.pk


def _is_here(unit: RecoveryUnit, acting: Acting) -> bool:
    return _is_held(unit, acting) and under_way(unit) is None


def _waiting(acting: Acting) -> dict[str, Any]:
    """How much waits at each step of the room, and the list behind it."""
    steps = room_named("mortuary").steps
    counted = once_per_filing("waiting in the mortuary", lambda: [step.waiting().count() for step in steps])
    figures = zip(counted, steps, strict=True)
    return {"figures": [(n, step.label, f"{reverse(step.page)}?{step.query}") for n, step in figures]}


def _newest(unit: RecoveryUnit) -> Examination | None:
    return max(unit.examinations.all(), key=lambda one: one.number, default=None)


def _interval(unit: RecoveryUnit, lowest: str, highest: str) -> str:
    found = _newest(unit)
    if found is None or not getattr(found, lowest):
        return ""
    return f"{getattr(found, lowest)}–{getattr(found, highest)}"


def _sex(unit: RecoveryUnit) -> Text:
    found = _newest(unit)
    return found.get_sex_display() if found is not None and found.sex is not None else ""


def _with_way(units: QuerySet[RecoveryUnit]) -> QuerySet[RecoveryUnit]:
    return units.select_related("grave__site", "holder", "kept_in")


# --- samples and profiles ----------------------------------------------------------------------------------------------


def _sample_facts(sample: Sample, acting: Acting) -> list[Fact]:
    return [
        Fact(label_of(Sample, "element"), place_in_words(sample.element, sample.element_stated)),
        fact_of(sample, "unit"),
        fact_of(sample, "taken_at", sample.taken_by.name),
        *(fact_of(sample, name) for name in ("laboratory", "purpose", "note")),
        where_it_is(sample),
    ]


def _typed(found: QuerySet[Sample], value: str) -> QuerySet[Sample]:
    if value == "no":
        return found.exclude(pk__in=Profile.objects.values("sample"))
    return found.filter(pk__in=profiles_in_use().values("sample"))


def _type(sample: Sample, filing: Filing, values: dict[str, Any]) -> Profile:
    return acts.profile(sample, filing, attempt=Profile.every.filter(sample=sample).count() + 1, **values)


def _profile_state(profile: Profile) -> tuple[Text, str]:
    if profile.withdrawn:
        return _("withdrawn"), Tone.VOID
    return (_("stands"), Tone.DONE) if profile.markers_typed else (_("failed attempt"), Tone.VOID)


def _profile_facts(profile: Profile, acting: Acting) -> list[Fact]:
    return [
        fact_of(profile, "sample"),
        fact_of(profile.sample, "unit"),
        *(fact_of(profile, name) for name in ("laboratory", "kit", "attempt", "typed_on", "note")),
    ]


_CHOSEN = Pick(gettext_lazy("What to do with the chosen things"), "thing", HAND_ON)
_FEWER = gettext_lazy("Take a filter off, or search for less of the number.")

PAGES = (
    ListPage(
        name="mortuary",
        at="mortuary/",
        open_to=OPEN_TO,
        label=gettext_lazy("Mortuary"),
        lists=RecoveryUnit,
        records=lambda acting: RecoveryUnit.objects.filter(state__in=_STATES),
        search=("number", "description"),
        filters=(Filter("state", label_of(RecoveryUnit, "state"), [(state, state.label) for state in _STATES]),),
        columns=(
            column_of(RecoveryUnit, "number", "number"),
            column_of(RecoveryUnit, "state", "state"),
            ListColumn(label_of(Examination, "sex"), value=_sex),
            ListColumn(gettext_lazy("Age, years"), is_number=True,
                   value=lambda unit: _interval(unit, "age_low_years", "age_high_years")),
            ListColumn(gettext_lazy("Stature, cm"), is_number=True,
                   value=lambda unit: _interval(unit, "stature_low_cm", "stature_high_cm")),
            ListColumn(gettext_lazy("Findings"), is_number=True,
                   value=lambda unit: sum(len(one.findings.all()) for one in unit.examinations.all())),
            ListColumn(gettext_lazy("Samples"), is_number=True, value=lambda unit: len(unit.samples.all())),
            WHERE,
        ),
        fetch=lambda units: units.select_related("grave", "holder").defer("points", "reason").prefetch_related(
            "examinations__findings", "samples"),
        unit=gettext_lazy("recovery units"),
        see_also=(("samples", gettext_lazy("Samples")), ("profiles", gettext_lazy("DNA profiles"))),
        empty=Empty(
            gettext_lazy("Nothing waits here."),
            gettext_lazy("Units come here once they are lifted, handed over and taken over."),
            "inventory",
            gettext_lazy("Where is everything?"),
        ),
        none_fits=Empty(gettext_lazy("No unit fits."), _FEWER),
        pick=_CHOSEN,
        template="mortuary/mortuary.html",
        context=_waiting,
    ),
    ActPage(
        name="unit_receive",
        at="units/<str:number>/receive/",
        record=RecoveryUnit,
        act=acts.receive,
        title=gettext_lazy("Receive"),
        lead=gettext_lazy("Compare the number on the label with the number on this page."),
        verb=gettext_lazy("It is received"),
        message=gettext_lazy("%(n)s is received."),
        fetch=_with_way,
        starts_from=acts.TO_RECEIVE,
        offered=_is_here,
        is_due=lambda unit, acting: True,
        notes=lambda unit: [where_it_is(unit)],
    ),
    ActPage(
        name="unit_examine",
        at="units/<str:number>/examine/",
        record=RecoveryUnit,
        act=acts.examine,
        title=gettext_lazy("Examine"),
        lead=gettext_lazy("Observations only: what they mean is for an opinion, and who it was for a board."),
        verb=gettext_lazy("File the examination"),
        message=gettext_lazy("Examination %(n)s is filed."),
        form=ExamineForm,
        fetch=_with_way,
        starts_from=acts.TO_EXAMINE,
        is_due=lambda unit, acting: unit.state == State.RECEIVED,
        template="mortuary/examine.html",
    ),
    ActPage(
        name="unit_sample",
        at="units/<str:number>/sample/",
        record=RecoveryUnit,
        act=acts.sample,
        title=gettext_lazy("Take a sample"),
        lead=gettext_lazy("The sample's number derives from the unit's."),
        verb=gettext_lazy("It is taken"),
        message=gettext_lazy("Sample %(n)s is taken."),
        form=SampleForm,
        fetch=_with_way,
        starts_from=acts.TO_SAMPLE,
        offered=_is_held,
        is_due=lambda unit, acting: unit.state == State.EXAMINED,
    ),
    ActPage(
        name="unit_store",
        at="units/<str:number>/store/",
        record=RecoveryUnit,
        act=acts.store,
        title=gettext_lazy("Put into store"),
        lead=gettext_lazy("Examined, and sampled if anything could be sampled."),
        verb=gettext_lazy("It is in store"),
        message=gettext_lazy("%(n)s is in store."),
        fetch=_with_way,
        starts_from=acts.TO_STORE,
        offered=_is_held,
    ),
    RecordPage(
        name="examination",
        at="examinations/<str:number>/",
        open_to=OPEN_TO,
        shows=Examination,
        parent=lambda examination: examination.unit,
        title=lambda examination: examination.description,
        fetch=lambda query: query.select_related("unit__grave__site", "examiner").prefetch_related("findings"),
        facts=details,
    ),
    ListPage(
        name="samples",
        at="mortuary/samples/",
        open_to=OPEN_TO,
        label=gettext_lazy("Samples"),
        lists=Sample,
        search=("number", "element", "element_stated"),
        filters=(
            Filter(
                "typed",
                gettext_lazy("Typed"),
                (("yes", gettext_lazy("with a profile")), ("no", gettext_lazy("no attempt yet"))),
                _typed,
            ),
            BY_PLACE,
            BY_HOLDER,
        ),
        columns=SAMPLES,
        pick=_CHOSEN,
        fetch=lambda samples: samples.select_related("unit", "holder").prefetch_related("profiles"),
        unit=gettext_lazy("samples"),
        empty=Empty(
            gettext_lazy("No sample has been taken."),
            gettext_lazy("Samples are taken from units that were examined."),
            "mortuary",
            gettext_lazy("To the mortuary"),
        ),
        none_fits=Empty(gettext_lazy("No sample fits."), _FEWER),
        under="mortuary",
    ),
    RecordPage(
        name="sample",
        at="samples/<str:number>/",
        open_to=OPEN_TO,
        shows=Sample,
        parent=lambda sample: sample.unit,
        title=lambda sample: place_in_words(sample.element, sample.element_stated),
        fetch=lambda query: query.select_related("unit__grave__site", "holder", "kept_in", "taken_by"),
        facts=_sample_facts,
    ),
    ActPage(
        name="sample_profile",
        at="samples/<str:number>/profile/",
        record=Sample,
        act=acts.profile,
        title=gettext_lazy("Type in a profile"),
        lead=gettext_lazy("A table from the laboratory is safer: it is delivered as a file, and nobody types it."),
        verb=gettext_lazy("File the profile"),
        message=gettext_lazy("The profile of %(n)s is filed."),
        form=TypedProfileForm,
        fetch=lambda query: query.select_related("unit__grave__site"),
        perform=_type,
        is_due=lambda sample, acting: not sample.profiles.exists(),
    ),
    ListPage(
        name="profiles",
        at="mortuary/profiles/",
        open_to=OPEN_TO,
        label=gettext_lazy("DNA profiles"),
        lead=gettext_lazy("Of remains. Several parts of one person share one genotype; a profile is not a person."),
        lists=Profile,
        search=("number", "sample__number", "laboratory"),
        filters=(
            Filter(
                "which",
                gettext_lazy("Which"),
                (("in use", gettext_lazy("in use: with a result, and not withdrawn")),),
                lambda found, value: found & profiles_in_use(),
                default="in use",
            ),
        ),
        columns=(
            column_of(Profile, "number", "number"),
            column_of(Profile, "sample"),
            column_of(Profile, "sample__unit"),
            column_of(Profile, "laboratory"),
            column_of(Profile, "kit"),
            column_of(Profile, "attempt"),
            ListColumn(gettext_lazy("Markers"), is_number=True, value=lambda profile: profile.markers_typed),
            column_of(Profile, "typed_on", "typed"),
            ListColumn(gettext_lazy("State"), kind="state", value=_profile_state),
        ),
        fetch=lambda profiles: profiles.select_related("sample__unit"),
        unit=gettext_lazy("DNA profiles"),
        empty=Empty(
            gettext_lazy("No profile is on file."),
            gettext_lazy("A DNA examiner takes in a laboratory's table under Deliveries."),
            "deliveries",
            gettext_lazy("To the deliveries"),
        ),
        none_fits=Empty(gettext_lazy("No profile fits."), _FEWER),
        under="mortuary",
    ),
    RecordPage(
        name="profile",
        at="profiles/<str:number>/",
        open_to=OPEN_TO,
        shows=Profile,
        parent=lambda profile: profile.sample,
        fetch=lambda query: query.select_related("sample__unit__grave__site"),
        state=_profile_state,
        facts=_profile_facts,
    ),
    ActPage(
        name="profile_withdraw",
        at="profiles/<str:number>/withdraw/",
        record=Profile,
        act=acts.withdraw_profile,
        title=gettext_lazy("Withdraw a profile"),
        label=gettext_lazy("Withdraw it"),
        lead=gettext_lazy("It stays readable, and is no longer compared."),
        verb=gettext_lazy("Withdraw it"),
        message=gettext_lazy("%(n)s is withdrawn."),
        form=WithdrawProfileForm,
        fetch=lambda query: query.select_related("sample__unit__grave__site"),
        offered=lambda profile, acting: not profile.withdrawn,
    ),
)  # fmt: skip
