"""What people decide about who lies here.

A machine ranks; a person compares; two examiners sign the comparison; a board of two signs the decision. What speaks
against stands in the same record as what speaks for, and must be explained before a certificate can be signed. A decision
can be revoked, and a revocation reopens everything that rests on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts import assent, signatures_for
from dokaz.casework.filing import Filing
from dokaz.casework.models import Office, Person
from dokaz.casework.queries import assents_for, offices_of, people_who_signed
from dokaz.casework.registry import act, signature_rule
from dokaz.casework.roles import ONE_SIGNATURE, Role, assents
from dokaz.casework.rules import refuse_future, require_fields
from dokaz.errors import (
    BadChoice,
    HoldsNoOffice,
    NoSuchRecord,
    NotInOffice,
    SatAlone,
    TooEarly,
    WrongState,
    sentence,
)
from dokaz.graves.acts import mark_released
from dokaz.graves.models import RecoveryUnit, State
from dokaz.identification.evidence import DnaEvidence, SearchResult, require_log10
from dokaz.identification.lines import Line
from dokaz.identification.models import (
    Comparison,
    ComparisonState,
    Conclusion,
    Decision,
    DecisionState,
    Discipline,
    Doubt,
    Release,
    Review,
    ReviewLink,
    Search,
)
from dokaz.identification.queries import IN_FORCE, examiners_of, open_reviews, signed_towards, touched_by
from dokaz.identification.requirements import against, must_hold, of_decision, of_pair, requirements
from dokaz.missing.acts import apply_decision
from dokaz.missing.models import Donor, Family, MissingPerson, MissingState, Reference
from dokaz.mortuary.models import Profile

_EXAMINERS = {Role.DNA_EXAMINER, Role.PRINT_EXAMINER, Role.MORTUARY}
# In which offices the label and the remains are checked before a release.
CHECK_LABELS = {Role.MORTUARY.value, Role.FAMILY_LIAISON.value, Role.BOARD.value}


@act(roles={Role.DNA_EXAMINER, Role.ANALYST}, past=_("searched"))
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


@act(roles=_EXAMINERS, past=_("compared"))
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
) -> Comparison:
    """Compare one missing person with one unit in one discipline, and conclude.

    Args:
        lines: Everything else that bears on it, for and against.
        evidence: For DNA, as ``comparing.dna_evidence`` computes it.

    Raises:
        InputsChanged: a profile of the sample, the family or one of its donors or references was filed since.
        BadChoice: discipline, conclusion or a line's bearing is not in its vocabulary; or the DNA evidence is of another
            unit or family, or of no DNA comparison.
        EmptyField: the examiner or a line states nothing, or DNA concludes without a profile and a likelihood ratio.
        NoSuchRecord: a line tells apart from somebody who is not reported.
        WrongState: the profile was withdrawn.
        WrongKind: a likelihood ratio is not a number.
    """
    require_fields(sentence("comparison"), sentence("state the conclusion in your own words"), statement=statement)
    _lines_hold(lines)
    if discipline == Discipline.DNA and conclusion != Conclusion.INCONCLUSIVE:
        why = sentence("a DNA conclusion rests on a profile, a family and a likelihood ratio")
        require_fields(f"{recovery_unit.number} and {missing_person.number}", why, evidence=evidence)
    if evidence is not None:
        evidence.must_be_current(filing)
        evidence.must_fit(missing_person, recovery_unit, discipline)
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
        **(vars(evidence) if evidence else {}),
    )
    filing.add(comparison)
    return comparison


def _lines_hold(lines: Sequence[Line]) -> None:
    for line in lines:
        line.must_hold()
    named = {number for line in lines for number in line.distinguishes}
    known = MissingPerson.objects.filter(number__in=named).values_list("number", flat=True)
    for number in sorted(named - set(known)):
        raise NoSuchRecord(sentence("report"), number)


@act(roles=_EXAMINERS, signed=assents(2, may_change={"state", "signed_on", "reason"}), past=_("signed the comparison"))
def sign_comparison(comparison: Comparison, filing: Filing) -> bool:
    """Sign a comparison that one has read. The second person's signature makes it signed.

    Returns: Whether it is signed now.

    Raises:
        WrongState: it is signed or superseded already.
        SignedAlready: the same person signed it before.
        NotInOffice: neither signature would be of the comparison's own discipline.
    Source:   identification rules 10 and 11.
    """
    comparison.must_be(ComparisonState.PROPOSED)
    assent(comparison, filing, to="identification.sign_comparison")
    if not _all_signed(comparison, "identification.sign_comparison"):
        return False
    _own_discipline_signed(comparison, filing)
    signatures = signatures_for(comparison, "identification.sign_comparison")
    comparison.state, comparison.signed_on = ComparisonState.SIGNED, filing.at.date()
    filing.add(comparison, signatures=signatures)
    return True


def _all_signed(record: Comparison | Decision, act_name: str) -> bool:
    return len(assents_for(record, act_name)) >= signature_rule(act_name).count


def _own_discipline_signed(comparison: Comparison, filing: Filing) -> None:
    own = {
        Discipline.DNA: Role.DNA_EXAMINER,
        Discipline.FRICTION_RIDGE: Role.PRINT_EXAMINER,
        Discipline.TEETH: Role.MORTUARY,
    }.get(Discipline(comparison.discipline))
    offices = [a.office for a in assents_for(comparison, "identification.sign_comparison")]
    roles = set(Office.objects.filter(pk__in=offices).values_list("role", flat=True))
    if own and own not in roles:
        raise NotInOffice("identification.sign_comparison", Role(filing.by.role), [Role(own)])


@act(roles=_EXAMINERS, past=_("superseded"))
def supersede(comparison: Comparison, filing: Filing, *, by: Comparison) -> None:
    """Put a newer comparison in the place of an older one of the same pair; the older one stays readable.

    Raises:
        WrongState: one of the two is superseded, or they are one.
        BadChoice: the other one is of another pair.
    """
    require_fields(comparison.number, sentence("say what changed"), reason=filing.reason)
    unit, person = comparison.recovery_unit, comparison.missing_person
    if (by.recovery_unit_id, by.missing_person_id) != (unit.id, person.id):
        raise BadChoice(
            "by", by.number, [sentence("a comparison of {unit} with {person}", unit=unit.number, person=person.number)]
        )
    for one in (comparison, by):
        if one.state == ComparisonState.SUPERSEDED or comparison.id == by.id:
            raise WrongState(one.number, one.get_state_display(), [sentence("not superseded yet")])
    comparison.state, comparison.superseded_by = ComparisonState.SUPERSEDED, by
    filing.add(comparison)


@act(roles={Role.BOARD, Role.INVESTIGATOR}, past=_("laid before the board"))
def lay_before_board(
    filing: Filing, *, comparisons: Sequence[Comparison], question: str = "identify", ruling: str = ""
) -> Decision:
    """Lay before the board that a unit is (or is not) a missing person, on signed comparisons of that pair.

    To identify, there must be a concordant primary identifier, no contradiction without an explanation (in whatever
    comparison of the pair it stands), and nobody else whom the evidence fits as well. Recognition, clothing and documents
    alone never get here. To exclude, one must be discordant, and the comparisons carry the same signatures.

    Raises:
        BadChoice: a comparison is of another pair, or there is no such question.
        ComparisonNotSigned: a comparison lacks its two signatures, or was superseded.
        NoPrimaryIdentifier: to identify, DNA, friction ridge or teeth must be concordant.
        ContradictionUnexplained: something speaks against it and nobody said why it may still be.
        NotDistinguished: another missing person fits as well, and no line of evidence tells the two apart.
        NothingExcludes: to exclude, a comparison must be discordant.
        WrongState: the unit is identified already, the report closed, or the question before the board.
    Source:   identification rules 7, 8, 9 and 11.
    """
    require_fields(sentence("decision"), sentence("a decision rests on comparisons"), comparisons=list(comparisons))
    unit, person = comparisons[0].recovery_unit, comparisons[0].missing_person
    for comparison in comparisons:
        if (comparison.recovery_unit_id, comparison.missing_person_id) != (unit.id, person.id):
            raise BadChoice(
                "comparisons",
                comparison.number,
                [sentence("comparisons of {unit} with {person}", unit=unit.number, person=person.number)],
            )
    if question not in ("identify", "exclude"):
        raise BadChoice("question", question, ["identify", "exclude"])
    decision = Decision(
        number=filing.next_number(Decision, "DEC"),
        recovery_unit=unit,
        missing_person=person,
        question=question,
        comparisons=sorted({str(c.id) for c in comparisons}),
        ruling=ruling.strip(),
        contradictions=[
            {name: line[name] for name in ("finding", "statement", "explanation")}
            for line in against(of_pair(unit, person))
        ],
        laid_by_id=filing.by.person,
        laid_at=filing.at,
    )
    must_hold(requirements(unit, person, comparisons, question, ruling=decision.ruling))
    filing.add(decision)
    return decision


@act(roles={Role.BOARD, Role.INVESTIGATOR}, past=_("withdrew from the board"))
def withdraw(decision: Decision, filing: Filing) -> None:
    """Take a question back from the board before it is decided; says why. It may be laid before it again.

    Raises:
        WrongState: it is decided already; then only a revocation helps.
    """
    require_fields(decision.number, sentence("say why it is taken back"), reason=filing.reason)
    decision.must_be(DecisionState.BEFORE_BOARD)
    decision.state = DecisionState.WITHDRAWN
    filing.add(decision)


@act(roles={Role.BOARD}, past=_("signed the decision"))
def sign_decision(decision: Decision, filing: Filing) -> bool:
    """Sign a decision that one has read. The second board member's signature decides.

    Returns: Whether it is decided now.

    Raises:
        WrongState: it is decided already.
        SignedAlready: the same person signed before.
        SatAlone: with this signature, everybody who decides also signed the comparison.
        DokazError: something that must hold before a decision no longer does; see ``requirements``.
    Source:   identification rules 7 to 11.
    """
    decision.must_be(DecisionState.BEFORE_BOARD)
    must_hold(of_decision(decision))
    to = signed_towards(decision)
    assent(decision, filing, to=to)
    if not _all_signed(decision, to):
        return False
    _somebody_is_new(decision, to)
    (certify if decision.question == "identify" else exclude)(decision, filing)
    return True


def _somebody_is_new(decision: Decision, to: str) -> None:
    """At least one signer of the decision signed none of its comparisons."""
    if people_who_signed([decision.entry_hash], to) <= examiners_of(decision):
        raise SatAlone(decision.number)


@act(
    roles={Role.BOARD},
    signed=assents(2, may_change={"state", "decided_on", "certificate_number", "reason"}),
    past=_("certified"),
    part_of="identification.sign_decision",
)
def certify(decision: Decision, filing: Filing) -> None:
    """File an identification under its two signatures, with a certificate's number."""
    signatures = signatures_for(decision, "identification.certify")
    newest = Decision.objects.exclude(certificate_number="").order_by("-certificate_number").first()
    serial = int(newest.certificate_number.rsplit("-", 1)[1]) + 1 if newest else 1
    decision.state, decision.decided_on = DecisionState.CERTIFIED, filing.at.date()
    decision.certificate_number = f"CRT-{serial:06d}"
    filing.add(decision, signatures=signatures)
    if decision.missing_person.state not in (MissingState.MATCHED, MissingState.CLOSED_DEAD):
        apply_decision(decision.missing_person, filing, state=MissingState.MATCHED)


