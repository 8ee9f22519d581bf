"""Takes a whole victim-identification case from one file: remains, families, references and frequencies.

Such files know nothing of graves, custody or examinations. What they do not say is not invented: units have no
coordinates and no photograph, and say so; nobody's sex or age is examined beyond what the file states.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dokaz.casework.acts import deliver
from dokaz.casework.filing import Actor, Filing
from dokaz.casework.roles import Role
from dokaz.errors import AlleleWithoutFrequency, BadFile, KinshipError, NumberTaken, sentence
from dokaz.exchange.programs.case_reader import FamilyFile, VictimCase, read_victims
from dokaz.graves.acts import lift, open_grave, open_site, register_unit
from dokaz.graves.intake import Progress, silent
from dokaz.kinship import MarkerSet, Mutation, MutationModel, Profiles, Sex
from dokaz.missing.acts import adopt_frequencies, draw_pedigree, enrol_donor, report, type_reference, verify
from dokaz.missing.models import Consent
from dokaz.mortuary.acts import examine, profile, receive, sample

ROLES = (Role.SCENE.value, Role.MORTUARY.value, Role.FAMILY_LIAISON.value, Role.DNA_EXAMINER.value)

_SEX = {Sex.MALE: "male", Sex.FEMALE: "female", Sex.UNKNOWN: "unknown"}
_SKELETAL_SEX = {Sex.MALE: 5, Sex.FEMALE: 1, Sex.UNKNOWN: 0}


def take_case(
    path: Path, *, filing: Filing, offices: Mapping[str, Actor], progress: Progress = silent
) -> dict[str, int]:
    """File a case: everything in one filing, in the offices of one person who holds them all.

    Args:
        path: JSON with ``markers``, ``pm``, ``am`` and ``missing``.
        offices: The importer in each of ``ROLES``.

    Returns: How many records of what were made.

    Raises:
        BadFile: the file is no such case, a pedigree, marker or profile in it cannot be, or a number of it was given
            before.
    """
    try:
        case = read_victims(path)
        case.must_be_unlinked("a search of this store")
    except AlleleWithoutFrequency as error:
        raise BadFile(
            error.what,
            file=path.name,
            next_step=sentence("correct it, or list it among the alleles of {marker}", marker=error.marker),
        ) from error
    except KinshipError as error:
        raise BadFile(error.what, file=path.name, next_step=error.next_step) from error
    taken = {"units": 0, "profiles": 0, "families": 0, "missing_persons": 0, "references": 0}
    try:
        with filing.in_office(offices[Role.DNA_EXAMINER]):
            adopt_frequencies(
                filing,
                name=case.case or path.stem,
                source=f"{path.name}, as delivered",
                markers=_frequencies(case.victims.markers),
                mutation=_mutations(case.victims.markers),
            )
        total = len(case.victims) + len(case.families)
        _take_remains(case, path, filing, offices, taken, lambda done: progress(done, total))
        for done, family in enumerate(case.families, start=len(case.victims)):
            with filing.in_office(offices[Role.FAMILY_LIAISON]):
                _take_family(family, path, filing, offices[Role.DNA_EXAMINER], taken)
            progress(done + 1, total)
    except NumberTaken as refusal:
        raise BadFile(refusal.what, file=path.name, next_step=sentence("this case was imported before")) from refusal
    deliver(filing, form="dvi", files=[(path.name, path.read_bytes())], taken=taken)
    return taken


def _code(text: str) -> str:
    return (re.sub(r"[^A-Z0-9]", "", text.upper()) or "CASE")[:8].ljust(2, "0")


def _take_remains(
    case: VictimCase, path: Path, filing: Filing, offices: Mapping[str, Actor], taken: dict[str, int], progress: Any
) -> None:
    unsaid = f"recovered before this record began; {path.name} states neither coordinates nor photographs"
    with filing.in_office(offices[Role.SCENE]):
        site = open_site(filing, code=_code(case.case or path.stem), name=case.case or path.stem, crs="not stated")
        grave = open_grave(site, filing, code="1", description=f"as delivered in {path.name}")
    for done, victim in enumerate(case.victims.ids):
        with filing.in_office(offices[Role.SCENE]):
            unit = register_unit(grave, filing, type="B", description=victim)
            lift(unit, filing, emergency_reason=unsaid)
        with filing.in_office(offices[Role.MORTUARY]):
            receive(unit, filing)
            examine(unit, filing, sex=_SKELETAL_SEX[case.victims.sexes[done]], sex_method=f"as stated in {path.name}",
                    description=f"{victim}: nothing else is stated")  # fmt: skip
            tube = sample(unit, filing, element=f"not stated ({victim})")
        with filing.in_office(offices[Role.DNA_EXAMINER]):
            profile(tube, filing, laboratory=f"not stated ({path.name})", kit="not stated",
                    genotypes=_genotypes(case.victims, victim))  # fmt: skip
        taken["units"] += 1
        taken["profiles"] += 1
        progress(done + 1)


def _take_family(family: FamilyFile, path: Path, filing: Filing, examiner: Actor, taken: dict[str, int]) -> None:
    for person in family.missing:
        verify(
            report(
                filing,
                number=person,
                family_name=person,
                sex=_SEX[family.pedigree.sex_of(person)],
                reported_by=path.name,
                family_of_pedigree=family.name,
                member_of_pedigree=person,
            ),
            filing,
        )
        taken["missing_persons"] += 1
    record = draw_pedigree(
        filing,
        number=family.name,
        members=[
            {
                "id": m.id,
                "father": m.father,
                "mother": m.mother,
                "sex": _SEX[family.pedigree.sex_of(m.id)],
                "born": None,
                "missing": m.id if m.id in family.missing else None,
            }
            for m in family.pedigree.members
        ],
    )
    taken["families"] += 1
    for relative in family.profiles.ids:
        donor = enrol_donor(
            record,
            filing,
            member=relative,
            relationship=f"as drawn; consent is documented by whoever delivered {path.name}",
            consent=Consent.IDENTIFICATION,
            consented_on=filing.at.date(),
        )
        with filing.in_office(examiner):
            type_reference(donor, filing, genotypes=_genotypes(family.profiles, relative))
        taken["references"] += 1


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


def _mutations(markers: MarkerSet) -> dict[str, dict[str, Any]]:
    return {
        marker.name: {"female": _model(marker.mutation), "male": _model(marker.mutation, male=True)}
        for marker in markers
        if marker.mutation is not None
    }


def _model(mutation: Mutation, *, male: bool = False) -> dict[str, Any]:
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
