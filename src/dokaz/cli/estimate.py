"""`dokaz estimate`: how many people are on none of several lists that overlap, by several methods side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.cli.exits import ExitCode
from dokaz.cli.frame import Progress
from dokaz.errors import BadFile, BadOverlaps, DokazError, EstimateError, NotEstimable, sentence

if TYPE_CHECKING:
    from dokaz.estimate import OverlapTable

app = typer.Typer(add_completion=False)


class Method(StrEnum):
    """What `--only` may name."""

    LOGLINEAR = "loglinear"
    LCMCR = "lcmcr"
    DGA = "dga"


#: How each answer is told to a reader, and which choice of `--only` gives it.
METHODS: dict[str, tuple[str, Method]] = {
    "independence": ("lists independent of each other", Method.LOGLINEAR),
    "chao": ("lower bound (Chao)", Method.LOGLINEAR),
    "best_bic": ("best log-linear model (BIC)", Method.LOGLINEAR),
    "resampled": ("the same, chosen anew in each bootstrap", Method.LOGLINEAR),
    "averaged": ("all log-linear models, averaged", Method.LOGLINEAR),
    "lcmcr": ("latent classes (LCMCR)", Method.LCMCR),
    "dga": ("all decomposable graphs, averaged (dga)", Method.DGA),
}


@app.command()
def estimate(
    files: Annotated[
        list[Path],
        typer.Argument(help="A table of overlaps (JSON); several if lists were linked several times, to be averaged."),
    ],
    only: Annotated[Method | None, typer.Option(help="Compute by this method alone.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    at_least: Annotated[int, typer.Option(min=1, help="Leave out lists that name fewer people than this.")] = 1,
    disjoint: Annotated[
        list[str] | None,
        typer.Option("--disjoint", help="Lists that nobody can be on together, as A:B; may be given again."),
    ] = None,
    dependent: Annotated[
        list[str] | None,
        typer.Option("--dependent", help="Lists known to depend on each other, as A:B; may be given again."),
    ] = None,
    bootstrap: Annotated[
        int, typer.Option(min=0, help="Draw people anew so many times, and choose the model anew.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of random numbers; the same one gives the same answer.")] = 1,
    plot: Annotated[Path | None, typer.Option(help="Draw the estimates side by side (SVG).")] = None,
) -> None:
    """How many people there are in all, those on no list included, by several methods side by side.

    No one of the numbers is the answer: each holds under its own assumptions about how lists depend on each other. A
    method that cannot give a finite number says why.
    """
    tables = [_read(file, disjoint or [], at_least) for file in files]
    names, table = [name for name, _ in tables], tables[0][1]
    if len({one.lists for _, one in tables}) > 1:
        raise typer.BadParameter("linkages of the same lists are averaged; these tables have other lists")
    always = [_together(pair, table) for pair in dependent or []]
    wanted = [name for name, (_, method) in METHODS.items() if only in (None, method)]
    if not bootstrap:
        wanted = [name for name in wanted if name != "resampled"]
    each = [_estimates(one, wanted, always, bootstrap, seed) for _, one in tables]
    answer: dict[str, Any] = {
        "name": names[0],
        "lists": table.sizes,
        "observed": table.observed,
        **(each[0] if len(each) == 1 else _over_linkages(each)),
    }
    if len(tables) > 1:
        answer["linkages"] = [{"file": str(file), **found} for file, found in zip(files, each, strict=True)]
    if plot is not None:
        from dokaz.cli.estimate_picture import estimates_picture

        plot.write_text(estimates_picture(answer, METHODS), encoding="utf-8")
    typer.echo(json.dumps(answer, ensure_ascii=False) if as_json else _in_words(answer))
    if all("refused" in answer[name] for name in wanted):
        raise typer.Exit(ExitCode.REFUSED)


def _read(file: Path, disjoint: Sequence[str], at_least: int) -> tuple[str, OverlapTable]:
    from dokaz.exchange.programs.overlap_tables import read_overlap_table

    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadFile(
            sentence("it cannot be read: {why}", why=error.strerror or error), file=str(file),
            next_step=sentence("give the path of a table of overlaps"),
        ) from None  # fmt: skip
    name, table = read_overlap_table(data, file=str(file), disjoint=[pair.split(":") for pair in disjoint])
    return name, table.only_lists_of(at_least)


def _together(pair: str, table: OverlapTable) -> int:
    """The bits of lists that are written A:B."""
    named = pair.split(":")
    if len(set(named)) < 2 or any(name not in table.lists for name in named):
        raise BadOverlaps(f"{pair} names no two lists", f"name lists of {', '.join(table.lists)}, as A:B")
    return sum(1 << table.lists.index(name) for name in set(named))


def _estimates(
    table: OverlapTable, wanted: Sequence[str], always: Sequence[int], bootstrap: int, seed: int
) -> dict[str, dict[str, Any]]:
    """The answer of each method, or why it has none."""
    from functools import cache

    from dokaz import estimate as engine
    from dokaz.estimate.hierarchical_models import design

    @cache
    def models() -> engine.LoglinearModels:
        return engine.loglinear_models(table, always=always)

    def best() -> dict[str, Any]:
        found = models()
        chosen = found.best
        lists = len(table.lists)
        interval = engine.profile_interval(design(chosen.model.terms, lists), table.counts, table.impossible)
        return {
            "model": chosen.model.written(lists),
            "n": chosen.n,
            "interval": _ends(interval.low, interval.high),
            "dependent": [[name for bit, name in enumerate(table.lists) if t >> bit & 1] for t in chosen.model.terms],
            "bic": chosen.bic,
            "weight": chosen.weight,
            "ten_best": [{"model": m.model.written(lists), "n": m.n, "bic": m.bic} for m in found.ranked[:10]],
            "models": len(found.ranked),
            "without_estimate": found.refused,
            "all_models": found.all_models,
        }

    def resampled() -> dict[str, Any]:
        with Progress("bootstrap") as progress:
            found = engine.resample(table, draws=bootstrap, seed=seed, always=always, progress=progress)
        return {"n": models().best.n, "interval": _ends(found.low, found.high), "draws": found.draws,
                "without_estimate": found.without_estimate, "models": found.models}  # fmt: skip

    def simple(of: Callable[[OverlapTable], engine.ProfileInterval]) -> dict[str, Any]:
        found = of(table)
        return {"n": found.n, "interval": _ends(found.low, found.high)}

    def averaged() -> dict[str, Any]:
        found = engine.average_over_models(models(), table.observed)
        return {"n": found.n, "interval": _ends(found.low, found.high), "models": found.of}

    def lcmcr() -> dict[str, Any]:
        with Progress("latent classes") as progress:
            found = engine.latent_classes(table, seed=seed, progress=progress)
        return {"n": found.n, "interval": _ends(found.low, found.high), "monte_carlo_error": found.error, "r_hat":
        found.r_hat,
                "effective_samples": found.effective_samples, "samples": found.samples}  # fmt: skip

    def dga() -> dict[str, Any]:
        found = engine.average_over_graphs(table)
        graphs = [
            {
                "joined": [[name for bit, name in enumerate(table.lists) if c >> bit & 1] for c in cliques],
                "weight": weight,
            }
            for cliques, weight in found.graphs
        ]
        return {"n": found.n, "interval": _ends(found.low, found.high), "graphs": graphs, "largest_looked_at":
        found.largest,
                "probability_of_upper_half": found.upper_half}  # fmt: skip

    methods: dict[str, Callable[[], dict[str, Any]]] = {
        "independence": lambda: simple(engine.independence),
        "chao": lambda: simple(engine.chao_lower_bound),
        "best_bic": best,
        "resampled": resampled,
        "averaged": averaged,
        "lcmcr": lcmcr,
        "dga": dga,
    }
    found: dict[str, dict[str, Any]] = {}
    for name in wanted:
        try:
            found[name] = methods[name]()
        except EstimateError as error:
            found[name] = {"refused": _on_one_line(error)}
    return found


def _over_linkages(each: Sequence[dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Each method's answers of all linkages as one, with what the linkage leaves open."""
    from dokaz.estimate import average_over_linkages

    found: dict[str, dict[str, Any]] = {}
    for name in each[0]:
        refused = [one[name]["refused"] for one in each if "refused" in one[name]]
        if refused:
            found[name] = {"refused": f"{len(refused)} of {len(each)} linkages: {refused[0]}"}
            continue
        spans = [(one[name]["n"], one[name]["interval"][0], one[name]["interval"][1]) for one in each]
        try:
            if any(high is None for _, _, high in spans):
                raise NotEstimable("the estimate of one linkage has no upper end")
            one = average_over_linkages(spans)
        except EstimateError as error:
            found[name] = {"refused": _on_one_line(error)}
        else:
            found[name] = {"n": one.n, "interval": _ends(one.low, one.high), "linkages": one.of}
    return found


