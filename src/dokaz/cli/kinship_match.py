"""`dokaz kinship match`: remains with remains, and with the staff who could have touched them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dokaz.cli.kinship_mutation import told
from dokaz.cli.kinship_options import AsJson, Linked, MinFrequency, Theta, policy_of, read_case
from dokaz.cli.kinship_refusals import refuse

if TYPE_CHECKING:
    from dokaz.exchange.programs.case_reader import VictimCase
    from dokaz.kinship import Profiles
    from dokaz.kinship.direct_match import Match


def match(
    file: Annotated[
        Path, typer.Argument(help="A victim file (JSON, .fam); its remains (pm) are compared with each other.")
    ],
    as_json: AsJson = False,
    staff: Annotated[
        Path | None, typer.Option(help="Compare with the profiles (pm) of this victim file instead: contamination.")
    ] = None,
    at_least: Annotated[float, typer.Option(help="Lowest log10 LR that is shown.")] = 4.0,
    dropout: Annotated[
        float | None, typer.Option(help="Probability that a copy of an allele of degraded remains is not seen.")
    ] = None,
    theta: Theta = None,
    min_frequency: MinFrequency = None,
    linked: Linked = "",
) -> None:
    """Which remains may be of one person, or of parent, child or sibling; with --staff, which may show a member of staff.

    Each pair is compared with being unrelated; the likeliest relation is named. Markers on X count where sexes are known.
    Linkage changes the LR of siblings only.
    """
    from dokaz.errors import DokazError
    from dokaz.kinship import contamination, match_directly
    from dokaz.kinship.direct_match import impossible_without_mutation

    known = None
    try:
        case, _ = read_case(file, theta, min_frequency, linked=linked)
        remains = case.victims if dropout is None else with_dropout(case.victims, dropout)
        found: list[tuple[Match, Profiles, Profiles | None]] = []
        if staff is None:
            for one, other in _compared(file, case, min_frequency):
                both = [None if p is None or dropout is None else with_dropout(p, dropout) for p in (one, other)]
                first, second = both[0] or one, both[1] or other
                matches = match_directly(
                    first, second, theta=case.theta, at_least_log10_lr=at_least, linked=case.linked
                )
                found += [(match, first, second) for match in matches]
        else:
            known = read_case(staff, theta, min_frequency)[0].victims
            for one, other in _with_staff(file, staff, case, known, min_frequency):
                first = one if dropout is None else with_dropout(one, dropout)
                matches = contamination(first, other, theta=case.theta, at_least_log10_lr=at_least)
                found += [(match, first, other) for match in matches]
        found.sort(key=lambda each: (-each[0].log10_lr[each[0].relation], each[0].first, each[0].second))
        impossible = [impossible_without_mutation(*each) for each in found]
    except (DokazError, OSError) as error:
        refuse(file, error, as_json)
    if as_json:
        rows = [
            {
                "first": m.first,
                "second": m.second,
                "relation": m.relation.value,
                "log10_lr": {relation.value: value for relation, value in m.log10_lr.items()},
                "markers_compared": m.markers_compared,
                "markers_different": list(m.markers_different),
                "left_out": {relation.value: list(markers) for relation, markers in m.left_out.items() if markers},
                "sexes_differ": m.sexes_differ,
                "impossible_without_mutation": list(wrong),
                "by_length": _by_length(m, first, second),
            }
            for (m, first, second), wrong in zip(found, impossible, strict=True)
        ]
        groups = [{"markers": list(names), "recombination": list(fractions)} for names, fractions in case.linked]
        answer = {"matches": rows, "theta": case.theta, "mutation": remains.markers.mutation_in_words, "linked": groups}
        typer.echo(
            json.dumps(
                answer | {"set_aside": list(remains.markers.set_aside), "by_length": list(remains.markers.by_length)}
            )
        )
        return
    for (m, first, second), wrong in zip(found, impossible, strict=True):
        differ = f", {len(m.markers_different)} differ" if m.markers_different else ""
        differ += f", {len(wrong)} impossible without mutation ({', '.join(wrong)})" if wrong else ""
        left_out = f"; not used: {', '.join(m.left_out[m.relation])}" if m.left_out[m.relation] else ""
        if lengths := _by_length(m, first, second):
            left_out += f"; by length: {', '.join(lengths)}"
        sexes = "; their stated sexes differ" if m.sexes_differ else ""
        typer.echo(
            f"{m.first:<12} {m.second:<12} {m.relation.value:<12} log10 LR {m.log10_lr[m.relation]:8.3f}, "
            f"{m.markers_compared} markers compared{differ}{left_out}{sexes}"
        )
    if not found:
        typer.echo(f"no pair reaches log10 LR {at_least:g}")
    for line in told(replace(remains.markers, by_length=()), case.linked if staff is None else None):
        typer.echo(line, err=True)


def _compared(file: Path, case: VictimCase, min_frequency: float | None) -> Iterable[tuple[Profiles, Profiles | None]]:
    """Remains with remains: all at once, or in groups where some are sequenced and some are not."""
    from dokaz.exchange.programs.case_files import victims_json_of
    from dokaz.exchange.programs.case_parts import pairs_of_groups

    if not case.victims.markers.by_length:
        return [(case.victims, None)]
    by_length = case.victims.markers.by_length
    return pairs_of_groups(victims_json_of(file), file.name, by_length, policy_of(min_frequency))


def _with_staff(
    file: Path, staff: Path, case: VictimCase, known: Profiles, min_frequency: float | None
) -> Iterable[tuple[Profiles, Profiles]]:
    """Remains with staff: all at once, or in groups where some are sequenced and some are not."""
    from dokaz.exchange.programs.case_files import victims_json_of
    from dokaz.exchange.programs.case_parts import pairs_with_others
    from dokaz.kinship.model.sequence_alleles import is_sequence

    both = (case.victims.markers, known.markers)
    sequenced = {m.name for markers in both for m in markers if any(map(is_sequence, m.alleles))}
    mixed = sequenced.union(*(markers.by_length for markers in both))
    if not mixed or (both[0] == both[1] and not both[0].by_length):
        return [(case.victims, known)]
    return pairs_with_others(victims_json_of(file), victims_json_of(staff), staff.name, mixed, policy_of(min_frequency))


def _by_length(match: Match, profiles: Profiles, others: Profiles | None) -> list[str]:
    """Markers at which a pair was compared by length although one of them may be sequenced there."""
    sides = ((profiles, match.first), (profiles if others is None else others, match.second))
    return [m for m in profiles.markers.by_length if all(p.genotype(name, m) is not None for p, name in sides)]


def with_dropout(profiles: Profiles, probability: float) -> Profiles:
    """The same profiles as sets of alleles of which some may have been lost."""
    from dokaz.kinship import Profiles

    seen = {
        sample: {
            marker.name: sorted({marker.alleles[a] for a in profiles.alleles[row, column].tolist() if a >= 0})
            for column, marker in enumerate(profiles.markers)
            if profiles.typed[row, column]
        }
        for row, sample in enumerate(profiles.ids)
    }
    sexes = dict(zip(profiles.ids, profiles.sexes, strict=True))
    return Profiles.of(seen, profiles.markers, sexes=sexes, dropout=dict.fromkeys(profiles.ids, probability))
