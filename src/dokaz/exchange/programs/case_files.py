"""A question or a victim case from the file that holds it: JSON, or a Familias file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from dokaz.errors import BadFile, sentence
from dokaz.exchange.programs.case_markers import read_json
from dokaz.exchange.programs.case_reader import Question, VictimCase, question_from, victims_from
from dokaz.kinship.model.markers import UnseenAllelePolicy

if TYPE_CHECKING:
    from dokaz.exchange.programs.conversion import Loaded

# Readers of all formats are imported where a file is not JSON: most are, and a question is answered sooner.


def question_of(path: Path, *, policy: UnseenAllelePolicy | None = None, theta: float | None = None) -> Question:
    """Two hypotheses about the same profiles, of JSON or of a Familias file with two pedigrees.

    Args:
        policy, theta: As in `question_from`; a Familias file says its own theta, unless one is given.

    Raises:
        BadFile: the file holds none; says which command makes one of it.
        KinshipError: what it says cannot be.
    """
    data = path.read_bytes()
    if not _is_familias(path, data):
        return question_from(read_json(data, file=path.name), path.name, policy=policy, theta=theta)
    from dokaz.exchange.programs.conversion import Options, load

    loaded = load(path.name, data, "fam", Options())
    if loaded.question is None:
        raise BadFile(
            sentence("no two pedigrees to compare"),
            file=path.name,
            next_step=sentence(
                "name two of its pedigrees: dokaz kinship convert {file} {stem}.json --h1 NAME --h2 NAME",
                file=path.name,
                stem=path.stem,
            ),
        )
    return question_from(_as_json(loaded), path.name, theta=theta)


def victims_of(
    path: Path,
    *,
    policy: UnseenAllelePolicy | None = None,
    theta: float | None = None,
    missing: Sequence[str] = (),
    chromosomes: Mapping[str, str] | None = None,
) -> VictimCase:
    """Remains, families and missing persons, of JSON or of a Familias file; of its one pedigree a family alone.

    Args:
        policy, theta: As in `victims_from`.
        missing: Who is missing in a Familias file that does not call them so, or in a family alone (JSON) without
            `missing`. Of other JSON they must be among those that it calls missing.
        chromosomes: Of its markers that the table of markers does not have.

    Raises:
        BadFile, KinshipError: as `question_of`.
    """
    data = path.read_bytes()
    if not _is_familias(path, data):
        found = _with_missing(read_json(data, file=path.name), missing, path.name)
        return victims_from(found, path.name, policy=policy, theta=theta)
    from dokaz.exchange.programs.conversion import Options, load

    loaded = load(path.name, data, "fam", Options(missing=tuple(missing), chromosomes=chromosomes or {}))
    if loaded.victims is None:
        raise BadFile(
            sentence("nobody is missing"),
            file=path.name,
            next_step=sentence(
                "say who is: dokaz kinship convert {file} {stem}.json --missing NAME", file=path.name, stem=path.stem
            ),
        )
    return victims_from(_as_json(loaded), path.name, theta=theta)


def _with_missing(data: dict[str, Any], missing: Sequence[str], file: str) -> dict[str, Any]:
    """A family alone with those who are missing in it.

    Raises:
        BadFile: the file names its missing persons itself, and others.
    """
    stated = data.get("missing") or []
    stated = [stated] if isinstance(stated, str) else stated
    if not missing or (isinstance(stated, list) and set(missing) <= set(map(str, stated))):
        return data
    if "am" in data or stated:
        raise BadFile(
            sentence("the file says itself who is missing"),
            file=file,
            value=", ".join(missing),
            next_step=sentence("correct `missing` in the file, or leave --missing out"),
        )
    return {**data, "missing": list(missing)}


def _as_json(loaded: Loaded) -> dict[str, Any]:
    """What `convert` would write: under the names of the table of markers, with chromosomes."""
    from dokaz.exchange.programs.conversion import Options, convert

    written, _, _ = convert(loaded, "json", Options())
    return read_json(written, file=loaded.name)


def _is_familias(path: Path, data: bytes) -> bool:
    """Whether a file is one of Familias; else it has to be JSON.

    Raises:
        BadFile: it is something else that `dokaz kinship convert` reads.
    """
    if PurePath(path.name).suffix.lower() == ".fam":
        return True
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        from dokaz.exchange.programs.conversion import form_of

        try:
            form = form_of(path.name, data)
        except BadFile:
            return False
        if form != "json":
            raise BadFile(
                sentence("no question or victim file, but {form}", form=form),
                file=path.name,
                next_step=sentence(
                    "convert it first: dokaz kinship convert {file} {stem}.json", file=path.name, stem=path.stem
                ),
            )
    return False