def _ends(low: float, high: float) -> list[float | None]:
    """An interval for JSON: null where it has no upper end."""
    return [low, high if isfinite(high) else None]


def _on_one_line(error: DokazError) -> str:
    return f"{error.what}; next: {error.next_step}" if error.next_step else str(error.what)


def _in_words(answer: dict[str, Any]) -> str:
    lists = ", ".join(f"{name} {people:,}" for name, people in answer["lists"].items())
    lines = [f"{answer['name'] or 'People'}: {answer['observed']:,} on at least one list ({lists})"]
    lines.append("in all, those on no list included:")
    for name, (told, _) in METHODS.items():
        found = answer.get(name)
        if found is None:
            continue
        if "refused" in found:
            lines.append(f"  {told:<40} refused: {found['refused']}")
            continue
        low, high = found["interval"]
        end = f"{high:,.0f}" if high is not None else "no upper end"
        lines.append(f"  {told:<40} {found['n']:>9,.0f}  (95 %: {low:,.0f} to {end}){_more(name, found)}")
    lines.append("no one of these is the answer: each holds under its own assumptions (docs/methods/estimate.md)")
    return "\n".join(lines)


def _more(name: str, found: dict[str, Any]) -> str:
    """What a reader must know beside the number."""
    if name == "best_bic" and "ten_best" in found:
        sizes = [one["n"] for one in found["ten_best"]]
        sought = "" if found["all_models"] else ", sought in steps"
        return f", {found['model']}{sought}; the ten best give {min(sizes):,.0f} to {max(sizes):,.0f}"
    if name == "lcmcr" and "monte_carlo_error" in found:
        return f", ± {found['monte_carlo_error']:,.0f} by simulation"
    if name == "dga" and found.get("probability_of_upper_half", 0.0) > 0.005:
        share, largest = found["probability_of_upper_half"], found["largest_looked_at"]
        return f"; {share:.1%} lies above half of {largest:,}, the largest looked at"
    return ""
