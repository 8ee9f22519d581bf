"""What people do in the mortuary. Observations only: what they mean is for an opinion, who it was for a board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import actor_is, agrees, changes, held, holds, makes, refers
from dokaz.casework.filing import Filing
from dokaz.casework.models import Person
from dokaz.casework.registry import act
from dokaz.casework.roles import Role
from dokaz.casework.rules import (
    Figure,
    refuse_future,
    require_between,
    require_fields,
    require_genotypes,
    require_held,
    require_interval,
)
from dokaz.errors import BadNumber, WrongState, sentence
from dokaz.exchange.reading.skeleton import place_code
from dokaz.graves.models import RecoveryUnit, State
from dokaz.mortuary.correcting import (
    AGE_YEARS,
    ATTEMPTS,
    STATURE_CM,
    must_be_element,
)
from dokaz.mortuary.correcting import correct_examination as correct_examination
from dokaz.mortuary.correcting import correct_profile as correct_profile
from dokaz.mortuary.correcting import void_examination as void_examination
from dokaz.mortuary.correcting import void_profile as void_profile
from dokaz.mortuary.models import Examination, Finding, Profile, Sample, Timing
from dokaz.numbers import derived_number, parse_number

# In which states each act finds its unit.
TO_RECEIVE = (State.LIFTED,)
TO_EXAMINE = (State.RECEIVED, State.EXAMINED, State.SAMPLED, State.STORED)
TO_SAMPLE = (State.EXAMINED, State.SAMPLED, State.STORED)
TO_STORE = (State.EXAMINED, State.SAMPLED)


@dataclass(frozen=True)
class SeenFinding:
    """One finding as an examiner words it."""

    region: str
    mechanism: str
    timing: str = Timing.UNDETERMINED
    description: str = ""


@act(
    roles={Role.MORTUARY},
    past=_("received"),
    files=(changes(RecoveryUnit, "", dict.fromkeys(TO_RECEIVE, State.RECEIVED), rules=(actor_is("holder"),)),),
)
def receive(unit: RecoveryUnit, filing: Filing) -> None:
    """Take a unit into the mortuary, once one has taken it over.

    Raises:
        WrongState: the unit was not lifted, or was received before.
        NotYours: somebody else answers for it; let them hand it over first.
    Source:   identification rule 4.
    """
    unit.must_be(*TO_RECEIVE)
    require_held(unit, filing)
    unit.state = State.RECEIVED
    filing.add(unit)


@act(
    roles={Role.MORTUARY},
    past=_("examined"),
    files=(
        makes(Examination, rules=(refers("unit", state=TO_EXAMINE),)),
        makes(Finding),
        changes(RecoveryUnit, "", {State.RECEIVED: State.EXAMINED}),
    ),
)
def examine(
    unit: RecoveryUnit,
    filing: Filing,
    *,
    sex: int | None = None,
    sex_method: str = "",
    age_years: tuple[Figure, Figure] | None = None,
    stature_cm: tuple[Figure, Figure] | None = None,
    completeness: str = "",
    elements: Sequence[str] = (),
    findings: Sequence[SeenFinding] = (),
    clothing: str = "",
    marks: str = "",
    teeth: str = "",
    description: str = "",
    examined_at: dt.datetime | None = None,
    examiner: Person | None = None,
) -> Examination:
    """Write down what is seen on a unit. A second look is a second examination; the first one stays.

    Args:
        sex: 0 to 5 (Buikstra and Ubelaker); None where nobody looked.
        age_years: Youngest and oldest age that the remains allow.
        stature_cm: Shortest and tallest stature that the remains allow.
        examiner: Who looked, where it is not the person who files.

    Raises:
        WrongState: the unit is not on the table.
        BadChoice: a code is not in its vocabulary, or an element is none of the skeleton's.
        BadInterval: an interval ends before it begins.
        OutOfRange: an interval reaches beyond what can be.
        InTheFuture: it is said to have been examined later than now.
    """
    unit.must_be(*TO_EXAMINE)
    refuse_future(unit.number, filing, examined_at=examined_at)
    require_interval(unit.number, *AGE_YEARS, age_years=age_years)
    require_interval(unit.number, *STATURE_CM, stature_cm=stature_cm)
    for element in elements:
        must_be_element(element)
    examination = Examination(
        number=filing.next_number(Examination, "EXA"),
        unit=unit,
        examiner_id=examiner.id if examiner else filing.by.person,
        examined_at=examined_at,
        sex=sex,
        sex_method=sex_method,
        age_low_years=str(age_years[0]) if age_years else "",
        age_high_years=str(age_years[1]) if age_years else "",
        stature_low_cm=str(stature_cm[0]) if stature_cm else "",
        stature_high_cm=str(stature_cm[1]) if stature_cm else "",
        completeness=completeness,
        elements=list(elements),
        clothing=clothing,
        marks=marks,
        teeth=teeth,
        description=description,
    )
    filing.add(examination)
    for seen in findings:
        _find(examination, seen, filing)
    if unit.state == State.RECEIVED:
        unit.state = State.EXAMINED
        filing.add(unit)
    return examination


def _place(field: str, named: str) -> dict[str, str]:
    """What was named, as its code where the vocabulary has one, else in the words that were used."""
    code = place_code(named)
    return {field: code, f"{field}_stated": "" if code else named}


def _find(examination: Examination, seen: SeenFinding, filing: Filing) -> None:
    unit = examination.unit.number
    require_fields(unit, sentence("say where on the unit it is"), region=seen.region)
    require_fields(unit, sentence("choose a class, or “other”"), mechanism=seen.mechanism)
    filing.add(
        Finding(
            number=filing.next_number(Finding, "FND"),
            examination=examination,
            **_place("region", seen.region),
            mechanism=seen.mechanism,
            timing=seen.timing,
            description=seen.description,
        )
    )


@act(
    roles={Role.MORTUARY},
    past=_("sampled"),
    files=(
        makes(
            Sample,
            blank="transfer",
            rules=(
                refers("unit", state=TO_SAMPLE),
                actor_is("holder"),
                agrees("unit", holder="holder"),
            ),
        ),
        changes(RecoveryUnit, "", {State.EXAMINED: State.SAMPLED}, rules=(actor_is("holder"),)),
    ),
)
def sample(
    unit: RecoveryUnit,
    filing: Filing,
    *,
    element: str,
    taken_at: dt.datetime | None = None,
    taken_by: Person | None = None,
    laboratory: str = "",
    purpose: str = "",
    note: str = "",
    number: str = "",
) -> Sample:
    """Take a sample for the laboratory from a unit that one holds; its number derives from the unit's.

    Args:
        element: Which bone or tooth: a code of ``exchange.reading.skeleton``, or other words.
        taken_by: Who took it, where it is not the person who files.
        number: The number on the tube, where one was given; the unit's next free one otherwise.

    Raises:
        WrongState: nothing is sampled before it was examined.
        NotYours: somebody else holds the unit.
        InTheFuture: it is said to have been taken later than now.
    """
    unit.must_be(*TO_SAMPLE)
    require_held(unit, filing)
    refuse_future(unit.number, filing, taken_at=taken_at)
    require_fields(unit.number, sentence("say which bone or tooth was sampled"), element=element)
    taken = Sample(
        number=_of_unit(number, unit)
        if number
        else derived_number(unit.number, Sample.every.filter(unit=unit).count() + 1, "S"),
        unit=unit,
        **_place("element", element),
        taken_at=taken_at,
        laboratory=laboratory,
        purpose=purpose,
        note=note,
        taken_by_id=taken_by.id if taken_by else filing.by.person,
        holder_id=filing.by.person,
        place=unit.place,
        kept_in=unit.kept_in,
    )
    filing.add(taken)
    if unit.state == State.EXAMINED:
        unit.state = State.SAMPLED
        filing.add(unit)
    return taken


def _of_unit(label: str, unit: RecoveryUnit) -> str:
    given = parse_number(label)
    if derived_number(unit.number, given.derivation[-1] if given.derivation else 0, "S") != label:
        raise BadNumber(label, sentence("not the number of a sample of {number}", number=unit.number))
    return label


@act(
    roles={Role.MORTUARY},
    past=_("put into store"),
    files=(changes(RecoveryUnit, "", dict.fromkeys(TO_STORE, State.STORED), rules=(actor_is("holder"),)),),
)
def store(unit: RecoveryUnit, filing: Filing) -> None:
    """Say that the work on a unit that one holds is done, and that it is in store.

    Raises:
        WrongState: it was not examined, or is in store already.
        NotYours: somebody else holds the unit.
    """
    unit.must_be(*TO_STORE)
    require_held(unit, filing)
    unit.state = State.STORED
    filing.add(unit)


@act(roles={Role.DNA_EXAMINER}, past=_("typed"), files=(makes(Profile, blank="withdrawn"),))
def profile(
    source: Sample,
    filing: Filing,
    *,
    laboratory: str,
    kit: str,
    genotypes: Mapping[str, Sequence[str]],
    attempt: int = 1,
    typed_on: dt.date | None = None,
    lone_alleles: Sequence[str] = (),
    lineage: Mapping[str, Sequence[str]] | None = None,
    no_result: Sequence[str] = (),
    note: str = "",
) -> Profile:
    """Keep what a laboratory typed from a sample, a failed attempt (no marker) included.

    Raises:
        TooManyAlleles: a marker shows three or more alleles; that is a mixture, and no single person's profile.
        EmptyField: laboratory, kit or the name of a marker is empty.
        OutOfRange: the first attempt is 1.
        InTheFuture: it is said to have been typed later than now.
        FileMissing: the file that it was read from is not kept.
    """
    refuse_future(source.number, filing, typed_on=typed_on)
    require_between(source.number, *ATTEMPTS, attempt=attempt)
    require_genotypes(source.number, genotypes)
    typed = Profile(
        number=filing.next_number(Profile, "DNA"),
        sample=source,
        laboratory=laboratory,
        kit=kit,
        attempt=attempt,
        typed_on=typed_on,
        genotypes={marker: sorted(alleles) for marker, alleles in genotypes.items()},
        lone_alleles=list(lone_alleles),
        lineage={marker: list(alleles) for marker, alleles in (lineage or {}).items()},
        no_result=list(no_result),
        note=note,
    )
    filing.add(typed)
    return typed


@act(
    roles={Role.DNA_EXAMINER},
    past=_("withdrew the profile"),
    files=(changes(Profile, "withdrawn", rules=(held(withdrawn=False), holds(withdrawn=True))),),
)
def withdraw_profile(typed: Profile, filing: Filing) -> None:
    """Mark a profile as found wrong (swapped tubes, contamination); it stays readable, and is no longer compared.

    Raises:
        EmptyField: no reason was given.
        WrongState: it was withdrawn before.
    """
    require_fields(typed.number, sentence("say what was found wrong"), reason=filing.reason)
    if typed.withdrawn:
        raise WrongState(typed.number, sentence("withdrawn"), [sentence("a profile that was not withdrawn")])
    typed.withdrawn = True
    filing.add(typed)
