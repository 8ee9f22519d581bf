"""`dokaz imagery`: which pictures of a folder are copies, what is written in files, and where the sun stood."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.cli.frame import Progress
from dokaz.cli.imagery_metadata import metadata
from dokaz.cli.imagery_sun import sun
from dokaz.errors import BadFile, sentence

if TYPE_CHECKING:
    from dokaz.imagery import FoundCopies, Pair, Picture

# Products of small matrices: more threads than one only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Photographs and films: copies, metadata, the sun.")

app.command()(metadata)
app.command()(sun)

_Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
_PICTURES = frozenset([".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".tif", ".tiff", ".webp", ".gif", ".bmp"])
_FILMS = frozenset([".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp", ".mpg", ".mpeg", ".mts"])
_UNREAD_PICTURES = frozenset(
    [".heic", ".heif", ".avif", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".jxl", ".jp2"]
)


@dataclass(slots=True)
class _Folder:
    """The pictures of a folder, read one at a time, and what could not be."""

    root: Path
    files: list[str]
    unreadable: list[dict[str, str]] = field(default_factory=list)
    not_compared: list[dict[str, str]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)

    def pictures(self) -> Iterator[Picture]:
        from dokaz.exchange.reading.compared_pictures import read_compared_picture

        with Progress("reading") as progress:
            for nth, written in enumerate(self.files):
                progress(nth, len(self.files))
                file, name = self.root / written, _shown(written)
                why = _no_picture(file)
                if why:
                    self.not_compared.append({"file": name, "why": why})
                    continue
                try:
                    picture, notes = read_compared_picture(_content(file), name=name)
                except BadFile as error:
                    self.unreadable.append({"file": name, "why": str(error.problem)})
                    continue
                except MemoryError:
                    self.unreadable.append({"file": name, "why": "this machine has no memory to decode it"})
                    continue
                self.notes += [{"file": name, "note": note} for note in notes]
                yield picture


@app.command()
def duplicates(
    folder: Annotated[Path, typer.Argument(help="A folder; folders within it are looked into.")],
    as_json: _Json = False,
) -> None:
    """Pairs of pictures of which one is, as far as pixels say, a copy of the other, and what was done to it.

    A pair is a proposal for people who look at both. Which of two was first is not said, and that nothing was found does
    not say that there is no copy.
    """
    from dokaz.imagery import find_duplicates

    found_in = _Folder(folder, _files(folder))
    with Progress("comparing") as progress:
        found = find_duplicates(found_in.pictures(), progress=progress)
    found_in.not_compared += [
        {"file": name, "why": f"too even to be compared (PDQ quality {quality}; 50 is needed), but for equal pixels"}
        for name, quality in found.too_even
    ]
    if as_json:
        typer.echo(json.dumps(_as_values(found, found_in), ensure_ascii=False))
        return
    typer.echo(_in_words(found, found_in))


def _files(folder: Path) -> list[str]:
    if not folder.is_dir():
        raise BadFile(
            sentence("it is no folder that can be read"),
            file=str(folder),
            next_step=sentence("give the path of a folder"),
        )
    found = []
    for at, _, names in os.walk(folder):
        found += [(Path(at) / name).relative_to(folder).as_posix() for name in names]
    return sorted(found)


def _shown(name: str) -> str:
    """A name as it can be printed: bytes that are no UTF-8, and marks that a terminal would obey, as \\x1b."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)


def _no_picture(file: Path) -> str:
    """Why a file is not compared at all; empty if it is to be read as a picture."""
    try:
        kind = file.lstat().st_mode
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if stat.S_ISLNK(kind):
        return "a link; what it points to is not followed"
    if not stat.S_ISREG(kind):
        return "no ordinary file"
    ending = file.suffix.lower()
    if ending in _PICTURES:
        return ""
    if ending in _FILMS:
        return "a film; take pictures from it and compare these"
    if ending in _UNREAD_PICTURES:
        return f"pictures of this kind ({ending}) are not decoded here: save it as TIFF or PNG beside it"
    from PIL import Image

    try:
        with Image.open(file) as image:
            return "" if image.format else "no picture"
    except Exception:  # noqa: BLE001 - whatever it is, it is not a picture that is read here
        return "no picture of a kind that is read here"


def _content(file: Path) -> bytes:
    from dokaz.exchange.reading.limits import PHOTOGRAPH_BYTES

    try:
        if file.stat().st_size > PHOTOGRAPH_BYTES:
            raise BadFile(
                sentence("the file has more than {most:,} bytes", most=PHOTOGRAPH_BYTES), file=str(file),
                next_step=sentence("export it at a usual size"),
            )  # fmt: skip
        return file.read_bytes()
    except OSError as error:
        raise BadFile(
            sentence("it cannot be read: {why}", why=error.strerror or error), file=str(file),
            next_step=sentence("give the path of a picture"),
        ) from None  # fmt: skip


def _as_values(found: FoundCopies, folder: _Folder) -> dict[str, Any]:
    return {
        "pairs": [_pair_as_values(pair) for pair in found.pairs],
        "alike": [_pair_as_values(pair) for pair in found.alike],
        "unreadable": folder.unreadable,
        "not_compared": folder.not_compared,
        "notes": folder.notes,
        "files": len(folder.files),
    }


def _pair_as_values(pair: Pair) -> dict[str, Any]:
    return {
        "a": pair.a, "b": pair.b, "how": pair.how, "distance": pair.distance,
        "agreeing": pair.agreeing, "common": list(pair.common),
    }  # fmt: skip


def _in_words(found: FoundCopies, folder: _Folder) -> str:
    compared = len(folder.files) - len(folder.unreadable) - len(folder.not_compared)
    lines = [
        f"{folder.root}: {len(folder.files):,} files, {compared:,} pictures compared, {len(found.pairs):,} pairs of copies"
    ]
    lines += [f"  {one.a} = {one.b}: {one.how} ({one.distance} of 256 bits apart)" for one in found.pairs]
    if found.alike:
        lines.append(f"look alike and are not taken for copies: {len(found.alike):,}")
        lines += [f"  {one.a} ? {one.b}: {one.how}" for one in found.alike]
    for title, listed in (("could not be read", folder.unreadable), ("not compared", folder.not_compared)):
        if listed:
            lines.append(f"{title}: {len(listed):,}")
            lines += [f"  {one['file']}: {one['why']}" for one in listed]
    lines += [f"  {one['file']}: {one['note']}" for one in folder.notes]
    lines.append("a pair is a proposal: people who look at both decide what it is (docs/methods/imagery.md)")
    return "\n".join(lines)
