"""Canonical JSON: the one way in which the ledger writes a value as bytes."""

from __future__ import annotations

import json
from typing import Any

import rfc8785

from dokaz.errors import NotCanonical

LARGEST_INTEGER = 2**53 - 1
DEEPEST_NESTING = 64
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: Any) -> bytes:
    """Write a value as canonical JSON.

    Args:     value: objects (``dict``), arrays (``list`` or ``tuple``), strings, booleans, ``None`` and integers with
              magnitude below 2^53, nested at most 64 deep.
    Returns:  the only bytes that ``parse`` accepts for this value.
    Raises:   NotCanonical: a floating-point number, a larger integer, a member name that is not a string, an unpaired
              surrogate, nesting beyond 64, or a type that JSON does not have.
    Source:   RFC 8785, narrowed in docs/ledger-format.md, "Canonical JSON".
    Example:
        >>> canonical({"b": [1, True, None], "a": "П"})
        b'{"a":"\\xd0\\x9f","b":[1,true,null]}'
    """
    names_are_ascii = _refuse_outside_the_narrowing(value, DEEPEST_NESTING)
    try:
        # Over ASCII names every order of code units is the same, and there the standard library's encoder, which is
        # several times as fast, spells what is left after the narrowing as RFC 8785 does (tests/property compares them).
        return _ENCODER.encode(value).encode() if names_are_ascii else rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise NotCanonical(
            f"a text holds half of a surrogate pair: {error}", next_step="repair the text's encoding where it came from"
        ) from error


def parse(data: bytes) -> Any:
    """Read canonical JSON, and nothing else.

    Args:     data: the bytes of one value.
    Returns:  the value; arrays are lists.
    Raises:   NotCanonical: the bytes are not UTF-8, not JSON, repeat a member, hold a number that is not an integer
              below 2^53, nest deeper than 64, or are not identical to their own canonical form (spaces, another order,
              another escape, anything before or after the value).
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotCanonical(f"byte {error.start} is not UTF-8") from error
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise NotCanonical(f"not JSON at character {error.pos}: {error.msg}") from error
    except RecursionError as error:
        raise NotCanonical(f"nested deeper than {DEEPEST_NESTING}") from error
    again = canonical(value)
    if again != data:
        place = next(
            (i for i, (a, b) in enumerate(zip(data, again, strict=False)) if a != b), min(len(data), len(again))
        )
        raise NotCanonical(
            f"not in canonical form from byte {place} on: "
            f"{data[place : place + 20]!r} where {again[place : place + 20]!r} is due"
        )
    return value


def _refuse_outside_the_narrowing(value: Any, depth_left: int) -> bool:
    """Refuse what the ledger does not admit; tell whether all member names are ASCII."""
    if value is None or isinstance(value, (str, bool)):
        return True
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise NotCanonical(f"integer {_short(value)} is not below 2^53", next_step="write it as a string")
        return True
    if isinstance(value, float):
        raise NotCanonical(
            f"{value!r} is a floating-point number", next_step="write it as a string in decimal notation, '12.5'"
        )
    if not isinstance(value, (dict, list, tuple)):
        raise NotCanonical(f"{value!r} is a {type(value).__name__}, which JSON does not have")
    if depth_left == 0:
        raise NotCanonical(f"nested deeper than {DEEPEST_NESTING}")
    names_are_ascii = True
    inner: Any = value
    if isinstance(value, dict):
        for name in value:
            if not isinstance(name, str):
                raise NotCanonical(f"member name {name!r} is not a string")
            names_are_ascii = names_are_ascii and name.isascii()
        inner = value.values()
    for each in inner:
        # A list of digests is the most frequent value of all.
        if type(each) is not str and not _refuse_outside_the_narrowing(each, depth_left - 1):
            names_are_ascii = False
    return names_are_ascii


def _unrepeated(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) != len(members):
        names = [name for name, _ in members]
        raise NotCanonical(f"member {next(n for n in names if names.count(n) > 1)!r} is repeated")
    return value


def _refuse_number(text: str) -> Any:
    raise NotCanonical(f"{text[:40]} is not an integer", next_step="write it as a string in decimal notation, '12.5'")


def _integer(text: str) -> int:
    # Longer than -(2^53 - 1) can never be right, and Python's own limit on digits is another error's business.
    if len(text) > 17:
        raise NotCanonical(f"integer {text[:17]}… is not below 2^53", next_step="write it as a string")
    return int(text)


def _short(number: int) -> str:
    return str(number) if abs(number) < 10**40 else f"of {number.bit_length()} bits"


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unrepeated, parse_float=_refuse_number, parse_constant=_refuse_number, parse_int=_integer
)
