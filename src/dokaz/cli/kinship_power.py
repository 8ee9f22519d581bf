"""`dokaz kinship power`: what each family can show, whom to type next, and the threshold for a search of this size."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.cli.kinship_refusals import refuse

if TYPE_CHECKING:
    from dokaz.kinship.power import LRDistribution


def power(
    file: Annotated[Path, typer.Argument(help="A victim file, or a family alone: H1, genotypes, missing (JSON).")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    theta: Annotated[float | None, typer.Option(help="Coancestry coefficient, in place of the file's.")] = None,
    min_frequency: Annotated[
        float | None,
        typer.Option("--min-frequency", help="Frequency of alleles that have none; the others are then rescaled."),
    ] = None,
    posterior: Annotated[float, typer.Option(help="Posterior to reach with prior odds 1 to the missing.")] = 0.9995,
    false_matches: Annotated[float, typer.Option(help="Mean number of false matches allowed in the search.")] = 0.05,
    whom_next: Annotated[bool, typer.Option("--next", help="Say also which relative to type next.")] = False,
    simulations: Annotated[int, typer.Option(help="Simulated persons a family.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the simulation; the same one gives the same answer.")] = 1,
    plot: Annotated[Path | None, typer.Option(help="Draw the LR distributions into this SVG file.")] = None,
) -> None:
    """Exclusion and inclusion power of every family, and the threshold for a search of this size."""
    import numpy as np

    from dokaz.errors import DokazError
    from dokaz.exchange.cases import read_victims
    from dokaz.kinship import Family, UnseenAllelePolicy
    from dokaz.kinship.power import (
        exclusion_power,
        expected_false_matches,
        lr_distribution,
        next_relatives,
        threshold_for,
        threshold_for_posterior,
    )

    rows: list[dict[str, Any]] = []
    distributions: list[LRDistribution] = []
    try:
        policy = None if min_frequency is None else UnseenAllelePolicy(min_frequency)
        case = read_victims(file, policy=policy, theta=theta)
        case.must_be_unlinked("power")
        rng = np.random.default_rng(seed)
        threshold = threshold_for_posterior(max(len(case.missing), 1), posterior)
        for each in case.families:
            family = Family(each.name, each.pedigree, each.missing, each.profiles)
            for person in family.missing:
                row: dict[str, Any] = {"family": family.name, "missing": person}
                rows.append(row)
                try:
                    found = lr_distribution(family, person, simulations=simulations, rng=rng, theta=case.theta)
                    row["mean_log10_lr"] = float(found.expected_if_true.sum())
                    row["inclusion_power"] = found.inclusion_power(threshold)
                    row["false_match_rate"] = found.false_match_rate(threshold)
                    distributions.append(found)
                    excluded = exclusion_power(family, person)
                    row["exclusion_power"] = excluded.total
                    row["expected_mismatches"] = excluded.expected_mismatches
                    row["exclusion_power_per_marker"] = dict(
                        zip(excluded.markers, excluded.per_marker.tolist(), strict=True)
                    )
                    if whom_next:
                        steps = next_relatives(family, person, at_least_log10_lr=threshold, rng=rng, theta=case.theta)
                        row["next"] = [
                            {"relative": s.what, "mean_log10_lr": s.mean_log10_lr, "inclusion_power": s.inclusion_power}
                            for s in steps
                        ]
                except DokazError as error:
                    row["refused"] = error.what
        profiles = len(case.victims)
        answer: dict[str, Any] = {
            "rows": rows,
            "profiles": profiles,
            "threshold_log10_lr_for_posterior": threshold,
            "posterior": posterior,
            "theta": case.theta,
            "simulations": simulations,
            "seed": seed,
        }
        if distributions:
            answer["false_matches_at_threshold"] = expected_false_matches(distributions, profiles, threshold)
            answer["threshold_log10_lr_for_false_matches"] = threshold_for(
                distributions, max(profiles, 1), at_most=false_matches
            )
            answer["false_matches_allowed"] = false_matches
    except (DokazError, OSError) as error:
        refuse(file, error, as_json)
    if plot is not None:
        plot.write_text(distribution_picture(distributions, threshold), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(answer))
        return
    for row in rows:
        if "refused" in row:
            typer.echo(f"{row['missing']} of {row['family']}: refused: {row['refused']}")
        if "mean_log10_lr" in row:
            exclusion = f"{row['exclusion_power']:.6f}" if "exclusion_power" in row else "not defined"
            typer.echo(
                f"{row['missing']} of {row['family']}: mean log10 LR {row['mean_log10_lr']:.2f}, "
                f"{row['inclusion_power']:.1%} reach {threshold:.2f}, exclusion power {exclusion}, "
                f"false matches {row['false_match_rate']:.2g} a profile"
            )
        for step in row.get("next", [])[:3]:
            typer.echo(
                f"  type {step['relative']}: mean log10 LR {step['mean_log10_lr']:.2f}, "
                f"{step['inclusion_power']:.1%} reach the threshold"
            )
    typer.echo(f"log10 LR {threshold:.3f} gives posterior {posterior:g} with prior odds 1 to {len(case.missing)}")
    if distributions:
        typer.echo(
            f"at it a search of {profiles} profiles makes {answer['false_matches_at_threshold']:.3g} false matches on "
            f"average; log10 LR {answer['threshold_log10_lr_for_false_matches']:.3f} keeps them to {false_matches:g}"
        )


def distribution_picture(distributions: Sequence[LRDistribution], threshold: float) -> str:
    """Histograms of log10 LR over all families as SVG: true persons above the line, unrelated ones below."""
    low, high, bins, height = -20.0, 30.0, 100, 140
    counts = {"true": [0.0] * bins, "unrelated": [0.0] * bins}
    for found in distributions:
        for side, values in (("true", found.log10_lr_if_true), ("unrelated", found.log10_lr_if_unrelated)):
            for value in values:
                place = int((max(low, min(high - 1e-9, float(value))) - low) / (high - low) * bins)
                counts[side][place] += 1 / values.size
    top = max(1e-9, *counts["true"], *counts["unrelated"])
    parts = ["<title>log10 LR of true and of unrelated persons</title>"]
    for side, colour, sign in (("true", "#1d3f72", -1), ("unrelated", "#9a9a9a", 1)):
        for k, count in enumerate(counts[side]):
            tall = count / top * height
            y = height + 20 - (tall if sign < 0 else 0)
            parts.append(f'<rect x="{40 + k * 6}" y="{y:.1f}" width="5" height="{tall:.1f}" fill="{colour}"/>')
    x = 40 + (max(low, min(high, threshold)) - low) / (high - low) * bins * 6
    parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="10" y2="{2 * height + 30}" stroke="#b00" stroke-dasharray="4"/>')
    for tick in range(math.ceil(low), math.floor(high) + 1, 10):
        at = 40 + (tick - low) / (high - low) * bins * 6
        parts.append(f'<text x="{at:.0f}" y="{2 * height + 46}" text-anchor="middle">{tick}</text>')
    parts.append(f'<text x="44" y="24">true</text><text x="44" y="{2 * height + 18}">unrelated</text>')
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="680" height="{2 * height + 60}" font-family="sans-serif" '
        f'font-size="12">\n{body}\n</svg>\n'
    )
