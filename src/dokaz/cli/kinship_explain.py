"""`dokaz kinship search --explain` and `--mismatches`: one pair marker by marker; impossible markers of every pair."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dokaz.exchange.programs.case_reader import VictimCase
    from dokaz.kinship import KinshipFamily, Profiles


def explained(case: VictimCase, profile: str, person: str) -> dict[str, Any]:
    """One profile as one missing person: LR, genotypes and what needs a mutation, marker by marker.

    Raises:
        BadQuestion: nobody of these names.
        DokazError: as `search`.
    """
    from dokaz.errors import BadQuestion
    from dokaz.kinship import search
    from dokaz.kinship.blind.forms import in_one_form
    from dokaz.kinship.model.sequenced_markers import base_of

    family = next((f for f in case.families if person in f.missing), None)
    if profile not in case.victims or family is None:
        raise BadQuestion(
            f"--explain {profile} {person}: no such remains and missing person",
            next_step=f"remains: {', '.join(case.victims.ids[:10])}; missing: {', '.join(case.missing[:10])}",
        )
    asked = case.victims.only([profile]), [replace(family, missing=(person,))]
    rest: Mapping[str, Any] = {"theta": case.theta, "linked": case.linked, "pairings": {profile: [person]}}
    found = in_one_form(search(*asked, **rest), *asked)
    stable = asked[0].without_mutation(), [replace(asked[1][0], profiles=family.profiles.without_mutation())]
    impossible = ~(search(*stable, **rest).log10_lr_per_marker[0, 0] > -math.inf)
    relatives = [p for p in family.pedigree.ids if p in family.profiles]
    in_forms = {base_of(name) for name in case.victims.markers.names if base_of(name) != name}
    rows = []
    for term, value, wrong in zip(found.markers, found.log10_lr_per_marker[0, 0].tolist(), impossible, strict=True):
        for marker in term.split("+"):
            mine = case.victims.genotype(profile, marker)
            theirs = {p: family.profiles.genotype(p, marker) for p in relatives}
            if base_of(marker) in in_forms and (mine is None or not any(theirs.values())):
                continue  # this pair is compared at another form of the marker
            rows.append(
                {
                    "marker": marker,
                    "term": term,
                    "log10_lr": _number(value),
                    "remains": mine,
                    "relatives": {p: g for p, g in theirs.items() if g is not None},
                    "needs_mutation": bool(wrong),
                    "shares_nothing_with": _without_a_shared_allele(family, person, mine, theirs),
                }
            )
    return {"profile": profile, "missing": person, "family": family.name, "relatives": relatives, "markers": rows,
            "log10_lr": _number(float(found.log10_lr[0, 0]))}  # fmt: skip


def _number(value: float) -> float | str:
    """As JSON can hold it."""
    return value if math.isfinite(value) else str(value)


def _without_a_shared_allele(
    family: KinshipFamily,
    person: str,
    mine: Sequence[str] | None,
    theirs: Mapping[str, Sequence[str] | None],
) -> dict[str, str]:
    """Typed parents and children who share no allele with the remains, each with the fewest steps between the two."""
    parents = (family.pedigree[person].father, family.pedigree[person].mother)
    children = [m.id for m in family.pedigree if person in (m.father, m.mother)]
    found = {}
    for relative in (*parents, *children):
        other = theirs.get(relative or "")
        if relative and mine and other and not set(mine) & set(other):
            found[relative] = _steps(mine, other)
    return found


def _steps(mine: Sequence[str], other: Sequence[str]) -> str:
    try:
        steps = min(abs(float(a) - float(b)) for a in mine for b in other)
    except ValueError:
        return "another allele"
    return f"{steps:g} step{'' if steps == 1 else 's'}" if steps == int(steps) else "another microvariant"


def as_lines(found: Mapping[str, Any]) -> list[str]:
    """The explanation as a table for a person."""
    names = [found["profile"], *found["relatives"]]
    width = max(12, *(len(name) + 2 for name in names))
    lines = [f"{found['profile']} as {found['missing']} of {found['family']}: log10 LR {_three(found['log10_lr'])}"]
    lines.append(f"  {'marker':<14}{''.join(f'{name:<{width}}' for name in names)}{'log10 LR':>9}")
    told: set[str] = set()
    for row in found["markers"]:
        cells = [row["remains"], *(row["relatives"].get(p) for p in found["relatives"])]
        shown = "".join(f"{'–' if cell is None else '/'.join(cell) or 'none':<{width}}" for cell in cells)
        value = row["log10_lr"]
        number = f"{_three(value):>9}"
        if row["term"] in told:
            number = f"{'″':>9}"  # of a linked group, told with its first marker
        told.add(row["term"])
        why = [f"no allele of {who}: {steps}" for who, steps in row["shares_nothing_with"].items()]
        remark = f"  needs a mutation{f' ({chr(59).join(why)})' if why else ''}" if row["needs_mutation"] else ""
        lines.append(f"  {row['marker']:<14}{shown}{number}{remark}")
    return lines


def _three(value: float | str) -> str:
    """Three decimal places, or what JSON holds as a word: ``-inf`` impossible, ``nan`` not computed."""
    return f"{value:.3f}" if isinstance(value, float) else {"-inf": "impossible", "nan": "–"}.get(value, value)


def mismatches(case: VictimCase) -> list[list[int | None]]:
    """By remains and missing persons: at how many markers a pair is impossible without mutation; None: not compared."""
    from dokaz.kinship import search

    stable: Profiles = case.victims.without_mutation()
    families = [replace(f, profiles=f.profiles.without_mutation()) for f in case.families]
    found = search(stable, families, theta=case.theta, linked=case.linked, pairings=case.pairings)
    columns = [found.missing.index(person) for person in case.missing]
    counts = (~(found.log10_lr_per_marker > -math.inf)).sum(axis=2)
    return [[int(counts[i, j]) if found.compared[i, j] else None for j in columns] for i in range(len(found.profiles))]


def mismatch_lines(case: VictimCase, counts: Sequence[Sequence[int | None]]) -> list[str]:
    """The matrix for a person, in the order of the case."""
    width = max(4, *(len(name) + 2 for name in case.missing)) if case.missing else 4
    first = max(10, *(len(name) + 2 for name in case.victims.ids)) if len(case.victims) else 10
    lines = ["markers impossible without mutation (· not compared)"]
    lines.append(" " * first + "".join(f"{name:>{width}}" for name in case.missing))
    for name, row in zip(case.victims.ids, counts, strict=True):
        lines.append(f"{name:<{first}}" + "".join(f"{'·' if n is None else n:>{width}}" for n in row))
    return lines
