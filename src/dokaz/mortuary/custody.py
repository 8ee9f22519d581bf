"""Takes lists of moves as teams write them, and turns each into a transfer that both parties sign."""

from __future__ import annotations

from itertools import groupby

from dokaz.casework.acts import deliver, hand_over
from dokaz.casework.filing import Filing
from dokaz.casework.models import CustodyItem, Person, Transfer
from dokaz.errors import ActRefused, BadFile, sentence
from dokaz.exchange.deliveries.custody import Move, read_custody
from dokaz.graves.intake import Progress, silent
from dokaz.graves.models import RecoveryUnit
from dokaz.mortuary.models import Sample


def take_moves_given(data: bytes, *, file: str, filing: Filing, progress: Progress = silent) -> dict[str, int]:
    """File the hand-overs of a list that the person who files has given; everybody files their own.

    A move is filed once, when its giver holds the thing: lists that follow things from hand to hand are imported by one
    giver after the other, each after having confirmed what they received. Moves filed before are passed over.

    Returns: Transfers and moves filed, and moves that are other people's or not due yet.

    Raises:
        BadFile: the list does not read, or names a thing or a receiver that nobody knows.
    """
    read = read_custody(data, file=file)
    giver = Person.objects.get(pk=filing.by.person)
    mine = [m for m in read.moves if m.giver in (giver.name, giver.number)]
    things = _things({m.number for m in mine})
    filed = {
        (thing["number"], transfer.handed_at)
        for transfer in Transfer.objects.filter(giver=giver)
        for thing in transfer.things
    }
    taken = {"transfers": 0, "moves": 0, "moves_of_others_or_not_due": len(read.moves) - len(mine)}
    key = lambda m: (m.at, m.receiver, m.from_place, m.to_place, m.seal, m.reason, m.note)  # noqa: E731
    for done, ((at, *_), group) in enumerate(groupby(sorted(mine, key=key), key=key)):
        moves = [m for m in group if (m.number, m.at) not in filed]
        due = [m for m in moves if _thing(m, things).holder_id == giver.id]
        taken["moves_of_others_or_not_due"] += len(moves) - len(due)
        if not due:
            continue
        first = due[0]
        try:
            hand_over(
                [_thing(m, things) for m in due],
                filing,
                to=_receiver(first),
                from_place=first.from_place,
                to_place=first.to_place,
                condition="; ".join(t for t in (first.seal, first.reason, first.note) if t),
                handed_at=at,
            )
        except ActRefused as refusal:
            raise BadFile(refusal.what, file=first.file, line=first.line, column="number", value=first.number,
                          next_step=refusal.next_step) from refusal  # fmt: skip
        taken["transfers"] += 1
        taken["moves"] += len(due)
        progress(done + 1, len(mine))
    if taken["transfers"]:
        deliver(filing, form="custody", files=[(file, data)], taken=taken)
    return taken


def _things(numbers: set[str]) -> dict[str, CustodyItem]:
    found: dict[str, CustodyItem] = {}
    for kind in (RecoveryUnit, Sample):
        found |= {thing.number: thing for thing in kind.objects.filter(number__in=numbers)}
    return found


def _thing(move: Move, things: dict[str, CustodyItem]) -> CustodyItem:
    if move.number not in things:
        raise BadFile(sentence("nothing of this number is known"), file=move.file, line=move.line, column="number",
                      value=move.number, next_step=sentence("import the survey and the samples first"))  # fmt: skip
    return things[move.number]


def _receiver(move: Move) -> Person:
    found = list(Person.objects.filter(name=move.receiver)) or list(Person.objects.filter(number=move.receiver))
    if len(found) != 1:
        raise BadFile(sentence("the receiver is nobody, or several people, of this investigation"), file=move.file,
                      line=move.line, column="receiver", value=move.receiver,
                      next_step=sentence("enrol the person, or write their number"))  # fmt: skip
    person: Person = found[0]
    return person