@act(
    roles={Role.BOARD},
    signed=assents(2, may_change={"state", "decided_on", "reason"}),
    past=_("excluded"),
    part_of="identification.sign_decision",
)
def exclude(decision: Decision, filing: Filing) -> None:
    """File an exclusion; it carries the same signatures as an identification."""
    signatures = signatures_for(decision, "identification.exclude")
    decision.state, decision.decided_on = DecisionState.EXCLUDED, filing.at.date()
    filing.add(decision, signatures=signatures)


@act(roles={Role.BOARD, Role.INVESTIGATOR, *_EXAMINERS}, past=_("raised a doubt"))
def doubt(decision: Decision, filing: Filing, *, grounds: str, evidence: Sequence[str] = ()) -> Doubt:
    """Raise grounds for a second look at a decision; the board then decides whether to revoke it.

    Args:
        evidence: Numbers of the records, or names of the files, that it rests on.
    """
    for each in evidence:
        require_fields(decision.number, sentence("name the record that it rests on"), evidence=each)
    require_fields(decision.number, sentence("say what was found"), grounds=grounds)
    if decision.state in (DecisionState.BEFORE_BOARD, DecisionState.REVOKED, DecisionState.WITHDRAWN):
        raise WrongState(decision.number, decision.get_state_display(), [sentence("a decision that stands")])
    raised = Doubt(
        number=filing.next_number(Doubt, "DBT"),
        decision=decision,
        grounds=grounds.strip(),
        evidence=list(evidence),
        raised_by_id=filing.by.person,
        raised_at=filing.at,
    )
    filing.add(raised)
    return raised


