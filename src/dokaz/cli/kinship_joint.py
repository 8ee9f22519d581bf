"""`dokaz kinship search` and `dokaz kinship joint`: remains against missing persons, in pairs and all at once."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.cli.kinship_explain import as_lines, explained, mismatch_lines, mismatches
from dokaz.cli.kinship_matrix_picture import matrix_picture
from dokaz.cli.kinship_mutation import (
    excluded_by_one_marker,
    in_json,
    in_one_line,
    in_words,
    resting_on,
    told,
    without_common_marker,
)
from dokaz.cli.kinship_options import AsJson, Linked, MinFrequency, Theta, VictimFile, read_case
from dokaz.cli.kinship_refusals import once, refuse

if TYPE_CHECKING:
    from dokaz.exchange.programs.case_reader import VictimCase
    from dokaz.kinship import BlindSearch
    from dokaz.kinship.joint.identify import JointIdentification

#: With --json, all assignments are printed, impossible ones too, up to this many.
MOST_PRINTED = 10_000
#: Pairs of a lower posterior are not told marker by marker.
_WORTH_TELLING = 0.001


def search(
    file: VictimFile,
    as_json: AsJson = False,
    theta: Theta = None,
    min_frequency: MinFrequency = None,
    linked: Linked = "",
    keep: Annotated[int, typer.Option(help="Candidates of each profile in the table.", min=1)] = 10,
    at_least: Annotated[float, typer.Option(help="Lowest log10 LR in the table.")] = 0.0,
    plot: Annotated[Path | None, typer.Option(help="Draw the matrix of log10 LR into this SVG file.")] = None,
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Show one pair marker by marker instead: REMAINS MISSING.", metavar="REMAINS MISSING"),
    ] = None,
    mismatch: Annotated[
        bool, typer.Option("--mismatches", help="Count markers impossible without mutation, pair by pair, instead.")
    ] = False,
) -> None:
    """LR of every profile for every missing person, against being unrelated to that family."""
    from dokaz.errors import DokazError
    from dokaz.kinship import search as blind_search

    try:
        case, families = read_case(file, theta, min_frequency, linked=linked)
        if explain or mismatch:
            _instead(case, explain, as_json)
            return
        found = blind_search(case.victims, families, theta=case.theta, linked=case.linked, pairings=case.pairings)
        shown = _shown(found, at_least, keep)
        rests = resting_on(case, [(str(row["profile"]), str(row["missing"])) for row in shown])
    except (DokazError, OSError) as error:
        refuse(file, error, as_json)
    total = found.log10_lr
    place = {person: j for j, person in enumerate(found.missing)}
    values: list[list[float | None]] = [
        [float(total[i, place[m]]) if found.compared[i, place[m]] else None for m in case.missing]
        for i in range(len(found.profiles))
    ]
    if plot is not None:
        assumed = told(case.victims.markers, case.linked)
        picture = matrix_picture(
            found.profiles, case.missing, values, case=case.case, what="log10 LR", full=10.0, assumed=assumed
        )
        plot.write_text(picture, encoding="utf-8")
    if as_json:
        lrs = [[None if v is None else _number(_power_of_ten(v)) for v in row] for row in values]
        answer = {
            "rows": list(found.profiles),
            "cols": list(case.missing),
            "values": lrs,
            "mutation": case.victims.markers.mutation_in_words,
            "set_aside": list(case.victims.markers.set_aside),
            "excluded_by_one_marker": excluded_by_one_marker(case, found),
            "candidates": [
                {k: row[k] for k in ("profile", "missing", "family", "log10_lr")}
                | in_json(rests[str(row["profile"]), str(row["missing"])])
                for row in shown
            ],
        }
        typer.echo(json.dumps(answer))
        return
    for row in shown:
        typer.echo(
            f"{row['profile']!s:<12} {row['missing']!s:<12} {row['family']!s:<10} log10 LR {row['log10_lr']:8.3f}  "
            f"{in_words(rests[str(row['profile']), str(row['missing'])])}"
        )
    if not shown:
        typer.echo(f"no pair reaches log10 LR {at_least:g}")
    for line in (
        in_one_line(case, found),
        *told(case.victims.markers, case.linked)[1:],
        *once(without_common_marker(case)),
    ):
        typer.echo(line, err=True)


def _instead(case: VictimCase, pair: tuple[str, str] | None, as_json: bool) -> None:
    """Print one pair marker by marker, or the matrix of mismatches."""
    if pair is not None:
        told_of: dict[str, Any] = explained(case, *pair)
        lines = as_lines(told_of)
    else:
        counts = mismatches(case)
        told_of = {"rows": list(case.victims.ids), "cols": list(case.missing), "mismatches": counts}
        lines = mismatch_lines(case, counts)
    if as_json:
        typer.echo(json.dumps(told_of | {"mutation": case.victims.markers.mutation_in_words}))
        return
    for line in lines:
        typer.echo(line)
    for line in told(case.victims.markers, case.linked):
        typer.echo(line, err=True)


def _shown(found: BlindSearch, at_least: float, keep: int) -> list[Mapping[str, object]]:
    """The strongest pairs, so many of each profile."""
    counts: Counter[object] = Counter()
    rows = []
    for row in found.candidates(at_least):
        counts[row["profile"]] += 1
        if counts[row["profile"]] <= keep:
            rows.append(row)
    return rows


def joint(
    file: VictimFile,
    as_json: AsJson = False,
    theta: Theta = None,
    min_frequency: MinFrequency = None,
    linked: Linked = "",
    best: Annotated[int, typer.Option(help="How many of the best assignments to list.", min=1)] = MOST_PRINTED,
    negligible: Annotated[
        float, typer.Option(help="Leave out weaker pairings of families with one missing person; 0: none.")
    ] = 0.0,
    threshold: Annotated[float, typer.Option(help="LR from which a pairing may be undisputed.", min=1)] = 10_000.0,
    plot: Annotated[Path | None, typer.Option(help="Draw the posterior of every pairing into this SVG file.")] = None,
) -> None:
    """Weigh every way to identify all remains at once; flat prior over assignments, unless the file has a `prior`."""
    from dokaz.errors import DokazError
    from dokaz.kinship.joint.identify import identify_jointly

    try:
        case, families = read_case(file, theta, min_frequency, linked=linked)
        found = identify_jointly(
            case.victims,
            families,
            theta=case.theta,
            linked=case.linked,
            pairings=case.pairings,
            prior=case.prior,
            best=best,
            negligible=negligible,
        )
        likely = {
            (profile, person): None
            for i, profile in enumerate(found.profiles)
            for j, person in enumerate(found.missing)
            if found.posterior[i, j] >= _WORTH_TELLING
        }
        rests = resting_on(case, likely)
    except (DokazError, OSError) as error:
        refuse(file, error, as_json)
    columns = [found.missing.index(person) for person in case.missing]
    posterior = [[float(row[j]) for j in (*columns, len(found.missing))] for row in found.posterior]
    log10_glr = found.ln_generalised_lr[:, [*columns, len(found.missing)]] / math.log(10)
    names = (*case.missing, "*")
    if plot is not None:
        kept_out = {(e.profile, e.missing) for e in found.excluded}
        shown = [
            [None if (profile, name) in kept_out else value for name, value in zip(names, row, strict=True)]
            for profile, row in zip(found.profiles, posterior, strict=True)
        ]
        picture = matrix_picture(
            found.profiles,
            names,
            shown,
            case=case.case,
            what="posterior probability",
            full=1.0,
            is_probability=True,
            assumed=[f"prior: {found.prior}", *told(case.victims.markers, case.linked)],
        )
        plot.write_text(picture, encoding="utf-8")
    if as_json:
        rows: list[dict[str, Any]] = [
            {"pairing": dict(a.pairing), "loglik": _number(a.ln_likelihood)}
            | ({} if case.prior is None else {"ln_prior": a.ln_prior})
            for a in found.best
        ]
        rows += [{"pairing": pairing, "loglik": "-Inf"} for pairing in _impossible(found, case, best - len(rows))]
        table = {"rows": list(found.profiles), "cols": list(names), "values": posterior}
        answer: dict[str, Any] = {"assignments": rows, "posterior": table, "prior": found.prior, "theta": case.theta}
        answer["log10_glr"] = [[_number(value) for value in row] for row in log10_glr.tolist()]
        answer["undisputed"] = [
            {"profile": u.profile, "missing": u.missing, "lr": _number(u.lr), "step": u.step}
            for u in found.undisputed(threshold)
        ]
        answer["tied"] = [list(group) for group in found.tied]
        answer["excluded"] = [{"profile": e.profile, "missing": e.missing, "why": e.why} for e in found.excluded]
        if found.neglected:
            answer["neglected"] = found.neglected
        answer["mutation"] = case.victims.markers.mutation_in_words
        answer["set_aside"] = list(case.victims.markers.set_aside)
        answer["pairs"] = [{"profile": v, "missing": m} | in_json(rest) for (v, m), rest in rests.items()]
        typer.echo(json.dumps(answer))
        return
    typer.echo(f"{found.assignments:,.0f} possible assignments; prior: {found.prior}; theta {case.theta:g}")
    for assignment in found.best[:5]:
        pairs = ", ".join(f"{v} = {m}" for v, m in assignment.pairing.items())
        typer.echo(f"  ln likelihood {assignment.ln_likelihood:.4f}: {pairs}")
    undisputed = {u.profile: u for u in found.undisputed(threshold)}
    for i, profile in enumerate(found.profiles):
        best_column = max(range(len(names)), key=lambda j: posterior[i][j])
        step, rest = undisputed.get(profile), rests.get((profile, names[best_column]))
        remark = f"  undisputed in step {step.step}, LR {step.lr:.3g}" if step else ""
        remark += f"  {in_words(rest)}" if rest else ""
        typer.echo(
            f"  {profile}: {names[best_column]} with posterior {posterior[i][best_column]:.6g}, log10 GLR "
            f"{log10_glr[i, best_column]:.3f}{remark}"
        )
    if found.excluded:
        reasons = Counter(e.why for e in found.excluded).items()
        typer.echo(f"  pairs kept out beforehand: {', '.join(f'{count} ({why})' for why, count in reasons)}")
    for group in found.tied:
        typer.echo(f"  DNA cannot tell apart: {', '.join(group)}")
    if found.neglected:
        typer.echo(f"  left out: posterior probability of at most {found.neglected:.3g}")
    for line in (*told(case.victims.markers, case.linked), *once(without_common_marker(case))):
        typer.echo(line, err=True)


def _impossible(found: JointIdentification, case: VictimCase, room: int) -> Iterator[dict[str, str]]:
    """Allowed but impossible assignments, where the whole table is small enough to print."""
    if room <= 0:
        return iter(())
    excluded = {(e.profile, e.missing) for e in found.excluded}
    options = [["*", *(m for m in case.missing if (v, m) not in excluded)] for v in found.profiles]
    if math.prod(len(o) for o in options) > 40 * MOST_PRINTED:
        return iter(())
    possible = {tuple(a.pairing.values()) for a in found.best}

    def rest() -> Iterator[dict[str, str]]:
        for choice in itertools.product(*options):
            taken = [m for m in choice if m != "*"]
            if len(set(taken)) == len(taken) and choice not in possible:
                pairing = dict(zip(found.profiles, choice, strict=True))
                if found.log_lr_of(pairing) == -math.inf:
                    yield pairing

    return itertools.islice(rest(), room)


def _number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Inf" if value > 0 else "-Inf"


def _power_of_ten(value: float) -> float:
    return math.nan if math.isnan(value) else 10.0**value if value < 308 else math.inf


def commands() -> Mapping[str, Any]:
    """The commands of this file, by name."""
    return {"search": search, "joint": joint}
