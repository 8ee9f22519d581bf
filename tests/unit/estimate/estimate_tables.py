"""Tables of overlapping lists for tests, with what is known of them."""

from __future__ import annotations

from dokaz.estimate import OverlapTable

#: Killings in Kosovo, March to June 1999, by four lists. Source: Ball, Betts, Scheuren, Dudukovich & Asher 2002, Killings
#: and refugee flow in Kosovo. Patterns in the order of the lists.
KOSOVO = {
    "1000": 1131, "0100": 845, "1100": 177, "0010": 936, "1010": 228, "0110": 217, "1110": 181, "0001": 306,
    "1001": 106, "0101": 31, "1101": 18, "0011": 123, "1011": 42, "0111": 32, "1111": 27,
}  # fmt: skip

#: Nobody on list C is on another list. An unchecked fit of the best model says 1.4e13. Source: an artificial example of
#: Chan, Silverman & Vincent 2021, JASA 116.
NO_OVERLAP_WITH_C = {"100": 40, "010": 30, "110": 6, "001": 20}


def table_of(lists: str | tuple[str, ...], counts: dict[str, int]) -> OverlapTable:
    """From patterns written as digits, first list first."""
    rows = [([name for name, on in zip(lists, pattern, strict=True) if on == "1"], n) for pattern, n in counts.items()]
    return OverlapTable.of(tuple(lists), rows)


def kosovo() -> OverlapTable:
    return table_of(("EXH", "ABA", "OSCE", "HRW"), KOSOVO)