@act(roles={Role.BOARD}, past=_("signed the revocation"))
def sign_revocation(decision: Decision, filing: Filing) -> bool:
    """Sign that a decision no longer stands. The second board member's signature revokes it.

    Returns: Whether it is revoked now.

    Raises:
        WrongState: it does not stand, or nobody raised a doubt.
        EmptyField: no reason is given.
        SignedAlready, SatAlone: as for a decision.
    Source:   identification rules 10, 12 and 15.
    """
    if decision.state not in (*IN_FORCE, DecisionState.EXCLUDED):
        raise WrongState(decision.number, decision.get_state_display(), [sentence("a decision that stands")])
    if not decision.doubts.exists():
        raise WrongState(decision.number, sentence("not in doubt"), [sentence("a recorded doubt with its grounds")])
    require_fields(decision.number, sentence("say why it no longer holds"), reason=filing.reason)
    assent(decision, filing, to="identification.revoke")
    if not _all_signed(decision, "identification.revoke"):
        return False
    _somebody_is_new(decision, "identification.revoke")
    revoke(decision, filing)
    return True


@act(
    roles={Role.BOARD},
    signed=assents(2, may_change={"state", "revoked_on", "reason"}),
    past=_("revoked"),
    part_of="identification.sign_revocation",
)
def revoke(decision: Decision, filing: Filing) -> list[Review]:
    """File a revocation under its two signatures, and reopen everything that it touches.

    Reopened are: the unit; the missing person; every other decision about either, about a unit of the same grave that was
    handled in the same transfer, or about a member of the same family.
    """
    signatures = signatures_for(decision, "identification.revoke")
    decision.state, decision.revoked_on = DecisionState.REVOKED, filing.at.date()
    filing.add(decision, signatures=signatures)
    person = decision.missing_person
    others = Decision.objects.filter(missing_person=person, question="identify", state__in=IN_FORCE)
    if person.state in (MissingState.MATCHED, MissingState.CLOSED_DEAD) and not others.exists():
        apply_decision(person, filing, state=MissingState.SUFFICIENT)
    reviews = [
        reopen(decision, filing, link=ReviewLink.UNIT, recovery_unit=decision.recovery_unit),
        reopen(decision, filing, link=ReviewLink.PERSON, missing_person=person),
    ]
    reviews += [reopen(decision, filing, link=link, decision=other) for other, link in touched_by(decision)]
    return reviews


