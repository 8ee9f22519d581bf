"""Two dental charts compared tooth by tooth: what agrees, what time explains, and what excludes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dokaz.errors import BadScore, NotComputable


class ToothCode(StrEnum):
    """Seven simple codes; how a tooth was filled and on which surface is left to the odontologist."""

    SOUND = "V"
    FILLED = "F"
    CROWN = "C"
    MISSING = "X"
    REPLACED = "P"
    IMPLANT = "I"
    UNKNOWN = "/"


#: Which codes a tooth can come to have later: treatment adds, and never restores.
LATER: dict[ToothCode, frozenset[ToothCode]] = {
    ToothCode.SOUND: frozenset(
        {ToothCode.FILLED, ToothCode.CROWN, ToothCode.MISSING, ToothCode.REPLACED, ToothCode.IMPLANT}
    ),
    ToothCode.FILLED: frozenset({ToothCode.CROWN, ToothCode.MISSING, ToothCode.REPLACED, ToothCode.IMPLANT}),
    ToothCode.CROWN: frozenset({ToothCode.MISSING, ToothCode.REPLACED, ToothCode.IMPLANT}),
    ToothCode.MISSING: frozenset({ToothCode.REPLACED, ToothCode.IMPLANT}),
    ToothCode.REPLACED: frozenset({ToothCode.MISSING, ToothCode.IMPLANT}),
    ToothCode.IMPLANT: frozenset({ToothCode.MISSING, ToothCode.REPLACED}),
}
#: Permanent teeth by FDI number, and the third molars, which may be charted as missing before they come through.
TEETH = tuple(f"{quadrant}{place}" for quadrant in "1234" for place in range(1, 9))
THIRD_MOLARS = frozenset({"18", "28", "38", "48"})


@dataclass(frozen=True)
class ChartComparison:
    """What two charts say of each other, teeth by FDI number.

    Args:
        agree: The same code.
        explained: Another code, which a tooth can have come to between the two charts.
        excluding: A code that cannot follow: another person, or a mistake in a chart.
        unknown: Nothing known in one of them, or charted in one only.
    """

    agree: tuple[str, ...]
    explained: tuple[str, ...]
    excluding: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def compared(self) -> int:
        """Teeth known in both charts."""
        return len(self.agree) + len(self.explained) + len(self.excluding)

    @property
    def percentage(self) -> float:
        """Agreeing teeth among those compared, 0 to 100; it ranks candidates, and identifies nobody.

        Source: Adams & Aschheim 2016, Journal of Forensic Sciences 61 (percentage match of simple codes).
        """
        if not self.compared:
            raise NotComputable("no tooth is known in both charts", "chart what is there, or take another discipline")
        return 100 * len(self.agree) / self.compared


def compare_charts(before: Mapping[str, str], after: Mapping[str, str]) -> ChartComparison:
    """Compare a chart made in life with one made later, usually of the body.

    Assumes that ``before`` is the older one. Deciduous teeth are not compared.

    Args:
        before, after: FDI number and one of the seven codes; a tooth left out is unknown.

    Raises:
        BadScore: no such tooth or code.

    Example:
        >>> found = compare_charts({"16": "F", "26": "V", "36": "X"}, {"16": "C", "26": "V", "36": "V"})
        >>> found.agree, found.explained, found.excluding
        (('26',), ('16',), ('36',))
    """
    one, other = _read(before), _read(after)
    sorts: dict[str, list[str]] = {"agree": [], "explained": [], "excluding": [], "unknown": []}
    for tooth in TEETH:
        first, then = one.get(tooth, ToothCode.UNKNOWN), other.get(tooth, ToothCode.UNKNOWN)
        if ToothCode.UNKNOWN in (first, then):
            sort = "unknown"
        elif first is then:
            sort = "agree"
        elif then in LATER[first] or (tooth in THIRD_MOLARS and first is ToothCode.MISSING):
            sort = "explained"
        else:
            sort = "excluding"
        sorts[sort].append(tooth)
    return ChartComparison(**{sort: tuple(teeth) for sort, teeth in sorts.items()})


def _read(chart: Mapping[str, str]) -> dict[str, ToothCode]:
    for tooth, code in chart.items():
        if tooth not in TEETH:
            raise BadScore(f"no permanent tooth has the FDI number {tooth!r}", "numbers are 11 to 18 … 41 to 48")
        if code not in list(ToothCode):
            raise BadScore(
                f"tooth {tooth} is {code!r}",
                "V sound, F filled, C crown, X missing in life, P replaced, I implant, / unknown (also lost after death)",
            )
    return {tooth: ToothCode(code) for tooth, code in chart.items()}


def share_as_similar(
    before: Mapping[str, str], after: Mapping[str, str], population: Sequence[Mapping[str, str]]
) -> float:
    """Share of a population whose charts would agree with the later one as well as this person's does.

    A chart agrees as well if it has no more excluding differences, and a percentage at least as high. The person's own
    chart is counted among them, so that the share is never zero: (1 + as similar) / (1 + all).

    Args:
        population: Charts of people of the same age and time, made as ``before`` was.

    Raises:
        NotComputable: no charts, or no tooth known in both.
    """
    if not population:
        raise NotComputable(
            "no charts of a population were given", "a frequency needs charts of people of the same kind"
        )
    own = compare_charts(before, after)
    as_similar = 0
    for chart in population:
        found = compare_charts(chart, after)
        if not found.compared:
            continue
        as_similar += len(found.excluding) <= len(own.excluding) and found.percentage >= own.percentage
    return (1 + as_similar) / (1 + len(population))
