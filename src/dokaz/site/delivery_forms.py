"""What can be delivered on the web: the files that each form takes, who may bring them, and the importer that reads them.

The importers are those of the command line (``dokaz import``), each handed one filing; nothing is read here.
"""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dokaz.casework.filing import Actor, Filing
from dokaz.casework.roles import Role
from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.tables import Column
from dokaz.identification.intake import ROLES as CASE_ROLES
from dokaz.pages.acting import ActForm, Acting, acting_of
from dokaz.pages.fields import PhotographsField

Taken = dict[str, int]

# An archive that unfolds into more than this is no set of photographs.
MOST_UNPACKED_BYTES = 64 * 1024**3
_LARGEST_PHOTOGRAPH_BYTES = 512 * 1024**2


class OneFile(ActForm):
    """One table."""

    file = forms.FileField(
        label=_("The file"), help_text=_("CSV, TSV or text, as it was delivered; nothing is changed in it")
    )


class SurveyForm(OneFile):
    """A survey and its photographs."""

    photographs = PhotographsField(
        required=False,
        help_text=_("all that the table names, chosen together, or one zip archive of them"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photographs"].widget.attrs["accept"] = "image/jpeg,image/png,.zip"


class SignedFile(OneFile):
    """One table, every row of which the person signs."""

    is_signed = True


class FamiliesForm(ActForm):
    """Three files that are read together."""

    pedigrees = forms.FileField(label=_("Pedigrees"), help_text=_("a PED file"))
    genotypes = forms.FileField(
        label=_("Genotypes of relatives"), help_text=_("a row for each person and marker, or wide")
    )
    donors = forms.FileField(label=_("Donors and their consents"), help_text=_("CSV"))


class FrequenciesForm(OneFile):
    """A table of allele frequencies."""

    name = forms.CharField(
        label=_("What the table is called here"),
        required=False,
        help_text=_("left empty, as the file names its population"),
    )


class CaseForm(ActForm):
    """A whole case."""

    file = forms.FileField(label=_("The file"), help_text=_("JSON with markers, remains, families and the missing"))


@dataclass(frozen=True)
class Kind:
    """One form of delivery.

    Args:
        name: As the records of deliveries spell it.
        label: In words.
        help: What it holds.
        offices: Who may bring it; the likeliest first.
        needs_all: Whether one person must hold all of these offices, as the files hold the work of all.
        rooms: The rooms that its records open in.
        form: What is filled in.
        take: Reads the files in a filing, in the offices of the person, and says what was taken.
    """

    name: str
    label: str | Promise
    help: str | Promise
    offices: tuple[str, ...]
    rooms: tuple[str, ...]
    form: type[ActForm]
    take: Callable[[Filing, Mapping[str, Any], Mapping[str, Actor]], Taken]
    needs_all: bool = False

    def is_open_to(self, acting: Acting) -> bool:
        """Whether a person may bring it in the office in which they act."""
        if acting.role not in self.offices:
            return False
        return not self.needs_all or set(self.offices) <= {str(one.role) for one in acting.offices}

    def is_read_by(self, acting: Acting) -> bool:
        """Whether one may bring it, or all the rooms that its records open in are open to the office."""
        return self.is_open_to(acting) or all(acting.opens(room) for room in self.rooms)


def offices_in(request: Any, filing: Filing) -> dict[str, Actor]:
    """The person who files, in each office that they hold."""
    key = filing.by.key
    person = filing.by.person
    return {
        str(one.role): Actor(person, one.id, str(one.role), filing.by.key_id, key)
        for one in acting_of(request).offices
    }  # fmt: skip


# --- reading what was sent ---------------------------------------------------------------------------------------------


def _survey(filing: Filing, values: Mapping[str, Any], offices: Mapping[str, Actor]) -> Taken:
    from dokaz.graves.intake import take_survey

    with photographs_of(values["photographs"]) as found:
        return take_survey(values["file"].read(), file=values["file"].name, photographs=found, filing=filing)


@contextmanager
def photographs_of(sent: Iterable[Any]) -> Iterator[dict[str, Path]]:
    """Where each photograph lies that was sent, alone or in an archive, by its name.

    Raises:
        BadFile: an archive does not unpack, or two different photographs bear one name.
    """
    with TemporaryDirectory(prefix="dokaz-delivery-") as made:
        found: dict[str, Path] = {}
        for nth, one in enumerate(sent):
            if one.name.lower().endswith(".zip"):
                _unpacked(one, Path(made) / str(nth), found)
            elif one.name in found:
                raise BadFile(
                    sentence("two photographs bear this name"), file=one.name, next_step=sentence("send each once")
                )
            else:
                found[one.name] = Path(one.temporary_file_path())
        yield found


def _unpacked(archive: Any, folder: Path, found: dict[str, Path]) -> None:
    folder.mkdir()
    total = 0
    try:
        with zipfile.ZipFile(archive) as opened:
            for nth, inside in enumerate(opened.infolist()):
                name = PurePosixPath(inside.filename.replace("\\", "/"))
                if inside.is_dir() or name.name.startswith(".") or "__MACOSX" in name.parts:
                    continue
                total += inside.file_size
                if inside.file_size > _LARGEST_PHOTOGRAPH_BYTES or total > MOST_UNPACKED_BYTES:
                    raise BadFile(sentence("too large for a photograph"), file=archive.name, value=inside.filename,
                                  next_step=sentence("send photographs only"))  # fmt: skip
                # The name inside the archive names no place on this machine.
                place = folder / str(nth)
                with opened.open(inside) as source, place.open("wb") as target:
                    shutil.copyfileobj(source, target)
                for spelling in {str(name), name.name}:
                    found.setdefault(spelling, place)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as problem:
        raise BadFile(sentence("this archive does not unpack"), file=archive.name, value=str(problem)[:80],
                      next_step=sentence("pack the photographs anew, without a password"))  # fmt: skip


def _of_one(importer: Callable[[], Any]) -> Callable[[Filing, Mapping[str, Any], Mapping[str, Actor]], Taken]:
    def take(filing: Filing, values: Mapping[str, Any], offices: Mapping[str, Actor]) -> Taken:
        taken: Taken = importer()(values["file"].read(), file=values["file"].name, filing=filing)
        return taken

    return take


def _moves() -> Any:
    from dokaz.mortuary.custody import take_moves_given

    return take_moves_given


def _examinations() -> Any:
    from dokaz.mortuary.intake import take_examinations

    return take_examinations


def _samples() -> Any:
    from dokaz.mortuary.intake import take_samples

    return take_samples


def _profiles() -> Any:
    from dokaz.mortuary.intake import take_profiles

    return take_profiles


def _missing() -> Any:
    from dokaz.missing.intake import take_missing

    return take_missing


def _families(filing: Filing, values: Mapping[str, Any], offices: Mapping[str, Actor]) -> Taken:
    from dokaz.missing.intake import take_families

    files = [(values[name].name, values[name].read()) for name in ("pedigrees", "genotypes", "donors")]
    with filing.in_office(offices[Role.FAMILY_LIAISON]):
        return take_families(*files, filing=filing, examiner=offices[Role.DNA_EXAMINER])


def _frequencies(filing: Filing, values: Mapping[str, Any], offices: Mapping[str, Actor]) -> Taken:
    from dokaz.missing.intake import take_frequencies

    return take_frequencies(values["file"].read(), file=values["file"].name, filing=filing, name=values["name"])


def _case(filing: Filing, values: Mapping[str, Any], offices: Mapping[str, Actor]) -> Taken:
    from dokaz.identification.intake import take_case

    sent = values["file"]
    with TemporaryDirectory(prefix="dokaz-delivery-") as made:
        path = Path(made) / PurePosixPath(sent.name).name
        with path.open("wb") as target:
            shutil.copyfileobj(sent, target)
        with filing.in_office(offices[Role.SCENE]):
            return take_case(path, filing=filing, offices=offices)


# In the order of an investigation, as on the rail.
KINDS = (
    Kind("survey", _("Field survey"), _("sites, graves, units with their points, what was lifted, the photographs"),
         (Role.SCENE,), ("sites",), SurveyForm, _survey),
    Kind("custody", _("List of moves"), _("the hand-overs that you gave; the receivers confirm each of them"),
         (Role.SCENE, Role.MORTUARY, Role.DNA_EXAMINER, Role.FAMILY_LIAISON, Role.INVESTIGATOR), ("units",),
         SignedFile, _of_one(_moves)),
    Kind("examinations", _("Examinations"), _("what was seen on units in the mortuary, with the findings"),
         (Role.MORTUARY,), ("mortuary",), OneFile, _of_one(_examinations)),
    Kind("samples", _("Samples"), _("what was taken from which unit for the laboratory"),
         (Role.MORTUARY,), ("mortuary",), OneFile, _of_one(_samples)),
    Kind("profiles", _("DNA profiles of remains"), _("a GeneMapper table, or a row for each sample"),
         (Role.DNA_EXAMINER,), ("mortuary",), OneFile, _of_one(_profiles)),
    Kind("missing", _("Missing persons"), _("reports, one a row"),
         (Role.FAMILY_LIAISON,), ("missing",), OneFile, _of_one(_missing)),
    Kind("families", _("Families"), _("pedigrees, the genotypes of relatives, and their consents"),
         (Role.FAMILY_LIAISON, Role.DNA_EXAMINER), ("missing",), FamiliesForm, _families, needs_all=True),
    Kind("frequencies", _("Allele frequencies"), _("of a population, with their source"),
         (Role.DNA_EXAMINER,), ("identification",), FrequenciesForm, _frequencies),
    Kind("dvi", _("Victim-identification case"), _("remains, families and frequencies in one JSON file"),
         CASE_ROLES, ("units", "mortuary", "missing"), CaseForm, _case, needs_all=True),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}


def columns_of(kind: Kind) -> tuple[Column, ...]:
    """The columns that the table of a delivery may have; none where it is no such table."""
    if kind.name not in ("survey", "custody", "examinations", "samples", "profiles", "missing"):
        return ()
    found: tuple[Column, ...] = import_module(f"dokaz.exchange.deliveries.{kind.name}").COLUMNS
    return found


# What was made of a delivery, by the words in which the importers count it.
COUNTED: dict[str, str | Promise] = {
    "sites": _("sites"),
    "graves": _("graves"),
    "units": _("recovery units"),
    "photographs": _("photographs"),
    "transfers": _("transfers"),
    "moves": _("moves"),
    "moves_of_others_or_not_due": _("moves of others or not due"),
    "examinations": _("examinations"),
    "findings": _("findings"),
    "samples": _("samples"),
    "profiles": _("DNA profiles"),
    "missing_persons": _("reports of missing persons"),
    "families": _("families"),
    "donors": _("donors"),
    "references": _("reference profiles"),
    "markers": _("markers"),
}
