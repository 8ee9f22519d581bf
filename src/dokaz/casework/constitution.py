"""The constitution of a log: what may stand in it, as data, made from what the rooms declare.

It is filed when an investigation is founded, so that a verifier checks a room that it never heard of by the rules that the
log itself states. Its shape is specified in docs/ledger-format.md, "The constitution".
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from dokaz.casework.effects import Changes, Makes, Rule
from dokaz.casework.records import Record, VoidableRecord, record_kinds
from dokaz.casework.registry import Act, acts
from dokaz.casework.roles import Over
from dokaz.casework.values import to_json
from dokaz.ledger import canonical

#: Kinds of whose records nothing is ever withheld: they say who may act, what was agreed to, and by which rules.
WHOLLY_OPEN = (
    "casework.Constitution", "casework.CheckpointKey", "casework.Key", "casework.Office", "casework.SessionKey",
    "casework.Assent", "casework.ErasureOrder",
)  # fmt: skip


@functools.cache
def constitution() -> dict[str, Any]:
    """Kinds with their fields, and acts with what they file, by name.

    Raises:
        ImproperlyConfigured: a declaration names a field or a state that there is not.
    """
    declared = {name: _act(each) for name, each in sorted(acts().items())}
    kinds: dict[str, dict[str, Any]] = {kind.kind(): {"fields": _fields(kind)} for kind in record_kinds()}
    needed = _fields_that_rules_read(declared, kinds)
    for name, kind in kinds.items():
        kind["open"] = sorted(kind["fields"] if name in WHOLLY_OPEN else needed[name])
    return {"acts": declared, "kinds": kinds, "v": 2}


@functools.cache
def constitution_hash() -> str:
    """SHA-256 of the canonical JSON of the constitution, in hex."""
    return hashlib.sha256(canonical(constitution())).hexdigest()


def always_open() -> dict[str, frozenset[str]]:
    """The fields of each kind that no bundle may withhold, because rules read them."""
    return {name: frozenset(kind["open"]) for name, kind in constitution()["kinds"].items() if kind["open"]}


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Which kinds and acts two constitutions have not in common: ``+`` new, ``-`` gone, ``~`` changed."""
    found = []
    for sort in ("kinds", "acts"):
        before, after = old[sort], new[sort]
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                found.append(f"{'+' if name not in before else '-' if name not in after else '~'} {name}")
    return found


def blank_at_birth(act: str, kind: str) -> frozenset[str]:
    """The fields that hold their default in a record of a kind that an act makes; none where it makes none."""
    effects = constitution()["acts"].get(act, {}).get("files", {}).get(kind, {})
    return frozenset(effects.get("new", {}).get("blank", ()))


# --- kinds -----------------------------------------------------------------------------------------------------------


def _fields(kind: type[Record]) -> dict[str, Any]:
    return {field.name: _field(kind, field) for field in sorted(kind.content_fields(), key=lambda each: each.name)}


def _field(kind: type[Record], field: models.Field[Any, Any]) -> dict[str, Any]:
    """The type of a field, and what it holds where nothing was stated."""
    said: dict[str, Any] = {"type": _type(kind, field)}
    if field.name in kind.listed:
        of = kind.listed[field.name]
        said = {"type": "records", "kind": of.kind()} if of is not None else {"type": "things"}
    elif field.choices:
        blank = [""] if field.blank and isinstance(field, models.CharField) else []
        said = {"type": "choice", "values": [*(value for value, _label in field.flatchoices), *blank]}
    elif isinstance(field, models.ForeignKey):
        said = {"type": "record", "kind": cast("type[Record]", field.related_model).kind()}
    elif isinstance(field, models.DecimalField):
        said["decimals"] = field.decimal_places
    if field.null:
        said["null"] = True
    if field.has_default() or field.null:
        said["default"] = to_json(field.get_default(), field)
    return said


# The first that fits counts: a whole number is no Boolean, a moment no day.
_TYPES: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.ForeignKey, "record"),
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.DecimalField, "decimal"),
    (models.DateTimeField, "time"),
    (models.DateField, "date"),
    (models.UUIDField, "uuid"),
    (models.CharField, "text"),
    (models.TextField, "text"),
)


def _type(kind: type[Record], field: models.Field[Any, Any]) -> str:
    if isinstance(field, models.JSONField):
        return {list: "list", dict: "object"}.get(field.default, "json")
    found = next((name for of, name in _TYPES if isinstance(field, of)), None)
    if found is None:
        raise ImproperlyConfigured(f"{kind.kind()}.{field.name}: the ledger has no type for {type(field).__name__}")
    return found


# --- acts ------------------------------------------------------------------------------------------------------------


def _act(declared: Act) -> dict[str, Any]:
    files: dict[str, Any] = {}
    for effect in declared.files:
        kinds = [kind for kind in record_kinds() if issubclass(kind, effect.kind)]
        for kind in kinds:
            sort = "new" if isinstance(effect, Makes) else "change"
            if sort in files.setdefault(kind.kind(), {}):
                raise ImproperlyConfigured(f"{declared.name} declares twice what it files of {kind.kind()}")
            files[kind.kind()][sort] = (
                _new(declared, kind, effect) if isinstance(effect, Makes) else _change(declared, kind, effect)
            )
    rule = declared.signing
    return {
        "assents": rule.count if rule is not None and rule.over is Over.ASSENT else 0,
        "files": files,
        "offices": sorted(declared.roles),
        "signed_by": "person" if rule is not None else "session",
    }


