"""`dokaz kinship convert`, `assemble`, `frequencies` and `warm`: foreign formats, shipped tables, compiled code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.cli.kinship_mutation import MOST_SEARCHED, in_one_line
from dokaz.cli.kinship_options import Chromosomes, MinFrequency, UnknownSex, policy_of
from dokaz.cli.kinship_refusals import once, refusal
from dokaz.errors import sentence

if TYPE_CHECKING:
    from dokaz.exchange.deliveries.frequencies import FrequencyTable

_FORMS = (
    "json, fam, ped, long, wide, genemapper, genemarker, codis, strider, strider-csv, frequencies, pedtools"
    ", emp, hsd, gedcom, vcf, 23andme, forenseq"
)


def convert(
    source: Annotated[Path, typer.Argument(help="The file to read.")],
    target: Annotated[Path, typer.Argument(help="The file to write.")],
    from_form: Annotated[
        str, typer.Option("--from", help=f"Its format, where name and header do not tell: {_FORMS}.")
    ] = "",
    to_form: Annotated[
        str,
        typer.Option("--to", help="The format to write; else by suffix: .json .fam .ped .csv .txt .xml."),
    ] = "",
    frequencies: Annotated[
        str, typer.Option(help="Frequencies, for a source without: a file, or the name of a shipped table.")
    ] = "",
    population: Annotated[str, typer.Option(help="Which one, in a file of several populations.")] = "",
    h1: Annotated[str, typer.Option(help="The pedigree of a Familias file that is hypothesis 1.")] = "",
    h2: Annotated[str, typer.Option(help="The pedigree that is hypothesis 2.")] = "",
    missing: Annotated[
        list[str] | None,
        typer.Option(
            help="Who is missing, where the file does not say so (Familias, GEDCOM, PED); may be given again."
        ),
    ] = None,
    lone_allele: Annotated[
        str,
        typer.Option(help="What a lone allele in a table is: `homozygote`. Unstated, it is refused where it matters."),
    ] = "",
    chromosome: Chromosomes = None,
    min_frequency: MinFrequency = None,
    markers: Annotated[
        Path | None,
        typer.Option(help="VCF, 23andMe: a table of the markers to read (marker, chromosome, position)."),
    ] = None,
    unknown_sex: UnknownSex = None,
    sheet: Annotated[str, typer.Option(help="Which sheet, in a workbook (.xlsx) of several.")] = "",
    lossy: Annotated[bool, typer.Option("--lossy", help="Leave out, and name, what the target cannot hold.")] = False,
    destination: Annotated[str, typer.Option(help="CODIS: the laboratory that receives.")] = "",
    laboratory: Annotated[str, typer.Option(help="CODIS: the laboratory that sends.")] = "",
    user: Annotated[str, typer.Option(help="CODIS: who submits and read the loci.")] = "",
    at: Annotated[str, typer.Option(help="CODIS: when, as 2026-05-04T09:12:03.")] = "",
    category: Annotated[str, typer.Option(help="CODIS: specimen category, such as 'Unidentified Person'.")] = "",
) -> None:
    """Turn a file into another program's. Refuses what the target cannot hold, unless --lossy; then names it."""
    from dokaz.errors import BadFile, DokazError
    from dokaz.exchange.programs import conversion, loading
    from dokaz.exchange.programs.snp_files import read_marker_list

    try:
        _must_be_a_meaning(lone_allele)
        options = loading.Options(
            frequency_table(frequencies, population) if frequencies else None,
            h1,
            h2,
            tuple(missing or ()),
            population,
            bool(lone_allele),
            {"destination": destination, "laboratory": laboratory, "user": user, "at": at} if destination else {},
            category,
            _stated(chromosome),
            policy_of(min_frequency),
            sheet,
            read_marker_list(loading.as_text(markers.name, markers.read_bytes()), file=markers.name)
            if markers
            else None,
            tuple(unknown_sex or ()),
        )
        data = source.read_bytes()
        loaded = loading.load_any(source.name, data, options, from_form)
        form = to_form or _target_form(target, has_genotypes=loaded.samples is not None)
        written, losses, notes = conversion.convert(loaded, form, options)
        if losses and not lossy:
            raise BadFile(
                sentence("a {form} file cannot hold: {losses}", form=form, losses="; ".join(losses)),
                file=source.name,
                next_step=sentence("keep the case in a format that can, or leave that out with --lossy"),
            )
    except (DokazError, OSError) as error:
        typer.echo(f"{source}: refused: {refusal(error)}", err=True)
        raise typer.Exit(1) from None
    target.write_bytes(written)
    typer.echo(f"{source} → {target}")
    for line in once((*(f"left out: {loss}" for loss in losses), *loaded.notes, *notes)):
        typer.echo(f"  {line}", err=True)


