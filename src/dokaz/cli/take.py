"""`dokaz import`: take in files as teams deliver them, each whole or not at all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.cli.frame import (
    DEFAULT_STORE,
    As,
    Json,
    Progress,
    StoreOption,
    acting,
    counted,
    filing_as,
    open_store,
    report,
)

if TYPE_CHECKING:
    from dokaz.casework.filing import Filing
    from dokaz.casework.models import Record

app = typer.Typer(
    add_completion=False,
    help="Take in files as teams deliver them: one file, one filing; a refused file changes nothing.",
    no_args_is_help=True,
)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The delivered file.")]


#: What `take_moves_given` calls the moves that it passed over.
LEFT = "moves_of_others_or_not_due"
#: Remarks that are printed; `--json` has them all, and so has the record of the delivery.
SHOWN_REMARKS = 10


def _said(file: Path, taken: dict[str, int], work: Filing, as_json: bool) -> None:
    remarks = _remarks(work)
    left = {what: taken[what] for what in (LEFT,) if what in taken}
    filed = {what: number for what, number in taken.items() if what not in left}
    lines = [f"{file.name}: {counted(filed)} filed" + (f"; {counted(left)}, left for later." if left else ".")]
    lines += [f"  {remark}" for remark in remarks[:SHOWN_REMARKS]]
    if len(remarks) > SHOWN_REMARKS:
        lines.append(f"  … and {len(remarks) - SHOWN_REMARKS:,} more remarks (--json)")
    report({"file": str(file), "taken": taken, "remarks": remarks}, "\n".join(lines), as_json)


def _remarks(work: Filing) -> list[str]:
    """What the readers found odd in a delivery and its photographs, and took all the same."""
    from dokaz.casework.models import Delivery
    from dokaz.exchange.reading.remarks import in_words
    from dokaz.graves.models import Photograph

    def filed(kind: type[Record]) -> list[Any]:
        ids = dict.fromkeys(entry.record for entry in work.receipt.entries if entry.kind == kind.kind())
        found = kind.objects.in_bulk(ids)
        return [found[each] for each in ids]

    of_photographs = [f"{p.file_name}: {in_words(remark)}" for p in filed(Photograph) for remark in p.remarks]
    return [in_words(remark) for delivery in filed(Delivery) for remark in delivery.remarks] + of_photographs


@app.command()
def survey(
    file: File,
    by: As,
    photographs: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Directory of the photographs; beside the file if not given."),
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """A field survey: sites, graves, units with their points, what was lifted, and the photographs."""
    opened = open_store(store)
    from dokaz.graves.intake import take_survey

    pictures = _pictures(photographs or file.parent)
    with Progress(file.name) as shown, filing_as(opened, acting(opened, by, "scene", unlock=False)) as work:
        taken = take_survey(file.read_bytes(), file=file.name, photographs=pictures, filing=work, progress=shown)
    _said(file, taken, work, as_json)


def _pictures(folder: Path) -> dict[str, Path]:
    """The files of a folder by their path in it, and by their bare name where only one bears it."""
    files = [p for p in folder.rglob("*") if p.is_file()]
    names = Counter(p.name for p in files)
    bare = {p.name: p for p in files if names[p.name] == 1}
    return bare | {p.relative_to(folder).as_posix(): p for p in files}


@app.command()
def custody(file: File, by: As, store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """A list of moves: files the hand-overs that you gave; the receivers confirm with `dokaz sign --custody`."""
    opened = open_store(store)
    from dokaz.mortuary.custody import take_moves_given

    giver = acting(opened, by, "scene", "mortuary", "dna_examiner", "family_liaison", "investigator")
    with Progress(file.name) as shown, filing_as(opened, giver) as work:
        taken = take_moves_given(file.read_bytes(), file=file.name, filing=work, progress=shown)
    _said(file, taken, work, as_json)


def _simple(path: Path, by: str, roles: tuple[str, ...], store: Path, as_json: bool, take: Any) -> None:
    opened = open_store(store)
    with Progress(path.name) as shown, filing_as(opened, acting(opened, by, *roles, unlock=False)) as work:
        taken = take()(path.read_bytes(), file=path.name, filing=work, progress=shown)
    _said(path, taken, work, as_json)


@app.command()
def examinations(file: File, by: As, store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """Mortuary examinations with their findings."""

    def take() -> Any:
        from dokaz.mortuary.intake import take_examinations

        return take_examinations

    _simple(file, by, ("mortuary",), store, as_json, take)


@app.command()
def samples(file: File, by: As, store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """Samples taken for the laboratory."""

    def take() -> Any:
        from dokaz.mortuary.intake import take_samples

        return take_samples

    _simple(file, by, ("mortuary",), store, as_json, take)


@app.command()
def profiles(file: File, by: As, store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """Post-mortem DNA profiles (GeneMapper table, or a row a sample)."""

    def take() -> Any:
        from dokaz.mortuary.intake import take_profiles

        return take_profiles

    _simple(file, by, ("dna_examiner",), store, as_json, take)


@app.command()
def missing(file: File, by: As, store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """Reports of missing persons."""

    def take() -> Any:
        from dokaz.missing.intake import take_missing

        return take_missing

    _simple(file, by, ("family_liaison",), store, as_json, take)


@app.command()
def families(
    pedigrees: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="PED file.")],
    genotypes: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Genotypes of relatives.")],
    donors: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Donors with their consents.")],
    by: As,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Pedigrees, the relatives' genotypes and their consents; you hold the offices of family liaison and DNA examiner."""
    opened = open_store(store)
    from dokaz.missing.intake import take_families

    liaison = acting(opened, by, "family_liaison", unlock=False)
    examiner = acting(opened, f"{by.partition(':')[0]}:dna_examiner", unlock=False)
    with Progress(pedigrees.name) as shown, filing_as(opened, liaison) as work:
        taken = take_families(
            *((p.name, p.read_bytes()) for p in (pedigrees, genotypes, donors)),
            filing=work, examiner=examiner, progress=shown,
        )  # fmt: skip
    _said(pedigrees, taken, work, as_json)


@app.command()
def frequencies(
    file: File,
    by: As,
    name: Annotated[str, typer.Option(help="What the table is called here.")] = "",
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Allele frequencies, with their source."""
    opened = open_store(store)
    from dokaz.missing.intake import take_frequencies

    with filing_as(opened, acting(opened, by, "dna_examiner", unlock=False)) as work:
        taken = take_frequencies(file.read_bytes(), file=file.name, filing=work, name=name)
    _said(file, taken, work, as_json)


@app.command()
def dvi(file: File, by: As, store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """A victim-identification case in JSON: remains, families, frequencies. You hold every office that it needs."""
    opened = open_store(store)
    from dokaz.identification.intake import ROLES, take_case

    offices = {role: acting(opened, f"{by.partition(':')[0]}:{role}", unlock=False) for role in ROLES}
    with Progress(file.name) as shown, filing_as(opened, offices["scene"]) as work:
        taken = take_case(file, filing=work, offices=offices, progress=shown)
    _said(file, taken, work, as_json)
