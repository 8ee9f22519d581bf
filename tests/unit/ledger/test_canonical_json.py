"""Canonical JSON is one spelling a value, and everything else is refused by name."""

import pytest

from dokaz.errors import NotCanonical
from dokaz.ledger import canonical, parse


def test_members_are_sorted_by_utf16_code_units():
    # U+FB33 sorts after U+1F600 by UTF-16 code units, before it by code points.
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == '{"a":3,"\U0001f600":2,"\ufb33":1}'.encode()


def test_control_characters_are_escaped_in_the_one_way():
    assert canonical('\x00\x08\t\n\x0c\r"\\/\x7f') == b'"\\u0000\\b\\t\\n\\f\\r\\"\\\\/\x7f"'


def test_what_is_written_is_read_back():
    value = {"a": [1, -(2**53) + 1, True, None, "ґ"], "б": {}}
    assert parse(canonical(value)) == value


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (1.0, "floating-point"),
        ([{"a": float("nan")}], "floating-point"),
        (2**53, "2\\^53"),
        pytest.param(-(10**5000), "2\\^53", id="huge"),
        ({1: 2}, "not a string"),
        ("\ud800", "surrogate"),
        ({"\udfff": 1}, "surrogate"),
        (b"bytes", "bytes"),
        ({1, 2}, "set"),
    ],
)
def test_a_value_outside_the_narrowing_is_refused_by_name(value, word):
    with pytest.raises(NotCanonical, match=word):
        canonical(value)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b'{"a":1,"a":1}', "repeated"),
        (b'{"a":1} ', "canonical form"),
        (b'{"a":1}\n', "canonical form"),
        (b'{"a":1}{}', "Extra data"),
        (b' {"a":1}', "canonical form"),
        (b'{"a": 1}', "canonical form"),
        (b'{"b":1,"a":1}', "canonical form"),
        (b'"\\u0041"', "canonical form"),
        (b'"\\/"', "canonical form"),
        (b'"\\ud800"', "surrogate"),
        (b"1.0", "not an integer"),
        (b"1e2", "not an integer"),
        (b"-0", "canonical form"),
        (b"01", "Extra data"),
        (b"NaN", "not an integer"),
        (b"-Infinity", "not an integer"),
        (b"9007199254740992", "2\\^53"),
        (b"9" * 10_000, "2\\^53"),
        (b"\xff", "UTF-8"),
        (b"\xed\xa0\x80", "UTF-8"),
        (b"\xef\xbb\xbf1", "not JSON"),
        ("1".encode("utf-16"), "UTF-8"),
        (b"", "not JSON"),
        (b"[" * 65 + b"]" * 65, "deeper"),
        (b"[" * 1_000_000, "deeper"),
        (b'{"a":' * 100_000, "deeper"),
    ],
)
def test_bytes_that_are_not_canonical_are_refused_by_name(data, word):
    with pytest.raises(NotCanonical, match=word):
        parse(data)


def test_nesting_of_64_is_read():
    data = b"[" * 64 + b"]" * 64
    assert canonical(parse(data)) == data