def assemble(
    target: Annotated[Path, typer.Argument(help="The victim file (JSON) to write.")],
    remains: Annotated[
        list[Path],
        typer.Option(help="Genotypes of remains: GeneMapper, wide CSV or Excel, CODIS, VCF, …; may be given again."),
    ],
    families: Annotated[
        list[Path],
        typer.Option(help="Families: PED, GEDCOM, Familias, Excel with parents; may be given again."),
    ],
    frequencies: Annotated[str, typer.Option(help="Frequencies: a file, or the name of a shipped table.")],
    population: Annotated[str, typer.Option(help="Which one, in a file of several populations.")] = "",
    mutation: Annotated[str, typer.Option(help="Mutation model of all markers: equal, proportional, stepwise.")] = "",
    rate: Annotated[float, typer.Option(help="Its rate.")] = 0.002,
    rate2: Annotated[float, typer.Option(help="stepwise: rate of changes to another microvariant.")] = 1e-6,
    step_range: Annotated[float, typer.Option("--range", help="stepwise: two steps relative to one.")] = 0.1,
    lone_allele: Annotated[
        str, typer.Option(help="What a lone allele is: `homozygote`. Unstated, it is refused.")
    ] = "",
    chromosome: Chromosomes = None,
    min_frequency: MinFrequency = None,
    references: Annotated[
        list[Path] | None,
        typer.Option(help="Genotypes of relatives, named as in their families; may be given again."),
    ] = None,
    missing: Annotated[
        list[str] | None, typer.Option(help="Who is missing, where families do not say so; may be given again.")
    ] = None,
    sheet: Annotated[str, typer.Option(help="Which sheet, in workbooks (.xlsx) of several.")] = "",
) -> None:
    """Put remains, families and frequencies together into one victim file."""
    from dokaz.errors import BadFile, DokazError
    from dokaz.exchange.programs.assembly import assemble as put_together
    from dokaz.exchange.programs.case_reader import victims_from
    from dokaz.kinship import Mutation, MutationKind, MutationModel, search

    try:
        _must_be_a_meaning(lone_allele)
        model = None
        if mutation:
            if mutation not in {"equal", "proportional", "stepwise"}:
                raise BadFile(
                    sentence("no such model here"),
                    file="--mutation",
                    value=mutation,
                    next_step=sentence("equal, proportional, stepwise"),
                )
            model = Mutation.alike(MutationModel(MutationKind(mutation), rate=rate, rate2=rate2, range=step_range))
        data, notes = put_together(
            [(path.name, path.read_bytes()) for path in remains],
            [(path.name, path.read_bytes()) for path in families],
            frequency_table(frequencies, population),
            target.stem,
            mutation=model,
            lone_is_homozygote=bool(lone_allele),
            chromosomes=_stated(chromosome),
            policy=policy_of(min_frequency),
            references=[(path.name, path.read_bytes()) for path in references or ()],
            missing=missing or (),
            sheet=sheet,
        )
        case = victims_from(data, target.stem)
        mutation_line = f"mutation model: {case.victims.markers.mutation_in_words}"
        if len(case.victims) * len(case.missing) <= MOST_SEARCHED:
            mutation_line = in_one_line(case, search(case.victims, case.families, pairings=case.pairings))
    except (DokazError, OSError) as error:
        typer.echo(f"{target}: refused: {refusal(error)}", err=True)
        raise typer.Exit(1) from None
    target.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    typer.echo(
        f"{target}: {len(data['pm'])} remains, {len(data['am'])} families, {len(data['missing'])} missing persons, "
        f"{sum(bool(marker['alleles']) for marker in data['markers'])} markers; "
        f"{mutation_line}"
    )
    for note in once(notes):
        typer.echo(f"  {note}", err=True)