@act(roles={Role.BOARD}, past=_("reopened"), part_of="identification.revoke")
def reopen(
    because_of: Decision,
    filing: Filing,
    *,
    link: str,
    decision: Decision | None = None,
    recovery_unit: RecoveryUnit | None = None,
    missing_person: MissingPerson | None = None,
) -> Review:
    """Open a review of one thing that a revoked decision touched."""
    review = Review(
        number=filing.next_number(Review, "REV"),
        because_of=because_of,
        decision=decision,
        recovery_unit=recovery_unit,
        missing_person=missing_person,
        link=link,
    )
    filing.add(review)
    return review


@act(roles={Role.BOARD}, past=_("closed the review"))
def close_review(review: Review, filing: Filing, *, outcome: str) -> None:
    """Close a review with what it found."""
    require_fields(review.number, sentence("say what the review found"), outcome=outcome)
    if review.closed_on is not None:
        raise WrongState(review.number, sentence("closed"), [sentence("an open review")])
    review.closed_on, review.outcome = filing.at.date(), outcome.strip()
    filing.add(review)


@act(roles={Role.FAMILY_LIAISON}, past=_("told the family"))
def notify_family(decision: Decision, filing: Filing, *, notified_on: dt.date | None = None) -> None:
    """Take note that the family was told, in person, of a certified identification.

    Raises:
        WrongState: it is not certified, or the family was told before.
        InTheFuture: the family is said to have been told later than now.
        TooEarly: the family is said to have been told before it was certified.
    """
    decision.must_be(DecisionState.CERTIFIED)
    refuse_future(decision.number, filing, notified_on=notified_on)
    if notified_on is not None and decision.decided_on is not None and notified_on < decision.decided_on:
        raise TooEarly(decision.number, "notified_on", notified_on, decision.decided_on)
    decision.state, decision.family_notified_on = DecisionState.FAMILY_NOTIFIED, notified_on or filing.at.date()
    filing.add(decision)


