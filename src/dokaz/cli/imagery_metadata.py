"""`dokaz imagery metadata`: everything that is written in files beside the picture, and by which program it was read."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from dokaz.errors import BadFile, sentence

#: Other programs that are asked where they are installed: how, and what their answer is.
_PROGRAMS = {
    "exiftool": ("-json", "-G1", "-a", "-u", "-n"),
    "ffprobe": ("-v", "error", "-print_format", "json", "-show_format", "-show_streams"),
}
_SECONDS = 60
NOTHING_PROVEN = "absence of metadata proves nothing; whoever held the file may have written or removed any of it"


def metadata(
    files: Annotated[list[Path], typer.Argument(help="Photographs and films.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="Do not ask ExifTool and ffprobe, even where they are installed.")
    ] = False,
) -> None:
    """What is written in files beside the picture: EXIF, XMP, IPTC, comments, texts, small pictures, dates of films.

    Nothing is believed and nothing corrected: times are shown as they are written, with their offset or without.
    What ExifTool and ffprobe read is beside it, under their names.
    """
    asked = {} if alone else {name: path for name in _PROGRAMS if (path := shutil.which(name))}
    answers = [_read(file, asked) for file in files]
    if as_json:
        told = {"files": answers, "asked": ["dokaz", *asked], "note": NOTHING_PROVEN}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for answer in answers:
        typer.echo(_in_words(answer))
    missing = [name for name in _PROGRAMS if name not in asked]
    typer.echo(
        f"read by dokaz{''.join(f', {name}' for name in asked)}"
        + (f"; not asked: {', '.join(missing)}" if missing else "")
    )
    typer.echo(NOTHING_PROVEN)


def _read(file: Path, asked: dict[str, str]) -> dict[str, Any]:
    import hashlib

    from dokaz.exchange.reading.small_pictures import compare_small_pictures
    from dokaz.imagery.metadata import read_metadata

    data = _content(file)
    found = read_metadata(data)
    return {
        "file": str(file),
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "kind": found.kind,
        "times": [asdict(one) for one in found.times],
        "c2pa": "present, not verified" if found.has_c2pa else "absent",
        "entries": [{"read_by": "dokaz", **asdict(one)} for one in found.entries],
        "small_pictures": [asdict(one) for one in compare_small_pictures(data, found.small_pictures)],
        "problems": found.problems,
        "other_programs": {name: _asked(name, path, file) for name, path in asked.items()},
    }


def _content(file: Path) -> bytes:
    from dokaz.exchange.reading.limits import ATTACHED_BYTES

    try:
        if not file.is_file():
            raise BadFile(
                sentence("the metadata of the file cannot be read"), file=str(file),
                next_step=sentence("give the path of a photograph or film"),
            )  # fmt: skip
        if file.stat().st_size > ATTACHED_BYTES:
            raise BadFile(
                sentence("the file has more than {most:,} bytes", most=ATTACHED_BYTES), file=str(file),
                next_step=sentence("give the path of a photograph or film"),
            )  # fmt: skip
        return file.read_bytes()
    except OSError as error:
        raise BadFile(
            sentence("it cannot be read: {why}", why=error.strerror or error), file=str(file),
            next_step=sentence("give the path of a photograph or film"),
        ) from None  # fmt: skip


def _asked(name: str, program: str, file: Path) -> dict[str, Any]:
    """What another program says; that it failed, or said no JSON, is an answer too."""
    # An absolute path is never taken for an option.
    command = [program, *_PROGRAMS[name], str(file.resolve())]
    try:
        ran = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL)
        said = json.loads(ran.stdout)
    except subprocess.TimeoutExpired:
        return {"failed": f"no answer within {_SECONDS} s"}
    except (OSError, ValueError) as error:
        return {"failed": f"{type(error).__name__}: {error}"}
    return {"said": said, "exit_code": ran.returncode}


def _in_words(answer: dict[str, Any]) -> str:
    lines = [f"{answer['file']}: {answer['kind']}, {answer['bytes']:,} bytes, SHA-256 {answer['sha256']}"]
    for one in answer["times"]:
        zone = f"offset {one['offset']}" if one["offset"] else "no offset is written"
        lines.append(f"  time {one['name']}: {one['written']} ({zone})")
    lines += [f"  {one['where']} {one['name']}: {one['value'][:160]}" for one in answer["entries"]]
    lines += [f"  small picture within: {one['bytes']:,} bytes, {one['said']}" for one in answer["small_pictures"]]
    lines += [f"  ! {one}" for one in answer["problems"]]
    for name, said in answer["other_programs"].items():
        lines.append(f"  {name}: {said.get('failed') or 'answered; see --json'}")
    if not answer["entries"] and not answer["times"]:
        lines.append("  nothing is written beside the picture")
    lines.append(f"  C2PA manifest: {answer['c2pa']}")
    return "\n".join(lines)
