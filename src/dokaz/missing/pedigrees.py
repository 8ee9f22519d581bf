"""What a stated pedigree must be: every member once, parents who are members and can be, nobody their own ancestor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from dokaz.casework.filing import Filing
from dokaz.casework.rules import require_dates, require_fields
from dokaz.errors import (
    BadChoice,
    ImpossibleParent,
    MemberTwice,
    NoSuchRecord,
    OwnAncestor,
    ReportTwice,
    UnknownParent,
    sentence,
)
from dokaz.missing.models import MissingPerson, ReportedSex


class _Member(TypedDict):
    id: str
    father: str | None
    mother: str | None
    sex: str
    born: str | None
    missing: str | None


class PedigreeMember(_Member, total=False):
    """One member of a pedigree.

    ``father`` and ``mother`` are ids of members, or None; ``born`` a date as far as it is known (ISO 8601-2), or None;
    ``missing`` the number of a report, or None; ``status`` as a delivered file says it.
    """

    status: str


def must_be_possible(named: str, members: Sequence[PedigreeMember], filing: Filing) -> None:
    """Refuse a pedigree that cannot be.

    Args:
        named: What errors call it.

    Raises:
        EmptyField, MemberTwice: a member without a name, or with that of another.
        BadChoice, BadDate, InTheFuture: a sex that is not in the vocabulary, a date of birth that cannot be.
        UnknownParent, ImpossibleParent, OwnAncestor: parents who are no members, or cannot be those parents.
        NoSuchRecord, ReportTwice: a member is missing by a report that there is not, or that another member has.
    """
    by_id: dict[str, PedigreeMember] = {}
    for member in members:
        require_fields(named, sentence("every member of a pedigree has a name"), id=member["id"])
        if member["id"] in by_id:
            raise MemberTwice(member["id"])
        if member["sex"] not in ReportedSex.values:
            raise BadChoice("sex", member["sex"], list(ReportedSex.values))
        require_dates(f"{named}, {member['id']}", filing, born=member["born"] or "")
        by_id[member["id"]] = member
    _parents_can_be(by_id)
    for one in by_id:
        _not_own_ancestor(one, by_id)
    _reports_are_known(members)


def _parents_can_be(by_id: dict[str, PedigreeMember]) -> None:
    fathers, mothers = ({m[side] for m in by_id.values()} - {None} for side in ("father", "mother"))
    for member in by_id.values():
        for parent, wrong, others in ((member["father"], "female", mothers), (member["mother"], "male", fathers)):
            if parent is None:
                continue
            if parent not in by_id:
                raise UnknownParent(member["id"], parent)
            if by_id[parent]["sex"] == wrong or parent in others:
                raise ImpossibleParent(member["id"], parent)


def _not_own_ancestor(one: str, by_id: dict[str, PedigreeMember]) -> None:
    seen: set[str] = set()
    above = [one]
    while above:
        member = by_id[above.pop()]
        for parent in (member["father"], member["mother"]):
            if parent == one:
                raise OwnAncestor(one)
            if parent is not None and parent not in seen:
                seen.add(parent)
                above.append(parent)


def _reports_are_known(members: Sequence[PedigreeMember]) -> None:
    whose: dict[str, str] = {}
    for member in members:
        number = member["missing"]
        if number is None:
            continue
        if number in whose:
            raise ReportTwice(number, whose[number], member["id"])
        whose[number] = member["id"]
    known = set(MissingPerson.objects.filter(number__in=list(whose)).values_list("number", flat=True))
    for number in whose:
        if number not in known:
            raise NoSuchRecord(sentence("report"), number)
