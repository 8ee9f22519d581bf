"""`dokaz physical`: age, sex, stature, pairs, numbers of people and dental charts, from files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.errors import BadFile, sentence

if TYPE_CHECKING:
    from dokaz.physical import Estimate, PublishedMethod

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Age, sex, stature, pairs, numbers of people and dental charts."
)


def _explain(context: typer.Context, asked: bool) -> None:
    if asked:
        from dokaz.cli.physical_words import explained

        typer.echo(explained(str(context.info_name)))
        raise typer.Exit


FileArgument = Annotated[Path, typer.Argument(help="JSON; --explain shows one.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]
ExplainOption = Annotated[
    bool,
    typer.Option("--explain", is_eager=True, callback=_explain, help="Show a whole file and the methods, and stop."),
]
LevelOption = Annotated[float, typer.Option(min=0.01, max=0.999, help="Probability that an interval holds.")]


@app.command()
def age(
    file: FileArgument, as_json: JsonOption = False, level: LevelOption = 0.95, explain: ExplainOption = False
) -> None:
    """Age at death, from a phase of an adult's pelvis or rib, or from a child's bones and teeth.

    A distribution, with the prior that was stated; several indicators stand side by side and are not multiplied.
    """
    from dokaz.exchange.programs.physical_files import read_age
    from dokaz.physical import age_from_indicator, age_from_phase, stage_of_composite

    asked = read_age(_bytes(file, "age"), file=str(file))
    if asked.indicators:
        if asked.method != "mcp_s_age":
            raise typer.BadParameter("indicators are read by the method mcp_s_age")
        if asked.prior is None:
            raise typer.BadParameter("indicators need a prior: ages that are possible, from 0 to 23 years")
        found = [age_from_indicator(code, scored, prior=asked.prior) for code, scored in asked.indicators.items()]
    else:
        if asked.method == "mcp_s_age":
            raise typer.BadParameter("the method mcp_s_age reads indicators")
        if asked.composite is not None and asked.method != "buckberry_chamberlain":
            raise typer.BadParameter("a composite score is read by the method buckberry_chamberlain")
        phase = asked.phase if asked.composite is None else stage_of_composite(asked.composite)
        found = [age_from_phase(str(phase), method=asked.method, sex=asked.sex, prior=asked.prior)]
    _print_estimates(found, level, as_json)


@app.command()
def stature(
    file: FileArgument, as_json: JsonOption = False, level: LevelOption = 0.95, explain: ExplainOption = False
) -> None:
    """Stature from lengths of long bones; the bone of least spread first.

    Bones of one body repeat each other: use the first, and do not multiply.
    """
    from dokaz.exchange.programs.physical_files import read_stature
    from dokaz.physical import as_reported, at_death, statures_from

    asked = read_stature(_bytes(file, "stature"), file=str(file))
    found = statures_from(asked.lengths_cm, method=asked.method, sex=asked.sex)
    if asked.age_years is not None:
        found = [at_death(each, asked.age_years) for each in found]
    if asked.reported is not None:
        overstated, spread = asked.reported
        found = [as_reported(each, overstated_cm=overstated, spread_cm=spread) for each in found]
    _print_estimates(found, level, as_json)


@app.command()
def sex(file: FileArgument, as_json: JsonOption = False, explain: ExplainOption = False) -> None:
    """Probability of a man from scored traits of skull or pelvis, with the prior that was stated."""
    from dokaz.exchange.programs.physical_files import read_sex
    from dokaz.physical import sex_from

    asked = read_sex(_bytes(file, "sex"), file=str(file))
    found = sex_from(asked.scores, method=asked.method, prior_male=asked.prior_male)
    answer = {
        "of": "sex",
        "method": _method(found.method),
        "scored": dict(found.scored),
        "log10_lr_male": found.log_lr / _LN_10,
        "prior_male": found.prior_male,
        "probability_male": found.probability_male,
        "remarks": list(found.remarks),
    }
    _print(answer, as_json, "sex")


@app.command()
def pairs(file: FileArgument, as_json: JsonOption = False, explain: ExplainOption = False) -> None:
    """Which left and right bones differ too much to be of one person, at a stated rate of false exclusion.

    What is not excluded is not a pair: it is what is left to look at.
    """
    from dokaz.exchange.programs.physical_files import read_pairs
    from dokaz.physical import could_be_pair, fewest_pairs, held_out

    asked = read_pairs(_bytes(file, "pairs"), file=str(file))
    rows = []
    for left, left_values in asked.left.items():
        for right, right_values in asked.right.items():
            test = could_be_pair(left_values, right_values, asked.reference, rate=asked.rate)
            rows.append({"left": left, "right": right, **test.__dict__})
    # Left out in turn, one pair fewer is compared with.
    enough = asked.reference.persons > fewest_pairs(asked.rate)
    answer = {
        "measurements": list(asked.measurements),
        "reference_pairs": asked.reference.persons,
        "rate": asked.rate,
        "excluded_when_held_out": held_out(asked.reference, rate=asked.rate) if enough else None,
        "pairs": sorted(rows, key=lambda row: -row["p_ranked"]),
    }
    _print(answer, as_json, "pairs")


@app.command()
def mni(
    file: FileArgument, as_json: JsonOption = False, level: LevelOption = 0.95, explain: ExplainOption = False
) -> None:
    """How many people at least, and how many most likely.

    Of one element from the counts of left, right and pairs; over all fragments from their zones and links.
    """
    from dokaz.errors import PhysicalError
    from dokaz.exchange.programs.physical_files import read_people
    from dokaz.physical import least_number

    asked = read_people(_bytes(file, "mni"), file=str(file))
    answer: dict[str, Any] = {}
    if asked.paired is not None:
        paired = asked.paired
        answer["paired"] = {"left": paired.left, "right": paired.right, "pairs": paired.pairs,
                            "maximum": paired.maximum, "at_least": paired.at_least}  # fmt: skip
        try:
            low, high = paired.credible_set(level)
        except PhysicalError as error:
            answer["paired"]["refused"] = str(error.what)
        else:
            answer["paired"] |= {"lincoln": paired.lincoln, "most_likely": paired.most_likely,
                                 "credible_set": [low, high], "level": level}  # fmt: skip
    if asked.fragments:
        least = least_number(asked.fragments, same=asked.same, different=asked.different)
        answer["fragments"] = {
            "count": len(asked.fragments),
            "people_at_least": least.people,
            "because": least.because,
            "enough": least.enough,
            "proven": least.proven,
            "by_element": least.by_element,
            "groups": [list(names) for names in least.groups],
        }
    _print(answer, as_json, "mni")


@app.command()
def teeth(file: FileArgument, as_json: JsonOption = False, explain: ExplainOption = False) -> None:
    """Compare a dental chart made in life with a later one: what agrees, what time explains, what excludes."""
    from dokaz.exchange.programs.physical_files import read_teeth
    from dokaz.physical import compare_charts, share_as_similar

    asked = read_teeth(_bytes(file, "teeth"), file=str(file))
    found = compare_charts(asked.before, asked.after)
    answer: dict[str, Any] = {
        "percentage": found.percentage,
        "compared": found.compared,
        "agree": list(found.agree),
        "explained": list(found.explained),
        "excluding": list(found.excluding),
        "unknown": list(found.unknown),
    }
    if asked.population:
        answer["population"] = len(asked.population)
        answer["share_as_similar"] = share_as_similar(asked.before, asked.after, asked.population)
    _print(answer, as_json, "teeth")


_LN_10 = 2.302585092994046


def _bytes(file: Path, question: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadFile(
            sentence("it cannot be read: {why}", why=error.strerror or error), file=str(file),
            next_step=sentence("`dokaz physical {question} --explain` shows a whole file", question=question),
        ) from None  # fmt: skip


def _method(method: PublishedMethod) -> dict[str, str | None]:
    return {
        "key": method.key,
        "name": method.name,
        "citation": method.citation,
        "table": method.table or None,
        "population": method.population,
        "validity": method.validity,
        "figures_checked_against": method.checked,
    }


def _print_estimates(found: list[Estimate], level: float, as_json: bool) -> None:
    answers = []
    for each in found:
        held = each.distribution
        answers.append(
            {
                "of": each.of,
                "unit": held.unit,
                "method": _method(each.method),
                "scored": dict(each.scored),
                "mean": held.mean,
                "sd": held.sd,
                "median": held.median,
                "level": level,
                "interval": list(held.interval(level)),
                "percentiles": [held.quantile(k / 100) for k in range(1, 100)],
                "remarks": list(each.remarks),
            }
        )
    _print({"estimates": answers}, as_json, "estimates")


def _print(answer: dict[str, Any], as_json: bool, words: str) -> None:
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    from dokaz.cli import physical_words

    told: dict[str, Callable[[dict[str, Any]], str]] = physical_words.WORDS
    typer.echo(told[words](answer))
