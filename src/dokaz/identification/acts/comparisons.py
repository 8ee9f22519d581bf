"""Search, compare, sign: a machine ranks, a person compares, and two examiners sign the comparison.

What speaks against stands in the same record as what speaks for.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts import assent, assents_given
from dokaz.casework.effects import (
    STATED,
    actor_is,
    agrees,
    changes,
    holds,
    listed,
    makes,
    refers,
    signed_in,
)
from dokaz.casework.filing import Filing
from dokaz.casework.models import Attachment, Record
from dokaz.casework.queries import assents_for, attached_to
from dokaz.casework.registry import act, signature_rule
from dokaz.casework.roles import Role, assents
from dokaz.casework.rules import require_fields
from dokaz.errors import (
    BadChoice,
    NoSuchRecord,
    NotInOffice,
    WrongState,
    sentence,
)
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.evidence import DnaEvidence, SearchResult, require_log10
from dokaz.identification.lines import Line
from dokaz.identification.models import (
    Comparison,
    ComparisonState,
    Conclusion,
    Discipline,
    Search,
)
from dokaz.identification.queries import attached_to_remains
from dokaz.missing.models import Donor, Family, MissingPerson, Reference
from dokaz.mortuary.models import Profile

EXAMINERS = {Role.DNA_EXAMINER, Role.PRINT_EXAMINER, Role.MORTUARY}
# The office in which both sign a comparison; in any other discipline, whichever examiners.
OWN_OFFICE = {
    Discipline.DNA: Role.DNA_EXAMINER,
    Discipline.FRICTION_RIDGE: Role.PRINT_EXAMINER,
    Discipline.TEETH: Role.MORTUARY,
}


_CONCLUDED = (Conclusion.CONCORDANT, Conclusion.DISCORDANT)
# Whoever reads such a conclusion must see what was compared: images, charts, marked points.
_BY_EYE = (Discipline.FRICTION_RIDGE, Discipline.TEETH)


@act(roles={Role.DNA_EXAMINER, Role.ANALYST}, past=_("searched"), files=(makes(Search),))
def search(filing: Filing, *, result: SearchResult) -> Search:
    """Keep a blind search: its inputs, its threshold, what was left out, and the candidates.

    Args:
        result: As ``searching.result_of`` gives it.

    Raises:
        InputsChanged: a profile, a family or a report was filed since, so that the search is of a state that is gone.
        WrongKind: the threshold or a likelihood ratio is not a number.
    """
    filing.require_unchanged(
        result.ledger_size,
        kinds=(Profile, Reference, Donor, Family, MissingPerson),
        records=[result.frequencies.id],
    )
    require_log10(threshold_log10_lr=result.threshold_log10_lr)
    for candidate in result.candidates:
        require_log10(log10_lr=candidate["log10_lr"])
    found = Search(number=filing.next_number(Search, "SRC"), run_at=filing.at, **vars(result))
    filing.add(found)
    return found


@act(
    roles=EXAMINERS,
    past=_("compared"),
    files=(
        makes(
            Comparison,
            ComparisonState.PROPOSED,
            blank="signed_on superseded_by",
            rules=(
                actor_is("examiner"),
                refers("profile", withdrawn=False),
                agrees("profile.sample", recovery_unit="unit"),
                holds(
                    {"discipline": Discipline.DNA, "conclusion": _CONCLUDED},
                    profile=STATED,
                    family=STATED,
                    log10_lr=STATED,
                ),
                holds({"discipline": _BY_EYE, "conclusion": _CONCLUDED}, rests_on=STATED),
                holds({"supersedes": STATED}, why_better=STATED),
            ),
        ),
    ),
)
def compare(
    filing: Filing,
    *,
    missing_person: MissingPerson,
    recovery_unit: RecoveryUnit,
    discipline: str,
    conclusion: str,
    statement: str,
    lines: Sequence[Line] = (),
    evidence: DnaEvidence | None = None,
    rests_on: Sequence[Attachment] = (),
    supersedes: Sequence[Comparison] = (),
    why_better: str = "",
) -> Comparison:
    """Compare one missing person with one unit in one discipline, and conclude.

    Args:
        lines: Everything else that bears on it, for and against.
        evidence: For DNA, as ``comparing.dna_evidence`` computes it.
        rests_on: The attached files that were compared, of the remains and of the person: images, charts, marked points.
        supersedes: Older comparisons of the two, in whose place this one stands once two people have signed it.
        why_better: Why it takes their place.

    Raises:
        InputsChanged: a profile of the sample, the family or one of its donors or references was filed since.
        BadChoice: discipline, conclusion or a line's bearing is not in its vocabulary; or the DNA evidence is of another
            unit or family, or of no DNA comparison; or a file is attached to something else.
        EmptyField: the examiner or a line states nothing, or DNA concludes without a profile and a likelihood ratio, or
            teeth or friction ridges without a file of the remains and one of the person.
        NoSuchRecord: a line tells apart from somebody who is not reported.
        WrongState: the profile was withdrawn.
        WrongKind: a likelihood ratio is not a number.
    """
    require_fields(sentence("comparison"), sentence("state the conclusion in your own words"), statement=statement)
    lines_hold(lines)
    for older in supersedes:
        _may_take_the_place_of(older, recovery_unit, missing_person, discipline, why_better)
    if discipline == Discipline.DNA and conclusion != Conclusion.INCONCLUSIVE:
        why = sentence("a DNA conclusion rests on a profile, a family and a likelihood ratio")
        require_fields(f"{recovery_unit.number} and {missing_person.number}", why, evidence=evidence)
    if evidence is not None:
        evidence.must_be_current(filing)
        evidence.must_fit(missing_person, recovery_unit, discipline)
    must_rest_on(rests_on, recovery_unit, missing_person, discipline, conclusion)
    comparison = Comparison(
        number=filing.next_number(Comparison, "CMP"),
        missing_person=missing_person,
        recovery_unit=recovery_unit,
        discipline=discipline,
        conclusion=conclusion,
        examiner_id=filing.by.person,
        compared_at=filing.at,
        statement=statement.strip(),
        lines=[line.as_json() for line in lines],
        rests_on=sorted({str(one.id) for one in rests_on}),
        supersedes=sorted({str(older.id) for older in supersedes}),
        why_better=why_better.strip(),
        **(vars(evidence) if evidence else {}),
    )
    filing.add(comparison)
    return comparison


def must_rest_on(
    rests_on: Sequence[Attachment], unit: RecoveryUnit, person: MissingPerson, discipline: str, conclusion: str
) -> None:
    """Refuse files that are attached to neither of the two, and conclusions by eye without a file of each."""
    of_unit, of_person = list(attached_to_remains(unit)), list(attached_to(person))
    for one in rests_on:
        if one not in [*of_unit, *of_person]:
            wanted = sentence(
                "a file attached to {unit}, an examination of it, or {person}", unit=unit.number, person=person.number
            )
            raise BadChoice("rests_on", one.number, [wanted])
    if discipline in _BY_EYE and conclusion in _CONCLUDED:
        why = sentence("attach what was compared (images, charts, marked points), and name it")
        for side, files in ((unit, of_unit), (person, of_person)):
            require_fields(side.number, why, rests_on=[one for one in rests_on if one in files])


def _may_take_the_place_of(
    older: Comparison, unit: RecoveryUnit, person: MissingPerson, discipline: str, why_better: str
) -> None:
    require_fields(older.number, sentence("say why the newer one takes its place"), why_better=why_better)
    if (older.recovery_unit_id, older.missing_person_id) != (unit.id, person.id):
        of_the_two = sentence("a comparison of {unit} with {person}", unit=unit.number, person=person.number)
        raise BadChoice("supersedes", older.number, [of_the_two])
    if older.discipline != discipline:
        of_its_own = sentence("a comparison of the same discipline: another does not take back what it found")
        raise BadChoice("supersedes", older.number, [of_its_own])
    if older.state == ComparisonState.SUPERSEDED:
        raise WrongState(older.number, older.get_state_display(), [sentence("not superseded yet")])


def lines_hold(lines: Sequence[Line]) -> None:
    """Refuse lines that say nothing, or that tell apart from somebody who is not reported."""
    for line in lines:
        line.must_hold()
    named = {number for line in lines for number in line.distinguishes}
    known = MissingPerson.objects.filter(number__in=named).values_list("number", flat=True)
    for number in sorted(named - set(known)):
        raise NoSuchRecord(sentence("report"), number)


@act(
    roles=EXAMINERS,
    signed=assents(2),
    past=_("signed the comparison"),
    files=(
        changes(
            Comparison,
            "signed_on",
            {ComparisonState.PROPOSED: ComparisonState.SIGNED},
            rules=(signed_in("discipline", OWN_OFFICE), holds(signed_on=STATED)),
        ),
    ),
)
def sign_comparison(comparison: Comparison, filing: Filing) -> bool:
    """Sign a comparison that one has read. The second person's signature makes it signed.

    Returns: Whether it is signed now.

    Raises:
        WrongState: it is signed or superseded already.
        SignedAlready: the same person signed it before.
        NotInOffice: one is no examiner of the comparison's own discipline: each of the two who sign it is competent.
    Source:   identification rules 10 and 11.
    """
    comparison.must_be(ComparisonState.PROPOSED)
    own = OWN_OFFICE.get(Discipline(comparison.discipline))
    if own and filing.by.role != own:
        raise NotInOffice("identification.sign_comparison", Role(filing.by.role), [own])
    assent(comparison, filing, to="identification.sign_comparison")
    if not all_signed(comparison, "identification.sign_comparison"):
        return False
    given = assents_given(comparison, "identification.sign_comparison")
    comparison.state, comparison.signed_on = ComparisonState.SIGNED, filing.at.date()
    filing.add(comparison, assents=given)
    for older in Comparison.objects.filter(pk__in=comparison.supersedes).order_by("number"):
        if older.state != ComparisonState.SUPERSEDED:
            supersede(older, filing, by=comparison)
    return True


def all_signed(record: Record, act_name: str) -> bool:
    """Whether as many people have signed the newest version of a record as the act needs."""
    return len(assents_for(record, act_name)) >= signature_rule(act_name).count


@act(
    roles=EXAMINERS,
    past=_("superseded"),
    part_of="identification.sign_comparison",
    files=(
        changes(
            Comparison,
            "superseded_by",
            dict.fromkeys((ComparisonState.PROPOSED, ComparisonState.SIGNED), ComparisonState.SUPERSEDED),
            rules=(
                holds(superseded_by=STATED),
                refers("superseded_by", state=ComparisonState.SIGNED),
                agrees(
                    "superseded_by",
                    discipline="discipline",
                    recovery_unit="recovery_unit",
                    missing_person="missing_person",
                ),
                listed("superseded_by", within="supersedes"),
            ),
        ),
    ),
)
def supersede(comparison: Comparison, filing: Filing, *, by: Comparison) -> None:
    """Let a comparison that two people have just signed take the place of an older one; the older one stays readable."""
    comparison.state, comparison.superseded_by = ComparisonState.SUPERSEDED, by
    filing.add(comparison)
