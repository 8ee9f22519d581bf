"""Numbers of records: whether one is fit to be shown, and how far a series has come."""

from __future__ import annotations

import re
from unicodedata import category, normalize

from django.db.models.functions import Length

from dokaz.casework.records import Record

# Cyrillic and Greek capitals that look like Latin ones, and letters that look like digits.
_ALIKE = str.maketrans("АВЕЗІЈКМНОРСТУХЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧOI", "ABE31JKMH0PCTYXSABEZH1KMN0PTYX01")
_OURS = re.compile(r"[A-Z]{2,4}-[0-9]{6}")


def looks(number: str) -> str:
    """A number as a reader sees it: capitals, one kind of dash, Latin letters and digits for what looks like them.

    Source: docs/ledger-format.md, "Numbers".
    """
    seen = "".join(
        "-" if category(sign) == "Pd" else sign for sign in normalize("NFKC", number) if category(sign) != "Cf"
    )
    return " ".join(seen.upper().translate(_ALIKE).split())


def is_fit(number: str) -> bool:
    """Whether a number can stand in an address, on a label and in a file's name: printable, no slashes, not only dots.

    Nor does it look like one of a series without being one.
    """
    seen = looks(number)
    if seen != number and _OURS.fullmatch(seen):
        return False
    return (
        0 < len(number) <= 64
        and number.isprintable()
        and number == number.strip()
        and not set(number) & set("/\\")
        and bool(number.strip("."))
    )


def highest(kind: type[Record], prefix: str) -> int:
    """The highest number of a series; a number that was delivered may have fewer digits than ours, or none at all."""
    series = kind.every.filter(number__startswith=f"{prefix}-").order_by("-number").values_list("number", flat=True)
    ours = series.filter(number__regex=rf"^{prefix}-[0-9]{{6}}$")[:1]
    delivered = series.annotate(length=Length("number")).exclude(length=len(prefix) + 7)
    counted = [number.removeprefix(f"{prefix}-") for number in (*ours, *delivered)]
    return max((int(text) for text in counted if text.isdecimal()), default=0)
