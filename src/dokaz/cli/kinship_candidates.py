"""`dokaz kinship candidates`: the strongest pairs of a caseload too large for a matrix, on one machine or many."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dokaz.cli.kinship_mutation import in_json, in_words, resting_on, told
from dokaz.cli.kinship_options import AsJson, Linked, MinFrequency, Theta, VictimFile, read_case
from dokaz.cli.kinship_refusals import refuse
from dokaz.errors import sentence

if TYPE_CHECKING:
    from dokaz.exchange.programs.case_reader import VictimCase
    from dokaz.kinship import KinshipFamily

#: So many pairs are told marker by marker, the strongest.
_MOST_TOLD = 1000


def candidates(
    file: VictimFile,
    as_json: AsJson = False,
    theta: Theta = None,
    min_frequency: MinFrequency = None,
    linked: Linked = "",
    keep: Annotated[int, typer.Option(help="How many to keep of each profile, and of each missing person.")] = 10,
    at_least: Annotated[float, typer.Option(help="Lowest log10 LR to keep.")] = 0.0,
    folder: Annotated[
        Path | None,
        typer.Option(help="Keep tables and finished parts here: run again with it, a stopped search goes on."),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Spread the work over the workers of this Dask scheduler: tcp://HOST:PORT.")
    ] = None,
) -> None:
    """The strongest candidates of every profile and of every missing person, in memory that does not grow with the pairs.

    The same LRs as `dokaz kinship search`, for any number of profiles and families. A rank identifies nobody.
    """
    from dokaz.errors import DokazError
    from dokaz.kinship import find_candidates
    from dokaz.kinship.blind.cluster import connected, find_candidates_on

    try:
        case, families = read_case(file, theta, min_frequency, linked=linked, in_pairs=True)
        _must_compare_by_sex_alone(case, families)
        total = sum(len(family.missing) for family in families)
        with (
            typer.progressbar(
                length=total, label="missing persons", file=sys.stderr, hidden=not sys.stderr.isatty()
            ) as bar,
            contextlib.ExitStack() as stack,
        ):
            search = find_candidates
            if scheduler is not None:
                search = partial(find_candidates_on, stack.enter_context(connected(scheduler)))
            found = search(
                case.victims,
                families,
                theta=case.theta,
                linked=case.linked,
                keep=keep,
                at_least_log10_lr=at_least,
                folder=folder,
                progress=lambda done, _: bar.update(done - bar.pos),
            )
        pairs = found.pairs()
        rests = resting_on(case, [(str(pair["profile"]), str(pair["missing"])) for pair in pairs[:_MOST_TOLD]])
    except (DokazError, OSError) as error:
        refuse(file, error, as_json)
    told_of = [rests.get((str(pair["profile"]), str(pair["missing"]))) for pair in pairs]
    if as_json:
        answer = {"theta": case.theta, "keep": keep, "at_least_log10_lr": at_least}
        rows = [{**pair, **(in_json(rest) if rest else {})} for pair, rest in zip(pairs, told_of, strict=True)]
        mutation = case.victims.markers.mutation_in_words
        typer.echo(json.dumps({**answer, "pairs": rows, "mutation": mutation}))
        return
    for pair, rest in zip(pairs, told_of, strict=True):
        typer.echo(
            f"{pair['profile']!s:<12} {pair['missing']!s:<12} {pair['family']!s:<10} log10 LR {pair['log10_lr']:8.3f}"
            f"{f'  {in_words(rest)}' if rest else ''}"
        )
    if not pairs:
        typer.echo(f"no pair reaches log10 LR {at_least:g}")
    for line in told(case.victims.markers, case.linked):
        typer.echo(line, err=True)
    if len(pairs) > _MOST_TOLD:
        typer.echo(f"markers are told of the {_MOST_TOLD:,} strongest pairs", err=True)


def _must_compare_by_sex_alone(case: VictimCase, families: Sequence[KinshipFamily]) -> None:
    """Refuse a file that lists pairings of its own: here all of the same or an unknown sex are compared."""
    from dokaz.errors import NotMeaningful
    from dokaz.kinship import Sex

    if case.pairings is None:
        return
    of_sex = {
        sex: frozenset(
            person
            for family in families
            for person in family.missing
            if Sex.UNKNOWN in (sex, family.pedigree.sex_of(person)) or family.pedigree.sex_of(person) is sex
        )
        for sex in Sex
    }
    listed = zip(case.victims.ids, case.victims.sexes, strict=True)
    other = [profile for profile, sex in listed if frozenset(case.pairings.get(profile, ())) != of_sex[sex]]
    if other:
        raise NotMeaningful(
            sentence(
                "the file lists pairings of its own for {count} of {victims} profiles, {first} first",
                count=len(other),
                victims=len(case.victims),
                first=other[0],
            ),
            next_step=sentence("use dokaz kinship search, which compares listed pairs, or leave the pairings out"),
        )
