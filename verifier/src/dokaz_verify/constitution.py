"""The constitution of a log: which kinds of records, acts and rules there are, as the log itself states them.

It is data, filed when the log was founded, and every entry is held against it: what it does not allow is invalid. Its shape
is specified in docs/ledger-format.md, "The constitution". Whoever runs a system could found a log with lax rules of their
own; therefore the constitution that Dokaz itself files is part of this program (``standard.json``), and a log that takes a
rule of it away, or changes one, is told so and does not verify.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from dokaz_verify import canonical
from dokaz_verify.canonical import Malformed
from dokaz_verify.manifest import is_count, is_list, is_list_of_text, is_object, is_string, is_time, is_uuid, members

KIND = "casework.Constitution"
STATED, BLANK = "stated", "blank"

# What a value may be, where its type alone says it.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
# Control characters but tab and line ends, and characters that turn the direction of writing or have no width.
_MARKS = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
_TYPES: dict[str, Any] = {
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, str) and bool(_DATE.fullmatch(value)) and is_time(f"{value}T00:00:00Z"),
    "decimal": lambda value: isinstance(value, str) and bool(_DECIMAL.fullmatch(value)),
    "integer": lambda value: type(value) is int,
    "json": lambda value: value is not None,
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "record": is_uuid,
    "records": lambda value: isinstance(value, list) and all(map(is_uuid, value)) and len(set(value)) == len(value),
    "text": lambda value: isinstance(value, str),
    "things": lambda value: isinstance(value, list) and all(map(_is_thing, value)),
    "time": is_time,
    "uuid": is_uuid,
}

# The rules that ``rules`` interprets, each with the members that it has besides ``rule`` and ``when``.
RULES: dict[str, frozenset[str]] = {
    name: frozenset(parts.split())
    for name, parts in {
        "actor_is": "fields",
        "actor_is_not": "fields",
        "agreed": "field same",
        "agrees": "field same",
        "another": "where",
        "as_agreed": "besides kind",
        "carried_out": "field act",
        "cites": "field filed_by newest same some",
        "each_held_by": "field by",
        "erases": "field",
        "exists": "kind field if_shown where",
        "filed_with": "field",
        "held": "where",
        "holds": "where",
        "independent": "field filed_by",
        "listed": "field within",
        "none": "kind same where",
        "not_before": "field",
        "only_one": "same where",
        "only_one_lists": "field where",
        "out_of_office": "fields",
        "part_of": "acts field kind if_shown",
        "refers": "field if_shown where",
        "restores": "field",
        "signed_in": "field offices",
        "unless_pointed_at": "kind where",
    }.items()
}


def _is_thing(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"id", "kind", "number"}
        and is_uuid(value["id"])
        and all(isinstance(value[name], str) for name in ("kind", "number"))
    )


@dataclass(frozen=True)
class Constitution:
    """What may stand in a log.

    Args:
        acts: By name: ``assents``, ``files``, ``offices``, ``signed_by``.
        kinds: By name: ``fields`` and ``open``.
        digest: SHA-256 of its canonical JSON, hex.
    """

    acts: dict[str, Any]
    kinds: dict[str, Any]
    digest: str
    _open: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, value: Any) -> Constitution:
        """A constitution from the value of its canonical JSON.

        Raises:
            Malformed: it is not of the form that docs/ledger-format.md demands, or names a rule that this program does
                not know.
        """
        top = members(value, acts=is_object, kinds=is_object, v=lambda found: type(found) is int and found == 2)
        for name, kind in top["kinds"].items():
            members(kind, fields=is_object, open=is_list_of_text)
            for called, said in kind["fields"].items():
                _must_be_type(f"{name}.{called}", said)
        for name, act in top["acts"].items():
            members(act, assents=is_count, files=is_object, offices=is_list_of_text,
                    signed_by=lambda found: found in ("person", "session"))  # fmt: skip
            for kind, effects in act["files"].items():
                if kind not in top["kinds"] or not isinstance(effects, dict):
                    raise Malformed("member-wrong", f"{name}.{kind}")
                for sort, effect in effects.items():
                    _must_be_effect(f"{name}.{kind}", sort, effect)
        return cls(top["acts"], top["kinds"], sha256(canonical.write(value)).hexdigest())

    def effect(self, act: str, kind: str, version: int) -> dict[str, Any] | None:
        """What an act may file of a kind: its first version, or a later one; ``None``: nothing."""
        files = self.acts.get(act, {}).get("files", {})
        found: dict[str, Any] | None = files.get(kind, {}).get("new" if version == 1 else "change")
        return found

    def open_fields(self, kind: str) -> frozenset[str]:
        """The fields of a kind that are always shown."""
        if kind not in self._open:
            self._open[kind] = frozenset(self.kinds.get(kind, {}).get("open", ()))
        return self._open[kind]

    def holds(self, kind: str, field: str, value: Any) -> bool:
        """Whether a field of a kind may hold a value."""
        said = self.kinds[kind]["fields"][field]
        if value is None:
            return bool(said.get("null", False))
        if said["type"] == "choice":
            return is_one_of(value, said["values"])
        return bool(_TYPES[said["type"]](value)) and looks_as_it_is(value)


def looks_as_it_is(value: Any) -> bool:
    """Whether no text in a value, at any depth, holds a mark that makes it look like another."""
    level = [value]
    while level and not any(_MARKS.search(each) for each in level if isinstance(each, str)):
        nested = [each for each in level if isinstance(each, (dict, list))]
        level = [inner for each in nested for inner in (*each, *(each.values() if isinstance(each, dict) else ()))]
    return not level


def same(one: Any, other: Any) -> bool:
    """Whether two values are one and the same, each with its type: ``true`` is not 1, at any depth."""
    is_nested = isinstance(one, (list, dict))
    return (
        type(one) is type(other) and one == other and (not is_nested or canonical.write(one) == canonical.write(other))
    )


def is_one_of(value: Any, values: list[Any]) -> bool:
    """Whether a value is among others."""
    return value in values if isinstance(value, str) else any(same(value, each) for each in values)


def fulfils(value: Any, condition: Any) -> bool:
    """Whether a value fulfils a condition: a list of values, ``stated`` or ``blank``."""
    is_blank = value is None or value == "" or value == [] or value == {}
    if condition == STATED:
        return not is_blank
    return is_blank if condition == BLANK else is_one_of(value, condition)


# --- its form ----------------------------------------------------------------------------------------------------------


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _are_named(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _are_conditions(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, list) or each in (STATED, BLANK) for each in value.values())


_PARTS_OF_RULES: dict[str, Any] = {
    "besides": is_list_of_text,
    "act": is_string,
    "acts": is_list_of_text,
    "by": is_string,
    "field": is_string,
    "fields": is_list_of_text,
    "filed_by": is_string,
    "if_shown": _is_flag,
    "kind": is_string,
    "newest": _is_flag,
    "offices": _are_named,
    "rule": is_string,
    "same": lambda value: is_list_of_text(value) or _are_named(value),
    "some": lambda value: isinstance(value, list) and all(map(_are_conditions, value)),
    "when": _are_conditions,
    "where": _are_conditions,
    "within": is_string,
}


def _must_be_type(name: str, said: Any) -> None:
    own = {"choice": ("values", is_list), "decimal": ("decimals", is_count), "record": ("kind", is_string),
           "records": ("kind", is_string)}  # fmt: skip
    kind = said.get("type") if isinstance(said, dict) else None
    if not isinstance(kind, str) or kind not in {*_TYPES, "choice"}:
        raise Malformed("member-wrong", name)
    tests: dict[str, Any] = {"type": is_string, **dict([own[kind]] if kind in own else [])}
    optional = {"null": _is_flag, "default": lambda _: True}
    members(said, **tests, **{each: test for each, test in optional.items() if each in said})


def _must_be_effect(name: str, sort: str, effect: Any) -> None:
    moves = lambda value: isinstance(value, dict) and all(map(is_list_of_text, value.values()))  # noqa: E731
    if sort == "new":
        members(effect, blank=is_list_of_text, rules=is_list, states=is_list_of_text)
    elif sort == "change":
        members(effect, fields=is_list_of_text, moves=moves, rules=is_list)
    else:
        raise Malformed("member-wrong", name)
    for rule in effect["rules"]:
        called = rule.get("rule") if isinstance(rule, dict) else None
        known = RULES.get(called) if isinstance(called, str) else None
        if known is None or rule.keys() - {"rule", "when"} != known:
            raise Malformed("rule-unknown", str(rule)[:60])
        members(rule, **{part: _PARTS_OF_RULES[part] for part in rule})
        if _are_named(rule.get("same", [])) != (called in ("agreed", "agrees")):
            raise Malformed("member-wrong", f"{name}.same")


def read(value: Any) -> Constitution:
    """A constitution from its value; the standard one is known by its hash, and not looked through again.

    Raises:
        Malformed: as ``Constitution.of``.
    """
    is_known = sha256(canonical.write(value)).hexdigest() == standard().digest
    return standard() if is_known else Constitution.of(value)


@cache
def standard() -> Constitution:
    """The constitution that this version of Dokaz files."""
    return Constitution.of(canonical.read(Path(__file__).with_name("standard.json").read_bytes()))


@dataclass(frozen=True)
class Comparison:
    """How a constitution differs from the standard one: what was added to it, and what of it was changed or taken away."""

    added: tuple[str, ...]
    changed: tuple[str, ...]


def compare(found: Constitution, due: Constitution) -> Comparison:
    """Hold a constitution against the standard one.

    A new room adds kinds, and acts that file these kinds only: nothing of the standard weighs less for it. Everything else
    is a change: a kind or an act of the standard that is missing or says something else, an added act that files a kind of
    the standard.
    """
    if found.digest == due.digest:
        return Comparison((), ())
    new_kinds = found.kinds.keys() - due.kinds.keys()
    new_acts = found.acts.keys() - due.acts.keys()
    changed = {
        name
        for name, kind in due.kinds.items()
        if name not in found.kinds
        or not same(found.kinds[name]["fields"], kind["fields"])
        or not set(kind["open"]) <= set(found.kinds[name]["open"])
    }
    changed |= {
        name
        for name, act in due.acts.items()
        if name not in found.acts or not same(_without(found.acts[name], new_kinds), act)
    }
    changed |= {name for name in new_acts if set(found.acts[name]["files"]) - new_kinds}
    return Comparison(tuple(sorted((new_kinds | new_acts) - changed)), tuple(sorted(changed)))


def _without(act: dict[str, Any], kinds: set[str]) -> dict[str, Any]:
    return {**act, "files": {name: effects for name, effects in act["files"].items() if name not in kinds}}
