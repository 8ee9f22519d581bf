"""Custody: every move of a numbered thing, from hand to hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.tables import Column, read_table
from dokaz.numbers import TYPES

COLUMNS = (
    Column("number", ("unit", "item", "номер", "номер одиниці"), required=True),
    Column("from_place", ("from", "звідки"), required=True),
    Column("to_place", ("to", "куди"), required=True),
    Column("giver", ("given by", "handed over by", "передав"), required=True),
    Column("receiver", ("received by", "taken over by", "отримав", "прийняв"), required=True),
    Column("at", ("time", "moved at", "час", "дата і час"), required=True),
    Column("reason", ("purpose", "причина", "мета")),
    Column("seal", ("seal number", "пломба")),
    Column("note", ("примітка",)),
)


@dataclass(frozen=True, slots=True)
class Move:
    """One transfer: what, from where to where, who gave it and who took it, when."""

    number: str
    from_place: str
    to_place: str
    giver: str
    receiver: str
    at: datetime
    reason: str
    seal: str
    note: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Custody:
    """A file of moves, in its own order."""

    file: str
    moves: tuple[Move, ...]
    unknown_columns: tuple[str, ...]


def read_custody(data: bytes, *, file: str) -> Custody:
    """Read a list of moves.

    Args:       data: the whole file, a table with the columns of ``docs/files.md``.
                file: its name, kept on every move and named in every error.
    Raises:     BadFile: a number mistyped; a party missing, or the same on both sides; a move of one thing that is
                    earlier than, or starts elsewhere than where, the move above it ended.
    """
    table = read_table(data, file=file, columns=COLUMNS)
    moves: list[Move] = []
    last: dict[str, Move] = {}
    for row in table:
        at = row.moment("at", zone=table.zone(), required=True)
        assert at is not None
        move = Move(
            number=row.number("number", types=tuple(TYPES)),
            from_place=row.text("from_place", required=True),
            to_place=row.text("to_place", required=True),
            giver=row.text("giver", required=True),
            receiver=row.text("receiver", required=True),
            at=at,
            reason=row.text("reason"),
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
        if previous := last.get(move.number):
            if move.at < previous.at:
                raise row.bad(
                    "at",
                    sentence("earlier than the move before it (line {line})", line=previous.line),
                    sentence("order the moves by time"),
                )
            if move.from_place != previous.to_place:
                raise row.bad(
                    "from_place",
                    sentence("line {line} left it at {to_place!r}", line=previous.line, to_place=previous.to_place),
                    sentence("add the move in between, or correct the place"),
                )
        last[move.number] = move
        moves.append(move)
    if not moves:
        raise BadFile(sentence("the table has no rows"), file=file, next_step=sentence("export it again"))
    return Custody(file=file, moves=tuple(moves), unknown_columns=table.unknown_columns)
