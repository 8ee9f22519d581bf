"""Sentences for values of the wrong kind, which would otherwise end in an error from deep inside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from dokaz.errors import BadMarker, BadPedigree, BadProfile, BadQuestion

_Refusal = type[BadMarker] | type[BadPedigree] | type[BadProfile] | type[BadQuestion]


def must_be(value: object, kind: type | tuple[type, ...], what: str, write: str, refusal: _Refusal) -> None:
    """Refuse a value that is not of a kind, in words.

    Args:
        what: What the value is meant to be, in words.
        write: What to write instead.
        refusal: The error.
    """
    if not isinstance(value, kind):
        raise refusal(f"{what}: {shown(value)}", next_step=write)


def must_all_be(values: object, kind: type, what: str, write: str, refusal: _Refusal) -> None:
    """The same of every member of a collection, which is no text, no mapping and no single one of them."""
    if isinstance(values, (str, Mapping)) or not isinstance(values, Iterable) or isinstance(values, kind):
        raise refusal(f"{what}: {shown(values)}", next_step=write)
    if isinstance(values, Collection):  # what can be gone through once only is left to whoever does
        for value in values:
            must_be(value, kind, what, write, refusal)


def shown(value: object) -> str:
    """A value with its kind: ``16 (int)``."""
    text = repr(value)
    return f"{text[:60]}{'…' if len(text) > 60 else ''} ({type(value).__name__})"
