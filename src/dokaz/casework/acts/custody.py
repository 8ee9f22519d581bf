"""What is delivered, and in whose hands it is.

Every move of a thing is an event between two people: the one who gives signs first, the one who receives signs second,
and they are never the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import (
    STATED,
    actor_is,
    actor_is_not,
    agreed,
    agrees,
    changes,
    each_held_by_actor,
    holds,
    listed,
    makes,
    not_before,
    refers,
)
from dokaz.casework.filing import Filing
from dokaz.casework.models import CustodyItem, Delivery, Person, Transfer, TransferState
from dokaz.casework.queries import offices_of
from dokaz.casework.registry import act
from dokaz.casework.roles import ANY_ROLE, ONE_SIGNATURE
from dokaz.casework.rules import refuse_future, require_fields
from dokaz.errors import NotYours, WrongState, sentence
from dokaz.exchange.reading.remarks import Remark
from dokaz.vault import Readable, StagedFile


@act(roles=ANY_ROLE, past=_("took the delivery"), files=(makes(Delivery),))
def deliver(
    filing: Filing,
    *,
    form: str,
    files: Sequence[tuple[str, StagedFile | Readable]],
    taken: dict[str, int],
    remarks: Sequence[Remark] = (),
) -> Delivery:
    """Keep delivered files byte for byte, with what was taken from them; the first act of every import.

    Args:
        form: survey, profiles, families, …
        files: Name and content of each.
        taken: How many records of what were made from them.
        remarks: What the reader found odd or left aside, as ``exchange.reading.remarks`` writes it.
    """
    require_fields(sentence("delivery"), sentence("an import names its files"), files=list(files))
    for name, _content in files:
        require_fields(sentence("delivery"), sentence("an import names its files"), file=name)
    kept = []
    for name, content in files:
        stored = filing.keep(content)
        kept.append({"name": name, "sha256": stored.sha256, "bytes": stored.size})
    delivery = Delivery(
        number=filing.next_number(Delivery, "DEL"), form=form, files=kept, taken=taken, remarks=list(remarks)
    )
    filing.add(delivery, files=[str(each["sha256"]) for each in kept])
    return delivery


@act(
    roles=ANY_ROLE,
    signed=ONE_SIGNATURE,
    past=_("handed over"),
    files=(
        makes(
            Transfer,
            TransferState.HANDED_OVER,
            blank="taken_at",
            rules=(
                actor_is("giver"),
                actor_is_not("receiver"),
                each_held_by_actor("things"),
                holds(things=STATED),
            ),
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
    handed_at: dt.datetime | None = None,
) -> Transfer:
    """Give things into another person's hands; they are theirs once that person confirms.

    Raises:
        EmptyField: nothing is handed over, or from nowhere or to nowhere.
        WrongState: the receiver holds no office any more.
        InTheFuture: it is said to have happened later than now.
        NotYours: somebody else answers for one of the things, or it is already on its way.
    """
    require_fields(sentence("transfer"), sentence("say what is handed over, from where and to where"),
           things=list(things), from_place=from_place, to_place=to_place)  # fmt: skip
    refuse_future("transfer", filing, handed_at=handed_at)
    if to.id == filing.by.person:
        raise NotYours(to.name, sentence("a transfer is between two people"), sentence("name the person who receives"))
    if not offices_of(to.id):
        raise WrongState(to.name, sentence("without an office"), [sentence("somebody who holds an office now")])
    if len({thing.id for thing in things}) != len(things):
        raise NotYours(sentence("transfer"), sentence("a thing is named twice"), sentence("name each thing once"))
    on_the_way = _on_the_way(filing)
    for thing in things:
        if thing.holder_id != filing.by.person:
            raise NotYours(
                thing.number,
                sentence("held by {holder}", holder=thing.holder.name) if thing.holder else sentence("held by nobody"),
                sentence("only the person who holds a thing can hand it over"),
            )
        if str(thing.id) in on_the_way:
            raise NotYours(
                thing.number, sentence("handed over and not yet confirmed"), sentence("let the receiver confirm first")
            )
    transfer = Transfer(
        number=filing.next_number(Transfer, "TRF"),
        things=[{"kind": t.kind(), "id": str(t.id), "number": t.number} for t in things],
        from_place=from_place,
        to_place=to_place,
        giver_id=filing.by.person,
        receiver=to,
        handed_at=handed_at or filing.at,
        purpose=purpose,
        seal=seal,
        condition=condition,
        state=TransferState.HANDED_OVER,
    )
    filing.add(transfer)
    on_the_way.update(str(thing.id) for thing in things)
    return transfer


def _on_the_way(filing: Filing) -> set[str]:
    """Ids of what was handed over and not yet confirmed; kept while the filing lasts, so that lists stay linear."""
    if "on the way" not in filing.memory:
        listed = Transfer.objects.filter(state=TransferState.HANDED_OVER).values_list("things", flat=True)
        filing.memory["on the way"] = {thing["id"] for things in listed for thing in things}
    found: set[str] = filing.memory["on the way"]
    return found


@act(
    roles=ANY_ROLE,
    signed=ONE_SIGNATURE,
    past=_("took over"),
    files=(
        changes(
            Transfer,
            "taken_at",
            {TransferState.HANDED_OVER: TransferState.TAKEN_OVER},
            rules=(actor_is("receiver"), holds(taken_at=STATED)),
        ),
    ),
)
def take_over(transfer: Transfer, filing: Filing) -> None:
    """Confirm that one has received what was handed over; from now on one answers for it.

    Raises:
        WrongState: it was confirmed already.
        NotYours: somebody else was named as the receiver.
    """
    if transfer.state != TransferState.HANDED_OVER:
        raise WrongState(transfer.number, transfer.get_state_display(), [sentence("handed over")])
    if transfer.receiver_id != filing.by.person:
        raise NotYours(
            transfer.number,
            sentence("meant for {name}", name=transfer.receiver.name),
            sentence("let the named receiver confirm"),
        )
    transfer.state, transfer.taken_at = TransferState.TAKEN_OVER, filing.at
    filing.add(transfer)
    _on_the_way(filing).difference_update(named["id"] for named in transfer.things)
    for named in transfer.things:
        thing = apps.get_model(named["kind"])._base_manager.get(pk=named["id"])
        change_hands(thing, filing, transfer=transfer)


@act(
    roles=ANY_ROLE,
    past=_("changed hands"),
    part_of="casework.take_over",
    files=(
        changes(
            CustodyItem,
            "holder place transfer",
            rules=(
                actor_is("holder"),
                holds(transfer=STATED),
                refers("transfer", state=TransferState.TAKEN_OVER),
                agreed("transfer", holder="giver"),
                agrees("transfer", holder="receiver"),
                not_before("transfer"),
                listed("transfer", within="things"),
            ),
        ),
    ),
)
def change_hands(thing: CustodyItem, filing: Filing, *, transfer: Transfer) -> None:
    """Write on a thing who holds it now and where it lies."""
    thing.holder_id, thing.place, thing.transfer = filing.by.person, transfer.to_place, transfer
    filing.add(thing)
