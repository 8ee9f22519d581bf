"""Canonical JSON: one value has exactly one spelling, so that a hash over bytes is a hash over meaning.

RFC 8785, narrowed (docs/ledger-format.md, "Canonical JSON"): objects, arrays, strings, booleans, null, and integers
below 2^53. What is refused here, and why:

* bytes that are not the canonical spelling of their own value: two spellings would have two hashes;
* a member named twice: one reader would take the first and another the last;
* floating-point numbers: two machines may round them differently;
* half a surrogate pair: it has no UTF-8 form, and readers repair it in different ways;
* nesting beyond 64 and integers of thousands of digits: they exist only to exhaust whoever reads them.
"""

from __future__ import annotations

import json
import re
from typing import Any

LARGEST_INTEGER = 2**53 - 1
DEEPEST_NESTING = 64

_INTEGER = re.compile(r"-?[0-9]{1,16}")


class Malformed(Exception):
    """Bytes or values that are not what the format demands.

    Args:
        reason: Key of ``words.REASONS``, which says it to a person.
        value: What was found, as far as it helps.
    """

    def __init__(self, reason: str, value: object = "") -> None:
        super().__init__(reason, value)
        self.reason, self.value = reason, str(value)


def read(data: bytes) -> Any:
    """The value of canonical JSON.

    Args:
        data: The bytes, and nothing before or after them.

    Returns:
        Its value; members of objects stand in canonical order, so that ``write`` gives the same bytes again.

    Raises:
        Malformed: the bytes are not the canonical form of any value that the format has.
    """
    try:
        text = data.decode("utf-8")
        value = _FAST.decode(text)
        # Depth cannot exceed the number of opening brackets: most lines need not be walked.
        if text.count("[") + text.count("{") > DEEPEST_NESTING:
            _refuse_deep(value, DEEPEST_NESTING)
        if not _BEYOND.search(text) and _SORTED.encode(value).encode("utf-8") == data:
            return value
        # Below the surrogates, Python sorts as UTF-16 does. Whatever differs is read with care, to say why.
        value = _DECODER.decode(text)
        again = write(value)
    except RecursionError:
        raise Malformed("nested-too-deep") from None
    except UnicodeDecodeError:
        raise Malformed("not-utf8") from None
    except UnicodeEncodeError:
        raise Malformed("unpaired-surrogate") from None
    except json.JSONDecodeError as error:
        raise Malformed("not-json", error.pos) from None
    if again != data:
        raise Malformed("not-canonical")
    return value


def write(value: Any) -> bytes:
    """The canonical bytes of a value whose objects have their members in canonical order already.

    ``read`` returns such values, and the two messages that are signed are spelt in that order.

    Raises:
        UnicodeEncodeError: a string holds half a surrogate pair.
    """
    # ECMAScript and Python agree on the seven short escapes and on \u00xx, lower case, for other controls.
    return _ENCODER.encode(value).encode("utf-8")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Malformed("member-repeated")
    names = list(value)
    # By UTF-16 code units, which differs from Python's order for characters beyond U+FFFF.
    if names != sorted(names, key=lambda name: name.encode("utf-16-be", "surrogatepass")):
        raise Malformed("not-canonical")
    return value


def _integer(digits: str) -> int:
    # The length is looked at first: converting a million digits takes quadratic time.
    if not _INTEGER.fullmatch(digits) or abs(int(digits)) > LARGEST_INTEGER:
        raise Malformed("integer-too-large")
    return int(digits)


def _no_fraction(digits: str) -> Any:
    raise Malformed("floating-point", digits[:40])


def _refuse_deep(value: Any, left: int) -> None:
    level = [value]
    for _depth in range(left):
        nested = [each for each in level if isinstance(each, (dict, list))]
        level = [inner for each in nested for inner in (each.values() if isinstance(each, dict) else each)]
    if any(isinstance(each, (dict, list)) for each in level):
        raise Malformed("nested-too-deep")


_BEYOND = re.compile("[\ud800-\U0010ffff]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)
_SORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False)
_FAST = json.JSONDecoder(parse_int=_integer, parse_float=_no_fraction, parse_constant=_no_fraction)
_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_no_fraction, parse_constant=_no_fraction
)
