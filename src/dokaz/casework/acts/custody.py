"""In whose hands a thing is.

Every move of a thing is an event between two people: the one who gives signs first, the one who receives signs second,
and they are never the same. Until the second has signed, the first answers for the things and may take them back; the
second may refuse them, or take over those that arrived and note what differs (``discrepancies``). Where the one who should
give has left, an investigator hands over in their place, so that nothing stays with somebody who is not there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NoReturn

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts.discrepancies import note_discrepancy
from dokaz.casework.causality import is_certainly_before
from dokaz.casework.effects import (
    BLANK,
    STATED,
    Rule,
    actor_is,
    actor_is_not,
    agreed,
    agrees,
    carried_out,
    changes,
    each_held_by,
    holds,
    listed,
    makes,
    not_before,
    only_one_lists,
    out_of_office,
    part_of,
    refers,
)
from dokaz.casework.filing import Filing
from dokaz.casework.models import CustodyItem, DiscrepancySort, Person, Record, Transfer, TransferState
from dokaz.casework.queries import key_of, offices_of
from dokaz.casework.registry import act
from dokaz.casework.roles import MAY_HOLD, ONE_SIGNATURE, Role
from dokaz.casework.rooms import may_read
from dokaz.casework.rules import on_the_way_in, refuse_future, require_fields
from dokaz.errors import BadChoice, NotYours, TooEarly, WrongState, sentence

_LISTED: tuple[Rule, ...] = (
    actor_is_not("receiver"),
    each_held_by("things", by="giver"),
    holds(things=STATED),
    only_one_lists("things", state=TransferState.HANDED_OVER),
)


@act(
    roles=MAY_HOLD,
    signed=ONE_SIGNATURE,
    past=_("handed over"),
    files=(
        makes(
            Transfer,
            TransferState.HANDED_OVER,
            blank="taken_at taken condition_at_receipt deputy",
            rules=(actor_is("giver"), *_LISTED),
        ),
    ),
)
def hand_over(
    things: Sequence[CustodyItem],
    filing: Filing,
    *,
    to: Person,
    from_place: str,
    to_place: str,
    purpose: str = "",
    seal: str = "",
    condition: str = "",
    courier: str = "",
    handed_at: dt.datetime | None = None,
) -> Transfer:
    """Give things into another person's hands; they are theirs once that person confirms.

    Args:
        courier: Who carries them, if neither giver nor receiver does: name, firm, number of the consignment.

    Raises:
        EmptyField: nothing is handed over, or from nowhere or to nowhere.
        WrongState: the receiver could not confirm: they have no key, or no office in which such things are held and read.
        InTheFuture: it is said to have happened later than now.
        NotYours: somebody else answers for one of the things, nobody does, or it is already on its way.
    """
    transfer = Transfer(giver_id=filing.by.person, from_place=from_place, to_place=to_place, purpose=purpose, seal=seal,
                        condition=condition, courier=courier, handed_at=handed_at or filing.at)  # fmt: skip
    return _hand_over(transfer, things, to, filing)


@act(
    roles={Role.INVESTIGATOR},
    signed=ONE_SIGNATURE,
    past=_("handed over for the giver"),
    files=(
        makes(
            Transfer,
            TransferState.HANDED_OVER,
            blank="taken_at taken condition_at_receipt",
            rules=(actor_is("deputy"), actor_is_not("giver"), out_of_office("giver"), *_LISTED),
        ),
    ),
)
def hand_over_for(
    things: Sequence[CustodyItem],
    filing: Filing,
    *,
    giver: Person,
    to: Person,
    from_place: str,
    to_place: str,
    condition: str = "",
) -> Transfer:
    """Hand over what is held by somebody who holds no office any more, and says why it is done for them.

    Raises:
        WrongState: the person still holds an office, and hands over themselves.
        EmptyField: no reason is given. Otherwise as for a hand-over.
    """
    require_fields(giver.number, sentence("say why they do not hand it over themselves"), reason=filing.reason)
    _must_have_left(giver)
    transfer = Transfer(giver=giver, deputy_id=filing.by.person, from_place=from_place, to_place=to_place,
                        condition=condition, handed_at=filing.at)  # fmt: skip
    return _hand_over(transfer, things, to, filing)


def _hand_over(transfer: Transfer, things: Sequence[CustodyItem], to: Person, filing: Filing) -> Transfer:
    require_fields(sentence("transfer"), sentence("say what is handed over, from where and to where"),
           things=list(things), from_place=transfer.from_place, to_place=transfer.to_place)  # fmt: skip
    refuse_future("transfer", filing, handed_at=transfer.handed_at)
    _must_be_able_to_receive(to, things, filing)
    if to.id == transfer.giver_id:
        raise NotYours(to.name, sentence("a transfer is between two people"), sentence("name the person who receives"))
    if len({thing.id for thing in things}) != len(things):
        raise NotYours(sentence("transfer"), sentence("a thing is named twice"), sentence("name each thing once"))
    on_the_way = on_the_way_in(filing)
    for thing in things:
        _must_have_been_held(thing, transfer.handed_at)
        if thing.holder_id != transfer.giver_id:
            _refuse_as_not_held(thing)
        if str(thing.id) in on_the_way:
            raise NotYours(
                thing.number,
                sentence("handed over and not yet confirmed"),
                sentence("let the receiver confirm, or take it back first"),
            )
    transfer.number = filing.next_number(Transfer, "TRF")
    transfer.things = [{"kind": t.kind(), "id": str(t.id), "number": t.number} for t in things]
    transfer.receiver, transfer.state = to, TransferState.HANDED_OVER
    filing.add(transfer)
    on_the_way.update(str(thing.id) for thing in things)
    return transfer


def _must_have_been_held(thing: CustodyItem, handed_at: dt.datetime) -> None:
    """Nothing is handed over before it was lifted or taken, nor before it was handed to its holder."""
    since = [(thing.first_held, getattr(thing, thing.first_held, None))]
    since += [("handed_at", thing.transfer.handed_at)] if thing.transfer is not None else []
    for name, moment in since:
        if is_certainly_before(handed_at, moment):
            raise TooEarly(thing.number, "handed_at", handed_at, name, moment)


def _refuse_as_not_held(thing: CustodyItem) -> NoReturn:
    if thing.holder is None:
        raise NotYours(
            thing.number,
            sentence("held by nobody"),
            sentence("what lies in the ground is lifted, and then handed over"),
        )
    raise NotYours(
        thing.number,
        sentence("held by {holder}", holder=thing.holder.name),
        sentence("only the person who holds a thing can hand it over"),
    )


def _must_be_able_to_receive(to: Person, things: Sequence[CustodyItem], filing: Filing) -> None:
    """The receiver can open the page on which they confirm, and sign there."""
    if to.id == filing.by.person:
        raise NotYours(to.name, sentence("a transfer is between two people"), sentence("name the person who receives"))
    roles = {str(office.role) for office in offices_of(to.id)}
    if not roles:
        raise WrongState(to.name, sentence("without an office"), [sentence("somebody who holds an office now")])
    kinds: set[type[Record]] = {Transfer, *(type(thing) for thing in things)}
    able = {role for role in MAY_HOLD if all(may_read(role, kind) for kind in kinds)}
    if not roles & able:
        raise WrongState(
            to.name,
            sentence("in no office in which these things are held"),
            [
                sentence(
                    "somebody in one of the offices: {offices}",
                    offices=[Role(role) for role in sorted(able)],
                )
            ],
        )
    if key_of(to.id) is None:
        raise WrongState(to.name, sentence("without a signing key"), [sentence("somebody who can sign the receipt")])


def _must_have_left(giver: Person) -> None:
    if offices_of(giver.id):
        raise WrongState(giver.name, sentence("in office"), [sentence("somebody who holds no office any more")])


def _must_be_mine(transfer: Transfer, filing: Filing) -> None:
    if transfer.receiver_id != filing.by.person:
        raise NotYours(
            transfer.number,
            sentence("meant for {name}", name=transfer.receiver.name),
            sentence("let the named receiver confirm"),
        )


def _end(transfer: Transfer, filing: Filing, state: TransferState) -> None:
    transfer.state = state
    filing.add(transfer)
    on_the_way_in(filing).difference_update(named["id"] for named in transfer.things)


@act(
    roles=MAY_HOLD,
    signed=ONE_SIGNATURE,
    past=_("took back what was handed over"),
    files=(
        changes(
            Transfer,
            "",
            {TransferState.HANDED_OVER: TransferState.TAKEN_BACK},
            rules=(actor_is("giver"),),
        ),
    ),
)
def take_back(transfer: Transfer, filing: Filing) -> None:
    """Take a hand-over back that the receiver has not confirmed; says why. One has held the things all the time.

    Raises:
        WrongState: it was confirmed, refused or taken back already.
        NotYours: somebody else gave it.
        EmptyField: no reason is given.
    """
    transfer.must_be(TransferState.HANDED_OVER)
    if transfer.giver_id != filing.by.person:
        raise NotYours(
            transfer.number,
            sentence("handed over by {name}", name=transfer.giver.name),
            sentence("let the giver take it back"),
        )
    require_fields(transfer.number, sentence("say why it is taken back"), reason=filing.reason)
    _end(transfer, filing, TransferState.TAKEN_BACK)


@act(
    roles={Role.INVESTIGATOR},
    signed=ONE_SIGNATURE,
    past=_("called back what was handed over"),
    files=(
        changes(
            Transfer,
            "",
            {TransferState.HANDED_OVER: TransferState.TAKEN_BACK},
            rules=(out_of_office("giver"),),
        ),
    ),
)
def call_back(transfer: Transfer, filing: Filing) -> None:
    """End a hand-over that nobody confirms and whose giver holds no office any more, so that it can be made anew.

    Raises:
        WrongState: it was confirmed, refused or taken back already, or the giver can still take it back.
        EmptyField: no reason is given.
    """
    transfer.must_be(TransferState.HANDED_OVER)
    _must_have_left(transfer.giver)
    require_fields(transfer.number, sentence("say why it is taken back"), reason=filing.reason)
    _end(transfer, filing, TransferState.TAKEN_BACK)


@act(
    roles=MAY_HOLD,
    signed=ONE_SIGNATURE,
    past=_("refused what was handed over"),
    files=(
        changes(
            Transfer,
            "",
            {TransferState.HANDED_OVER: TransferState.REFUSED},
            rules=(actor_is("receiver"),),
        ),
    ),
)
def refuse(transfer: Transfer, filing: Filing) -> None:
    """Refuse all that was handed over to one; says why. The giver goes on answering for it.

    Raises:
        WrongState: it was confirmed, refused or taken back already.
        NotYours: somebody else was named as the receiver.
        EmptyField: no reason is given.
    """
    transfer.must_be(TransferState.HANDED_OVER)
    _must_be_mine(transfer, filing)
    require_fields(transfer.number, sentence("say why it is refused"), reason=filing.reason)
    _end(transfer, filing, TransferState.REFUSED)


@act(
    roles=MAY_HOLD,
    signed=ONE_SIGNATURE,
    past=_("took over"),
    files=(
        changes(
            Transfer,
            "taken_at taken condition_at_receipt",
            {TransferState.HANDED_OVER: TransferState.TAKEN_OVER},
            rules=(
                actor_is("receiver"),
                holds(taken_at=STATED, taken=STATED),
                carried_out("taken", by="casework.change_hands"),
            ),
        ),
    ),
)
def take_over(
    transfer: Transfer,
    filing: Filing,
    *,
    arrived: Sequence[str] | None = None,
    seal_broken: Sequence[str] = (),
    wrong_label: Sequence[str] = (),
    damaged: Sequence[str] = (),
    taken_at: dt.datetime | None = None,
    condition: str = "",
    note: str = "",
) -> None:
    """Confirm that one has received what was handed over; from now on one answers for it.

    What differs becomes a discrepancy each: what is listed and did not arrive, or arrived under another label, stays with
    its giver; what arrived and is not listed is noted, and its holder hands it over anew.

    Args:
        arrived: Numbers that were counted, scanned or listed at receipt; all that is listed arrived if not given.
        seal_broken, damaged: Of those that arrived.
        wrong_label: Listed numbers of things whose label says something else; they are not taken over.
        condition: How it arrived: packing, temperature.
        note: What is seen of that which differs.

    Raises:
        WrongState: it was confirmed, refused or taken back already.
        NotYours: somebody else was named as the receiver.
        BadChoice: something that differs is not among what arrived, or not on the list.
        EmptyField: nothing of what is listed arrived; that is refused instead.
        InTheFuture, TooEarly: it is said to have arrived later than now, or before it was handed over.
    """
    transfer.must_be(TransferState.HANDED_OVER)
    _must_be_mine(transfer, filing)
    refuse_future(transfer.number, filing, taken_at=taken_at)
    listed = {thing["number"]: thing for thing in transfer.things}
    mislabelled = _among("wrong_label", wrong_label, [*listed])
    counted = [*listed] if arrived is None else list(dict.fromkeys(arrived))
    taken = [number for number in counted if number in listed and number not in mislabelled]
    require_fields(transfer.number, sentence("nothing of what is listed has arrived: refuse it"), arrived=taken)
    differs = {
        DiscrepancySort.WRONG_LABEL: mislabelled,
        DiscrepancySort.MISSING: [one for one in listed if one not in counted and one not in mislabelled],
        DiscrepancySort.EXTRA: [one for one in counted if one not in listed],
        DiscrepancySort.SEAL_BROKEN: _among("seal_broken", seal_broken, taken),
        DiscrepancySort.DAMAGED: _among("damaged", damaged, taken),
    }
    transfer.taken_at, transfer.condition_at_receipt = taken_at or filing.at, condition
    transfer.taken = [listed[number] for number in listed if number in taken]
    _end(transfer, filing, TransferState.TAKEN_OVER)
    for named in transfer.taken:
        thing = apps.get_model(named["kind"])._base_manager.get(pk=named["id"])
        change_hands(thing, filing, transfer=transfer)
    for sort, labels in differs.items():
        for label in labels:
            note_discrepancy(transfer, filing, sort=sort, label=label, note=note)


def _among(field: str, numbers: Sequence[str], known: Sequence[str]) -> list[str]:
    for number in numbers:
        if number not in known:
            raise BadChoice(field, number, list(known)[:12])
    return list(dict.fromkeys(numbers))


@act(
    roles=MAY_HOLD,
    past=_("changed hands"),
    part_of="casework.take_over",
    files=(
        changes(
            CustodyItem,
            "holder place kept_in transfer",
            rules=(
                actor_is("holder"),
                holds(transfer=STATED, kept_in=BLANK),
                refers("transfer", state=TransferState.TAKEN_OVER),
                part_of("casework.take_over", field="transfer"),
                agreed("transfer", holder="giver"),
                agrees("transfer", holder="receiver"),
                not_before("transfer"),
                listed("transfer", within="things"),
                listed("transfer", within="taken"),
            ),
        ),
    ),
)
def change_hands(thing: CustodyItem, filing: Filing, *, transfer: Transfer) -> None:
    """Write on a thing who holds it now and where it lies."""
    thing.holder_id, thing.place, thing.transfer, thing.kept_in = filing.by.person, transfer.to_place, transfer, None
    filing.add(thing)
