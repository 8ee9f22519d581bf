"""How the investigation, its people and what is on its way are put right; keys, offices and signatures are not."""

from __future__ import annotations

from django.apps import apps

from dokaz.casework.corrections import ByTwo, Correcting, Why, putting_right, staying
from dokaz.casework.dates_in_order import must_fit_between
from dokaz.casework.filing import Filing
from dokaz.casework.models import (
    Assent,
    CheckpointKey,
    Constitution,
    Correction,
    Delivery,
    Discrepancy,
    DiscrepancyState,
    ErasureOrder,
    Investigation,
    Key,
    Office,
    Person,
    SessionKey,
    StoragePlace,
    Transfer,
    TransferState,
)
from dokaz.casework.roles import ANY_ROLE, MAY_HOLD, ONE_SIGNATURE, Role
from dokaz.casework.rules import require_fields, require_zone
from dokaz.errors import NotYours, sentence


def _transfer(transfer: Transfer, filing: Filing, changed: frozenset[str]) -> None:
    require_fields(transfer.number, sentence("say what is handed over, from where and to where"),
           from_place=transfer.from_place, to_place=transfer.to_place)  # fmt: skip
    things = [apps.get_model(named["kind"])._base_manager.get(pk=named["id"]) for named in transfer.things]
    if transfer.state == TransferState.HANDED_OVER:
        # One that was void counts again: what it lists was not handed over otherwise meanwhile.
        others = Transfer.objects.filter(state=TransferState.HANDED_OVER).exclude(pk=transfer.pk)
        under_way = {named["id"] for listed in others.values_list("things", flat=True) for named in listed}
        for thing in things:
            if thing.holder_id != transfer.giver_id or str(thing.pk) in under_way:
                raise NotYours(
                    thing.number, sentence("handed over by another transfer since"), sentence("leave this one void")
                )
    for thing in things:
        must_fit_between(transfer, thing)


def _investigation(investigation: Investigation, filing: Filing, changed: frozenset[str]) -> None:
    require_zone(investigation.number, investigation.time_zone)


correct_investigation, _, _ = putting_right(
    "dokaz.casework.acts",
    "investigation",
    Correcting(kind=Investigation, check=_investigation, aside="time_zone"),
    roles={Role.INVESTIGATOR, Role.PROSECUTOR},
    signed=ONE_SIGNATURE,
)
correct_person, _, _ = putting_right(
    "dokaz.casework.acts",
    "person",
    Correcting(kind=Person),
    roles={Role.ADMINISTRATOR},
    signed=ONE_SIGNATURE,
)
correct_transfer, void_transfer, agree_transfer = putting_right(
    "dokaz.casework.acts",
    "transfer",
    Correcting(
        kind=Transfer,
        closed={Why.CUSTODY: "things giver receiver deputy taken", Why.ACT: "taken_at condition_at_receipt"},
        by="giver",
        states=(TransferState.HANDED_OVER,),
        by_two=ByTwo(states=(TransferState.TAKEN_OVER,), proposed_by="giver", agreed_by="receiver"),
        check=_transfer,
    ),
    roles=ANY_ROLE,
    signed=ONE_SIGNATURE,
)
correct_storage_place, _, _ = putting_right(
    "dokaz.casework.acts",
    "storage_place",
    Correcting(kind=StoragePlace, closed={Why.BELONGS: "inside"}),
    roles=MAY_HOLD,
)
correct_discrepancy, _, _ = putting_right(
    "dokaz.casework.acts",
    "discrepancy",
    Correcting(
        kind=Discrepancy,
        closed={Why.BELONGS: "transfer noted_by", Why.ACT: "outcome"},
        by="noted_by",
        states=(DiscrepancyState.OPEN,),
    ),
    roles=MAY_HOLD,
)
_, void_delivery, _ = putting_right(
    "dokaz.casework.acts",
    "delivery",
    Correcting(kind=Delivery, closed={Why.FILE: "form files taken remarks"}),
    roles=ANY_ROLE,
)
staying(
    Correcting(kind=Constitution, closed={Why.SIGNED: "rules sha256"}),
    Correcting(kind=Key, closed={Why.SIGNED: "person public_key possession", Why.ACT: "retired_at"}),
    Correcting(kind=CheckpointKey, closed={Why.SIGNED: "key"}),
    Correcting(kind=ErasureOrder, closed={Why.SIGNED: "of_kind record erases authority document ordered_on"}),
    Correcting(kind=Office, closed={Why.ACT: "person role since until"}),
    Correcting(kind=SessionKey, closed={Why.ACT: "person delegated_by offices public_key until ended_at"}),
    Correcting(
        kind=Correction,
        closed={Why.SIGNED: "of_kind record leaf digests openings proposed_by", Why.ACT: "agreed_by"},
    ),
    Correcting(kind=Assent, closed={Why.SIGNED: "act record leaf key office base_size base_root sig"}),
)
