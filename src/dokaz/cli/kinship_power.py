"""`dokaz kinship power`: what each family can show, whom to type next, and the threshold for a search of this size."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.cli.kinship_mutation import told
from dokaz.cli.kinship_options import AsJson, MinFrequency, Missing, Theta, read_case
from dokaz.cli.kinship_power_picture import Limits, power_picture
from dokaz.cli.kinship_refusals import refuse
from dokaz.errors import BadQuestion, DokazError

if TYPE_CHECKING:
    import numpy as np

    from dokaz.kinship import KinshipFamily
    from dokaz.kinship.power import NextStep
    from dokaz.kinship.simulated_lrs import LRDistribution


#: How often relatives' genotypes are drawn for --may-type; --simulations persons are shared among these families.
_FAMILIES = 100


def power(
    file: Annotated[
        Path, typer.Argument(help="A victim file, or a family alone: H1, genotypes, missing (JSON); Familias.")
    ],
    as_json: AsJson = False,
    missing: Missing = None,
    theta: Theta = None,
    min_frequency: MinFrequency = None,
    posterior: Annotated[float, typer.Option(help="Posterior to reach with prior odds 1 to the missing.")] = 0.9995,
    false_matches: Annotated[float, typer.Option(help="Mean number of false matches allowed in the search.")] = 0.05,
    whom_next: Annotated[bool, typer.Option("--next", help="Say also which relative to type next.")] = False,
    marker_set: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="Say also what a set of markers would give: NAME=MARKER,MARKER,…; may be given again."
        ),
    ] = None,
    may_type: Annotated[
        str,
        typer.Option(
            help="Say also which relatives to find, before they are typed: A,B,…; what each set of them would give."
        ),
    ] = "",
    at_most: Annotated[int, typer.Option(help="With --may-type: relatives in a set.", min=1)] = 2,
    simulations: Annotated[int, typer.Option(help="Simulated persons a family.", min=1)] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the simulation; the same one gives the same answer.", min=0)] = 1,
    plot: Annotated[Path | None, typer.Option(help="Draw LR distributions, thresholds and calibration (SVG).")] = None,
) -> None:
    """Exclusion and inclusion power of every family, and the threshold for a search of this size."""
    import numpy as np

    from dokaz.kinship.power import compare_marker_sets, next_relatives
    from dokaz.kinship.simulated_lrs import (
        expected_false_matches,
        false_matches_error,
        threshold_for,
        threshold_for_posterior,
    )

    rows: list[dict[str, Any]] = []
    distributions: list[LRDistribution] = []
    try:
        sets = _sets(marker_set or [])
        case, families = read_case(file, theta, min_frequency, missing or ())
        case.must_be_unlinked("power")
        if not case.missing:
            raise BadQuestion(f"{case.case}: nobody is missing", next_step="list who is in the file, under `missing`")
        candidates = [name.strip() for name in may_type.split(",") if name.strip()]
        planned = _planned(families, missing or (), candidates)
        rng = np.random.default_rng(seed)
        threshold = threshold_for_posterior(max(len(case.missing), 1), posterior)
        for family in families:
            for person in family.missing:
                row, found = _one(family, person, threshold, rng, case.theta, simulations)
                rows.append(row)
                if found is None:
                    continue
                distributions.append(found)
                if whom_next:
                    steps = next_relatives(family, person, at_least_log10_lr=threshold, rng=rng, theta=case.theta)
                    row["next"] = [_step("relative", step) for step in steps]
                if (family.name, person) in planned:
                    row["to_find"] = _to_find(
                        family, person, candidates, threshold, rng, case.theta, simulations, at_most
                    )
                if sets:
                    steps = compare_marker_sets(
                        family, person, sets, at_least_log10_lr=threshold, rng=rng, simulations=simulations,
                        theta=case.theta,
                    )  # fmt: skip
                    row["sets"] = [_step("set", step) for step in steps]
        profiles = len(case.victims)
        answer: dict[str, Any] = {
            "rows": rows,
            "profiles": profiles,
            "threshold_log10_lr_for_posterior": threshold,
            "posterior": posterior,
            "theta": case.theta,
            "simulations": simulations,
            "seed": seed,
            "mutation": case.victims.markers.mutation_in_words,
            "set_aside": list(case.victims.markers.set_aside),
        }
        if distributions:
            kept = threshold_for(distributions, max(profiles, 1), at_most=false_matches)
            answer["false_matches_at_threshold"] = expected_false_matches(distributions, profiles, threshold)
            answer["false_matches_error"] = false_matches_error(distributions, profiles, threshold)
            answer["threshold_log10_lr_for_false_matches"] = kept
            answer["false_matches_allowed"] = false_matches
            answer["false_matches_allowed_error"] = false_matches_error(distributions, max(profiles, 1), kept)
    except (DokazError, OSError) as error:
        refuse(file, error, as_json)
    if plot is not None and distributions:
        limits = Limits(threshold, kept, false_matches)
        plot.write_text(power_picture(distributions, limits, max(profiles, 1), answer["mutation"]), encoding="utf-8")
    elif plot is not None:
        typer.echo(f"{plot} was not drawn: no family can be simulated", err=True)
    if as_json:
        typer.echo(json.dumps(answer))
        return
    for row in rows:
        if "refused" in row:
            typer.echo(f"{row['missing']} of {row['family']}: refused: {row['refused']}")
            continue
        exclusion = f"{row['exclusion_power']:.6f}" if "exclusion_power" in row else "not defined"
        typer.echo(
            f"{row['missing']} of {row['family']}: mean log10 LR {row['mean_log10_lr']:.2f}, "
            f"{row['inclusion_power']:.1%} reach {threshold:.2f}, exclusion power {exclusion}, "
            f"false matches {row['false_match_rate']:.2g} ± {row['false_match_error']:.1g} a profile"
        )
        if "exclusion_refused" in row:
            typer.echo(f"  exclusion power is asked without mutation: {row['exclusion_refused']}")
        if row["nobody_typed"]:
            typer.echo(f"  no relative is typed at {', '.join(row['nobody_typed'])}")
        for step in row.get("next", [])[:3]:
            typer.echo(
                f"  type {step['relative']}: mean log10 LR {step['mean_log10_lr']:.2f}, "
                f"{step['inclusion_power']:.1%} reach the threshold"
            )
        for found_set in row.get("to_find", []):
            typer.echo(_told(found_set, threshold))
        for step in row.get("sets", []):
            typer.echo(
                f"  all typed with {step['set']}: mean log10 LR {step['mean_log10_lr']:.2f}, "
                f"{step['inclusion_power']:.1%} reach the threshold"
            )
    typer.echo(f"log10 LR {threshold:.3f} gives posterior {posterior:g} with prior odds 1 to {len(case.missing)}")
    if distributions:
        typer.echo(
            f"at it a search of {profiles} profiles makes {answer['false_matches_at_threshold']:.3g} "
            f"± {answer['false_matches_error']:.1g} false matches on average; log10 LR {kept:.3f} keeps them to "
            f"{false_matches:g} ± {answer['false_matches_allowed_error']:.1g} (Monte-Carlo errors)"
        )
    for line in told(case.victims.markers):
        typer.echo(line, err=True)


def _one(
    family: KinshipFamily, person: str, threshold: float, rng: np.random.Generator, theta: float, simulations: int
) -> tuple[dict[str, Any], LRDistribution | None]:
    """What a family can show of one missing person, and the LRs that were simulated; nothing where it is refused."""
    from dokaz.kinship.power import exclusion_power, lr_distribution

    row: dict[str, Any] = {"family": family.name, "missing": person}
    try:
        found = lr_distribution(family, person, simulations=simulations, rng=rng, theta=theta)
    except DokazError as error:
        row["refused"] = error.what
        return row, None
    profiles = family.profiles
    used = [(k, marker.name) for k, marker in enumerate(profiles.markers) if marker.alleles]
    row["nobody_typed"] = [name for k, name in used if not profiles.typed[:, k].any()]
    row["mean_log10_lr"] = float(found.expected_if_true.sum())
    row["inclusion_power"] = found.inclusion_power(threshold)
    row["false_match_rate"] = found.false_match_rate(threshold)
    row["false_match_error"] = found.false_match_error(threshold)
    try:
        excluded = exclusion_power(family, person)
    except DokazError as error:
        row["exclusion_refused"] = error.what
        return row, found
    row["exclusion_power"] = excluded.total
    row["expected_mismatches"] = excluded.expected_mismatches
    row["exclusion_power_per_marker"] = dict(zip(excluded.markers, excluded.per_marker.tolist(), strict=True))
    return row, found


def _planned(
    families: Sequence[KinshipFamily], missing: Sequence[str], candidates: Sequence[str]
) -> set[tuple[str, str]]:
    """Missing persons of the family that all candidates belong to; those that --missing names, if it names any.

    Raises:
        BadQuestion: they belong to no one family.
    """
    if not candidates:
        return set()
    for family in families:
        if all(name in family.pedigree for name in candidates):
            return {(family.name, p) for p in family.missing if not set(missing) & set(family.missing) or p in missing}
    raise BadQuestion(
        f"--may-type {','.join(candidates)}: no family has all of them",
        next_step="name members of one family; "
        + "; ".join(f"{f.name}: {', '.join(f.pedigree.ids)}" for f in families[:3]),
    )


def _to_find(
    family: KinshipFamily,
    person: str,
    candidates: Sequence[str],
    threshold: float,
    rng: np.random.Generator,
    theta: float,
    simulations: int,
    at_most: int,
) -> list[dict[str, Any]]:
    from dokaz.cli.frame import Progress
    from dokaz.kinship.power import relatives_to_find

    each = max(1, simulations // _FAMILIES)
    with Progress("sets of relatives") as progress:
        found = relatives_to_find(
            family, person, candidates, at_least_log10_lr=threshold, rng=rng, at_most=at_most, families=_FAMILIES,
            simulations=each, theta=theta, progress=progress,
        )  # fmt: skip
    return [
        {
            "relatives": list(one.relatives),
            "mean_log10_lr": one.log10_lr.value,
            "mean_log10_lr_error": one.log10_lr.error,
            "inclusion_power": one.inclusion_power.value,
            "inclusion_power_error": one.inclusion_power.error,
            "false_match_rate": one.false_match_rate.value,
            "false_match_error": one.false_match_rate.error,
            "exclusion_power": one.exclusion_power.value,
            "exclusion_power_error": one.exclusion_power.error,
        }
        for one in found
    ]


def _told(found: dict[str, Any], threshold: float) -> str:
    """One set of relatives in a line, with Monte-Carlo errors."""
    return (
        f"  with {', '.join(found['relatives'])}: mean log10 LR {found['mean_log10_lr']:.2f} ± "
        f"{found['mean_log10_lr_error']:.2f}, {found['inclusion_power']:.1%} ± {found['inclusion_power_error']:.1%} reach "
        f"{threshold:.2f}, exclusion power {found['exclusion_power']:.6f} ± {found['exclusion_power_error']:.1g}, "
        f"false matches {found['false_match_rate']:.2g} ± {found['false_match_error']:.1g} a profile"
    )


def _sets(stated: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in stated:
        name, equals, markers = each.partition("=")
        if not equals or not name.strip() or name.strip() in found:
            raise BadQuestion(
                f"--set {each!r} names no set of its own", next_step='write it as "NAME=MARKER,MARKER", each name once'
            )
        found[name.strip()] = [marker.strip() for marker in markers.split(",") if marker.strip()]
    return found


def _step(of: str, step: NextStep) -> dict[str, Any]:
    return {of: step.what, "mean_log10_lr": step.mean_log10_lr, "inclusion_power": step.inclusion_power}
