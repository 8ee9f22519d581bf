"""Pages of this room: the missing, their families, the donors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dokaz.casework.alphabet import InAlphabet
from dokaz.casework.filing import Filing
from dokaz.casework.roles import Role
from dokaz.casework.rooms import READERS, at_stage, stages_of, steps_of, waiting_at
from dokaz.missing import acts
from dokaz.missing.forms import (
    CorrectPedigreeForm,
    DonorForm,
    DuplicateForm,
    FoundAliveForm,
    PedigreeForm,
    ReopenForm,
    ReportForm,
    SplitReportForm,
    VerifyForm,
    WithdrawForm,
)
from dokaz.missing.models import Donor, Family, MissingPerson, MissingState
from dokaz.missing.queries import CLOSED, NOT_MATCHED, missing_of, pedigrees_of
from dokaz.pages.act_page import ActPage
from dokaz.pages.acting import Acting
from dokaz.pages.list_page import Empty, Filter, ListPage
from dokaz.pages.named import column_of, fact_of, label_of
from dokaz.pages.partial_dates import in_words
from dokaz.pages.parts import Fact, ListColumn, Text
from dokaz.pages.pictures.pedigree import DrawnMember, pedigree
from dokaz.pages.pictures.rows import NoPedigree
from dokaz.pages.record_page import RecordPage
from dokaz.pages.refusals import what_and_next
from dokaz.pages.ways import address_of

# Who is looked for and what was found are read apart until an examiner compares the two (identification rule 6).
OPEN_TO = READERS - {Role.SCENE, Role.MORTUARY}

_SEX_LETTERS = {"male": "m", "female": "f"}


def _states() -> list[tuple[str, Text]]:
    return [*stages_of(MissingPerson), *MissingState.choices]


def _by_state(found: QuerySet[Any], value: str) -> QuerySet[Any]:
    return found.filter(state=value) if value in MissingState.values else at_stage(found, value)


def _is_open(person: MissingPerson, _acting: Acting) -> bool:
    return person.state not in CLOSED


def _facts(person: MissingPerson, acting: Acting) -> list[Fact]:
    stature = _("%(n)s cm") % {"n": person.stature_cm} if person.stature_cm else ""
    facts = [
        fact_of(person, "sex"),
        Fact(label_of(MissingPerson, "born"), in_words(person.born)),
        Fact(_("Last seen"), ", ".join(filter(None, (in_words(person.last_seen_on), person.last_seen_place)))),
        Fact(_("Stature"), stature, _("as the family says") if stature else ""),
        *(fact_of(person, name) for name in ("marks", "clothing", "teeth", "occupation")),
        fact_of(person, "reported_by", person.liaison),
        *(fact_of(person, name) for name in ("reported_on", "note")),
    ]
    if person.same_as:
        url = address_of(person.same_as) if acting.opens("missing") else ""
        facts.insert(0, Fact(_("The same person as"), person.same_as.number, person.reason, url, "number"))
    if person.split_from:
        url = address_of(person.split_from) if acting.opens("missing") else ""
        facts.insert(0, Fact(_("Split from"), person.split_from.number, _("a report of two people"), url, "number"))
    return facts


def next_step(person: MissingPerson) -> Any:
    """What comes next for a report."""
    if person.state in CLOSED:
        return ""
    if person.state == MissingState.REPORTED:
        return _("Somebody confirms with the family that the report stands.")
    families = pedigrees_of(person)
    if not families:
        return _("The family's pedigree is stated.")
    if not any(family.donors.filter(withdrawn=False).exists() for family in families):
        return _("Relatives are asked for a sample.")
    return ""


def _written(members: Iterable[dict[str, Any]]) -> str:
    """A pedigree as the form takes it: a line for each member."""
    lines = []
    for m in members:
        parts = (m["id"], m.get("father"), m.get("mother"), _SEX_LETTERS.get(m.get("sex", ""), "?"), m.get("born"),
                 m.get("missing"))  # fmt: skip
        lines.append(" ".join(str(part or "-") for part in parts))
    return "\n".join(lines)


def _first_pedigree(_request: HttpRequest, person: MissingPerson) -> dict[str, Any]:
    """Both parents and the missing person: what a pedigree has at least."""
    sex, born = _SEX_LETTERS.get(person.sex, "?"), person.born[:4] or "-"
    return {"name": person.family_name, "members": f"F - - m\nM - - f\nC1 F M {sex} {born} {person.number}"}


def _draw(_person: MissingPerson, filing: Filing, values: dict[str, Any]) -> Family:
    return acts.draw_pedigree(filing, **values)


def _split(person: MissingPerson, filing: Filing, values: dict[str, Any]) -> list[MissingPerson]:
    """Two reports in place of one, and in each pedigree that somebody decided on the one whom it means."""
    meant = values.pop("pedigrees")
    families = [family for family in pedigrees_of(person) if family.number in meant]
    made = acts.split_report(person, filing, **values)
    for family in families:
        number = made[0 if meant[family.number] == "first" else 1].number
        members = [m | {"missing": number} if m["missing"] == person.number else m for m in family.members]
        acts.draw_pedigree(filing, members=members, family=family)
    return made


def _said_of_two(made: list[MissingPerson]) -> str:
    return gettext("It is closed; the two people are reported as %(numbers)s.") % {
        "numbers": ", ".join(one.number for one in made)
    }


def _correct(family: Family, filing: Filing, values: dict[str, Any]) -> Family:
    return acts.draw_pedigree(filing, members=values["members"], family=family)


PAGES = (
    ListPage(
        name="missing",
        at="missing/",
        open_to=OPEN_TO,
        label=_("Missing persons"),
        lead=_("Each line is one report. The same person may have been reported twice."),
        lists=MissingPerson,
        search=("number", "family_name", "given_name", "patronymic", "last_seen_place"),
        filters=(
            Filter("state", label_of(MissingPerson, "state"), _states, _by_state),
            Filter("waits", _("Waits to be"), lambda: steps_of(MissingPerson), waiting_at),
        ),
        columns=(
            column_of(MissingPerson, "number", "number"),
            ListColumn(_("Name"), "name", value=lambda one: one.name, kind="name",
                   order=(InAlphabet("family_name"), InAlphabet("given_name"), "number")),
            column_of(MissingPerson, "sex"),
            column_of(MissingPerson, "born", value=lambda one: in_words(one.born)),
            ListColumn(_("Last seen"), "seen", value=lambda one: in_words(one.last_seen_on),
                   note=lambda one: one.last_seen_place, order=("last_seen_on", "number")),
            column_of(MissingPerson, "state", "state"),
        ),
        unit=_("reports of missing persons"),
        empty=Empty(
            _("Nobody has been reported missing yet."),
            _("A family liaison officer takes down a report, or takes in a list under Deliveries."),
            "deliveries",
            _("To the deliveries"),
        ),
        none_fits=Empty(
            _("No report fits."), _("Try another spelling of the name, or take a filter off.")
        ),
        acts=("missing_report",),
        is_first_due=True,
    ),
    ActPage(
        name="missing_report",
        at="missing/report/",
        act=acts.report,
        title=_("Take down a report"),
        lead=_("In the words and the script of the family."),
        verb=_("Take it down"),
        message=_("Report %(n)s is taken down."),
        form=ReportForm,
        under="missing",
    ),
    RecordPage(
        # The mortuary reads a report once it is compared with something, and never the family behind it.
        name="missing_person",
        at="missing/<str:number>/",
        open_to=OPEN_TO | {Role.MORTUARY},
        shows=MissingPerson,
        is_open=lambda person, acting: acting.opens("missing") or person.comparisons.exists(),
        sees_all=lambda acting: acting.opens("missing"),
        under="missing",
        title=lambda person: person.name,
        fetch=lambda query: query.select_related("same_as", "split_from"),
        facts=_facts,
    ),
    ActPage(
        name="missing_verify",
        at="missing/<str:number>/verify/",
        record=MissingPerson,
        act=acts.verify,
        title=_("Verify"),
        lead=_("The family has confirmed that the report stands as it is written."),
        verb=_("It stands"),
        message=_("%(n)s is verified."),
        form=VerifyForm,
        notes=lambda person: [
            Fact(_("Name"), person.name),
            Fact(_("Born"), in_words(person.born)),
            Fact(_("Reported by"), person.reported_by),
        ],
        starts_from=(MissingState.REPORTED,),
        is_due=lambda person, acting: True,
    ),
    ActPage(
        name="pedigree_new",
        at="missing/<str:number>/pedigree/",
        record=MissingPerson,
        act=acts.draw_pedigree,
        title=_("State the pedigree"),
        verb=_("State it"),
        message=_("Pedigree %(n)s is stated."),
        form=PedigreeForm,
        initial=_first_pedigree,
        perform=_draw,
        offered=lambda person, acting: person.state not in CLOSED and not pedigrees_of(person),
        is_due=lambda person, acting: person.state != MissingState.REPORTED,
    ),
    ActPage(
        name="missing_duplicate",
        at="missing/<str:number>/duplicate/",
        record=MissingPerson,
        act=acts.mark_duplicate,
        title=_("Reported twice"),
        lead=_("This report is closed and points to the other one; both stay readable."),
        verb=_("Close this report"),
        message=_("%(n)s is closed as reported twice."),
        form=DuplicateForm,
        offered=_is_open,
    ),
    ActPage(
        name="missing_split",
        at="missing/<str:number>/split/",
        record=MissingPerson,
        act=acts.split_report,
        title=_("Two people"),
        lead=_(
            "For a report that turned out to be of two people: it is closed, keeps its number, and points to a new report "
            "of each. What was compared and decided on it is reopened. Take out of each what is not known of that person."
        ),
        verb=_("Report the two"),
        message=_said_of_two,
        form=SplitReportForm,
        perform=_split,
        starts_from=NOT_MATCHED,
    ),
    ActPage(
        name="missing_found_alive",
        at="missing/<str:number>/found-alive/",
        record=MissingPerson,
        act=acts.found_alive,
        title=_("Found alive"),
        lead=_("The report is closed and stays readable. Nobody is compared with it any more."),
        verb=_("Close this report"),
        message=_("%(n)s is closed: alive."),
        form=FoundAliveForm,
        starts_from=NOT_MATCHED,
    ),
    ActPage(
        name="missing_reopen",
        at="missing/<str:number>/reopen/",
        record=MissingPerson,
        act=acts.reopen_report,
        title=_("Open it again"),
        lead=_("For a report that was closed by mistake. It goes on from where it stood."),
        verb=_("Open it again"),
        message=_("%(n)s is open again."),
        form=ReopenForm,
        starts_from=acts.REOPENED,
    ),
    RecordPage(
        name="family",
        at="families/<str:number>/",
        open_to=OPEN_TO,
        shows=Family,
        under="missing",
        title=lambda family: family.name,
    ),
    ActPage(
        name="donor_enrol",
        at="families/<str:number>/enrol-donor/",
        record=Family,
        act=acts.enrol_donor,
        title=_("Enrol a donor"),
        lead=_("A relative gives a sample so that the missing can be found, and for nothing else."),
        verb=_("Enrol the donor"),
        message=_("Donor %(n)s is enrolled."),
        form=DonorForm,
        arguments=lambda family: {"family": family},
    ),
    ActPage(
        name="pedigree_correct",
        at="families/<str:number>/correct/",
        record=Family,
        act=acts.draw_pedigree,
        title=_("Correct the pedigree"),
        verb=_("Correct it"),
        message=_("The pedigree of %(n)s is corrected."),
        form=CorrectPedigreeForm,
        initial=lambda request, family: {"members": _written(family.members), "name": family.name},
        perform=_correct,
    ),
    ActPage(
        name="donor_withdraw",
        at="donors/<str:number>/withdraw/",
        record=Donor,
        on=lambda donor: donor.family,
        act=acts.withdraw_consent,
        title=_("Withdraw consent"),
        lead=_(
            "The donor's profile is not compared from now on. What was decided before stays readable."
        ),
        verb=_("The donor withdraws"),
        message=_("%(n)s is no longer compared."),
        form=WithdrawForm,
        fetch=lambda query: query.filter(withdrawn=False).select_related("family"),
        notes=lambda donor: [
            Fact(_("Donor"), donor.name or donor.member),
            Fact(_("Agreed to"), donor.get_consent_display()),
        ],
    ),
)  # fmt: skip


# --- what is shown of families, on their pages and on those of the missing ------------------------------------------------


def duplicates_of(person: MissingPerson, acting: Acting) -> dict[str, Any] | None:
    """The other reports of the same person; of two people who were reported as one, the report of each."""
    if not acting.opens("missing"):
        return None
    return {"duplicates": person.duplicates.order_by("number"), "parts": person.parts.order_by("number")}


def families_of(person: MissingPerson, acting: Acting) -> dict[str, Any]:
    """The families in which a missing person is a member, each with its pedigree and donors."""
    return {"families": [_shown(family, acting) for family in pedigrees_of(person)]}


def members_missing(family: Family, acting: Acting) -> dict[str, Any]:
    """The members of a family who are reported missing."""
    return {"persons": sorted(missing_of(family).values(), key=lambda one: one.number)}


def pedigree_of(family: Family, acting: Acting) -> dict[str, Any]:
    """The pedigree of a family and its donors."""
    return {"shown": _shown(family, acting)}


def _shown(family: Family, acting: Acting) -> dict[str, Any]:
    donors = list(family.donors.order_by("number").prefetch_related("references"))
    title = _("Pedigree of %(number)s") % {"number": family.number}
    drawing = problem = ""
    try:
        drawing = pedigree(_members(family, donors), title=title, key=family.number)
    except NoPedigree as not_drawn:
        problem = ": ".join(part for part in what_and_next(not_drawn) if part)
    return {
        "family": family,
        "donors": donors,
        "drawing": drawing,
        "problem": problem,
        "may_withdraw": acting.may("missing.withdraw_consent"),
    }


def _members(family: Family, donors: list[Donor]) -> list[DrawnMember]:
    """The pedigree as stated; typed is who gave a sample that may be used."""
    persons = missing_of(family)
    typed = {one.member for one in donors if not one.withdrawn and one.references.all()}
    names = {one.member: one.name for one in donors if one.name}
    return [
        DrawnMember(
            name=str(m["id"]),
            sex=_SEX_LETTERS.get(m.get("sex", ""), ""),
            father=m.get("father") or "",
            mother=m.get("mother") or "",
            is_typed=m["id"] in typed,
            is_missing=bool(m.get("missing")),
            label=persons[m["id"]].name if m["id"] in persons else names.get(m["id"], str(m["id"])),
            note=m.get("missing") or in_words(str(m.get("born") or "")),
            url=address_of(persons.get(m["id"])),
        )
        for m in family.members
    ]
