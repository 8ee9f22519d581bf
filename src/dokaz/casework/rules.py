"""Rules that the acts of every room share: nothing empty, nothing in the future, nothing beyond what can be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from unicodedata import category

from dokaz.casework.filing import Filing
from dokaz.casework.models import CustodyItem, Transfer, TransferState
from dokaz.casework.queries import local_zone
from dokaz.casework.records import Record
from dokaz.casework.roles import Role
from dokaz.casework.rooms import may_read_this
from dokaz.errors import (
    BadChoice,
    BadDate,
    BadInterval,
    EmptyField,
    InTheFuture,
    NotInOffice,
    NotYours,
    OutOfRange,
    Sentence,
    TooManyAlleles,
    UnreadDate,
    WrongKind,
    sentence,
)
from dokaz.exchange.reading.dates import read_partial_date, read_zone

#: An age or a stature: a number, or its digits as they were delivered.
Figure = int | str | Decimal

_FIGURE = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_FILLERS = "\u115f\u1160\u3164\uffa0"
_ALLELE = re.compile(r"\S{1,32}")


def require_fields(record: str, why: Sentence, /, **fields: object) -> None:
    """Refuse empty fields by name; a text without a letter or a digit says nothing, and is empty.

    Raises:
        EmptyField: one of ``fields`` is empty.
    """
    for name, value in fields.items():
        says_nothing = isinstance(value, str) and not any(map(str.isalnum, _seen(value)))
        empty = says_nothing or (isinstance(value, list | tuple | dict) and not value)
        if value is None or empty:
            raise EmptyField(record, name, why)


def _seen(text: str) -> str:
    """What a reader sees of a text: without spaces, format characters and the fillers of Hangul."""
    return "".join(sign for sign in text if not sign.isspace() and category(sign) != "Cf" and sign not in _FILLERS)


def on_the_way_in(filing: Filing) -> set[str]:
    """Ids of what was handed over and not yet confirmed; kept while the filing lasts, so that lists stay linear."""
    if "on the way" not in filing.memory:
        listed = Transfer.objects.filter(state=TransferState.HANDED_OVER).values_list("things", flat=True)
        filing.memory["on the way"] = {thing["id"] for things in listed for thing in things}
    found: set[str] = filing.memory["on the way"]
    return found


def require_readable(record: Record, filing: Filing) -> None:
    """Refuse what is done to a record by somebody who may not read it.

    Raises:
        NotInOffice: the record is closed to the office in which one acts.
        NotYours: it is read blind, and not to be seen yet.
    """
    if record.is_kept_from(filing.by.person):
        raise NotYours(
            record.number,
            sentence("kept apart until a second person has read the same"),
            sentence("wait until both have read"),
        )
    if not may_read_this(filing.by.role, record):
        may = [Role(role) for role in Role.values if may_read_this(role, record)]
        raise NotInOffice(record.number, Role(filing.by.role), may)


def require_held(thing: CustodyItem, filing: Filing) -> None:
    """Refuse what is done to a thing by somebody who does not hold it, or has handed it over.

    Raises:
        NotYours: another person holds it, or nobody does, or a receiver has not confirmed it yet.
    """
    if thing.holder_id != filing.by.person:
        held = sentence("held by {holder}", holder=thing.holder.name) if thing.holder else sentence("held by nobody")
        raise NotYours(thing.number, held, sentence("take it over by a transfer first"))
    if str(thing.id) in on_the_way_in(filing):
        raise NotYours(
            thing.number,
            sentence("handed over and not yet confirmed"),
            sentence("let the receiver confirm, or take it back first"),
        )


def refuse_future(record: str, filing: Filing, /, **moments: dt.date | dt.datetime | None) -> None:
    """Refuse what is said to have happened after it is filed: moments to the minute, days by the local clock.

    Raises:
        InTheFuture: one of ``moments`` is later than that.
    """
    if "today" not in filing.memory:
        filing.memory["today"] = filing.at.astimezone(local_zone()).date()
    latest, today = filing.at + dt.timedelta(minutes=1), filing.memory["today"]
    for name, moment in moments.items():
        if moment is not None and (moment > latest if isinstance(moment, dt.datetime) else moment > today):
            raise InTheFuture(record, name, moment)


def require_zone(record: str, time_zone: str) -> None:
    """Refuse a time zone that nobody could read times by.

    Raises:
        BadChoice: neither the name of a zone, as ``Europe/Kyiv``, nor an offset, as ``+03:00``.
    """
    try:
        read_zone(time_zone)
    except UnreadDate as unread:
        raise BadChoice("time_zone", time_zone, ["Europe/Kyiv", "UTC", "+03:00"]) from unread


def require_dates(record: str, filing: Filing, **texts: str) -> None:
    """Refuse partial dates that are not written as they are kept (ISO 8601-2), or that are in the future.

    Raises:
        BadDate: not such a date; an empty text is none, and passes.
        InTheFuture: even the earliest day that it may be is later than the filing.
    """
    for name, text in texts.items():
        if not text:
            continue
        try:
            read = read_partial_date(text)
        except UnreadDate as unread:
            raise BadDate(record, name, text) from unread
        if read.edtf != text:
            raise BadDate(record, name, text)
        refuse_future(record, filing, **{name: read.earliest})


def require_between(record: str, low: int, high: int, **values: Figure | None) -> None:
    """Refuse numbers that cannot be; one that is not known passes.

    Raises:
        WrongKind: one of ``values`` is no number.
        OutOfRange: one of ``values`` is below ``low`` or above ``high``.
    """
    for name, value in values.items():
        if value is None or value == "":
            continue
        if not _FIGURE.fullmatch(str(value)):
            raise WrongKind(name, value, sentence("a number, as 170"))
        if not low <= Decimal(value) <= high:
            raise OutOfRange(record, name, value, low, high)


def require_interval(record: str, low: int, high: int, **intervals: tuple[Figure, Figure] | None) -> None:
    """Refuse intervals that end before they begin, or that reach beyond what can be; one that is not known passes.

    Raises:
        BadInterval: the upper bound is below the lower one.
        EmptyField: one of the two bounds is missing.
        OutOfRange, WrongKind: a bound is below ``low`` or above ``high``, or no number.
    """
    for name, interval in intervals.items():
        for bound in interval or ():
            require_fields(record, sentence("give both ends of the interval, or neither"), **{name: bound})
            require_between(record, low, high, **{name: bound})
        if interval is not None and Decimal(interval[0]) > Decimal(interval[1]):
            raise BadInterval(record, name, *interval)


def require_profile(
    record: str, *, genotypes: object, lineage: object, lone_alleles: object, no_result: object
) -> None:
    """Refuse what is not written as profiles are: markers with their alleles, and lists of markers.

    Raises:
        WrongKind: one of them is something else.
        TooManyAlleles, EmptyField: as ``require_genotypes`` says.
    """
    for name, typed in (("genotypes", genotypes), ("lineage", lineage)):
        if not isinstance(typed, Mapping) or not all(map(_is_list_of_text, typed.values())):
            raise WrongKind(name, typed, sentence("markers with their alleles"))
    for name, markers in (("lone_alleles", lone_alleles), ("no_result", no_result)):
        if not _is_list_of_text(markers):
            raise WrongKind(name, markers, sentence("a list of markers"))
    if isinstance(genotypes, Mapping):
        require_genotypes(record, genotypes)


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def require_genotypes(record: str, genotypes: Mapping[str, Sequence[str]]) -> None:
    """Refuse genotypes that are no single person's, or that have no names; an empty profile is a failed attempt.

    Raises:
        TooManyAlleles: a marker shows one allele, or three and more: a mixture, and no single person's profile.
        EmptyField, WrongKind: a marker without a name, an allele that is none.
    """
    for marker, alleles in genotypes.items():
        require_fields(record, sentence("a marker has a name"), marker=marker)
        if len(alleles) != 2:
            raise TooManyAlleles(record, marker, alleles)
        for allele in alleles:
            if not _ALLELE.fullmatch(allele):
                raise WrongKind(marker, allele, sentence("an allele, as 9.3"))
