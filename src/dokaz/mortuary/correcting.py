"""How examinations, findings, samples and DNA profiles are put right, and what holds of them whenever they are filed."""

from __future__ import annotations

from typing import Any

from dokaz.casework.corrections import Correcting, Why, putting_right
from dokaz.casework.filing import Filing
from dokaz.casework.roles import Role
from dokaz.casework.rules import require_between, require_fields, require_interval, require_profile
from dokaz.errors import BadChoice, UnreadElement, sentence
from dokaz.exchange.reading.skeleton import PAIRED, SINGLE, read_element
from dokaz.mortuary.models import Examination, Finding, Profile, Sample

# What ages and statures can be, infants included.
AGE_YEARS = (0, 120)
STATURE_CM = (30, 260)
ATTEMPTS = (1, 99)


def must_be_element(text: object) -> None:
    """Refuse what is no element of the skeleton, as examinations write it.

    Raises:
        BadChoice: names it.
    """
    try:
        is_element = isinstance(text, str) and str(read_element(text)) == text
    except UnreadElement:
        is_element = False
    if not is_element:
        raise BadChoice("elements", text, [*SINGLE, *(f"{name}:left" for name in PAIRED)])


def _examination(examination: Examination, filing: Filing, changed: frozenset[str]) -> None:
    for name, low, high, can_be in (
        ("age_years", examination.age_low_years, examination.age_high_years, AGE_YEARS),
        ("stature_cm", examination.stature_low_cm, examination.stature_high_cm, STATURE_CM),
    ):
        stated: dict[str, Any] = {name: (low, high) if low or high else None}
        require_interval(examination.number, *can_be, **stated)
    for element in examination.elements:
        must_be_element(element)


def _finding(finding: Finding, filing: Filing, changed: frozenset[str]) -> None:
    where = finding.region or finding.region_stated
    require_fields(finding.number, sentence("say where on the unit it is"), region=where)


def _sample(sample: Sample, filing: Filing, changed: frozenset[str]) -> None:
    which = sample.element or sample.element_stated
    require_fields(sample.number, sentence("say which bone or tooth was sampled"), element=which)


def _profile(profile: Profile, filing: Filing, changed: frozenset[str]) -> None:
    require_between(profile.number, *ATTEMPTS, attempt=profile.attempt)
    require_profile(profile.number, genotypes=profile.genotypes, lineage=profile.lineage,
           lone_alleles=profile.lone_alleles, no_result=profile.no_result)  # fmt: skip


correct_examination, void_examination, _ = putting_right(
    "dokaz.mortuary.acts",
    "examination",
    Correcting(kind=Examination, closed={Why.BELONGS: "unit"}, check=_examination),
    Correcting(kind=Finding, closed={Why.BELONGS: "examination"}, check=_finding),
    Correcting(kind=Sample, closed={Why.NUMBER: "unit"}, check=_sample, aside="purpose note"),
    roles={Role.MORTUARY},
)
correct_profile, void_profile, _ = putting_right(
    "dokaz.mortuary.acts",
    "profile",
    Correcting(kind=Profile, closed={Why.BELONGS: "sample", Why.ACT: "withdrawn"}, check=_profile),
    roles={Role.DNA_EXAMINER},
)
