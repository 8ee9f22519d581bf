"""Checks what an act is handed: values of the kinds that its signature states, records that are filed, readable text.

Every act is checked in the same way, by its annotations, before it runs; so a rule in an act may rely on them. What a
value means, and whether it may be so, is for the act.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import types
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from dokaz.casework.records import Record
from dokaz.errors import Sentence, TextTooLong, UnreadableCharacter, WrongKind, sentence
from dokaz.exchange.reading.encodings import UNREADABLE
from dokaz.vault import Readable

MOST_CHARACTERS = 50_000
# No person of an investigation was born before the first; a year after the last is a slip.
YEARS = range(1850, 2201)

# How deep lists and mappings may lie in each other.
_DEEPEST = 8

Filed = Callable[[Record], None]


@functools.cache
def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The kinds that a signature states, by the name of the parameter."""
    return {name: kind for name, kind in get_type_hints(function).items() if name not in ("return", "filing")}


def check_arguments(function: Callable[..., Any], arguments: Mapping[str, object], filed: Filed) -> None:
    """Refuse arguments of another kind than the signature of an act states.

    Args:
        arguments: By the name of the parameter.
        filed: Refuses a record that is not the newest version in this store.

    Raises:
        WrongKind: a value is of another kind: text for a number, a moment without a zone, a mapping without a key.
        TextTooLong, UnreadableCharacter: a text, at whatever depth, that nobody could read.
    """
    for name, kind in hints_of(function).items():
        if name in arguments:
            _check(name, arguments[name], kind, filed, 0)


def check_text(name: str, text: str) -> None:
    """Refuse a text that is too long, or that does not look like what it holds.

    Raises:
        TextTooLong: more than ``MOST_CHARACTERS``.
        UnreadableCharacter: a control character, or one that turns the direction of writing or has no width.
    """
    if len(text) > MOST_CHARACTERS:
        raise TextTooLong(name, len(text), MOST_CHARACTERS)
    if (found := UNREADABLE.search(text)) is not None:
        raise UnreadableCharacter(name, f"U+{ord(found[0]):04X}")


def _check(name: str, value: object, kind: Any, filed: Filed, depth: int) -> None:
    origin, inner = get_origin(kind), get_args(kind)
    if depth > _DEEPEST:
        raise WrongKind(name, "…", sentence("at most {levels} levels deep", levels=_DEEPEST))
    if origin in (Union, types.UnionType):
        _check_union(name, value, inner, filed, depth)
    elif kind is Any or kind is object:
        _check(name, value, _kind_of(name, value), filed, depth)
    elif origin is tuple and inner[-1] is not Ellipsis:
        if not isinstance(value, tuple | list) or len(value) != len(inner):
            raise WrongKind(name, value, sentence("{count} values", count=len(inner)))
        for one, of in zip(value, inner, strict=True):
            _check(name, one, of, filed, depth + 1)
    elif origin in (Sequence, list, tuple):
        if not isinstance(value, tuple | list):
            raise WrongKind(name, value, sentence("a list"))
        for one in value:
            _check(name, one, inner[0], filed, depth + 1)
    elif origin in (Mapping, dict):
        if not isinstance(value, Mapping):
            raise WrongKind(name, value, sentence("names with their values"))
        for key, one in value.items():
            _check(name, key, inner[0], filed, depth + 1)
            _check(str(key), one, inner[1], filed, depth + 1)
    elif is_typeddict(kind):
        _check_keys(name, value, kind, filed, depth)
    elif isinstance(value, Record):
        if not (isinstance(kind, type) and isinstance(value, kind)):
            raise WrongKind(name, value.number, _words(kind))
        filed(value)
    elif dataclasses.is_dataclass(kind):
        if not _is_instance(value, kind):
            raise WrongKind(name, value, _words(kind))
        for part, of in get_type_hints(kind).items():
            _check(part, getattr(value, part), of, filed, depth + 1)
    elif not _is_plain(name, value, kind):
        raise WrongKind(name, value, _words(kind))


def _check_union(name: str, value: object, kinds: Sequence[Any], filed: Filed, depth: int) -> None:
    if value is None and type(None) in kinds:
        return
    some = [kind for kind in kinds if kind is not type(None)]
    fits = [kind for kind in some if _is_instance(value, kind)]
    _check(name, value, (fits or some)[0], filed, depth)


def _check_keys(name: str, value: object, kind: Any, filed: Filed, depth: int) -> None:
    hints = get_type_hints(kind)
    if not isinstance(value, Mapping) or not kind.__required_keys__ <= set(value) <= set(hints):
        raise WrongKind(name, value, sentence("values of {names}", names=list(hints)))
    for key, one in value.items():
        _check(key, one, hints[key], filed, depth + 1)


def _kind_of(name: str, value: object) -> Any:
    """The kind by which a value of any kind is checked: what JSON can carry."""
    if isinstance(value, Mapping):
        return dict[str, Any]
    if isinstance(value, list | tuple):
        return list[Any]
    for kind in (bool, int, str):
        if isinstance(value, kind):
            return kind
    if value is None:
        return type(None)
    raise WrongKind(name, value, sentence("text, a whole number or a list"))


def _is_instance(value: object, kind: Any) -> bool:
    if kind is Readable:
        return callable(getattr(value, "read", None))
    return isinstance(kind, type) and isinstance(value, kind)


def _is_plain(name: str, value: object, kind: Any) -> bool:
    if not _is_instance(value, kind):
        return False
    if isinstance(value, bool):
        return kind is bool
    if isinstance(value, str):
        check_text(name, value)
    if isinstance(value, dt.datetime):
        return kind is dt.datetime and value.tzinfo is not None and value.year in YEARS
    if isinstance(value, dt.date):
        return value.year in YEARS
    return value.is_finite() if isinstance(value, Decimal) else True


_WORDS: dict[Any, Sentence] = {
    str: sentence("text"),
    int: sentence("a whole number"),
    bool: sentence("yes or no"),
    bytes: sentence("bytes"),
    dt.date: sentence("a date from {first} to {last}", first=YEARS[0], last=YEARS[-1]),
    dt.datetime: sentence("a time with its zone, from {first} to {last}", first=YEARS[0], last=YEARS[-1]),
    Decimal: sentence("a decimal number"),
    Readable: sentence("a file"),
    type(None): sentence("nothing"),
}


def _words(kind: Any) -> object:
    if isinstance(kind, type) and issubclass(kind, Record):
        return kind._meta.verbose_name
    return _WORDS.get(kind) or getattr(kind, "__name__", str(kind))