def _new(declared: Act, kind: type[Record], effect: Makes) -> dict[str, Any]:
    _must_be_fields(declared, kind, effect.blank)
    _must_be_states(declared, kind, effect.states)
    if kind.states is not None and not effect.states:
        raise ImproperlyConfigured(f"{declared.name} does not say in which state a {kind.kind()} is born")
    # Nothing is born void.
    blank = effect.blank | ({"voided"} if issubclass(kind, VoidableRecord) else set())
    return {"blank": sorted(blank), "rules": list(effect.rules), "states": sorted(effect.states)}


def _change(declared: Act, kind: type[Record], effect: Changes) -> dict[str, Any]:
    _must_be_fields(declared, kind, effect.fields)
    moves = dict(effect.moves)
    _must_be_states(declared, kind, {*moves, *(state for after in moves.values() for state in after)})
    return {
        "fields": sorted({*effect.fields, "reason"}),
        "moves": {before: sorted(after) for before, after in moves.items()},
        "rules": list(effect.rules),
    }


def _must_be_fields(declared: Act, kind: type[Record], names: Iterable[str]) -> None:
    unknown = set(names) - {field.name for field in kind.content_fields()}
    if unknown:
        raise ImproperlyConfigured(f"{declared.name}: {kind.kind()} has no field {', '.join(sorted(unknown))}")


def _must_be_states(declared: Act, kind: type[Record], states: Iterable[str]) -> None:
    unknown = set(states) - set(kind.states.values if kind.states else ())
    if unknown:
        raise ImproperlyConfigured(f"{declared.name}: {kind.kind()} has no state {', '.join(sorted(unknown))}")


# --- what rules read -------------------------------------------------------------------------------------------------


def _fields_that_rules_read(acts: dict[str, Any], kinds: dict[str, Any]) -> dict[str, set[str]]:
    """For each kind the fields that some rule reads, in a record of its own or in one to which another points."""
    needed: dict[str, set[str]] = {name: {"state", "voided"} & set(kind["fields"]) for name, kind in kinds.items()}
    for name, act in acts.items():
        for kind, effects in act["files"].items():
            for effect in effects.values():
                for rule in effect["rules"]:
                    for of, field in _reads(rule, kind, kinds):
                        if field not in kinds[of]["fields"]:
                            raise ImproperlyConfigured(f"{name}: a rule reads {of}.{field}, which there is not")
                        needed[of].add(field)
    return needed


def _reads(rule: Rule, kind: str, kinds: dict[str, Any]) -> Iterator[tuple[str, str]]:
    field, where = rule.get("field", ""), rule.get("where", {})
    yield from ((kind, name) for name in rule.get("when", {}))
    match rule["rule"]:
        case "holds" | "held" | "another":
            yield from ((kind, name) for name in where)
        case "actor_is" | "actor_is_not" | "out_of_office":
            yield from ((kind, name) for name in rule["fields"])
        case "unless_pointed_at":
            yield from ((rule["kind"], name) for name in where)
        case "as_agreed":
            yield from ((rule["kind"], name) for name in ("leaf", "digests"))
        case "only_one_lists":
            yield from ((kind, name) for name in (field, *where))
        case "only_one":
            yield from ((kind, name) for name in (*rule["same"], *where))
        case "exists":
            yield from ((rule["kind"], name) for name in (field, *where))
        case "part_of":
            yield rule["kind"] or kind, field
        case "none":
            yield from ((of, name) for of in (kind, rule["kind"]) for name in rule["same"])
            yield from ((rule["kind"], name) for name in where)
        case _:
            *way, last = field.split(".")
            of = kind
            for step in way:
                yield of, step
                of = _target(of, step, kinds)
            yield of, last
            yield from _reads_beyond(rule, kind, _target(of, last, kinds), kinds)


def _target(kind: str, field: str, kinds: dict[str, Any]) -> str:
    """The kind to which a field points; empty where it points to none, or to several."""
    return str(kinds[kind]["fields"].get(field, {}).get("kind", "")) if kind in kinds else ""


def _reads_beyond(rule: Rule, kind: str, target: str, kinds: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a rule reads of the records to which a field points."""
    match rule["rule"]:
        case "refers":
            yield from ((target, name) for name in rule["where"])
        case "agrees" | "agreed":
            yield from ((kind, name) for name in rule["same"])
            yield from ((target, name) for name in rule["same"].values())
        case "listed":
            yield target, rule["within"]
        case "each_held_by":
            yield kind, rule["by"]
            # What a list of things says of each is compared with the thing itself.
            yield from ((name, read) for name, each in kinds.items() if "holder" in each["fields"]
                        for read in ("holder", "number"))  # fmt: skip
        case "cites":
            yield from ((of, name) for of in (kind, target) for name in rule["same"])
            for condition in rule["some"]:
                yield from (
                    (kind, name.removeprefix("own_")) if name.startswith("own_") else (target, name)
                    for name in condition
                )
