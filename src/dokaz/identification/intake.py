"""Takes a whole victim-identification case from one file: remains, families, references and frequencies.

Such files know nothing of graves, custody or examinations. What they do not say is not invented: units have no
coordinates and no photograph, and say so; nobody's sex or age is examined beyond what the file states.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext_lazy as _

from dokaz.casework.delivery_kinds import AskedFile, DeliveryKind, Offices, Progress, Read, Sent, Taken
from dokaz.casework.filing import Actor, Filing
from dokaz.casework.roles import Role
from dokaz.errors import AlleleWithoutFrequency, BadFile, KinshipError, NumberTaken, sentence
from dokaz.exchange.programs.case_markers import read_json
from dokaz.exchange.programs.case_reader import VictimCase, victims_from
from dokaz.exchange.reading.remarks import Remark, remark
from dokaz.exchange.reading.skeleton import NOT_STATED
from dokaz.graves.acts import lift, open_grave, open_site, register_unit
from dokaz.graves.models import CRS_NOT_STATED
from dokaz.kinship import KinshipFamily, MarkerSet, Mutation, MutationModel, Profiles, Sex
from dokaz.missing.acts import adopt_frequencies, draw_pedigree, enrol_donor, report, type_reference
from dokaz.missing.frequency_markers import StatedModel, StatedMutation
from dokaz.missing.models import Consent
from dokaz.mortuary.acts import examine, profile, receive, sample
from dokaz.mortuary.models import SkeletalSex

_SKELETAL_SEX = {Sex.MALE: SkeletalSex.MALE, Sex.FEMALE: SkeletalSex.FEMALE, Sex.UNKNOWN: None}


@dataclass(frozen=True)
class DeliveredCase:
    """A case and the file that it came in."""

    case: VictimCase
    file: str

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What such a file leaves unsaid."""
        return remark("nothing_examined", file=self.file), remark("consent_elsewhere", file=self.file)

    @property
    def name(self) -> str:
        """What the case is called: by itself, or by its file."""
        return self.case.case or PurePath(self.file).stem


def _read(sent: Sent) -> DeliveredCase:
    file = sent.one("file")
    try:
        case = victims_from(read_json(file.read(), file=file.name), file.name)
        case.must_be_unlinked("a search of this store")
    except AlleleWithoutFrequency as error:
        raise BadFile(
            error.what,
            file=file.name,
            next_step=sentence("correct it, or list it among the alleles of {marker}", marker=error.marker),
        ) from error
    except KinshipError as error:
        raise BadFile(error.what, file=file.name, next_step=error.next_step) from error
    return DeliveredCase(case, file.name)


def _file(read: Read[DeliveredCase], filing: Filing, offices: Offices, progress: Progress) -> Taken:
    """File everything of a case in one filing, in the offices of one person who holds them all."""
    delivered, case = read.content, read.content.case
    taken = {
        "units": len(case.victims),
        "profiles": len(case.victims),
        "families": len(case.families),
        "missing_persons": sum(len(family.missing) for family in case.families),
        "references": sum(len(family.profiles) for family in case.families),
    }
    with filing.in_office(offices[Role.SCENE]), filing.from_delivery(read.deliver(filing, taken), delivered.file):
        try:
            with filing.in_office(offices[Role.DNA_EXAMINER]):
                adopt_frequencies(
                    filing,
                    name=delivered.name,
                    source=delivered.file,
                    markers=_frequencies(case.victims.markers),
                    mutation=_mutations(case.victims.markers),
                )
            total = len(case.victims) + len(case.families)
            _take_remains(delivered, filing, offices, lambda done: progress(done, total))
            for done, family in enumerate(case.families, start=len(case.victims) + 1):
                with filing.in_office(offices[Role.FAMILY_LIAISON]):
                    _take_family(family, delivered.file, filing, offices[Role.DNA_EXAMINER])
                progress(done, total)
        except NumberTaken as refusal:
            raise BadFile(
                refusal.what, file=delivered.file, next_step=sentence("this case was imported before")
            ) from refusal
    return taken


