"""Options that several commands of `dokaz kinship` share, and how they read a victim file."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dokaz.errors import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dokaz.exchange.programs.case_reader import VictimCase
    from dokaz.kinship import KinshipFamily, MarkerSet, UnseenAllelePolicy
    from dokaz.kinship.model.markers import Linked as LinkedMarkers

VictimFile = Annotated[Path, typer.Argument(help="A victim file: JSON, or Familias (.fam) with its DVI section.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Theta = Annotated[float | None, typer.Option(help="Coancestry coefficient, in place of what the file says.")]
MinFrequency = Annotated[
    float | None,
    typer.Option("--min-frequency", help="Frequency of alleles that have none; the others are then rescaled."),
]

Missing = Annotated[
    list[str] | None,
    typer.Option("--missing", help="Who is missing, where a Familias file does not call them so; may be given again."),
]
UnknownSex = Annotated[
    list[str] | None,
    typer.Option(
        "--unknown-sex", help="Whose sex is not known, although a Familias file has to say one; may be given again."
    ),
]
Chromosomes = Annotated[
    list[str] | None,
    typer.Option(
        "--chromosome",
        help="Where a marker lies that is not in the table of markers: NAME=2, 'rs*=autosomal', NAME=X; may be given "
        "again.",
    ),
]

Linked = Annotated[
    str,
    typer.Option(
        "--linked",
        help="`auto`: compute markers that lie within 50 cM of each other as linked, by the table of markers.",
    ),
]


def groups_of(linked: str, markers: MarkerSet, stated: tuple[LinkedMarkers, ...]) -> tuple[LinkedMarkers, ...]:
    """Linked markers: those that the file states, else with `auto` by the table of markers.

    Raises:
        BadQuestion: another word than `auto`; the file states linked markers too.
    """
    from dokaz.errors import BadQuestion
    from dokaz.kinship.model.marker_table import linked_groups

    if linked not in {"", "auto"}:
        raise BadQuestion(f"--linked {linked!r}", next_step="write --linked auto, or state linked markers in the file")
    if linked and stated:
        raise BadQuestion(
            "the file states linked markers", next_step="leave --linked out, or `linked` and `rho` in the file"
        )
    return linked_groups(m.name for m in markers if m.alleles) if linked else stated


def policy_of(min_frequency: float | None) -> UnseenAllelePolicy | None:
    """What to do with alleles without a frequency; None: refuse them."""
    from dokaz.kinship import UnseenAllelePolicy

    return None if min_frequency is None else UnseenAllelePolicy(min_frequency)


def read_case(
    file: Path,
    theta: float | None,
    min_frequency: float | None,
    missing: Sequence[str] = (),
    linked: str = "",
    unknown_sex: Sequence[str] = (),
    in_pairs: bool = False,
    of_a_matrix: bool = False,
) -> tuple[VictimCase, list[KinshipFamily]]:
    """A victim file, and its families as searches take them.

    Args:
        missing: Who is missing in a Familias file that does not call them so.
        linked: As `groups_of` takes it.
        unknown_sex: Whose sex is not known in a Familias file.
        in_pairs: Compare each pair by sequence where both are sequenced; where markers are linked, everybody alike.
        of_a_matrix: Whether the caller has the LR of every marker and pair, for `in_one_form`.

    Raises:
        DokazError, OSError: the file cannot be read.
    """
    from dokaz.errors import BadFile
    from dokaz.exchange.programs.case_files import victims_of
    from dokaz.kinship.blind.forms import change_nothing

    policy = policy_of(min_frequency)
    read = partial(victims_of, file, policy=policy, theta=theta, missing=missing, unknown_sex=unknown_sex)
    case = read()
    if in_pairs and case.victims.markers.by_length and not (linked or case.linked):
        by_pairs = read(in_pairs=True)
        case = by_pairs if of_a_matrix or change_nothing(by_pairs.victims) else case
    if not any(marker.alleles for marker in case.victims.markers):
        raise BadFile(
            sentence("the case has no autosomal or X marker, so nothing can be compared"),
            file=file.name,
            next_step=sentence("give markers with frequencies; dokaz kinship lineage compares Y markers and mtDNA"),
        )
    case = replace(case, linked=groups_of(linked, case.victims.markers, case.linked))
    return case, list(case.families)
