"""Erasure by order: it is proposed on somebody's authority, and carried out when two administrators put it in force."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import STATED, erases, holds, makes
from dokaz.casework.erasure import corrections_of, says_nothing, why_never_erased
from dokaz.casework.filing import Filing
from dokaz.casework.journal import history, orders_of_digests
from dokaz.casework.models import (
    CorrectionState,
    ErasureDue,
    ErasureOrder,
    JournalEntry,
    JournalOpening,
    ProposalState,
)
from dokaz.casework.records import Record, erased_value, field_of, kind_named
from dokaz.casework.registry import act
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.casework.rows import replace
from dokaz.casework.rules import refuse_future, require_fields
from dokaz.errors import NeverErased, NothingToErase, WrongKind, WrongState, sentence
from dokaz.ledger import Entry

Row = dict[str, object]

#: What must hold of an order when it is made, and once more when it is put in force.
NAMES_WHAT_MAY_BE_ERASED = erases("erases")


@act(
    roles={Role.ADMINISTRATOR, Role.INVESTIGATOR, Role.PROSECUTOR},
    signed=ONE_SIGNATURE,
    past=_("ordered an erasure"),
    files=(
        makes(
            ErasureOrder,
            ProposalState.PROPOSED,
            rules=(holds(erases=STATED, document=STATED, reason=STATED), NAMES_WHAT_MAY_BE_ERASED),
        ),
    ),
)
def order_erasure(
    record: Record,
    filing: Filing,
    *,
    fields: Sequence[str],
    authority: str,
    document: str,
    ordered_on: dt.date,
    versions: Sequence[int] = (),
) -> ErasureOrder:
    """Order that fields of a record be erased: nothing is destroyed before two administrators put the order in force.

    The order itself stays readable for good: it names fields, never what they held. Copies of the values in corrections
    for two are erased with them; what no order reaches is in docs/operating.md, Erasure.

    Args:
        fields: Their names.
        authority: One of ``ErasureAuthority``.
        document: Number of the document that says so.
        ordered_on: Its date.
        versions: Of the record: what these hold is erased; what all of them held, if none is given.

    Raises:
        EmptyField: the reason or the document is not named.
        BadChoice: there is no such authority.
        InTheFuture: the document is of a later day.
        WrongKind: the record has no such field or version.
        NeverErased: a field is never erased; says why.
        NothingToErase: these fields hold nothing there, or it was erased.
        WrongState: a correction of it waits for a second person.
    """
    require_fields(record.number, sentence("say why it is erased; name nobody"), reason=filing.reason)
    require_fields(record.number, sentence("name the document that orders it"), document=document)
    refuse_future(record.number, filing, ordered_on=ordered_on)
    found = what_is_erased(record, fields, versions)
    order = ErasureOrder(
        number=filing.next_number(ErasureOrder, "ERA"),
        of_kind=record.kind(),
        record=record.id,
        erases=found,
        authority=authority,
        document=document,
        ordered_on=ordered_on,
        state=ProposalState.PROPOSED,
    )
    filing.add(order)
    if filing.by.role == Role.ADMINISTRATOR:
        from dokaz.casework.acts.together import agree

        agree(order, filing)
    return order


def what_is_erased(record: Record, fields: Iterable[str], versions: Iterable[int] = ()) -> list[Row]:
    """What an order would erase: each value once, with the first version that holds it.

    Raises:
        WrongKind, NeverErased, NothingToErase, WrongState: as ``order_erasure`` says.
    """
    kind, names = type(record), list(dict.fromkeys(fields))
    known = {each.name for each in kind.content_fields()}
    for name in names:
        if name not in known:
            raise WrongKind("fields", name, sentence("the name of a field of this record"))
        why = why_never_erased(kind, name)
        if why is not None:
            raise NeverErased(record.number, name, why)
    filed, wanted = history(record.id), set(versions)
    missing = wanted - {each.entry.version for each in filed}
    if missing:
        raise WrongKind("versions", min(missing), sentence("the number of a version of this record"))
    chosen = {d for v in filed for n, d in v.entry.fields.items() if not wanted or v.entry.version in wanted}
    found: dict[str, Row] = {}
    for version in filed:
        for name in names:
            digest = version.entry.fields[name]
            if digest in chosen and name in version.fields and not says_nothing(kind, name, version.fields[name]):
                found.setdefault(digest, _row(digest, name, version.entry))
    if not found:
        raise NothingToErase(record.number)
    return [*found.values(), *_copies(record, names, set(found))]


def _row(digest: str, field: str, entry: Entry) -> Row:
    return {"digest": digest, "field": field, "record": entry.record, "version": entry.version}


def _copies(record: Record, names: Iterable[str], digests: set[str]) -> list[Row]:
    """The values that two people agreed to stand in the record of their agreement, too."""
    found = []
    for proposed in corrections_of(record):
        if proposed.state == CorrectionState.PROPOSED:
            raise WrongState(
                proposed.number, proposed.get_state_display(), [sentence("a correction that was made or declined")]
            )
        first = history(proposed.id)[0]
        # A correction that was declined holds values that no version holds.
        was_declined = proposed.state == CorrectionState.DECLINED and not proposed.digests.keys().isdisjoint(names)
        if (was_declined or digests & set(proposed.digests.values())) and "openings" in first.fields:
            found.append(_row(first.entry.fields["openings"], "openings", first.entry))
    return found


def destroy(order: ErasureOrder, filing: Filing) -> None:
    """Destroy in the database what an order in force covers; on the disk it is destroyed when this was published."""
    digests = {row["digest"] for row in order.erases}
    gone = JournalOpening.objects.filter(digest__in=digests)
    ErasureDue.objects.bulk_create(
        [ErasureDue(digest=digest, index=index) for digest, index in gone.values_list("digest", "index")],
        ignore_conflicts=True,
    )
    gone.delete()
    for record in dict.fromkeys(uuid.UUID(row["record"]) for row in order.erases):
        _empty_row(record, digests)
        filing.forget(record)


def _empty_row(record: uuid.UUID, digests: set[str]) -> None:
    """Take the values out of a record's row, where its newest version holds them still."""
    filed = JournalEntry.objects.filter(record=record).order_by("version").last()
    kind = kind_named(filed.kind) if filed is not None else None
    if filed is None or kind is None:
        return
    row: Record = kind.every.get(pk=record)
    names = {name for name, digest in Entry.parse(bytes(filed.body)).fields.items() if digest in digests}
    for name in names:
        field = field_of(kind, name)
        setattr(row, field.attname, erased_value(kind, field))
    row.erased = sorted({*row.erased, *names})
    replace(row, entry_hash=row.entry_hash)


def destroy_again() -> int:
    """Destroy once more whatever orders in force cover: a copy of the store may have brought it back.

    Returns: How many openings there were in the database.
    """
    digests = list(orders_of_digests())
    gone = JournalOpening.objects.filter(digest__in=digests)
    count = gone.count()
    for order in ErasureOrder.objects.filter(state=ProposalState.IN_FORCE):
        for row in order.erases:
            index = JournalEntry.objects.filter(record=row["record"], version=row["version"]).values_list("index")
            ErasureDue.objects.get_or_create(digest=row["digest"], defaults={"index": index[0][0]})
    gone.delete()
    return count
