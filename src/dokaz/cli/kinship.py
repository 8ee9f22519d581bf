"""`dokaz kinship`: likelihood ratios, checks and searches of question and victim files."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from dokaz.cli import (
    kinship_candidates,
    kinship_files,
    kinship_joint,
    kinship_lineage,
    kinship_match,
    kinship_power,
    kinship_report,
)
from dokaz.cli.kinship_mutation import linkage
from dokaz.cli.kinship_options import Linked, MinFrequency, Missing, Theta, groups_of, policy_of
from dokaz.cli.kinship_picture import bar_chart, likelihood_ratio_table
from dokaz.cli.kinship_refusals import refusal

if TYPE_CHECKING:
    from dokaz.kinship import LikelihoodRatio

app = typer.Typer(
    add_completion=False, help="DNA kinship: likelihood ratios given pedigrees, checks, searches.", no_args_is_help=True
)

_Files = Annotated[list[Path], typer.Argument(help="Question files: JSON, or Familias (.fam) with two pedigrees.")]
_Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, a line a file.")]
_Plot = Annotated[Path | None, typer.Option(help="Draw log10 LR per marker into this SVG file.")]


def json_number(value: float) -> float | str:
    """A number as the reference cases write it: NaN and the infinities as words, because JSON has none.

    >>> json_number(float("-inf")), json_number(0.5)
    ('-Inf', 0.5)
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return float(value)


class Asked(NamedTuple):
    """The LR of a question, and what it rests on: the mutation model, and terms impossible without one under H1 and H2."""

    result: LikelihoodRatio
    mutation: str
    impossible: tuple[tuple[str, ...], tuple[str, ...]]
    linkage: tuple[str, ...] = ()


def likelihood_ratios(
    files: Sequence[Path], *, theta: float | None = None, min_frequency: float | None = None, linked: str = ""
) -> Iterator[tuple[Path, Asked | str]]:
    """The LR of each question file, or why it was refused; the others still run."""
    from dokaz.errors import DokazError
    from dokaz.exchange.programs.case_files import question_of
    from dokaz.kinship import likelihood_ratio

    for file in files:
        try:
            question = question_of(file, policy=policy_of(min_frequency), theta=theta)
            profiles = question.profiles
            groups = groups_of(linked, profiles.markers, question.linked)
            ask = partial(likelihood_ratio, question.h1, question.h2, theta=question.theta, linked=groups)
            result = ask(profiles)
            mutating = any(marker.mutation for marker in profiles.markers)
            without = ask(profiles.without_mutation()) if mutating else result
            told = tuple(linkage(profiles.markers, groups))
            yield file, Asked(result, profiles.markers.mutation_in_words, without.impossible_markers, told)
        except (DokazError, OSError) as error:
            yield file, refusal(error)


def likelihood_ratio_row(file: Path, asked: Asked) -> dict[str, Any]:
    """What `dokaz kinship lr --json` prints of one file."""
    result = asked.result
    row: dict[str, Any] = {
        "file": str(file),
        "lr": [json_number(float(v)) for v in result.lr_per_marker],
        "log10_lr": json_number(result.log10_lr),
        "likelihood_h1": [json_number(float(v)) for v in result.likelihood_h1],
        "likelihood_h2": [json_number(float(v)) for v in result.likelihood_h2],
        "markers": list(result.markers),
        "theta": result.assumptions.theta,
        "mutation": asked.mutation,
        "impossible_without_mutation": dict(zip(("h1", "h2"), map(list, asked.impossible), strict=True)),
    }
    if result.inconsistent_markers:
        row["inconsistent"] = list(result.inconsistent_markers)
    if result.missing_markers:
        row["missing"] = list(result.missing_markers)
    if result.set_aside:
        row["set_aside"] = list(result.set_aside)
    if result.assumptions.added:
        row["added_alleles"] = [
            {"marker": a.marker, "allele": a.allele, "frequency": a.frequency, "divided_by": a.divided_by}
            for a in result.assumptions.added
        ]
    return row


