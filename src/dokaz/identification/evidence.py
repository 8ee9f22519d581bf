"""Whether the DNA evidence of a comparison is of the pair that is compared, and of records that are still the newest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dokaz.casework.acts import require_fields
from dokaz.casework.filing import Filing
from dokaz.errors import BadChoice, sentence
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.models import Conclusion, Discipline
from dokaz.missing.models import Donor, MissingPerson, Reference
from dokaz.mortuary.models import Profile


def must_fit(
    person: MissingPerson, unit: RecoveryUnit, discipline: str, conclusion: str, evidence: Mapping[str, Any]
) -> None:
    """Refuse a likelihood ratio that is missing, or of another unit or family.

    Raises:
        EmptyField: a DNA conclusion without a profile, a family or a likelihood ratio.
        BadChoice: the profile is of another unit, or the family misses somebody else.
    """
    profile, family = evidence.get("profile"), evidence.get("family")
    if discipline == Discipline.DNA and conclusion != Conclusion.INCONCLUSIVE:
        require_fields(f"{unit.number} and {person.number}",
                       sentence("a DNA conclusion rests on a profile, a family and a likelihood ratio"),
               profile=profile, family=family, log10_lr=evidence.get("log10_lr"))  # fmt: skip
    if profile is not None and profile.sample.unit_id != unit.id:
        raise BadChoice("profile", profile.number, [sentence("a profile of {number}", number=unit.number)])
    if family is not None and person.number not in {m.get("missing") for m in family.members}:
        raise BadChoice("family", family.number, [sentence("a pedigree that names {number}", number=person.number)])


def must_be_current(evidence: Mapping[str, Any], filing: Filing) -> None:
    """Refuse a likelihood ratio if what it rests on changed after it was computed; other people's records may have.

    Raises:
        EmptyField: it does not say how many entries the ledger held when it was computed.
        InputsChanged: a profile of the sample, the family, one of its donors or references, or the table was filed since.
    """
    profile, family, table = evidence.get("profile"), evidence.get("family"), evidence.get("frequencies")
    if profile is not None and family is not None:
        read: Any = (evidence.get("inputs") or {}).get("ledger_size")
        require_fields(
            "comparison", sentence("say how many entries the ledger held when it was computed"), ledger_size=read
        )
        of_sample = Profile.objects.filter(sample=profile.sample_id)
        donors, references = Donor.objects.filter(family=family), Reference.objects.filter(donor__family=family)
        records: list[Any] = [*of_sample, family, *donors, *references, *([table] if table else [])]
        filing.require_unchanged(read, records=[record.id for record in records])
