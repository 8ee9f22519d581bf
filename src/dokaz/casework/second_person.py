"""Corrections of what was signed or decided: one person proposes, another agrees; then the record is corrected."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from dokaz.casework.committed import CommittedField
from dokaz.casework.effects import actor_is, actor_is_not, changes, makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import Correction, CorrectionState
from dokaz.casework.records import Record
from dokaz.casework.registry import act
from dokaz.casework.roles import ANY_ROLE, ONE_SIGNATURE
from dokaz.casework.rules import require_fields
from dokaz.errors import NotYours, sentence
from dokaz.ledger import canonical
from dokaz.ledger.opening import digest_of


@act(
    roles=ANY_ROLE,
    signed=ONE_SIGNATURE,
    past=_("proposed a correction"),
    part_of="*",
    files=(makes(Correction, CorrectionState.PROPOSED, blank="agreed_by", rules=(actor_is("proposed_by"),)),),
)
def propose_correction(record: Record, filing: Filing, *, values: Mapping[str, object]) -> Correction:
    """Propose what fields of a record shall hold; part of correcting a record that was signed or decided.

    Args:
        values: As the ledger writes them, by the names of the fields.
    """
    openings: dict[str, list[object]] = {name: [secrets.token_hex(32), value] for name, value in values.items()}
    proposed = Correction(
        number=filing.next_number(Correction, "COR"),
        of_kind=record.kind(),
        record=record.id,
        leaf=record.entry_hash,
        digests={name: each.digest for name, each in committed(openings).items()},
        openings=openings,
        proposed_by_id=filing.by.person,
    )
    filing.add(proposed)
    return proposed


def committed(openings: Mapping[str, list[object]]) -> dict[str, CommittedField]:
    """The openings of a proposal, as the next version of the record will hold them."""
    found = {}
    for name, (salt, value) in openings.items():
        text = canonical(value).decode()
        found[name] = CommittedField(digest_of(str(salt), name, text), str(salt), text)
    return found


@act(
    roles=ANY_ROLE,
    signed=ONE_SIGNATURE,
    past=_("agreed to the correction"),
    part_of="*",
    files=(
        changes(
            Correction,
            "agreed_by",
            {CorrectionState.PROPOSED: CorrectionState.MADE},
            rules=(actor_is("agreed_by"), actor_is_not("proposed_by")),
        ),
    ),
)
def make_correction(proposed: Correction, filing: Filing) -> None:
    """Agree to a correction that another person proposed; part of the act that corrects the record."""
    if proposed.proposed_by_id == filing.by.person:
        raise NotYours(
            proposed.number,
            sentence("proposed by {name}", name=proposed.proposed_by.name),
            sentence("let another person read it and agree"),
        )
    proposed.state, proposed.agreed_by_id = CorrectionState.MADE, filing.by.person
    filing.add(proposed)


@act(
    roles=ANY_ROLE,
    signed=ONE_SIGNATURE,
    past=_("declined the correction"),
    files=(changes(Correction, "", {CorrectionState.PROPOSED: CorrectionState.DECLINED}),),
)
def decline_correction(proposed: Correction, filing: Filing) -> None:
    """Decline a correction that somebody proposed, or take back one's own; says why.

    Raises:
        WrongState: it was made or declined already.
        NotYours: neither one's own, nor of a record that one may correct.
    """
    from dokaz.casework.corrections import may_agree

    proposed.must_be(CorrectionState.PROPOSED)
    require_fields(proposed.number, sentence("say why it is not made"), reason=filing.reason)
    if proposed.proposed_by_id != filing.by.person and not may_agree(proposed, filing.by.role):
        raise NotYours(
            proposed.number,
            sentence("proposed by {name}", name=proposed.proposed_by.name),
            sentence("let somebody decline it who may agree to it"),
        )
    proposed.state = CorrectionState.DECLINED
    filing.add(proposed)
