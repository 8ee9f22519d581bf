"""`dokaz linkage`: who on one list is whom on another, or twice on the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dokaz.cli.frame import Progress
from dokaz.errors import BadFile, sentence

if TYPE_CHECKING:
    from dokaz.exchange.programs.people_tables import PeopleTable
    from dokaz.linkage import Blocks, Lists, Weights

app = typer.Typer(
    add_completion=False, help="Who is who on lists of people: link, train, evaluate, explain.", no_args_is_help=True
)

_Left = Annotated[
    Path, typer.Argument(help="A list: CSV or XLSX with surname, given, patronymic, dob, place; any may lack.")
]
_Right = Annotated[Path | None, typer.Argument(help="The other list; left out, the first is held against itself.")]
_Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
_Settings = Annotated[
    Path | None, typer.Option(help="Weights that `dokaz linkage train` wrote; else they are learnt here.")
]
_Ages = Annotated[
    int,
    typer.Option(
        "--ages-hold-in", min=0, max=2100, help="The year in which ages were written down, where lists give ages."
    ),
]
_Seed = Annotated[int, typer.Option(min=0, help="Seed of random numbers; the same one gives the same answer.")]
_FORM = "dokaz linkage 1"


@app.command()
def link(
    left: _Left,
    right: _Right = None,
    one_to_one: Annotated[
        bool, typer.Option("--one-to-one", help="Nobody is twice on a list: at most one link a row.")
    ] = False,
    as_json: _Json = False,
    at_least: Annotated[float, typer.Option(min=0.0, max=1.0, help="Leave out links of a smaller probability.")] = 0.5,
    settings: _Settings = None,
    ages_hold_in: _Ages = 0,
    seed: _Seed = 1,
) -> None:
    """Pairs of rows that are likely one person, the likeliest first.

    Rows are counted from 0, without the header. Nothing here identifies anyone: a link is a question for two people who
    look at both entries.
    """
    from dokaz import linkage as engine

    tables, lists = _lists(left, right, ages_hold_in)
    blocks, weights = _learnt(lists, settings, seed)
    with Progress("comparing") as progress:
        linked = engine.link(lists, blocks, weights, progress=progress)
    if one_to_one:
        linked = engine.one_to_one(linked, lists, weights)
    elif lists.is_one:
        linked = engine.grouped(linked, lists, weights)
    elif engine.nobody_twice(linked, lists):
        linked = engine.with_rivals(linked, lists, weights)
    kept = linked.only(linked.probability >= at_least)
    if as_json:
        from dokaz.cli.linkage_words import links_as_values

        typer.echo(json.dumps({"links": links_as_values(kept, weights)}, ensure_ascii=False))
        return
    from dokaz.cli.linkage_words import in_words

    missed = engine.missed(lists, blocks, weights, seed=seed)
    typer.echo(in_words(tables, lists, blocks, weights, linked, kept, missed))


@app.command()
def train(
    left: _Left,
    right: _Right = None,
    out: Annotated[Path, typer.Option("--out", help="Where the weights are written (JSON).")] = Path("weights.json"),
    ages_hold_in: _Ages = 0,
    seed: _Seed = 1,
) -> None:
    """Learn what agreements are worth, without anybody having said who is who, and write it down for `link --settings`."""
    from dokaz.cli.linkage_words import weights_in_words

    _, lists = _lists(left, right, ages_hold_in)
    _, weights = _learnt(lists, None, seed)
    written = {
        "form": _FORM,
        "learnt_from": lists.sizes,
        **weights.as_settings(),
    }
    out.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    typer.echo(f"{weights_in_words(lists, weights)}\nwritten: {out}")


@app.command()
def evaluate(
    links: Annotated[
        Path, typer.Argument(help="What `link --json` printed; with --at-least 0.01 for the table of reliability.")
    ],
    truth: Annotated[
        Path, typer.Argument(help="Who is who: CSV with the columns left and right, rows counted from 0.")
    ],
    as_json: _Json = False,
    at_least: Annotated[float, typer.Option(min=0.0, max=1.0, help="A link of a smaller probability is none.")] = 0.5,
    plot: Annotated[Path | None, typer.Option(help="Draw what probabilities said and what was right (SVG).")] = None,
) -> None:
    """Precision, recall and F1 of links, and whether their probabilities mean what they say."""
    from dokaz.cli.linkage_words import evaluation_as_values, evaluation_in_words
    from dokaz.exchange.programs.people_tables import read_links, read_truth
    from dokaz.linkage import evaluate as evaluated

    found = evaluated(
        read_links(_bytes(links), file=str(links)), read_truth(_bytes(truth), file=str(truth)), at_least=at_least
    )
    if plot is not None:
        from dokaz.cli.linkage_picture import reliability_picture

        plot.write_text(reliability_picture(found.reliability), encoding="utf-8")
    typer.echo(json.dumps(evaluation_as_values(found)) if as_json else evaluation_in_words(found))


@app.command()
def explain(
    left: Annotated[str, typer.Argument(help="A row of a list, as FILE:ROW; rows are counted from 0.")],
    right: Annotated[str, typer.Argument(help="A row of the other list, or of the same.")],
    settings: _Settings = None,
    as_json: _Json = False,
    ages_hold_in: _Ages = 0,
    seed: _Seed = 1,
) -> None:
    """What speaks for and against two rows being one person, field by field."""
    import numpy as np

    from dokaz.cli.linkage_words import explained_as_values, explained_in_words
    from dokaz.linkage import bits_of

    (file, row), (other_file, other_row) = _placed(left), _placed(right)
    (table, other), lists = _lists(file, None if other_file == file else other_file, ages_hold_in)
    for at, people, where in ((row, table, left), (other_row, other, right)):
        if at >= len(people.people):
            raise typer.BadParameter(f"{where}: the list has rows 0 to {len(people.people) - 1}")
    if lists.is_one and row == other_row:
        raise typer.BadParameter("that is one row; name two")
    _, weights = _learnt(lists, settings, seed)
    bits, pattern = bits_of(lists, weights, np.array([row]), np.array([other_row]))
    told = explained_as_values(
        lists, weights, table.people[row], other.people[other_row], (row, other_row), float(bits[0]), int(pattern[0])
    )
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else explained_in_words(told))


def _placed(text: str) -> tuple[Path, int]:
    found = re.fullmatch(r"(.+):(\d+)", text)
    if found is None:
        raise typer.BadParameter(f"{text}: write FILE:ROW, as missing.csv:3")
    return Path(found[1]), int(found[2])


def _lists(left: Path, right: Path | None, ages_hold_in: int) -> tuple[tuple[PeopleTable, PeopleTable], Lists]:
    """Both lists read; the same file twice is one list against itself."""
    from dokaz.exchange.programs.people_tables import read_people
    from dokaz.linkage import prepare

    data = _bytes(left)
    one = read_people(data, file=str(left))
    other = one if right is None or _bytes(right) == data else read_people(_bytes(right), file=str(right))
    lists = prepare(one.people, None if other is one else other.people, ages_hold_in=ages_hold_in)
    return (one, other), lists


def _learnt(lists: Lists, settings: Path | None, seed: int) -> tuple[Blocks, Weights]:
    from dokaz.exchange.programs.case_markers import read_json
    from dokaz.linkage import Blocks, Weights
    from dokaz.linkage import train as learnt

    blocks = Blocks(lists)
    if settings is not None:
        return blocks, Weights.from_settings(read_json(_bytes(settings), file=str(settings)))
    with Progress("learning") as progress:
        return blocks, learnt(lists, blocks, seed=seed, progress=progress)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadFile(
            sentence("it cannot be read: {why}", why=error.strerror or error), file=str(file),
            next_step=sentence("give the path of a list"),
        ) from None  # fmt: skip
