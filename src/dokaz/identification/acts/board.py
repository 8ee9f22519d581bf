"""What a board decides about who lies here: two of its members sign an identification or an exclusion.

What speaks against must be explained before a certificate can be signed. A decision can be revoked, and a revocation
reopens everything that rests on it.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts import assent, assents_given
from dokaz.casework.effects import (
    BLANK,
    STATED,
    actor_is,
    changes,
    cites,
    holds,
    independent,
    makes,
    none,
    only_one,
    part_of,
    refers,
)
from dokaz.casework.filing import Filing
from dokaz.casework.queries import people_who_signed
from dokaz.casework.registry import act
from dokaz.casework.roles import Role, assents
from dokaz.casework.rules import require_fields
from dokaz.errors import (
    BadChoice,
    SatAlone,
    WrongState,
    sentence,
)
from dokaz.graves.models import FOUND, RecoveryUnit
from dokaz.identification.acts.comparisons import all_signed
from dokaz.identification.models import (
    PRIMARY,
    Comparison,
    ComparisonState,
    Conclusion,
    Decision,
    DecisionState,
    Review,
    ReviewLink,
)
from dokaz.identification.queries import IN_FORCE, examiners_of, signed_towards, touched_by
from dokaz.identification.requirements import must_hold, of_decision, requirements, spoke_against
from dokaz.missing.acts import apply_decision
from dokaz.missing.models import MissingPerson, MissingState
from dokaz.missing.queries import OF_NOBODY

# What a decision cites: signed comparisons of its pair, one of which carries it.
_CARRIED = (
    {"own_question": "identify", "discipline": PRIMARY, "conclusion": Conclusion.CONCORDANT},
    {"own_question": "exclude", "discipline": PRIMARY, "conclusion": Conclusion.DISCORDANT},
    {"own_question": "exclude", "own_ruling": STATED, "conclusion": Conclusion.DISCORDANT},
)
_PAIR = "recovery_unit missing_person"
_SIGNED_BY = "identification.sign_comparison"
_COMPARISON = "identification.Comparison"
_AGAINST = {"state": ComparisonState.SIGNED, "conclusion": Conclusion.DISCORDANT}
_CITES = cites("comparisons", filed_by=_SIGNED_BY, newest=True, same=_PAIR, some=_CARRIED)
# What holds when a decision is certified, and still when the family is told and when remains are given back.
STILL_HOLDS = (
    _CITES,
    none(_COMPARISON, _PAIR, discipline=PRIMARY, **_AGAINST),
    none(_COMPARISON, _PAIR, {"ruling": BLANK}, **_AGAINST),
    refers("comparisons.profile", withdrawn=False),
)
_INDEPENDENT = independent("comparisons", filed_by=_SIGNED_BY)
_MAY_BE_IDENTIFIED = tuple(state for state in MissingState if state not in OF_NOBODY)
_STANDING = (*IN_FORCE, DecisionState.EXCLUDED)


@act(
    roles={Role.BOARD, Role.INVESTIGATOR},
    past=_("laid before the board"),
    files=(
        makes(
            Decision,
            DecisionState.BEFORE_BOARD,
            blank="decided_on certificate_number family_notified_on released_on revoked_on",
            rules=(actor_is("laid_by"), _CITES),
        ),
    ),
)
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
        contradictions=spoke_against(unit, person),
        laid_by_id=filing.by.person,
        laid_at=filing.at,
    )
    must_hold(requirements(unit, person, comparisons, question, ruling=decision.ruling))
    filing.add(decision)
    return decision


@act(
    roles={Role.BOARD, Role.INVESTIGATOR},
    past=_("withdrew from the board"),
    files=(
        changes(Decision, "", {DecisionState.BEFORE_BOARD: DecisionState.WITHDRAWN}, rules=(holds(reason=STATED),)),
    ),
)
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
    if not all_signed(decision, to):
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
    signed=assents(2),
    past=_("certified"),
    files=(
        changes(
            Decision,
            "decided_on certificate_number",
            {DecisionState.BEFORE_BOARD: DecisionState.CERTIFIED},
            rules=(
                holds(question="identify", decided_on=STATED, certificate_number=STATED),
                *STILL_HOLDS,
                _INDEPENDENT,
                only_one("certificate_number"),
                refers("recovery_unit", state=FOUND),
                refers("missing_person", state=_MAY_BE_IDENTIFIED),
                only_one("recovery_unit", question="identify", state=IN_FORCE),
                only_one(_PAIR, state=DecisionState.EXCLUDED),
            ),
        ),
    ),
    part_of="identification.sign_decision",
)
def certify(decision: Decision, filing: Filing) -> None:
    """File an identification under its two signatures, with a certificate's number."""
    given = assents_given(decision, "identification.certify")
    newest = Decision.objects.exclude(certificate_number="").order_by("-certificate_number").first()
    serial = int(newest.certificate_number.rsplit("-", 1)[1]) + 1 if newest else 1
    decision.state, decision.decided_on = DecisionState.CERTIFIED, filing.at.date()
    decision.certificate_number = f"CRT-{serial:06d}"
    filing.add(decision, assents=given)
    if decision.missing_person.state not in (MissingState.MATCHED, MissingState.CLOSED_DEAD):
        apply_decision(decision.missing_person, filing, state=MissingState.MATCHED)


@act(
    roles={Role.BOARD},
    signed=assents(2),
    past=_("excluded"),
    files=(
        changes(
            Decision,
            "decided_on",
            {DecisionState.BEFORE_BOARD: DecisionState.EXCLUDED},
            rules=(
                holds(question="exclude", decided_on=STATED),
                _CITES,
                _INDEPENDENT,
                only_one(_PAIR, question="identify", state=IN_FORCE),
            ),
        ),
    ),
    part_of="identification.sign_decision",
)
def exclude(decision: Decision, filing: Filing) -> None:
    """File an exclusion; it carries the same signatures as an identification."""
    given = assents_given(decision, "identification.exclude")
    decision.state, decision.decided_on = DecisionState.EXCLUDED, filing.at.date()
    filing.add(decision, assents=given)


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
    if not all_signed(decision, "identification.revoke"):
        return False
    _somebody_is_new(decision, "identification.revoke")
    revoke(decision, filing)
    return True


@act(
    roles={Role.BOARD},
    signed=assents(2),
    past=_("revoked"),
    files=(
        changes(
            Decision,
            "revoked_on",
            dict.fromkeys(_STANDING, DecisionState.REVOKED),
            rules=(
                holds(revoked_on=STATED, reason=STATED),
                cites("comparisons", filed_by=_SIGNED_BY, newest=False, same=_PAIR),
                _INDEPENDENT,
            ),
        ),
    ),
    part_of="identification.sign_revocation",
)
def revoke(decision: Decision, filing: Filing) -> list[Review]:
    """File a revocation under its two signatures, and reopen everything that it touches.

    Reopened are: the unit; the missing person; every other decision about either, about a unit of the same grave that was
    handled in the same transfer, or about a member of the same family.
    """
    given = assents_given(decision, "identification.revoke")
    decision.state, decision.revoked_on = DecisionState.REVOKED, filing.at.date()
    filing.add(decision, assents=given)
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


@act(
    roles={Role.BOARD},
    past=_("reopened"),
    part_of="identification.revoke",
    files=(
        makes(
            Review,
            blank="closed_on outcome comparison corrected correction",
            rules=(
                refers("because_of", if_shown=True, state=DecisionState.REVOKED),
                part_of("identification.revoke", field="because_of", if_shown=True),
            ),
        ),
    ),
)
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
