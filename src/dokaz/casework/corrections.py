"""How records are put right: corrected field by field, or made void; one mechanism for the kinds of all rooms.

A room says in its acts, once, which of its kinds are put right by whom, which fields stay closed and why, and what must
hold of a record afterwards. All other fields can be corrected. What was there before stays in the record's history.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.arguments import YEARS
from dokaz.casework.committed import require_as_filed
from dokaz.casework.dates_in_order import must_come_in_order
from dokaz.casework.effects import BLANK, Changes, Rule, actor_is, as_agreed, changes, holds, unless_pointed_at
from dokaz.casework.filing import Filing
from dokaz.casework.models import Correction, CorrectionState, CustodyItem, JournalEntry, Transfer, TransferState
from dokaz.casework.records import Record, VoidableRecord, kind_named, links_of, record_kinds
from dokaz.casework.registry import act, act_named, acts, name_of
from dokaz.casework.roles import ONE_SIGNATURE, Role, SignatureRule
from dokaz.casework.rooms import rooms
from dokaz.casework.rules import refuse_future, require_fields, require_readable
from dokaz.casework.second_person import committed, make_correction, propose_correction
from dokaz.casework.values import as_kept
from dokaz.errors import (
    ChangedMeanwhile,
    ClosedField,
    NoSuchRecord,
    NothingCorrected,
    NotInOffice,
    NotYours,
    RestedOn,
    Sentence,
    WrongKind,
    sentence,
)


class Why(Enum):
    """Why no correction changes a field, and what does."""

    NUMBER = sentence("a number is given once and never changed"), sentence("void the record, and enter it anew")
    BELONGS = sentence("it says what the record belongs to"), sentence("void the record, and enter it anew")
    ACT = sentence("it is what an act of its own said"), sentence("use that act again, or the one that undoes it")
    CUSTODY = sentence("it follows from who handed it to whom"), sentence("hand it over; the receiver confirms")
    FILE = sentence("it is what the file says, byte for byte"), sentence("void the record, and deliver the file anew")
    PROGRAM = sentence("the program computed it"), sentence("compute it anew; void what is wrong")
    SIGNED = sentence("signatures rest on it"), sentence("make a new record, which takes its place")
    LEFT = sentence("it was handed out like this"), sentence("make a new one")

    @property
    def words(self) -> Sentence:
        """Why it is closed."""
        return self.value[0]

    @property
    def advice(self) -> Sentence:
        """What to do in its place."""
        return self.value[1]


# What no correction of any kind changes.
_ALWAYS_CLOSED = {
    Why.NUMBER: "number",
    Why.ACT: "state voided reason",
    Why.CUSTODY: "holder place transfer kept_in",
    Why.FILE: "delivery delivered_row",
}

Check = Callable[[Any, Filing, frozenset[str]], None]
Closed = Mapping[Why, str]


def _nothing(_record: Any) -> Iterable[Record]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ByTwo:
    """How records are corrected that were signed or decided: one person proposes it, another agrees.

    Args:
        states: In which they are; none: of all records of the kind.
        roles: The offices in which both act, where not all that correct may.
        moves: Into which state a correction takes them, where what was signed is to be signed anew.
        clears: What is then blank again.
        proposed_by, agreed_by: Fields that name who must propose, and who must agree.
    """

    states: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    moves: Mapping[str, str] = field(default_factory=dict)
    clears: str = ""
    proposed_by: str = ""
    agreed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correcting:
    """How the records of a kind are put right.

    Args:
        kind: The kind.
        closed: The fields that stay as they are, by the reason why.
        check: What else must hold; handed the record, the filing and the names of the fields that change; may change more.
        by: Fields each of which must name the person who puts the record right.
        states: The states in which it is put right; in any, if empty. In others it was signed or decided.
        by_two: How it is corrected in other states.
        aside: Fields on which nothing rests: notes, and who looked after it.
        never_void: Why it is never void, though its kind could be.
        rests: What rests on it besides the records that point to it.
        rules: What must hold, besides, of every version by which one person puts the record right.
    """

    kind: type[Record]
    closed: Closed = field(default_factory=dict)
    check: Check | None = None
    by: str = ""
    states: tuple[str, ...] = ()
    by_two: ByTwo | None = None
    aside: str = ""
    never_void: Sentence | None = None
    rests: Callable[[Any], Iterable[Record]] = _nothing
    rules: tuple[Rule, ...] = ()

    @property
    def why_closed(self) -> dict[str, Why]:
        """The fields that stay as they are, each with the reason."""
        said = [*_ALWAYS_CLOSED.items(), *self.closed.items()]
        return {name: why for why, names in said for name in names.split()}

    @property
    def fields(self) -> tuple[models.Field[Any, Any], ...]:
        """The fields that can be corrected."""
        return tuple(each for each in self.kind.content_fields() if each.name not in self.why_closed)

    @property
    def may_be_void(self) -> bool:
        """Whether a record of the kind can be void."""
        return issubclass(self.kind, VoidableRecord) and self.never_void is None

    @property
    def _rules(self) -> tuple[Rule, ...]:
        return (*((actor_is(*self.by.split()),) if self.by else ()), *self.rules)

    def needs_two(self, record: Record) -> bool:
        """Whether a second person must agree, as things stand now."""
        state = getattr(record, "state", "")
        return self.by_two is not None and (not self.by_two.states or state in self.by_two.states)

    @property
    def is_corrected_alone(self) -> bool:
        """Whether one person corrects some records of the kind."""
        return bool(self.fields) and (self.by_two is None or bool(self.by_two.states))

    @property
    def change_by_two(self) -> Changes:
        """What the agreement of a second person changes."""
        assert self.by_two is not None
        clears = self.by_two.clears.split()
        names = [f.name for f in self.fields] + clears
        rules = [as_agreed(besides=[*clears, *(["state"] if self.by_two.moves else [])])]
        if self.by_two.states and not self.by_two.moves:
            rules.append(holds(state=self.by_two.states))
        if clears:
            rules.append(holds(**dict.fromkeys(clears, BLANK)))
        if self.by_two.agreed_by:
            rules.append(actor_is(self.by_two.agreed_by))
        return changes(self.kind, " ".join(names), self.by_two.moves or None, rules=rules)

    @property
    def rules_of_correcting(self) -> tuple[Rule, ...]:
        """What must hold when a record is corrected."""
        return (*self._rules, *((holds(state=self.states),) if self.states else ()))

    @property
    def rules_of_voiding(self) -> tuple[Rule, ...]:
        """What must hold when a record is made void, or is so no longer."""
        state = (holds({"voided": True}, state=self.states),) if self.states else ()
        return (*self._rules, *state, unless_pointed_at({"voided": True}))


@dataclass(frozen=True, slots=True)
class PutRight:
    """How a kind is put right, and by which acts; an act that is None there is not."""

    how: Correcting
    correct: Callable[..., None] | None
    void: Callable[..., None] | None
    agree: Callable[..., None] | None = None


_PUT_RIGHT: dict[type[Record], PutRight] = {}


def put_right(kind: type[Record]) -> PutRight | None:
    """How records of a kind are put right; None where no room says so."""
    return _all().get(kind)


def _all() -> dict[type[Record], PutRight]:
    """Of every kind, once the acts of all rooms are registered."""
    acts()
    return _PUT_RIGHT


def putting_right(
    module: str, what: str, *kinds: Correcting, roles: Iterable[str], signed: SignatureRule | None = None
) -> tuple[Callable[..., None], Callable[..., None], Callable[..., None]]:
    """The acts by which records of some kinds are put right: ``correct_<what>``, ``void_<what>``, ``agree_<what>``.

    An act that none of the kinds needs is none: nobody can file by it.

    Args:
        module: ``__name__`` of the acts of the room.
        what: What the records are, in the names of the acts.
        roles: The offices to which both are open.
        signed: How a correction is signed, if in person.
    """
    correcting = [each for each in kinds if each.fields]
    voiding = [each for each in kinds if each.may_be_void]
    for each in kinds:
        unknown = set(each.why_closed) - {f.name for f in each.kind.content_fields()} - _anywhere()
        if unknown:
            raise ImproperlyConfigured(f"{each.kind.kind()} has no field {', '.join(sorted(unknown))}")
    allowed = frozenset(str(role) for role in roles)

    def correct(record: Record, filing: Filing, *, values: Mapping[str, object]) -> None:
        """Correct fields of a record, with a reason; the older version stays readable.

        Args:
            values: What the fields shall hold, as the ledger writes it, by name.

        Raises:
            EmptyField: no reason is given.
            ClosedField: a field is not corrected; says why, and what is done in its place.
            NothingCorrected: the record says all that already.
            NotInOffice: the record is closed to the office.
            WrongState: it was signed or decided since.
            NotYours: somebody else must correct it.
            InTheFuture: a day or a moment is later than now.
            DokazError: a field may not hold that; see the rules of the act that makes such records.
        """
        how = _one_of(correcting, record)
        require_readable(record, filing)
        require_fields(record.number, sentence("say what was wrong, and how that is known"), reason=filing.reason)
        if how.needs_two(record):
            _propose(record, how, values, filing, how.by_two.roles if how.by_two and how.by_two.roles else allowed)
            return
        if how.states:
            record.must_be(*how.states)
        _must_be_whose(record, how.by, filing)
        require_as_filed(record, filing.held_before(record))
        changed = _take_over(record, how, values)
        _must_hold(record, how, filing, changed)
        filing.add(record)
        if changed - set(how.aside.split()):
            tell_rooms(record, filing)

    def void(record: Record, filing: Filing) -> None:
        """Make a record void that ought not to be there, with a reason; of one that is void, undo that.

        It keeps its number and its history, and is in no list, count, search or bundle's tables any more.

        Raises:
            EmptyField: no reason is given.
            RestedOn: other records rest on it; names them.
            WrongState: it was signed or decided since.
            NotYours: somebody else must void it.
        """
        how = _one_of(voiding, record)
        assert isinstance(record, VoidableRecord)
        require_readable(record, filing)
        require_fields(record.number, sentence("say why it is no record of its own, or is one"), reason=filing.reason)
        _must_be_whose(record, how.by, filing)
        require_as_filed(record, filing.held_before(record))
        record.voided = not record.voided
        if record.voided:
            if how.states:
                record.must_be(*how.states)
            if others := [*resting_on(record), *how.rests(record)]:
                raise RestedOn(
                    record.number, [each.number for each in others[:_NAMED]] + ["…"] * (len(others) > _NAMED)
                )
        else:
            _must_hold(record, how, filing, frozenset())
            # Dates may have been corrected meanwhile.
            must_come_in_order(record, record.content().keys())
        filing.add(record)
        tell_rooms(record, filing)

    def agree(proposed: Correction, filing: Filing) -> None:
        """Agree to a correction of what was signed or decided, which another person proposed; it is made thereby.

        Raises:
            EmptyField: it is not said what one has compared.
            WrongState: the correction was made or declined.
            ChangedMeanwhile: the record was changed after it was proposed.
            NotYours: one proposed it oneself, or somebody else must agree.
            DokazError: the record may not hold that any more.
        """
        proposed.must_be(CorrectionState.PROPOSED)
        require_fields(proposed.number, sentence("say what you have compared"), reason=filing.reason)
        kind = kind_named(proposed.of_kind)
        how = next((each for each in by_two if each.kind is kind), None)
        if kind is None or how is None or how.by_two is None:
            raise WrongKind("proposed", proposed.number, sentence("a correction of a record of this room"))
        record: Record = kind.every.get(pk=proposed.record)
        if record.entry_hash != proposed.leaf:
            raise ChangedMeanwhile(record.number, record.version - 1, record.version)
        _must_be_whose(record, how.by_two.agreed_by, filing)
        given = committed(proposed.openings)
        changed = _take_over(record, how, {name: json.loads(each.text) for name, each in given.items()})
        for name in how.by_two.clears.split():
            setattr(record, name, kind._meta.get_field(name).get_default())  # type: ignore[union-attr]
        if how.by_two.moves:
            record.state = how.by_two.moves[record.state]  # type: ignore[attr-defined]
        _must_hold(record, how, filing, changed)
        make_correction(proposed, filing)
        filing.add(record, agreed=given)
        tell_rooms(record, filing)

    by_two = [each for each in correcting if each.by_two is not None]
    made: list[Callable[..., None]] = []
    of_correct = [
        changes(each.kind, " ".join(f.name for f in each.fields), rules=each.rules_of_correcting)
        for each in correcting
        if each.is_corrected_alone
    ]
    of_void = [changes(each.kind, "voided", rules=each.rules_of_voiding) for each in voiding]
    in_two = frozenset[str]().union(*(each.by_two.roles or allowed for each in by_two if each.by_two is not None))
    for function, is_needed, past, offices, effects, how_signed in (
        (correct, bool(correcting), _("corrected"), allowed, of_correct, signed),
        (void, bool(voiding), _("voided, or undid that"), allowed, of_void, signed),
        (agree, bool(by_two), _("corrected, as two agreed"), in_two, [e.change_by_two for e in by_two], ONE_SIGNATURE),
    ):
        function.__name__ = function.__qualname__ = f"{function.__name__}_{what}"
        function.__module__ = module
        if is_needed:
            function = act(roles=offices, past=past, files=effects, signed=how_signed)(function)
        made.append(function)
    for each in kinds:
        _PUT_RIGHT[each.kind] = PutRight(
            each,
            made[0] if each in correcting else None,
            made[1] if each in voiding else None,
            made[2] if each in by_two else None,
        )
    return made[0], made[1], made[2]


def _propose(
    record: Record, how: Correcting, values: Mapping[str, object], filing: Filing, roles: Iterable[str]
) -> None:
    """Propose a correction of a record that was signed or decided, checked as if it were made now."""
    if filing.by.role not in roles or how.by_two is None:
        raise NotInOffice(record.number, Role(filing.by.role), [Role(role) for role in sorted(roles)])
    _must_be_whose(record, how.by_two.proposed_by, filing)
    draft: Record = type(record).every.get(pk=record.pk)
    changed = _take_over(draft, how, values)
    _must_hold(draft, how, filing, changed)
    content = draft.content()
    # What follows from a corrected field (a place from its points) is proposed along with it.
    before, names = record.content(), [each.name for each in how.fields]
    propose_correction(record, filing, values={name: content[name] for name in names if content[name] != before[name]})


def may_agree(proposed: Correction, role: str) -> bool:
    """Whether an office may agree to a correction, or decline it."""
    found = next((each for kind, each in _all().items() if kind.kind() == proposed.of_kind), None)
    return found is not None and found.agree is not None and role in act_named(name_of(found.agree)).roles


def staying(*kinds: Correcting) -> None:
    """Kinds of which no record is put right by a correction: ``closed`` says why of every field."""
    for each in kinds:
        if each.fields or each.may_be_void:
            raise ImproperlyConfigured(f"{each.kind.kind()} does not stay as it is: it has open fields, or may be void")
        _PUT_RIGHT[each.kind] = PutRight(each, None, None)


# Of what rests on a record, as many numbers as one can read.
_NAMED = 8


def resting_on(record: Record) -> list[Record]:
    """The records that are not void and point to a record, and what of it is on its way to somebody."""
    found: list[Record] = []
    for kind in record_kinds():
        for link in links_of(kind):
            if link.related_model is type(record):
                found += kind.objects.filter(**{link.name: record}).order_by("number")
        for name, of in kind.listed.items():
            if of is type(record):
                found += [one for one in kind.objects.order_by("number") if str(record.pk) in getattr(one, name)]
    if isinstance(record, CustodyItem):
        waiting = Transfer.objects.filter(state=TransferState.HANDED_OVER).order_by("number")
        found += [one for one in waiting if any(thing["id"] == str(record.pk) for thing in one.things)]
    return found


def put_right_since(entries: int, kinds: Iterable[type[Record]] = ()) -> list[Record]:
    """The records that were corrected, made void or restored since the ledger held so many entries.

    Args:
        kinds: Of these kinds only; of all, if none is given.
    """
    names = [name_of(act) for each in _all().values() for act in (each.correct, each.void) if act is not None]
    wanted = {kind.kind(): kind for kind in kinds or record_kinds()}
    filed = JournalEntry.objects.filter(act__in=names, kind__in=list(wanted), index__gte=entries).order_by("index")
    found = dict.fromkeys(filed.values_list("kind", "record"))
    return [wanted[kind].every.get(pk=record) for kind, record in found]


def tell_rooms(record: Record, filing: Filing) -> None:
    """Let every room do what it does when something was put right: what rested on it is reopened."""
    for room in rooms():
        if room.corrected is not None:
            room.corrected(record, filing)


def _anywhere() -> set[str]:
    return {name for names in _ALWAYS_CLOSED.values() for name in names.split()}


def _one_of(kinds: Iterable[Correcting], record: Record) -> Correcting:
    found = next((each for each in kinds if isinstance(record, each.kind)), None)
    if found is None:
        raise WrongKind("record", record.number, ", ".join(str(each.kind._meta.verbose_name) for each in kinds))
    return found


def _must_be_whose(record: Record, names: str, filing: Filing) -> None:
    for name in names.split():
        if getattr(record, f"{name}_id") != filing.by.person:
            who = getattr(record, name)
            raise NotYours(
                record.number,
                sentence("it is the word of {name}", name=who.name if who is not None else "–"),
                sentence("let that person put it right"),
            )


def _take_over(record: Record, how: Correcting, values: Mapping[str, object]) -> frozenset[str]:
    """Write values into a record, each into a field that can be corrected.

    Returns: The names of the fields that change.

    Raises:
        ClosedField, NothingCorrected, WrongKind, NoSuchRecord: as ``correct`` says.
    """
    open_fields = {each.name: each for each in how.fields}
    before = record.content()
    for name, value in values.items():
        if name not in open_fields:
            why = how.why_closed.get(name)
            if why is None:
                raise WrongKind("values", name, sentence("the name of a field of this record"))
            raise ClosedField(record.number, name, why.words, why.advice)
        declared = open_fields[name]
        kept = as_kept(value, declared)
        _must_be_possible(declared, kept)
        setattr(record, declared.attname, kept)
    changed = frozenset(name for name, value in record.content().items() if value != before[name])
    if not changed:
        raise NothingCorrected(record.number)
    return changed


def _must_be_possible(declared: models.Field[Any, Any], value: Any) -> None:
    """Refuse what no record can say: a list for a mapping, a year of another age, a record that there is not."""
    if isinstance(value, dt.date) and value.year not in YEARS:
        raise WrongKind(declared.name, value, sentence("a date from {first} to {last}", first=YEARS[0], last=YEARS[-1]))
    if isinstance(declared, models.JSONField):
        wanted = {list: sentence("a list"), dict: sentence("names with their values")}.get(declared.default)
        if wanted is not None and not isinstance(value, declared.default):
            raise WrongKind(declared.name, value, wanted)
    if value is not None and isinstance(declared, models.ForeignKey):
        of: Any = declared.related_model
        if not of.objects.filter(pk=value).exists():
            raise NoSuchRecord(str(of._meta.verbose_name), str(value))


def _must_hold(record: Record, how: Correcting, filing: Filing, changed: frozenset[str]) -> None:
    record.settle()
    record.must_fit()
    for each in how.fields:
        if isinstance(each, models.DateField):
            refuse_future(record.number, filing, **{each.name: getattr(record, each.attname)})
    must_come_in_order(record, changed)
    if how.check is not None:
        how.check(record, filing, changed)