@app.command()
def lr(
    files: _Files,
    as_json: _Json = False,
    theta: Theta = None,
    min_frequency: MinFrequency = None,
    linked: Linked = "",
    plot: _Plot = None,
) -> None:
    """How much better H1 explains the profiles than H2, a file at a time. Exits with 1 if a file was refused."""
    refused = False
    drawn: list[tuple[Path, Asked]] = []
    for file, result in likelihood_ratios(files, theta=theta, min_frequency=min_frequency, linked=linked):
        if isinstance(result, str):
            refused = True
            typer.echo(json.dumps({"file": str(file), "error": result}) if as_json else f"{file}: refused: {result}")
            continue
        drawn.append((file, result))
        typer.echo(json.dumps(likelihood_ratio_row(file, result)) if as_json else likelihood_ratio_table(file, result))
    if plot is not None:
        plot.write_text(bar_chart(drawn), encoding="utf-8")
    raise typer.Exit(1 if refused else 0)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Victim files, or families alone: JSON, or Familias (.fam).")],
    as_json: _Json = False,
    min_frequency: MinFrequency = None,
    missing: Missing = None,
) -> None:
    """Which families contradict their own pedigree, and which single error would explain it.

    Exits with 1 if a file was refused.
    """
    refused = False
    for file, found in reference_checks(files, min_frequency=min_frequency, missing=missing or ()):
        if isinstance(found, str):
            refused = True
            typer.echo(json.dumps({"file": str(file), "error": found}) if as_json else f"{file}: refused: {found}")
        elif as_json:
            typer.echo(json.dumps({"file": str(file), **found._asdict()}))
        else:
            for line in found.remains:
                typer.echo(f"remains {line}")
            for row in found.families:
                wrong = row["inconsistent"]
                fine = "consistent" if row["consistent"] else "the markers are consistent, a sex is not"
                verdict = f"impossible at {len(wrong)} markers: {', '.join(wrong)}" if wrong else fine
                typer.echo(f"{row['family']}: {verdict} ({row['markers_typed']} with two or more typed)")
                for line in row["sex_conflicts"]:
                    typer.echo(f"  {line}")
                for explanation in row["explanations"][:5]:
                    typer.echo(f"  {explanation['markers_explained']} explained if {explanation['what']}")
    raise typer.Exit(1 if refused else 0)


class ReferenceChecks(NamedTuple):
    """What `dokaz kinship check` says of one file: a row per family, and remains whose amelogenin contradicts their sex."""

    families: list[dict[str, Any]]
    remains: list[str]


def reference_checks(
    files: Sequence[Path], *, min_frequency: float | None = None, missing: Sequence[str] = ()
) -> Iterator[tuple[Path, ReferenceChecks | str]]:
    """The reference check of every family of each file, or why the file was refused."""
    from dokaz.errors import DokazError
    from dokaz.exchange.programs.case_files import victims_of
    from dokaz.kinship.amelogenin import amelogenin_sex
    from dokaz.kinship.reference_check import check_references

    for file in files:
        try:
            case = victims_of(file, policy=policy_of(min_frequency), missing=missing)
            rows = []
            for family in case.families:
                found = check_references(
                    family.pedigree,
                    family.profiles,
                    family=family.name,
                    linked=case.linked,
                    amelogenin={p: a for p, a in case.amelogenin.items() if p not in case.victims},
                )
                rows.append(
                    {
                        "family": found.family,
                        "consistent": found.is_consistent,
                        "markers_typed": found.markers_typed,
                        "inconsistent": list(found.inconsistent_markers),
                        "sex_conflicts": list(found.sex_conflicts),
                        "explanations": [
                            {
                                "what": e.what,
                                "markers_explained": e.markers_explained,
                                "ln_likelihood": json_number(e.ln_likelihood),
                            }
                            for e in found.explanations
                        ],
                    }
                )
            sexes = dict(zip(case.victims.ids, case.victims.sexes, strict=True))
            checks = [amelogenin_sex(v, case.amelogenin[v], sexes[v]) for v in sexes if v in case.amelogenin]
            yield file, ReferenceChecks(rows, [check.conflict for check in checks if check.conflict])
        except (DokazError, OSError) as error:
            yield file, refusal(error)


for _name, _command in {
    **kinship_joint.commands(),
    "candidates": kinship_candidates.candidates,
    "match": kinship_match.match,
    "lineage": kinship_lineage.lineage,
    "power": kinship_power.power,
    "report": kinship_report.report,
    **kinship_files.commands(),
}.items():
    app.command(name=_name)(_command)
