"""Takes lists of moves as teams write them, and turns each into a transfer that both parties sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts import hand_over
from dokaz.casework.delivery_kinds import (
    DeliveryKind,
    Offices,
    Progress,
    Read,
    Taken,
    of_one_file,
    row_of,
    the_table,
)
from dokaz.casework.filing import Filing
from dokaz.casework.models import CustodyItem, Person, Transfer
from dokaz.casework.queries import custodial_kinds
from dokaz.casework.roles import Role
from dokaz.errors import sentence
from dokaz.exchange.deliveries.custody import COLUMNS, Custody, Move, read_custody
from dokaz.mortuary.intake import person_of

#: What is counted of a list beside what was filed.
LEFT = "moves_of_others_or_not_due"


def _file(read: Read[Custody], filing: Filing, offices: Offices, progress: Progress) -> Taken:
    """File the hand-overs of a list that the person who files has given; everybody files their own.

    A move is filed once, when its giver holds the thing: lists that follow things from hand to hand are imported by one
    giver after the other, each after having confirmed what they received. Moves filed before are passed over.
    """
    moves = read.content.moves
    giver = Person.objects.get(pk=filing.by.person)
    mine = [move for move in moves if move.giver in (giver.name, giver.number)]
    things = _things({move.number for move in mine})
    given = _given_before(giver)
    new = [move for move in mine if (move.number, move.handed_at) not in given]
    due = [move for move in new if _thing(move, things).holder_id == giver.id]
    transfers = _together(due)
    left = len(moves) - len(mine) + len(new) - len(due)
    taken = {"transfers": len(transfers), "moves": len(due), LEFT: left}
    if not transfers:
        return taken
    delivery = read.deliver(filing, taken)
    for done, together in enumerate(transfers, start=1):
        first = together[0]
        with row_of(delivery, filing, first, column="number", value=first.number):
            hand_over(
                [things[move.number] for move in together],
                filing,
                to=person_of(first.receiver, first, "receiver", filing),
                from_place=first.from_place,
                to_place=first.to_place,
                purpose=first.purpose,
                seal=first.seal,
                condition=first.note,
                handed_at=first.handed_at,
            )
        progress(done, len(transfers))
    return taken


def _given_before(giver: Person) -> set[tuple[str, datetime]]:
    """Number and time of every move that a person has filed."""
    given = Transfer.objects.filter(giver=giver).values_list("things", "handed_at")
    return {(thing["number"], handed_at) for things, handed_at in given for thing in things}


def _together(moves: Sequence[Move]) -> list[list[Move]]:
    """Moves that are one transfer: everything but the thing is the same."""

    def alike(move: Move) -> tuple[object, ...]:
        return (move.handed_at, move.receiver, move.from_place, move.to_place, move.seal, move.purpose, move.note)

    return [list(group) for _, group in groupby(sorted(moves, key=alike), key=alike)]


def _things(numbers: set[str]) -> dict[str, CustodyItem]:
    found: dict[str, CustodyItem] = {}
    for kind in custodial_kinds():
        found |= kind.objects.in_bulk(list(numbers), field_name="number")
    return found


def _thing(move: Move, things: dict[str, CustodyItem]) -> CustodyItem:
    if move.number not in things:
        raise move.refused(
            "number",
            move.number,
            sentence("nothing of this number is known"),
            sentence("import the survey and the samples first"),
        )
    return things[move.number]


CUSTODY = DeliveryKind(
    name="custody",
    label=_("List of moves"),
    help=_("the hand-overs that you gave; the receivers confirm each of them"),
    offices=(Role.SCENE, Role.MORTUARY, Role.DNA_EXAMINER, Role.FAMILY_LIAISON, Role.INVESTIGATOR),
    rooms=("units",),
    files=(the_table(COLUMNS),),
    reader=of_one_file(read_custody),
    filer=_file,
    counted={"transfers": _("transfers"), "moves": _("moves"), LEFT: _("moves of others or not due")},
    is_signed=True,
)
