"""`dokaz import`: take in files as teams deliver them, each whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

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

app = typer.Typer(
    add_completion=False,
    help="Take in files as teams deliver them: one file, one filing; a refused file changes nothing.",
    no_args_is_help=True,
)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The delivered file.")]


def _said(file: Path, taken: dict[str, int], as_json: bool) -> None:
    report({"file": str(file), "taken": taken}, f"{file.name}: {counted(taken)} filed.", as_json)


@app.command()
def survey(
    file: File,
    by: As,
    photographs: Annotated[
        Path | None, typer.Option(file_okay=False, help="Directory of the photographs; beside the file if not given.")
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """A field survey: sites, graves, units with their points, what was lifted, and the photographs."""
    opened = open_store(store)
    from dokaz.graves.intake import take_survey

    folder = photographs or file.parent
    pictures = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    pictures |= {p.name: p for p in folder.rglob("*") if p.is_file() and p.name not in pictures}
    with Progress(file.name) as shown, filing_as(opened, acting(opened, by, "scene", unlock=False)) as work:
        taken = take_survey(file.read_bytes(), file=file.name, photographs=pictures, filing=work, progress=shown)
    _said(file, taken, as_json)


@app.command()
def custody(file: File, by: As, store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """A list of moves: files the hand-overs that you gave; the receivers confirm with `dokaz sign --custody`."""
    opened = open_store(store)
    from dokaz.mortuary.custody import take_moves_given

    giver = acting(opened, by, "scene", "mortuary", "dna_examiner", "family_liaison", "investigator")
    with Progress(file.name) as shown, filing_as(opened, giver) as work:
        taken = take_moves_given(file.read_bytes(), file=file.name, filing=work, progress=shown)
    _said(file, taken, as_json)


def _simple(path: Path, by: str, roles: tuple[str, ...], store: Path, as_json: bool, take: Any) -> None:
    opened = open_store(store)
    with Progress(path.name) as shown, filing_as(opened, acting(opened, by, *roles, unlock=False)) as work:
        taken = take()(path.read_bytes(), file=path.name, filing=work, progress=shown)
    _said(path, taken, as_json)


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
    _said(pedigrees, taken, as_json)


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
    _said(file, taken, as_json)


@app.command()
def dvi(file: File, by: As, store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """A victim-identification case in JSON: remains, families, frequencies. You hold every office that it needs."""
    opened = open_store(store)
    from dokaz.identification.intake import ROLES, take_case

    offices = {role: acting(opened, f"{by.partition(':')[0]}:{role}", unlock=False) for role in ROLES}
    with Progress(file.name) as shown, filing_as(opened, offices["scene"]) as work:
        taken = take_case(file, filing=work, offices=offices, progress=shown)
    _said(file, taken, as_json)