def _must_be_a_meaning(lone_allele: str) -> None:
    from dokaz.errors import BadFile

    if lone_allele not in {"", "homozygote"}:
        raise BadFile(
            sentence("not a meaning of a lone allele"),
            file="--lone-allele",
            value=lone_allele,
            next_step=sentence("homozygote"),
        )


def _stated(options: list[str] | None) -> dict[str, str]:
    """Chromosomes by marker or pattern, as `--chromosome` gives them."""
    from dokaz.errors import BadFile

    found: dict[str, str] = {}
    for option in options or ():
        marker, mark, chromosome = option.rpartition("=")
        if not (marker and mark and chromosome):
            raise BadFile(
                sentence("not a marker and its chromosome"),
                file="--chromosome",
                value=option,
                next_step=sentence("write NAME=X; 1 to 22, autosomal, X, Y or MT"),
            )
        found[marker] = chromosome
    return found


def _target_form(target: Path, *, has_genotypes: bool) -> str:
    from dokaz.errors import BadFile

    forms = {
        ".json": "json",
        ".fam": "fam",
        ".ped": "ped",
        ".csv": "long" if has_genotypes else "frequencies",
        ".txt": "genemapper",
        ".tsv": "genemapper",
        ".xml": "codis" if has_genotypes else "strider",
    }
    suffix = target.suffix.lower()
    if suffix not in forms:
        raise BadFile(
            sentence("no conversion to a file of this suffix"),
            file=target.name,
            next_step=sentence("name a format: --to {allowed}", allowed=_FORMS),
        )
    return forms[suffix]


def frequency_table(name: str, population: str = "") -> FrequencyTable:
    """A shipped frequency table by its name, or one read from a file.

    Raises:
        BadFile, UnknownPopulation, OSError: neither.
    """
    from dokaz.exchange.programs.frequency_tables import frequencies_named, is_shipped

    if is_shipped(name) or not Path(name).suffix:
        return frequencies_named(name, None)
    return frequencies_named(Path(name).name, Path(name).read_bytes(), population)


def frequencies(
    name: Annotated[str, typer.Argument(help="Show one table whole.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """The frequency tables that are shipped, each with its citation; or one of them, as a CSV table."""
    from dokaz.errors import DokazError
    from dokaz.exchange.deliveries.frequencies import write_frequencies
    from dokaz.kinship.model.published_frequencies import published, published_names

    if name:
        try:
            table = frequency_table(name)
        except (DokazError, OSError) as error:
            typer.echo(f"{name}: refused: {refusal(error)}", err=True)
            raise typer.Exit(1) from None
        typer.echo(json.dumps(_shown(table)) if as_json else write_frequencies(table), nl=as_json)
        return
    tables = [published(known) for known in published_names()]
    if as_json:
        rows = [
            {"name": t.name, "population": t.population, "source": t.source, "markers": list(t.counts)} for t in tables
        ]
        typer.echo(json.dumps({"tables": rows}))
        return
    for shipped in tables:
        typer.echo(f"{shipped.name}: {len(shipped.counts)} markers. {shipped.population}")
    typer.echo(f"\nSource: {tables[0].source}")


def _shown(table: FrequencyTable) -> dict[str, Any]:
    return {
        "name": table.file,
        "population": table.population,
        "source": table.source,
        "frequencies": table.frequencies,
        "people": table.sample_sizes,
    }


def warm() -> None:
    """Compile what will be needed, once after installing, so that the first question is answered as fast as the next."""
    import time

    from dokaz.kinship import compile_ahead

    for name, work in compile_ahead.PARTS.items():
        start = time.perf_counter()
        work()
        typer.echo(f"{name}: {time.perf_counter() - start:.1f} s")


def commands() -> Mapping[str, Any]:
    """The commands of this file, by name."""
    return {"convert": convert, "assemble": assemble, "frequencies": frequencies, "warm": warm}
