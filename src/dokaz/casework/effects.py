"""What an act may file: which kinds of records, born in which states, changed in which fields, under which rules.

These values are the constitution of a log (``casework.constitution``): they stand in the log itself, as data, and the
verifier interprets them. A filing refuses whatever the act that runs did not declare. What the rules mean is specified in
docs/ledger-format.md, "Rules between records".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dokaz.casework.records import Record

#: A rule as the constitution holds it.
Rule = dict[str, Any]

#: In a condition: not null, not empty; null or empty.
STATED, BLANK = "stated", "blank"


@dataclass(frozen=True, slots=True)
class Makes:
    """An act files new records of a kind.

    Args:
        kind: The kind, or an abstract one: then every kind that is derived from it.
        states: In which a record may be born, where its kind has states.
        blank: Fields that hold their default at birth, because later acts state them.
        rules: What must hold for the record, and for those that it points to.
    """

    kind: type[Record]
    states: frozenset[str]
    blank: frozenset[str]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """An act files later versions of records of a kind.

    Args:
        fields: Which fields may differ from the version before; ``reason`` always may.
        moves: From which states to which; a state that is not named may not be left, and is not reached.
    """

    kind: type[Record]
    fields: frozenset[str]
    moves: tuple[tuple[str, frozenset[str]], ...]
    rules: tuple[Rule, ...]


Effect = Makes | Changes
Conditions = Mapping[str, Any]


def makes(
    kind: type[Record], states: str | Iterable[str] = (), *, blank: str = "", rules: Iterable[Rule] = ()
) -> Makes:
    """An act files new records: ``makes(Decision, DecisionState.BEFORE_BOARD, blank="decided_on revoked_on")``."""
    return Makes(kind, _names(states), frozenset(blank.split()), tuple(rules))


def changes(
    kind: type[Any],
    fields: str,
    moves: Mapping[str, str | Iterable[str]] | None = None,
    *,
    rules: Iterable[Rule] = (),
) -> Changes:
    """An act changes records: ``changes(Review, "closed_on outcome")``; ``moves`` implies that ``state`` changes."""
    named = {str(before): _names(after) for before, after in (moves or {}).items()}
    held = frozenset(fields.split()) | (frozenset({"state"}) if named else frozenset())
    return Changes(kind, held, tuple(sorted(named.items())), tuple(rules))


def _names(states: str | Iterable[str]) -> frozenset[str]:
    return frozenset({str(states)} if isinstance(states, str) else map(str, states))


def _conditions(given: Conditions) -> dict[str, Any]:
    """Each field with the values that it may hold, ``STATED`` or ``BLANK``."""
    return {
        name: value if value in (STATED, BLANK) else sorted(value, key=repr) if _is_many(value) else [value]
        for name, value in given.items()
    }


def _is_many(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset)


def _rule(name: str, when: Conditions | None, **parts: Any) -> Rule:
    return {"rule": name, **parts, **({"when": _conditions(when)} if when else {})}


def holds(when: Conditions | None = None, /, **fields: Any) -> Rule:
    """The version itself: ``holds(withdrawn=True)``."""
    return _rule("holds", when, where=_conditions(fields))


def held(when: Conditions | None = None, /, **fields: Any) -> Rule:
    """The version before it: ``held(withdrawn=False)``."""
    return _rule("held", when, where=_conditions(fields))


def actor_is(*fields: str, when: Conditions | None = None) -> Rule:
    """Each of the fields names the person who acts."""
    return _rule("actor_is", when, fields=list(fields))


def actor_is_not(*fields: str) -> Rule:
    """None of the fields names the person who acts."""
    return _rule("actor_is_not", None, fields=list(fields))


def restores(field: str) -> Rule:
    """The field goes back to what it held before it took its present value."""
    return _rule("restores", None, field=field)


def refers(field: str, when: Conditions | None = None, /, *, if_shown: bool = False, **fields: Any) -> Rule:
    """The record to which a field points, as it stands when this one is filed; a field that is null points to nothing.

    Args:
        field: Or a path: ``comparisons.profile`` leads from each listed comparison to its profile.
        if_shown: A bundle that shows a part of the log may leave that record out.
    """
    return _rule("refers", when, field=field, if_shown=if_shown, where=_conditions(fields))


def agrees(field: str, **fields: str) -> Rule:
    """Fields say what those of the record say to which ``field`` points: ``agrees("decision", unit="recovery_unit")``.

    The field may be a path, as in ``refers``.
    """
    return _rule("agrees", None, field=field, same=dict(sorted(fields.items())))


def agreed(field: str, **fields: str) -> Rule:
    """In the version before, fields said what those of the record say to which ``field`` points now."""
    return _rule("agreed", None, field=field, same=dict(sorted(fields.items())))


def not_before(field: str) -> Rule:
    """The field holds what no earlier version of this record held in it."""
    return _rule("not_before", None, field=field)


def erases(field: str) -> Rule:
    """Each row of the field names a field of a version that was filed before, by its digest, and that may be erased."""
    return _rule("erases", None, field=field)


def filed_with(field: str) -> Rule:
    """The files of the entry are just those whose hashes the field names: one, or a list of values with ``sha256``."""
    return _rule("filed_with", None, field=field)


def listed(field: str, *, within: str) -> Rule:
    """The record is one of those that are listed in ``within`` by the record to which ``field`` points."""
    return _rule("listed", None, field=field, within=within)


def each_held_by(field: str, *, by: str) -> Rule:
    """The thing to which ``field`` points, or every thing that it lists, is held by the person whom ``by`` names."""
    return _rule("each_held_by", None, field=field, by=by)


def part_of(acts: str, *, field: str, kind: str = "", if_shown: bool = False) -> Rule:
    """Filed together with the record to which ``field`` points, and which one of ``acts`` files in the same filing.

    Args:
        acts: By name, divided by spaces.
        kind: Then that record is of this kind, as ``room.Kind``, and it points here by its ``field``.
        if_shown: A bundle that shows a part of the log may leave that record out.
    """
    return _rule("part_of", None, acts=acts.split(), field=field, kind=kind, if_shown=if_shown)


def carried_out(field: str, *, by: str) -> Rule:
    """In the same filing, ``by`` files a version of the record to which ``field`` points, or of each that it lists."""
    return _rule("carried_out", None, field=field, act=by)


def only_one_lists(field: str, when: Conditions | None = None, /, **fields: Any) -> Rule:
    """No other record of this kind that lists one of the same things in ``field`` fulfils the conditions."""
    return _rule("only_one_lists", when, field=field, where=_conditions(fields))


def out_of_office(*fields: str) -> Rule:
    """Whoever is named in the fields holds no office any more."""
    return _rule("out_of_office", None, fields=list(fields))


def cites(field: str, *, filed_by: str, newest: bool, same: str, some: Iterable[Conditions] = ()) -> Rule:
    """The records that ``field`` lists are different, and each was filed by an act, and is about the same things.

    Args:
        newest: Their newest version is the one that was filed by it.
        same: Fields that are equal in this record and in each of those.
        some: One of those fulfils all conditions of one of these; a name that begins with ``own_`` is this record's.
    """
    return _rule("cites", None, field=field, filed_by=filed_by, newest=newest, same=same.split(),
                 some=[_conditions(each) for each in some])  # fmt: skip


def independent(field: str, *, filed_by: str) -> Rule:
    """One of those who sign this act, or whoever acts, signed none of the records to which ``field`` points."""
    return _rule("independent", None, field=field, filed_by=filed_by)


def signed_in(field: str, offices: Mapping[Any, str]) -> Rule:
    """Everybody who signs is in the office that belongs to the value of ``field``."""
    return _rule("signed_in", None, field=field, offices={str(k): str(v) for k, v in sorted(offices.items())})


def exists(kind: str, field: str, when: Conditions | None = None, /, *, if_shown: bool = False, **fields: Any) -> Rule:
    """A record of another kind, as ``room.Kind``, points to this one by ``field``, and fulfils the conditions.

    Args:
        if_shown: A bundle that shows a part of the log may leave that record out.
    """
    return _rule("exists", when, kind=kind, field=field, if_shown=if_shown, where=_conditions(fields))


def unless_pointed_at(when: Conditions | None = None, /, *, kind: str = "", **fields: Any) -> Rule:
    """No record that is not void points to this one, or lists it; of one kind, as ``room.Kind``, if it is named."""
    return _rule("unless_pointed_at", when, kind=kind, where=_conditions(fields))


def as_agreed(*, besides: Iterable[str] = (), when: Conditions | None = None) -> Rule:
    """What differs from the version before is what one person proposed and another agreed to, and nothing else.

    Args:
        besides: Fields that follow from it.
    """
    return _rule("as_agreed", when, kind="casework.Correction", besides=sorted(besides))


def another(when: Conditions | None = None, /, **fields: Any) -> Rule:
    """Another record of this kind fulfils the conditions."""
    return _rule("another", when, where=_conditions(fields))


def only_one(same: str, when: Conditions | None = None, /, **fields: Any) -> Rule:
    """No other record of this kind that says the same in ``same`` fulfils the conditions."""
    return _rule("only_one", when, same=same.split(), where=_conditions(fields))


def none(kind: str, same: str, when: Conditions | None = None, /, **fields: Any) -> Rule:
    """No record of another kind, as ``room.Kind``, that says the same in ``same`` fulfils the conditions."""
    return _rule("none", when, kind=kind, same=same.split(), where=_conditions(fields))