def _code(text: str) -> str:
    return (re.sub(r"[^A-Z0-9]", "", text.upper()) or "CASE")[:8].ljust(2, "0")


def _take_remains(delivered: DeliveredCase, filing: Filing, offices: Offices, progress: Any) -> None:
    case, file = delivered.case, delivered.file
    site = open_site(filing, code=_code(delivered.name), name=delivered.name, crs=CRS_NOT_STATED)
    grave = open_grave(site, filing, code="1", description=file)
    for done, victim in enumerate(case.victims.ids):
        with filing.in_office(offices[Role.SCENE]):
            unit = register_unit(grave, filing, type="B", description=victim)
            lift(unit, filing, is_before_record=True)
        with filing.in_office(offices[Role.MORTUARY]):
            receive(unit, filing)
            examine(unit, filing, sex=_SKELETAL_SEX[case.victims.sexes[done]], sex_method=file,
                    description=victim)  # fmt: skip
            tube = sample(unit, filing, element=NOT_STATED)
        with filing.in_office(offices[Role.DNA_EXAMINER]):
            profile(tube, filing, laboratory=NOT_STATED, kit=NOT_STATED,
                    genotypes=_genotypes(case.victims, victim))  # fmt: skip
        progress(done + 1)


def _take_family(family: KinshipFamily, file: str, filing: Filing, examiner: Actor) -> None:
    for person in family.missing:
        report(
            filing,
            number=person,
            family_name=person,
            sex=family.pedigree.sex_of(person).name.lower(),
            reported_by=file,
            family_of_pedigree=family.name,
            member_of_pedigree=person,
        )
    record = draw_pedigree(
        filing,
        number=family.name,
        members=[
            {
                "id": m.id,
                "father": m.father,
                "mother": m.mother,
                "sex": family.pedigree.sex_of(m.id).name.lower(),
                "born": None,
                "missing": m.id if m.id in family.missing else None,
            }
            for m in family.pedigree.members
        ],
    )
    for relative in family.profiles.ids:
        donor = enrol_donor(
            record,
            filing,
            member=relative,
            consent=Consent.IDENTIFICATION,
        )
        with filing.in_office(examiner):
            type_reference(donor, filing, genotypes=_genotypes(family.profiles, relative))


def _genotypes(profiles: Profiles, sample_id: str) -> dict[str, list[str]]:
    found = {}
    for marker in profiles.markers.names:
        alleles = profiles.genotype(sample_id, marker)
        if alleles is not None:
            found[marker] = list(alleles)
    return found


def _frequencies(markers: MarkerSet) -> dict[str, dict[str, str]]:
    return {
        marker.name: {a: repr(f) for a, f in zip(marker.alleles, marker.frequencies, strict=True)} for marker in markers
    }


def _mutations(markers: MarkerSet) -> dict[str, StatedMutation]:
    return {
        marker.name: {"female": _model(marker.mutation), "male": _model(marker.mutation, male=True)}
        for marker in markers
        if marker.mutation is not None
    }


def _model(mutation: Mutation, *, male: bool = False) -> StatedModel:
    model: MutationModel = mutation.male if male else mutation.female
    stated = None if model.stated is None else [[repr(v) for v in row] for row in model.stated]
    return {
        "model": model.kind.value,
        "rate": repr(model.rate),
        "rate2": repr(model.rate2),
        "range": repr(model.range),
        "matrix": stated,
        "stationary": model.stationary,
    }


CASE = DeliveryKind(
    name="dvi",
    label=_("Victim-identification case"),
    help=_("remains, families and frequencies in one JSON file"),
    offices=(Role.SCENE, Role.MORTUARY, Role.FAMILY_LIAISON, Role.DNA_EXAMINER),
    rooms=("units", "mortuary", "missing"),
    files=(AskedFile("file", _("The file"), _("JSON with markers, remains, families and the missing")),),
    reader=_read,
    filer=_file,
    counted={
        "units": _("recovery units"),
        "profiles": _("DNA profiles"),
        "families": _("families"),
        "missing_persons": _("reports of missing persons"),
        "references": _("reference profiles"),
    },
    needs_all=True,
)
