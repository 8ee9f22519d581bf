"""A question or a victim case from the file that holds it: JSON, or a Familias file; others are told what to do first."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from dokaz.errors import BadFile, Sentence, sentence
from dokaz.exchange.programs.case_markers import read_json
from dokaz.exchange.programs.case_reader import Question, VictimCase, question_from, victims_from
from dokaz.kinship.model.markers import UnseenAllelePolicy

if TYPE_CHECKING:
    from dokaz.exchange.programs.loading import Loaded

# Readers of all formats are imported where a file is not JSON: most are, and a question is answered sooner.
_PEDIGREES = frozenset({"ped", "gedcom"})


def question_of(
    path: Path,
    *,
    policy: UnseenAllelePolicy | None = None,
    theta: float | None = None,
    unknown_sex: Sequence[str] = (),
) -> Question:
    """Two hypotheses about the same profiles, of JSON or of a Familias file with two pedigrees.

    Args:
        policy, theta: As in `question_from`; a Familias file says its own theta, unless one is given.
        unknown_sex: Whose sex is not known in a Familias file, whatever it says.

    Raises:
        BadFile: the file holds none; says which command makes one of it.
        KinshipError: what it says cannot be.
    """
    data = path.read_bytes()
    if not _is_familias(path, data):
        return question_from(read_json(data, file=path.name), path.name, policy=policy, theta=theta)
    from dokaz.exchange.programs.loading import Options, load

    loaded = load(path.name, data, "fam", Options(unknown_sex=tuple(unknown_sex)))
    if loaded.question is None:
        raise BadFile(sentence("no two pedigrees to compare"), file=path.name, next_step=_two_pedigrees(loaded, path))
    return question_from(_as_json(loaded), path.name, theta=theta)


def _two_pedigrees(loaded: Loaded, path: Path) -> Sentence:
    """What to do with a file that is no question: name two of its pedigrees, or ask about its family."""
    if loaded.victims is not None:
        return sentence("it has a section [DVI]: dokaz kinship search {file}", file=shlex.quote(path.name))
    names = [shlex.quote(family.pedigree.name) for family in loaded.families]
    if len(names) < 2:
        return sentence(
            "it holds a family alone: dokaz kinship convert {file} {target} --missing NAME, then dokaz kinship power "
            "{target}",
            file=shlex.quote(path.name),
            target=_target(path),
        )
    return sentence(
        "name two of {names}: dokaz kinship convert {file} {target} --h1 {h1} --h2 {h2}",
        names=", ".join(names),
        file=shlex.quote(path.name),
        target=_target(path),
        h1=names[0],
        h2=names[1],
    )


def victims_of(
    path: Path,
    *,
    policy: UnseenAllelePolicy | None = None,
    theta: float | None = None,
    missing: Sequence[str] = (),
    chromosomes: Mapping[str, str] | None = None,
    unknown_sex: Sequence[str] = (),
    in_pairs: bool = False,
) -> VictimCase:
    """Remains, families and missing persons, of JSON or of a Familias file; of its one pedigree a family alone.

    Args:
        policy, theta: As in `victims_from`.
        missing: Who is missing in a Familias file that does not call them so, or in a family alone (JSON) without
            `missing`. Of other JSON they must be among those that it calls missing.
        chromosomes: Of its markers that the table of markers does not have.
        unknown_sex: As in `question_of`.
        in_pairs: As in `victims_from`.

    Raises:
        BadFile, KinshipError: as `question_of`.
    """
    made = victims_json_of(path, missing=missing, chromosomes=chromosomes, unknown_sex=unknown_sex)
    return victims_from(made, path.name, policy=policy, theta=theta, in_pairs=in_pairs)


def victims_json_of(
    path: Path,
    *,
    missing: Sequence[str] = (),
    chromosomes: Mapping[str, str] | None = None,
    unknown_sex: Sequence[str] = (),
) -> dict[str, Any]:
    """The same as JSON, before it is read.

    Args:
        missing, chromosomes, unknown_sex: As in `victims_of`.
    """
    data = path.read_bytes()
    if not _is_familias(path, data):
        return _with_missing(read_json(data, file=path.name), missing, path.name)
    from dokaz.exchange.programs.loading import Options, load

    asked = Options(missing=tuple(missing), chromosomes=chromosomes or {}, unknown_sex=tuple(unknown_sex))
    return _as_json(with_victims(load(path.name, data, "fam", asked)))


def with_victims(loaded: Loaded) -> Loaded:
    """A file that says who is missing.

    Raises:
        BadFile: it does not; says which command makes a case of it.
    """
    if loaded.victims is not None:
        return loaded
    if loaded.form != "fam":
        raise BadFile(
            sentence("not a victim file"),
            file=loaded.name,
            next_step=sentence("give remains, families and who is missing, as for search"),
        )
    file = PurePath(f"{loaded.name}.fam")
    names = [shlex.quote(family.pedigree.name) for family in loaded.families]
    if len(names) > 1:
        raise BadFile(
            sentence("{count} pedigrees of one question, and nobody is missing", count=len(names)),
            file=file.name,
            next_step=sentence("ask which of two is likelier: dokaz kinship lr {file}", file=shlex.quote(file.name)),
        )
    raise BadFile(
        sentence("nobody is missing"),
        file=file.name,
        next_step=sentence(
            "say who is: dokaz kinship convert {file} {target} --missing NAME",
            file=shlex.quote(file.name),
            target=_target(file),
        ),
    )


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
    from dokaz.exchange.programs.conversion import convert
    from dokaz.exchange.programs.loading import Options

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
        from dokaz.exchange.programs.loading import as_text, form_of

        text = as_text(path.name, data)
        try:
            form = form_of(path.name, text)
        except BadFile:
            return False
        if form != "json":
            raise BadFile(
                sentence("no question or victim file, but {form}", form=form),
                file=path.name,
                next_step=_first(form, path),
            )
    return False


def _first(form: str, path: Path) -> Sentence:
    """The command that makes a case of a file of another format."""
    file, target = shlex.quote(path.name), _target(path)
    if form in _PEDIGREES:
        return sentence(
            "put it together with remains: dokaz kinship assemble {target} --remains TABLE --families {file} "
            "--frequencies TABLE; or alone: dokaz kinship convert {file} {target} --frequencies TABLE",
            file=file,
            target=target,
        )
    if form in {"strider", "strider-csv", "frequencies", "pedtools"}:
        return sentence("it holds frequencies only: give it to convert or assemble as --frequencies {file}", file=file)
    if form in {"emp", "hsd"}:
        return sentence("give it beside a case: dokaz kinship lineage CASE.json --haplotypes {file}", file=file)
    lone = " --lossy" if form == "codis" else ""
    return sentence(
        "convert it first: dokaz kinship convert {file} {target} --frequencies TABLE{lone}",
        file=file,
        target=target,
        lone=lone,
    )


def _target(path: PurePath) -> str:
    return shlex.quote(f"{path.stem}.json")
