"""`dokaz kinship lineage`: remains with the paternal and maternal lines of families, by Y haplotypes and mtDNA."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.cli.kinship_options import Missing
from dokaz.cli.kinship_refusals import refuse
from dokaz.errors import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dokaz.kinship.lineage_match import LineMatch


def lineage(
    file: Annotated[Path, typer.Argument(help="A victim file (JSON): remains, families, and who is missing.")],
    haplotypes: Annotated[
        list[Path] | None,
        typer.Option(help="Y haplotypes and mtDNA beside the file: a table of genotypes; may be given again."),
    ] = None,
    database: Annotated[
        list[Path] | None,
        typer.Option(
            help="Haplotypes of a population (CSV), or what a database answered: one file of Y, one of mtDNA."
        ),
    ] = None,
    missing: Missing = None,
    mutations_y: Annotated[int, typer.Option("--mutations-y", min=0, help="Y: more mutations than this exclude.")] = 2,
    mutations_mt: Annotated[
        int, typer.Option("--mutations-mt", min=0, help="mtDNA: more differences than this exclude.")
    ] = 1,
    count_lengths: Annotated[
        bool,
        typer.Option(
            "--count-lengths",
            help="mtDNA: count lengths that vary within a lineage (C-stretches at 16193, 309, 315, 573 and the like).",
        ),
    ] = False,
    theta: Annotated[
        float | None,
        typer.Option(help="Coancestry of lineages in the databases, in place of what they state (# theta: 0.003)."),
    ] = None,
    confidence: Annotated[float, typer.Option(help="Of the upper bound of a frequency, one-sided.")] = 0.95,
    everything: Annotated[bool, typer.Option("--all", help="List exclusions and what cannot be compared too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, with every comparison.")] = False,
) -> None:
    """Compare remains with the typed relatives who share a missing person's paternal or maternal line.

    Who shares it is derived from the pedigree. A line is shared by many: it excludes well and identifies nobody, and its
    LR is not multiplied with any other.
    """
    from dokaz.errors import BadFile, DokazError
    from dokaz.exchange.programs.haplotypes import read_lineage_database, read_lineages
    from dokaz.kinship.haplotypes import DatabaseSearch, LineageKind
    from dokaz.kinship.lineage.mtdna import LENGTH_VARIANTS
    from dokaz.kinship.lineage_match import compare_lines

    found: list[LineMatch] = []
    allowed = {LineageKind.PATERNAL: mutations_y, LineageKind.MATERNAL: mutations_mt}
    try:
        tables = [(p.name, p.read_bytes()) for p in haplotypes or ()]
        case = read_lineages(file.name, file.read_bytes(), tables, missing=missing or ())
        databases = {}
        for path in database or ():
            kind, read = read_lineage_database(path.read_bytes(), file=path.name)
            if kind in databases:
                raise BadFile(
                    sentence("a second database of {value}", value=kind.value),
                    file=path.name,
                    next_step=sentence("give one of each kind"),
                )
            databases[kind] = read if theta is None else replace(read, theta=theta)
            answered = read.answers if isinstance(read, DatabaseSearch) else ()
            for one in sorted(set(answered) - set(case.remains[kind])):
                raise BadFile(
                    sentence("no remains of this name have {value}", value=kind.value), file=path.name, value=one
                )
        if not any(case.remains.values()):
            raise BadFile(
                sentence("no remains have a Y haplotype or mtDNA"),
                file=file.name,
                next_step=sentence("give them in a table: --haplotypes"),
            )
        for kind in LineageKind:
            found += compare_lines(
                case.remains[kind],
                case.families[kind],
                database=databases.get(kind),
                allowed_mutations=allowed[kind],
                confidence=confidence,
                length_variants=frozenset() if count_lengths else LENGTH_VARIANTS,
                is_paired=case.is_paired,
            )
    except (DokazError, OSError) as error:
        refuse(file, error, as_json)
    if as_json:
        typer.echo(json.dumps({"comparisons": [comparison_row(m) for m in found], "set_aside": list(case.aside)}))
        return
    for line in as_table(found, everything=everything):
        typer.echo(line)
    if case.aside:
        typer.echo(f"not known as lineage markers: {', '.join(case.aside)}", err=True)


def comparison_row(match: LineMatch) -> dict[str, Any]:
    """What `dokaz kinship lineage --json` prints of one comparison."""
    comparison, rarity = match.comparison, match.rarity
    return {
        "remains": match.remains,
        "missing": match.missing,
        "family": match.family,
        "line": comparison.kind.value,
        "relative": match.relative,
        "meioses": match.meioses,
        "verdict": comparison.verdict.value,
        "compared": list(comparison.compared),
        "differences": list(comparison.differences),
        "mutations": comparison.mutations,
        "allowed_mutations": comparison.allowed_mutations,
        "disregarded": list(comparison.disregarded),
        "database": rarity and rarity.database,
        "count": rarity and rarity.count,
        "size": rarity and rarity.size,
        "counted_over": rarity and list(rarity.counted_over),
        "frequency_upper": rarity and rarity.frequency_upper,
        "confidence": rarity and rarity.confidence,
        "theta": rarity and rarity.theta,
        "match_probability": rarity and rarity.match_probability,
        "lr": match.lr,
    }


def as_table(found: Sequence[LineMatch], *, everything: bool) -> list[str]:
    """The comparisons for a person, matches first; without `everything`, exclusions are only counted."""
    from dokaz.kinship.haplotypes import LineageVerdict

    order = list(LineageVerdict)
    told = [m for m in found if everything or order.index(m.comparison.verdict) < 2]
    told.sort(key=lambda m: (order.index(m.comparison.verdict), m.comparison.mutations))
    lines = []
    for match in told:
        with_whom = (
            f"{match.missing} of {match.family} by {match.relative}, {_many(match.meioses, 'meiosis', 'meioses')}"
        )
        lines.append(f"{match.remains:<12} {match.comparison.kind.value:<5} {with_whom}: {_verdict(match)}")
        lines += _rarity(match)
        if match.comparison.disregarded:
            lines.append(f"{'':<18} disregarded: {'; '.join(match.comparison.disregarded)}")
    if not told:
        lines.append("no remains share a line with a family")
    for verdict in (LineageVerdict.EXCLUSION, LineageVerdict.NOT_COMPARABLE):
        count = sum(m.comparison.verdict is verdict for m in found)
        if count and not everything:
            lines.append(f"{verdict.value}: {count} of {_many(len(found), 'comparison')}; --all lists them")
    if any(match.lr for match in found):
        lines.append("an LR of a line holds for all who share it, and is not multiplied with any other LR")
    return lines


def _verdict(match: LineMatch) -> str:
    from dokaz.kinship.haplotypes import LineageKind, LineageVerdict

    comparison = match.comparison
    if comparison.verdict is LineageVerdict.NOT_COMPARABLE:
        return "not comparable, nothing was typed in both"
    over = _many(len(comparison.compared), "locus", "loci")
    if comparison.kind is LineageKind.MATERNAL:
        over = ", ".join(comparison.compared)
    if comparison.verdict is LineageVerdict.MATCH:
        return f"match over {over}"
    verdict = "exclusion, " if comparison.verdict is LineageVerdict.EXCLUSION else ""
    told = f"{'; '.join(comparison.differences)}; {comparison.allowed_mutations} allowed"
    return f"{verdict}{_many(comparison.mutations, 'mutation')} over {over} ({told})"


def _rarity(match: LineMatch) -> list[str]:
    rarity = match.rarity
    if rarity is None:
        return []
    over = "" if rarity.counted_over == match.comparison.compared else f" over {', '.join(rarity.counted_over)}"
    lr = f", with theta {rarity.theta:g} {rarity.match_probability:.4g}" if rarity.theta else ""
    lr += "" if match.lr is None else f", LR {match.lr:.4g}"
    return [
        f"{'':<18} {rarity.count} of {rarity.size} in {rarity.database}{over}; frequency at most "
        f"{rarity.frequency_upper:.4g} with confidence {rarity.confidence:g}{lr}"
    ]


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"