@act(roles={Role.MORTUARY, Role.FAMILY_LIAISON}, signed=ONE_SIGNATURE, past=_("released"))
def release(
    decision: Decision, filing: Filing, *, released_to: str, family_choice: str, identity_checked_by: Person
) -> Release:
    """Give remains back: on a certificate, the family's recorded choice, and a final check of the label by another person.

    Raises:
        WrongState: there is no certificate, the family was not told, or a review of the case is open.
        BadChoice: the family's choice is not recorded, or the label was checked by the one who releases.
        HoldsNoOffice: whoever checked the label holds no office in which that is done.
    Source:   identification rule 13.
    """
    decision.must_be(DecisionState.FAMILY_NOTIFIED)
    if open_reviews(decision).exists():
        raise WrongState(decision.number, sentence("under review"), [sentence("a closed review")])
    require_fields(decision.number, sentence("say to whom the remains are given"), released_to=released_to)
    if identity_checked_by.id == filing.by.person:
        raise BadChoice(
            "identity_checked_by", identity_checked_by.name, [sentence("somebody other than the person who releases")]
        )
    if not CHECK_LABELS & {office.role for office in offices_of(identity_checked_by.id)}:
        raise HoldsNoOffice(identity_checked_by.name, [Role(role) for role in sorted(CHECK_LABELS)])
    given = Release(
        number=filing.next_number(Release, "REL"),
        decision=decision,
        recovery_unit=decision.recovery_unit,
        released_to=released_to.strip(),
        family_choice=family_choice,
        identity_checked_by=identity_checked_by,
        released_at=filing.at,
    )
    filing.add(given)
    decision.state, decision.released_on = DecisionState.RELEASED, filing.at.date()
    filing.add(decision)
    mark_released(decision.recovery_unit, filing, state=State.RELEASED)
    return given
