"""Canonical JSON: one value, one spelling; and the verifier's reader against a naive twin."""

from __future__ import annotations

import json
from typing import Any

import pytest
from builder import canonical as twin
from dokaz_verify.canonical import DEEPEST_NESTING, LARGEST_INTEGER, Malformed, read, write
from hypothesis import given
from hypothesis import strategies as st

text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | text
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(text, inner), max_leaves=40)


@given(values)
def test_what_the_twin_writes_is_read_and_written_again_byte_by_byte(value: Any) -> None:
    data = twin(value)
    assert read(data) == value
    assert write(read(data)) == data


@given(values)
def test_any_other_spelling_is_refused(value: Any) -> None:
    for other in (
        json.dumps(value).encode(),
        json.dumps(value, indent=1).encode(),
        json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(),
        twin(value) + b"\n",
        b" " + twin(value),
    ):
        if other != twin(value):
            with pytest.raises(Malformed):
                read(other)


@given(st.binary(max_size=60))
def test_bytes_are_read_exactly_or_refused_by_name(data: bytes) -> None:
    try:
        value = read(data)
    except Malformed:
        return
    assert twin(value) == data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"1.0", "floating-point"),
        (b"1e2", "floating-point"),
        (b"-0", "not-canonical"),
        (b"Infinity", "floating-point"),
        (b"NaN", "floating-point"),
        (b"9007199254740992", "integer-too-large"),
        (b"-9007199254740992", "integer-too-large"),
        (b"00", "not-json"),
        (b"+1", "not-json"),
        (b'{"a":1,"a":1}', "member-repeated"),
        (b'{"a":1,"\\u0061":2}', "member-repeated"),
        (b'{"b":1,"a":2}', "not-canonical"),
        ('{"\ufb33":1,"\U0001f480":2}'.encode(), "not-canonical"),
        (b'"\\u00e9"', "not-canonical"),
        (b'"\\/"', "not-canonical"),
        (b'"\\u001F"', "not-canonical"),
        (b'"\\u000a"', "not-canonical"),
        (b'"\n"', "not-json"),
        (b'"\\ud800"', "unpaired-surrogate"),
        (b'{"\\udc00":1}', "unpaired-surrogate"),
        (b'"\xc0\xaf"', "not-utf8"),
        (b"[1,]", "not-json"),
        (b"[1] [2]", "not-json"),
        (b"'a'", "not-json"),
        (b"[" * (DEEPEST_NESTING + 1) + b"]" * (DEEPEST_NESTING + 1), "nested-too-deep"),
        (b"[" * 10_000_000, "nested-too-deep"),
    ],
    ids=lambda found: repr(found)[:24],
)
def test_what_is_refused_and_why(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed) as error:
        read(data)
    assert error.value.reason == reason


@pytest.mark.parametrize(
    "data",
    [
        b"9007199254740991",
        b"-9007199254740991",
        b"0",
        b'"\x7f"',
        '"\u2028\u00e9\U0001f480"'.encode(),
        b'"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\/"',
        '{"\U0001f480":1,"\ufb33":2}'.encode(),
        b'{"":[],"a":{}}',
        b"[" * DEEPEST_NESTING + b"]" * DEEPEST_NESTING,
    ],
    ids=lambda found: repr(found)[:24],
)
def test_what_is_canonical(data: bytes) -> None:
    assert write(read(data)) == data


def test_the_sorting_example_of_rfc_8785() -> None:
    """RFC 8785, section 3.2.3: its example of sorting, with the member order that it states."""
    names = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    data = ("{" + ",".join(f"{json.dumps(n, ensure_ascii=False)}:0" for n in names) + "}").encode()
    assert write(read(data)) == data
