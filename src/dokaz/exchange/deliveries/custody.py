"""Custody: every move of a numbered thing, from hand to hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.faults import Faults
from dokaz.exchange.reading.remarks import Remark
from dokaz.exchange.reading.rows import PlacedRow
from dokaz.exchange.reading.tables import ZONE, Column, read_table
from dokaz.numbers import TYPES

COLUMNS = (
    Column("number", ("unit", "item", "номер", "номер одиниці"), required=True, field="casework.Transfer.things"),
    Column("from_place", ("from", "звідки"), required=True, field="casework.Transfer.from_place"),
    Column("to_place", ("to", "куди"), required=True, field="casework.Transfer.to_place"),
    Column("giver", ("given by", "handed over by", "передав"), required=True, field="casework.Transfer.giver"),
    Column(
        "receiver",
        ("received by", "taken over by", "отримав", "прийняв"),
        required=True,
        field="casework.Transfer.receiver",
    ),
    Column(
        "handed_at", ("at", "time", "moved at", "час", "дата і час"), required=True, field="casework.Transfer.handed_at"
    ),
    Column("purpose", ("reason", "причина", "мета"), field="casework.Transfer.purpose"),
    Column("seal", ("seal number", "пломба"), field="casework.Transfer.seal"),
    Column("note", ("condition", "примітка"), field="casework.Transfer.condition"),
)


@dataclass(frozen=True, slots=True)
class Move(PlacedRow):
    """One transfer: what, from where to where, who gave it and who took it, when."""

    number: str
    from_place: str
    to_place: str
    giver: str
    receiver: str
    handed_at: datetime
    purpose: str
    seal: str
    note: str


@dataclass(frozen=True, slots=True)
class Custody:
    """A file of moves, in its own order."""

    file: str
    moves: tuple[Move, ...]
    remarks: tuple[Remark, ...]


def read_custody(data: bytes, *, file: str) -> Custody:
    """Read a list of moves.

    Args:       data: the whole file, a table with the columns of ``docs/files.md``.
                file: its name, kept on every move and named in every error.
    Raises:     BadFile: a number mistyped; a party missing, or the same on both sides; a move of one thing that is
                    earlier than, or starts elsewhere than where, the move above it ended.
    """
    table = read_table(data, file=file, columns=COLUMNS, above=ZONE)
    moves: list[Move] = []
    last: dict[str, Move] = {}
    faults = Faults()
    for given in table:
        with faults.of_row(given) as row:
            number = row.number("number", types=tuple(TYPES))
            # Of a move that cannot be read, nobody says where it ended.
            previous = last.pop(number, None)
            handed_at = row.needed_moment("handed_at", zone=table.zone())
            move = Move(
                number=number,
                from_place=row.text("from_place", required=True),
                to_place=row.text("to_place", required=True),
                giver=row.text("giver", required=True),
                receiver=row.text("receiver", required=True),
                handed_at=handed_at,
                purpose=row.text("purpose"),
                seal=row.text("seal"),
                note=row.text("note"),
                file=file,
                line=row.line,
            )
            if move.giver.casefold() == move.receiver.casefold():
                raise row.bad(
                    "receiver",
                    sentence("giver and receiver are one person"),
                    sentence("a move has two parties; name the other"),
                )
            if previous is not None:
                if move.handed_at < previous.handed_at:
                    raise row.bad(
                        "handed_at",
                        sentence("earlier than the move before it (line {line})", line=previous.line),
                        sentence("order the moves by time"),
                    )
                if move.from_place != previous.to_place:
                    raise row.bad(
                        "from_place",
                        sentence("line {line} left it at {to_place!r}", line=previous.line, to_place=previous.to_place),
                        sentence("add the move in between, or correct the place"),
                    )
            if not row.is_faulty:
                last[number] = move
            moves.append(move)
    faults.refuse()
    if not moves:
        raise BadFile(sentence("the table has no rows"), file=file, next_step=sentence("export it again"))
    return Custody(file=file, moves=tuple(moves), remarks=table.remarks)
