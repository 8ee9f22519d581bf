"""Human numbers: ``SITE-GRAVE-NNNN-T[.k]-c``, as they stand on a label in the ground.

A number is given once, at recovery. It says where a thing was found, what it was taken for then, and from which other
numbered thing it was split. It ends in a check character, so that a slip of the pen is caught where it is typed.

``T`` is B body, BP body part, GB general bone, A artefact, S sample; in a place of detention, where the room stands for the
grave, E exhibit and T trace. Each ``.k`` is one derivation (a split, a sample); ``c`` is the check character of ISO 7064
MOD 37-36 over every letter and digit before it.

Example:
    >>> number("KLN1", "G02", 17, "BP", derivation=(1,))
    'KLN1-G02-0017-BP.1-B'
    >>> parse_number("KLN1-G02-0017-BP.1-B").derivation
    (1,)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dokaz.errors import BadNumber, sentence

TYPES = {
    "B": "body", "BP": "body part", "GB": "general bone", "A": "artefact", "S": "sample", "E": "exhibit", "T": "trace",
}  # fmt: skip

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SITE = re.compile(r"[A-Z0-9]{2,8}")
_GRAVE = re.compile(r"[A-Z0-9]{1,8}")
_SHAPE = re.compile(r"(?P<body>[^-]+-[^-]+-[^-]+-[^-]+)-(?P<check>[^-]*)")
_TAIL = re.compile(r"(?P<type>[A-Z]+)(?P<derivation>(?:\.[1-9][0-9]{0,3})*)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number taken apart: the site and grave, the running number there, the type and the derivations in order."""

    site: str
    grave: str
    n: int
    type: str
    derivation: tuple[int, ...] = ()

    def __str__(self) -> str:
        return number(self.site, self.grave, self.n, self.type, self.derivation)

    @property
    def root(self) -> tuple[str, str, int]:
        """What two things share when one was split from, or sampled from, the other."""
        return self.site, self.grave, self.n


def number(site: str, grave: str, n: int, type: str, derivation: tuple[int, ...] = ()) -> str:
    """Write a number with its check character.

    Args:       site: 2 to 8 capital Latin letters or digits.
                grave: 1 to 8 capital Latin letters or digits.
                n: running number within the grave, 1 to 9999.
                type: B, BP, GB, A, S, E or T.
                derivation: the splits and samples that led here, outermost first, each 1 to 9999.
    Raises:     BadNumber: a part is not of this form.
    Example:
        >>> number("KLN1", "G01", 1, "B")
        'KLN1-G01-0001-B-5'
    """
    shown = f"{site}-{grave}-{n}-{type}"
    must_be_site(site, shown)
    must_be_grave(grave, shown)
    if not 1 <= n <= 9999:
        raise BadNumber(shown, sentence("running number {number} is not 1 to 9999", number=n))
    if type not in TYPES:
        raise BadNumber(shown, sentence("type {type!r} is none of {allowed}", type=type, allowed=", ".join(TYPES)))
    if any(not 1 <= k <= 9999 for k in derivation):
        raise BadNumber(
            shown, sentence("derivation {derivation} has a part that is not 1 to 9999", derivation=derivation)
        )
    body = f"{site}-{grave}-{n:04d}-{type}" + "".join(f".{k}" for k in derivation)
    return f"{body}-{check_character(body)}"


def must_be_site(code: str, number: str = "") -> None:
    """Refuse a code that no number can begin with.

    Raises:     BadNumber: not 2 to 8 capital Latin letters or digits.
    """
    if not _SITE.fullmatch(code):
        raise BadNumber(
            number or code, sentence("site {site!r} is not 2 to 8 capital Latin letters or digits", site=code)
        )


def must_be_grave(code: str, number: str = "") -> None:
    """Refuse a grave's code that no number can hold.

    Raises:     BadNumber: not 1 to 8 capital Latin letters or digits.
    """
    if not _GRAVE.fullmatch(code):
        raise BadNumber(
            number or code, sentence("grave {grave!r} is not 1 to 8 capital Latin letters or digits", grave=code)
        )


def derived_number(parent: str, k: int, type: str) -> str:
    """The number of what was split or sampled from a numbered thing.

    Args:       parent: the number of the thing that it comes from.
                k: which derivation of that thing it is, from 1.
                type: what the derived thing is.
    Raises:     BadNumber: ``parent`` is not a number, or a part is out of range.
    Example:
        >>> derived_number("KLN1-G01-0001-B-5", 2, "S")[:-2]
        'KLN1-G01-0001-S.2'
    """
    of = parse_number(parent)
    return number(of.site, of.grave, of.n, type, (*of.derivation, k))


def parse_number(text: str) -> Number:
    """Take a number apart, and check its check character.

    Args:       text: a number as typed; nothing is corrected, not even lower case.
    Raises:     BadNumber: the text is not a number, or its check character shows that something was mistyped.
    Example:
        >>> parse_number("KLN1-G01-0001-B-5")
        Number(site='KLN1', grave='G01', n=1, type='B', derivation=())
        >>> parse_number("KLN1-G01-0007-B-5")
        Traceback (most recent call last):
        ...
        dokaz.errors.files.BadNumber: KLN1-G01-0007-B-5: the check character does not fit: something was mistyped
          next: compare with the label; nothing was guessed
    """
    shape = _SHAPE.fullmatch(text)
    if not shape:
        raise BadNumber(text, sentence("not of the form SITE-GRAVE-NNNN-T-c"))
    site, grave, digits, tail = shape["body"].split("-")
    ending = _TAIL.fullmatch(tail)
    if not (ending and re.fullmatch(r"[0-9]{4}", digits)):
        raise BadNumber(text, sentence("not of the form SITE-GRAVE-NNNN-T-c"))
    derivation = tuple(int(k) for k in ending["derivation"].split(".")[1:])
    # Writing it again checks every part by the one rule that gives numbers out; only the last character may differ.
    try:
        written = number(site, grave, int(digits), ending["type"], derivation)
    except BadNumber as error:
        raise BadNumber(text, error.problem) from error
    if written != text:
        raise BadNumber(text, sentence("the check character does not fit: something was mistyped"))
    return Number(site, grave, int(digits), ending["type"], derivation)


def check_character(text: str) -> str:
    """The ISO 7064 MOD 37-36 check character of the letters and digits in a text; hyphens and points do not count.

    Catches every wrong letter or digit, and swaps of neighbouring ones but a few. It does not count the separators, so
    that ``AB1-G01`` and ``AB-1G01`` share it: which site and grave exist is for the reader of the number to check.

    Args:       text: capital Latin letters, digits, ``-`` and ``.``.
    Source:     ISO 7064:2003, hybrid system with two moduli (8.2); the worked example of the Global Release Identifier.
    Example:
        >>> check_character("A1-2425G-ABC1234002")
        'M'
    """
    product = 36
    for character in text:
        if character in "-.":
            continue
        total = (product + _ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]
